"""How well people's drawings and photographs are read, condition by condition.

    python -m benchmarks.reading.reading [--strokes FILE] [--half HALF] [--count N] [--record]

Digits that people wrote with a pen (``testing.scenes`` tells the format) are drawn on a pad and
photographed on paper under every condition that is expected, and read by both models. Beside them
stand two baselines with the same models: the picture squashed to 28 x 28, and MNIST's preparation
behind Otsu's threshold. The even digits of the file are the half for development, by which the
finding of ink was chosen; the odd ones are held out, for the figures that are published.
"""

import argparse
import io
import json
import os
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageOps

from benchmarks.reading.models import chosen
from mnist_models import Classifier, MnistModelsError, load, open_picture, to_digit
from mnist_models.models.record import read_record, record_measurement
from mnist_models.report.readme import write_table
from mnist_models.report.tables import tabulate_conditions, tabulate_reading
from mnist_models.words import ENGLISH, WORDS
from testing.scenes import Scene, draw_on_pad, photograph

SEED = 20261121
STROKES = os.environ.get("PEN_STROKES")
HALVES = ("development", "held-out")
KINDS = {"drawn": draw_on_pad, "photographed": photograph}

Digit = NDArray[np.uint8]
Reading = dict[str, list[dict[str, Any]]]
BLANK = np.zeros((28, 28), np.uint8)

TILE, CAPTION = 100, 20
"""Sides of a shown picture and of the line below it, in pixels."""


def own_road(data: bytes) -> Digit:
    """Prepare a picture as the product does."""
    return to_digit(open_picture(data))


def grey(data: bytes) -> NDArray[np.uint8]:
    """Return a picture upright and grey, dark ground and light ink."""
    picture = ImageOps.exif_transpose(Image.open(io.BytesIO(data)))
    if picture.has_transparency_data:
        white = Image.new("RGBA", picture.size, "white")
        picture = Image.alpha_composite(white, picture.convert("RGBA"))
    levels = np.asarray(picture.convert("L"))
    return 255 - levels if levels.mean() > 127 else levels


def squash(data: bytes) -> Digit:
    """Prepare a picture as most demos do: grey, and squashed to 28 x 28."""
    return cv2.resize(grey(data), (28, 28), interpolation=cv2.INTER_AREA)


def otsu(data: bytes) -> Digit:
    """Prepare a picture as MNIST's makers did, its ink found by Otsu's threshold."""
    levels = grey(data)
    _, mask = cv2.threshold(levels, 0, 1, cv2.THRESH_OTSU)
    left, top, width, height = cv2.boundingRect(mask)
    box = (levels * mask)[top : top + height, left : left + width]
    scale = 20 / max(width, height)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    small = cv2.resize(box, size, interpolation=cv2.INTER_AREA).astype(np.float32)
    small *= 255 / max(small.max(), 1)
    moments = cv2.moments(small)
    center = np.array([moments["m10"], moments["m01"]]) / max(moments["m00"], 1)
    right, down = np.rint(14 - center)
    move = np.array([[1, 0, right], [0, 1, down]], np.float32)
    return np.rint(cv2.warpAffine(small, move, (28, 28))).astype(np.uint8)


ROADS: dict[str, Callable[[bytes], Digit]] = {"right": own_road, "squashed": squash, "Otsu": otsu}
"""By the name of its count in a record's row, how a picture becomes a digit."""


def prepare(road: Callable[[bytes], Digit], data: bytes) -> Digit:
    """Prepare a picture; one that the road refuses counts as a blank digit, so as misread."""
    try:
        return road(data)
    except MnistModelsError:
        return BLANK


def scenes(kind: str, written: list[dict[str, Any]]) -> Iterator[Scene]:
    """Render every digit once; each has its own seed, whatever the others do."""
    for index, digit in enumerate(written):
        random = np.random.default_rng([SEED, list(KINDS).index(kind), index])
        yield KINDS[kind](digit["strokes"], random)


def measure(written: list[dict[str, Any]], classifiers: dict[str, Classifier]) -> Reading:
    """Read every digit, drawn and photographed.

    Args:
        written: Digits with "label" and "strokes".
        classifiers: By name, the models to ask.

    Returns:
        By model, the rows of ``ModelRecord.reading``.
    """
    labels = np.array([digit["label"] for digit in written])
    reading: Reading = {name: [] for name in classifiers}
    for kind in KINDS:
        groups: list[dict[str, str]] = []
        digits: dict[str, list[Digit]] = {road: [] for road in ROADS}
        for label, scene in zip(labels, scenes(kind, written), strict=True):
            groups.append({"all": "all", **scene.conditions, "digit": str(label)})
            for road, prepared in digits.items():
                prepared.append(prepare(ROADS[road], scene.data))
        for name, classifier in classifiers.items():
            hits = {
                road: classifier.predict(np.stack(prepared)).probabilities.argmax(1) == labels
                for road, prepared in digits.items()
            }
            reading[name] += count(kind, groups, hits)
    return reading


def count(
    kind: str, groups: list[dict[str, str]], hits: dict[str, NDArray[np.bool_]]
) -> list[dict[str, Any]]:
    """Count for every value of every factor how many digits each road let the model read."""
    sizes = Counter(pair for group in groups for pair in group.items())
    rows = []
    for factor in groups[0]:
        for value in sorted({group[factor] for group in groups}, key=leading_number):
            inside = np.array([group[factor] == value for group in groups])
            row = {"kind": kind, "factor": factor, "value": value, "count": sizes[factor, value]}
            rows.append(row | {road: int(hit[inside].sum()) for road, hit in hits.items()})
    return rows


def leading_number(value: str) -> tuple[float, str]:
    """Sort intervals by where they begin, and words by the alphabet."""
    start = value.split(" ")[0]
    return (float(start) if start.replace(".", "").isdigit() else 0.0, value)


def misread(
    kind: str, written: list[dict[str, Any]], classifier: Classifier
) -> Iterator[tuple[Image.Image, str]]:
    """Yield the pictures that a model misreads, on white, each with what it reads."""
    for digit, scene in zip(written, scenes(kind, written), strict=True):
        read = classifier.predict(own_road(scene.data)[None]).probabilities[0].argmax()
        if read != digit["label"]:
            picture = ImageOps.exif_transpose(Image.open(io.BytesIO(scene.data))).convert("RGBA")
            white = Image.new("RGBA", picture.size, "white")
            yield Image.alpha_composite(white, picture), f"{digit['label']} read as {read}"


def show_misread(written: list[dict[str, Any]], classifier: Classifier, count: int) -> Image.Image:
    """Show the first few pictures of each kind that a model misreads, and what it reads."""
    sheet = Image.new("RGB", (count * TILE, len(KINDS) * (TILE + CAPTION)), "white")
    pen = ImageDraw.Draw(sheet)
    for row, kind in enumerate(KINDS):
        found = islice(misread(kind, written, classifier), count)
        for column, (picture, words) in enumerate(found):
            left, top = column * TILE, row * (TILE + CAPTION)
            sheet.paste(ImageOps.fit(picture, (TILE - 4, TILE - 4)), (left, top))
            pen.text((left, top + TILE - 2), words, fill="black", font_size=14)
    return sheet


def main() -> None:
    """Measure, print the table, and keep it if asked."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument(
        "--strokes", type=Path, default=STROKES, required=STROKES is None, help="pen strokes, JSON"
    )
    parser.add_argument("--half", choices=HALVES, default="held-out")
    parser.add_argument("--count", type=int, help="use only so many digits")
    parser.add_argument("--record", action="store_true", help="keep it in the models' record")
    parser.add_argument("--misread", type=Path, help="instead draw the first misread ones there")
    arguments = parser.parse_args()
    written = json.loads(arguments.strokes.read_text("utf-8"))[HALVES.index(arguments.half) :: 2]
    if arguments.misread:
        show_misread(written[: arguments.count], load("cnn"), 8).save(arguments.misread)
        return
    reading = measure(written[: arguments.count], chosen(None))
    if arguments.record:
        record_measurement("reading", reading)
    known = read_record()
    measured = {name: replace(known[name], reading=rows) for name, rows in reading.items()}
    for tabulate in (tabulate_reading, tabulate_conditions):
        print(write_table(tabulate(measured, WORDS[ENGLISH])))


if __name__ == "__main__":
    main()
