"""What installs and checks the project: pins that agree everywhere, and a CI that runs it all."""

import re

import pytest
import yaml

from mnist_models import __version__
from testing import ROOT
from testing.pins import EXTRAS, GROUPS, PROJECT, READING, SCRIPTS, write_copies

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
    assert CONFIGURATION["python_version"] in versions  # quoted, or 3.10 would become 3.1
    assert PROJECT["project"]["requires-python"] == f">={versions[0]}"


def test_the_change_log_tells_of_the_version_that_is_installed() -> None:
    changes = (ROOT / "CHANGELOG.md").read_text("utf-8")
    released = re.findall(r"^## \[(\d+\.\d+\.\d+)\] - \d{4}-\d\d-\d\d$", changes, re.MULTILINE)
    assert changes.index("## [Unreleased]") < changes.index(f"## [{released[0]}]")
    assert released[0] == __version__
