"""Every sentence stands once in each language's file, and is said somewhere."""

import re
from pathlib import Path

import pytest

from mnist_models.models.record import read_record
from mnist_models.report.readme import TABLES, write_notes
from mnist_models.words import ENGLISH, HERE, Words, load_words
from web.compare.results import write_results, write_ways
from web.words import WORDS

ROOT = Path(__file__).parents[1]

FOLDERS = {"mnist_models": HERE, "web": ROOT / "web" / "words"}

SAID_DIFFERENTLY = {"way_right"}
"""What the page words otherwise than `mnist_models`: of "the page" it says "this page"."""


class Listening(Words):
    """Words that remember what was said."""

    def __init__(self, words: Words) -> None:
        super().__init__(words.language, words.sentences)
        self.said: set[str] = set()

    def __call__(self, key: str, **values: object) -> str:
        """Return a sentence, and remember it."""
        self.said.add(key)
        return super().__call__(key, **values)


def gaps(sentence: str) -> set[str]:
    """Return the gaps of a sentence."""
    return set(re.findall(r"{\w+}", sentence))


@pytest.mark.parametrize("folder", FOLDERS.values(), ids=FOLDERS)
def test_every_sentence_stands_in_every_language_with_the_same_gaps(folder: Path) -> None:
    english, *others = load_words(folder).values()
    assert english.language == ENGLISH
    assert [words.language for words in others] == ["pt"]
    for words in others:
        assert words.sentences.keys() == english.sentences.keys()
        for key, sentence in words.sentences.items():
            assert gaps(sentence) == gaps(english.sentences[key]), key
            assert sentence != english.sentences[key], f"{key} is not translated"


def test_no_sentence_stands_in_two_files() -> None:
    own, page = (load_words(folder)[ENGLISH].sentences for folder in FOLDERS.values())
    assert own.keys() & page.keys() == SAID_DIFFERENTLY


def test_every_sentence_has_its_use() -> None:
    words = Listening(WORDS[ENGLISH])
    record = read_record()
    for tabulate in TABLES.values():
        tabulate(record, words)
    for write in (write_notes, write_results):
        write(record, words)
    write_ways(words)
    files = [
        *ROOT.glob("*.py"),
        *(
            file
            for wing in ("mnist_models", "web", "scale")
            for file in (ROOT / wing).rglob("*.py")
        ),
    ]
    code = "".join(file.read_text("utf-8") for file in files)
    unused = {key for key in words.sentences.keys() - words.said if f'"{key}"' not in code}
    assert unused <= {"measured_with_others"}
