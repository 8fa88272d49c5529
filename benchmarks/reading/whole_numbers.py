"""How well whole numbers are read, and how often a single digit comes out as several.

    python -m benchmarks.reading.whole_numbers [--strokes FILE] [--data FILE] [--half HALF]
        [--kinds KIND ...] [--count N]

A number is right when every digit, every gap and every line is. Digits are right by edit distance,
lines when the number has them in order. Of the wrong ones it is counted how many have a doubted
digit, so that a reader of the answer is warned.
"""

import argparse
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from benchmarks.reading.reading import HALVES, SEED, STROKES, count, load_half
from mnist_models import MnistModelsError, Reader
from mnist_models.training.data import load_mnist, split
from testing.scenes import Random, draw_on_pad, encode
from testing.scenes.numbers import Pool, Written, drawn, fits, page, photographed

KINDS: dict[str, Callable[[Pool, Random], Written]] = {
    "numbers drawn": drawn,
    "numbers photographed": photographed,
    "pages of lines": page,
}
"""By name, what writes numbers; a picture's seed has its kind's place in this table."""

MODEL = "cnn"


@dataclass(frozen=True)
class Answer:
    """What was read of a picture.

    Attributes:
        text: The digits, lines and gaps; empty when the picture was refused.
        doubted: Whether the network doubts one of the digits, or the picture was refused.
    """

    text: str
    doubted: bool


def read_number(data: bytes) -> Answer:
    """Read a number as the product does."""
    try:
        number = Reader.default().read_number(data)
    except MnistModelsError:
        return Answer("", doubted=True)
    doubts = [reading[MODEL].doubt[0] for reading in number.readings]
    return Answer(number.text(MODEL), doubted=max(doubts, default=1) > 0.5)


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


def measure(kind: str, pool: Pool, size: int) -> list[dict[str, Any]]:
    """Read numbers of a kind.

    Returns:
        Rows like those of ``ModelRecord.reading``: of "count" pictures how many are "right", right
        but for gaps ("spaces aside"), wrong ("wrong") and of those doubted ("wrong and doubted");
        and of all their "digits" and "lines" how many are right.
    """
    groups: list[dict[str, str]] = []
    marks: list[dict[str, int]] = []
    for written in numbers(kind, pool, size):
        groups.append({"all": "all", **written.scene.conditions})
        marks.append(judge(written, read_number(written.scene.data)))
    return count(kind, groups, {name: np.array([m[name] for m in marks]) for name in marks[0]})


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
    """Return pictures of one digit: pen strokes drawn on a pad, and enlarged ones of 28 x 28."""
    seeds = (np.random.default_rng([SEED, 200, index]) for index in range(len(written)))
    more = (np.random.default_rng([SEED, 201, index]) for index in range(len(digits)))
    return {
        "pen strokes": (
            draw_on_pad(digit["strokes"], random).data
            for digit, random in zip(written, seeds, strict=True)
        ),
        "enlarged digits": (
            enlarge(pixels, random) for pixels, random in zip(digits, more, strict=True)
        ),
    }


def write_rows(kind: str, rows: list[dict[str, Any]]) -> str:
    """Write what was measured of a kind, condition by condition."""
    lines = [f"{kind:34}count  whole  digits  lines  spaces aside  wrong, doubted"]
    for row in rows:
        digits = row["digits right"] / row["digits"]
        shares = f"{row['right'] / row['count']:7.1%}{digits:8.1%}"
        shares += (
            f"{row['lines right'] / row['lines']:7.1%}{row['spaces aside'] / row['count']:14.1%}"
        )
        wrong = f"{row['wrong and doubted']:6} of {row['wrong']}"
        lines.append(
            f"{row['factor']}: {row['value']}".ljust(34) + f"{row['count']:5}{shares}{wrong}"
        )
    return "\n".join(lines)


def main() -> None:
    """Print the share of numbers, lines and digits that the network reads right."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--strokes", type=Path, default=STROKES, required=STROKES is None)
    parser.add_argument("--data", type=Path, default=os.environ.get("MNIST_DATA"))
    parser.add_argument("--half", choices=HALVES, default="held-out")
    parser.add_argument("--kinds", nargs="+", choices=[*KINDS, "singles"])
    parser.add_argument("--count", type=int, default=500, help="so many pictures of every kind")
    options = parser.parse_args()
    written = load_half(options.strokes, options.half)
    kinds = options.kinds or [*KINDS, "singles"]
    for kind in KINDS:
        if kind in kinds:
            print(write_rows(kind, measure(kind, pool_of(written), options.count)), flush=True)
    if "singles" in kinds:
        digits = split(load_mnist(options.data)[0], None)[1].pixels[: options.count]
        for kind, pictures in singles(written[: options.count], digits).items():
            several = [len(read_number(data).text.replace(" ", "")) > 1 for data in pictures]
            print(f"{kind:20}{sum(several)} of {len(several)} come out as several", flush=True)


if __name__ == "__main__":
    main()
