"""What READMEs and docs say is so: commands, code, files, numbers, and the front matter."""

import re
import subprocess
from pathlib import Path

import pytest
import yaml

from mnist_models.models.record import read_record
from mnist_models.preparation.picture import MAX_PIXELS
from mnist_models.report.readme import MARKED, PAGES, TABLES, fill
from mnist_models.words import WORDS
from testing import ROOT
from testing.programs import run_python
from testing.samples import make_record
from web.limits import MAX_BATCH, MAX_HELD, MAX_QUEUE, MAX_TEXT_BODY, MAX_UPLOAD

README = (ROOT / "README.md").read_text("utf-8")
LOCAL = "http://127.0.0.1:7860"

PAIRS = {
    english: english.with_suffix(".pt-BR.md")
    for english in (ROOT / "README.md", *sorted(ROOT.glob("docs/*[!R].md")))
}
"""By the English page, the Portuguese one."""

EVERY = [*PAIRS, *PAIRS.values()]


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
    run_python("-c", code.replace(LOCAL, address))


@pytest.mark.parametrize("page", EVERY, ids=lambda page: page.name)
def test_every_path_that_is_named_exists(page: Path) -> None:
    text = page.read_text("utf-8")
    for path in re.findall(r"\]\(([^):]+)\)", text):
        assert (page.parent / path).exists(), path
    wings = "benchmarks|docs|examples|mnist_models|scale|testing|tests|web"
    for path in re.findall(rf"(?<![\w/.-])(?:{wings})/[\w/.-]*\w/?", text):
        assert (ROOT / path).exists(), path
    for module in re.findall(rf"-m ((?:{wings})[\w.]*)", text):
        path = ROOT / module.replace(".", "/")
        assert path.with_suffix(".py").exists() or (path / "__main__.py").exists(), module
    for name in re.findall(r"`(\w+\.py)`", text):
        assert [*ROOT.glob(name), *ROOT.glob(f"mnist_models/**/{name}")], name


@pytest.mark.parametrize("language", PAGES)
def test_the_pages_of_a_language_show_all_recorded_numbers(language: str) -> None:
    shown = []
    for page in PAGES[language]:
        text = page.read_text("utf-8")
        shown += MARKED.findall(text)
        filled = fill(text, read_record(), WORDS[language])
        assert filled == text, "run python -m mnist_models.report.readme"
    assert sorted(shown) == sorted([*TABLES, "notes"])
    count = WORDS[language].number(f"{read_record()['cnn'].reading[0]['count']:,}")
    assert re.search(rf" {re.escape(count)} d[ií]git", text), "how many digits people wrote"


def test_the_training_pages_tell_how_the_bundled_network_was_trained() -> None:
    command = f"python train.py cnn --seed {read_record()['cnn'].seed} "
    for page in ROOT.glob("docs/training*.md"):
        assert command in page.read_text("utf-8")


def test_the_pages_tell_the_limits_that_hold() -> None:
    for page in ROOT.glob("docs/serving*.md"):
        text = page.read_text("utf-8")
        for limit in (MAX_UPLOAD, MAX_TEXT_BODY, MAX_HELD // 10**7 * 10**7):
            assert f" {limit // 10**6} MB" in text
        assert f" {MAX_PIXELS // 10**6} megapixels" in text
        for limit, times in ((MAX_QUEUE, 2), (MAX_BATCH, 1)):
            assert text.count(f" {limit} ") == times
    for page in ROOT.glob("README*.md"):
        assert page.read_text("utf-8").count(f" {MAX_BATCH} ") == 1


@pytest.mark.parametrize(("english", "portuguese"), PAIRS.items(), ids=lambda page: page.name)
def test_both_languages_tell_the_same_story_and_name_each_other(
    english: Path, portuguese: Path
) -> None:
    texts = [page.read_text("utf-8") for page in (english, portuguese)]
    assert f"({portuguese.name})" in texts[0]
    assert f"({english.name})" in texts[1]
    for told in (
        r"^#+ ",
        r"^\| (`.+?`) \|",
        r"\]\((.+?png)\)",
        r"^(?:make|python|curl|hf) [^#\n]+",
    ):
        found, same = (re.findall(told, text, re.MULTILINE) for text in texts)
        assert found == same


def test_only_what_lies_between_the_marks_is_filled() -> None:
    text = "before\n<!-- numbers -->\nold\n<!-- /numbers -->\nafter\n"
    filled = fill(text, {"mlp": make_record()}, WORDS["en"])
    assert filled.startswith("before\n<!-- numbers -->\n| network |")
    assert filled.endswith("<!-- /numbers -->\nafter\n")
    assert "old" not in filled
    assert fill(filled, {"mlp": make_record()}, WORDS["en"]) == filled
