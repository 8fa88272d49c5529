"""Numbers far larger than what else is on their page: smaller numbers, or lines of print."""

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from testing.scenes import Random, Scene, choose, log_uniform, span
from testing.scenes.company_of_numbers import WORDS, any_font, drawn, photographed
from testing.scenes.numbers import HEIGHT, SPACINGS, Ink, Pool, Written, cropped, write_line

RATIOS = (1.5, 2.2, 3.2, 5)
"""Where the named intervals of how much larger a number is begin and end."""

PENS = (5, 11)
"""Least and largest width of a pen, in % of the smaller digits' height."""

Layers = NDArray[np.uint8]
"""uint8 (2, height, width), 255 for full ink: what is written, and what is printed."""

PRINT = (0.16, 0.4)
"""Least and largest size of print, as a share of the digits' height."""


def two_sizes(pool: Pool, random: Random, longest: int = 1600) -> Written:
    """Draw or photograph a number above or below one to three lines of smaller ones."""
    ratio, pen = log_uniform(random, RATIOS[0], RATIOS[-1]), log_uniform(random, *PENS) / 100
    spacing = choose(random, SPACINGS[:2])
    counts = [int(random.integers(1, 5)), *random.integers(3, 7, random.integers(1, 4)).tolist()]
    texts = ["".join(map(str, random.integers(0, 10, count))) for count in counts]
    pens = [pen * random.uniform(0.4, 1), *[pen] * (len(texts) - 1)]
    inks = [
        write_line(text, pool, spacing, width, random)[0]
        for text, width in zip(texts, pens, strict=True)
    ]
    inks[0] = cv2.resize(inks[0], None, fx=ratio, fy=ratio, interpolation=cv2.INTER_CUBIC)
    if random.random() < 0.5:
        texts, inks = texts[1:] + texts[:1], inks[1:] + inks[:1]
    conditions = {"sizes": span(ratio, RATIOS, "times as large"), "rows": str(len(texts))}
    parts = [np.stack([ink, np.zeros_like(ink)]) for ink in inks]
    return show("\n".join(texts), parts, conditions, longest, random)


def on_printed_page(pool: Pool, random: Random, longest: int = 1600) -> Written:
    """Draw or photograph a number above or below some lines of print, as on a receipt."""
    text = "".join(map(str, random.integers(0, 10, random.integers(2, 7))))
    pen, spacing = log_uniform(random, *PENS) / 100, choose(random, SPACINGS[:2])
    ink, _ = write_line(text, pool, spacing, pen, random)
    count = int(random.integers(3, 25))
    printed = print_lines(count, ink.shape[1], random)
    parts = [np.stack([ink, np.zeros_like(ink)]), np.stack([np.zeros_like(printed), printed])]
    if random.random() < 0.5:
        parts = parts[::-1]
    conditions = {"print": span(count, (3, 8, 16, 25), "lines"), "rows": "1"}
    return show(text, parts, conditions, longest, random)


def show(
    text: str, parts: list[Layers], conditions: dict[str, str], longest: int, random: Random
) -> Written:
    """Show what is written and printed, each part below the last one, drawn or photographed."""
    how = choose(random, ("drawn", "photographed"))
    picture = drawn if how == "drawn" else photographed
    layers = cropped(set_below(parts, random))
    return Written(Scene(picture(layers, longest, random), {"how": how, **conditions}), text)


def set_below(parts: list[Layers], random: Random) -> Layers:
    """Set parts below each other, each beginning a little elsewhere."""
    parts = [np.stack(cropped(part)) for part in parts]
    starts = random.integers(0, HEIGHT, len(parts)).tolist()
    gap = round(HEIGHT * random.uniform(0.3, 1))
    width = max(start + part.shape[2] for start, part in zip(starts, parts, strict=True))
    page = np.zeros((2, sum(part.shape[1] + gap for part in parts), width), np.uint8)
    top = 0
    for start, part in zip(starts, parts, strict=True):
        page[:, top : top + part.shape[1], start : start + part.shape[2]] = part
        top += part.shape[1] + gap
    return page


def print_lines(count: int, width: int, random: Random) -> Ink:
    """Print lines of words, about as wide as given: uint8 (height, width)."""
    size = HEIGHT * random.uniform(*PRINT)
    font, pitch = any_font(size, random), size * random.uniform(1.2, 1.8)
    width = round(max(width, 12 * size) * random.uniform(0.8, 1.4))
    picture = Image.new("L", (width, round(count * pitch + size)))
    pen = ImageDraw.Draw(picture)
    for line in range(count):
        words = choose(random, WORDS)
        while font.getlength(words) < width * random.uniform(0.3, 0.8):
            words += " " + choose(random, WORDS)
        pen.text((0, line * pitch), words, 255, font)
    return np.array(picture)
