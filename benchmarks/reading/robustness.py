"""What each model still reads when something is laid over the 28 x 28 pixels themselves.

    python -m benchmarks.reading.robustness [--data FILE] [--record]

None of it is made by what the training does to digits, though some has the same name there. The
digits are MNIST's test digits: they are read here, and nothing is chosen by them.
"""

import argparse
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.reading.models import chosen
from mnist_models.digits import SIDE
from mnist_models.models.record import record_measurement

SEED = 20261121
MNIST = os.environ.get("MNIST_DATA")

Ink = NDArray[np.floating[Any]]
Random = np.random.Generator
ROWS, COLUMNS = np.mgrid[:SIDE, :SIDE].astype(np.float32)


def nothing(ink: Ink, _: Random) -> Ink:
    """Leave the digit as it is, to compare with."""
    return ink


def grain(ink: Ink, random: Random) -> Ink:
    """Add a camera's grain, a fifth of full ink strong."""
    return ink + random.normal(0, 0.2, ink.shape)


def salt_and_pepper(ink: Ink, random: Random) -> Ink:
    """Set one pixel of ten to ground or to full ink."""
    chosen = random.random(ink.shape)
    return np.where(chosen < 0.05, 0, np.where(chosen < 0.1, 1, ink))


def fog(ink: Ink, random: Random) -> Ink:
    """Lay clouds of up to half of full ink over it."""
    clouds = cv2.resize(random.random((4, 4)), (SIDE, SIDE), interpolation=cv2.INTER_CUBIC)
    cover = 0.5 * np.clip(clouds, 0, 1)
    return ink * (1 - cover) + cover


def stripe(ink: Ink, random: Random) -> Ink:
    """Turn three columns into their negative."""
    ink = ink.copy()
    left = random.integers(4, SIDE - 7)
    ink[:, left : left + 3] = 1 - ink[:, left : left + 3]
    return ink


def stripes(ink: Ink, random: Random) -> Ink:
    """Lay slanted stripes of a third of full ink over it."""
    angle, phase = random.uniform(0, np.pi, 2)
    waves = np.sin((COLUMNS * np.cos(angle) + ROWS * np.sin(angle)) * np.pi / 3 + phase)
    return np.maximum(ink, np.where(waves > 0, 0.33, 0))


def dotted_line(ink: Ink, random: Random) -> Ink:
    """Cross it with a dotted line."""
    first, last = random.uniform(2, SIDE - 2, (2, 2)) * ((1, 0), (1, 0)) + ((0, 0), (0, SIDE - 1))
    ink = ink.copy()
    for share in np.linspace(0, 1, 15):
        row, column = np.rint(first + share * (last - first)).astype(int)
        ink[row, column] = 1
    return ink


def blur(ink: Ink, _: Random) -> Ink:
    """Lose focus by a pixel and a half."""
    return cv2.GaussianBlur(ink, (0, 0), 1.5)


def motion(ink: Ink, random: Random) -> Ink:
    """Move by five pixels while the picture is taken."""
    kernel = np.zeros((5, 5), np.float32)
    angle = random.uniform(0, np.pi)
    reach = 2 * np.array([np.cos(angle), np.sin(angle)])
    ends = np.rint([2 - reach, 2 + reach]).astype(int).tolist()
    cv2.line(kernel, ends[0], ends[1], 1)
    return cv2.filter2D(ink, -1, kernel / kernel.sum())


def occlusion(ink: Ink, random: Random) -> Ink:
    """Cover a square of seven pixels with ground."""
    row, column = random.integers(4, SIDE - 11, 2)
    ink = ink.copy()
    ink[row : row + 7, column : column + 7] = 0
    return ink


def moved(ink: Ink, random: Random) -> Ink:
    """Miss the center by up to three pixels."""
    shift = random.integers(-3, 4, 2)
    return np.roll(ink, shift, axis=(0, 1))


def faint(ink: Ink, _: Random) -> Ink:
    """Leave a third of the contrast."""
    return ink / 3


LAID: tuple[Callable[[Ink, Random], Ink], ...] = (
    nothing,
    grain,
    salt_and_pepper,
    fog,
    stripe,
    stripes,
    dotted_line,
    blur,
    motion,
    occlusion,
    moved,
    faint,
)


def lay(change: Callable[[Ink, Random], Ink], pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Lay a disturbance over digits: uint8 (n, 28, 28), each with its own chance."""
    random = np.random.default_rng([SEED, LAID.index(change)])
    changed = np.stack([change(digit, random) for digit in pixels.astype(np.float32) / 255])
    return np.rint(np.clip(changed, 0, 1) * 255).astype(np.uint8)


def main() -> None:
    """Print the share of digits that each model reads right under each disturbance."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=MNIST, required=MNIST is None)
    parser.add_argument("--record", action="store_true", help="keep it in the models' record")
    parser.add_argument("--model", type=Path, help="a .tflite instead of the served models")
    options = parser.parse_args()
    models = chosen(options.model)
    with np.load(options.data) as arrays:
        pixels, labels = arrays["x_test"], arrays["y_test"]
    counts: dict[str, dict[str, list[int]]] = {model: {} for model in models}
    for change in LAID:
        name, digits = change.__name__.replace("_", " "), lay(change, pixels)
        print(f"{name:16}", end="")
        for model, classifier in models.items():
            right = int((classifier.predict(digits).probabilities.argmax(1) == labels).sum())
            counts[model][name] = [right, len(labels)]
            print(f" {model} {right / len(labels):.1%}", end="", flush=True)
        print()
    if options.record and not options.model:
        record_measurement("robustness", counts)


if __name__ == "__main__":
    main()
