"""Digits with other marks near them: lines, boxes, circles, forms, specks and shadows' edges."""

from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from testing.scenes import (
    CARRIED,
    LINE_COLORS,
    PAPERS,
    Color,
    Random,
    Scene,
    blank_sheet,
    carry,
    choose,
    encode,
    expose,
    ink_of,
    lay_ink,
    log_uniform,
    span,
)
from testing.scenes.pages import LIGHTS, PEN_COLORS, camera_shape, pick
from testing.strokes import Strokes

Ink = NDArray[np.uint8]
Box = tuple[float, float, float, float]

PENS = (2, 5, 9, 15)
"""Where the named intervals of the stroke begin and end, in % of the digit's size."""

PRINTED: tuple[Color, ...] = (*LINE_COLORS, (60, 60, 65), (60, 60, 65))
"""Colors of what is printed beside a digit."""

OWN_INK = ("under it", "box", "circle")
"""What people draw themselves; the rest is printed or falls on the paper."""


def underlined(strokes: Strokes, random: Random) -> Scene:
    """Underline a digit, once or twice."""
    return accompanied("under it", strokes, random)


def boxed(strokes: Strokes, random: Random) -> Scene:
    """Draw or print a box around a digit."""
    return accompanied("box", strokes, random)


def company(strokes: Strokes, random: Random) -> Scene:
    """Set a digit in a circle, on a line, in a form, among specks or at a shadow's edge."""
    others = ("circle", "ruled line", "comb", "specks", "shadow's edge")
    return accompanied(choose(random, others), strokes, random)


def accompanied(what: str, strokes: Strokes, random: Random) -> Scene:
    """Draw a digit on a pad, or photograph it on paper, with a company.

    Args:
        what: Its company.
        strokes: What the pen did.
        random: Decides on everything else.
    """
    how = choose(random, ("drawn", "photographed"))
    shape = (400, 400) if how == "drawn" else camera_shape(random, 1300, 420)
    size = random.uniform(0.22, 0.6) * min(shape)
    pen = log_uniform(random, PENS[0], PENS[-1]) / 100
    stroke = max(pen * size, 2.2)
    corner = np.array(shape[::-1]) * 0.17 + random.random(2) * (np.array(shape[::-1]) * 0.66 - size)
    digit = ink_of(strokes, shape, tuple(corner), size, stroke)
    left, top, width, height = cv2.boundingRect(digit)
    box = (left, top, left + width, top + height)
    beside = COMPANY[what](shape, box, stroke, random)
    conditions = {"company": what, "how": how, "stroke": span(pen * 100, PENS, "% of the digit")}
    if how == "drawn":
        return Scene(drawn(what, digit, beside, random), conditions)
    sheet = blank_sheet(shape, PAPERS[choose(random, PAPERS)], "blank", random)
    color = pick(random, PEN_COLORS)
    if what == "shadow's edge":
        sheet = lay_ink(sheet, digit, color, random)
        sheet *= 1 - random.uniform(0.3, 0.6) * beside[..., None].astype(np.float32) / 255
        light = "even"
    else:
        printed = what not in OWN_INK or (what == "box" and random.random() < 0.5)
        colors = PRINTED if printed else (color,)
        sheet = lay_ink(sheet, beside, pick(random, colors), random)
        sheet = lay_ink(sheet, digit, color, random)
        light = choose(random, LIGHTS)
    data, _ = expose(sheet, light, random)
    return Scene(data, conditions)


def drawn(what: str, digit: Ink, beside: Ink, random: Random) -> bytes:
    """Return a drawing's file; what is printed is paler than the digit, a shadow much paler."""
    carried = choose(random, CARRIED)
    least, most = {"shadow's edge": (0.12, 0.35), "ruled line": (0.4, 1)}.get(what, (0.6, 1))
    strength = 1.0 if what in OWN_INK else random.uniform(least, most)
    both = np.maximum(digit, np.uint8(beside * strength))
    return encode(carry(both, carried, random, 90), "PNG")


def hand_line(points: NDArray[np.float64], shape: tuple[int, int], pen: float) -> Ink:
    """Draw a line through points, in pixels."""
    ink = np.zeros(shape, np.uint8)
    fixed = np.rint(points * 16).astype(np.int32).reshape(-1, 1, 2)
    cv2.polylines(ink, [fixed], False, 255, max(1, round(pen)), cv2.LINE_AA, shift=4)
    return ink


def bent(start: tuple[float, float], stop: tuple[float, float], random: Random) -> NDArray:
    """Go from one point to another with an unsteady hand: float (9, 2)."""
    way = np.linspace(start, stop, 9)
    length = np.hypot(*np.subtract(stop, start))
    bow = np.sin(np.linspace(0, np.pi, 9))[:, None] * random.normal(0, 0.012, 2)
    return way + length * (bow + random.normal(0, 0.003, (9, 2)))


def line_below(shape: tuple[int, int], box: Box, pen: float, random: Random) -> Ink:
    """Underline a digit, a little aslant."""
    left, _, right, bottom = box
    size = bottom - box[1]
    row, ink = bottom + pen * 0.7 + random.uniform(0.03, 0.22) * size, np.zeros(shape, np.uint8)
    beyond = random.uniform(0.1, 0.5, 2) * size
    slant = random.normal(0, 0.025) * (right - left + beyond.sum())
    line_pen = pen * random.uniform(0.7, 1.2)
    for _ in range(1 if random.random() < 0.8 else 2):
        points = bent((left - beyond[0], row + abs(slant)), (right + beyond[1], row), random)
        np.maximum(ink, hand_line(points, shape, line_pen), out=ink)
        row += line_pen * random.uniform(1.8, 3)
    return ink


def box_around(shape: tuple[int, int], box: Box, pen: float, random: Random) -> Ink:
    """Draw four lines around a digit, by hand or with a ruler."""
    left, top, right, bottom = around(box, pen, random, 0.08, 0.3)
    corners = np.array([[left, top], [right, top], [right, bottom], [left, bottom], [left, top]])
    line_pen = pen * random.uniform(0.5, 1.1)
    if random.random() < 0.5:
        return hand_line(corners, shape, line_pen)
    corners += random.normal(0, 0.015 * (bottom - top), corners.shape)
    sides = [bent(*ends, random) for ends in pairwise(corners)]
    return hand_line(np.concatenate(sides), shape, line_pen)


def around(
    box: Box, pen: float, random: Random, least: float, most: float, size: float | None = None
) -> Box:
    """Return a box around another, at a distance of shares of a size, or its own, on every side."""
    size = size or max(box[2] - box[0], box[3] - box[1])
    left, top, right, bottom = pen + random.uniform(least, most, 4) * size
    return box[0] - left, box[1] - top, box[2] + right, box[3] + bottom


def circle_around(shape: tuple[int, int], box: Box, pen: float, random: Random) -> Ink:
    """Draw a circle around a digit by hand; its ends need not meet."""
    left, top, right, bottom = around(box, pen, random, 0.03, 0.15)
    middle = np.array([left + right, top + bottom]) / 2
    angles = np.linspace(0, random.uniform(1.9, 2.15) * np.pi, 60) + random.uniform(0, 2 * np.pi)
    half = np.array([right - left, bottom - top]) / 2 * np.sqrt(2)
    half = np.maximum(half, half.max() * random.uniform(0.6, 1))
    swell = 1 + random.uniform(0, 0.12) * np.linspace(0, 1, 60)[:, None]
    points = middle + half * swell * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    return hand_line(points, shape, pen * random.uniform(0.6, 1))


def line_through_foot(shape: tuple[int, int], box: Box, pen: float, random: Random) -> Ink:
    """Rule lines over the whole picture, one of which runs through the digit's foot."""
    size, width = box[3] - box[1], shape[1]
    row = box[3] - pen / 2 + random.uniform(-0.14, 0.03) * size
    apart = random.uniform(1.1, 1.8) * size
    slant = random.normal(0, 0.012) * width
    ink = np.zeros(shape, np.uint8)
    for count in range(-4, 5) if random.random() < 0.6 else (0,):
        ends = np.array([[0, row + count * apart], [width, row + count * apart + slant]])
        np.maximum(ink, hand_line(ends, shape, pen * random.uniform(0.25, 0.6)), out=ink)
    return ink


def comb(shape: tuple[int, int], box: Box, pen: float, random: Random) -> Ink:
    """Print a form's row of cells, of which the digit fills one."""
    size = max(box[2] - box[0], box[3] - box[1])
    middle = np.array([box[0] + box[2], box[1] + box[3]]) / 2
    height = size * random.uniform(1.1, 1.5) + pen
    width = max(height * random.uniform(0.7, 1), box[2] - box[0] + 0.15 * size + pen)
    before, behind = random.integers(0, 5, 2)
    left, right = middle[0] - (before + 0.5) * width, middle[0] + (behind + 0.5) * width
    top, bottom = middle[1] - height / 2, middle[1] + height / 2
    high = top + height * random.choice([0, 0, 0.6])
    ink = np.zeros(shape, np.uint8)
    rows = [bottom] if high > top else [top, bottom]
    lines = [((left, row), (right, row)) for row in rows]
    columns = left + width * np.arange(before + behind + 2)
    lines += [((column, high), (column, bottom)) for column in columns]
    line_pen = max(1.2, pen * random.uniform(0.2, 0.6))
    for ends in lines:
        np.maximum(ink, hand_line(np.array(ends), shape, line_pen), out=ink)
    return ink


def specks(shape: tuple[int, int], box: Box, pen: float, random: Random) -> Ink:
    """Scatter dirt, most of it finer than the pen."""
    ink = np.zeros(shape, np.uint8)
    size = max(box[2] - box[0], box[3] - box[1])
    for _ in range(random.integers(4, 50)):
        radius = min(log_uniform(random, 0.12, 0.75) * pen, 0.05 * size)
        axes = np.maximum(16 * radius * random.uniform(0.5, 1, 2), 8)
        middle = (16 * random.random(2) * shape[::-1]).astype(int).tolist()
        turn = random.uniform(0, 180)
        sides = axes.astype(int).tolist()
        cv2.ellipse(ink, middle, sides, turn, 0, 360, 255, -1, cv2.LINE_AA, 4)
    return ink


def shadow_edge(shape: tuple[int, int], box: Box, pen: float, random: Random) -> Ink:
    """Shade one side of an edge that runs through the digit or past it."""
    angle = random.uniform(0, 2 * np.pi)
    along = np.array([np.cos(angle), np.sin(angle)])
    aim = np.array([random.uniform(box[0], box[2]), random.uniform(box[1], box[3])])
    far = 2 * max(shape) * np.array([-along[1], along[0]])
    away = 2 * max(shape) * along
    outline = np.rint([aim - far, aim + far, aim + far + away, aim - far + away]).astype(np.int32)
    shade = cv2.fillConvexPoly(np.zeros(shape, np.uint8), outline, 255, cv2.LINE_AA)
    return cv2.GaussianBlur(shade, (0, 0), random.uniform(0.3, 0.01 * max(shape)))


COMPANY = {
    "under it": line_below,
    "box": box_around,
    "circle": circle_around,
    "ruled line": line_through_foot,
    "comb": comb,
    "specks": specks,
    "shadow's edge": shadow_edge,
}
"""By name, what draws it: uint8 (height, width), given the digit's box and its pen in pixels."""
