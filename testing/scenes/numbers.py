"""Numbers of two to twelve digits, in lines: drawn, photographed, or on a page on a table."""

import io
import re
from dataclasses import dataclass, replace
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from testing.scenes import (
    CARRIED,
    LINE_COLORS,
    PAPERS,
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
from testing.scenes.pages import (
    LIGHTS,
    PAGES,
    PEN_COLORS,
    camera_shape,
    lay_on_table,
    lie,
    page_shape,
    page_to_picture,
    pick,
)
from testing.strokes import Strokes

Ink = NDArray[np.uint8]
Pool = dict[int, list[Strokes]]

HEIGHT = 96
"""Of a digit before the picture's size is known, in pixels."""

PENS = (3.5, 6, 9, 14)
"""Where the named intervals of the stroke begin and end, in % of the digits' height."""

SPACINGS = ("apart", "close", "touching", "in cells")

MARKS: dict[str, tuple[Strokes, float, float]] = {
    ".": ([[[500, 500]]], 0.01, 0.98),
    ",": ([[[600, 0], [650, 350], [250, 1000]]], 0.2, 1.1),
    "-": ([[[0, 500], [1000, 480]]], 0.4, 0.55),
    "/": ([[[640, 0], [0, 1000]]], 1.3, 1.15),
    "$": (
        [[[560, 220], [330, 130], [90, 300], [300, 480], [520, 640], [330, 840], [60, 760]],
         [[310, 0], [310, 1000]]], 1.25, 1.1,
    ),
    "€": (
        [[[600, 120], [380, 0], [180, 250], [150, 600], [300, 950], [600, 900]],
         [[0, 400], [450, 390]], [[0, 600], [430, 590]]], 1.0, 1.0,
    ),
    "£": (
        [[[600, 150], [430, 0], [260, 200], [280, 700], [60, 980], [650, 960]],
         [[80, 520], [480, 500]]], 1.0, 1.0,
    ),
}  # fmt: skip
"""By mark: its strokes, and as shares of the digits' height its own height and where it ends."""

PATTERNS = ("{}.{}", "{},{}", "{}-{}", "{}/{}", "{}.{}.{}", "€{}", "${}", "£{}", "{}€", "{}-{}-{}")

WAYS = {
    "to the left": Image.Transpose.ROTATE_90,
    "to the right": Image.Transpose.ROTATE_270,
    "upside down": Image.Transpose.ROTATE_180,
}


def fits(marked: str, read: str) -> bool:
    """Tell whether what was read is what was written, but for other marks than digits."""
    characters = (re.escape(c) if c in " \n" or c.isdigit() else " ?" for c in marked)
    return bool(re.fullmatch("".join(characters), read.strip()))


@dataclass(frozen=True)
class Written:
    """A number and how it was written.

    Attributes:
        scene: The picture and its conditions.
        marked: What stands on it, line by line, other marks than digits included.
    """

    scene: Scene
    marked: str

    @property
    def text(self) -> str:
        """What is to be read: digits, a space for a gap, a new line for each line."""
        return re.sub(r"[^\d \n]", "", self.marked)

    def accepts(self, read: str) -> bool:
        """Tell whether a reading is right; where a mark stands, a space may be read or not."""
        return fits(self.marked, read)


@dataclass(frozen=True)
class Lines:
    """Lines of digits as they were written, before they lie in a picture.

    Attributes:
        ink: uint8 (height, width), 255 for full ink.
        printed: Of the same shape, what a form has printed around the digits.
        marked: What was written.
        conditions: By factor, the value that these lines have of it.
    """

    ink: Ink
    printed: Ink
    marked: str
    conditions: dict[str, str]


def drawn(pool: Pool, random: Random) -> Written:
    """Draw a number on a pad or a wider canvas, the ink carried in one of four ways."""
    lines = write_lines(pool, random)
    scale = random.uniform(0.35, min(1.4, 1500 / lines.ink.shape[1]))
    text = np.array(lines.ink.shape) * scale
    shape = tuple(np.rint(text * random.uniform(1.05, 1.6, 2) + 12).astype(int).tolist())
    if random.random() < 0.25:
        shape = (max(shape),) * 2
    angle = random.normal(0, 1.5)
    ink, printed = place((lines.ink, lines.printed), shape, scale, angle, random)
    both = np.maximum(ink, np.uint8(printed * random.uniform(0.3, 0.7)))
    carried = choose(random, CARRIED)
    conditions = {"how": "drawn", **lines.conditions, "ink": carried}
    return Written(Scene(encode(carry(both, carried, random, 90), "PNG"), conditions), lines.marked)


def photographed(pool: Pool, random: Random, longest: int = 1200) -> Written:
    """Write a number on paper and photograph it, turned by up to six degrees."""
    lines = write_lines(pool, random)
    shape = camera_shape(random, longest, 600)
    if lines.ink.shape[1] > 4 * lines.ink.shape[0]:
        shape = (min(shape), max(shape))
    angle = random.uniform(-6, 6)
    fill = np.min(np.array(shape) / bounds(lines.ink.shape, angle))
    scale = min(fill * random.uniform(0.6, 0.95), 1.6)
    ink, printed = place((lines.ink, lines.printed), shape, scale, angle, random)
    paper = choose(random, PAPERS)
    ruling = "blank" if printed.any() else choose(random, PAGES["sheet"].lines)
    sheet = blank_sheet(shape, PAPERS[paper], ruling, random)
    sheet = lay_ink(sheet, printed, pick(random, (*LINE_COLORS, (70, 70, 75))), random)
    sheet = lay_ink(sheet, ink, pick(random, PEN_COLORS), random)
    light = choose(random, LIGHTS)
    data, _ = expose(sheet, light, random)
    conditions = {"how": "photographed", **lines.conditions, "lines printed": ruling}
    return Written(Scene(data, conditions | {"light": light}), lines.marked)


def turned(pool: Pool, random: Random) -> Written:
    """Photograph a number with the camera turned by a quarter, or upside down."""
    written = photographed(pool, random)
    way = choose(random, WAYS)
    with Image.open(io.BytesIO(written.scene.data)) as file:
        picture = ImageOps.exif_transpose(file).transpose(WAYS[way])
    conditions = written.scene.conditions | {"turned": way}
    return replace(written, scene=Scene(encode(picture, "JPEG", quality=90), conditions))


def page(pool: Pool, random: Random, longest: int = 1200) -> Written:
    """Photograph a page of four lines on a table, whose edge is in view."""
    lines = write_lines(pool, random, count=4)
    shape = camera_shape(random, longest, 800)
    kind = choose(random, ("sheet", "sheet", "card", "note"))
    height, width = page_shape(shape, PAGES[kind], random.uniform(0.45, 0.85), random)
    while True:
        corners = lie(shape, (height, width), random, most=8)
        fill = np.min(np.array([height, width]) / bounds(lines.ink.shape, 0))
        scale = min(fill * random.uniform(0.5, 0.9), 1.6)
        ink, printed = place((lines.ink, lines.printed), (height, width), scale, 0, random)
        left, top, right, bottom = cv2.boundingRect(ink)
        rows, columns = (top, top + bottom), (left, left + right)
        box = np.array([[(column, row) for row in rows for column in columns]], np.float32)
        seen = cv2.perspectiveTransform(box, page_to_picture((height, width), corners))[0]
        frame = np.array(shape[::-1])
        if (seen > 0.01 * frame).all() and (seen < 0.99 * frame).all():
            break
    color = pick(random, PAGES[kind].colors)
    ruling = "blank" if printed.any() else choose(random, PAGES[kind].lines)
    sheet = blank_sheet((height, width), color, ruling, random)
    sheet = lay_ink(sheet, printed, pick(random, LINE_COLORS), random)
    sheet = lay_ink(sheet, ink, pick(random, PEN_COLORS), random)
    table, picture, _ = lay_on_table(sheet, corners, shape, color, random)
    light = choose(random, LIGHTS)
    data, _ = expose(picture, light, random)
    told = {"page": kind, "table": table, "lines printed": ruling, "light": light}
    conditions = {"how": "page of lines", **lines.conditions} | told
    return Written(Scene(data, conditions), lines.marked)


def bounds(shape: tuple[int, int], angle: float) -> NDArray[np.float64]:
    """Return the height and width that a turned picture takes."""
    sine, cosine = np.abs(np.sin(np.radians(angle))), np.cos(np.radians(angle))
    height, width = shape
    return np.array([height * cosine + width * sine, width * cosine + height * sine])


def place(
    layers: tuple[Ink, ...], shape: tuple[int, int], scale: float, angle: float, random: Random
) -> list[Ink]:
    """Lay layers of ink somewhere in a picture of a shape, scaled and turned alike."""
    height, width = layers[0].shape
    needs = bounds((height, width), angle) * scale
    room = np.maximum(np.array(shape) - needs, 0)
    down, right = needs / 2 + room * random.uniform(0.1, 0.9, 2)
    move = cv2.getRotationMatrix2D((width / 2, height / 2), angle, scale)
    move[:, 2] += (right - width / 2, down - height / 2)
    if scale < 0.7:
        sigma = 0.35 / scale
        layers = tuple(cv2.GaussianBlur(layer, (0, 0), sigma) for layer in layers)
    return [cv2.warpAffine(layer, move, shape[::-1]) for layer in layers]


def write_lines(pool: Pool, random: Random, count: int | None = None) -> Lines:
    """Write a number in one line or several, or so many lines of two to six digits."""
    spacing = choose(random, SPACINGS[:3] if random.random() < 0.92 else SPACINGS[3:])
    pen = log_uniform(random, PENS[0], 11 if spacing == "touching" else PENS[-1]) / 100
    if count is None:
        rows = int(random.choice([1, 1, 1, 2, 3]))
        digits = int(random.integers(2, 13)) if random.random() < 0.5 else random.integers(2, 7)
        counts = np.bincount(np.arange(max(digits, 2 * rows)) % rows)
    else:
        rows, counts = count, random.integers(2, 7, count)
    marks = choose(random, ("none", "none", "gap", "marks"))
    if marks == "marks" and spacing in ("touching", "in cells"):
        marks = "none"
    if marks == "gap" and (spacing == "in cells" or counts.max() < 3):
        marks = "none"
    texts = [set_marks("".join(map(str, random.integers(0, 10, n))), marks, random) for n in counts]
    written = [write_line(text, pool, spacing, pen, random) for text in texts]
    total = int(counts.sum())
    conditions = {
        "spacing": spacing,
        "digits": str(total) if total < 4 else span(total, (4, 7, 13, 25), "digits"),
        "rows": str(rows),
        "between": marks,
        "stroke": span(pen * 100, PENS, "% of the height"),
    }
    ink, printed = stack(written, random)
    return Lines(ink, printed, "\n".join(texts), conditions)


def set_marks(digits: str, marks: str, random: Random) -> str:
    """Set a gap or other marks among digits, if there are enough."""
    if marks == "gap" and len(digits) > 2:
        cut = int(random.integers(1, len(digits)))
        return f"{digits[:cut]} {digits[cut:]}"
    if marks == "marks":
        fitting = [p for p in PATTERNS if p.count("{}") <= len(digits)]
        pattern = str(random.choice(fitting))
        parts = pattern.count("{}")
        cuts = np.sort(random.choice(np.arange(1, len(digits)), parts - 1, replace=False))
        ends = [0, *cuts.tolist(), len(digits)]
        return pattern.format(*(digits[a:b] for a, b in pairwise(ends)))
    return digits


def glyph(strokes: Strokes, height: float, pen: float) -> Ink:
    """Draw strokes in a given height, wide ones lower: uint8, no wider than the ink."""
    reach = np.max([np.max(stroke, axis=0) for stroke in strokes], axis=0)
    scale = height / max(reach[1], 0.6 * reach[0], 1)
    size = max(scale * reach.max(), pen + 1)
    side = int(np.ceil(size)) + 2
    ink = ink_of(strokes, (side, side), (1, 1), size, pen)
    left, top, width, rows = cv2.boundingRect(ink)
    return ink[top : top + rows, left : left + width]


def write_line(text: str, pool: Pool, spacing: str, pen: float, random: Random) -> tuple[Ink, Ink]:
    """Write a line: its ink, and what a form has printed below it, uint8 (rows, columns)."""
    rows, stroke = 2 * HEIGHT, pen * HEIGHT
    line = np.zeros((rows, round(HEIGHT * (2.2 * len(text) + 2))), np.uint8)
    printed, cell = np.zeros_like(line), HEIGHT * random.uniform(1.05, 1.3)
    slope, before, gap = random.normal(0, 0.015), HEIGHT // 4, None
    edge = np.full(rows, -1e9)
    for index, character in enumerate(text):
        if character == " ":
            gap = random.uniform(1.0, 1.5) if spacing == "apart" else random.uniform(0.75, 1.3)
            continue
        if character.isdigit():
            written = pool[int(character)][random.integers(len(pool[int(character)]))]
            tall, foot = HEIGHT * np.exp(random.normal(0, 0.07)), random.normal(0.97, 0.03)
            ink = glyph(written, tall, stroke)
        else:
            written, tall, foot = MARKS[character]
            ink = glyph(written, max(tall * HEIGHT, 1.1 * stroke), stroke)
            gap = gap or random.uniform(0.1, 0.2)
        top = int(np.clip(HEIGHT / 2 + foot * HEIGHT - ink.shape[0] + slope * before, 0, rows - 1))
        ink = ink[: rows - top]
        if spacing == "in cells":
            column = round(HEIGHT / 4 + index * cell + (cell - ink.shape[1]) / 2)
        else:
            column = next_column(edge, ink, top, before, gap, spacing, stroke, random, index)
        height, width = ink.shape
        part = line[top : top + height, column : column + width]
        np.maximum(part, ink[:, : part.shape[1]], out=part)
        edge = right_edge(ink, top, column, rows)
        before, gap = column + width, None if character.isdigit() else random.uniform(0.1, 0.2)
    if spacing == "in cells":
        form(printed, len(text), cell, stroke, random)
    used = cv2.boundingRect(np.maximum(line, printed))
    right = used[0] + used[2] + 2
    return line[:, :right], printed[:, :right]


def right_edge(ink: Ink, top: int, column: int, rows: int) -> NDArray[np.float64]:
    """Return for every row of a line where a digit's ink ends; far left without any."""
    edge = np.full(rows, -1e9)
    solid = ink > 127
    ends = column + ink.shape[1] - 1 - solid[:, ::-1].argmax(1)
    edge[top : top + len(ink)] = np.where(solid.any(1), ends, -1e9)
    return cv2.dilate(edge[:, None], np.ones((5, 1))).ravel()


def next_column(
    edge: NDArray[np.float64],
    ink: Ink,
    top: int,
    before: int,
    gap: float | None,
    spacing: str,
    stroke: float,
    random: Random,
    index: int,
) -> int:
    """Return where the next digit begins: after a gap, or as near as its spacing says."""
    if index == 0:
        return before
    if gap is not None:
        return round(before + gap * HEIGHT)
    if spacing == "apart":
        return round(before + random.uniform(0.1, 0.3) * HEIGHT)
    solid = ink > 127
    starts = np.where(solid.any(1), solid.argmax(1), 1e9)
    nearest = np.max(edge[top : top + len(ink)] - starts)
    if spacing == "close":
        apart, overlap = random.uniform(0.03, 0.12) * HEIGHT + 1, 0.2
    else:
        apart, overlap = 1 - random.uniform(0.1, 0.6) * stroke, 0.3
    least = before - overlap * min(ink.shape[1], HEIGHT * 0.6)
    return round(max(nearest + apart, least))


def form(printed: Ink, cells: int, cell: float, stroke: float, random: Random) -> None:
    """Print a row of cells."""
    left, right = HEIGHT / 4, HEIGHT / 4 + cells * cell
    top, bottom = HEIGHT * random.uniform(0.25, 0.4), HEIGHT * random.uniform(1.6, 1.75)
    thickness = max(1, round(stroke * random.uniform(0.3, 0.7)))
    start, end = (round(left), round(top)), (round(right), round(bottom))
    cv2.rectangle(printed, start, end, 255, thickness)
    for column in np.rint(left + cell * np.arange(1, cells)).astype(int).tolist():
        cv2.line(printed, (column, round(top)), (column, round(bottom)), 255, thickness)


def stack(lines: list[tuple[Ink, Ink]], random: Random) -> tuple[Ink, Ink]:
    """Set lines below each other, each beginning a little elsewhere, and crop to what is there."""
    pitch = round(HEIGHT * random.uniform(1.45, 2.1))
    starts = np.rint(random.uniform(0, 0.6, len(lines)) * HEIGHT).astype(int).tolist()
    return set_below(lines, starts, pitch)


def set_below(lines: list[tuple[Ink, Ink]], starts: list[int], pitch: int) -> tuple[Ink, Ink]:
    """Set lines below each other, so many rows apart, and crop to what is there.

    Args:
        lines: What is written and what is printed.
        starts: The column in which each one begins.
        pitch: From the top of one to that of the next.
    """
    height = pitch * (len(lines) - 1) + 2 * HEIGHT
    width = max(start + ink.shape[1] for start, (ink, _) in zip(starts, lines, strict=True))
    layers = np.zeros((2, height, width), np.uint8)
    for row, (start, line) in enumerate(zip(starts, lines, strict=True)):
        top = row * pitch
        part = layers[:, top : top + 2 * HEIGHT, start : start + line[0].shape[1]]
        np.maximum(part, np.stack(line), out=part)
    return cropped(layers)


def cropped(layers: NDArray[np.uint8]) -> tuple[Ink, Ink]:
    """Crop ink and what is printed, uint8 (2, height, width), to what is there."""
    left, top, width, height = cv2.boundingRect(layers.max(0))
    ink, printed = layers[:, top : top + height, left : left + width]
    return ink, printed
