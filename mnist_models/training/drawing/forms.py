"""Forms of digits that other countries write and MNIST, American, hardly holds."""

import cv2
import numpy as np
from numpy.typing import NDArray

from mnist_models.training.drawing.canvas import (
    CANVAS,
    MIDDLE,
    SCALE,
    LargeInk,
    Random,
    any_width,
    chance,
    rotation,
)


def write_as_elsewhere(ink: LargeInk, label: int, random: Random) -> LargeInk:
    """Give a digit a form that other countries write and MNIST, American, hardly holds."""
    if label not in FORMS or not chance(random, 0.6):
        return ink
    rows = np.flatnonzero((ink > 127).any(axis=1))
    if len(rows) < 6 * SCALE:
        return ink
    return FORMS[label](ink.copy(), int(rows[0]), int(rows[-1]), random)


def add_flag(ink: LargeInk, top: int, bottom: int, random: Random) -> LargeInk:
    """Give a 1 its flag, which meets the stem in an acute angle, and sometimes a foot."""
    ink = slant(ink, random.uniform(-0.15, 0.25))
    width, height = pen_width(ink), bottom - top
    start = np.array([ink_center(ink, top + 1), top + width // 2])
    stem = np.array([ink_center(ink, bottom - 1), bottom - width // 2]) - start
    lean = np.arctan2(-stem[0], stem[1])
    widest = min(1.05, 1.05 - lean / 2, 1.22 - lean)  # a flag that lies flat would make a 7
    if widest < 0.3:
        return ink
    angle = random.uniform(0.3, widest)
    flag = random.uniform(0.15, 1.05 - 0.5 * angle) * rotation(angle) @ stem
    if chance(random, 0.5):  # with one pen throughout; most of MNIST's ones are thick
        width = any_width(random)
        ink[:] = 0
        draw_curve(ink, start, start + stem, 0.04, width, random)
    draw_curve(ink, start + stem * random.uniform(0, 0.06), start + flag, 0.15, width, random)
    if chance(random, 0.3):
        reach = height * random.uniform(0, 0.4, 2) * (-1, 1)
        left, right = start + stem + np.stack([reach, random.normal(0, 0.05, 2) * height], axis=1)
        draw_curve(ink, left, right, 0.03, width, random)
    return ink


def lower_arm(ink: LargeInk, top: int, bottom: int, random: Random) -> LargeInk:
    """Let a 4's right arm begin lower than its left one, which opens a closed 4."""
    gaps = {}
    for row in range(top, bottom):
        columns = np.flatnonzero(ink[row] > 127)
        (breaks,) = np.nonzero(np.diff(columns) > 1)
        if len(breaks) == 1:
            gaps[row] = int(columns[breaks[0]] + columns[breaks[0] + 1]) // 2
        elif gaps:
            break
    if len(gaps) < 4 * SCALE or min(gaps) > top + 3 * SCALE:
        return ink
    cut = random.uniform(0.2, 0.75) * len(gaps)
    for row in range(top, min(gaps) + round(cut)):
        ink[row, gaps.get(row, gaps[min(gaps)]) :] = 0
    return ink


def cross(ink: LargeInk, top: int, bottom: int, random: Random) -> LargeInk:
    """Cross a 7's stem, let its bar reach beyond the stem, and hang a hook on it."""
    width, height = pen_width(ink), bottom - top
    columns, rows = np.nonzero(ink[top : top + height // 3].T > 127)
    if not len(columns):
        return ink
    left, right = np.stack([columns, rows + top], axis=1)[[0, -1]].astype(np.float64)
    foot = np.array([ink_center(ink, bottom - 1), bottom - width // 2], np.float64)
    if chance(random, 0.5):  # with one pen throughout
        width = any_width(random)
        ink[:] = 0
        draw_curve(ink, left, right, 0.08, width, random)
        draw_curve(ink, right, foot, 0.12, width, random)
    if chance(random, 0.35):
        beyond = height * np.array([random.uniform(0.08, 0.35), random.normal(0, 0.05)])
        draw_curve(ink, right, right + beyond, 0.05, width, random)
    if chance(random, 0.75):
        cross_stem(ink, top, height, width, random)
    if chance(random, 0.3):
        drop = height * np.array([random.normal(-0.03, 0.05), random.uniform(0.06, 0.18)])
        draw_curve(ink, left, left + drop, 0.15, width, random)
    return ink


def cross_stem(ink: LargeInk, top: int, height: int, width: int, random: Random) -> None:
    """Draw a bar across a 7's stem."""
    row = round(top + height * random.uniform(0.35, 0.72))
    reach = height * random.uniform(0.15, 0.45)
    rise = random.normal(0, 0.25) * reach
    middle = np.array([ink_center(ink, row), row], np.float64)
    end = middle + np.array([reach * random.uniform(0.7, 1.5), -rise])
    draw_curve(ink, middle - np.array([reach, -rise]), end, 0.1, width, random)


def curl(ink: LargeInk, top: int, bottom: int, random: Random) -> LargeInk:
    """Curl a 9's tail to the left."""
    width = pen_width(ink)
    reach = (bottom - top) * random.uniform(0.1, 0.35)
    middle = (round(ink_center(ink, bottom - 2) - reach), bottom - width // 2)
    axes = (round(reach), round(reach * random.uniform(0.3, 1)))
    cv2.ellipse(ink, middle, axes, 0, 0, random.uniform(80, 170), 255, width, cv2.LINE_AA)
    return ink


FORMS = {1: add_flag, 4: lower_arm, 7: cross, 9: curl}


def pen_width(ink: LargeInk) -> int:
    """Estimate a stroke's width, in pixels of the enlarged ink."""
    inside = cv2.distanceTransform((ink > 127).astype(np.uint8), cv2.DIST_L2, 3)
    return max(2, round(1.7 * float(inside.max())))


def ink_center(ink: LargeInk, row: int) -> int:
    """Return the column of the middle of a row's ink."""
    columns = np.flatnonzero(ink[row] > 127)
    return int(columns.mean()) if len(columns) else CANVAS // 2


def slant(ink: LargeInk, slope: float) -> LargeInk:
    """Lean ink to the right by so many columns a row; less than 0, to the left."""
    matrix = np.array([[1, -slope, slope * MIDDLE], [0, 1, 0]], np.float32)
    return cv2.warpAffine(ink, matrix, (CANVAS, CANVAS), flags=cv2.INTER_LINEAR)


def draw_curve(
    ink: LargeInk,
    start: NDArray[np.float64],
    end: NDArray[np.float64],
    sag: float,
    width: int,
    random: Random,
) -> None:
    """Draw a line as a hand does.

    Args:
        ink: What is drawn on.
        start: Column and row.
        end: Column and row.
        sag: Standard deviation of the line's bend, as a share of its length.
        width: In pixels of the enlarged ink.
        random: Source of every choice.
    """
    along = end - start
    knee = start + along * random.uniform(0.25, 0.75)
    knee += random.normal(0, sag) * np.array([-along[1], along[0]])
    share = np.linspace(0, 1, 9)[:, None]
    curve = (1 - share) ** 2 * start + 2 * share * (1 - share) * knee + share**2 * end
    cv2.polylines(ink, [np.rint(curve).astype(np.int32)], False, 255, width, cv2.LINE_AA)
