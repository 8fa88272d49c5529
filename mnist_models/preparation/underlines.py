"""The line on which a digit stands: an underline that touches it, a ruled line through its foot."""

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
    _, labels, boxes, _ = cv2.connectedComponentsWithStats(np.uint8(left_over > ink.faintest))
    largest = boxes[1:].max(axis=0, initial=1)
    kept = [
        number
        for number in range(1, len(boxes))
        if boxes[number, cv2.CC_STAT_AREA] > 0.1 * largest[cv2.CC_STAT_AREA]
        and boxes[number, cv2.CC_STAT_HEIGHT] > 0.25 * largest[cv2.CC_STAT_HEIGHT]
    ]
    rest = np.isin(labels, kept).astype(np.uint8)
    _, _, rest_width, _ = cv2.boundingRect(rest)
    if not 0 < rest_width < NARROWER * small.shape[1]:
        return None
    return replace(ink, strength=left_over).only(rest)
