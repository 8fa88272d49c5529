"""Python programs that are run to their end, and others, found or installed where that can be."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from testing import ROOT

APT_GET = "/usr/bin/apt-get"

# Where a program for administrators lies that is not in everybody's path.
PLACES = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin", "/usr/local/sbin"])


def run_python(
    *arguments: str, folder: Path = ROOT, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run a Python program to its end, which must be a good one, and return what it printed.

    Args:
        *arguments: Of Python, such as ``"-c", code``.
        folder: Where it is run; it finds no modules elsewhere but those that are installed.
        **environment: Variables that it gets on top of ours.
    """
    ours = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    run = subprocess.run(  # noqa: S603 - our own programs
        [sys.executable, *arguments],
        cwd=folder,
        env=ours | environment,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert run.returncode == 0, run.stderr
    return run


class MissingProgramError(SystemExit):
    """A program is neither here nor to be installed; says how a person installs it."""


def find_program(package: str, *names: str, otherwise: str = "as your system does") -> str:
    """Return the path of a program, installed by apt-get where that needs no password.

    Args:
        package: What apt-get calls it.
        *names: What else its file may be called.
        otherwise: How else it is installed.

    Raises:
        MissingProgramError: It is not here and could not be installed.
    """
    found = look_for(package, *names) or install(package)
    if found is None:
        raise MissingProgramError(
            f"{package} is needed and was not found. Install it with "
            f"`sudo apt-get install {package}`, or {otherwise}."
        )
    return found


def look_for(*names: str) -> str | None:
    """Return the path of the first of these programs that is here."""
    return next(filter(None, (shutil.which(name, path=PLACES) for name in names)), None)


def install(package: str) -> str | None:
    """Install a package as root, or with sudo on a machine for tests; return its program."""
    command = [APT_GET] if os.geteuid() == 0 else ["sudo", "-n", APT_GET]
    if Path(APT_GET).exists() and (os.geteuid() == 0 or "CI" in os.environ):
        for task in (["update"], ["install", package]):
            subprocess.run([*command, "-qy", *task], check=False)  # noqa: S603 - fixed
    return look_for(package)
