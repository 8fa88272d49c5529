"""What installs and checks the project: pins that agree everywhere, and a CI that runs it all."""

import re
import shutil
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest
import yaml

from mnist_models import __version__
from mnist_models.models.record import BUNDLED
from mnist_models.publishing.examples import SHOWN
from testing import ROOT
from testing.pins import EXTRAS, GROUPS, PROJECT, READING, SCRIPTS, write_copies
from testing.platforms import find_fault
from testing.programs import run_python

LOCK = (ROOT / "requirements-lock.txt").read_text("utf-8")

CONFIGURATION = yaml.safe_load((ROOT / "README.md").read_text("utf-8").split("---")[1])


@pytest.mark.parametrize("pins", [READING, *EXTRAS.values(), *GROUPS.values()])
def test_what_is_declared_is_pinned_and_locked_at_one_version(pins: list[str]) -> None:
    for pin in pins:
        found = re.fullmatch(r"([\w-]+)(?:\[\w+\])?==([\d.]+)", pin)
        assert found, pin
        name = found[1].lower().replace("_", "-")
        assert f"\n{name}=={found[2]}\n" in LOCK, f"{pin} is not in the lock: run make lock"


def test_the_lock_names_versions_and_no_address() -> None:
    for line in LOCK.splitlines():
        assert line.startswith("#") or re.fullmatch(r"[\w-]+==[\w.]+( ; .+)?", line), line
    assert "://" not in LOCK


def test_requirements_and_script_headers_repeat_the_pins() -> None:
    for path, text in write_copies().items():
        assert path.read_text("utf-8") == text, f"{path.name} has other pins: run make lock"
    for name in SCRIPTS:
        assert (ROOT / name).read_text("utf-8").startswith("# /// script\n")


def test_neither_page_nor_training_installs_ray_and_the_page_no_tensorflow() -> None:
    page, training = (" ".join(pins) for pins in SCRIPTS.values())
    assert "ray" not in page + training
    assert "tensorflow" not in page


def test_a_space_runs_the_gradio_that_is_tested_on_a_python_that_is_tested() -> None:
    assert f"gradio[mcp]=={CONFIGURATION['sdk_version']}" in GROUPS["page"]
    workflow = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text("utf-8"))
    versions = workflow["jobs"]["test"]["strategy"]["matrix"]["python"]
    # Quoted, or 3.10 would become 3.1; one that Spaces with and without a GPU offer.
    assert CONFIGURATION["python_version"] == "3.12.12"
    assert CONFIGURATION["python_version"].rpartition(".")[0] in versions
    assert PROJECT["project"]["requires-python"] == f">={versions[0]}"


def test_the_change_log_tells_of_the_version_that_is_installed() -> None:
    changes = (ROOT / "CHANGELOG.md").read_text("utf-8")
    released = re.findall(r"^## \[(\d+\.\d+\.\d+)\] - \d{4}-\d\d-\d\d$", changes, re.MULTILINE)
    assert changes.index("## [Unreleased]") < changes.index(f"## [{released[0]}]")
    assert released[0] == __version__


@pytest.mark.parametrize(
    ("machine", "fault"),
    [
        (("Linux", "x86_64", ("glibc", "2.36"), (3, 11)), None),
        (("Linux", "aarch64", ("glibc", "2.27"), (3, 14)), None),
        (("Darwin", "arm64", ("", ""), (3, 12)), None),
        (("Windows", "AMD64", ("", ""), (3, 13)), None),
        (("Darwin", "x86_64", ("", ""), (3, 12)), "macOS on x86_64"),
        (("Linux", "x86_64", ("", ""), (3, 12)), "Linux with musl"),
        (("Linux", "aarch64", ("musl", "1.2.5"), (3, 12)), "Linux with musl 1.2.5"),
        (("Linux", "x86_64", ("glibc", "2.17"), (3, 11)), "Linux with glibc 2.17"),
        (("Linux", "armv7l", ("glibc", "2.36"), (3, 11)), "Linux on armv7l"),
        (("Linux", "x86_64", ("glibc", "2.36"), (3, 15)), "Python 3.15"),
    ],
    ids=str,
)
def test_where_litert_has_no_wheel_is_known(
    machine: tuple[str, str, tuple[str, str], tuple[int, int]], fault: str | None
) -> None:
    assert find_fault(*machine) == fault


def test_make_app_says_in_a_sentence_that_a_machine_has_no_wheel_and_calls_no_pip(
    tmp_path: Path,
) -> None:
    for name in ("Makefile", "requirements.txt", "requirements-lock.txt"):
        shutil.copy(ROOT / name, tmp_path)
    (tmp_path / "testing").mkdir()
    shutil.copy(ROOT / "testing" / "platforms.py", tmp_path / "testing")
    (tmp_path / "sitecustomize.py").write_text(
        "import platform\nplatform.system, platform.machine = lambda: 'Darwin', lambda: 'x86_64'\n"
    )
    python = tmp_path / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(f'#!/bin/sh\nPYTHONPATH="{tmp_path}" exec "{sys.executable}" "$@"\n')
    python.chmod(0o755)
    made = subprocess.run(["make", "app"], cwd=tmp_path, capture_output=True, text=True)  # noqa: S607
    assert made.returncode != 0
    assert made.stderr.startswith(
        "LiteRT, which reads the digits, has no wheel for macOS on x86_64."
    )
    assert "pip" not in made.stdout + made.stderr


@pytest.mark.slow
def test_the_package_holds_what_publishing_takes(tmp_path: Path) -> None:
    source = tmp_path / "source"
    for name in ("mnist_models", "scale", "examples"):
        shutil.copytree(ROOT / name, source / name)
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    flags = ["--no-deps", "--no-build-isolation", "--no-index", "--quiet"]
    run_python("-m", "pip", "wheel", *flags, "--wheel-dir", str(tmp_path), str(source))
    (wheel,) = tmp_path.glob(f"mnist_models-{__version__}-*.whl")
    held = set(ZipFile(wheel).namelist())
    assert {f"examples/{name}" for name in SHOWN} < held
    assert {f"mnist_models/models/bundled/{path.name}" for path in BUNDLED.iterdir()} < held
    assert "scale/handler.py" in held
