"""Fitting a network to digits, and going on where that was cut."""

import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import keras
import numpy as np

from mnist_models.digits import Digits
from mnist_models.training.data import VariedDigits, targets
from mnist_models.training.recipes import EARLIER_SEEDS, Recipe

HISTORY_NAME = "history.json"
"""The file of a training's figures, an entry for each finished epoch."""

DOUBTED = 0.002
"""Share of the validation digits that a network doubts: of each kind of drawing that is no digit it
doubts nineteen of twenty then, and hardly one of 200 digits that people draw."""


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


def read_history(*folders: Path) -> dict[str, list[float]]:
    """Return a training's figures after each epoch, by name, of one lesson after the other.

    Those of the probabilities have the same names whether or not there is a doubt beside them.
    """
    rows = [row for folder in folders for row in read_rows(folder / HISTORY_NAME)]
    names = sorted(rows[0], key=lambda name: "probabilities_" in name)
    return {
        name.replace("probabilities_", ""): [round(row[name], 5) for row in rows] for name in names
    }


def list_folders(recipe: Recipe, folder: Path, folder_before: Path | None = None) -> list[Path]:
    """Return where every lesson of a recipe leaves its files, the first one's first.

    Args:
        recipe: The last one's.
        folder: The last one's.
        folder_before: Of the one before; in "before" there if it is not given.
    """
    if recipe.after is None:
        return [folder]
    return [*list_folders(recipe.after, folder_before or folder / "before"), folder]


def compile_network(network: keras.Model, recipe: Recipe, steps: int) -> None:
    """Give a network its optimizer and losses."""
    rate: Any = recipe.learning_rate
    if recipe.decay:
        rate = keras.optimizers.schedules.CosineDecay(
            0.0, steps, warmup_target=rate, warmup_steps=steps // 20
        )
    losses = {"probabilities": recipe.loss, "doubt": "binary_crossentropy"}
    network.compile(
        keras.optimizers.AdamW(
            rate,
            weight_decay=recipe.weight_decay,
            use_ema=recipe.ema_momentum > 0,
            ema_momentum=recipe.ema_momentum,
        ),
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


def fit(
    recipe: Recipe,
    train: Digits,
    validation: Digits,
    seed: int,
    folder: Path,
    folder_before: Path | None = None,
) -> keras.Model:
    """Train a network, or go on where a training in the same folder was cut.

    Args:
        recipe: How.
        train: Digits to learn from.
        validation: Digits that choose the epoch.
        seed: Of every random choice.
        folder: Where history and weights are kept.
        folder_before: Where those of the lesson before are kept; in "before" there if it is not
            given.

    Returns:
        The network, in float32, with the averaged weights of the last epoch, or with those of the
        epoch of the lowest validation loss where the recipe averages none.
    """
    before = None
    if recipe.after:
        folder_before = list_folders(recipe, folder, folder_before)[-2]
        folder_before.mkdir(exist_ok=True)
        earlier_seed = EARLIER_SEEDS[recipe.after.num_before]
        before = fit(recipe.after, train, validation, earlier_seed, folder_before).get_weights()
    keras.utils.set_random_seed(seed)
    network = build(recipe, recipe.precision)
    if before:
        network.set_weights(before)
    compile_network(network, recipe, recipe.epochs * max(1, len(train) // recipe.batch_size))
    prefix = "val_probabilities_" if len(network.output) > 1 else "val_"
    checkpoints = Checkpoints(folder, f"{prefix}loss")
    first = checkpoints.go_on(network)
    wanted = targets(network, train.labels)
    data: Sequence[Any] = (
        (VariedDigits(train, recipe.batch_size, seed, first, recipe.widely),)
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
    if not recipe.ema_momentum:  # else Keras has put the average in the weights' place
        network.load_weights(checkpoints.best())
    trained = build(recipe, "float32")
    trained.set_weights(network.get_weights())
    return trained


def set_doubt(network: keras.Model, validation: Digits) -> None:
    """Shift what a network's doubt begins with so that it doubts few of the validation digits.

    How sure it grew in training is one thing, what a visitor should be told is another: the share
    of digits that are doubted for nothing is chosen, and the rest follows.
    """
    doubts = network.predict(validation.pixels, batch_size=500, verbose=0)["doubt"]
    edge = np.clip(np.quantile(doubts, 1 - DOUBTED), 1e-6, 1 - 1e-6)
    layer = network.get_layer("doubt")
    kernel, bias = layer.get_weights()
    layer.set_weights([kernel, bias - np.log(edge / (1 - edge))])
