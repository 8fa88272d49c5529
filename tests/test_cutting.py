"""Digits that touch are cut where all are likeliest together, and few cuts are judged for it."""

import numpy as np
import pytest
from numpy.typing import NDArray

from mnist_models.preparation.cutting import (
    cut,
    judge_spans,
    likeliest_digits,
    likeliest_way,
    list_spans,
    sort_by_end,
)
from mnist_models.preparation.ink import Ink
from mnist_models.preparation.rows import Piece
from mnist_models.preparation.writing import Digit
from testing.drawings import HEIGHT, write


def touching(text: str) -> tuple[Ink, list[Piece]]:
    """Write digits that touch, and cut them wherever they may be."""
    levels = write(text, gap=-8)
    ink = Ink((levels / 255).astype(np.float32), 0.1, is_clean=True)
    rows, columns = levels.shape
    whole = Piece((0, 0, columns, rows), levels > 25, 0)
    return ink, cut(ink, whole, HEIGHT)


class Opinion:
    """A judge that finds each digit about as likely as its pixels say, at random."""

    def __init__(self, seed: int) -> None:
        self.seed, self.asked = seed, 0

    def __call__(self, digits: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Return logarithms, the same for the same digit."""
        self.asked += len(digits)
        sums = digits.reshape(len(digits), -1).astype(np.int64) @ np.arange(28 * 28)
        draws = [np.random.default_rng([self.seed, int(total)]).exponential(3) for total in sums]
        return -np.array(draws, np.float32)


@pytest.mark.parametrize("seed", range(6))
def test_few_digits_are_judged_and_yet_the_likeliest_are_found(seed: int) -> None:
    ink, pieces = touching("4065")
    opinion, every = Opinion(seed), Opinion(seed)
    found = likeliest_digits(ink, pieces, HEIGHT, opinion)
    spans = list_spans(ink, pieces, HEIGHT)
    judge_spans(spans, ink, pieces, every)
    way = likeliest_way(sort_by_end(spans, pieces, HEIGHT))
    expected = [span.digit.box for span in way if span.digit]
    assert [part.box for part in found if isinstance(part, Digit)] == expected
    assert 0 < opinion.asked < every.asked


def test_a_span_has_the_box_of_the_digit_that_it_forms() -> None:
    ink, pieces = touching("38")
    spans = list_spans(ink, pieces, HEIGHT)
    judge_spans(spans, ink, pieces, Opinion(0))
    widths = [span.digit.box[2] - span.digit.box[0] for span in spans if span.digit]
    assert len(widths) == len(spans) > 10
    assert max(widths) > HEIGHT > 2 * min(widths)
