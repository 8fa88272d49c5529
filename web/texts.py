"""Every word of the page, by language."""

from html import escape

from mnist_models import MnistModelsError
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


def choose_language(accepted: str) -> str:
    """Choose a language of `TEXTS` by what the browser asks for, as the page's templates do.

    Args:
        accepted: The header `Accept-Language`, whose first language is the visitor's.
    """
    language = accepted.strip()[:2].lower()
    return language if language in TEXTS else ENGLISH


def word_error(error: MnistModelsError, language: str) -> str:
    """Word an error for a visitor."""
    return error.told(WORDS[language])


def title(name: str, language: str) -> str:
    """Return a network's name for people."""
    return text(name, language) if name in SERVED else name


def tell(name: str, words: str, language: str) -> str:
    """Say something of a network, in its color."""
    return f'<p class="{name}">{as_html("b", title(name, language))}: {escape(words)}</p>'
