"""Whether a straight stroke is a 1: edges, scroll bars and axes are ones to the network, too.

Digits of one picture are written with one pen, about equally high. What is straight and was drawn
with another pen is none of them.
"""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from mnist_models.preparation.ink import Box, Ink, gap_between
from mnist_models.preparation.mnist_form import stroke_width
from mnist_models.preparation.writing import Line

THINNEST = 0.25
"""What is at most so many times as wide as long is straight."""

SPREAD = np.array([0.25, 0.35, 0.35])
"""By how much digits of one hand differ in height, in their strokes' width and in their strength:
the standard deviation of the logarithm, twice to four times that of the development half's
photographs, since children's digits differ more."""

THICKER = 0.5
"""By this share counts that a stroke is thicker than the others: edges are rather thinner."""

UNLIKE, UNLIKE_FAR, FAR = 2.0, 1.0, 1.0
"""A straight stroke that differs by more standard deviations is none of the digits: by the second,
where it is farther than so many times its height from all of them."""


def is_straight(digit: NDArray[np.uint8]) -> bool:
    """Tell whether a digit, uint8 (28, 28), is a straight line: a 1, or something else."""
    _, sides, _ = cv2.minAreaRect(cv2.findNonZero((digit > 127).astype(np.uint8)))
    return min(sides) < THINNEST * max(sides)


def count_strokes(seen: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Count the strokes one below the other in each column of ink, bool (rows, columns)."""
    begins = seen & np.diff(seen, axis=0, prepend=False)
    return begins.sum(axis=0)


def bent(digits: Line) -> Line:
    """Return the digits that are no straight lines."""
    return [digit for digit in digits if not is_straight(digit.pixels)]


def find_unlike(ink: Ink, boxes: Sequence[Box], straight: Sequence[bool]) -> list[bool]:
    """Tell which straight strokes were not written with the pen of the other digits.

    Args:
        ink: What stands out.
        boxes: Where the digits are in it.
        straight: Of each digit, whether it is straight.
    """
    if len(boxes) < 2 or not any(straight):
        return [False] * len(boxes)
    strokes = np.log([measure_stroke(ink, box) for box in boxes])
    others = strokes[~np.array(straight)] if not all(straight) else strokes
    off = (strokes - np.median(others, axis=0)) / SPREAD
    off[:, 1] *= np.where(off[:, 1] > 0, THICKER, 1)
    most = [UNLIKE_FAR if is_far(box, boxes) else UNLIKE for box in boxes]
    return (np.array(straight) & (np.linalg.norm(off, axis=1) > most)).tolist()


def is_far(box: Box, boxes: Sequence[Box]) -> bool:
    """Tell whether a box is farther than its height from all others."""
    nearest = min(gap_between(box, other) for other in boxes if other is not box)
    return nearest > FAR * (box[3] - box[1])


def measure_stroke(ink: Ink, box: Box) -> tuple[float, float, float]:
    """Return a digit's height and its strokes' width, in pixels of the ink, and their strength."""
    part = ink.part(box)
    seen = part.strength > ink.faintest
    full = (part.only(seen.astype(np.uint8)) > 0.5).astype(np.uint8)
    inside = cv2.distanceTransform(np.pad(full, 1), cv2.DIST_L2, 5)
    strength = float(np.quantile(part.strength[seen], 0.8))
    return box[3] - box[1], max(1.0, stroke_width(inside)), strength
