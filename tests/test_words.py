"""Every sentence stands once in each language's file, and is said somewhere."""

import re
from pathlib import Path

import pytest

from mnist_models.models.record import read_record
from mnist_models.report.readme import TABLES, write_notes
from mnist_models.words import ENGLISH, HERE, Words, load_words
from testing import ROOT
from web.compare.results import write_results, write_ways
from web.words import WORDS

FOLDERS = (HERE, ROOT / "web" / "words")

SAID_DIFFERENTLY = {"way_right"}
"""What the page words otherwise than `mnist_models`: of "the page" it says "this page"."""


class Listening(Words):
    """Words that remember in `said` what was said."""

    def __call__(self, key: str, **values: object) -> str:
        """Return a sentence, and remember it."""
        self.said = {*getattr(self, "said", ()), key}
        return super().__call__(key, **values)


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_sentence_stands_in_every_language_with_the_same_gaps(folder: Path) -> None:
    english, *others = (words.sentences for words in load_words(folder).values())
    assert others
    for sentences in others:
        assert sentences.keys() == english.keys()
        for key, sentence in sentences.items():
            gaps, same = (set(re.findall(r"{\w+}", told)) for told in (sentence, english[key]))
            assert gaps == same, key
            assert sentence != english[key], f"{key} is not translated"


def test_no_sentence_stands_in_two_files() -> None:
    own, page = (load_words(folder)[ENGLISH].sentences for folder in FOLDERS)
    assert own.keys() & page.keys() == SAID_DIFFERENTLY


def test_numbers_have_the_marks_of_their_language() -> None:
    assert WORDS["en"].number("1,194.5") == "1,194.5"
    assert WORDS["pt"].number("1,194.5") == "1.194,5"


def test_every_sentence_has_its_use() -> None:
    words = Listening(ENGLISH, WORDS[ENGLISH].sentences)
    record = read_record()
    for tell in (*TABLES.values(), write_notes, write_results):
        tell(record, words)
    write_ways(words)
    files = [
        *ROOT.glob("*.py"),
        *(
            file
            for wing in ("mnist_models", "web", "glass", "scale")
            for file in (ROOT / wing).rglob("*.py")
        ),
    ]
    code = "".join(file.read_text("utf-8") for file in files)
    unused = {key for key in words.sentences.keys() - words.said if f'"{key}"' not in code}
    assert not unused
