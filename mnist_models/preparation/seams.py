"""Where digits that touch may be cut: paths from top to bottom that cross little ink."""

import cv2
import numpy as np
from numpy.typing import NDArray

from mnist_models.preparation.ground import Strength
from mnist_models.preparation.mnist_form import stroke_width

SEAM_SIDE = 96
"""Places to cut are looked for with lines of this height, in pixels."""

ANCHORS = (0.3, 0.5, 0.7)
"""Rows, as shares of the height, in which each place to cut is the cheapest one nearby."""

SEAMS_PER_HEIGHT, SEAM_GAP = 12, 0.05
"""So many places to cut are looked at per line height of width, at least this share of it apart."""

MERGED, TWO_PENS, LESS = 1.1, 1.6, 0.9
"""From the first to the second width, in pens, a stroke is more and more likely two that touch; to
cut along the middle of two costs less by the last share."""

LEAN = 0.2
"""What a cut costs, against crossing a pixel of ink, for each step aside."""


def find_seams(strength: Strength, height: float) -> list[tuple[NDArray[np.int64], float]]:
    """Find the paths from top to bottom that cross least ink, as seams do (Avidan, Shamir 2007).

    Args:
        strength: (rows, columns) of touching digits.
        height: Of their line, in rows.

    Returns:
        The paths from left to right, none of which crosses another: each one's column in every
        row, and how much ink it crosses, as a share of the height.
    """
    scale = SEAM_SIDE / height
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    small = cv2.resize(strength.astype(np.float32), None, fx=scale, fy=scale, interpolation=way)
    rows, columns = small.shape
    cost = cutting_costs(small)
    above, from_above = cheapest_ways(cost)
    below, from_below = cheapest_ways(cost[::-1])
    through = above + below[::-1] - cost
    ends = [
        (float(through[row, column]), row, column)
        for row in np.rint(np.multiply(ANCHORS, rows - 1)).astype(int).tolist()
        for column in valleys(through[row])
    ]
    paths: list[tuple[NDArray[np.int64], float]] = []
    for crossing, row, column in sorted(ends):
        up = follow(from_above, row, column)
        down = follow(from_below, rows - 1 - row, column)
        path = np.concatenate([up[::-1], down[1:]])
        if all(float(np.abs(path - other).mean()) > SEAM_GAP * SEAM_SIDE for other, _ in paths):
            paths.append((path, crossing / SEAM_SIDE))
        if len(paths) >= SEAMS_PER_HEIGHT * columns / SEAM_SIDE:
            break
    at = np.minimum((np.arange(len(strength)) * scale).astype(int), rows - 1)
    seams: list[tuple[NDArray[np.int64], float]] = []
    reached = np.zeros(len(strength), np.int64)
    for path, crossing in sorted(paths, key=lambda found: float(found[0].mean())):
        reached = np.maximum(reached, np.rint((path[at] + 0.5) / scale).astype(np.int64))
        seams.append((reached, crossing))
    return seams


def cutting_costs(strength: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return what a cut costs in each place: 1 in a stroke, less where two strokes have merged.

    Two digits that touch along a stretch share a stroke broader than the pen, and part along its
    middle: a cut around it would give one digit's side to the other.
    """
    ink = np.minimum(2 * strength / max(float(strength.max()), 1e-6), 1)
    inside = cv2.distanceTransform((ink > 0.5).astype(np.uint8), cv2.DIST_L2, 5)
    inside = np.minimum(inside, SEAM_SIDE)  # without any ground it has no end
    pen = max(1.0, stroke_width(inside))
    merged = np.clip((2 * inside / pen - MERGED) / (TWO_PENS - MERGED), 0, 1)
    return ink * (1 - LESS * merged) + 0.01


def cheapest_ways(
    cost: NDArray[np.float32],
) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Return what the cheapest way from the first row to each place costs, and whence it comes.

    Args:
        cost: Of each place, float32 (rows, columns).

    Returns:
        The costs, float32 (rows, columns), and the column of each way in the row before.
    """
    total, came_from = cost.copy(), np.zeros(cost.shape, np.int64)
    here = np.arange(cost.shape[1])
    for row in range(1, len(cost)):
        padded = np.pad(total[row - 1], 1, constant_values=np.inf)
        options = np.stack([padded[1:-1], padded[:-2] + LEAN, padded[2:] + LEAN])
        choice = options.argmin(axis=0)
        came_from[row] = here + np.array([0, -1, 1])[choice]
        total[row] += options[choice, here]
    return total, came_from


def follow(came_from: NDArray[np.int64], row: int, column: int) -> NDArray[np.int64]:
    """Return the columns of the cheapest way to a place, from there back to the first row."""
    path = np.empty(row + 1, np.int64)
    for step in range(row + 1):
        path[step] = column
        column = int(came_from[row - step, column])
    return path


def valleys(heights: NDArray[np.float32]) -> list[int]:
    """Return where a profile is lowest between rises; of a flat valley, its middle."""
    changes = np.flatnonzero(np.abs(np.diff(heights)) > 1e-4)
    starts, ends = np.append(0, changes + 1), np.append(changes, len(heights) - 1)
    levels = np.pad(heights[starts], 1, constant_values=np.inf)
    is_low = (levels[1:-1] < levels[:-2]) & (levels[1:-1] < levels[2:])
    return ((starts + ends) // 2)[is_low].tolist()
