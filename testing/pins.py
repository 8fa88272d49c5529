"""The versions that pyproject.toml pins, copied to where installers look for them.

python -m testing.pins
"""

import re
import tomllib
from pathlib import Path
from typing import Any

from testing import ROOT

PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))

READING: list[str] = PROJECT["project"]["dependencies"]
EXTRAS: dict[str, list[str]] = PROJECT["project"]["optional-dependencies"]
GROUPS: dict[str, list[str]] = PROJECT["dependency-groups"]

SCRIPTS = {"app.py": READING + GROUPS["page"], "train.py": READING + EXTRAS["train"]}
"""What `uv run` installs for a script, by the header of its file."""

HEADER = re.compile(r"^# /// script\n.*?^# ///\n", re.DOTALL | re.MULTILINE)


def write_copies() -> dict[Path, str]:
    """Return by their paths the files that repeat pins, as they should be."""
    listed = "".join(f"{pin}\n" for pin in sorted(SCRIPTS["app.py"], key=str.lower))
    copies = {
        ROOT / "requirements.txt": f"# What a Space installs; `make lock` writes it.\n{listed}"
    }
    for name, pins in SCRIPTS.items():
        text = (ROOT / name).read_text("utf-8")
        copies[ROOT / name] = HEADER.sub(write_header(pins), text, count=1)
    return copies


def write_header(pins: list[str]) -> str:
    """Return the comment by which a script names what it needs (PEP 723)."""
    lines = "".join(f'#     "{pin}",\n' for pin in sorted(pins, key=str.lower))
    python = PROJECT["project"]["requires-python"]
    return f'# /// script\n# requires-python = "{python}"\n# dependencies = [\n{lines}# ]\n# ///\n'


if __name__ == "__main__":
    for path, text in write_copies().items():
        path.write_text(text, "utf-8")
