"""Digits that fill the picture: broad markers nearby, cropped cells, enlarged small pictures."""

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from testing.scenes import (
    LINE_COLORS,
    PAPERS,
    Random,
    Scene,
    blank_sheet,
    choose,
    encode,
    expose,
    ink_of,
    lay_ink,
    log_uniform,
    span,
)
from testing.scenes.pages import CHALKS, PAGES, PEN_COLORS, pick
from testing.strokes import Strokes


def marker(strokes: Strokes, random: Random, longest: int = 900) -> Scene:
    """Photograph a digit closely that was written with a marker or broad chalk.

    The stroke is an eighth to a third of the digit, as far as its loops stay open.
    """
    height = round(log_uniform(random, 220, longest))
    shape = (height, round(height * random.uniform(0.75, 1.33)))
    size = random.uniform(0.45, 0.85) * min(shape)
    pen = max(min(random.uniform(1 / 8, 1 / 3), broadest_pen(strokes)), 1 / 8)
    room = np.array(shape[::-1]) - size
    corner = tuple(room * random.uniform(0.04, 0.96, 2))
    ink = marker_ink(strokes, shape, corner, size, pen * size, random)
    chalk, paper = random.random() < 0.12, choose(random, PAPERS)
    ground = pick(random, PAGES["slate"].colors) if chalk else PAPERS[paper]
    sheet = blank_sheet(shape, ground, "blank", random)
    color = pick(random, CHALKS if chalk else PEN_COLORS)
    sheet = lay_ink(sheet, ink, color, random, rough=chalk)
    light = choose(random, ("even", "falling off", "falling off", "soft shadow"))
    if light == "falling off":
        sheet *= falling_off(shape, random)[..., None]
    data, _ = expose(sheet, light, random)
    conditions = {
        "stroke": span(pen * 100, (12, 17, 22, 28, 34), "% of the digit"),
        "ground": "slate" if chalk else paper,
        "light": light,
        "size": span(100 * size / min(shape), (45, 60, 75, 85), "%"),
    }
    return Scene(data, conditions)


def broadest_pen(strokes: Strokes) -> float:
    """Return the broadest pen that leaves a digit's form open, as a share of the digit's size.

    Every loop, nearly closed ones too, and every large bay between the strokes keeps some ground
    that a person sees.
    """
    side = 100
    line = drawn_line(strokes, side, 2)
    hull = cv2.fillConvexPoly(np.zeros_like(line), cv2.convexHull(cv2.findNonZero(1 - line)), 1)
    away = cv2.distanceTransform(line, cv2.DIST_L2, 5)
    regions = [region for region in parts(line & hull) if region.sum() > 0.05 * side**2]
    regions += [region for region in parts(line)[1:] if region.sum() > 0.008 * side**2]
    regions += [region for region in parts(drawn_line(strokes, side, 9))[1:] if region.sum() > 20]
    seen = [np.quantile(away[region], 0.92) for region in regions]
    room = min(seen, default=side)  # in a digit whose pen is a line, 100 pixels large
    return float(2 * room / (side + 2 * room))


def drawn_line(strokes: Strokes, side: int, pen: int) -> NDArray[np.uint8]:
    """Return the ground around strokes whose middle lines do not depend on the pen: 0 or 1."""
    ink = ink_of(strokes, (side, side), (5 - pen / 2,) * 2, side - 10 + pen, pen)
    return (ink < 100).astype(np.uint8)


def parts(ground: NDArray[np.uint8]) -> list[NDArray[np.bool_]]:
    """Return the connected parts of some ground, that of the top left corner first."""
    count, numbers = cv2.connectedComponents(ground, connectivity=4)
    return [numbers == number for number in range(1, count)]


def marker_ink(
    strokes: Strokes,
    shape: tuple[int, int],
    corner: tuple[float, float],
    size: float,
    pen: float,
    random: Random,
) -> NDArray[np.uint8]:
    """Draw strokes in uneven ink, darker where they cross: uint8 (height, width)."""
    height, width = shape
    missing = np.ones(shape, np.float32)
    for stroke in strokes:
        drawn = ink_of([stroke], shape, corner, size, pen)
        missing *= 1 - drawn.astype(np.float32) / 255 * random.uniform(0.75, 1)
    grain = round(random.uniform(3, 9))
    blots = random.random((height // grain + 2, width // grain + 2), np.float32)
    uneven = 1 - random.uniform(0, 0.4) * cv2.resize(blots, (width, height))
    return np.rint(255 * (1 - missing) * uneven).astype(np.uint8)


def falling_off(shape: tuple[int, int], random: Random) -> NDArray[np.float32]:
    """Return the light that falls off towards one side: float32 (height, width)."""
    height, width = shape
    y, x = np.ogrid[-0.5 : 0.5 : height * 1j, -0.5 : 0.5 : width * 1j]
    angle = random.uniform(0, 2 * np.pi)
    along = 0.5 + 0.7 * (np.cos(angle) * x + np.sin(angle) * y)
    return (1 - random.uniform(0.3, 0.75) * along ** random.uniform(0.7, 2)).astype(np.float32)


SIDES = ("left", "right", "top", "bottom")


def crop(strokes: Strokes, random: Random) -> Scene:
    """Crop a photographed or scanned cell so tightly that the digit reaches its border."""
    height = round(log_uniform(random, 44, 220))
    size = random.uniform(0.72, 1.02) * height
    pen = max(min(log_uniform(random, 0.05, 0.2), broadest_pen(strokes)), 0.05)
    reach = np.max([np.max(stroke, axis=0) for stroke in strokes], axis=0) / 1000
    across, down = reach * size * (1 - pen) + pen * size
    shape = (height, round(max(height * random.uniform(0.7, 1.25), across)))
    room = np.array([shape[1] - across, shape[0] - down])
    corner = room * random.random(2) + random.uniform(-0.04, 0.04, 2) * size
    reaches = border_of(corner, (across, down), shape)
    drawn = ink_of(strokes, shape, tuple(corner), size, max(pen * size, 2))
    paper = choose(random, PAPERS)
    sheet = blank_sheet(shape, PAPERS[paper], "blank", random)
    edges = int(random.choice([0, 1, 1, 2]))
    sheet = print_edges(sheet, random.permutation(SIDES)[:edges].tolist(), random)
    sheet = lay_ink(sheet, drawn, pick(random, PEN_COLORS), random)
    data, _ = expose(sheet, choose(random, ("even", "lamp", "soft shadow")), random)
    conditions = {
        "side": span(height, (44, 80, 130, 220), "px"),
        "printed edges": str(edges),
        "border": reaches,
        "stroke": span(pen * 100, (5, 8, 12, 20), "% of the digit"),
        "paper": paper,
    }
    return Scene(data, conditions)


def border_of(
    corner: NDArray[np.float64], sides: tuple[float, float], shape: tuple[int, int]
) -> str:
    """Name how a digit lies to the border of its cell."""
    near = min(*corner, shape[1] - corner[0] - sides[0], shape[0] - corner[1] - sides[1])
    if near < -1:
        return "leaves it"
    return "reaches it" if near < 2 else "inside"


def print_edges(
    sheet: NDArray[np.float32], sides: list[str], random: Random
) -> NDArray[np.float32]:
    """Print a cell's edges at some sides of its picture, a little aslant, up to 4 % inside."""
    height, width = sheet.shape[:2]
    drawn = np.zeros((height, width), np.uint8)
    for side in sides:
        along, across = (height, width) if side in ("left", "right") else (width, height)
        starts = random.uniform(0, 0.04) * across + random.uniform(0, 0.015, 2) * across
        if side in ("right", "bottom"):
            starts = across - 1 - starts
        ends = np.array([[starts[0], 0], [starts[1], along]])
        if side in ("top", "bottom"):
            ends = ends[:, ::-1]
        start, stop = np.rint(ends * 16).astype(int).tolist()
        thickness = max(1, round(random.uniform(0.01, 0.04) * across))
        cv2.line(drawn, start, stop, 255, thickness, cv2.LINE_AA, 4)
    colors = (*LINE_COLORS, (40, 40, 40), (40, 40, 40), (90, 90, 95))
    return lay_ink(sheet, drawn, pick(random, colors), random)


WAYS = {
    "bicubic": Image.Resampling.BICUBIC,
    "bilinear": Image.Resampling.BILINEAR,
    "nearest": Image.Resampling.NEAREST,
}


def enlargement(strokes: Strokes, random: Random) -> Scene:
    """Enlarge a picture of 8 x 8 pixels and 17 levels, as scikit-learn's digits are.

    A digit whose loops are too fine for that has 12 x 12 or 16 x 16 pixels.
    """
    room = broadest_pen(strokes)
    grid = 8 if room > 0.15 else 12 if room > 0.1 else 16
    small = small_picture(strokes, grid, random)
    polarity, way = choose(random, ("light on dark", "dark on light")), choose(random, WAYS)
    side = round(log_uniform(random, 28, 400))
    picture = Image.fromarray(small if polarity == "light on dark" else 255 - small)
    picture = picture.resize((side, side), WAYS[way])
    if random.random() < 0.3:
        data = encode(picture.convert("RGB"), "JPEG", quality=int(random.integers(60, 95)))
    else:
        data = encode(picture, "PNG")
    conditions = {
        "side": span(side, (28, 60, 150, 400), "px"),
        "way": way,
        "ground": polarity,
        "grid": f"{grid} x {grid}",
    }
    return Scene(data, conditions)


def small_picture(strokes: Strokes, grid: int, random: Random) -> NDArray[np.uint8]:
    """Draw a digit that fills a few pixels in height: uint8 (grid, grid).

    Of a few such drawings the one is taken that shows most of the digit's form.
    """
    side, drawings = 128, []
    reach = np.max([np.max(stroke, axis=0) for stroke in strokes], axis=0) / 1000
    for _ in range(8):
        wide = reach[0] / reach[1] * random.uniform(1, 1.6)
        aspect = min(wide if wide < 0.35 else max(wide, 0.55), 0.95)
        pen = random.uniform(0.09, 0.14) * side * (8 / grid) ** 0.5
        scale = np.array([aspect, 1]) / np.maximum(reach, 0.01)
        tall = [(np.array(stroke, float) * scale).tolist() for stroke in strokes]
        left = (side - aspect * (side - pen) - pen) / 2 + random.uniform(-0.5, 0.5) * side / grid
        large = ink_of(tall, (side, side), (left, 0), side, pen).astype(np.float32) / 255
        thin = ink_of(tall, (side, side), (left + pen / 4, pen / 4), side - pen / 2, pen / 2)
        levels = cv2.resize(large, (grid, grid), interpolation=cv2.INTER_AREA)
        seen = cv2.resize(levels, (side, side), interpolation=cv2.INTER_CUBIC)
        likeness = np.corrcoef(seen.ravel(), thin.ravel())[0, 1]
        steps = np.rint(levels / levels.max() * 16)
        drawings.append((likeness, np.rint(steps * 255 / 16).astype(np.uint8)))
    return max(drawings, key=lambda drawing: drawing[0])[1]
