"""Pages inside pictures: sheets on tables, canvases in windows, figures with axes, screenshots."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import cv2
import matplotlib
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from testing.scenes import (
    INKS,
    PAPERS,
    Color,
    Random,
    Scene,
    blank_sheet,
    choose,
    encode,
    expose,
    illuminate,
    ink_of,
    lay_ink,
    log_uniform,
    span,
)
from testing.strokes import Strokes

Pixels = NDArray[np.float32]
Box = tuple[int, int, int, int]

PENS = (1.2, 3, 6, 12, 20)
"""Where the named intervals of the stroke begin and end, in % of the digit's size."""

SHARES = (0, 10, 25, 50, 75, 100)
"""Where the named intervals of the page end, in % of the picture."""

CHALKS: tuple[Color, ...] = ((235, 235, 230), (240, 225, 150), (240, 190, 200), (190, 215, 240))
PEN_COLORS: tuple[Color, ...] = (*(color for color, _, _ in INKS.values()), (20, 90, 170))


@dataclass(frozen=True)
class Page:
    """What people write on.

    Attributes:
        colors: In which it is sold.
        longer: Its longer side divided by its shorter, at least and at most.
        lines: What may be printed on it.
    """

    colors: tuple[Color, ...]
    longer: tuple[float, float]
    lines: tuple[str, ...]


WHITES = (PAPERS["white"], PAPERS["cream"], PAPERS["grey"])
PAGES = {
    "sheet": Page(WHITES, (1.29, 1.42), ("blank", "blank", "ruled", "squared")),
    "note": Page(
        (PAPERS["yellow"], PAPERS["pink"], (180, 225, 170), (165, 210, 235)), (1, 1.05), ("blank",)
    ),
    "card": Page(WHITES, (1.4, 1.75), ("blank", "blank", "ruled", "squared")),
    "slate": Page(
        ((45, 48, 52), (36, 62, 52), (28, 28, 30)), (1.0, 1.5), ("blank", "blank", "ruled")
    ),
}
TABLES: dict[str, tuple[Color, ...]] = {
    "even": ((120, 80, 50), (175, 140, 100), (90, 100, 105), (150, 150, 150), (60, 90, 130)),
    "dark": ((28, 26, 26), (45, 40, 38), (20, 30, 45), (55, 32, 25)),
    "lit": ((215, 205, 190), (205, 210, 215), (225, 200, 160)),
    "wood": ((125, 82, 48), (172, 128, 84), (84, 54, 36), (205, 170, 125)),
    "cloth": ((150, 60, 60), (80, 105, 150), (110, 130, 90), (170, 165, 155), (70, 70, 75)),
}
LIGHTS = ("even", "lamp", "soft shadow", "hard shadow")


def camera_shape(random: Random, longest: int, least: int = 480) -> tuple[int, int]:
    """Draw a photograph's height and width, upright, square or lying."""
    longer = round(log_uniform(random, least, longest))
    shorter = round(longer * random.choice([0.75, 0.75, 0.5625, 1]))
    return (longer, shorter) if random.random() < 0.5 else (shorter, longer)


def sheet(strokes: Strokes, random: Random, longest: int = 1200) -> Scene:
    """Photograph a digit on a sheet, note, card or slate that lies on a table."""
    shape = camera_shape(random, longest)
    kind, light = choose(random, PAGES), choose(random, LIGHTS)
    height, width = page_shape(shape, PAGES[kind], random.uniform(0.1, 0.9), random)
    corners = lie(shape, (height, width), random)
    place, size = free_square(shape, (height, width), corners, random)
    pen = log_uniform(random, PENS[0], PENS[-1]) / 100
    drawn = ink_of(strokes, (height, width), place, size, max(pen * size, 2.2))
    lines, color = choose(random, PAGES[kind].lines), pick(random, PAGES[kind].colors)
    page = write_on(kind, color, lines, drawn, random)
    table, seen, share = lay_on_table(page, corners, shape, color, random)
    data, _ = expose(seen, light, random)
    conditions = {
        "page": kind,
        "table": table,
        "share": span(share * 100, SHARES, "%"),
        "stroke": span(pen * 100, PENS, "% of the digit"),
        "lines": lines,
        "light": light,
    }
    return Scene(data, conditions)


def pick(random: Random, colors: tuple[Color, ...]) -> Color:
    """Pick one of some colors."""
    return colors[random.integers(len(colors))]


def page_shape(shape: tuple[int, int], page: Page, share: float, random: Random) -> tuple[int, int]:
    """Return the height and width of a page that fills a share of a picture."""
    ratio = random.uniform(*page.longer)
    lying = shape[1] > shape[0] if share > 0.5 or random.random() < 0.5 else random.random() < 0.5
    shorter = np.sqrt(share * shape[0] * shape[1] / ratio)
    sides = round(shorter), round(shorter * ratio)
    return sides if lying else sides[::-1]


def lie(
    shape: tuple[int, int], page: tuple[int, int], random: Random, most: float = 15
) -> NDArray[np.float32]:
    """Return where a page's corners are seen: turned, in slight perspective, float32 (4, 2)."""
    frame, sides = np.array(shape[::-1], float), np.array(page[::-1], float)
    corners = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * sides / 2
    angle = np.radians(random.uniform(-most, most))
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    seen = corners @ turn + random.uniform(-0.035, 0.035, (4, 2)) * sides
    room = frame - np.ptp(seen, axis=0)
    shift = random.uniform(-0.48, 0.48, 2) * np.where(room > 0, room, -room / 3)
    return (seen - (seen.max(0) + seen.min(0)) / 2 + frame / 2 + shift).astype(np.float32)


def page_to_picture(page: tuple[int, int], corners: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return the perspective that shows a page's corners where they are seen: (3, 3)."""
    height, width = page
    flat = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    return cv2.getPerspectiveTransform(flat, corners)


def free_square(
    shape: tuple[int, int], page: tuple[int, int], corners: NDArray[np.float32], random: Random
) -> tuple[tuple[float, float], float]:
    """Find a square on a page, all of which is seen: its corner's x and y, and its side."""
    frame, sides = np.array(shape[::-1]), np.array(page[::-1])
    matrix = page_to_picture(page, corners)
    square = np.array([[0, 0], [1, 0], [1, 1], [0, 1]])
    size = min(max(random.uniform(0.3, 0.85) * min(page), 44), 0.85 * min(page))
    while True:
        for _ in range(20):
            corner = 0.05 * size + random.random(2) * (sides - 1.1 * size)
            here = np.array([corner + square * size], np.float32)
            seen = cv2.perspectiveTransform(here, matrix)[0]
            if (seen > 0.03 * frame).all() and (seen < 0.97 * frame).all():
                return tuple(corner), size
        size *= 0.9


def write_on(
    kind: str, color: Color, lines: str, drawn: NDArray[np.uint8], random: Random
) -> Pixels:
    """Return a written page as it would look in even light: float32 (height, width, 3)."""
    height, width = drawn.shape
    page = blank_sheet(drawn.shape, color, lines, random)
    chalk = kind == "slate"
    page = lay_ink(page, drawn, pick(random, CHALKS if chalk else PEN_COLORS), random, rough=chalk)
    if chalk and random.random() < 0.5:
        frame = round(random.uniform(0.02, 0.05) * width)
        cv2.rectangle(page, (0, 0), (width, height), pick(random, TABLES["wood"]), frame)
    return page


def lay_on_table(
    page: Pixels,
    corners: NDArray[np.float32],
    shape: tuple[int, int],
    color: Color,
    random: Random,
) -> tuple[str, Pixels, float]:
    """Show a page on a table, with the shadow that it casts.

    Returns:
        The table's kind, the picture in even light, and the share that the page has of it.
    """
    height, width = shape
    kind, around = any_table(random, color)
    seen = TEXTURES[kind](shape, around, random)
    if random.random() < 0.2:
        ends = random.uniform(-0.1, 1.1, (2, 2)) * (width, height)
        body = random.uniform(0.012, 0.025) * max(shape)
        start, stop = np.rint(ends).astype(int).tolist()
        cv2.line(seen, start, stop, random.uniform(20, 230, 3).tolist(), round(body), cv2.LINE_AA)
    matrix = page_to_picture(page.shape[:2], corners)
    warped = cv2.warpPerspective(page, matrix, (width, height), borderMode=cv2.BORDER_REPLICATE)
    outline = np.rint(corners * 16).astype(np.int32)
    mask = cv2.fillConvexPoly(np.zeros(shape, np.uint8), outline, 255, cv2.LINE_AA, 4)
    height_of_edge = random.uniform(0.002, 0.012) * max(shape)
    move = np.array([[1, 0, 0], [0, 1, 0]], np.float32)
    move[:, 2] = random.uniform(-1, 1, 2) * height_of_edge
    shade = cv2.GaussianBlur(cv2.warpAffine(mask, move, (width, height)), (0, 0), height_of_edge)
    depth = np.float32(random.uniform(0.2, 0.6) / 255)
    seen *= (1 - depth * shade)[..., None]
    weight = mask / np.float32(255)
    seen += (warped - seen) * weight[..., None]
    return kind, seen, float(weight.mean())


def any_table(random: Random, page: Color) -> tuple[str, Color]:
    """Pick a table's kind and color, of which a page can be told apart."""
    while True:
        kind = choose(random, TABLES)
        color = pick(random, TABLES[kind])
        if np.abs(np.subtract(color, page)).max() > 28:
            return kind, color


def stained(shape: tuple[int, int], color: Color, random: Random) -> Pixels:
    """Show a plain table."""
    height, width = shape
    grain = random.standard_normal((height // 8 + 1, width // 8 + 1), np.float32)
    spread = cv2.resize(grain * random.uniform(1, 6), (width, height))
    return np.array(color, np.float32) + spread[..., None]


def lit(shape: tuple[int, int], color: Color, random: Random) -> Pixels:
    """Show a bright table with the light of a lamp on a part of it."""
    height, width = shape
    y, x = np.ogrid[0 : 1 : height * 1j, 0 : 1 : width * 1j]
    away = (x - random.random()) ** 2 + (y - random.random()) ** 2
    glow = 0.8 + 0.35 * np.exp(-away / random.uniform(0.05, 0.4))
    return stained(shape, color, random) * glow[..., None].astype(np.float32)


def wood(shape: tuple[int, int], color: Color, random: Random) -> Pixels:
    """Show boards with their grain and rings, lying or upright."""
    upright = random.random() < 0.5
    height, width = shape[::-1] if upright else shape
    fine = random.standard_normal((height, width // 60 + 2), np.float32)
    coarse = random.standard_normal((height // 40 + 2, width // 200 + 2), np.float32)
    size = (width, height)
    bend = cv2.resize(coarse, size, interpolation=cv2.INTER_CUBIC)
    rows = np.arange(height, dtype=np.float32)[:, None] / random.uniform(4, 16)
    rings = np.sin(rows + random.uniform(1, 5) * bend) * random.uniform(0.2, 1)
    shade = 1 + random.uniform(0.04, 0.12) * (cv2.resize(fine, size) + rings)
    board = random.uniform(0.12, 0.5) * max(shape)
    for row in np.arange(random.uniform(0, board), height, board):
        shade[round(row) :] *= random.uniform(0.92, 1.08)
        shade[round(row) : round(row) + max(1, height // 400)] *= 0.55
    seen = np.ascontiguousarray(shade.T) if upright else shade
    return np.array(color, np.float32) * seen[..., None]


def cloth(shape: tuple[int, int], color: Color, random: Random) -> Pixels:
    """Show a cloth: striped, checked or woven."""
    height, width = shape
    wave = random.uniform(0.02, 0.15) * max(shape)
    rows = (np.arange(height) / wave % 1 < 0.5).astype(np.float32)[:, None]
    columns = (np.arange(width) / wave % 1 < 0.5).astype(np.float32)[None]
    pattern = (rows + 0 * columns, 0 * rows + columns, rows / 2 + columns / 2, 0 * rows * columns)
    chosen = pattern[random.integers(len(pattern))][..., None]
    other = np.array(color, np.float32) * random.uniform(0.55, 1.25)
    weave = 1 + 0.1 * random.standard_normal((height // 2 + 1, width // 2 + 1), np.float32)
    woven = cv2.resize(weave, (width, height))[..., None]
    return (np.array(color, np.float32) * (1 - chosen) + other * chosen) * woven


TEXTURES = {"even": stained, "dark": stained, "lit": lit, "wood": wood, "cloth": cloth}


SCREENS = ((640, 480), (800, 600), (1024, 768), (1280, 720), (1366, 768), (1280, 800))
SAYINGS = (
    "File Edit View Image Tools Window Help Untitled Paint draw your digit here clear submit open "
    "save layer brush size canvas color undo the network reads what was written and every page of "
    "this book has a number one of them is missing today we try again Home Models Docs Layout 100% "
    "settings preview result model share sign in about 24 px 2026 version 3.1"
)
WORDS = SAYINGS.split()
THEMES: dict[str, tuple[Color, Color, Color]] = {
    "light": ((243, 243, 243), (30, 30, 30), (225, 229, 236)),
    "blue title": ((240, 240, 240), (25, 25, 25), (200, 205, 212)),
    "dark": ((45, 45, 48), (225, 225, 225), (70, 70, 74)),
    "page": ((255, 255, 255), (40, 45, 55), (250, 250, 251)),
}
"""By name: the bars' ground, their words, and what lies around the canvas."""

PALETTE: tuple[Color, ...] = (
    (0, 0, 0), (127, 127, 127), (136, 0, 21), (237, 28, 36), (255, 127, 39), (255, 242, 0),
    (34, 177, 76), (0, 162, 232), (63, 72, 204), (163, 73, 164), (255, 255, 255), (195, 195, 195),
    (185, 122, 87), (255, 174, 201), (255, 201, 14), (181, 230, 29), (153, 217, 234),
)  # fmt: skip


@cache
def font(size: int, bold: bool = False) -> ImageFont.FreeTypeFont:
    """Load the font of windows and pages."""
    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    return ImageFont.truetype(Path(matplotlib.get_data_path()) / "fonts" / "ttf" / name, size)


def some_words(random: Random, count: int) -> str:
    """Return so many words, as they come."""
    return " ".join(random.choice(WORDS, count).tolist())


def text_block(pen: ImageDraw.ImageDraw, box: Box, size: int, color: Color, random: Random) -> None:
    """Fill a box with lines of text."""
    left, top, right, bottom = box
    row = top
    while row + size * 1.5 < bottom:
        words = some_words(random, max(1, int((right - left) / (size * 4.2))))
        while words and font(size).getlength(words) > right - left:
            words = words.rpartition(" ")[0]
        pen.text((left, row), words, color, font(size))
        row += round(size * 1.5)


def icons(pen: ImageDraw.ImageDraw, box: Box, color: Color, random: Random) -> None:
    """Fill a bar with the icons of tools, squares of a palette or words."""
    left, top, right, bottom = box
    side = min(bottom - top - 6, 26)
    if side < 8:
        return
    for row in range(top + 3, bottom - side + 1, side + 6):
        content = random.choice(["palette", "icons", "icons"])
        for column in range(left + 6, right - side, side + 6):
            square = (column, row, column + side, row + side)
            if content == "palette":
                pen.rectangle(square, pick(random, PALETTE), (128, 128, 128))
            elif random.random() < 0.75:
                icon(pen, square, color, random)


def icon(pen: ImageDraw.ImageDraw, square: Box, color: Color, random: Random) -> None:
    """Draw a tool's icon."""
    left, top, right, bottom = square
    shape = random.integers(4)
    inside = (left + 3, top + 3, right - 3, bottom - 3)
    tint = color if random.random() < 0.6 else pick(random, PALETTE)
    if shape == 0:
        pen.line((inside[0], inside[3], inside[2], inside[1]), tint, 3)
    elif shape == 1:
        pen.rectangle(inside, None, tint, 2)
    elif shape == 2:
        pen.ellipse(inside, None, tint, 2)
    else:
        pen.polygon(
            (left + 3, bottom - 3, (left + right) / 2, top + 3, right - 3, bottom - 3), tint
        )


def window(strokes: Strokes, random: Random) -> Scene:
    """Take a screenshot of a window in which a canvas was drawn on."""
    width, height = SCREENS[random.integers(len(SCREENS))]
    theme = choose(random, THEMES)
    _, words, around = THEMES[theme]
    picture = Image.new("RGB", (width, height), around)
    pen = ImageDraw.Draw(picture)
    left, top, right, bottom = furnish(pen, (width, height), theme, random)
    placed = choose(random, ("up to the border", "in a corner", "in the middle", "in the middle"))
    room = np.array([right - left, bottom - top])
    if placed == "up to the border":
        sides, corner = room, np.array([left, top])
    else:
        sides = np.maximum(np.rint(room * random.uniform(0.4, 0.95, 2)), min(180, *room))
        if random.random() < 0.5:
            sides[:] = sides.min()
        free = np.array([0.01, 0.01]) if placed == "in a corner" else random.uniform(0.2, 0.8, 2)
        corner = np.rint((left, top) + (room - sides) * free)
    sides, corner = sides.astype(int), corner.astype(int)
    polarity, ground, mark = canvas_colors(random)
    size = random.uniform(0.3, 0.9) * sides.min()
    share = log_uniform(random, PENS[0], PENS[-1]) / 100
    start = random.uniform(0.04, 0.96, 2) * (sides - size)
    drawn = ink_of(strokes, tuple(sides[::-1]), tuple(start), size, max(2, share * size))
    weight = drawn[..., None] / 255
    seen = np.rint(mark * weight + ground * (1 - weight))
    canvas = Image.fromarray(seen.astype(np.uint8))
    picture.paste(canvas, tuple(corner))
    if theme == "page" or random.random() < 0.3:
        outline = (*corner - 1, *corner + sides)
        pen.rectangle(outline, None, tuple(np.add(around, words) // 2))
    conditions = {
        "window": theme,
        "canvas": polarity,
        "placed": placed,
        "share": span(100 * sides.prod() / (width * height), SHARES, "%"),
        "stroke": span(share * 100, PENS, "% of the digit"),
    }
    return Scene(store(picture, random), conditions)


def canvas_colors(random: Random) -> tuple[str, NDArray[np.float64], NDArray[np.float64]]:
    """Pick a canvas's polarity, its ground and the ink on it."""
    light = np.array((255, 255, 255) if random.random() < 0.8 else (250, 246, 230), float)
    dark = np.array((0, 0, 0) if random.random() < 0.7 else (30, 34, 40), float)
    colored = np.array(PALETTE[random.choice([2, 3, 6, 7, 8, 9])], float)
    if random.random() < 0.4:
        bright = random.random() < 0.3
        return "light on dark", dark, np.array((255, 220, 0), float) if bright else light
    return "dark on light", light, colored if random.random() < 0.3 else dark


def furnish(pen: ImageDraw.ImageDraw, size: tuple[int, int], theme: str, random: Random) -> Box:
    """Draw a window's bars and return what they leave free."""
    bars, words, _ = THEMES[theme]
    (right, bottom), left, top = size, 0, 0
    small = max(11, bottom // 60)
    if random.random() < 0.85:
        height = 2 * small + 4
        title = (25, 60, 120) if theme == "blue title" else bars
        pen.rectangle((0, 0, right, height), title)
        ink = (255, 255, 255) if theme == "blue title" else words
        pen.text((12, small // 2), some_words(random, 3), ink, font(small, True))
        for button in range(3):
            middle = right - 20 - button * 30
            dot = (middle - 6, height // 2 - 6, middle + 6, height // 2 + 6)
            pen.ellipse(dot, ((230, 80, 70), (240, 190, 60), (90, 190, 90))[button])
        top = height
    if random.random() < 0.6:
        pen.rectangle((0, top, right, top + 2 * small), bars)
        pen.text((12, top + small // 2), some_words(random, 8), words, font(small))
        top += 2 * small
    if random.random() < 0.75:
        height = int(random.uniform(0.05, 0.13) * bottom)
        pen.rectangle((0, top, right, top + height), bars)
        icons(pen, (0, top, right, top + height), words, random)
        top += height
    if random.random() < 0.4:
        height = 2 * small
        pen.rectangle((0, bottom - height, right, bottom), bars)
        pen.text((12, bottom - height + 4), some_words(random, 6), words, font(small))
        bottom -= height
    if random.random() < 0.4:
        width = int(random.choice([34, 66]))
        pen.rectangle((0, top, width, bottom), bars)
        icons(pen, (0, top, width, bottom), words, random)
        left = width
    if random.random() < 0.3:
        width = int(random.uniform(0.12, 0.25) * right)
        pen.rectangle((right - width, top, right, bottom), bars)
        block = (right - width + 8, top + 8, right - 8, int(random.uniform(top + 60, bottom)))
        text_block(pen, block, small, words, random)
        right -= width
    if random.random() < 0.4:
        track, thumb = tuple(np.add(bars, 8) % 256), tuple(np.add(bars, words) // 2)
        pen.rectangle((right - 16, top, right, bottom), track)
        start = random.uniform(top, top + (bottom - top) / 2)
        pen.rectangle((right - 13, start, right - 3, start + (bottom - top) / 3), thumb)
        right -= 17
    return left + 1, top + 1, right - 1, bottom - 1


def store(picture: Image.Image, random: Random) -> bytes:
    """Keep a screenshot as PNG or JPEG, in its size or smaller."""
    if random.random() < 0.3:
        picture = picture.reduce(2) if picture.width > 1000 else picture
    if random.random() < 0.3:
        return encode(picture, "JPEG", quality=int(random.integers(50, 95)))
    return encode(picture, "PNG", compress_level=1)


COLOR_MAPS: dict[str, tuple[str, ...]] = {
    "grey": ("gray", "gray_r", "bone"),
    "one color": ("Blues", "Greens", "Reds_r", "copper", "hot", "YlGnBu"),
    "many colors": ("viridis", "plasma", "magma", "inferno", "cividis", "cubehelix"),
    "many hues": ("jet", "turbo", "coolwarm", "Spectral"),
}
TITLES = ("Input", "digit", "Sample {0}", "x_train[{0}]", "y = ?", "Index: {0}", "Input image")


def figure(strokes: Strokes, random: Random) -> Scene:
    """Plot a digit of 28 x 28 as notebooks do: axes, ticks, any color map."""
    pixels = as_mnist(strokes, random)
    colors, shown = choose(random, COLOR_MAPS), choose(random, ("nearest", "nearest", "bicubic"))
    color_map = choose(random, COLOR_MAPS[colors])
    sides = random.uniform(3, 7, 2) if random.random() < 0.6 else np.array([6.4, 4.8])
    theme = choose(random, ("white", "white", "white", "grey", "dark"))
    ground, ink = {"white": ("w", "k"), "grey": ("#eeeeee", "k"), "dark": ("#222222", "w")}[theme]
    plot = Figure(tuple(sides), dpi=int(random.choice([60, 72, 100, 130])), facecolor=ground)
    axes = plot.add_subplot()
    picture = axes.imshow(pixels, color_map, interpolation=shown)
    axes.tick_params(colors=ink, labelsize=random.uniform(7, 13))
    title, bar = random.random() < 0.5, random.random() < 0.3
    if title:
        words = random.choice(TITLES).format(random.integers(60000))
        axes.set_title(words, color=ink, fontsize=random.uniform(9, 18))
    if random.random() < 0.2:
        axes.set_xlabel("column", color=ink)
        axes.set_ylabel("row", color=ink)
    if random.random() < 0.15:
        axes.grid(True, color=ink, alpha=0.3)
    if bar:
        plot.colorbar(picture).ax.tick_params(colors=ink)
    canvas = FigureCanvasAgg(plot)
    canvas.draw()
    drawn = Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB")
    conditions = {
        "color map": colors,
        "pixels": shown,
        "around": theme,
        "title": "yes" if title else "no",
        "color bar": "yes" if bar else "no",
    }
    return Scene(store(drawn, random), conditions)


def as_mnist(strokes: Strokes, random: Random) -> NDArray[np.uint8]:
    """Draw a digit of 28 x 28 as MNIST's are: 20 pixels large, centered."""
    large = ink_of(strokes, (280, 280), (40, 40), 200, random.uniform(16, 34))
    left, top, width, height = cv2.boundingRect(large)
    move = np.array([[1, 0, 140 - left - width / 2], [0, 1, 140 - top - height / 2]], np.float32)
    centered = cv2.warpAffine(large, move, (280, 280))
    return cv2.resize(centered, (28, 28), interpolation=cv2.INTER_AREA)


PHONES = ((390, 844), (540, 960), (800, 600), (1024, 768), (720, 1280), (1280, 720))


SCREEN_PAGES = {
    "light": ((255, 255, 255), (35, 35, 40)),
    "dark": ((22, 24, 28), (215, 215, 215)),
}
"""By theme, a page's ground and its words."""


def screenshot(strokes: Strokes, random: Random) -> Scene:
    """Take a screenshot of a page of text with a digit's picture in it."""
    width, height = PHONES[random.integers(len(PHONES))]
    theme = choose(random, SCREEN_PAGES)
    ground, words = SCREEN_PAGES[theme]
    picture = Image.new("RGB", (width, height), ground)
    pen = ImageDraw.Draw(picture)
    shown = choose(random, ("canvas", "28 x 28", "photograph"))
    side = int(random.uniform(0.35, 0.8) * min(width, height))
    inner = inner_picture(shown, strokes, side, random)
    left = int(random.uniform(0.04, 0.96) * (width - side))
    top = int(random.uniform(0.12, 0.88) * (height - side))
    margin, size = width // 24, int(random.uniform(11, 18))
    pen.text((margin, margin // 2), some_words(random, 2), words, font(size + 8, True))
    if random.random() < 0.85:
        text_block(
            pen, (margin, margin + size * 2, width - margin, top - size), size, words, random
        )
    below = top + side + size
    text_block(pen, (margin, below, width - margin, height - margin), size, words, random)
    if left > 120 and random.random() < 0.7:
        text_block(pen, (margin, top, left - 12, top + side), size, words, random)
    picture.paste(inner, (left, top))
    if random.random() < 0.5:
        pen.rectangle((left - 1, top - 1, left + side, top + side), None, (128, 128, 128))
    conditions = {
        "page": theme,
        "shown": shown,
        "share": span(100 * side**2 / (width * height), SHARES, "%"),
        "text beside": "yes" if left > 120 else "no",
    }
    return Scene(store(picture, random), conditions)


def inner_picture(shown: str, strokes: Strokes, side: int, random: Random) -> Image.Image:
    """Return a square picture of a digit, as pages show it."""
    if shown == "28 x 28":
        pixels = as_mnist(strokes, random)
        inverted = Image.fromarray(pixels if random.random() < 0.7 else 255 - pixels)
        way = Image.Resampling.NEAREST if random.random() < 0.5 else Image.Resampling.BICUBIC
        return inverted.resize((side, side), way).convert("RGB")
    size = random.uniform(0.4, 0.85) * side
    corner = random.uniform(0.05, 0.95, 2) * (side - size)
    pen = max(2.2, log_uniform(random, PENS[0], PENS[-1]) / 100 * size)
    drawn = ink_of(strokes, (side, side), tuple(corner), size, pen)
    if shown == "canvas":
        _, ground, mark = canvas_colors(random)
        weight = drawn[..., None] / 255
        seen = np.rint(mark * weight + ground * (1 - weight))
        return Image.fromarray(seen.astype(np.uint8))
    lines = choose(random, ("blank", "ruled", "squared"))
    paper = blank_sheet((side, side), pick(random, WHITES), lines, random)
    seen = lay_ink(paper, drawn, pick(random, PEN_COLORS), random)
    seen *= illuminate((side, side), choose(random, LIGHTS), random)[..., None]
    return Image.fromarray(np.clip(seen, 0, 255).astype(np.uint8))
