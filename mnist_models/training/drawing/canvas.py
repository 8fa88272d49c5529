"""The enlarged ink that training draws on: three times as large as MNIST's digits.

It is fitted like every picture's ink, by ``mnist_form``: the networks are trained on what they will
be given.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from mnist_models.digits import SIDE
from mnist_models.preparation.mnist_form import mnist_form

Digit = NDArray[np.uint8]
"""uint8 (28, 28), as MNIST has it: 0 for ground to 255 for full ink."""

LargeInk = NDArray[np.uint8]
"""uint8 (108, 108), enlarged ink: 0 for ground to 255 for full ink."""

Random = np.random.Generator

SCALE = 3
CANVAS = 36 * SCALE
"""Side of the enlarged ink in pixels, with room for strokes that leave the digit's frame."""

GRID = np.stack(np.meshgrid(np.arange(CANVAS), np.arange(CANVAS)), axis=-1).astype(np.float32)
MIDDLE = np.float32((CANVAS - 1) / 2)


def enlarge(digit: Digit) -> LargeInk:
    """Return a digit's ink three times as large, uint8 (108, 108), with a margin."""
    margin = (CANVAS - SIDE * SCALE) // 2
    ink = np.zeros((CANVAS, CANVAS), np.uint8)
    large = cv2.resize(digit, None, fx=SCALE, fy=SCALE, interpolation=cv2.INTER_CUBIC)
    ink[margin:-margin, margin:-margin] = large
    return ink


def has_ink(ink: LargeInk) -> bool:
    """Tell whether bending and a thin pen left something to read."""
    return bool(ink.max() > 64)


def fit_ink(ink: LargeInk) -> Digit:
    """Fit ink as every picture's ink is fitted."""
    return mnist_form(ink.astype(np.float32) / np.float32(255))


def chance(random: Random, probability: float) -> bool:
    """Return True with the given probability."""
    return bool(random.random() < probability)


def rotation(angle: float) -> NDArray[np.float64]:
    """Return the matrix of a turn, in radians."""
    return np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])


def any_width(random: Random) -> int:
    """Choose a pen, in pixels of the enlarged ink."""
    return int(random.integers(SCALE, 7 * SCALE // 2))
