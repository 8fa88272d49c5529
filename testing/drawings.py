"""Digits drawn with the tests' own strokes."""

import numpy as np
from numpy.typing import NDArray

from testing.scenes import ink_of
from testing.strokes import Stroke

PAGE = 500
"""Side of a drawn page, in pixels."""


def draw(
    strokes: list[Stroke], size: int = 280, pen: int = 22, left: int = 60
) -> NDArray[np.uint8]:
    """Draw strokes on a page: uint8 (500, 500), 0 for ground to 255 for ink."""
    corner = (left - pen / 2, 100 - pen / 2)
    return ink_of(strokes, (PAGE, PAGE), corner, size + pen, pen)
