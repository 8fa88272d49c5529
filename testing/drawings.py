"""Digits drawn with the tests' own strokes."""

import cv2
import numpy as np
from numpy.typing import NDArray

from testing.strokes import Stroke

PAGE = 500
"""Side of a drawn page, in pixels."""


def draw(
    strokes: list[Stroke], size: int = 280, pen: int = 22, left: int = 60
) -> NDArray[np.uint8]:
    """Draw strokes on a page: uint8 (500, 500), 0 for ground to 255 for ink."""
    page = np.zeros((PAGE, PAGE), np.uint8)
    for stroke in strokes:
        points = np.array(stroke) * size // 1000 + (left, 100)
        cv2.polylines(page, [points.astype(np.int32)], False, 255, pen, cv2.LINE_AA)
    return page
