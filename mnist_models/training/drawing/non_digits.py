"""What is drawn that is no digit: letters, scribbles, shapes, dots, textures, two digits."""

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from mnist_models.errors import NoInkError
from mnist_models.preparation.finding import find_ink
from mnist_models.preparation.ink import drawing_levels
from mnist_models.training.drawing.augmentation import bend, change_pen, disturb, pattern
from mnist_models.training.drawing.canvas import (
    CANVAS,
    SCALE,
    Digit,
    LargeInk,
    Random,
    any_width,
    chance,
    fit_ink,
    has_ink,
)

Pair = NDArray[np.uint8]
"""uint8 (2, 28, 28): two digits that may serve as parts."""


def draw_non_digit(digits: Pair, random: Random) -> Digit:
    """Draw something that is no digit, prepared like one.

    Args:
        digits: Two of them, uint8 (2, 28, 28), that may serve as parts.
        random: Source of every choice.

    Returns:
        uint8 (28, 28).
    """
    motif = MOTIFS[random.integers(len(MOTIFS))]
    ink = change_pen(bend(motif(digits, random), random, strength=1.0), random)
    if not has_ink(ink):
        return draw_non_digit(digits, random)
    return disturb(fit_ink(ink), random)


def letter(_: Pair, random: Random) -> LargeInk:
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


def scribble(_: Pair, random: Random) -> LargeInk:
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


def shape(_: Pair, random: Random) -> LargeInk:
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


def dots_or_dash(_: Pair, random: Random) -> LargeInk:
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


def texture(_: Pair, random: Random) -> LargeInk:
    """Show a pattern, and of it what is found as ink."""
    levels = pattern(random)
    if chance(random, 0.5):
        levels = (levels > random.uniform(0.4, 0.65)).astype(np.float32)
    picture = Image.fromarray((levels * 255).astype(np.uint8))
    try:
        return (find_ink(drawing_levels(picture)) * 255).astype(np.uint8)
    except NoInkError:
        return texture(_, random)


def two_digits(digits: Pair, random: Random) -> LargeInk:
    """Write two digits beside or above each other."""
    width, height = CANVAS // 2, 3 * CANVAS // 4
    first, second = (cv2.resize(digit[3:-3, 3:-3], (width, height)) for digit in digits)
    overlap = int(random.integers(0, CANVAS // 9))
    ink = np.zeros((CANVAS, CANVAS), np.uint8)
    ink[:height, :width] = first
    right = ink[:height, width - overlap : 2 * width - overlap]
    right[:] = cv2.max(right, second)
    return ink if chance(random, 0.85) else ink.T.copy()


MOTIFS: tuple[Callable[[Pair, Random], LargeInk], ...] = (
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
