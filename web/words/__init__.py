"""The words of page and endpoints, with those of `mnist_models` behind them."""

from pathlib import Path

from mnist_models.words import ENGLISH, HERE, Words, load_words

WORDS = load_words(HERE, Path(__file__).parent)
"""By language."""

PROGRAMS = WORDS[ENGLISH]
"""What programs are told."""


def choose_words(accepted: str) -> Words:
    """Choose the words of a visitor by what the browser asks for, as the page's templates do.

    Args:
        accepted: The header `Accept-Language`, whose first language is the visitor's.
    """
    return WORDS.get(accepted.strip()[:2].lower(), PROGRAMS)
