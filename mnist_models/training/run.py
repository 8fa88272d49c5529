"""One training from recipe to record: fit, export, evaluate, keep."""

import dataclasses
import hashlib
import json
import shutil
import statistics
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
import tensorflow as tf

from mnist_models.models.classifier import Classifier
from mnist_models.models.record import BUNDLED, SERVED, ModelRecord, read_record, write_record
from mnist_models.publishing.model import publish
from mnist_models.training.evaluation import evaluate, machine
from mnist_models.training.fitting import Digits, export, fit, load_mnist, read_history, split
from mnist_models.training.networks import Recipe


@dataclass(frozen=True)
class Run:
    """One training: what is trained, on what, and where everything is left.

    Attributes:
        name: The network's name in ``RECIPES``.
        recipe: How to train it, overrides included.
        seed: Seed of every random choice.
        limit: Train on at most this many digits; None on all.
        data: MNIST's ``.npz``; None takes Keras' own.
        runs: Where each run's history, weights and Keras model are left, in a folder of its own.
        results: Where record and LiteRT model go; in ``BUNDLED`` only served models' files do.
    """

    name: str
    recipe: Recipe
    seed: int
    limit: int | None
    data: Path | None
    runs: Path
    results: Path

    @property
    def kept(self) -> dict[str, Any]:
        """What the record keeps of the recipe, a limit of the digits included."""
        limit = {"limit": self.limit} if self.limit is not None else {}
        return self.recipe.as_record() | limit

    def folder(self, seed: int) -> Path:
        """Return where the run of a seed leaves its files."""
        return self.runs / f"{self.name}-{seed}"


def train(run: Run) -> ModelRecord:
    """Train one network, measure it on all test digits, and keep it."""
    digits, test = load_mnist(run.data)
    training, validation = split(digits, run.limit)
    recipe = ", ".join(f"{key} {value}" for key, value in run.kept.items())
    print(f"{run.name}, seed {run.seed}: {recipe}")
    folder = prepare(run.folder(run.seed), run.kept)
    with across("GPU"):
        network = fit(run.recipe, training, validation, run.seed, folder)
    record = measure(network, validation, test, folder, run)
    keep(run.name, record, folder, run.results)
    print(row(run.name, record))
    return record


def across(kind: str) -> AbstractContextManager[Any]:
    """Train on all of this machine's devices of a kind, if there are several.

    The distribution is TensorFlow's own: each step's digits are shared out, and so are its results.
    """
    devices = [device.name for device in tf.config.list_logical_devices(kind)]
    return tf.distribute.MirroredStrategy(devices).scope() if len(devices) > 1 else nullcontext()


def prepare(folder: Path, kept: dict[str, Any]) -> Path:
    """Make a run's folder; what another recipe or a finished run left in it goes first."""
    note = folder / "recipe.json"
    text = json.dumps(kept)
    goes_on = note.exists() and note.read_text(encoding="utf-8") == text
    if folder.exists() and (not goes_on or (folder / "model.tflite").exists()):
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    note.write_text(text, encoding="utf-8")
    return folder


def measure(
    network: keras.Model,
    validation: Digits,
    test: Digits,
    folder: Path,
    run: Run,
) -> ModelRecord:
    """Export a network and count what the exported model gets right."""
    network.save(folder / "model.keras", include_optimizer=False)
    path = folder / "model.tflite"
    export(network, path)
    content = path.read_bytes()
    classifier = Classifier(content)
    history = read_history(folder)
    validation_errors = evaluate(classifier, validation)["errors"]
    figures = evaluate(classifier, test)
    seeds = {
        str(run.seed): {
            "validation_errors": validation_errors,
            "validation_loss": min(history["val_loss"]),
            "errors": figures["errors"],
        }
    }
    return ModelRecord(
        num_parameters=network.count_params(),
        recipe=run.kept,
        seed=run.seed,
        machine=machine(),
        seconds_per_epoch=round(statistics.median(history["seconds"]), 2),
        num_validation=len(validation),
        validation_errors=validation_errors,
        seeds=seeds,
        history=history,
        sha256=hashlib.sha256(content).hexdigest(),
        num_bytes=len(content),
        **figures,
    )


def keep(name: str, record: ModelRecord, folder: Path, results: Path) -> None:
    """Enter a run into the record; of several seeds, the lowest validation loss stays."""
    results.mkdir(parents=True, exist_ok=True)
    whole = read_record(results)
    known = whole.get(name)
    seeds = dict(record.seeds)
    if known is not None and known.recipe == record.recipe:
        seeds = known.seeds | seeds
    best = min(seeds, key=lambda seed: seeds[seed]["validation_loss"])
    if best == str(record.seed):
        if results != BUNDLED or name in SERVED:
            draft = shutil.copyfile(folder / "model.tflite", results / f"{name}.draft")
            draft.replace(results / f"{name}.tflite")  # whole or not at all
        known = record
    whole[name] = dataclasses.replace(known or record, seeds=seeds)
    write_record(whole, results)


def is_trained(run: Run) -> bool:
    """Tell whether a run is in the record, and the kept model's files are where a push needs them.

    The kept model may be of another seed.
    """
    known = read_record(run.results).get(run.name)
    return (
        known is not None
        and known.recipe == run.kept
        and str(run.seed) in known.seeds
        and (run.folder(known.seed) / "model.tflite").exists()
    )


def push(run: Run, repo: str) -> str:
    """Publish the kept model of a network, and note in the record where it is.

    Returns:
        A sentence that says where it is.
    """
    whole = read_record(run.results)
    known = whole[run.name]
    test = load_mnist(run.data)[1]
    whole[run.name] = publish(run.name, known, repo, run.folder(known.seed), test)
    write_record(whole, run.results)
    return f"{run.name}: published as {repo} at revision {whole[run.name].revision}"


def row(name: str, record: ModelRecord) -> str:
    """Return a record in one line."""
    low, high = record.interval
    return (
        f"{name}: {record.errors} errors of {record.num_test} test digits, "
        f"{record.accuracy:.2%} ({low:.2%} to {high:.2%}), {record.num_parameters:,} parameters, "
        f"{record.seconds_per_epoch} s per epoch, {record.milliseconds_per_digit} ms per digit "
        f"({record.machine})"
    )
