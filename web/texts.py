"""Every word of the page, by language."""

from html import escape

from mnist_models.models.record import SERVED
from web.markup import as_html
from web.words import WORDS

ENGLISH = "en"
"""The language of programs, and of people whose own the page does not speak."""

TEXTS = {language: words.sentences for language, words in WORDS.items()}
"""By language."""


def text(key: str, language: str = ENGLISH, **values: str) -> str:
    """Return one text of the page, with its gaps filled.

    Args:
        key: Its name in `TEXTS`.
        language: Its language in `TEXTS`.
        **values: What fills the gaps.
    """
    return TEXTS[language][key].format(**values)


def title(name: str, language: str) -> str:
    """Return a network's name for people."""
    return text(name, language) if name in SERVED else name


def tell(name: str, words: str, language: str) -> str:
    """Say something of a network, in its color."""
    return f'<p class="{name}">{as_html("b", title(name, language))}: {escape(words)}</p>'
