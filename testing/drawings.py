"""Digits drawn with the tests' own strokes, one on a page and several beside each other."""

from collections.abc import Mapping

import cv2
import numpy as np
from numpy.typing import NDArray

from testing.scenes import ink_of
from testing.strokes import DIGITS, Strokes

PAGE = 500
"""Side of a drawn page, in pixels."""

HEIGHT, PEN = 150, 12
"""Of the digits that are written and of their strokes' width, in pixels."""

MARGIN = 60
"""Left and right of what is written, in pixels; above and below it is a little less."""


def draw(strokes: Strokes, size: int = 280, pen: int = 22, left: int = 60) -> NDArray[np.uint8]:
    """Draw strokes on a page: uint8 (500, 500), 0 for ground to 255 for ink."""
    corner = (left - pen / 2, 100 - pen / 2)
    return ink_of(strokes, (PAGE, PAGE), corner, size + pen, pen)


def write(
    text: str,
    gap: int = 30,
    *,
    space: int = 200,
    height: int = HEIGHT,
    pen: int = PEN,
    forms: Mapping[str, Strokes] = DIGITS,
) -> NDArray[np.uint8]:
    """Write digits, spaces and lines: uint8 (rows, columns), 0 for ground to 255 for ink.

    Args:
        text: What is written.
        gap: Between two digits, in pixels; below 0 they overlap.
        space: What a space adds to it, in pixels.
        height: Of the digits, in pixels.
        pen: Its width, in pixels.
        forms: The strokes of each digit.
    """
    rows = []
    for line in text.split("\n"):
        row = np.zeros((height + 100, MARGIN), np.uint8)
        for character in line:
            if character == " ":
                row = np.pad(row, ((0, 0), (0, space)))
                continue
            page = draw(forms[character], size=height, pen=pen)
            left, _, width, _ = cv2.boundingRect(page)
            row = np.pad(row, ((0, 0), (0, gap + width)))
            part = row[:, -width:]
            np.maximum(part, page[50 : height + 150, left : left + width], out=part)
        rows.append(np.pad(row, ((0, 0), (0, MARGIN))))
    widest = max(row.shape[1] for row in rows)
    return np.vstack([np.pad(row, ((0, 0), (0, widest - row.shape[1]))) for row in rows])
