"""Data, split, fit, export: from MNIST's digits to a model's file."""

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import keras
import numpy as np
from numpy.typing import NDArray

from mnist_models.errors import MnistModelsError
from mnist_models.training.drawing.augmentation import vary
from mnist_models.training.drawing.non_digits import draw_non_digit
from mnist_models.training.networks import NUM_LABELS, Recipe, for_serving

NUM_VALIDATION = 5_000
"""Training digits set aside to choose the epoch by; the same ones whatever the seed."""

NON_DIGITS = 8
"""A varied batch holds one drawing that is no digit for every so many digits."""


HISTORY_NAME = "history.json"


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

    Raises:
        MnistModelsError: Keras' own copy is not here and cannot be downloaded.
    """
    if path is None:
        try:
            train, test = keras.datasets.mnist.load_data()
        except Exception as error:  # Keras raises nothing more specific
            raise MnistModelsError("no_mnist", reason=error) from error
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

    def __init__(self, digits: Digits, batch_size: int, seed: int, epoch: int = 0) -> None:
        super().__init__(workers=1, max_queue_size=8)
        self.digits, self.batch_size, self.seed, self.epoch = digits, batch_size, seed, epoch
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


class Checkpoints(keras.callbacks.Callback):
    """Keeps after every epoch what a training that is cut needs to go on.

    The history is written last and names the epochs that count, so that a cut at any moment, in
    the middle of a file too, loses at most one epoch. (Keras' ``BackupAndRestore`` would then
    stumble over half a file.)

    Args:
        folder: Where history and weights are kept; what is there is continued.
        monitor: The figure whose lowest value names the best epoch.
    """

    def __init__(self, folder: Path, monitor: str) -> None:
        super().__init__()
        self.path, self.monitor = folder / HISTORY_NAME, monitor
        self.rows = read_rows(self.path)

    def weights(self, epoch: int) -> Path:
        """Return where an epoch's weights are kept."""
        return self.path.with_name(f"epoch-{epoch}.weights.h5")

    def best(self) -> Path:
        """Return the weights of the epoch with the lowest monitored figure."""
        figures = [row[self.monitor] for row in self.rows]
        return self.weights(figures.index(min(figures)))

    def go_on(self, network: keras.Model) -> int:
        """Load the last epoch's weights, if there are any, and return the epoch that is next."""
        if self.rows:
            network.optimizer.build(network.trainable_variables)  # its state is in the file too
            network.load_weights(self.weights(len(self.rows) - 1))
        return len(self.rows)

    def on_epoch_begin(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        """Start timing."""
        self.start = time.perf_counter()

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        """Keep the weights, then the figures with the epoch's seconds, validation included."""
        self.rows.append({**(logs or {}), "seconds": time.perf_counter() - self.start})
        self.model.save_weights(self.weights(epoch), overwrite=True)
        draft = self.path.with_suffix(".draft")
        draft.write_text(json.dumps(self.rows), encoding="utf-8")
        draft.replace(self.path)
        for path in self.path.parent.glob("epoch-*"):
            if path not in (self.best(), self.weights(epoch)):
                path.unlink()


def read_rows(path: Path) -> list[dict[str, float]]:
    """Read the figures of every epoch that was finished."""
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else []


def read_history(folder: Path) -> dict[str, list[float]]:
    """Return a training's figures after each epoch, by name.

    Those of the probabilities have the same names whether or not there is a doubt beside them.
    """
    rows = read_rows(folder / HISTORY_NAME)
    names = sorted(rows[0], key=lambda name: "probabilities_" in name)
    return {
        name.replace("probabilities_", ""): [round(row[name], 5) for row in rows] for name in names
    }


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


def build(recipe: Recipe, precision: str) -> keras.Model:
    """Build a recipe's network so that it computes in a precision."""
    usual = keras.config.dtype_policy()
    keras.config.set_dtype_policy(precision)
    try:
        return recipe.build()
    finally:
        keras.config.set_dtype_policy(usual)


def fit(recipe: Recipe, train: Digits, validation: Digits, seed: int, folder: Path) -> keras.Model:
    """Train a network, or go on where a training in the same folder was cut.

    Returns:
        The network, in float32, with the weights of the epoch of the lowest validation loss.
    """
    keras.utils.set_random_seed(seed)
    network = build(recipe, recipe.precision)
    compile_network(network, recipe, recipe.epochs * max(1, len(train) // recipe.batch_size))
    prefix = "val_probabilities_" if len(network.output) > 1 else "val_"
    checkpoints = Checkpoints(folder, f"{prefix}loss")
    first = checkpoints.go_on(network)
    wanted = targets(network, train.labels)
    data: Sequence[Any] = (
        (VariedDigits(train, recipe.batch_size, seed, first),)
        if recipe.varied
        else (train.pixels, wanted)
    )
    network.fit(
        *data,
        batch_size=None if recipe.varied else recipe.batch_size,
        initial_epoch=first,
        epochs=recipe.epochs,
        validation_data=(validation.pixels, targets(network, validation.labels)),
        validation_batch_size=500,
        callbacks=[checkpoints],
    )
    network.load_weights(checkpoints.best())
    trained = build(recipe, "float32")
    trained.set_weights(network.get_weights())
    return trained


def export(network: keras.Model, path: Path) -> None:
    """Write a network as a LiteRT model, with everything that ``Classifier`` gives."""
    serving = for_serving(network)
    serving(np.zeros((1, *network.input_shape[1:]), np.uint8))  # the export needs a traced model
    serving.export(str(path), format="litert", verbose=False)
