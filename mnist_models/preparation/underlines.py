"""Lines that touch a digit: an underline, a ruled line through its foot, the edges of its cell."""

from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from mnist_models.preparation.ink import Ink
from mnist_models.preparation.ruled_lines import erase_ruled_lines

Mask = NDArray[np.uint8]

LINE_SIDE, SMALLEST_SIDE = 200, 20
"""A line below a digit is looked for with between so many pixels a side."""

NARROWER = 0.85
"""What stands on a line below is at most this share as wide as the line: a 2's foot is no line."""

OUTSIDE, ALONG, SLANT = 0.14, 0.95, 0.03
"""A cell's edge lies in the first share of its picture, and covers the second share of the side
where it leans by up to the last share: the bar of a 7 covers less."""


def without_line_below(ink: Ink, mask: Mask) -> NDArray[np.float32] | None:
    """Return the ink of some marks without the line on which they stand, if there is one.

    An underline that touches its digit, or a ruled line through its foot, is a straight line in
    the lower half of the marks, wider than what it leaves.

    Args:
        ink: What stands out of the picture.
        mask: uint8 (height, width), 1 where the marks are.

    Returns:
        float32 (height, width) of the marks' box, 0..1; None where no such line is found.
    """
    left, top, width, height = cv2.boundingRect(mask)
    box = (left, top, left + width, top + height)
    strength = ink.part(box).strength * mask[top : top + height, left : left + width]
    factor = max(1, max(strength.shape) // LINE_SIDE)
    small = cv2.resize(
        strength.astype(np.float32),
        (width // factor, height // factor),
        interpolation=cv2.INTER_AREA,
    )
    if min(small.shape) < SMALLEST_SIDE:
        return None
    left_over = erase_ruled_lines(small, ink.faintest, least=1, upright_too=False)
    erased = ((small > ink.faintest) & (left_over <= ink.faintest)).sum(axis=1)
    if not erased.any() or np.average(np.arange(len(erased)), weights=erased) < len(erased) / 2:
        return None
    rest = without_specks(left_over > ink.faintest)
    _, _, rest_width, _ = cv2.boundingRect(rest)
    if not 0 < rest_width < NARROWER * small.shape[1]:
        return None
    return replace(ink, strength=left_over).only(rest)


def without_edges(ink: Ink, mask: Mask) -> NDArray[np.float32] | None:
    """Return the ink of some marks without the lines along the picture's border, if there are any.

    A cell that was cropped tightly shows its printed edges, and its digit may touch them.

    Args:
        ink: What stands out of the picture.
        mask: uint8 (height, width), 1 where the marks are.

    Returns:
        float32 (height, width), 0..1; None where no such line is found.
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
    return ink.only(without_specks(rest))


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
