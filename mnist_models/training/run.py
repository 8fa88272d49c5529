"""One training from recipe to record: fit, export, evaluate, keep."""

import dataclasses
import errno
import hashlib
import json
import os
import shutil
import statistics
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import keras
import tensorflow as tf

from mnist_models.digits import Digits
from mnist_models.models.classifier import Classifier
from mnist_models.models.layers import LAYERS_NAME, write_layers
from mnist_models.models.loading import KERAS_NAME, MODEL_NAME, is_here
from mnist_models.models.record import (
    BUNDLED,
    RECORD_NAME,
    SERVED,
    ModelRecord,
    read_record,
    tell_recipe,
    write_record,
)
from mnist_models.training.data import split
from mnist_models.training.evaluation import evaluate, log_loss, machine
from mnist_models.training.export import export
from mnist_models.training.fitting import fit, list_folders, read_history, set_doubt
from mnist_models.training.networks import list_layers
from mnist_models.training.recipes import RECIPES, Recipe


@dataclass(frozen=True)
class Run:
    """One training: what is trained, by which recipe, and where everything is left.

    Attributes:
        name: The network's name in ``RECIPES``.
        recipe: How to train it, overrides included.
        seed: Seed of every random choice.
        limit: Train on at most this many digits; None on all.
        runs: Where each run's history, weights, models and record are left, in a folder of its own.
        results: Where the record of the best runs and their LiteRT models are; in ``BUNDLED`` only
            served models' files are.
        replaces: Whether it replaces what is in the results, better or not.
    """

    name: str
    recipe: Recipe
    seed: int = 0
    limit: int | None = None
    runs: Path = Path("runs")
    results: Path = BUNDLED
    replaces: bool = False

    @property
    def kept(self) -> dict[str, Any]:
        """What the record keeps of the recipe, a limit of the digits included."""
        limit = {"limit": self.limit} if self.limit is not None else {}
        return self.recipe.as_record() | limit

    @property
    def changes(self) -> dict[str, Any]:
        """What of that is not as in ``RECIPES``."""
        usual = RECIPES[self.name].as_record()
        return {
            key: value
            for key, value in self.kept.items()
            if key != "after" and usual.get(key) != value
        }

    @cached_property
    def layers(self) -> list[str]:
        """The network's layers, as the record lists them."""
        return list_layers(self.recipe.build())

    @property
    def folder_before(self) -> Path | None:
        """Where the lessons before, which all seeds share, leave their files: "cnn-before"."""
        return self.folder("before") if self.recipe.after else None

    def folder(self, seed: int | str) -> Path:
        """Return where the run of a seed leaves its files: "cnn-3", or "cnn-3-epochs-2"."""
        parts = [self.name, seed, *(part for change in self.changes.items() for part in change)]
        return self.runs / "-".join(map(str, parts))

    def is_recipe_of(self, entry: ModelRecord) -> bool:
        """Tell whether a recorded model was trained by the same recipe, its network included."""
        return (entry.recipe, entry.layers) == (self.kept, self.layers)


def plan(
    names: Sequence[str],
    overrides: dict[str, Any],
    seed: int,
    limit: int | None,
    out: Path | None,
    replaces: bool,
) -> list[Run]:
    """Return the trainings that are asked for, once their folders can be written.

    Args:
        names: Of the networks, in ``RECIPES``.
        overrides: What of their recipes is to be another.
        seed: Of every run.
        limit: Of every run.
        out: The folder for everything; None leaves runs in ``runs/`` and results in ``BUNDLED``.
        replaces: Whether they replace what is in the results, better or not.

    Raises:
        OSError: A folder cannot be made or written.
        ModelError: The results' record cannot be read.
    """
    runs, results = out or Path("runs"), out or BUNDLED
    for folder in (runs, results):
        folder.mkdir(parents=True, exist_ok=True)
        if not os.access(folder, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(folder))
    read_record(results)  # one that cannot be read should not show after an hour of training
    recipes = {name: RECIPES[name].change(overrides) for name in names}
    return [
        Run(name, recipe, seed, limit, runs, results, replaces) for name, recipe in recipes.items()
    ]


def train(run: Run, digits: Digits, test: Digits) -> ModelRecord:
    """Train one network, measure it on all test digits, and leave everything in its folder.

    Args:
        run: What to train.
        digits: MNIST's training digits; some of them are set aside for validation.
        test: MNIST's test digits.
    """
    training, validation = split(digits, run.limit)
    print(f"{run.name}, seed {run.seed}: {tell_recipe(run.kept)}")
    folder = prepare(run)
    with across("GPU"):
        network = fit(run.recipe, training, validation, run.seed, folder, run.folder_before)
    if "doubt" in network.output:
        set_doubt(network, validation)
    record = measure(network, validation, test, run)
    write_record({run.name: record}, folder)
    print(row(run.name, record))
    return record


def across(kind: str) -> AbstractContextManager[Any]:
    """Train on all of this machine's devices of a kind, if there are several.

    The distribution is TensorFlow's own: each step's digits are shared out, and so are its results.
    """
    devices = [device.name for device in tf.config.list_logical_devices(kind)]
    return tf.distribute.MirroredStrategy(devices).scope() if len(devices) > 1 else nullcontext()


def prepare(run: Run) -> Path:
    """Make a run's folders; what another network or a finished run left in them goes first."""
    if run.folder_before:
        make_folder(run.folder_before, run.kept["after"] | {"layers": run.layers})
    return make_folder(run.folder(run.seed), run.kept | {"layers": run.layers})


def make_folder(folder: Path, recipe: dict[str, Any]) -> Path:
    """Make a folder for what is trained by a recipe, or keep what was begun in it by the same."""
    note = folder / "recipe.json"
    text = json.dumps(recipe)
    goes_on = note.exists() and note.read_text(encoding="utf-8") == text
    if folder.exists() and (not goes_on or (folder / RECORD_NAME).exists()):
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    note.write_text(text, encoding="utf-8")
    return folder


def measure(network: keras.Model, validation: Digits, test: Digits, run: Run) -> ModelRecord:
    """Export a network and count what the exported model gets right."""
    folder = run.folder(run.seed)
    network.save(folder / KERAS_NAME, include_optimizer=False)
    export(network, folder / MODEL_NAME)
    content = (folder / MODEL_NAME).read_bytes()
    layers = write_layers(content) if run.name in SERVED else None
    if layers:
        (folder / LAYERS_NAME).write_bytes(layers)
    classifier = Classifier(content)
    history = read_history(*list_folders(run.recipe, folder, run.folder_before))
    validation_errors = evaluate(classifier, validation)["errors"]
    loss = log_loss(classifier, validation)
    figures = evaluate(classifier, test)
    seeds = {
        str(run.seed): {
            "validation_errors": validation_errors,
            "validation_loss": round(loss, 5),
            "errors": figures["errors"],
        }
    }
    return ModelRecord(
        num_parameters=network.count_params(),
        recipe=run.kept,
        layers=run.layers,
        seed=run.seed,
        machine=machine(),
        seconds_per_epoch=round(statistics.median(history["seconds"]), 2),
        num_validation=len(validation),
        validation_errors=validation_errors,
        seeds=seeds,
        history=history,
        sha256=hashlib.sha256(content).hexdigest(),
        num_bytes=len(content),
        keras_sha256=hashlib.sha256((folder / KERAS_NAME).read_bytes()).hexdigest(),
        layers_sha256=hashlib.sha256(layers).hexdigest() if layers else "",
        **figures,
    )


def find_trained(run: Run) -> ModelRecord | None:
    """Return the record that a finished run left in its folder, if its model is there too."""
    folder = run.folder(run.seed)
    record = read_record(folder).get(run.name)
    if record is None or not run.is_recipe_of(record) or not (folder / KERAS_NAME).exists():
        return None
    if not record.keras_sha256:  # by a version that did not pin this file yet
        sha256 = hashlib.sha256((folder / KERAS_NAME).read_bytes()).hexdigest()
        record = dataclasses.replace(record, keras_sha256=sha256)
        write_record({run.name: record}, folder)
    return record if is_here(run.name, record, folder) else None


def find_best(run: Run) -> tuple[Path, Path]:
    """Return where the best model of a finished run's recipe is recorded, and where its files are.

    The results hold both, or the folder of its run has the files. Where neither is on this machine,
    the finished run stands in, with its own record.
    """
    known, folder = read_record(run.results).get(run.name), run.folder(run.seed)
    if known and run.is_recipe_of(known):
        for place in (run.results, run.folder(known.seed)):
            if is_here(run.name, known, place):
                return run.results, place
    return folder, folder


def keep(run: Run, record: ModelRecord) -> None:
    """Enter a run into the results if it belongs there, and say so if it does not."""
    folder, whole = run.folder(run.seed), read_record(run.results)
    known = whole.get(run.name)
    entry = choose(run, known, record)
    there = f"The run is in {folder}; the same command with --replace puts it there."
    if entry is None:
        print(f"{run.name}: {run.results} stays as it is, for it has another recipe. {there}")
        return
    if entry.sha256 == record.sha256:
        if run.results != BUNDLED or run.name in SERVED:
            for file in (folder / MODEL_NAME, folder / KERAS_NAME, folder / LAYERS_NAME):
                if not file.exists():  # no layers, for what no browser computes
                    continue
                draft = shutil.copyfile(file, run.results / f"{run.name}.draft")
                draft.replace(run.results / f"{run.name}{file.suffix}")  # whole or not at all
    else:
        print(
            f"{run.name}: seed {entry.seed} stays in {run.results}, for its validation loss is "
            f"{loss_of(entry)}, this run's {loss_of(record)}. {there}"
        )
    write_record(whole | {run.name: entry}, run.results)


def choose(run: Run, known: ModelRecord | None, record: ModelRecord) -> ModelRecord | None:
    """Choose what the results are to hold of a network; what was measured of it is never lost.

    A run replaces what is known only if it has the same recipe and a lower validation loss, or if
    it was asked to. Even then what benchmarks measured stays, and so do the recipe's other seeds.

    Args:
        run: The run.
        known: What the results hold of its network, if anything.
        record: What was measured of the run.

    Returns:
        What they are to hold; None where the run has no place in them.
    """
    same = run.is_recipe_of(known) if known else run.results != BUNDLED or not run.changes
    if not same and not run.replaces:
        return None
    if known is None:
        return record
    better = run.replaces or loss_of(record) < loss_of(known)
    if same and (record.sha256 == known.sha256 or not better):
        new = {seed: figures for seed, figures in record.seeds.items() if seed not in known.seeds}
        pinned = record if record.sha256 == known.sha256 else known
        return dataclasses.replace(known, seeds=known.seeds | new, keras_sha256=pinned.keras_sha256)
    return dataclasses.replace(
        record,
        seeds=(known.seeds if same else {}) | record.seeds,
        reading=known.reading,
        whole_numbers=known.whole_numbers,
        doubting=known.doubting,
        robustness=known.robustness,
        measured_with=known.measured_with,
    )


def loss_of(record: ModelRecord) -> float:
    """Return the validation loss of the recorded weights."""
    return record.seeds[str(record.seed)]["validation_loss"]


def row(name: str, record: ModelRecord) -> str:
    """Return a record in one line."""
    low, high = record.interval
    return (
        f"{name}: {record.errors} errors of {record.num_test} test digits, "
        f"{record.accuracy:.2%} ({low:.2%} to {high:.2%}), {record.num_parameters:,} parameters, "
        f"{record.seconds_per_epoch} s per epoch, {record.milliseconds_per_digit} ms per digit "
        f"({record.machine})"
    )
