"""One training from recipe to record: fit, export, evaluate, keep."""

import dataclasses
import hashlib
import json
import shutil
import statistics
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

import keras
import tensorflow as tf

from mnist_models.classifier import Classifier
from mnist_models.record import BUNDLED, SERVED, ModelRecord, read_record, write_record
from mnist_models.training.evaluation import evaluate, machine
from mnist_models.training.fitting import Digits, export, fit, load_mnist, read_history, split
from mnist_models.training.networks import Recipe
from mnist_models.training.publishing import publish


def train(
    name: str,
    recipe: Recipe,
    data: Path | None,
    seed: int,
    limit: int | None,
    runs: Path,
    results: Path,
) -> ModelRecord:
    """Train one network, measure it on all test digits, and keep it.

    Args:
        name: The network's name in ``RECIPES``.
        recipe: How to train it, overrides included.
        data: MNIST's ``.npz``; None takes Keras' own.
        seed: Seed of every random choice.
        limit: Train on at most this many digits; None on all.
        runs: Where each run's history, weights and Keras model are left, in a folder of its own.
        results: Where record and LiteRT model go; in ``BUNDLED`` only served models' files do.

    Returns:
        The network's record.
    """
    digits, test = load_mnist(data)
    training, validation = split(digits, limit)
    kept = kept_of(recipe, limit)
    print(f"{name}, seed {seed}: " + ", ".join(f"{key} {value}" for key, value in kept.items()))
    folder = prepare(runs / f"{name}-{seed}", kept)
    with across_gpus():
        network = fit(recipe, training, validation, seed, folder)
    record = measure(network, validation, test, folder, seed, kept)
    keep(name, record, folder, results)
    print(row(name, record))
    return record


def across_gpus() -> AbstractContextManager[Any]:
    """Train on all GPUs of this machine, by TensorFlow's own distribution, if there are several."""
    several = len(tf.config.list_logical_devices("GPU")) > 1
    return tf.distribute.MirroredStrategy().scope() if several else nullcontext()


def kept_of(recipe: Recipe, limit: int | None) -> dict[str, Any]:
    """Return what the record keeps of a recipe, a limit of the digits included."""
    return recipe.as_record() | ({"limit": limit} if limit is not None else {})


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
    seed: int,
    kept: dict[str, Any],
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
        str(seed): {
            "validation_errors": validation_errors,
            "validation_loss": min(history["val_loss"]),
            "errors": figures["errors"],
        }
    }
    return ModelRecord(
        num_parameters=network.count_params(),
        recipe=kept,
        seed=seed,
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


def is_trained(
    name: str, recipe: Recipe, seed: int, limit: int | None, runs: Path, results: Path
) -> bool:
    """Tell whether this training is in the record, and its kept model where a push needs it."""
    known = read_record(results).get(name)
    return (
        known is not None
        and known.recipe == kept_of(recipe, limit)
        and str(seed) in known.seeds
        and (runs / f"{name}-{known.seed}" / "model.tflite").exists()
    )


def push(name: str, repo: str, data: Path | None, runs: Path, results: Path) -> str:
    """Publish the kept model of a network, and note in the record where it is.

    Returns:
        A sentence that says where it is.
    """
    whole = read_record(results)
    known = whole[name]
    folder = runs / f"{name}-{known.seed}"
    whole[name] = publish(name, known, repo, folder, load_mnist(data)[1])
    write_record(whole, results)
    return f"{name}: published as {repo} at revision {whole[name].revision}"


def row(name: str, record: ModelRecord) -> str:
    """Return a record in one line."""
    low, high = record.interval
    return (
        f"{name}: {record.errors} errors of {record.num_test} test digits, "
        f"{record.accuracy:.2%} ({low:.2%} to {high:.2%}), {record.num_parameters:,} parameters, "
        f"{record.seconds_per_epoch} s per epoch, {record.milliseconds_per_digit} ms per digit "
        f"({record.machine})"
    )
