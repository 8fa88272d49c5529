"""What hands, pens and cameras do to a digit."""

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from mnist_models.digits import SIDE
from mnist_models.training.drawing.canvas import (
    CANVAS,
    GRID,
    MIDDLE,
    SCALE,
    Digit,
    LargeInk,
    Random,
    any_width,
    chance,
    enlarge,
    fit_ink,
    has_ink,
    rotation,
)
from mnist_models.training.drawing.forms import write_as_elsewhere
from mnist_models.training.drawing.skeletons import write

Map = NDArray[np.float32]

WAVES = ((3, 1.6), (6, 0.6))
"""Elastic bends: knots a side, and the largest standard deviation of their shifts, in pixels of a
digit. The wide ones change proportions, how large a 9's loop is; the narrow ones unsteady hands.
"""


def vary(digit: Digit, label: int, random: Random, widely: bool = False) -> Digit:
    """Draw the same digit as another hand, with another pen, seen by another camera.

    Args:
        digit: uint8 (28, 28), one of MNIST's training digits.
        label: What it shows, 0 to 9.
        random: Source of every choice.
        widely: Whether some are written from scratch instead, with any pen, or beside the end of a
            neighbor's stroke.

    Returns:
        uint8 (28, 28).
    """
    untouched = 0.3 if widely else 0.25  # as the test digits are: whatever is resampled is softer
    if chance(random, untouched):
        return digit
    if chance(random, 0.25):
        ink = bend(enlarge(digit), random, strength=0.5)
        return fit_ink(ink) if has_ink(ink) else digit
    if widely and chance(random, 0.3):
        ink = write(label, random)
    else:
        ink = write_as_elsewhere(enlarge(digit), label, random)
    ink = change_pen(bend(ink, random, strength=1.0), random, widely)
    if widely and chance(random, 0.05):
        ink = leave_scrap(ink, random)
    return disturb(fit_ink(ink) if has_ink(ink) else digit, random)


def bend(ink: LargeInk, random: Random, strength: float) -> LargeInk:
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


def change_pen(ink: LargeInk, random: Random, widely: bool = False) -> LargeInk:
    """Write with a thicker or a thinner pen; widely, with one that fills loops, too."""
    if chance(random, 0.45):
        return ink
    thicken = chance(random, 0.55)
    thickest = 5
    if thicken:
        thickest = int(random.integers(4, 12)) if widely else 7
    side = int(random.integers(2, thickest))
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    if thicken:
        return cv2.dilate(ink, kernel)
    thin = cv2.erode(ink, kernel)  # where a stroke is thinner than the kernel, a faint one stays
    return cv2.max(thin, (ink * random.uniform(0.2, 0.6)).astype(np.uint8))


def leave_scrap(ink: LargeInk, random: Random) -> LargeInk:
    """Leave a short end of a neighbor's stroke beside a digit, as a cut between two may do."""
    rows, columns = np.nonzero(ink > 127)
    if not rows.size:
        return ink
    sides = columns.min() - SCALE, columns.max() + SCALE
    angle = random.uniform(0, 2 * np.pi)
    start = np.array([random.choice(sides), random.integers(rows.min(), rows.max() + 1)])
    end = start + random.uniform(1, 5) * SCALE * np.array([np.cos(angle), np.sin(angle)])
    scrap, width = ink.copy(), any_width(random)
    cv2.line(scrap, start.tolist(), np.rint(end).astype(int).tolist(), 255, width, cv2.LINE_AA)
    return scrap


def disturb(digit: Digit, random: Random) -> Digit:
    """Lose what pictures lose: place, sharpness, contrast, and cleanness."""
    for change, probability in DISTURBANCES:
        if chance(random, probability):
            digit = change(digit, random)
    return digit


def misplace(digit: Digit, random: Random) -> Digit:
    """Miss the crop and the center by a little."""
    scale = np.exp(random.normal(0, 0.07))
    shift = SIDE / 2 * (1 - scale) + random.normal(0, 0.8, 2)
    matrix = np.array([[scale, 0, shift[0]], [0, scale, shift[1]]], np.float32)
    return cv2.warpAffine(digit, matrix, (SIDE, SIDE), flags=cv2.INTER_LINEAR)


def blur(digit: Digit, random: Random) -> Digit:
    """Lose focus."""
    return cv2.GaussianBlur(digit, (0, 0), random.uniform(0.3, 1.1))


def change_contrast(digit: Digit, random: Random) -> Digit:
    """Saturate the ink or make it faint."""
    curve = (np.arange(256) / 255) ** random.uniform(0.5, 1.7) * random.uniform(0.8, 2.2)
    strength = random.uniform(0.4, 1) if chance(random, 0.25) else 1
    return cv2.LUT(digit, (np.clip(curve, 0, 1) * 255 * strength).astype(np.uint8))


def fade(digit: Digit, random: Random) -> Digit:
    """Let the pen run dry, or the light fall off, toward one side."""
    direction = random.uniform(0, 2 * np.pi)
    along = GRID[:SIDE, :SIDE] @ np.array([np.cos(direction), np.sin(direction)])
    along = (along - along.min()) / np.ptp(along)
    return (digit * (1 - random.uniform(0.2, 0.7) * along)).astype(np.uint8)


def add_specks(digit: Digit, random: Random) -> Digit:
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


def add_noise(digit: Digit, random: Random) -> Digit:
    """Add the camera's grain, on a ground that is not quite dark."""
    grain = random.normal(0, random.uniform(4, 40), digit.shape)
    ground = random.uniform(0, 60) if chance(random, 0.4) else 0
    return np.clip(digit * (1 - ground / 255) + ground + grain, 0, 255).astype(np.uint8)


def veil(digit: Digit, random: Random) -> Digit:
    """Lay clouds, stripes or checks over it, as fog, shadows and printed paper do."""
    cover = cv2.resize(pattern(random), (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    cover *= random.uniform(0.1, 0.5)
    return (digit * (1 - cover) + 255 * cover).astype(np.uint8)


def occlude(digit: Digit, random: Random) -> Digit:
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


DISTURBANCES: tuple[tuple[Callable[[Digit, Random], Digit], float], ...] = (
    (misplace, 0.25),
    (blur, 0.2),
    (change_contrast, 0.3),
    (fade, 0.06),
    (add_specks, 0.06),
    (veil, 0.06),
    (add_noise, 0.08),
    (occlude, 0.07),
)
"""What ``disturb`` does, in this order, each with its probability."""
