"""From ink to a digit like MNIST's: boxed, drawn with a usual pen, and balanced."""

import cv2
import numpy as np
from numpy.typing import NDArray

from mnist_models.digits import BOX, CENTER, SIDE

FAINTEST = 0.02
"""Ink weaker than this share of the strongest does not count when the digit's box is found: more
would cut soft edges off, less would let compression widen the box."""

FINE = 4
"""Pixels of the fine grid, on which the pen's width is measured, per pixel of a digit: finer costs
time and tells widths apart no better."""

SMOOTH = 2.0
"""Ink that nowhere changes faster than this, from ground to full ink, per pixel is smooth: a sharp
drawing changes faster, an enlarged one slower."""

THINNEST, THICKEST = 1.3, 6.6
"""Widths of pen, in pixels of a digit, between which 99.8 % of MNIST's training digits lie."""

THIN, THICK = 2.4, 5.0
"""Widths that thinner and thicker pens are given instead: MNIST's median and 99th percentile."""


def mnist_form(ink: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Fit ink into a box of 20 x 20 and balance it on pixel 14 of 28 x 28.

    The box of the ink is made square by extending its shorter side, averaged over areas to
    20 x 20, scaled to a largest value of 255, and moved by whole pixels until its center of mass
    lies in pixel 14: how MNIST was made (Yadav and Bottou, "Cold Case: The Lost MNIST Digits",
    2019). A pen far thinner or thicker than any of MNIST's is given one of MNIST's widths first.

    Args:
        ink: float32 (height, width), 0..1, with some ink in it.

    Returns:
        uint8 (28, 28).
    """
    square = square_box(ink)
    changed = change_pen(square)
    if changed is not None:
        square = square_box(changed)
    small = np.clip(resize(square, BOX), 0, None)
    small *= 255 / small.max()
    down, right = (np.float32(shift(small.sum(axis=axis))) for axis in (1, 0))
    move = np.array([[1, 0, right], [0, 1, down]])
    return cv2.warpAffine(
        np.rint(small).astype(np.uint8), move, (SIDE, SIDE), flags=cv2.INTER_NEAREST
    )


def resize(square: NDArray[np.float32], side: int) -> NDArray[np.float32]:
    """Bring a square to another size: averaged over areas, or smoothly enlarged.

    What is already smooth over the new pixels, an enlarged picture for one, is read at their
    centers: averaging would blur it twice.
    """
    if len(square) < side:
        return cv2.resize(square, (side, side), interpolation=cv2.INTER_CUBIC)
    steepest = max(
        cv2.absdiff(square[1:], square[:-1]).max(), cv2.absdiff(square[:, 1:], square[:, :-1]).max()
    )
    smooth = steepest * len(square) / side < SMOOTH
    interpolation = cv2.INTER_LINEAR if smooth else cv2.INTER_AREA
    return cv2.resize(square, (side, side), interpolation=interpolation)


def square_box(ink: NDArray[np.float32]) -> NDArray[np.float32]:
    """Cut out the ink's box, made square by extending its shorter side.

    Extending to the right and below keeps an enlarged digit on its own pixel grid.
    """
    left, top, width, height = cv2.boundingRect((ink > FAINTEST).astype(np.uint8))
    ink = ink[top : top + height, left : left + width]
    reach = int(0.4 * max(width, height) / BOX)
    left, top, width, height = cv2.boundingRect(solid(ink, reach))
    longest = max(width, height)
    ink = ink[top : top + longest, left : left + longest]
    below, beside = longest - ink.shape[0], longest - ink.shape[1]
    return cv2.copyMakeBorder(ink, 0, below, 0, beside, cv2.BORDER_CONSTANT, value=0)


def solid(ink: NDArray[np.float32], reach: int) -> NDArray[np.uint8]:
    """Mark ink that is at least half as strong as the strongest within reach: not blurred edges."""
    around = cv2.dilate(ink, np.ones((2 * reach + 1, 2 * reach + 1), np.uint8))
    return ((ink >= 0.5 * around) & (ink > FAINTEST)).astype(np.uint8)


def change_pen(square: NDArray[np.float32]) -> NDArray[np.float32] | None:
    """Draw with a usual pen what was drawn with a very thin or thick one; None if it was usual.

    A stroke's width is measured, and changed, by each pixel's distance to the stroke's edge.
    """
    fine, edge = resize(square, BOX * FINE), 2 * FINE
    fine = cv2.copyMakeBorder(fine, edge, edge, edge, edge, cv2.BORDER_CONSTANT, value=0)
    stroke = solid(cv2.GaussianBlur(fine, (0, 0), 0.3 * FINE), reach=FINE)
    if not stroke.any():  # specks so far apart that none is left on the fine grid
        return None
    inside = cv2.distanceTransform(stroke, cv2.DIST_L2, 3)
    width = stroke_width(inside) / FINE
    if THINNEST <= width <= THICKEST:
        return None
    grow = ((THIN if width < THINNEST else THICK) - width) / 2 * FINE
    outside = cv2.distanceTransform(1 - stroke, cv2.DIST_L2, 3)
    return np.clip(inside - outside + grow + 0.5, 0, 1)


def stroke_width(inside: NDArray[np.float32]) -> float:
    """Return how wide strokes are, in pixels.

    Across a stroke n pixels wide the distances to its edge are 1, 2 and so on to the middle, and
    down again: their mean is n / 4 + 1 / 2, from which n follows.

    Args:
        inside: float32 (height, width), each pixel's distance to the stroke's edge; 0 for ground.
    """
    return 4 * float(inside[inside > 0].mean()) - 2


def shift(profile: NDArray[np.float32]) -> float:
    """Find by how many whole pixels a box moves so that its center of mass falls in ``CENTER``.

    Args:
        profile: float32 (20,), the ink per row or column.
    """
    center = np.average(np.arange(BOX) + 0.5, weights=profile)
    return np.floor(CENTER - center) + 1
