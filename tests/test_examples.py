"""The pictures below the page are read as their names say."""

from pathlib import Path

import pytest

from mnist_models import Reader
from testing import EXAMPLES

PICTURES = sorted(EXAMPLES.iterdir())


def truth(picture: Path) -> str:
    """Return what an example's name says that is to be read: all before the first underscore."""
    return picture.name.partition("_")[0]


def test_there_are_at_least_ten_with_every_digit_among_them_and_two_numbers() -> None:
    truths = [truth(picture) for picture in PICTURES]
    assert len(truths) >= 10
    assert set(truths) >= set("0123456789")
    assert sum(len(text) > 1 for text in truths) >= 2


@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.name)
def test_the_network_reads_what_the_name_says(picture: Path) -> None:
    assert Reader.default().read_number(picture).text("cnn") == truth(picture)
