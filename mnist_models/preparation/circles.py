"""Circles drawn around numbers: erased where digits touch them."""

from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from mnist_models.preparation.ink import Ink
from mnist_models.preparation.marks import Mark, Marks, Mask, on_grid_of_ink
from mnist_models.preparation.mnist_form import stroke_width

ROUND, NEAR = 0.8, 0.08
"""A circle covers so large a share of its convex hull's edge, from which it strays by up to the
second share of the circle's shorter side."""

PEN = 1.4
"""A circle is taken off from outside to so many times its stroke's width."""

TOUCHING = 0.2
"""What is left of a circle is part of a digit where it is higher than this share of it."""


def erase_circles(ink: Ink, found: Marks) -> Ink:
    """Erase the circles around digits, as far as digits touch them.

    Args:
        ink: What stands out of the picture.
        found: Its marks.
    """
    strength = ink.strength
    for mark in (*found.frames, *found.foreign):
        if not any(mark.holds(other) for other in found.every):
            continue
        circle = outer_stroke(found.labels, mark)
        if circle is not None:
            if strength is ink.strength:
                strength = strength.copy()
            left, top = mark.left * found.step, mark.top * found.step
            part = strength[top : mark.bottom * found.step, left : mark.right * found.step]
            high, wide = part.shape
            part[on_grid_of_ink(circle, found.step)[:high, :wide] > 0] = 0
    return ink if strength is ink.strength else replace(ink, strength=strength)


def outer_stroke(labels: NDArray[np.int32], mark: Mark) -> Mask | None:
    """Return which of a mark's pixels are a circle's; None where it is none or nothing touches it.

    Args:
        labels: Each pixel's mark.
        mark: One of them.

    Returns:
        uint8, of the mark's box.
    """
    own = np.uint8(labels[mark.top : mark.bottom, mark.left : mark.right] == mark.number)
    own = cv2.copyMakeBorder(own, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=(0,))
    hull = cv2.convexHull(cv2.findNonZero(own))
    edge = cv2.polylines(np.zeros_like(own), [hull], True, 1)
    away = cv2.distanceTransform(1 - own, cv2.DIST_L2, 5)
    if (away[edge > 0] <= NEAR * min(own.shape)).mean() < ROUND:
        return None
    outside = find_outside(own, cv2.fillConvexPoly(np.zeros_like(own), hull, 1))
    depth = cv2.distanceTransform(np.uint8(~outside), cv2.DIST_L2, 5)
    pen = max(1.0, stroke_width(cv2.distanceTransform(own, cv2.DIST_L2, 5)))
    circle = own & (depth <= PEN * pen)
    rest = cv2.connectedComponentsWithStats(own & (1 - circle))[2][1:]
    touching = rest[:, cv2.CC_STAT_HEIGHT] > TOUCHING * mark.height
    return circle[1:-1, 1:-1] if touching.any() else None


def find_outside(own: Mask, hull: Mask) -> NDArray[np.bool_]:
    """Tell where the outside of a circle is, also where it has a gap.

    Outside is what lies beyond its hull, and the flat pockets between the hull and the circle.

    Args:
        own: uint8 (height, width), 1 where the circle is, with what touches it.
        hull: uint8 (height, width), 1 inside of its convex hull.
    """
    num_parts, parts = cv2.connectedComponents(hull & (1 - own), connectivity=4)
    inside = cv2.distanceTransform(hull, cv2.DIST_L2, 5)
    deepest = np.zeros(num_parts, np.float32)
    np.maximum.at(deepest, parts.ravel(), inside.ravel())
    is_outside = deepest <= NEAR * min(own.shape)
    is_outside[0] = True  # beyond the hull
    return is_outside[parts] & (own == 0)
