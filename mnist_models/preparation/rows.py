"""Marks in rows: which ones stand beside each other, and which of them are slashes."""

from dataclasses import dataclass, replace
from itertools import pairwise, product

import cv2
import numpy as np
from numpy.typing import NDArray

from mnist_models.preparation.ink import Box, Ink, surround
from mnist_models.preparation.marks import SPECK, WEAKEST, Mark, Marks, on_grid_of_ink

LOWEST, HIGHEST = 0.45, 2.2
"""Marks between these shares of the usual height may be digits; dots, commas, dashes are lower."""

ALONE = 0.75
"""What stands alone in its line is no digit when it is lower than this share of the usual height:
corners of a page and scraps of its edge are."""

CUT_LOWEST, CUT_HIGHEST, CUT_SLIMMEST = 0.7, 1.4, 0.3
"""What the picture's or the page's border cuts may be a digit beside others between the first two
shares of the usual height, and from the third in width: edges are slimmer."""

SAME_LINE = 0.45
"""Marks stand in one line when so much of the lower one's height lies beside the other."""

REACH = 5.0
"""A line goes on over gaps of up to so many times the usual height: from column to column."""

AS_HIGH = 0.75
"""Of two things that are about as high, the lower one has more than this share of the other one's
height."""

ABOVE = 0.5
"""A mark that lies above another over so much of the narrower one's width belongs to it."""

BROKEN = 0.15
"""Marks beside each other with at most this gap, as a share of the line's height, may be one
digit."""

LONGEST = 12
"""What is wider than so many heights, its own or its line's, is no digits that touch, but a word or
a ruled line."""

WIDEST = 1.8
"""A digit is at most so many times as wide as its line is high."""

LONG, LEANING, SLIM = 1.25, 0.25, 0.3
"""A slash is longer than its line is high, in its heights; as wide as the second share of its own
height; and as slim as the third share of its length."""

TALL, NEAR = 1.1, 0.3
"""A slash is higher than the first share of its line's height, or nearer to a digit than the
second: in cells and rows of samples a 1 may lean as much."""

FAR_LEANING, BEYOND = 0.4, 0.02
"""What leans less than by the first share is a 1 in many a hand, unless it is that high and goes
beyond the digits beside it both above and below, by the second share of the line's height."""

RINGS, BESIDE = 0.15, 0.2
"""The rings of a percent sign are higher than the first share of their line's height, and nearer to
its slash than the second."""


@dataclass(frozen=True)
class Piece:
    """A slice of a line's ink, which is part of a digit or all of it.

    Attributes:
        box: Where it is in the ink.
        mask: bool, of the box's size: which of its pixels are the piece's own.
        atom: The number of the marks in the line that it was cut from.
        crossing: How much ink the cut behind it crosses, as a share of the line's height.
        is_low: Whether it is too low for a digit: a stroke of the one before it, or dirt.
    """

    box: Box
    mask: NDArray[np.bool_]
    atom: int
    crossing: float = 0.0
    is_low: bool = False


@dataclass(frozen=True)
class Row:
    """A line of marks.

    Attributes:
        atoms: Each mark, or those that lie above each other, as one piece.
        height: Of the line, in the ink's pixels.
    """

    atoms: list[Piece]
    height: float


def standing_out(found: Marks, ink: Ink) -> list[Mark]:
    """Return the marks that are no edges, ruled lines, echoes or specks."""
    foreign = found.foreign | found.edges
    marks = [
        mark for mark in found.every if mark not in foreign and mark.width <= LONGEST * mark.height
    ]
    strongest = max((mark.peak for mark in marks), default=0)
    smallest = 0.0 if ink.is_clean else SPECK * max((mark.outline for mark in marks), default=0)
    return [mark for mark in marks if mark.peak > WEAKEST * strongest and mark.outline >= smallest]


def may_be_line(line: list[Mark], height: float) -> bool:
    """Tell whether marks may be a line of digits: one alone has to be as high as others are."""
    return len(line) > 1 or line[0].height >= ALONE * height


def usual_height(marks: list[Mark]) -> float:
    """Return the height of most of what stands out, by its edge: specks and dots hardly count."""
    least = 0.2 * max(mark.outline for mark in marks)
    marks = sorted((mark for mark in marks if mark.outline > least), key=lambda mark: mark.height)
    edge = np.cumsum([mark.outline for mark in marks])
    return float(marks[int(np.searchsorted(edge, edge[-1] / 2))].height)


def into_lines(marks: list[Mark], height: float) -> list[list[Mark]]:
    """Gather marks that stand beside each other, also where the page is turned a little."""
    lines: list[list[Mark]] = []
    for mark in sorted(marks, key=lambda mark: mark.left):
        nearest, nearest_gap = None, REACH * height
        for line in lines:
            for other in line[-4:]:
                gap = mark.left - other.right
                if share_rows(mark, other) and gap < nearest_gap:
                    nearest, nearest_gap = line, gap
        if nearest is None:
            lines.append([mark])
        else:
            nearest.append(mark)
    lines.sort(key=lambda line: float(np.mean([mark.top + mark.bottom for mark in line])))
    return join_parts(lines)


def join_parts(lines: list[list[Mark]]) -> list[list[Mark]]:
    """Move marks into the line of those with which they are one digit, as the rings of an 8 are.

    Args:
        lines: From top to bottom.
    """
    for above, below in pairwise(lines):
        for line, beside in ((above, below), (below, above)):
            parts = [mark for mark in beside if is_part_of_line(mark, line)]
            beside[:] = [mark for mark in beside if mark not in parts]
            line[:] = sorted(line + parts, key=lambda mark: mark.left)
    return [line for line in lines if line]


def is_part_of_line(mark: Mark, line: list[Mark]) -> bool:
    """Tell whether a mark and one of a line are parts of a digit, and not of two lines.

    They are where a third mark, beside both, is as high as they are together.
    """
    reach = BROKEN * max((other.height for other in line), default=0)
    near = [other for other in line if mark.gap(other) < reach]
    return any(
        are_as_high(surround([mark.box, other.box]), third.box)
        and mark.gap(other) < BROKEN * third.height
        and max(mark.gap(third), other.gap(third)) < third.height
        and share_rows(mark, third)
        and share_rows(other, third)
        for other, third in product(near, line)
        if third is not other
    )


def are_as_high(box: Box, other: Box) -> bool:
    """Tell whether two boxes are about as high."""
    return AS_HIGH < (box[3] - box[1]) / (other[3] - other[1]) < 1 / AS_HIGH


def into_atoms(line: list[Mark]) -> list[list[Mark]]:
    """Join marks that lie above each other: the strokes of one digit."""
    atoms: list[list[Mark]] = []
    for mark in line:
        for atom in atoms[-2:]:
            left, right = min(part.left for part in atom), max(part.right for part in atom)
            shared = min(right, mark.right) - max(left, mark.left)
            if shared > ABOVE * min(right - left, mark.width):
                atom.append(mark)
                break
        else:
            atoms.append([mark])
    return atoms


def is_cut_digit(mark: Mark, marks: list[Mark], height: float) -> bool:
    """Tell whether a mark that the border cuts is rather a digit beside others than an edge."""
    if not mark.cut or mark.crosses or mark.is_region:
        return False
    is_high = CUT_LOWEST * height < mark.height < CUT_HIGHEST * height
    is_wide = CUT_SLIMMEST * height < mark.width < WIDEST * height
    return (
        is_high
        and is_wide
        and any(share_rows(mark, other) and mark.gap(other) < REACH * height for other in marks)
    )


def share_rows(mark: Mark, other: Mark) -> bool:
    """Tell whether two marks are at the same height, as in one line."""
    shared = min(mark.bottom, other.bottom) - max(mark.top, other.top)
    return shared > SAME_LINE * min(mark.height, other.height)


def without_slashes(line: list[Mark], found: Marks, height: float) -> list[Mark]:
    """Leave slashes out of a line: they stand between two digits, or between a percent's rings."""
    slashes = [
        mark
        for index, mark in enumerate(line)
        if is_slash(mark, found, height)
        and (
            parts_digits(mark, line[:index][-1:], line[index + 1 :][:1], height)
            or has_rings(mark, found, height)
        )
    ]
    return [mark for mark in line if mark not in slashes]


def parts_digits(mark: Mark, before: list[Mark], after: list[Mark], height: float) -> bool:
    """Tell whether a slash, which may be a leaning 1, stands as slashes do between two digits."""
    beside = [*before, *after]
    if len(beside) < 2:
        return False
    if mark.width < FAR_LEANING * mark.height:
        above = float(np.mean([other.top for other in beside])) - mark.top
        below = mark.bottom - float(np.mean([other.bottom for other in beside]))
        return mark.height > TALL * height and min(above, below) > BEYOND * height
    is_near = any(mark.gap(other) < NEAR * height for other in beside)
    return is_near or mark.height > TALL * height


def has_rings(mark: Mark, found: Marks, height: float) -> bool:
    """Tell whether low marks stand above and below a slash, at its left and its right."""
    x, y = (mark.left + mark.right) / 2, (mark.top + mark.bottom) / 2
    near = [
        other
        for other in found.every
        if RINGS * height < other.height <= LOWEST * height and mark.gap(other) < BESIDE * height
    ]
    above = any(other.right < x and other.bottom < y for other in near)
    return above and any(other.left > x and other.top > y for other in near)


def is_slash(mark: Mark, found: Marks, height: float) -> bool:
    """Tell whether a mark is a slash: a line that is longer and leans more than a 1."""
    length = float(np.hypot(mark.width, mark.height))
    if length < LONG * height or not LEANING < mark.width / mark.height < 1:
        return False
    own = found.labels[mark.top : mark.bottom, mark.left : mark.right] == mark.number
    rows, columns = np.nonzero(own)
    _, sides, _ = cv2.minAreaRect(np.stack([columns, rows], axis=1).astype(np.float32))
    is_straight = min(sides) < SLIM * max(sides)
    return is_straight and float(np.cov(rows, columns)[0, 1]) < 0


def take(ink: Ink, found: Marks, atom: list[Mark], number: int) -> Piece:
    """Return marks as one piece, on the ink's own grid."""
    left, top = min(mark.left for mark in atom), min(mark.top for mark in atom)
    right, bottom = max(mark.right for mark in atom), max(mark.bottom for mark in atom)
    step = found.step
    own = np.isin(found.labels[top:bottom, left:right], [mark.number for mark in atom])
    own = on_grid_of_ink(own, step)
    left, top = left * step, top * step
    own = own[: ink.strength.shape[0] - top, : ink.strength.shape[1] - left]
    high, wide = own.shape
    return Piece((left, top, left + wide, top + high), own, number)


def into_row(line: list[Mark], low: list[Mark], found: Marks, ink: Ink) -> Row:
    """Set a line's marks on the ink's own grid, without the slashes among them.

    Args:
        line: Marks that may be digits.
        low: Lower ones, each of which may be a stroke of a digit that it lies near to.
        found: All marks.
        ink: What stands out.
    """
    height = float(np.median([mark.height for mark in line]))
    pieces: list[Piece] = []
    for atom in into_atoms(without_slashes(line, found, height)):
        pieces.append(take(ink, found, atom, len(pieces)))
        for mark in low:
            if min(mark.gap(other) for other in atom) < BROKEN * height:
                stroke = take(ink, found, [mark], len(pieces))
                pieces.append(replace(stroke, is_low=True))
    return Row(pieces, height * found.step)
