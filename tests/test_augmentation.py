"""What other hands, pens and cameras do to a digit, and what is drawn that is none."""

from collections.abc import Callable

import cv2
import numpy as np
import pytest
from PIL import Image

from mnist_models import to_digit
from mnist_models.training.drawing.augmentation import DISTURBANCES, bend, pattern, vary
from mnist_models.training.drawing.canvas import CANVAS, Digit, LargeInk, Random, enlarge
from mnist_models.training.drawing.forms import FORMS, write_as_elsewhere
from mnist_models.training.drawing.non_digits import MOTIFS, Pair, draw_non_digit
from testing.drawings import draw
from testing.strokes import DIGITS, line


def digit(label: int) -> Digit:
    """Return a digit of the tests' own, uint8 (28, 28)."""
    return to_digit(Image.fromarray(draw(DIGITS[str(label)])))


def form(label: int, seed: int) -> tuple[LargeInk, LargeInk]:
    """Return a digit's enlarged ink, and how it is written elsewhere."""
    ink = enlarge(digit(label))
    rows = np.flatnonzero((ink > 127).any(axis=1))
    random = np.random.default_rng(seed)
    return ink, FORMS[label](ink.copy(), int(rows[0]), int(rows[-1]), random)


@pytest.mark.parametrize("label", range(10))
def test_a_varied_digit_is_prepared_like_every_digit(label: int) -> None:
    for seed in range(20):
        varied = vary(digit(label), label, np.random.default_rng(seed))
        assert varied.shape == (28, 28) and varied.dtype == np.uint8
        assert varied.max() > 64


def test_the_same_seed_varies_alike_and_another_does_not() -> None:
    first, again, other = (vary(digit(3), 3, np.random.default_rng(seed)) for seed in (8, 8, 9))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_some_digits_stay_as_they_are() -> None:
    random, five = np.random.default_rng(0), digit(5)
    same = [np.array_equal(vary(five, 5, random), five) for _ in range(400)]
    assert 0.15 < np.mean(same) < 0.35


def test_a_flag_stands_to_the_left_of_a_one_and_reaches_from_its_top() -> None:
    flagged = [form(1, seed)[1] for seed in range(30)]
    ink = form(1, 0)[0]
    assert np.mean([(one > 127).sum() > 1.1 * (ink > 127).sum() for one in flagged]) > 0.8
    for one in flagged:
        rows, columns = np.nonzero(one[: CANVAS // 2] > 127)
        assert columns[rows > rows.min() + 12].min() <= columns[rows < rows.min() + 6].mean()


def test_a_fours_right_arm_begins_lower_than_its_left_one() -> None:
    arms = [line((300, 30), (250, 560), (800, 540)), line((660, 30), (600, 980))]
    ink = enlarge(to_digit(Image.fromarray(draw(arms))))
    rows = np.flatnonzero((ink > 127).any(axis=1))
    for seed in range(10):
        random = np.random.default_rng(seed)
        lowered = FORMS[4](ink.copy(), int(rows[0]), int(rows[-1]), random)
        left, right = (np.flatnonzero((half > 127).any(1))[0] for half in np.hsplit(lowered, 2))
        assert right > left + 5
        assert np.array_equal(ink[2 * CANVAS // 3 :], lowered[2 * CANVAS // 3 :])


def test_a_curled_nine_gains_ink_and_loses_none() -> None:
    for seed in range(10):
        ink, written = form(9, seed)
        assert (written >= ink).all()
        assert (written > 127).sum() > (ink > 127).sum()


def test_a_seven_keeps_its_corners_and_often_gains_a_bar_or_another_pen() -> None:
    drawn = [form(7, seed) for seed in range(30)]
    for ink, written in drawn:
        rows, columns = np.nonzero(ink > 127)
        top = rows < rows.min() + 9
        bar = [columns[top].min(), columns[top].max()]
        foot = columns[rows > rows.max() - 3].mean()
        near = cv2.dilate(written, np.ones((15, 15), np.uint8))
        for row, column in [(rows.min() + 3, bar[0]), (rows.min() + 3, bar[1]), (rows.max(), foot)]:
            assert near[int(row), int(column)] > 127
    assert 0.3 < np.mean([(written >= ink).all() for ink, written in drawn]) < 0.7


def test_other_digits_are_written_alike_everywhere() -> None:
    ink = enlarge(digit(8))
    assert write_as_elsewhere(ink, 8, np.random.default_rng(0)) is ink


@pytest.mark.parametrize("motif", dict.fromkeys(MOTIFS), ids=lambda motif: motif.__name__)
def test_every_motif_leaves_ink(motif: Callable[[Pair, Random], LargeInk]) -> None:
    pair = np.stack([digit(2), digit(3)])
    for seed in range(10):
        ink = motif(pair, np.random.default_rng(seed))
        assert ink.shape == (CANVAS, CANVAS) and ink.dtype == np.uint8
        assert ink.max() > 64


def test_a_drawing_that_is_no_digit_is_prepared_like_one() -> None:
    pair = np.stack([digit(2), digit(3)])
    for seed in range(60):
        drawn = draw_non_digit(pair, np.random.default_rng(seed))
        assert drawn.shape == (28, 28) and drawn.dtype == np.uint8
        assert drawn.max() > 32


@pytest.mark.parametrize("change", [change for change, _ in DISTURBANCES], ids=lambda c: c.__name__)
def test_a_disturbance_leaves_the_digit_that_it_was_given(
    change: Callable[[Digit, Random], Digit],
) -> None:
    given = digit(6)
    for seed in range(20):
        changed = change(given, np.random.default_rng(seed))
        assert changed.shape == (28, 28) and changed.dtype == np.uint8
    assert np.array_equal(given, digit(6))


def test_bending_keeps_most_of_the_ink() -> None:
    ink = enlarge(digit(8))
    for seed in range(20):
        bent = bend(ink, np.random.default_rng(seed), strength=1.0)
        assert int(bent.sum()) == pytest.approx(int(ink.sum()), rel=0.4)


def test_patterns_lie_between_ground_and_full_ink() -> None:
    for seed in range(20):
        levels = pattern(np.random.default_rng(seed))
        assert (levels.min(), levels.max()) == (0, 1)
