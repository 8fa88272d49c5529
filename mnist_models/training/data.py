"""MNIST's digits, split in those that train and those that choose, and varied as hands differ."""

import zipfile
from pathlib import Path

import cv2
import keras
import numpy as np
from numpy.typing import NDArray

from mnist_models.digits import Digits
from mnist_models.errors import MnistModelsError
from mnist_models.training.drawing.augmentation import vary
from mnist_models.training.drawing.non_digits import draw_non_digit
from mnist_models.training.networks import NUM_LABELS

ARRAYS = {"x_train.npy", "y_train.npy", "x_test.npy", "y_test.npy"}
"""What MNIST's ``.npz`` holds."""

NUM_VALIDATION = 5_000
"""Training digits set aside to choose the epoch by; the same ones whatever the seed."""

NON_DIGITS, WIDE_NON_DIGITS = 8, 6
"""A varied batch holds one drawing that is no digit for every so many digits; where they are drawn
widely, there are more of them."""


def find_fault(path: Path) -> str | None:
    """Say at a glance what keeps a file from being MNIST, if anything does."""
    if not path.is_file():
        return f"there is no file {path}"
    if not zipfile.is_zipfile(path):
        return f"{path} is not an .npz file"
    with zipfile.ZipFile(path) as file:
        missing = sorted(ARRAYS - set(file.namelist()))
    return f"{path} holds no {Path(missing[0]).stem}" if missing else None


def load_mnist(path: Path | None) -> tuple[Digits, Digits]:
    """Load MNIST's 60,000 training and 10,000 test digits.

    Args:
        path: A ``.npz`` with x_train, y_train, x_test, y_test; None takes Keras' own copy, which
            is downloaded once.

    Raises:
        MnistModelsError: The file is damaged, or Keras' own copy cannot be downloaded.
    """
    try:
        if path is None:
            train, test = keras.datasets.mnist.load_data()
        else:
            with np.load(path) as arrays:
                train, test = ((arrays[f"x_{of}"], arrays[f"y_{of}"]) for of in ("train", "test"))
    except Exception as error:  # neither Keras nor NumPy raises anything more specific
        reason = f"{path} cannot be read: {error}" if path else error
        raise MnistModelsError("no_mnist", reason=reason) from error
    return Digits(*train), Digits(*test)


def split(digits: Digits, limit: int | None) -> tuple[Digits, Digits]:
    """Set validation digits aside: the first part trains, the second chooses.

    Args:
        digits: MNIST's training digits.
        limit: Keep at most this many of them; a twelfth validates, as in the whole.
    """
    order = np.random.default_rng(0).permutation(len(digits))[:limit]
    num_validation = max(1, NUM_VALIDATION * len(order) // 60_000)
    return digits[order[num_validation:]], digits[order[:num_validation]]


def one_hot(labels: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Turn labels (n,) into float32 (n, 10)."""
    return np.eye(NUM_LABELS, dtype=np.float32)[labels]


def targets(network: keras.Model, labels: NDArray[np.uint8]) -> dict[str, NDArray[np.float32]]:
    """Return what a network should give for digits: their labels, and no doubt."""
    wanted = {"probabilities": one_hot(labels), "doubt": np.zeros((len(labels), 1), np.float32)}
    return {name: wanted[name] for name in network.output}


class VariedDigits(keras.utils.PyDataset):
    """Training digits as other hands would draw them, anew in every epoch.

    Each batch also holds drawings that are no digits. They teach the doubt; of the probabilities
    they ask to be equal, for no label is right (outlier exposure: Hendrycks, Mazeika and
    Dietterich 2019).

    Args:
        digits: The training digits.
        batch_size: Of them in each batch; the other drawings come on top.
        seed: Of every choice.
        epoch: The first one.
        widely: Whether hands, pens and what is no digit differ as widely as can be drawn.
    """

    def __init__(
        self, digits: Digits, batch_size: int, seed: int, epoch: int = 0, widely: bool = False
    ) -> None:
        super().__init__(workers=2, max_queue_size=8)
        self.digits, self.batch_size, self.seed, self.epoch = digits, batch_size, seed, epoch
        self.widely, self.per_non_digit = widely, WIDE_NON_DIGITS if widely else NON_DIGITS
        cv2.setNumThreads(0)  # the pictures are small, and TensorFlow needs the cores
        self.on_epoch_end()

    def __len__(self) -> int:
        return max(1, len(self.digits) // self.batch_size)

    def on_epoch_end(self) -> None:
        """Shuffle for the next epoch."""
        self.order = np.random.default_rng([self.seed, self.epoch]).permutation(len(self.digits))
        self.epoch += 1

    def __getitem__(self, index: int) -> tuple[NDArray[np.uint8], dict[str, NDArray[np.float32]]]:
        random = np.random.default_rng([self.seed, self.epoch, index])
        chosen = self.digits[self.order[index * self.batch_size : (index + 1) * self.batch_size]]
        varied = [
            vary(*digit, random, self.widely)
            for digit in zip(chosen.pixels, chosen.labels, strict=True)
        ]
        pairs = random.integers(len(chosen), size=(len(chosen) // self.per_non_digit, 2))
        others = [draw_non_digit(chosen.pixels[pair], random, self.widely) for pair in pairs]
        equal = np.full((len(others), NUM_LABELS), 1 / NUM_LABELS, np.float32)
        doubt = np.repeat(np.array([0, 1], np.float32), [len(varied), len(others)])[:, None]
        labels = np.vstack([one_hot(chosen.labels), equal])
        return np.stack(varied + others), {"probabilities": labels, "doubt": doubt}
