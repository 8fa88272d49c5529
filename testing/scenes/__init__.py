"""Pictures of pen strokes: drawn on a pad, or written on paper and photographed.

Strokes are lists of points, 0..1000 with y downwards. Every picture comes as a file's bytes, with
the conditions under which it was made, so that a reading can be told apart by each of them.
"""

import io
from collections.abc import Iterable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from testing.strokes import Strokes

Random = np.random.Generator
Color = tuple[int, int, int]

PAD = 400
"""Side of a drawing, in pixels."""

EXIF_ORIENTATION = 0x0112
UNTURN = {3: cv2.ROTATE_180, 6: cv2.ROTATE_90_COUNTERCLOCKWISE, 8: cv2.ROTATE_90_CLOCKWISE}
"""By EXIF orientation, how the stored pixels differ from the upright picture."""

INKS: dict[str, tuple[Color, float, float]] = {
    "black ballpoint": ((40, 40, 45), 0.012, 0.03),
    "blue ballpoint": ((45, 60, 150), 0.012, 0.03),
    "red pen": ((185, 45, 50), 0.015, 0.05),
    "green pen": ((40, 125, 70), 0.015, 0.05),
    "pencil": ((105, 105, 108), 0.012, 0.035),
    "marker": ((30, 30, 30), 0.05, 0.12),
}
"""By name: color, and the stroke's width as the least and largest share of the digit's size."""

PAPERS: dict[str, Color] = {
    "white": (238, 238, 236),
    "cream": (235, 224, 196),
    "grey": (196, 196, 198),
    "yellow": (240, 222, 110),
    "pink": (236, 186, 196),
}
LINE_COLORS: tuple[Color, ...] = ((150, 175, 215), (175, 175, 175), (205, 150, 160))
DESKS: tuple[Color, ...] = ((120, 80, 50), (60, 55, 55), (175, 140, 100), (90, 100, 105))


@dataclass(frozen=True)
class Scene:
    """A picture and how it came about.

    Attributes:
        data: The picture file's content.
        conditions: By factor, the value that this picture has of it.
    """

    data: bytes
    conditions: dict[str, str]


def choose(random: Random, options: Iterable[str]) -> str:
    """Pick one of some names."""
    return str(random.choice(list(options)))


def span(value: float, edges: tuple[float, ...], unit: str) -> str:
    """Name the interval between edges in which a value lies."""
    upper = min(int(np.searchsorted(edges, value, side="right")), len(edges) - 1)
    return f"{edges[upper - 1]:g} to {edges[upper]:g} {unit}"


def log_uniform(random: Random, low: float, high: float) -> float:
    """Draw a number whose logarithm is spread evenly."""
    return float(np.exp(random.uniform(np.log(low), np.log(high))))


def ink_of(
    strokes: Strokes,
    shape: tuple[int, int],
    corner: tuple[float, float],
    size: float,
    pen: float,
) -> NDArray[np.uint8]:
    """Draw strokes: uint8 (height, width), 255 for full ink.

    Args:
        strokes: What the pen did.
        shape: Height and width of the result.
        corner: x and y of the top left corner of the ink's square, in pixels.
        size: The square's side, ink included, in pixels.
        pen: The stroke's width, in pixels.
    """
    ink = np.zeros(shape, np.uint8)
    start = np.add(corner, pen / 2)
    for stroke in strokes:
        points = np.array(stroke, np.float64) * max(size - pen, 1) / 1000 + start
        fixed = np.rint(points * 16).astype(np.int32).reshape(-1, 1, 2)  # 1/16 pixel
        cv2.polylines(ink, [fixed], False, 255, max(1, round(pen)), cv2.LINE_AA, shift=4)
        if len(stroke) == 1:
            cv2.circle(ink, fixed[0, 0].tolist(), round(pen * 8), 255, -1, cv2.LINE_AA, shift=4)
    return ink


def encode(picture: Image.Image, file_format: str = "PNG", **options: object) -> bytes:
    """Return a picture's file."""
    file = io.BytesIO()
    picture.save(file, file_format, **options)
    return file.getvalue()


CARRIED = ("black on white", "white on black", "in alpha", "color on color")


def draw_on_pad(strokes: Strokes, random: Random) -> Scene:
    """Draw on a pad: any brush, any size, anywhere, the ink carried in one of four ways."""
    pen = round(log_uniform(random, 4, 40))
    share = random.uniform(0.25, 0.95)
    carried = choose(random, CARRIED)
    size = share * PAD
    corner = random.uniform(0, PAD - size, 2)
    picture = carry(ink_of(strokes, (PAD, PAD), tuple(corner), size, pen), carried, random)
    conditions = {
        "brush": span(pen, (4, 8, 16, 28, 40), "px"),
        "size": span(share * 100, (25, 45, 70, 95), "%"),
        "ink": carried,
    }
    return Scene(encode(picture, "PNG"), conditions)


def carry(ink: NDArray[np.uint8], carried: str, random: Random, contrast: int = 60) -> Image.Image:
    """Make a picture of ink, uint8 (height, width), in one of the four ways.

    Args:
        ink: 255 for full ink.
        carried: One of ``CARRIED``.
        random: Picks the colors.
        contrast: By how many levels they differ at least, in red, green or blue.
    """
    if carried == "in alpha":
        black = np.zeros_like(ink)
        return Image.fromarray(np.dstack([black, black, black, ink]))
    if carried == "color on color":
        ground, mark = random.integers(0, 256, (2, 3))
        while np.abs(ground - mark).max() < contrast:
            mark = random.integers(0, 256, 3)
        weight = ink[..., None] / 255
        return Image.fromarray(np.rint(mark * weight + ground * (1 - weight)).astype(np.uint8))
    return Image.fromarray(ink if carried == "white on black" else 255 - ink)


def photograph(
    strokes: Strokes,
    random: Random,
    pen: str | None = None,
    lines: str | None = None,
    light: str | None = None,
    edge: str | None = None,
    longest: int = 3000,
) -> Scene:
    """Write on paper and photograph it, as phones do; what is not given is drawn by chance."""
    longer = round(log_uniform(random, 600, longest))
    shape = (longer, longer * 3 // 4) if random.random() < 0.6 else (longer * 3 // 4, longer)
    any_pen, paper = choose(random, INKS), choose(random, PAPERS)
    any_lines = choose(random, ("blank", "blank", "ruled", "squared"))
    any_light = choose(random, ("even", "lamp", "soft shadow", "hard shadow"))
    any_edge = choose(random, ("paper only", "paper only", "paper only", "desk in view"))
    pen, lines = pen or any_pen, lines or any_lines
    light, edge = light or any_light, edge or any_edge
    sheet = write(strokes, shape, pen, PAPERS[paper], lines, random)
    seen = look(sheet, edge == "desk in view", random)
    data, camera = expose(seen, light, random)
    return Scene(
        data, {"pen": pen, "paper": paper, "lines": lines, "light": light, "edge": edge, **camera}
    )


def expose(seen: NDArray[np.float32], light: str, random: Random) -> tuple[bytes, dict[str, str]]:
    """Photograph what is seen in even light, float32 (height, width, 3), as phones do.

    Returns:
        The file, and the conditions that the camera made.
    """
    shape = seen.shape[:2]
    longer = max(shape)
    seen = seen * illuminate(shape, light, random)[..., None]
    blur, noise = random.uniform(0, 0.0025) * longer, random.uniform(0, 9)
    if blur > 0.3:
        seen = cv2.GaussianBlur(seen, (0, 0), blur)
    seen += noise * random.standard_normal((*shape, 1), np.float32)
    quality, turn = int(random.integers(40, 91)), int(random.choice([1, 3, 6, 8]))
    pixels = np.clip(np.rint(seen), 0, 255).astype(np.uint8)
    if turn in UNTURN:
        pixels = cv2.rotate(pixels, UNTURN[turn])
    exif = Image.Exif()
    exif[EXIF_ORIENTATION] = turn
    conditions = {
        "blur": span(1000 * blur / longer, (0, 0.8, 1.6, 2.5), "px of 1000"),
        "noise": span(noise, (0, 3, 6, 9), "levels"),
        "JPEG": span(quality, (40, 65, 90), "quality"),
        "side": span(longer, (600, 1000, 1800, 3000), "px"),
        "EXIF": str(turn),
    }
    return encode(Image.fromarray(pixels), "JPEG", quality=quality, exif=exif), conditions


def write(
    strokes: Strokes,
    shape: tuple[int, int],
    pen: str,
    paper: Color,
    lines: str,
    random: Random,
) -> NDArray[np.float32]:
    """Return a written sheet as it would look in even light: float32 (height, width, 3)."""
    height, width = shape
    sheet = blank_sheet(shape, paper, lines, random)
    color, thinnest, thickest = INKS[pen]
    size = random.uniform(0.25, 0.7) * min(shape)
    room = np.array([width, height]) * 0.8 - size
    corner = np.array([width, height]) * 0.1 + np.maximum(room, 0) * random.random(2)
    stroke = max(1.5, size * random.uniform(thinnest, thickest))
    drawn = ink_of(strokes, shape, tuple(corner), size, stroke)
    return lay_ink(sheet, drawn, color, random, rough=pen == "pencil")


def blank_sheet(
    shape: tuple[int, int], paper: Color, lines: str, random: Random
) -> NDArray[np.float32]:
    """Return paper with its grain and lines: float32 (height, width, 3)."""
    height, width = shape
    sheet = np.empty((height, width, 3), np.float32)
    sheet[:] = np.array(paper) + random.normal(0, 4, 3)
    grain = 2.5 * random.standard_normal((height // 3, width // 3), np.float32)
    sheet += cv2.resize(grain, (width, height), interpolation=cv2.INTER_LINEAR)[..., None]
    return sheet if lines == "blank" else rule(sheet, lines == "squared", random)


def lay_ink(
    sheet: NDArray[np.float32],
    drawn: NDArray[np.uint8],
    color: Color,
    random: Random,
    rough: bool = False,
) -> NDArray[np.float32]:
    """Lay what was drawn, uint8 (height, width), on a sheet in one color.

    Args:
        sheet: float32 (height, width, 3).
        drawn: 255 for full ink.
        color: Of the ink.
        random: Where the ink is missing.
        rough: Whether it stays on the sheet's tooth only, as graphite and chalk do.
    """
    height, width = drawn.shape
    ink: NDArray[np.float32] = drawn.astype(np.float32)
    ink /= 255
    if rough:
        tooth = 0.75 + 0.25 * random.standard_normal((height // 2, width // 2), np.float32)
        ink *= np.clip(cv2.resize(tooth, (width, height)), 0, 1)
    return sheet * (1 - ink[..., None]) + np.array(color, np.float32) * ink[..., None]


def rule(sheet: NDArray[np.float32], squared: bool, random: Random) -> NDArray[np.float32]:
    """Print lines, or squares, on a sheet."""
    height, width = sheet.shape[:2]
    spacing = random.uniform(0.05, 0.12) * max(height, width)
    thickness = max(1, round(random.uniform(0.0008, 0.0025) * max(height, width)))
    lines = np.zeros((height, width), np.uint8)
    for row in np.arange(random.uniform(0, spacing), height, spacing):
        cv2.line(lines, (0, round(row)), (width, round(row)), 255, thickness)
    for column in np.arange(random.uniform(0, spacing), width, spacing) if squared else ():
        cv2.line(lines, (round(column), 0), (round(column), height), 255, thickness)
    share = np.float32(random.uniform(0.4, 1))
    strength = lines[..., None].astype(np.float32) / np.float32(255) * share
    color = np.array(LINE_COLORS[random.integers(len(LINE_COLORS))], np.float32)
    return sheet * (1 - strength) + color * strength


def look(sheet: NDArray[np.float32], desk: bool, random: Random) -> NDArray[np.float32]:
    """See a sheet turned by up to 12 degrees and in perspective, with or without the desk."""
    height, width = sheet.shape[:2]
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    middle = np.array([width, height], np.float32) / 2
    angle = np.radians(random.uniform(-12, 12))
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    seen = (corners - middle) @ turn + middle + random.uniform(-0.04, 0.04, (4, 2)) * middle
    border = cv2.BORDER_REFLECT
    color: Color = (0, 0, 0)
    if desk:
        seen += random.uniform(-0.12, 0.12, 2) * middle
        border, color = cv2.BORDER_CONSTANT, DESKS[random.integers(len(DESKS))]
    matrix = cv2.getPerspectiveTransform(corners, seen.astype(np.float32))
    return cv2.warpPerspective(
        sheet, matrix, (width, height), flags=cv2.INTER_LINEAR, borderMode=border, borderValue=color
    )


def illuminate(shape: tuple[int, int], light: str, random: Random) -> NDArray[np.float32]:
    """Return how much light falls on each pixel: float32 (height, width), at most about 1."""
    height, width = shape
    y, x = np.mgrid[0 : 1 : height * 1j, 0 : 1 : width * 1j].astype(np.float32)
    angle = random.uniform(0, 2 * np.pi)
    along = (x - 0.5) * np.cos(angle) + (y - 0.5) * np.sin(angle)
    if light == "lamp":
        return 0.75 + along.astype(np.float32) * random.uniform(0.3, 0.7)
    if light.endswith("shadow"):
        softness = 0.004 if light == "hard shadow" else random.uniform(0.03, 0.15)
        place = (along - random.uniform(-0.25, 0.25)) / softness
        shade = 1 / (1 + np.exp(-np.clip(place, -30, 30)))
        return (1 - random.uniform(0.25, 0.6) * shade).astype(np.float32)
    return np.full(shape, random.uniform(0.6, 1), np.float32)
