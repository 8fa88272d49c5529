"""What hands, pens and cameras do to a digit; and what is drawn that is no digit.

Everything happens on ink three times as large as MNIST's, which is then fitted like every
picture's ink, by ``fit.fit``: the networks are trained on what they will be given.
"""

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from mnist_models.digits import SIDE
from mnist_models.errors import NoInkError
from mnist_models.fit import fit
from mnist_models.ink import read_ink

Ink = NDArray[np.uint8]
Map = NDArray[np.float32]
Random = np.random.Generator

SCALE = 3
CANVAS = 36 * SCALE
"""Side of the enlarged ink in pixels, with room for strokes that leave the digit's frame."""

GRID = np.stack(np.meshgrid(np.arange(CANVAS), np.arange(CANVAS)), axis=-1).astype(np.float32)
MIDDLE = np.float32((CANVAS - 1) / 2)

WAVES = ((3, 1.6), (6, 0.6))
"""Elastic bends: knots a side, and the largest standard deviation of their shifts, in pixels of a
digit. The wide ones change proportions, how large a 9's loop is; the narrow ones unsteady hands.
"""


def vary(digit: Ink, label: int, random: Random) -> Ink:
    """Draw the same digit as another hand, with another pen, seen by another camera.

    Args:
        digit: uint8 (28, 28), one of MNIST's training digits.
        label: What it shows, 0 to 9.
        random: Source of every choice.

    Returns:
        uint8 (28, 28).
    """
    if chance(random, 0.25):  # untouched, as the test digits are: whatever is resampled is softer
        return digit
    if chance(random, 0.25):
        ink = bend(enlarge(digit), random, strength=0.5)
        return fit_ink(ink) if has_ink(ink) else digit
    ink = write_as_elsewhere(enlarge(digit), label, random)
    ink = change_pen(bend(ink, random, strength=1.0), random)
    return photograph(fit_ink(ink) if has_ink(ink) else digit, random)


def draw_non_digit(digits: Ink, random: Random) -> Ink:
    """Draw something that is no digit, prepared like one.

    Args:
        digits: uint8 (2, 28, 28), two digits that may serve as parts.
        random: Source of every choice.

    Returns:
        uint8 (28, 28).
    """
    motif = MOTIFS[random.integers(len(MOTIFS))]
    ink = change_pen(bend(motif(digits, random), random, strength=1.0), random)
    if not has_ink(ink):
        return draw_non_digit(digits, random)
    return photograph(fit_ink(ink), random)


def has_ink(ink: Ink) -> bool:
    """Tell whether bending and a thin pen left something to read."""
    return ink.max() > 64


def fit_ink(ink: Ink) -> Ink:
    """Fit ink as every picture's ink is fitted."""
    return fit(ink.astype(np.float32) / 255)


def chance(random: Random, probability: float) -> bool:
    """Return True with the given probability."""
    return bool(random.random() < probability)


def enlarge(digit: Ink) -> Ink:
    """Return a digit's ink three times as large, uint8 (108, 108), with a margin."""
    margin = (CANVAS - SIDE * SCALE) // 2
    ink = np.zeros((CANVAS, CANVAS), np.uint8)
    large = cv2.resize(digit, None, fx=SCALE, fy=SCALE, interpolation=cv2.INTER_CUBIC)
    ink[margin:-margin, margin:-margin] = large
    return ink


def rotation(angle: float) -> NDArray[np.float64]:
    """Return the matrix of a turn, in radians."""
    return np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])


def bend(ink: Ink, random: Random, strength: float) -> Ink:
    """Slant, turn, stretch and bend, as hands differ (elastic: Simard, Steinkraus, Platt 2003)."""
    angle, slant, aspect = random.normal(0, (0.12, 0.15, 0.08)) * strength
    matrix = rotation(angle) @ [[1, slant], [0, 1]] @ np.diag(np.exp([aspect, -aspect]))
    still = MIDDLE - matrix @ (MIDDLE, MIDDLE)
    target = cv2.transform(GRID, np.column_stack([matrix, still]))
    for size, largest in WAVES:
        waves = random.normal(0, random.uniform(0, largest) * SCALE * strength, (size, size, 2))
        target += cv2.resize(
            waves.astype(np.float32), (CANVAS, CANVAS), interpolation=cv2.INTER_CUBIC
        )
    return cv2.remap(ink, shift_middle(target, random, strength), None, cv2.INTER_LINEAR)


def shift_middle(target: Map, random: Random, strength: float) -> Map:
    """Move the middle of a digit's frame up or down, as hands give a 9 a large or a small loop.

    Args:
        target: Column and row that each pixel comes from, float32 (CANVAS, CANVAS, 2).
        random: Source of the choice.
        strength: 0 moves nothing.
    """
    top, height = (CANVAS - SIDE * SCALE) // 2, SIDE * SCALE
    share = np.clip((target[..., 1] - top) / height, 0, 1)
    power = np.float32(np.exp(random.normal(0, 0.25) * strength))
    target[..., 1] += (share**power - share) * height
    return target


def pen_width(ink: Ink) -> int:
    """Estimate a stroke's width, in pixels of the enlarged ink."""
    inside = cv2.distanceTransform((ink > 127).astype(np.uint8), cv2.DIST_L2, 3)
    return max(2, round(1.7 * float(inside.max())))


def ink_center(ink: Ink, row: int) -> int:
    """Return the column of the middle of a row's ink."""
    columns = np.flatnonzero(ink[row] > 127)
    return int(columns.mean()) if len(columns) else CANVAS // 2


def write_as_elsewhere(ink: Ink, label: int, random: Random) -> Ink:
    """Give a digit a form that other countries write and MNIST, American, hardly holds."""
    if label not in FORMS or not chance(random, 0.6):
        return ink
    rows = np.flatnonzero((ink > 127).any(axis=1))
    if len(rows) < 6 * SCALE:
        return ink
    return FORMS[label](ink.copy(), int(rows[0]), int(rows[-1]), random)


def add_flag(ink: Ink, top: int, bottom: int, random: Random) -> Ink:
    """Give a 1 its flag, which meets the stem in an acute angle, and sometimes a foot."""
    ink = slant(ink, random.uniform(-0.15, 0.25))
    width, height = pen_width(ink), bottom - top
    start = np.array([ink_center(ink, top + 1), top + width // 2])
    stem = np.array([ink_center(ink, bottom - 1), bottom - width // 2]) - start
    lean = np.arctan2(-stem[0], stem[1])
    widest = min(1.1, 1.1 - lean)  # a flag that lies flat would make a 7
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


def slant(ink: Ink, slope: float) -> Ink:
    """Lean ink to the right by so many columns a row; less than 0, to the left."""
    matrix = np.array([[1, -slope, slope * MIDDLE], [0, 1, 0]], np.float32)
    return cv2.warpAffine(ink, matrix, (CANVAS, CANVAS), flags=cv2.INTER_LINEAR)


def draw_curve(
    ink: Ink,
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


def lower_arm(ink: Ink, top: int, bottom: int, random: Random) -> Ink:
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


def cross(ink: Ink, top: int, bottom: int, random: Random) -> Ink:
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


def cross_stem(ink: Ink, top: int, height: int, width: int, random: Random) -> None:
    """Draw a bar across a 7's stem."""
    row = round(top + height * random.uniform(0.35, 0.72))
    reach = height * random.uniform(0.15, 0.45)
    rise = random.normal(0, 0.25) * reach
    middle = np.array([ink_center(ink, row), row], np.float64)
    end = middle + np.array([reach * random.uniform(0.7, 1.5), -rise])
    draw_curve(ink, middle - np.array([reach, -rise]), end, 0.1, width, random)


def curl(ink: Ink, top: int, bottom: int, random: Random) -> Ink:
    """Curl a 9's tail to the left."""
    width = pen_width(ink)
    reach = (bottom - top) * random.uniform(0.1, 0.35)
    middle = (round(ink_center(ink, bottom - 2) - reach), bottom - width // 2)
    axes = (round(reach), round(reach * random.uniform(0.3, 1)))
    cv2.ellipse(ink, middle, axes, 0, 0, random.uniform(80, 170), 255, width, cv2.LINE_AA)
    return ink


FORMS = {1: add_flag, 4: lower_arm, 7: cross, 9: curl}


def change_pen(ink: Ink, random: Random) -> Ink:
    """Write with a thicker or a thinner pen."""
    if chance(random, 0.45):
        return ink
    thicken = chance(random, 0.55)
    side = int(random.integers(2, 7 if thicken else 5))
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    if thicken:
        return cv2.dilate(ink, kernel)
    thin = cv2.erode(ink, kernel)  # where a stroke is thinner than the kernel, a faint one stays
    return cv2.max(thin, (ink * random.uniform(0.2, 0.6)).astype(np.uint8))


def photograph(digit: Ink, random: Random) -> Ink:
    """Lose what pictures lose: place, sharpness, contrast, and cleanness."""
    for change, probability in DISTURBANCES:
        if chance(random, probability):
            digit = change(digit, random)
    return digit


def misplace(digit: Ink, random: Random) -> Ink:
    """Miss the crop and the center by a little."""
    scale = np.exp(random.normal(0, 0.07))
    shift = SIDE / 2 * (1 - scale) + random.normal(0, 0.8, 2)
    matrix = np.array([[scale, 0, shift[0]], [0, scale, shift[1]]], np.float32)
    return cv2.warpAffine(digit, matrix, (SIDE, SIDE), flags=cv2.INTER_LINEAR)


def blur(digit: Ink, random: Random) -> Ink:
    """Lose focus."""
    return cv2.GaussianBlur(digit, (0, 0), random.uniform(0.3, 1.1))


def change_contrast(digit: Ink, random: Random) -> Ink:
    """Saturate the ink or make it faint."""
    curve = (np.arange(256) / 255) ** random.uniform(0.5, 1.7) * random.uniform(0.8, 2.2)
    strength = random.uniform(0.4, 1) if chance(random, 0.25) else 1
    return cv2.LUT(digit, (np.clip(curve, 0, 1) * 255 * strength).astype(np.uint8))


def fade(digit: Ink, random: Random) -> Ink:
    """Let the pen run dry, or the light fall off, toward one side."""
    direction = random.uniform(0, 2 * np.pi)
    along = GRID[:SIDE, :SIDE] @ np.array([np.cos(direction), np.sin(direction)])
    along = (along - along.min()) / np.ptp(along)
    return (digit * (1 - random.uniform(0.2, 0.7) * along)).astype(np.uint8)


def add_specks(digit: Ink, random: Random) -> Ink:
    """Scatter dots, or leave a ruled line."""
    digit = digit.copy()
    if chance(random, 0.5):
        for _ in range(random.integers(1, 5)):
            row, column = random.integers(0, SIDE, 2)
            digit[row, column] = max(digit[row, column], random.integers(60, 256))
        return digit
    ends = random.integers(0, SIDE, 2)
    line = np.zeros_like(digit)
    cv2.line(line, (0, int(ends[0])), (SIDE, int(ends[1])), int(random.integers(40, 200)), 1)
    return cv2.max(digit, line if chance(random, 0.5) else line.T)


def add_noise(digit: Ink, random: Random) -> Ink:
    """Add the camera's grain, on a ground that is not quite dark."""
    grain = random.normal(0, random.uniform(4, 40), digit.shape)
    ground = random.uniform(0, 60) if chance(random, 0.4) else 0
    return np.clip(digit * (1 - ground / 255) + ground + grain, 0, 255).astype(np.uint8)


def veil(digit: Ink, random: Random) -> Ink:
    """Lay clouds, stripes or checks over it, as fog, shadows and printed paper do."""
    cover = cv2.resize(pattern(random), (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    cover *= random.uniform(0.1, 0.5)
    return (digit * (1 - cover) + 255 * cover).astype(np.uint8)


def occlude(digit: Ink, random: Random) -> Ink:
    """Cover a small part, or turn it or a narrow band into its negative."""
    digit = digit.copy()
    row, column = random.integers(0, SIDE - 8, 2)
    height, width = random.integers(2, 8, 2)
    kind = random.random()
    if kind < 0.2:
        row, height = (0, SIDE) if chance(random, 0.5) else (row, height)
        part = digit[row : row + height, column : column + width]
        part[:] = 255 - part
    else:
        level = random.integers(0, 256) if kind < 0.4 else 0
        digit[row : row + height, column : column + width] = level
    return digit


DISTURBANCES: tuple[tuple[Callable[[Ink, Random], Ink], float], ...] = (
    (misplace, 0.25),
    (blur, 0.2),
    (change_contrast, 0.3),
    (fade, 0.06),
    (add_specks, 0.06),
    (veil, 0.06),
    (add_noise, 0.08),
    (occlude, 0.07),
)
"""What ``photograph`` does, in this order, each with its probability."""


def any_width(random: Random) -> int:
    """Choose a pen, in pixels of the enlarged ink."""
    return int(random.integers(SCALE, 3.5 * SCALE))


def letter(_: Ink, random: Random) -> Ink:
    """Write a letter that no hand writes like a digit."""
    ink = np.zeros((CANVAS, CANVAS), np.uint8)
    text = str(random.choice(list("AaCcdEeFfGHhJjKkLMmNnPpRrTtUuVvWwXxYy&?@#%+=*$~")))
    cv2.putText(
        ink,
        text,
        (6 * SCALE, 29 * SCALE),
        int(random.choice([0, 2, 3, 4, 6, 7])) + int(random.choice([0, 16])),
        random.uniform(0.65, 0.9) * SCALE,
        255,
        any_width(random),
        cv2.LINE_AA,
    )
    return ink


def scribble(_: Ink, random: Random) -> Ink:
    """Draw a line that wanders, straight or curved."""
    ink = np.zeros((CANVAS, CANVAS), np.uint8)
    corners = random.uniform(5 * SCALE, CANVAS - 5 * SCALE, (random.integers(5, 14), 2))
    if chance(random, 0.6):
        steps = np.linspace(0, len(corners) - 1, 80)
        whole = np.arange(len(corners))
        corners = np.stack([np.interp(steps, whole, corners[:, axis]) for axis in (0, 1)], axis=1)
        corners = cv2.GaussianBlur(corners.astype(np.float32), (1, 0), sigmaX=0.1, sigmaY=3)
    points = corners.astype(np.int32).reshape(-1, 1, 2)
    cv2.polylines(ink, [points], chance(random, 0.2), 255, any_width(random), cv2.LINE_AA)
    return ink


def shape(_: Ink, random: Random) -> Ink:
    """Draw a triangle, a square, a star or a crossing of lines, outlined or filled."""
    corners = int(random.choice([3, 4, 5]))
    angles = np.arange(corners) * 2 * np.pi / corners + random.uniform(0, 2 * np.pi)
    if corners == 5:
        angles = angles[[0, 2, 4, 1, 3]]
    reach = np.full(corners, 12.5) if chance(random, 0.5) else random.uniform(8, 14, corners)
    points = (
        np.stack([np.cos(angles), np.sin(angles)], axis=1) * reach[:, None] * SCALE + CANVAS / 2
    )
    ink = np.zeros((CANVAS, CANVAS), np.uint8)
    if chance(random, 0.3):
        cv2.fillPoly(ink, [points.astype(np.int32)], 255, cv2.LINE_AA)
        return ink
    if chance(random, 0.3):
        for point in points.astype(int):
            cv2.line(
                ink, (CANVAS // 2, CANVAS // 2), point.tolist(), 255, any_width(random), cv2.LINE_AA
            )
        return ink
    cv2.polylines(ink, [points.astype(np.int32)], True, 255, any_width(random), cv2.LINE_AA)
    return ink


def dots_or_dash(_: Ink, random: Random) -> Ink:
    """Draw a few dots, one blob, or a line that lies too flat for a 1."""
    ink = np.zeros((CANVAS, CANVAS), np.uint8)
    kind = random.random()
    if kind < 0.5:
        for _dot in range(1 if kind < 0.15 else random.integers(2, 7)):
            center = random.integers(CANVAS // 5, 4 * CANVAS // 5, 2).tolist()
            cv2.circle(ink, center, any_width(random), 255, -1, cv2.LINE_AA)
        return ink
    for _dash in range(1 if kind < 0.8 else random.integers(2, 5)):
        angle = random.uniform(-0.6, 0.6)
        middle = random.uniform(0.3, 0.7, 2) * CANVAS
        reach = random.uniform(0.17, 0.3) * CANVAS * np.array([np.cos(angle), np.sin(angle)])
        ends = np.stack([middle - reach, middle + reach]).astype(int).tolist()
        cv2.line(ink, ends[0], ends[1], 255, any_width(random), cv2.LINE_AA)
    return ink


def texture(_: Ink, random: Random) -> Ink:
    """Show a pattern, and of it what is found as ink."""
    levels = pattern(random)
    if chance(random, 0.5):
        levels = levels > random.uniform(0.4, 0.65)
    picture = Image.fromarray((levels * 255).astype(np.uint8))
    try:
        return (read_ink(picture) * 255).astype(np.uint8)
    except NoInkError:
        return texture(_, random)


def pattern(random: Random) -> NDArray[np.float32]:
    """Make clouds, grain, stripes or checks: float32 (108, 108), 0..1."""
    if chance(random, 0.5):
        sigmas = random.uniform(0.3, 4, 2) * SCALE
        grain = random.normal(0, 1, (CANVAS, CANVAS)).astype(np.float32)
        levels = cv2.GaussianBlur(grain, (0, 0), sigmaX=sigmas[0], sigmaY=sigmas[1])
    else:
        across, down = np.moveaxis(GRID @ rotation(random.uniform(0, np.pi)) / SCALE, -1, 0)
        across, down = np.sin([across * random.uniform(0.3, 1.5), down * random.uniform(0.3, 1.5)])
        levels = across * down if chance(random, 0.5) else across
    return ((levels - levels.min()) / np.ptp(levels)).astype(np.float32)


def two_digits(digits: Ink, random: Random) -> Ink:
    """Write two digits beside or above each other."""
    width, height = CANVAS // 2, 3 * CANVAS // 4
    first, second = (cv2.resize(digit[3:-3, 3:-3], (width, height)) for digit in digits)
    overlap = int(random.integers(0, CANVAS // 9))
    ink = np.zeros((CANVAS, CANVAS), np.uint8)
    ink[:height, :width] = first
    right = ink[:height, width - overlap : 2 * width - overlap]
    right[:] = cv2.max(right, second)
    return ink if chance(random, 0.85) else ink.T.copy()


MOTIFS: tuple[Callable[[Ink, Random], Ink], ...] = (
    letter,
    letter,
    letter,
    scribble,
    scribble,
    shape,
    dots_or_dash,
    texture,
    two_digits,
    two_digits,
)
"""What ``draw_non_digit`` draws, each as often as it stands here."""
