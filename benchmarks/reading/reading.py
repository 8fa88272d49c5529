"""How well people's drawings and photographs are read, condition by condition.

    python -m benchmarks.reading.reading [--strokes FILE] [--half HALF] [--kinds KIND ...]
        [--count N] [--record]

Digits that people wrote with a pen (``testing.scenes`` tells the format) are drawn,
photographed, set on pages and into company, seen closely, cropped and enlarged, under every
condition that is expected, and read by both models. Beside them stand two baselines with the same
models: the picture squashed to 28 x 28, and MNIST's preparation behind Otsu's threshold. The even
digits of the file are the half for development, by which the finding of ink was chosen; the odd
ones are held out, for the figures that are published.
"""

import argparse
import io
import json
import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageOps
from tqdm import tqdm

from mnist_models import MnistModelsError, Reader, Reading
from mnist_models.models.record import read_record, record_measurement
from mnist_models.report.readme import write_table
from mnist_models.report.tables import tabulate_conditions, tabulate_reading
from mnist_models.words import ENGLISH, WORDS
from testing.scenes import Random, Scene, draw_on_pad, photograph
from testing.scenes.closeups import crop, enlargement, marker
from testing.scenes.company import boxed, company, underlined
from testing.scenes.pages import figure, screenshot, sheet, window
from testing.strokes import Strokes

SEED = 20261121
STROKES = os.environ.get("PEN_STROKES")
HALVES = ("development", "held-out")
KINDS: dict[str, Callable[[Strokes, Random], Scene]] = {
    "drawn": draw_on_pad,
    "photographed": photograph,
    "pages": sheet,
    "windows": window,
    "plots": figure,
    "screenshots": screenshot,
    "close-ups": marker,
    "crops": crop,
    "enlargements": enlargement,
    "underlined": underlined,
    "boxed": boxed,
    "company": company,
}
"""By name, what draws pictures of a kind; a picture's seed has its kind's place in this table."""

Digit = NDArray[np.uint8]
Levels = NDArray[np.uint8]
Rows = dict[str, list[dict[str, Any]]]

TILE, CAPTION = 100, 20
"""Sides of a shown picture and of the line below it, in pixels."""


def grey(data: bytes) -> Levels:
    """Return a picture upright and grey, dark ground and light ink: uint8 (height, width)."""
    picture = ImageOps.exif_transpose(Image.open(io.BytesIO(data)))
    if picture.has_transparency_data:
        white = Image.new("RGBA", picture.size, "white")
        picture = Image.alpha_composite(white, picture.convert("RGBA"))
    levels = np.asarray(picture.convert("L"))
    return 255 - levels if levels.mean() > 127 else levels


def squash(levels: Levels) -> Digit:
    """Prepare a picture as most demos do: squashed to 28 x 28."""
    return cv2.resize(levels, (28, 28), interpolation=cv2.INTER_AREA)


def otsu(levels: Levels) -> Digit:
    """Prepare a picture as MNIST's makers did, its ink found by Otsu's threshold."""
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


BASELINES: dict[str, Callable[[Levels], Digit]] = {"squashed": squash, "Otsu": otsu}
"""By the name of its count in a record's row, how else a grey picture becomes a digit."""


def read(data: bytes) -> Reading | None:
    """Read a picture as the product does; None when it refuses, as it does blank ones."""
    try:
        return Reader.default().read(data)
    except MnistModelsError:
        return None


def scenes(kind: str, written: list[dict[str, Any]]) -> Iterator[Scene]:
    """Render every digit once; each has its own seed, whatever the others do."""
    for index, digit in enumerate(written):
        random = np.random.default_rng([SEED, list(KINDS).index(kind), index])
        yield KINDS[kind](digit["strokes"], random)


def measure(written: list[dict[str, Any]], kinds: list[str]) -> Rows:
    """Read every digit in a picture of every kind.

    Args:
        written: Digits with "label" and "strokes".
        kinds: Of ``KINDS``.

    Returns:
        By model, the rows of ``ModelRecord.reading``.
    """
    labels = np.array([digit["label"] for digit in written])
    classifiers = Reader.default().classifiers
    rows: Rows = {name: [] for name in classifiers}
    for kind in kinds:
        groups: list[dict[str, str]] = []
        readings: list[Reading | None] = []
        digits: dict[str, list[Digit]] = {road: [] for road in BASELINES}
        shown = tqdm(scenes(kind, written), desc=kind, total=len(written), unit="picture")
        for label, scene in zip(labels, shown, strict=True):
            groups.append({"all": "all", **scene.conditions, "digit": str(label)})
            readings.append(read(scene.data))
            levels = grey(scene.data)
            for road, prepared in digits.items():
                prepared.append(BASELINES[road](levels))
        for name, classifier in classifiers.items():
            marks = judge(name, readings, labels)
            for road, prepared in digits.items():
                predicted = classifier.predict(np.stack(prepared)).probabilities.argmax(1)
                marks[road] = predicted == labels
            rows[name] += count(kind, groups, marks)
    return rows


def judge(
    name: str, readings: list[Reading | None], labels: NDArray[np.int64]
) -> dict[str, NDArray[np.bool_]]:
    """Tell which pictures a model read right, which wrong without doubt, and which were refused."""
    blank = np.array([reading is None for reading in readings])
    guessed, doubted = np.full(len(labels), -1), np.zeros(len(labels), bool)
    for index, reading in enumerate(readings):
        if reading:
            guessed[index] = reading[name].probabilities[0].argmax()
            doubted[index] = reading[name].doubt[0] > 0.5
    right = guessed == labels
    return {"right": right, "undoubted": ~right & ~blank & ~doubted, "blank": blank}


def count(
    kind: str, groups: list[dict[str, str]], marks: Mapping[str, NDArray[Any]]
) -> list[dict[str, Any]]:
    """Count for every value of every factor how many pictures have each mark, such as "right".

    Marks that are numbers are added up.
    """
    sizes = Counter(pair for group in groups for pair in group.items())
    rows = []
    for factor in groups[0]:
        for value in sorted({group[factor] for group in groups}, key=leading_number):
            inside = np.array([group[factor] == value for group in groups])
            row = {"kind": kind, "factor": factor, "value": value, "count": sizes[factor, value]}
            rows.append(row | {mark: int(found[inside].sum()) for mark, found in marks.items()})
    return rows


def leading_number(value: str) -> tuple[float, str]:
    """Sort intervals by where they begin, and words by the alphabet."""
    start = value.split(" ")[0]
    return (float(start) if start.replace(".", "").isdigit() else 0.0, value)


def misread(
    kind: str, written: list[dict[str, Any]], name: str
) -> Iterator[tuple[Image.Image, str]]:
    """Yield the pictures that a model misreads, on white, each with what it reads."""
    for digit, scene in zip(written, scenes(kind, written), strict=True):
        reading = read(scene.data)
        guessed = reading[name].probabilities[0].argmax() if reading else "blank"
        if guessed != digit["label"]:
            picture = ImageOps.exif_transpose(Image.open(io.BytesIO(scene.data))).convert("RGBA")
            white = Image.new("RGBA", picture.size, "white")
            yield Image.alpha_composite(white, picture), f"{digit['label']} read as {guessed}"


def show_misread(written: list[dict[str, Any]], kinds: list[str], count: int) -> Image.Image:
    """Show the first few pictures of each kind that the network misreads, and what it reads."""
    sheet = Image.new("RGB", (count * TILE, len(kinds) * (TILE + CAPTION)), "white")
    pen = ImageDraw.Draw(sheet)
    for row, kind in enumerate(kinds):
        for column, (picture, words) in enumerate(islice(misread(kind, written, "cnn"), count)):
            left, top = column * TILE, row * (TILE + CAPTION)
            sheet.paste(ImageOps.contain(picture, (TILE - 4, TILE - 4)), (left, top))
            pen.text((left, top + TILE - 2), words, fill="black", font_size=14)
    return sheet


def load_half(path: Path, half: str) -> list[dict[str, Any]]:
    """Return one half of the digits in a file of pen strokes."""
    return json.loads(path.read_text("utf-8"))[HALVES.index(half) :: 2]


def write_failures(rows: Rows) -> str:
    """Write by kind how many pictures were refused, and how many each model read wrong unaware."""
    lines = []
    for name, own in rows.items():
        for row in own:
            if row["factor"] == "all":
                told = f"{row['undoubted']} wrong without doubt, {row['blank']} called blank"
                lines.append(f"{name:8}{row['kind']:14}of {row['count']}: {told}")
    return "\n".join(lines)


def main() -> None:
    """Measure, print the table, and keep it if asked."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument(
        "--strokes", type=Path, default=STROKES, required=STROKES is None, help="pen strokes, JSON"
    )
    parser.add_argument("--half", choices=HALVES, default="held-out")
    parser.add_argument("--kinds", nargs="+", choices=KINDS, default=list(KINDS))
    parser.add_argument("--count", type=int, help="use only so many digits")
    parser.add_argument("--record", action="store_true", help="keep it in the models' record")
    parser.add_argument("--misread", type=Path, help="instead draw the first misread ones there")
    arguments = parser.parse_args()
    written = load_half(arguments.strokes, arguments.half)[: arguments.count]
    if arguments.misread:
        show_misread(written, arguments.kinds, 8).save(arguments.misread)
        return
    rows, known = measure(written, arguments.kinds), read_record()
    if arguments.record:
        record_measurement(
            "reading",
            {name: renew(known[name].reading, own, list(KINDS)) for name, own in rows.items()},
        )
    measured = {name: replace(known[name], reading=own) for name, own in rows.items()}
    for tabulate in (tabulate_reading, tabulate_conditions):
        print(write_table(tabulate(measured, WORDS[ENGLISH])))
    print(write_failures(rows))


def renew(
    known: list[dict[str, Any]], measured: list[dict[str, Any]], order: list[str]
) -> list[dict[str, Any]]:
    """Put what was measured in the place of the same kinds' rows; the other kinds' rows stay.

    Args:
        known: The rows that are recorded.
        measured: New ones.
        order: Of the kinds in a record.
    """
    kinds = {row["kind"] for row in measured}
    kept = [row for row in known if row["kind"] not in kinds]
    return sorted(kept + measured, key=lambda row: order.index(row["kind"]))


if __name__ == "__main__":
    main()
