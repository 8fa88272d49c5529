"""Numbers with other marks near them: lines, boxes, circles, and the printed words of a form."""

from pathlib import Path

import cv2
import matplotlib
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from testing.scenes import (
    CARRIED,
    PAPERS,
    Random,
    Scene,
    blank_sheet,
    carry,
    choose,
    encode,
    expose,
    lay_ink,
    log_uniform,
    span,
)
from testing.scenes.company import OWN_INK, PRINTED, around, bent, hand_line
from testing.scenes.numbers import (
    HEIGHT,
    PENS,
    SPACINGS,
    Pool,
    Written,
    bounds,
    cropped,
    place,
    write_line,
)
from testing.scenes.pages import LIGHTS, PEN_COLORS, camera_shape, pick

Ink = NDArray[np.uint8]
Box = tuple[int, int, int, int]

ROOM = ((3 * HEIGHT, 3 * HEIGHT), (10 * HEIGHT, 10 * HEIGHT))
"""Above, below, left and right of a number, for its company, in pixels."""

WORDS = ("Name", "Total", "Room", "Page", "Age", "Date", "Score", "Price", "Sum", "Year", "Floor",
         "Number", "Telephone", "Quantity", "Points", "Class", "Weight", "Amount", "No.", "kg",
         "cm", "EUR")  # fmt: skip
FONTS = ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf", "DejaVuSerif.ttf", "DejaVuSansMono.ttf",
         "STIXGeneral.ttf")  # fmt: skip


APART = (0.08, 0.35)
"""Least and largest distance of a frame from its number, as shares of the digits' height."""


def in_company(pool: Pool, random: Random, longest: int = 1200) -> Written:
    """Draw or photograph a number that is underlined, framed, or fills a line of a form."""
    text = "".join(map(str, random.integers(0, 10, random.integers(2, 7))))
    pen, what = log_uniform(random, PENS[0], 11) / 100, choose(random, COMPANY)
    return accompanied(text, what, pen, pool, random, longest)


def beside_a_word(pool: Pool, random: Random, longest: int = 1200) -> Written:
    """Draw or photograph one digit beside a printed word, on a line or not."""
    text, what = str(random.integers(0, 10)), choose(random, BESIDE_WORDS)
    return accompanied(text, what, log_uniform(random, PENS[0], 11) / 100, pool, random, longest)


def accompanied(
    text: str, what: str, pen: float, pool: Pool, random: Random, longest: int
) -> Written:
    """Write digits in a company.

    Args:
        text: The digits.
        what: Their company.
        pen: Its width, as a share of the digits' height.
        pool: Hands to write with.
        random: Decides on everything else.
        longest: Side of a picture, in pixels.
    """
    line, _ = write_line(text, pool, choose(random, SPACINGS[:3]), pen, random)
    ink = np.pad(line, ROOM)
    left, top, width, height = cv2.boundingRect(ink)
    stroke = max(1.0, pen * HEIGHT)
    beside = COMPANY[what](ink.shape, (left, top, left + width, top + height), stroke, random)
    own = what in OWN_INK and (what != "box" or random.random() < 0.5)
    layers = (np.maximum(ink, beside), np.zeros_like(ink)) if own else (ink, beside)
    how = choose(random, ("drawn", "photographed"))
    conditions = {
        "how": how,
        "rows": "1",
        "company": what,
        "stroke": span(pen * 100, PENS, "% of the height"),
    }
    show = drawn if how == "drawn" else photographed
    return Written(Scene(show(cropped(np.stack(layers)), longest, random), conditions), text)


def drawn(layers: tuple[Ink, Ink], longest: int, random: Random) -> bytes:
    """Show the number and its company on a pad or a wider canvas."""
    scale = random.uniform(0.35, min(1.2, longest / layers[0].shape[1]))
    text = np.array(layers[0].shape) * scale
    shape = tuple(np.rint(text * random.uniform(1.1, 2, 2) + 20).astype(int).tolist())
    ink, printed = place(layers, shape, scale, random.normal(0, 1), random)
    both = np.maximum(ink, np.uint8(printed * random.uniform(0.5, 1)))
    return encode(carry(both, choose(random, CARRIED), random, 90), "PNG")


def photographed(layers: tuple[Ink, Ink], longest: int, random: Random) -> bytes:
    """Show the number and its company on paper, turned by up to five degrees."""
    shape, angle = camera_shape(random, longest, 600), random.uniform(-5, 5)
    fill = np.min(np.array(shape) / bounds(layers[0].shape, angle))
    scale = min(fill * random.uniform(0.5, 0.9), 1.4)
    ink, printed = place(layers, shape, scale, angle, random)
    sheet = blank_sheet(shape, PAPERS[choose(random, PAPERS)], "blank", random)
    sheet = lay_ink(sheet, printed, pick(random, PRINTED), random)
    sheet = lay_ink(sheet, ink, pick(random, PEN_COLORS), random)
    return expose(sheet, choose(random, LIGHTS), random)[0]


def underline(shape: tuple[int, int], box: Box, pen: float, random: Random) -> Ink:
    """Underline a number by hand, mostly once; the line may touch it and end before it does."""
    left, _, right, bottom = box
    row, ink = bottom + random.uniform(-0.04, 0.2) * HEIGHT, np.zeros(shape, np.uint8)
    for _ in range(1 if random.random() < 0.8 else 2):
        start, stop = random.uniform(-0.1, 0.3, 2) * HEIGHT
        end = row + random.normal(0, 0.015) * (right - left)
        points = bent((left - start, row), (right + stop, end), random)
        np.maximum(ink, hand_line(points, shape, pen * random.uniform(0.7, 1.2)), out=ink)
        row += pen * random.uniform(1.8, 3)
    return ink


def frame(shape: tuple[int, int], box: Box, pen: float, random: Random) -> Ink:
    """Draw a box around a number, by hand or with a ruler."""
    left, top, right, bottom = around(box, pen, random, *APART, HEIGHT)
    corners = np.array([[left, top], [right, top], [right, bottom], [left, bottom], [left, top]])
    if random.random() < 0.5:
        corners = corners + random.normal(0, 0.03 * HEIGHT, corners.shape)
    return hand_line(corners, shape, pen * random.uniform(0.5, 1.1))


def circle(shape: tuple[int, int], box: Box, pen: float, random: Random) -> Ink:
    """Draw a circle around a number by hand; it may touch it, and its ends need not meet."""
    left, top, right, bottom = around(box, pen, random, *APART, HEIGHT)
    middle = np.array([left + right, top + bottom]) / 2
    half = np.array([right - left, bottom - top]) / 2 * random.uniform(1.05, 1.4, 2)
    angles = np.linspace(0, random.uniform(1.9, 2.15) * np.pi, 60) + random.uniform(0, 2 * np.pi)
    swell = 1 + random.uniform(0, 0.08) * np.linspace(0, 1, 60)[:, None]
    points = middle + half * swell * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    return hand_line(points, shape, pen * random.uniform(0.6, 1.1))


def line_to_write_on(shape: tuple[int, int], box: Box, pen: float, random: Random) -> Ink:
    """Print a line that a number stands on, or that runs through its feet."""
    start, stop = random.uniform(0, 1) * HEIGHT, random.uniform(0.2, 3.5) * HEIGHT
    return rule(shape, (box[0] - start, box[2] + stop), box, random)


def rule(shape: tuple[int, int], ends: tuple[float, float], box: Box, random: Random) -> Ink:
    """Print a line below a number, from one column to another."""
    row = box[3] + random.uniform(-0.1, 0.12) * HEIGHT
    points = np.array([[column, row] for column in ends])
    return hand_line(points, shape, random.uniform(0.02, 0.05) * HEIGHT)


def word(shape: tuple[int, int], box: Box, pen: float, random: Random) -> Ink:
    """Print a word before a number or behind it."""
    return print_word(shape, box, random, is_before=random.random() < 0.6)[0]


def word_and_line(shape: tuple[int, int], box: Box, pen: float, random: Random) -> Ink:
    """Print a word, and a line behind it that a number stands on, as forms have."""
    printed, start = print_word(shape, box, random, is_before=True)
    stop = box[2] + random.uniform(0.2, 2) * HEIGHT
    return np.maximum(printed, rule(shape, (start, stop), box, random))


def any_font(size: float, random: Random) -> ImageFont.FreeTypeFont:
    """Choose the font of what is printed."""
    path = Path(matplotlib.get_data_path()) / "fonts" / "ttf" / choose(random, FONTS)
    return ImageFont.truetype(path, size)


def print_word(
    shape: tuple[int, int], box: Box, random: Random, is_before: bool
) -> tuple[Ink, float]:
    """Print a word beside a number; return also where a line behind it begins."""
    size = HEIGHT / random.uniform(0.8, 1.7)
    font = any_font(size, random)
    text = choose(random, WORDS) + (":" if random.random() < 0.5 else "")
    gap = size * random.uniform(0.4, 1.2)
    left = box[0] - gap - font.getlength(text) if is_before else box[2] + gap
    picture = Image.new("L", shape[::-1])
    ImageDraw.Draw(picture).text((left, box[3]), text, 255, font, anchor="ls")
    return np.array(picture), box[0] - gap * 0.6


COMPANY = {
    "under it": underline,
    "box": frame,
    "circle": circle,
    "line to write on": line_to_write_on,
    "word": word,
    "word and line": word_and_line,
}
"""By name, what draws it: uint8 (height, width), given the number's box and its pen in pixels."""

BESIDE_WORDS = ("word", "word and line")
"""Of these, those that set a word beside it."""
