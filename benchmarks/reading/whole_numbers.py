"""How well whole numbers are read, and how often a single digit comes out as several.

    python -m benchmarks.reading.whole_numbers [--strokes FILE] [--data FILE] [--half HALF]
        [--kinds KIND ...] [--count N] [--record]

A number is right when every digit, every gap and every line is. Digits are right by edit distance,
lines when the number has them in order. Of the wrong ones it is counted how many have a doubted
digit, so that a reader of the answer is warned.

Beside this stand the two baselines of the reading of single digits, with the same models: each mark
that Otsu's threshold leaves in one piece is taken for a digit, and becomes one in either way. Gaps
between numbers and lines are not asked of them.
"""

import argparse
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from benchmarks.reading.reading import (
    BASELINES,
    HALVES,
    SEED,
    STROKES,
    Levels,
    count,
    grey,
    load_half,
    renew,
    scenes,
)
from benchmarks.reading.reading import KINDS as SCENES
from mnist_models import MnistModelsError, Reader
from mnist_models.digits import LABELS
from mnist_models.models.classifier import DOUBTFUL
from mnist_models.models.record import read_record, record_measurement
from mnist_models.training.data import load_mnist, split
from testing.scenes import Random, draw_on_pad, encode
from testing.scenes.company_of_numbers import beside_a_word, in_company
from testing.scenes.grids import grid
from testing.scenes.notebooks import notebook
from testing.scenes.numbers import Pool, Written, drawn, fits, page, photographed, turned
from testing.scenes.sizes import on_printed_page, two_sizes

KINDS: dict[str, Callable[[Pool, Random], Written]] = {
    "numbers drawn": drawn,
    "numbers photographed": photographed,
    "pages of lines": page,
    "numbers in company": in_company,
    "one digit beside a word": beside_a_word,
    "samples in a grid": grid,
    "numbers turned": turned,
    "notebook pages": notebook,
    "numbers of two sizes": two_sizes,
    "a number on a printed page": on_printed_page,
}
"""By name, what writes numbers; a picture's seed has its kind's place in this table."""

SINGLES = ("single pen strokes", "single enlarged digits", "single digits in pictures")
"""The kinds of pictures that hold one digit; the last, of every kind of scene."""

TOLD = ("all", "spacing", "company", "turned")
"""The factors that are recorded; the others are printed."""

COUNT = 300
"""Pictures of every kind of number. Of single digits all are shown that there are."""

EVERY = 3
"""Of so many pen strokes one is shown in each kind of scene."""

LEAST, MOST = 1 / 3, 60
"""A mark of Otsu's threshold is taken for a digit from this share of the tallest one's height;
where more stand out, none is."""

Rows = dict[str, list[dict[str, Any]]]


@dataclass(frozen=True)
class Answer:
    """What was read of a picture.

    Attributes:
        text: The digits, lines and gaps; empty when the picture was refused.
        doubted: Whether the network doubts one of the digits, or the picture was refused.
    """

    text: str
    doubted: bool


def read_number(data: bytes) -> dict[str, Answer]:
    """Read a number as the product does, by each model."""
    reader = Reader.default()
    try:
        number = reader.read_number(data)
    except MnistModelsError:
        return dict.fromkeys(reader.classifiers, Answer("", doubted=True))
    answers = {}
    for name in reader.classifiers:
        doubts = [reading[name].doubt[0] for reading in number.readings]
        answers[name] = Answer(number.text(name), doubted=max(doubts, default=1) > DOUBTFUL)
    return answers


def otsu_marks(data: bytes) -> list[Levels]:
    """Cut out what Otsu's threshold leaves in one piece, in reading order, without the specks."""
    levels = grey(data)
    _, mask = cv2.threshold(levels, 0, 1, cv2.THRESH_OTSU)
    boxes = cv2.connectedComponentsWithStats(mask)[2][1:, :4]
    if len(boxes):
        boxes = boxes[boxes[:, 3] > LEAST * boxes[:, 3].max()]
    if not 0 < len(boxes) <= MOST:
        return []
    middles = boxes[:, 1] + boxes[:, 3] / 2
    order = np.argsort(middles)
    starts_line = np.diff(middles[order], prepend=middles.min()) > np.median(boxes[:, 3]) / 2
    lines = np.empty(len(boxes), int)
    lines[order] = np.cumsum(starts_line)
    ordered = boxes[np.lexsort((boxes[:, 0], lines))].tolist()
    return [levels[y : y + height, x : x + width] for x, y, width, height in ordered]


def read_marks(marks: list[Levels], road: str) -> dict[str, str]:
    """Read marks as digits that became what the models take by one of the baselines."""
    digits = np.array([BASELINES[road](mark) for mark in marks], np.uint8).reshape(-1, 28, 28)
    texts = {}
    for name, classifier in Reader.default().classifiers.items():
        labels = classifier.predict(digits).probabilities.argmax(1)
        texts[name] = "".join(LABELS[label] for label in labels)
    return texts


def pool_of(written: list[dict[str, Any]]) -> Pool:
    """Sort digits' strokes by their labels."""
    pool: Pool = {}
    for digit in written:
        pool.setdefault(digit["label"], []).append(digit["strokes"])
    return pool


def numbers(kind: str, pool: Pool, size: int) -> Iterator[Written]:
    """Write so many numbers; each has its own seed, whatever the others do."""
    for index in range(size):
        yield KINDS[kind](pool, np.random.default_rng([SEED, 100 + list(KINDS).index(kind), index]))


def measure(kind: str, pool: Pool, size: int) -> Rows:
    """Read numbers of a kind.

    Returns:
        By model, rows like those of ``ModelRecord.whole_numbers``: of "count" pictures how many are
        "right", right but for gaps ("spaces aside"), wrong ("wrong") and of those doubted ("wrong
        and doubted"), and by each baseline right but for gaps and lines; and of all their "digits"
        and "lines" how many are right.
    """
    groups: list[dict[str, str]] = []
    counts: dict[str, list[dict[str, int]]] = {name: [] for name in Reader.default().classifiers}
    for written in numbers(kind, pool, size):
        groups.append({"all": "all", **written.scene.conditions})
        answers, marks = read_number(written.scene.data), otsu_marks(written.scene.data)
        others = {road: read_marks(marks, road) for road in BASELINES}
        digits = "".join(written.text.split())
        for name, own in counts.items():
            by_marks = {road: int(texts[name] == digits) for road, texts in others.items()}
            own.append(judge(written, answers[name]) | by_marks)
    return {name: count(kind, groups, as_columns(own)) for name, own in counts.items()}


def measure_single(kind: str, pictures: Iterator[bytes]) -> dict[str, Any]:
    """Count, in a row of the same record, how many single digits come out as several."""
    several = [
        {
            "several": int(len("".join(read_number(data)["cnn"].text.split())) > 1),
            "several by Otsu": int(len(otsu_marks(data)) > 1),
        }
        for data in pictures
    ]
    (row,) = count(kind, [{"all": "all"}] * len(several), as_columns(several))
    return row


def as_columns(rows: list[dict[str, int]]) -> dict[str, NDArray[np.int64]]:
    """Turn rows of counts into columns."""
    return {name: np.array([row[name] for row in rows]) for name in rows[0]}


def judge(written: Written, answer: Answer) -> dict[str, int]:
    """Compare an answer with what was written."""
    digits, right = written.text.replace(" ", ""), written.accepts(answer.text)
    read = answer.text.replace(" ", "")
    lines = written.marked.split("\n")
    distance = edit_distance(digits.replace("\n", ""), read.replace("\n", ""))
    num_digits = len(digits) - digits.count("\n")
    return {
        "right": int(right),
        "spaces aside": int(digits == read),
        "wrong": int(not right),
        "wrong and doubted": int(not right and answer.doubted),
        "digits": num_digits,
        "digits right": max(0, num_digits - distance),
        "lines": len(lines),
        "lines right": common(lines, answer.text.split("\n"), fits),
    }


def edit_distance(first: str, second: str) -> int:
    """Count the characters to add, take away or change to make one text the other."""
    row = list(range(len(second) + 1))
    for above, character in enumerate(first):
        diagonal, row[0] = above, above + 1
        for column, other in enumerate(second, 1):
            changed = diagonal + (character != other)
            diagonal = row[column]
            row[column] = min(changed, row[column] + 1, row[column - 1] + 1)
    return row[-1]


def common(first: list[str], second: list[str], equal: Callable[[str, str], bool]) -> int:
    """Count the lines that two texts have in common, in the same order."""
    row = [0] * (len(second) + 1)
    for line in first:
        diagonal = 0
        for column, other in enumerate(second, 1):
            longest = diagonal + 1 if equal(line, other) else max(row[column], row[column - 1])
            diagonal, row[column] = row[column], longest
    return row[-1]


def enlarge(pixels: NDArray[np.uint8], random: Random) -> bytes:
    """Return the file of an enlarged digit of 28 x 28, light on dark or the other way round."""
    side = int(random.integers(56, 400))
    way = Image.Resampling.BICUBIC if random.random() < 0.5 else Image.Resampling.NEAREST
    shown = pixels if random.random() < 0.5 else 255 - pixels
    return encode(Image.fromarray(shown).resize((side, side), way), "PNG")


def singles(written: list[dict[str, Any]], digits: NDArray[np.uint8]) -> dict[str, Iterator[bytes]]:
    """Return pictures of one digit: pen strokes on a pad, enlarged ones of 28 x 28, and scenes."""
    some = written[: len(written) // EVERY]
    seeds = (np.random.default_rng([SEED, 200, index]) for index in range(len(written)))
    more = (np.random.default_rng([SEED, 201, index]) for index in range(len(digits)))
    return {
        SINGLES[0]: (
            draw_on_pad(digit["strokes"], random).data
            for digit, random in zip(written, seeds, strict=True)
        ),
        SINGLES[1]: (enlarge(pixels, random) for pixels, random in zip(digits, more, strict=True)),
        SINGLES[2]: (scene.data for kind in SCENES for scene in scenes(kind, some)),
    }


def write_rows(kind: str, rows: list[dict[str, Any]]) -> str:
    """Write what was measured of a kind, condition by condition."""
    lines = [f"{kind:34}count  whole  digits  lines  spaces aside  squashed   Otsu  wrong, doubted"]
    for row in rows:
        size = row["count"]
        shares = f"{row['right'] / size:7.1%}{row['digits right'] / row['digits']:8.1%}"
        shares += f"{row['lines right'] / row['lines']:7.1%}{row['spaces aside'] / size:14.1%}"
        shares += f"{row['squashed'] / size:10.1%}{row['Otsu'] / size:7.1%}"
        wrong = f"{row['wrong and doubted']:6} of {row['wrong']}"
        lines.append(f"{row['factor']}: {row['value']}".ljust(34) + f"{size:5}{shares}{wrong}")
    return "\n".join(lines)


def main() -> None:
    """Measure, print what was read right, and keep it if asked."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--strokes", type=Path, default=STROKES, required=STROKES is None)
    parser.add_argument("--data", type=Path, default=os.environ.get("MNIST_DATA"))
    parser.add_argument("--half", choices=HALVES, default="held-out")
    parser.add_argument("--kinds", nargs="+", choices=[*KINDS, "singles"])
    parser.add_argument("--count", type=int, help="so many pictures of every kind")
    parser.add_argument("--record", action="store_true", help="keep it in the models' record")
    options = parser.parse_args()
    written = load_half(options.strokes, options.half)
    kinds = options.kinds or [*KINDS, "singles"]
    rows: Rows = {name: [] for name in Reader.default().classifiers}
    for kind in [kind for kind in KINDS if kind in kinds]:
        for name, own in measure(kind, pool_of(written), options.count or COUNT).items():
            print(write_rows(f"{kind}, {name}", own), flush=True)
            rows[name] += [row for row in own if row["factor"] in TOLD]
    if "singles" in kinds:
        strokes = written[: options.count]
        digits = split(load_mnist(options.data)[0], None)[1].pixels[: len(strokes)]
        for kind, pictures in singles(strokes, digits).items():
            row = measure_single(kind, pictures)
            told = f"{row['several']} come out as several, by Otsu's marks {row['several by Otsu']}"
            print(f"{kind:24}of {row['count']} {told}", flush=True)
            for own in rows.values():
                own.append(row)
    if options.record:
        known, order = read_record(), [*KINDS, *SINGLES]
        renewed = {name: renew(known[name].whole_numbers, own, order) for name, own in rows.items()}
        record_measurement("whole_numbers", renewed)


if __name__ == "__main__":
    main()
