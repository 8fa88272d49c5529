"""The table of claims and measurements, and the READMEs that show it."""

import re

import pytest

from mnist_models.comparison import (
    CLAIMS,
    HEADER,
    MARKED,
    READMES,
    WORDS,
    explain,
    fill,
    localize,
    write_table,
)
from mnist_models.record import read_record
from tests.samples import make_record


@pytest.mark.parametrize("language", READMES)
def test_a_readme_shows_the_recorded_numbers(language: str) -> None:
    text = READMES[language].read_text(encoding="utf-8")
    assert MARKED.search(text)
    assert fill(text, read_record(), language) == text, "run python -m mnist_models.comparison"


def test_both_readmes_tell_the_same_story_and_name_each_other() -> None:
    english, portuguese = (readme.read_text(encoding="utf-8") for readme in READMES.values())
    assert f"({READMES['pt'].name})" in english
    assert f"({READMES['en'].name})" in portuguese
    for told in (r"^#+ ", r"^\| (`.+?`) \|", r"\]\((docs.+?)\)", r"^(?:make|python|curl) [^#\n]+"):
        found, same = (re.findall(told, text, re.MULTILINE) for text in (english, portuguese))
        assert found
        assert found == same


def test_every_word_of_the_table_stands_in_both_languages() -> None:
    assert set(HEADER) == set(WORDS) == set(READMES)
    assert len(set(map(len, HEADER.values()))) == 1
    assert all(set(claim.why) == set(READMES) for claim in CLAIMS.values())
    assert WORDS["en"].keys() == WORDS["pt"].keys()


def test_numbers_have_the_marks_of_their_language() -> None:
    assert localize("1,194.5", "en") == "1,194.5"
    assert localize("1,194.5", "pt") == "1.194,5"


def test_a_row_holds_claim_and_measurement() -> None:
    lines = write_table({"lenet5": make_record()}).splitlines()
    assert len({line.count("|") for line in lines[:3]}) == 1
    cells = [cell.strip() for cell in lines[2].split("|")[1:-1]]
    assert cells == [
        "`lenet5`",
        "99.39%",
        "90.00% (59.58% – 98.21%)",  # noqa: RUF001 - a range's dash
        "80.00%",
        "7,850",
        "0 kB",
        "1.5 (claimed: 80)",
        "0.1 (claimed: 127)",
        CLAIMS["lenet5"].why["en"],
    ]
    assert lines[-1].startswith("Times were measured on a machine.")


def test_a_claim_within_the_interval_needs_no_reason() -> None:
    agreeing = make_record(num_test=10_000, errors=61)
    assert explain("lenet5", agreeing, "en") == "The claim lies within the interval."
    assert explain("nameless", agreeing, "en") == "Nothing is claimed."


def test_only_what_lies_between_the_marks_is_filled() -> None:
    text = "before\n<!-- numbers -->\nold\n<!-- /numbers -->\nafter\n"
    filled = fill(text, {"mlp": make_record()})
    assert filled.startswith("before\n<!-- numbers -->\n| network |")
    assert filled.endswith("<!-- /numbers -->\nafter\n")
    assert "old" not in filled
    assert fill(filled, {"mlp": make_record()}) == filled
