"""Words by language: a sentence stands once, in a file of its language, and goes by a key.

A wing keeps its sentences in a folder like this one, a TOML file for each language. `load_words`
reads one folder or several into an object for each language.
"""

import tomllib
from pathlib import Path

HERE = Path(__file__).parent

ENGLISH = "en"
"""The language of programs, and of people whose own is not spoken here."""


class Words:
    """The words of one language.

    Args:
        language: Its code, such as "pt".
        sentences: By key, with gaps such as "{digit}".
    """

    def __init__(self, language: str, sentences: dict[str, str]) -> None:
        self.language = language
        self.sentences = sentences

    def __call__(self, key: str, **values: object) -> str:
        """Return a sentence with its gaps filled.

        Raises:
            KeyError: There is no such sentence, or a gap has no value.
        """
        return self.sentences[key].format(**values)

    def number(self, number: str) -> str:
        """Write a number's marks, given as English has them, as the language does."""
        marks = str.maketrans(",.", ".,")
        return number if self.language == ENGLISH else number.translate(marks)


def load_words(*folders: Path) -> dict[str, Words]:
    """Read folders of words; all of them speak the languages of the first.

    Returns:
        By language, English first.
    """
    languages = sorted((file.stem for file in folders[0].glob("*.toml")), key=ENGLISH.__ne__)
    return {language: Words(language, read_files(language, folders)) for language in languages}


def read_files(language: str, folders: tuple[Path, ...]) -> dict[str, str]:
    """Read one language's sentences from every folder."""
    sentences: dict[str, str] = {}
    for folder in folders:
        sentences |= tomllib.loads((folder / f"{language}.toml").read_text(encoding="utf-8"))
    return sentences


WORDS = load_words(HERE)
"""By language, what this package says."""
