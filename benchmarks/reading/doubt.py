"""How often each model doubts: digits, and drawings that are none.

    python -m benchmarks.reading.doubt [--strokes FILE] [--data FILE] [--count N] [--record]

None of these drawings is made by what the training draws: letters are set in matplotlib's fonts,
pairs are written by the writers of the pen strokes, scribbles and figures follow other rules.
Stripes, checks and clouds are drawn in training too, in another way.
"""

import argparse
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import matplotlib
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from benchmarks.reading.models import chosen
from mnist_models import NoInkError, to_digit
from mnist_models.models.record import record_measurement
from mnist_models.training.data import load_mnist, split

PAD = 400
Random = np.random.Generator
Points = list[list[float]]

LETTERS = "AEFGHKMNPRTUVWXYadefhkmnprtuvwxy"
"""Letters that nobody would take for a digit."""

FONTS = ("DejaVuSans", "DejaVuSerif-Italic", "DejaVuSansMono-Oblique", "STIXGeneralItalic")

FIGURES: dict[str, list[Points]] = {
    "house": [[[1, 9], [1, 4], [5, 0], [9, 4], [9, 9], [1, 9]], [[4, 9], [4, 6], [6, 6], [6, 9]]],
    "arrow": [[[0, 5], [9, 5]], [[6, 2], [9, 5], [6, 8]]],
    "tree": [[[5, 9], [5, 5]], [[5, 0], [2, 4], [4, 4], [1, 7], [9, 7], [6, 4], [8, 4], [5, 0]]],
    "person": [[[5, 3], [5, 6], [3, 9]], [[5, 6], [7, 9]], [[2, 4], [8, 4]], [[5, 0], [5, 1]]],
    "envelope": [[[0, 2], [9, 2], [9, 8], [0, 8], [0, 2], [5, 6], [9, 2]]],
    "hash": [[[3, 0], [3, 9]], [[6, 0], [6, 9]], [[0, 3], [9, 3]], [[0, 6], [9, 6]]],
    "check": [[[0, 5], [3, 8], [9, 0]]],
    "zigzag": [[[0, 5], [2, 2], [4, 7], [6, 2], [8, 7], [9, 4]]],
    "boat": [[[0, 6], [9, 6], [7, 9], [2, 9], [0, 6]], [[5, 6], [5, 0], [8, 5], [5, 5]]],
    "star": [[[2, 9], [5, 0], [8, 9], [0, 3], [9, 3], [2, 9]]],
}


def trace_pen(strokes: list[np.ndarray], width: int) -> Image.Image:
    """Draw strokes, in pixels of the pad, as a pen would."""
    picture = Image.new("L", (PAD, PAD), 255)
    pen = ImageDraw.Draw(picture)
    for stroke in strokes:
        points = [tuple(point) for point in stroke]
        pen.line(points, fill=0, width=width, joint="curve")
        for x, y in points:
            pen.ellipse((x - width / 2, y - width / 2, x + width / 2, y + width / 2), fill=0)
    return picture


def place(strokes: list[Points], span: float, left: float, top: float) -> list[np.ndarray]:
    """Move strokes of 0..1000 to a place on the pad."""
    return [np.asarray(stroke, float) * span / 1000 + (left, top) for stroke in strokes]


def letters(random: Random) -> Image.Image:
    """Set one letter in one of the fonts."""
    folder = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    file = folder / f"{random.choice(FONTS)}.ttf"
    font = ImageFont.truetype(file, int(random.integers(120, 320)))
    picture = Image.new("L", (PAD, PAD), 255)
    letter = str(random.choice(list(LETTERS)))
    ImageDraw.Draw(picture).text((PAD / 2, PAD / 2), letter, fill=0, font=font, anchor="mm")
    return picture.rotate(random.normal(0, 6), fillcolor=255)


def figures(random: Random) -> Image.Image:
    """Draw a small drawing with an unsteady hand."""
    strokes = FIGURES[str(random.choice(list(FIGURES)))]
    shaken = [np.asarray(stroke) + random.normal(0, 0.25, (len(stroke), 2)) for stroke in strokes]
    return trace_pen([stroke * 28 + 60 for stroke in shaken], int(random.integers(8, 26)))


def scribbles(random: Random) -> Image.Image:
    """Draw a curve of two swings, back and forth; those that make a 0, an 8 or a 2 are left out."""
    time = np.linspace(0, 2 * np.pi, 200)
    swings, phases = random.integers(2, 8, 2), random.uniform(0, 2 * np.pi, 2)
    while min(swings) == np.gcd(*swings):
        swings = random.integers(2, 8, 2)
    drift = random.uniform(-40, 40, 2) * time[:, None] / 6
    curve = np.sin(np.outer(time, swings) + phases) * random.uniform(60, 140, 2) + 200 + drift
    return trace_pen([curve], int(random.integers(6, 20)))


def dots(random: Random) -> Image.Image:
    """Set a few dots."""
    places = random.uniform(60, 340, (random.integers(1, 6), 1, 2))
    return trace_pen(list(places), int(random.integers(12, 40)))


def lines(random: Random) -> Image.Image:
    """Draw a line that lies flat, or several."""
    angles = random.uniform(-0.6, 0.6, random.choice([1, 2, 3, 4]))
    middles = random.uniform(120, 280, (len(angles), 2))
    reach = random.uniform(60, 110) * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    strokes = list(np.stack([middles - reach, middles + reach], axis=1))
    return trace_pen(strokes, int(random.integers(8, 26)))


def textures(random: Random) -> Image.Image:
    """Show stripes, checks, a gradient or grain."""
    rows, columns = np.mgrid[:PAD, :PAD] / random.uniform(12, 60)
    kinds = [
        np.sin(rows * random.uniform(0.2, 1) + columns),
        np.sign(np.sin(rows) * np.sin(columns)),
        np.sin(np.hypot(rows, columns)),
        cv2.GaussianBlur(random.normal(0, 1, (PAD, PAD)), (0, 0), random.uniform(4, 20)),
        random.normal(0, 1, (PAD, PAD)),
    ]
    values = kinds[random.integers(len(kinds))]
    return Image.fromarray((255 * (values - values.min()) / np.ptp(values)).astype(np.uint8))


def pairs(samples: list[dict], random: Random) -> Image.Image:
    """Write two digits side by side."""
    first, second = random.choice(len(samples), 2)
    span, gap = random.uniform(110, 150), random.uniform(20, 50)
    left = 200 - gap / 2 - span
    strokes = place(samples[first]["strokes"], span, left, 130)
    top = 130 + random.normal(0, 10)
    strokes += place(samples[second]["strokes"], span, left + span + gap, top)
    return trace_pen(strokes, int(random.integers(8, 22)))


def single(samples: list[dict], random: Random) -> Image.Image:
    """Write one digit."""
    sample = samples[random.integers(len(samples))]
    span = random.uniform(150, 320)
    strokes = place(sample["strokes"], span, *random.uniform(20, 380 - span, 2))
    return trace_pen(strokes, int(random.integers(12, 30)))


def digits_of(make: Callable[[Random], Image.Image], count: int) -> Iterator[np.ndarray]:
    """Read the ink of so many drawings; those without any are left out."""
    random = np.random.default_rng(7)
    for _ in range(count):
        try:
            yield to_digit(make(random))
        except NoInkError:
            continue


def main() -> None:
    """Print the share that each model doubts, by kind."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    strokes = os.environ.get("PEN_STROKES")
    parser.add_argument("--strokes", type=Path, default=strokes, required=strokes is None)
    parser.add_argument("--data", type=Path, default=os.environ.get("MNIST_DATA"))
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--record", action="store_true", help="keep it in the models' record")
    parser.add_argument("--model", type=Path, help="a .tflite instead of the served models")
    options = parser.parse_args()
    models = chosen(options.model)
    samples = json.loads(Path(options.strokes).read_text(encoding="utf-8"))
    kinds: dict[str, Callable[[Random], Image.Image]] = {
        "pen strokes": lambda random: single(samples, random),
        "two digits": lambda random: pairs(samples, random),
        "letters": letters,
        "figures": figures,
        "scribbles": scribbles,
        "dots": dots,
        "lines": lines,
        "textures": textures,
    }
    shown = {"validation digits": split(load_mnist(options.data)[0], None)[1].pixels}
    shown |= {kind: np.stack(list(digits_of(make, options.count))) for kind, make in kinds.items()}
    counts: dict[str, dict[str, list[int]]] = {name: {} for name in models}
    for kind, digits in shown.items():
        for name, model in models.items():
            doubted = int(model.predict(digits).is_doubtful.sum())
            counts[name][kind] = [doubted, len(digits)]
            print(f"{kind:18}{name:7}doubted {doubted} of {len(digits)}", flush=True)
    if options.record and not options.model:
        record_measurement("doubting", counts)


if __name__ == "__main__":
    main()
