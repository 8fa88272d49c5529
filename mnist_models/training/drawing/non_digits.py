"""What is drawn that is no digit: letters, signs, scribbles, textures, and digits cut or joined."""

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from mnist_models.errors import NoInkError
from mnist_models.preparation.ink import drawing_levels
from mnist_models.preparation.looks import find_ink
from mnist_models.training.drawing.augmentation import bend, change_pen, disturb, pattern
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
)
from mnist_models.training.drawing.skeletons import write_sign

Pair = NDArray[np.uint8]
"""uint8 (2, 28, 28): two digits that may serve as parts."""

NARROW = 0.35
"""A 1 may be this wide, in heights."""


def draw_non_digit(digits: Pair, random: Random, widely: bool = False) -> Digit:
    """Draw something that is no digit, prepared like one.

    Args:
        digits: Two of them, uint8 (2, 28, 28), that may serve as parts.
        random: Source of every choice.
        widely: Whether it may also be what is met where digits are looked for and cut apart.

    Returns:
        uint8 (28, 28).
    """
    motifs = WIDE_MOTIFS if widely else MOTIFS
    motif = motifs[random.integers(len(motifs))]
    ink = change_pen(bend(motif(digits, random), random, strength=1.0), random, widely)
    if not has_ink(ink):
        return draw_non_digit(digits, random, widely)
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


def sign(_: Pair, random: Random) -> LargeInk:
    """Write the sign of a currency."""
    return write_sign(random)


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


def stain(_: Pair, random: Random) -> LargeInk:
    """Leave a speck, a crumb or a blot."""
    angles = np.linspace(0, 2 * np.pi, 24, endpoint=False)
    reach = np.full(24, random.uniform(4, 12) * SCALE)
    for swing in range(1, 6):
        reach *= 1 + random.normal(0, 0.18) * np.cos(swing * angles + random.uniform(0, 2 * np.pi))
    points = np.stack([np.cos(angles), random.uniform(0.4, 1) * np.sin(angles)], axis=1)
    ink = np.zeros((CANVAS, CANVAS), np.uint8)
    cv2.fillPoly(ink, [(points * reach[:, None] + MIDDLE).astype(np.int32)], 255, cv2.LINE_AA)
    return ink


def edge(_: Pair, random: Random) -> LargeInk:
    """Show what frames, axes and the ends of a sheet leave: a corner, a strip, a rule."""
    ink = np.zeros((CANVAS, CANVAS), np.uint8)
    near, far = 5 * SCALE, CANVAS - 5 * SCALE
    width = any_width(random)
    if chance(random, 0.4):  # three sides of a box, or a corner; none that looks like a 7
        end = (far, int(random.integers(near, far)))
        points = [(near, far), (near, near), (far, near), end][: random.integers(3, 5)]
        cv2.polylines(ink, [np.array(points, np.int32)], False, 255, width, cv2.LINE_AA)
        turns = random.integers(0, 4) if len(points) > 3 else random.choice([0, 1, 2])
        return np.ascontiguousarray(np.rot90(ink, int(turns)))
    if chance(random, 0.4):  # a strip, dark in its middle; none so steep that it looks like a 1
        slope = random.normal(0, 0.2)
        distance = GRID[..., 1] - MIDDLE - slope * (GRID[..., 0] - MIDDLE)
        reach, soft = random.uniform(3, 9) * SCALE, random.uniform(0.5, 4) * SCALE
        ink[:] = 255 / (1 + np.exp(np.clip((np.abs(distance) - reach) / soft, -30, 30)))
        ink[:, :near], ink[:, far:] = 0, 0
        return ink
    row = int(random.integers(CANVAS // 3, far))
    cv2.line(ink, (near, row), (far, row), 255, width, cv2.LINE_AA)
    for column in random.integers(near, far, random.integers(2, 7)):
        top = row - int(random.integers(2 * SCALE, 10 * SCALE))
        cv2.line(ink, (int(column), row), (int(column), top), 255, width, cv2.LINE_AA)
    return np.ascontiguousarray(np.rot90(ink, int(random.integers(0, 4))))


def fragment(digits: Pair, random: Random) -> LargeInk:
    """Keep a part of a digit, as a cut through the wrong place leaves it; none as narrow as a 1."""
    for digit in digits:
        part = fragment_beside(enlarge(digit), random.uniform(0.2, 0.6), random)
        _, _, width, height = cv2.boundingRect((part > 127).astype(np.uint8))
        if width > NARROW * height:
            return part
    return two_digits(digits, random)


def fragment_beside(ink: LargeInk, share: float, random: Random) -> LargeInk:
    """Keep that share of the ink which lies on one side of a cut from top to bottom."""
    lean, sway = random.normal(0, (0.2, 2 * SCALE))
    rows = GRID[..., 1] - MIDDLE
    place = GRID[..., 0] - lean * rows - sway * np.sin(rows / (6 * SCALE) + random.uniform(0, 6))
    if chance(random, 0.5):
        place = -place
    inside = place[ink > 127]
    if not inside.size:
        return ink
    return np.where(place < np.quantile(inside, share), ink, 0).astype(np.uint8)


def two_digits(digits: Pair, random: Random) -> LargeInk:
    """Write two digits beside or above each other."""
    ink = beside(enlarge(digits[0]), enlarge(digits[1]), int(random.integers(0, 5 * SCALE)))
    return ink if chance(random, 0.85) else np.ascontiguousarray(ink.T)


def digit_and_piece(digits: Pair, random: Random) -> LargeInk:
    """Write a digit to which a piece of its neighbor clings."""
    piece = fragment_beside(enlarge(digits[1]), random.uniform(0.25, 0.7), random)
    parts = [enlarge(digits[0]), piece]
    random.shuffle(parts)
    return beside(parts[0], parts[1], int(random.integers(-SCALE, 4 * SCALE)))


def beside(first: LargeInk, second: LargeInk, overlap: int) -> LargeInk:
    """Set ink beside other ink, each as high as it was; two as narrow as a 1 stay apart."""
    left, right = crop_columns(first), crop_columns(second)
    height, widths = len(left), (left.shape[1], right.shape[1])
    overlap = min(overlap, 0 if max(widths) < NARROW * height else min(widths) // 2)
    line = np.zeros((height, sum(widths) - overlap), np.uint8)
    line[:, : widths[0]] = left
    np.maximum(line[:, -widths[1] :], right, out=line[:, -widths[1] :])
    scale = min(1.0, (CANVAS - 6 * SCALE) / line.shape[1])
    line = cv2.resize(line, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    ink = np.zeros((CANVAS, CANVAS), np.uint8)
    top, start = ((CANVAS - side) // 2 for side in line.shape)
    ink[top : top + line.shape[0], start : start + line.shape[1]] = line
    return ink


def crop_columns(ink: LargeInk) -> LargeInk:
    """Cut the empty columns off, but for a little, and the margin above and below."""
    columns = np.flatnonzero((ink > 127).any(axis=0))
    if not columns.size:
        return ink
    return ink[7 * SCALE : -7 * SCALE, max(0, columns[0] - SCALE) : columns[-1] + 1 + SCALE]


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

WIDE_MOTIFS = (
    *(letter, letter, letter, sign),
    *(scribble, scribble, shape, dots_or_dash, stain, edge, texture),
    *(two_digits, two_digits, digit_and_piece, digit_and_piece, fragment),
)
"""What it draws widely: also signs, specks, edges, and what is left of digits that were cut."""
