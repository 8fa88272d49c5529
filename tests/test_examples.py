"""The pictures below the page are read as their names say."""

from pathlib import Path

import pytest

from mnist_models import Reader
from testing import EXAMPLES

PICTURES = sorted(EXAMPLES.iterdir())


def test_there_are_at_least_ten_and_every_digit_is_among_them() -> None:
    assert len(PICTURES) >= 10
    assert {picture.name[0] for picture in PICTURES} == set("0123456789")


@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.name)
def test_the_network_reads_what_the_name_says(picture: Path) -> None:
    digit = Reader.default().read(picture)["cnn"].probabilities[0].argmax()
    assert str(digit) == picture.name[0]
