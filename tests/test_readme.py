"""What the README says is so: its commands, its code, its files, its front matter."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
LOCAL = "http://127.0.0.1:7860"


def blocks(language: str) -> list[str]:
    """Return the README's code in a language."""
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.DOTALL | re.MULTILINE)


def front_matter() -> dict[str, str]:
    """Return the Space's configuration."""
    return yaml.safe_load(README.split("---")[1])


def test_the_space_runs_the_gradio_that_is_installed_and_tested() -> None:
    requirements = (ROOT / "requirements.txt").read_text("utf-8")
    assert f"gradio[mcp]=={front_matter()['sdk_version']}\n" in requirements


def test_the_space_is_configured_completely() -> None:
    configuration = front_matter()
    assert configuration["sdk"] == "gradio"
    assert (ROOT / configuration["app_file"]).is_file()
    assert configuration["python_version"] == "3.11"  # quoted, or 3.10 would become 3.1
    assert len(configuration["short_description"]) <= 60
    assert {"title", "emoji", "colorFrom", "colorTo", "license", "tags"} <= set(configuration)


def test_every_requirement_is_pinned_to_one_version() -> None:
    for name in ("requirements.txt", "requirements-train.txt", "requirements-dev.txt"):
        for line in (ROOT / name).read_text("utf-8").splitlines():
            assert line.startswith(("#", "-r ")) or re.fullmatch(r"[\w\[\]-]+==[\d.]+", line), line


@pytest.mark.parametrize("command", re.findall(r"^make \w+", "".join(blocks("bash")), re.MULTILINE))
def test_every_make_command_exists(command: str) -> None:
    subprocess.run([*command.split(), "--dry-run"], cwd=ROOT, check=True)  # noqa: S603 - ours


@pytest.mark.parametrize("code", blocks("python"))
def test_the_code_runs_as_it_stands(code: str, address: str) -> None:
    subprocess.run(  # noqa: S603 - the code is our own
        [sys.executable, "-c", code.replace(LOCAL, address)], cwd=ROOT, check=True
    )


def test_every_file_that_is_named_exists() -> None:
    linked = re.findall(r"\]\(([^):]+)\)", README)
    named = re.findall(r"^\| `([^`]+[./][^`]*)`", README, re.MULTILINE)
    assert linked
    assert named
    for path in linked + named:
        assert (ROOT / path).exists(), path
