"""Printed forms: rows of cells are found by their frame, and erased around the digits in them."""

import math
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from mnist_models.preparation.ground import LOOKING_SIDE
from mnist_models.preparation.ink import Box, Ink, holds_middle
from mnist_models.preparation.marks import (
    MOST_MARKS,
    Mark,
    Marks,
    Mask,
    find_marks,
    on_grid_of_ink,
)

SMALLEST = 12
"""Frames lower or narrower than so many pixels are not told from digits."""

STRAIGHT, AWAY, SLANT = 0.6, 0.015, 0.35
"""A frame's side shows in the first share of its length: digits may reach over it. Up to the second
share of the frame's mean side, a place lies on it; its slope is at most the third."""

COVERED = 0.9
"""A line between two cells covers so large a share of the frame's height: no digit does."""

THICKEST, MOSTLY, EMPTIER = 0.15, 0.5, 0.7
"""A frame's lines are at most the first share of its height thick, and lines that take more than
the second share of it are no lines. Inside of a line there is less ink, by the third share at
least: the edge of many digits that touch only fades."""

UNEVEN = 0.06
"""Cells' widths differ by at most this share."""

BLURRED = 2
"""What lies this near to a line, in pixels, is its blurred edge; to a thick line, half as near as
it is thick."""

HELD = 0.35
"""A form holds something that is higher than this share of its height; a frame that holds nothing
may be a digit itself, a 0 or an 8."""

PALE, GAP = 2.0, 13
"""The lines of cells may be as pale as so many times the faintest ink, and have gaps of less than
so many pixels."""

STRONGER = 1.35
"""Ink so many times as strong as the lines is not theirs, where it was drawn; in photographs, where
pens are uneven, it is not told apart."""


@dataclass(frozen=True)
class Form:
    """A row of printed cells.

    Attributes:
        box: Where it is in the ink.
        num_lines: How many upright lines it has.
        pitch: From the middle of a cell to that of the next one, in the ink's pixels.
        lines: uint8 (2, height, width) of the box: 1 where upright lines are, and where level ones.
        thickness: Of its lines, in the ink's pixels.
    """

    box: Box
    num_lines: int
    pitch: float
    lines: Mask
    thickness: int

    def holds(self, box: Box) -> bool:
        """Tell whether the middle of a box lies in the form."""
        return holds_middle(self.box, box)


def find_forms(found: Marks, shape: tuple[int, ...]) -> list[Form]:
    """Find the rows of cells among marks, whether digits touch their lines or not.

    Args:
        found: The marks.
        shape: Of the ink that they were found in.
    """
    if len(found.every) > MOST_MARKS:
        return []
    forms = [look_for_cells(mark, found, shape) for mark in (*found.frames, *found.every)]
    return [form for form in forms if form is not None]


def find_pale_forms(ink: Ink) -> list[Form]:
    """Find cells whose lines are far paler than the digits, or also have gaps, in a photograph.

    What is stronger than such a line is made as pale: a digit would break the line near itself.
    """
    pale = replace(ink, strength=np.minimum(ink.strength, PALE * ink.faintest))
    return find_forms(find_marks(pale, LOOKING_SIDE), pale.strength.shape) or find_forms(
        find_marks(close_gaps(pale), LOOKING_SIDE), pale.strength.shape
    )


def close_gaps(ink: Ink) -> Ink:
    """Close the gaps along rows and along columns."""
    closed = [
        cv2.morphologyEx(ink.strength, cv2.MORPH_CLOSE, np.ones(side, np.uint8))
        for side in ((1, GAP), (GAP, 1))
    ]
    return replace(ink, strength=np.maximum(*closed))


def look_for_cells(mark: Mark, found: Marks, shape: tuple[int, ...]) -> Form | None:
    """Return the row of cells that a mark is, with what touches its lines; None if it is none."""
    if min(mark.width, mark.height) < SMALLEST:
        return None
    around = np.s_[mark.top : mark.bottom, mark.left : mark.right]
    own = (found.labels[around] == mark.number).astype(np.uint8)
    corners = find_corners(own)
    if corners is None:
        return None
    straighten, (width, height) = seen_upright(corners)
    straight = cv2.warpPerspective(own, straighten, (width, height), flags=cv2.INTER_NEAREST)
    level, (columns, starts) = level_lines(straight), upright_lines(straight)
    if not level.any() or starts.size < 2:
        return None
    printed = np.zeros((2, height, width), np.uint8)
    printed[0, :, columns] = printed[1, level] = 1
    thickness = max(int(half.sum()) for half in np.array_split(level, 2))
    reach = max(BLURRED, thickness // 2)
    back = cv2.WARP_INVERSE_MAP | cv2.INTER_NEAREST
    lines = np.stack(
        [
            spread(cv2.warpPerspective(part, straighten, own.shape[::-1], flags=back), reach)
            for part in printed
        ]
    )
    inside = lines.max(axis=0)[reach:-reach, reach:-reach]
    if not holds_digits(found.labels[around] * (inside == 0), height):
        return None
    step = found.step
    left, top = (mark.left - reach) * step, (mark.top - reach) * step
    lines = on_grid_of_ink(lines, step)
    lines = lines[:, max(0, -top) : shape[0] - top, max(0, -left) : shape[1] - left]
    left, top = max(0, left), max(0, top)  # the blurred edge may reach beyond the ink
    box = (left, top, left + lines.shape[2], top + lines.shape[1])
    pitch = float(np.median(np.diff(starts)))
    return Form(box, starts.size, pitch * step, lines, thickness * step)


def spread(lines: Mask, reach: int) -> Mask:
    """Make lines thicker by so many pixels on all sides, also beyond what they are drawn in."""
    room = cv2.copyMakeBorder(lines, *(reach,) * 4, cv2.BORDER_CONSTANT, value=(0,))
    return cv2.dilate(room, np.ones((2 * reach + 1,) * 2, np.uint8))


def find_corners(own: Mask) -> NDArray[np.float32] | None:
    """Return where the four sides of a frame meet, from its top left on; None if it is none.

    Args:
        own: uint8 (height, width), 1 where the mark is; no wider and no higher than it.

    Returns:
        float32 (4, 2), columns and rows.
    """
    height, width = own.shape
    tolerance = max(1.0, AWAY * (height + width) / 2)
    top = straight_side(own, tolerance)
    bottom = straight_side(own[::-1], tolerance)
    if top is None or bottom is None:
        return None
    lean = -(top[0] - bottom[0]) / 2  # where a digit reaches over a side, the side stands upright
    bottom = (-bottom[0], height - bottom[1])
    at_left, at_right = (
        (top[0] * column + top[1], bottom[0] * column + bottom[1]) for column in (0, width)
    )
    left = upright_side(own, at_left, tolerance) or (lean, max(0.0, -lean * height))
    right = upright_side(own[:, ::-1], at_right, tolerance) or (-lean, max(0.0, lean * height))
    right = (-right[0], width - right[1])
    meetings = ((top, left), (top, right), (bottom, right), (bottom, left))
    corners = []
    for (across, row), (down, column) in meetings:
        x = (down * row + column) / (1 - down * across)
        corners.append((x, across * x + row))
    return np.array(corners, np.float32)


def seen_upright(corners: NDArray[np.float32]) -> tuple[NDArray[np.float64], tuple[int, int]]:
    """Return the matrix that sets a form upright, and its width and height there."""
    sides = np.linalg.norm(np.roll(corners, -1, axis=0) - corners, axis=1)
    width, height = (max(SMALLEST, round(float(sides[i::2].mean()))) for i in (0, 1))
    upright = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    return cv2.getPerspectiveTransform(corners, upright), (width, height)


def upright_side(
    own: Mask, rows: tuple[float, float], tolerance: float
) -> tuple[float, float] | None:
    """Fit a line to most of a mark's left edge between two rows; None if it is not straight.

    Above and below, the left edge of a frame that leans is part of its upper and lower sides.

    Returns:
        The line's slope, in columns per row, and the column where it begins in the first row.
    """
    first, last = max(0, math.ceil(rows[0])), min(len(own), math.floor(rows[1]))
    if last - first < SMALLEST:
        return None
    side = straight_side(own[first:last].T, tolerance)
    return None if side is None else (side[0], side[1] - side[0] * first)


def straight_side(own: Mask, tolerance: float) -> tuple[float, float] | None:
    """Fit a line to most of a mark's upper edge (Theil, Sen); None if it is not straight.

    Args:
        own: uint8 (height, width), 1 where the mark is.
        tolerance: How far from the line a place may lie, in rows.

    Returns:
        The line's slope, and the row where it begins.
    """
    edge = own.argmax(axis=0)
    places, half = np.arange(len(edge)), len(edge) // 2
    slope = float(np.median(edge[half:] - edge[: len(edge) - half])) / half
    start = float(np.median(edge - slope * places))
    is_near = np.abs(edge - slope * places - start) <= tolerance
    if is_near.mean() <= STRAIGHT or abs(slope) > SLANT:
        return None
    slope, start = np.polyfit(places[is_near], edge[is_near], 1).tolist()
    return slope, start


def level_lines(straight: Mask) -> NDArray[np.bool_]:
    """Return which rows of an upright form are its level lines: thin ones at both ends, or none."""
    covered = straight.mean(axis=1)
    rows = covered > STRAIGHT
    reach = max(2, round(THICKEST * len(rows)))
    are_thin = all(map(ends_inside, (covered[:reach], covered[-reach:][::-1])))
    return rows & (are_thin and rows.mean() < MOSTLY)


def ends_inside(covered: NDArray[np.float64]) -> bool:
    """Tell whether a level line stands in a frame's outermost rows, and ends there.

    Args:
        covered: How much of each row has ink, from the outside in.
    """
    line = int(covered.argmax())
    inside = covered[line:].min()
    return bool(inside <= STRAIGHT < covered[line] and inside < EMPTIER * covered[line])


def upright_lines(straight: Mask) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
    """Return which columns of an upright form are its upright lines, and where each line begins."""
    near = cv2.dilate(straight, np.ones((1, 3), np.uint8))
    columns = near.mean(axis=0) > COVERED
    columns &= columns.mean() < MOSTLY
    everything = starts_of(columns)
    starts = between_cells(everything)
    if starts.size < everything.size:
        line = np.searchsorted(everything, np.arange(len(columns)), side="right") - 1
        columns &= np.isin(everything[line], starts)
    return columns, starts


def starts_of(lines: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return where lines begin; those with one place between are one."""
    before = np.pad(lines, (2, 0))
    return np.flatnonzero(lines & ~before[1:-1] & ~before[:-2])


def between_cells(starts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return which lines part cells of one width; what is between them is a digit's own stroke.

    Where no cells are of one width, it is a frame, and its first and last line are returned.

    Args:
        starts: Where lines begin.
    """
    for num_cells in range(len(starts) - 1, 1, -1):
        even = np.linspace(starts[0], starts[-1], num_cells + 1)
        nearest = starts[np.abs(starts[:, None] - even).argmin(axis=0)]
        if np.abs(nearest - even).max() <= max(1, UNEVEN * (even[1] - even[0])):
            return nearest
    return starts[[0, -1]] if starts.size > 1 else starts


def holds_digits(labels: NDArray[np.int32], height: int) -> bool:
    """Tell whether something high is left in a form of a height without its lines."""
    boxes = cv2.connectedComponentsWithStats((labels > 0).astype(np.uint8))[2]
    return bool((boxes[1:, cv2.CC_STAT_HEIGHT] > HELD * height).any())


def erase_forms(ink: Ink, forms: list[Form]) -> Ink:
    """Erase the lines of forms, keeping the strokes that cross them."""
    strength = ink.strength.copy()
    for form in forms:
        left, top, right, bottom = form.box
        part = strength[top:bottom, left:right]
        length = form.thickness + max(3, form.thickness // 2)  # with blurred edges
        for lines, size in zip(form.lines, ((1, length), (length, 1)), strict=True):
            is_line = lines > 0
            if ink.is_clean:
                across = np.ones([2 * side - 1 for side in size], np.uint8)
                crest = cv2.dilate(part * lines, across)
                is_line &= part < STRONGER * np.median(crest[is_line])
            crossing = cv2.morphologyEx(
                part,
                cv2.MORPH_OPEN,
                np.ones(size, np.uint8),
                borderType=cv2.BORDER_CONSTANT,
                borderValue=0,
            )
            part[is_line] = crossing[is_line]
    return replace(ink, strength=strength)
