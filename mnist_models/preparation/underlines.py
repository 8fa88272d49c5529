"""Lines that touch a digit: an underline, a ruled line through its foot, the edges of its cell."""

from collections.abc import Iterator
from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from mnist_models.preparation.ground import Strength
from mnist_models.preparation.ink import Box, Ink
from mnist_models.preparation.marks import MOST_MARKS, Marks
from mnist_models.preparation.ruled_lines import STRONGER, ruled_lines

Mask = NDArray[np.uint8]

LINE_SIDE, SMALLEST_SIDE = 200, 20
"""A line through marks is looked for with between so many pixels a side."""

MOST_LINES, SWAY = 4, 3
"""So many lines are looked for, drawn by hand, so that they stray from straight ones by up to so
many pixels, of ``LINE_SIDE``."""

BEYOND, LOW = 0.1, 0.67
"""A line reaches beyond its digit on both sides, together by the first share of the digit's width
at least: the foot of a 2 begins where its stem ends. Unless it reaches the picture's border, too,
it lies below the second share of the digit's height: the bar of a T does not."""

SPECK, LOWEST = 0.1, 0.25
"""What has less than the first share of the largest mark's area, or is lower than the second share
of the highest one, is a speck."""

SHOWN = 0.6
"""A line shows along this share of its way: chance lines through strokes show along less."""

THICKER = 1.3
"""Where ink is more than so many times as thick as a line, a stroke crosses it or lies on it."""

JOINED, BELOW = 1.2, 0.8
"""What a line joins is at least so many times as wide as high, and the line as wide as the second
share of it."""

OUTSIDE, ALONG, SLANT = 0.14, 0.95, 0.03
"""A cell's edge lies in the first share of its picture, and covers the second share of the side
where it leans by up to the last share: the bar of a 7 covers less."""


def without_lines(ink: Ink, mask: Mask, is_joined: bool = False) -> Mask | None:
    """Return where some marks are without the lines that run through them, if there are any.

    An underline that touches its digit, and a ruled line through its foot, are straight lines that
    reach beyond what they leave.

    Args:
        ink: What stands out of the picture.
        mask: uint8 (height, width), 1 where the marks are.
        is_joined: Whether the marks may be several digits: a line below them need not reach
            beyond the first and the last one.

    Returns:
        uint8 (height, width), 1 where what remains is; None where no such line is found.
    """
    left, top, width, height = cv2.boundingRect(mask)
    box = np.s_[top : top + height, left : left + width]
    strength = ink.strength[box] * mask[box]
    factor = max(1, max(strength.shape) // LINE_SIDE)
    if min(strength.shape) < SMALLEST_SIDE * factor:
        return None
    small = cv2.resize(
        strength.astype(np.float32),
        (width // factor, height // factor),
        interpolation=cv2.INTER_AREA,
    )
    # What is below several digits is long, and bows the more.
    sway = max(SWAY, round(SWAY * small.shape[1] / LINE_SIDE)) if is_joined else SWAY
    lines = [*lines_through(small, ink.faintest, sway)]
    is_wide = left == 0 or left + width == ink.strength.shape[1]
    least = 0.0 if is_joined else SPECK  # a 1 has little ink beside digits that touch
    rest = without_all(lines, small, ink.faintest, least)
    lines = [line for line in lines if runs_through(line, rest, is_wide, is_joined)]
    rest = without_all(lines, small, ink.faintest, least)
    if not lines or not rest.any():
        return None
    left_over = mask.copy()
    left_over[box] &= cv2.resize(rest, (width, height), interpolation=cv2.INTER_NEAREST)
    return left_over if (strength * left_over[box] > ink.faintest).any() else None


def clear_lines(ink: Ink, found: Marks) -> tuple[Ink, list[Box]]:
    """Erase the lines that join digits: an underline, the line that a number stands on.

    Args:
        ink: What stands out of the picture.
        found: Its marks.

    Returns:
        The ink without them, and where the marks are, in the picture, that lines were erased from.
    """
    cleared: list[Box] = []
    strength = ink.strength
    for mark in found.every if len(found.every) <= MOST_MARKS else ():
        if mark.height * found.step < SMALLEST_SIDE or mark.width < JOINED * mark.height:
            continue
        mask = found.mask([mark], ink.strength.shape)
        rest = without_lines(ink, mask, is_joined=True)
        if rest is not None:
            strength = strength if cleared else strength.copy()
            strength[(mask > 0) & (rest == 0)] = 0
            left, top, width, height = cv2.boundingRect(mask)
            cleared.append(ink.box_in_picture((left, top, left + width, top + height)))
    return replace(ink, strength=strength), cleared


def lines_through(strength: Strength, faintest: float, sway: int) -> Iterator[NDArray[np.bool_]]:
    """Yield where the lines are that run from side to side, the clearest first.

    Args:
        strength: float32 (height, width), 0 for ground.
        faintest: What counts as standing out.
        sway: By how many pixels a line may stray from a straight one.
    """
    rest = strength.astype(np.float32)
    for _ in range(MOST_LINES):
        path = ruled_lines(rest, faintest, least=1, most=1, sway=sway) > 0
        if not path.any():
            break
        line = only_line(rest, faintest, path, sway)
        if line.any():
            yield line
        rest[line | path] = 0


def without_all(
    lines: list[NDArray[np.bool_]], strength: Strength, faintest: float, least: float
) -> Mask:
    """Return where ink is that belongs to none of some lines and is no speck: 0 or 1."""
    rest = strength > faintest
    for line in lines:
        rest &= ~line
    return without_specks(rest, least)


def runs_through(
    line: NDArray[np.bool_], rest: Mask, is_wide: bool, is_joined: bool = False
) -> bool:
    """Tell whether a line reaches beyond a digit on both sides, and is no bar of it.

    Args:
        line: bool (height, width), where nothing but the line is.
        rest: uint8 (height, width), 1 where the digit is.
        is_wide: Whether the picture's border cuts their box at the left or at the right.
        is_joined: Whether they may be several digits, of which it need only pass most.
    """
    first, upper, reach, thick = cv2.boundingRect(line.astype(np.uint8))
    start, top, wide, high = cv2.boundingRect(rest)
    before, behind = start - first, first + reach - start - wide
    is_beyond = min(before, behind) >= 1 and before + behind >= BEYOND * wide
    is_beyond |= is_joined and reach > BELOW * wide
    is_ruled = is_wide and (first == 0 or first + reach == line.shape[1])
    return is_beyond and (is_ruled or upper + thick / 2 >= top + LOW * high)


def only_line(
    strength: Strength, faintest: float, line: NDArray[np.bool_], sway: int
) -> NDArray[np.bool_]:
    """Tell where nothing but a line is, and no stroke crosses it or lies on it.

    A stroke is where ink is thicker, measured across the line, than it is along most of it, or
    stronger.

    Args:
        strength: float32 (height, width), 0 for ground.
        faintest: What counts as standing out.
        line: bool (height, width), one pixel in each column that the line passes.
        sway: By how many rows the ink may stray from it.

    Returns:
        bool (height, width); nothing where strokes cover most of the line.
    """
    height, width = strength.shape
    only = np.zeros((height, width), bool)
    columns = np.flatnonzero(line.any(axis=0))
    rows = line.argmax(axis=0)[columns]
    ink = strength > faintest
    rows = nearest_ink(ink, rows, columns, sway)
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
    # What stands on the line ends where the line begins; what goes on below it is a stroke.
    first, last = (np.interp(columns, columns[thin], edge[thin]) for edge in (starts, ends))
    first = np.where(thin, starts, np.where(ends <= last + 1, first, height))
    only[:, columns] = (numbers >= first) & (numbers < ends)
    return only & (strength < STRONGER * level)


def nearest_ink(
    ink: NDArray[np.bool_], rows: NDArray[np.int64], columns: NDArray[np.int64], sway: int
) -> NDArray[np.int64]:
    """Return in which rows a line has its ink, which strays from a straight one a little."""
    aside = np.array(sorted(range(-sway, sway + 1), key=abs))
    near = np.clip(rows + aside[:, None], 0, len(ink) - 1)
    return near[ink[near, columns].argmax(axis=0), np.arange(len(columns))]


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


def without_specks(marks: NDArray[np.bool_] | Mask, least: float = SPECK) -> Mask:
    """Return marks without the low ones among them, and those with less than a share of the area.

    Args:
        marks: (height, width).
        least: That share, of the largest one's area.

    Returns:
        uint8 (height, width), 0 or 1.
    """
    _, labels, boxes, _ = cv2.connectedComponentsWithStats(np.uint8(marks))
    largest = boxes[1:].max(axis=0, initial=1)
    kept = [
        number
        for number in range(1, len(boxes))
        if boxes[number, cv2.CC_STAT_AREA] > least * largest[cv2.CC_STAT_AREA]
        and boxes[number, cv2.CC_STAT_HEIGHT] > LOWEST * largest[cv2.CC_STAT_HEIGHT]
    ]
    return np.isin(labels, kept).astype(np.uint8)
