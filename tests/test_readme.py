"""What the README says is so: its commands, its code, its files, its front matter."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from mnist_models.models.record import SERVED, read_record
from mnist_models.report.reading_tables import PORTUGUESE
from mnist_models.report.readme import MARKED, READMES, TABLES, fill
from testing.samples import make_record

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
LOCAL = "http://127.0.0.1:7860"


def blocks(language: str) -> list[str]:
    """Return the README's code in a language."""
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.DOTALL | re.MULTILINE)


def front_matter() -> dict[str, str]:
    """Return the Space's configuration."""
    return yaml.safe_load(README.split("---")[1])


def test_the_space_is_configured_completely() -> None:
    configuration = front_matter()
    assert configuration["sdk"] == "gradio"
    assert (ROOT / configuration["app_file"]).is_file()
    assert len(configuration["short_description"]) <= 60
    assert {"title", "emoji", "colorFrom", "colorTo", "license", "tags"} <= set(configuration)


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
    named = re.findall(r"^\| `([^` ]+[./][^` ]*)`", README, re.MULTILINE)
    assert linked
    assert named
    for path in linked + named:
        assert (ROOT / path).exists(), path


@pytest.mark.parametrize("language", READMES)
def test_a_readme_shows_the_recorded_numbers(language: str) -> None:
    text = READMES[language].read_text(encoding="utf-8")
    assert MARKED.search(text)
    assert fill(text, read_record(), language) == text, "run python -m mnist_models.report.readme"


@pytest.mark.parametrize("language", READMES)
def test_a_readme_tells_how_the_bundled_network_was_trained(language: str) -> None:
    cnn = read_record()["cnn"]
    command = f"python train.py cnn --seed {cnn.seed} --precision {cnn.recipe['precision']} "
    assert command in READMES[language].read_text(encoding="utf-8")


def test_both_readmes_tell_the_same_story_and_name_each_other() -> None:
    english, portuguese = (readme.read_text(encoding="utf-8") for readme in READMES.values())
    assert f"({READMES['pt'].name})" in english
    assert f"({READMES['en'].name})" in portuguese
    for told in (r"^#+ ", r"^\| (`.+?`) \|", r"\]\((docs.+?)\)", r"^(?:make|python|curl) [^#\n]+"):
        found, same = (re.findall(told, text, re.MULTILINE) for text in (english, portuguese))
        assert found
        assert found == same


def test_every_table_stands_in_the_english_readme() -> None:
    assert MARKED.findall(README) == list(TABLES)


def test_every_kind_that_is_measured_has_a_portuguese_name() -> None:
    for name in SERVED:
        entry = read_record()[name]
        assert {*entry.doubting, *entry.robustness} <= set(PORTUGUESE)


def test_only_what_lies_between_the_marks_is_filled() -> None:
    text = "before\n<!-- numbers -->\nold\n<!-- /numbers -->\nafter\n"
    filled = fill(text, {"mlp": make_record()})
    assert filled.startswith("before\n<!-- numbers -->\n| network |")
    assert filled.endswith("<!-- /numbers -->\nafter\n")
    assert "old" not in filled
    assert fill(filled, {"mlp": make_record()}) == filled
