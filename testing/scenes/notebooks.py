"""Notebook pages: tight lines of digits on ruled paper, which the line of its margin may cross."""

import cv2
import numpy as np
from numpy.typing import NDArray

from testing.scenes import (
    PAPERS,
    Random,
    Scene,
    blank_sheet,
    choose,
    expose,
    lay_ink,
    log_uniform,
    span,
)
from testing.scenes.numbers import (
    HEIGHT,
    PENS,
    Ink,
    Pool,
    Written,
    bounds,
    place,
    set_below,
    write_line,
)
from testing.scenes.pages import LIGHTS, PEN_COLORS, camera_shape, pick

PITCHES = (1.05, 1.25, 1.5, 1.8)
"""Where the named intervals of the distance between two lines begin and end, in digits' heights:
in the first of them digits of two lines touch."""

MARGINS = ((205, 70, 80), (225, 120, 130), (190, 60, 110))
"""Colors of the line down the margin."""


def notebook(pool: Pool, random: Random, longest: int = 1200) -> Written:
    """Photograph two to five tight lines of one to five digits on ruled paper."""
    pen, spacing = log_uniform(random, PENS[0], 9) / 100, choose(random, ("apart", "close"))
    counts = random.integers(1, 6, random.integers(2, 6))
    texts = ["".join(map(str, random.integers(0, 10, count))) for count in counts]
    pitch = log_uniform(random, PITCHES[0], PITCHES[-1])
    lines = [write_line(text, pool, spacing, pen, random) for text in texts]
    ink, _ = set_below(lines, [0] * len(lines), round(pitch * HEIGHT))
    shape = camera_shape(random, longest, 600)
    angle = random.uniform(-3, 3)
    scale = np.min(np.array(shape) / bounds(ink.shape, angle)) * random.uniform(0.5, 0.9)
    (ink,) = place((ink,), shape, min(scale, 1.6), angle, random)
    paper, margin = choose(random, PAPERS), choose(random, ("none", "beside", "through digits"))
    sheet = blank_sheet(shape, PAPERS[paper], "ruled", random)
    if margin != "none":
        sheet = lay_ink(sheet, draw_margin(ink, margin, random), pick(random, MARGINS), random)
    sheet = lay_ink(sheet, ink, pick(random, PEN_COLORS), random)
    light = choose(random, LIGHTS)
    data, _ = expose(sheet, light, random)
    conditions = {
        "how": "notebook",
        "rows": str(len(texts)),
        "margin": margin,
        "between lines": span(pitch, PITCHES, "heights"),
        "stroke": span(pen * 100, PENS, "% of the height"),
        "light": light,
    }
    return Written(Scene(data, conditions), "\n".join(texts))


def draw_margin(ink: Ink, margin: str, random: Random) -> NDArray[np.uint8]:
    """Draw the line down the margin: left of all digits, or through some of the first ones."""
    left, _, width, _ = cv2.boundingRect(ink)
    height = len(ink)
    column = left + random.uniform(0.05, 0.3) * width
    if margin == "beside":
        column = left * random.uniform(0.3, 0.9)
    slope = random.normal(0, 0.005) * height
    line = np.zeros_like(ink)
    thick = max(1, round(random.uniform(0.001, 0.003) * max(ink.shape)))
    ends = (round(column), 0), (round(column + slope), height)
    cv2.line(line, *ends, round(random.uniform(130, 255)), thick, cv2.LINE_AA)
    return line
