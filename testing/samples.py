"""Small stand-ins that tests share: pictures' files, a handful of digits, a made-up record."""

import base64
import struct
import zlib
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from mnist_models.digits import LABELS, SIDE
from mnist_models.models.record import ModelRecord
from testing import EXAMPLES

SEVEN = (EXAMPLES / "7_thin_pen.png").read_bytes()
SEVEN_AS_URL = "data:image/png;base64," + base64.b64encode(SEVEN).decode()


def draw_digits(count: int, seed: int) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Write ``count`` digits in a plain font, each moved and sized a little.

    Returns:
        uint8 (count, 28, 28), and their labels, uint8 (count,).
    """
    random = np.random.default_rng(seed)
    pixels = np.zeros((count, SIDE, SIDE), np.uint8)
    for index, ink in enumerate(pixels):
        place = tuple(int(number) for number in random.integers((4, 21), (9, 25)))
        cv2.putText(
            ink, LABELS[index % 10], place, 0, random.uniform(0.6, 0.8), 255, 2, cv2.LINE_AA
        )
    return pixels, (np.arange(count) % 10).astype(np.uint8)


def write_data(path: Path, num_train: int = 60, num_test: int = 20) -> Path:
    """Write a file like MNIST's with a handful of digits."""
    x_train, y_train = draw_digits(num_train, 0)
    x_test, y_test = draw_digits(num_test, 1)
    np.savez(path, x_train=x_train, y_train=y_train, x_test=x_test, y_test=y_test)
    return path


def write_png(width: int, height: int, *, pixels: bytes = b"", bits: int = 8) -> bytes:
    """Return a PNG whose header says what it likes, and whose pixels are others or none."""
    header = struct.pack(">IIBBBBB", width, height, bits, 0, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(pixels, 9)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )


def make_record(**changes: Any) -> ModelRecord:
    """Make up a model's record: ten test digits, of which the third is misread."""
    confusion = np.eye(10, dtype=int)
    confusion[2, 2], confusion[2, 7] = 0, 1
    fields: dict[str, Any] = {
        "num_parameters": 7850,
        "recipe": {"epochs": 2, "batch_size": 128},
        "layers": ["InputLayer", "Flatten", "Dense 10"],
        "seed": 0,
        "machine": "a machine",
        "seconds_per_epoch": 1.5,
        "milliseconds_per_digit": 0.1,
        "num_validation": 5,
        "validation_errors": 1,
        "num_test": 10,
        "errors": 1,
        "misread": [2],
        "confusion": confusion.tolist(),
        "calibration": [[0, 0.0, 0]] * 9 + [[10, 9.5, 9]],
        "doubted": 0,
        "seeds": {"0": {"validation_errors": 1, "validation_loss": 0.5, "errors": 1}},
        "history": {"accuracy": [0.5, 0.8], "val_accuracy": [0.6, 0.8], "val_loss": [0.9, 0.5]},
        "sha256": "0" * 64,
        "num_bytes": 1,
    }
    return ModelRecord(**(fields | changes))
