"""Digits far higher or far lower than most on the same page: which marks they are, and how sure."""

from dataclasses import replace

import cv2
import numpy as np

from mnist_models.preparation.ink import Ink
from mnist_models.preparation.marks import MOST_MARKS, Mark
from mnist_models.preparation.pens import bent
from mnist_models.preparation.rows import HIGHEST, LOWEST, share_rows
from mnist_models.preparation.writing import NEARLY, SURE, Line, Writing, total_worth

BORDER = 0.6
"""What is lower than this share of the usual height, or so much higher, is of another size if all
is that it stands beside, and some of it is far lower or higher."""

SHORT = 0.5
"""Most of what is of one size are digits where each falls short of a sure one by less than this."""

SURE_LINE = 3
"""A line of sure digits, so many of which are not straight, is no part of a word or a texture."""


def other_sizes(marks: list[Mark], height: float) -> tuple[list[Mark], list[Mark]]:
    """Return the marks that are far lower than usual, and those that are far higher.

    A line is not torn apart: what is nearly as low or as high as that goes with what it stands
    beside.
    """
    low, high = BORDER * height, height / BORDER
    lower = [mark for mark in marks if mark.height <= LOWEST * height]
    higher = [mark for mark in marks if mark.height >= HIGHEST * height]
    border = [mark for mark in marks if not low <= mark.height <= high]
    for mark in border if len(marks) <= MOST_MARKS else ():
        beside = [
            other
            for other in marks
            if other is not mark and share_rows(mark, other) and mark.gap(other) < mark.height
        ]
        if mark not in lower and all(other.height < low for other in (mark, *beside)):
            lower += [mark] * any(other in lower for other in beside)
        if mark not in higher and all(other.height > high for other in (mark, *beside)):
            higher += [mark] * any(other in higher for other in beside)
    return lower, higher


def add_sizes(usual: Writing, higher: Writing, lower: Writing, ink: Ink) -> Writing:
    """Add lines of digits that are far higher or far lower than what was read first in an ink.

    Each has to be sure, for blots and frames are high, and commas and rings low; and most of what
    is as high has to be digits, for letters are not. Lower ones stand beside a number only: beside
    one digit they are the labels of its figure's axes.
    """
    more = []
    if is_sure_size(higher):
        more += [line for line in higher.lines if is_sure_line(line, least=1)]
        usual = without_letters(usual, more)
    if is_sure_size(lower) and len(usual.digits) > 1:
        more += [line for line in lower.lines if is_sure_line(line, least=2)]
    if not more:
        return usual
    lines = sorted(usual.lines + more, key=lambda line: middle_row(line, ink))
    return replace(usual, lines=lines, worth=usual.worth + sum(map(total_worth, more)))


def is_sure_size(seen: Writing) -> bool:
    """Tell whether most of what is about as high are digits, the few words aside."""
    num_digits, num_words = len(seen.digits), len(seen.words)
    return 2 * num_words <= num_digits and seen.lacks - num_words < SHORT * num_digits


def is_sure_line(line: Line, least: int) -> bool:
    """Tell whether a line has so many digits at least, all of them sure, and not only lines."""
    are_sure = all(digit.likelihood > (SURE if len(line) > 1 else NEARLY) for digit in line)
    return len(line) >= least and are_sure and bool(bent(line))


def middle_row(line: Line, ink: Ink) -> float:
    """Return the row of an ink in which the middle of a line is."""
    boxes = np.array([digit.box for digit in line], np.float64)
    middles = (boxes[:, :2] + boxes[:, 2:]) / 2
    seen = cv2.perspectiveTransform(middles[None], np.linalg.inv(ink.to_picture))
    return float(seen[0, :, 1].mean())


def without_letters(seen: Writing, among: list[Line]) -> Writing:
    """Leave out what is left of words, a 0 or a 1, beside a number that is far higher.

    Args:
        seen: What was read.
        among: The lines one of which may be that number.
    """
    highest = max((height_of(line) for line in among if is_sure_line(line, least=2)), default=0.0)
    are_left = [
        height_of(line) * HIGHEST < highest
        and not (is_sure_line(line, least=2) and len(bent(line)) >= SURE_LINE)
        for line in seen.lines
    ]
    lines = [line for line, is_left in zip(seen.lines, are_left, strict=True) if not is_left]
    worth = seen.worth - sum(map(total_worth, seen.lines)) + sum(map(total_worth, lines))
    return replace(seen, lines=lines, worth=worth)


def height_of(line: Line) -> float:
    """Return how high the digits of a line usually are."""
    return float(np.median([digit.box[3] - digit.box[1] for digit in line]))
