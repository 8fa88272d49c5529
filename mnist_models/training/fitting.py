"""Data, split, fit, export: from MNIST's digits to a model's file."""

import csv
import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import keras
import numpy as np
from numpy.typing import NDArray

from mnist_models.training.augmentation import draw_non_digit, vary
from mnist_models.training.networks import NUM_LABELS, Recipe, for_serving

NUM_VALIDATION = 5_000
"""Training digits set aside to choose the epoch by; the same ones whatever the seed."""

NON_DIGITS = 6
"""A varied batch holds one drawing that is no digit for every so many digits."""


@dataclass(frozen=True)
class Digits:
    """Digits with their labels.

    Attributes:
        pixels: uint8 (n, 28, 28).
        labels: uint8 (n,), 0 to 9.
    """

    pixels: NDArray[np.uint8]
    labels: NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.pixels)

    def __getitem__(self, which: slice | NDArray[np.int64]) -> "Digits":
        return Digits(self.pixels[which], self.labels[which])


def load_mnist(path: Path | None) -> tuple[Digits, Digits]:
    """Load MNIST's 60,000 training and 10,000 test digits.

    Args:
        path: A ``.npz`` with x_train, y_train, x_test, y_test; None takes Keras' own copy, which
            is downloaded once.
    """
    if path is None:
        train, test = keras.datasets.mnist.load_data()
        return Digits(*train), Digits(*test)
    with np.load(path) as arrays:
        return (
            Digits(arrays["x_train"], arrays["y_train"]),
            Digits(arrays["x_test"], arrays["y_test"]),
        )


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
    """

    def __init__(self, digits: Digits, batch_size: int, seed: int) -> None:
        super().__init__(workers=1, max_queue_size=8)
        self.digits, self.batch_size, self.seed, self.epoch = digits, batch_size, seed, 0
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
        varied = [vary(*digit, random) for digit in zip(chosen.pixels, chosen.labels, strict=True)]
        pairs = random.integers(len(chosen), size=(len(chosen) // NON_DIGITS, 2))
        others = [draw_non_digit(chosen.pixels[pair], random) for pair in pairs]
        equal = np.full((len(others), NUM_LABELS), 1 / NUM_LABELS, np.float32)
        doubt = np.repeat(np.float32([0, 1]), [len(varied), len(others)])[:, None]
        labels = np.vstack([one_hot(chosen.labels), equal])
        return np.stack(varied + others), {"probabilities": labels, "doubt": doubt}


class Stopwatch(keras.callbacks.Callback):
    """Adds each epoch's seconds to its figures."""

    def on_epoch_begin(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        """Start timing."""
        self.start = time.perf_counter()

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        """Note the time, validation included."""
        if logs is not None:
            logs["seconds"] = time.perf_counter() - self.start


def compile_network(network: keras.Model, recipe: Recipe, steps: int) -> None:
    """Give a network its optimizer and losses."""
    rate: Any = recipe.learning_rate
    if recipe.decay:
        rate = keras.optimizers.schedules.CosineDecay(
            0.0, steps, warmup_target=rate, warmup_steps=steps // 20
        )
    losses = {"probabilities": recipe.loss, "doubt": "binary_crossentropy"}
    network.compile(
        keras.optimizers.AdamW(rate, weight_decay=recipe.weight_decay),
        loss={name: losses[name] for name in network.output},
        metrics={"probabilities": "accuracy"},
    )


def fit(recipe: Recipe, train: Digits, validation: Digits, seed: int, folder: Path) -> keras.Model:
    """Train a network, keeping the epoch that reads the validation digits best.

    Every epoch leaves a checkpoint in ``folder``, from which a training that was cut goes on, and
    a line in ``history.csv``.

    Returns:
        The network with the weights of the epoch of the lowest validation loss.
    """
    keras.utils.set_random_seed(seed)
    network = recipe.build()
    compile_network(network, recipe, recipe.epochs * max(1, len(train) // recipe.batch_size))
    wanted = targets(network, train.labels)
    data: Sequence[Any] = (
        (VariedDigits(train, recipe.batch_size, seed),) if recipe.varied else (train.pixels, wanted)
    )
    best, history = folder / "best.weights.h5", folder / "history.csv"
    prefix = "val_probabilities_" if len(network.output) > 1 else "val_"
    network.fit(
        *data,
        batch_size=None if recipe.varied else recipe.batch_size,
        epochs=recipe.epochs,
        validation_data=(validation.pixels, targets(network, validation.labels)),
        validation_batch_size=500,
        callbacks=[
            Stopwatch(),
            keras.callbacks.ModelCheckpoint(
                str(best),
                monitor := f"{prefix}loss",
                save_best_only=True,
                save_weights_only=True,
                mode="min",
                # a training that goes on must not forget the best epoch before the cut
                initial_value_threshold=min(read_history(history).get(monitor, [math.inf])),
            ),
            keras.callbacks.CSVLogger(str(history), append=True),
            keras.callbacks.BackupAndRestore(str(folder / "checkpoint"), double_checkpoint=True),
        ],
    )
    network.load_weights(best)
    return network


def read_history(path: Path) -> dict[str, list[float]]:
    """Read what the training noted after each epoch; before the first, nothing."""
    if not path.exists():
        return {}
    with path.open(encoding="utf-8", newline="") as file:
        # an epoch that was cut after its line was written is trained, and noted, again
        rows = list({row["epoch"]: row for row in csv.DictReader(file)}.values())
    names = [name for name in (rows[0] if rows else ()) if name != "epoch"]
    return {name: [round(float(row[name]), 5) for row in rows] for name in names}


def export(network: keras.Model, path: Path) -> None:
    """Write a network as a LiteRT model, with everything that ``Classifier`` gives."""
    serving = for_serving(network)
    serving(np.zeros((1, *network.input_shape[1:]), np.uint8))  # the export needs a traced model
    serving.export(str(path), format="litert", verbose=False)
