"""Lines that touch a digit: an underline, a ruled line through its foot, the edges of its cell."""

import cv2
import numpy as np
from numpy.typing import NDArray

from mnist_models.preparation.ground import Strength
from mnist_models.preparation.ink import Ink
from mnist_models.preparation.ruled_lines import STRONGER, ruled_lines

Mask = NDArray[np.uint8]

LINE_SIDE, SMALLEST_SIDE = 200, 20
"""A line through marks is looked for with between so many pixels a side."""

BEYOND, LOW = 0.1, 0.67
"""A line reaches beyond its digit on both sides, together by the first share of the digit's width
at least: the foot of a 2 begins where its stem ends. Unless it reaches the picture's border, too,
it lies below the second share of the digit's height: the bar of a T does not."""

SHOWN = 0.6
"""A line shows along this share of its way: chance lines through strokes show along less."""

THICKER = 1.3
"""Where ink is more than so many times as thick as a line, a stroke crosses it or lies on it."""

OUTSIDE, ALONG, SLANT = 0.14, 0.95, 0.03
"""A cell's edge lies in the first share of its picture, and covers the second share of the side
where it leans by up to the last share: the bar of a 7 covers less."""


def without_lines(ink: Ink, mask: Mask) -> Mask | None:
    """Return where some marks are without the lines that run through them, if there are any.

    An underline that touches its digit, and a ruled line through its foot, are straight lines that
    reach beyond what they leave.

    Args:
        ink: What stands out of the picture.
        mask: uint8 (height, width), 1 where the marks are.

    Returns:
        uint8 (height, width), 1 where what remains is; None where no such line is found.
    """
    left, top, width, height = cv2.boundingRect(mask)
    box = np.s_[top : top + height, left : left + width]
    strength = ink.strength[box] * mask[box]
    factor = max(1, max(strength.shape) // LINE_SIDE)
    small = cv2.resize(
        strength.astype(np.float32),
        (width // factor, height // factor),
        interpolation=cv2.INTER_AREA,
    )
    if min(small.shape) < SMALLEST_SIDE:
        return None
    num_lines, numbers = cv2.connectedComponents(ruled_lines(small, ink.faintest, least=1))
    lines = [only_line(small, ink.faintest, numbers == number) for number in range(1, num_lines)]
    is_wide = left == 0 or left + width == ink.strength.shape[1]
    rest = without_all(lines, small, ink.faintest)
    lines = [line for line in lines if runs_through(line, rest, is_wide)]
    rest = without_all(lines, small, ink.faintest)
    if not lines or not rest.any():
        return None
    left_over = mask.copy()
    left_over[box] &= cv2.resize(rest, (width, height), interpolation=cv2.INTER_NEAREST)
    return left_over if (strength * left_over[box] > ink.faintest).any() else None


def without_all(lines: list[NDArray[np.bool_]], strength: Strength, faintest: float) -> Mask:
    """Return where ink is that belongs to none of some lines and is no speck: 0 or 1."""
    rest = strength > faintest
    for line in lines:
        rest &= ~line
    return without_specks(rest)


def runs_through(line: NDArray[np.bool_], rest: Mask, is_wide: bool) -> bool:
    """Tell whether a line reaches beyond a digit on both sides, and is no bar of it.

    Args:
        line: bool (height, width), where nothing but the line is.
        rest: uint8 (height, width), 1 where the digit is.
        is_wide: Whether the picture's border cuts their box at the left or at the right.
    """
    first, upper, reach, thick = cv2.boundingRect(line.astype(np.uint8))
    start, top, wide, high = cv2.boundingRect(rest)
    before, behind = start - first, first + reach - start - wide
    is_beyond = min(before, behind) >= 1 and before + behind >= BEYOND * wide
    is_ruled = is_wide and (first == 0 or first + reach == line.shape[1])
    return is_beyond and (is_ruled or upper + thick / 2 >= top + LOW * high)


def only_line(strength: Strength, faintest: float, line: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Tell where nothing but a line is, and no stroke crosses it or lies on it.

    A stroke is where ink is thicker, measured across the line, than it is along most of it, or
    stronger.

    Args:
        strength: float32 (height, width), 0 for ground.
        faintest: What counts as standing out.
        line: bool (height, width), one pixel in each column that the line passes.

    Returns:
        bool (height, width); nothing where strokes cover most of the line.
    """
    height, width = strength.shape
    only = np.zeros((height, width), bool)
    columns = np.flatnonzero(line.any(axis=0))
    rows = line.argmax(axis=0)[columns]
    ink = strength > faintest
    numbers = np.arange(height)[:, None]
    above = np.maximum.accumulate(np.where(ink, -1, numbers), axis=0)  # the last ground so far
    below = np.minimum.accumulate(np.where(ink, height, numbers)[::-1], axis=0)[::-1]
    starts, ends = above[rows, columns] + 1, below[rows, columns]
    shown = starts < ends
    if shown.sum() < SHOWN * len(columns):
        return only
    columns, starts, ends = columns[shown], starts[shown], ends[shown]
    level = np.median(strength[rows[shown], columns])
    thin = ends - starts <= THICKER * np.median(ends - starts) + 0.5
    only[:, columns] = thin & (numbers >= starts) & (numbers < ends)
    return only & (strength < STRONGER * level)


def without_edges(ink: Ink, mask: Mask) -> Mask | None:
    """Return where some marks are without the lines along the picture's border, if there are any.

    A cell that was cropped tightly shows its printed edges, and its digit may touch them.

    Args:
        ink: What stands out of the picture.
        mask: uint8 (height, width), 1 where the marks are.

    Returns:
        uint8 (height, width), 1 where what remains is; None where no such line is found.
    """
    rest = ((ink.strength * mask) > ink.faintest).astype(np.uint8)
    for _ in range(4):
        rest = np.ascontiguousarray(np.rot90(rest))
        slant = max(1, round(SLANT * rest.shape[1]))
        outside = rest[: round(OUTSIDE * len(rest))]
        if not outside.size:  # a picture of a few rows has no edges beside its digit
            continue
        band = cv2.dilate(outside, np.ones((slant, 1), np.uint8))
        lines = np.flatnonzero(band.mean(axis=1) > ALONG)
        if lines.size:
            rest[: lines[-1] + 1] = 0
    if not rest.any() or rest.sum() > mask.sum() * 0.99:
        return None
    return without_specks(rest)


def without_specks(marks: NDArray[np.bool_] | Mask) -> Mask:
    """Return marks without the small ones among them: uint8, of the same shape."""
    _, labels, boxes, _ = cv2.connectedComponentsWithStats(np.uint8(marks))
    largest = boxes[1:].max(axis=0, initial=1)
    kept = [
        number
        for number in range(1, len(boxes))
        if boxes[number, cv2.CC_STAT_AREA] > 0.1 * largest[cv2.CC_STAT_AREA]
        and boxes[number, cv2.CC_STAT_HEIGHT] > 0.25 * largest[cv2.CC_STAT_HEIGHT]
    ]
    return np.isin(labels, kept).astype(np.uint8)
