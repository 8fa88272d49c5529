"""The published numbers: what was measured of each model, written by training, read by everyone."""

import json
import math
import statistics
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from mnist_models.digits import LABELS
from mnist_models.errors import ModelError

BUNDLED = Path(__file__).parent / "bundled"
"""The folder of the models in this repository, with their record."""

RECORD_NAME = "record.json"

SERVED = ("cnn", "linear")
"""The models that are shown side by side, in the page's order."""

Measured = Literal["reading", "whole_numbers", "doubting", "robustness"]
"""The attributes of a record that benchmarks fill after a training, and no training empties."""


@dataclass(frozen=True)
class ModelRecord:
    """What is known of one trained model; counts are kept as counts.

    Attributes:
        num_parameters: Weights and biases, the ones that training does not move included.
        recipe: How it was trained: epochs, batch_size, learning_rate and so on; in "after", the
            recipe of what it learned before.
        layers: The network's layers in their order, each with its sizes.
        seed: Seed of the initial weights and of every random choice; of the last lesson's, where
            the recipe has several.
        machine: Where times were measured.
        seconds_per_epoch: Median, in seconds.
        milliseconds_per_digit: Median for one digit in LiteRT, in milliseconds.
        num_validation: Validation digits, by which the epoch was chosen.
        validation_errors: Validation digits read wrong.
        num_test: Test digits.
        errors: Test digits read wrong.
        misread: Positions of those in the test digits, ascending.
        confusion: Test digits by true label (row) and predicted label (column).
        calibration: Of the test digits, by highest probability in ten equal bins: how many, the
            sum of their highest probabilities, and how many were read right.
        doubted: Test digits with a doubt above 0.5.
        seeds: For every seed trained by this recipe, its validation and test errors.
        history: Figures after each epoch, by name: loss and accuracy on the training digits as
            they were varied, val_loss and val_accuracy on the validation digits, seconds, ...
        sha256: Of the ``.tflite`` file, in hexadecimal.
        num_bytes: Size of the ``.tflite`` file.
        keras_sha256: Of the ``.keras`` file of the same weights; empty where none was kept.
        layers_sha256: Of the ``.layers`` file, by which a browser computes the same; empty of
            models that are not served.
        reading: How well it reads people's pen strokes, drawn and photographed, by condition:
            rows with "kind", "factor", "value", "count" (of pictures), and how many of them were
            read "right" as the product reads, "squashed" and by "Otsu" threshold; the factor
            "all" has everything, and "undoubted" counts those read wrong without doubt. Empty until
            ``benchmarks/reading/reading.py --record`` fills it.
        whole_numbers: The same of whole numbers, by "spacing": of "count" pictures how many are
            "right", of all their "digits" and "lines" how many are, how many pictures are "wrong"
            and how many of those have a doubted digit; of pictures of one digit how many come out
            as "several". By ``benchmarks/reading/whole_numbers.py --record``.
        doubting: By kind of drawing, how many the model doubted of how many it was shown; by
            ``benchmarks/reading/doubt.py --record``.
        robustness: By what was laid over the test digits, how many it still read right of how
            many; by ``benchmarks/reading/robustness.py --record``.
        measured_with: The sha256 of the weights that these four were measured with, by attribute.
            They stay until they are measured again, and so may tell of other weights than the
            recorded ones.
        repo: Where on the Hub the model was published, such as "me/mnist-cnn"; None if nowhere.
        revision: The commit of that publication, 40 hexadecimal digits.
        published: The sha256 of every file of that commit, in hexadecimal, by name.
    """

    num_parameters: int
    recipe: dict[str, Any]
    layers: list[str] = field(repr=False)
    seed: int
    machine: str
    seconds_per_epoch: float
    milliseconds_per_digit: float
    num_validation: int
    validation_errors: int
    num_test: int
    errors: int
    misread: list[int] = field(repr=False)
    confusion: list[list[int]]
    calibration: list[list[float]]
    doubted: int
    seeds: dict[str, dict[str, float]]
    history: dict[str, list[float]] = field(repr=False)
    sha256: str
    num_bytes: int
    keras_sha256: str = ""
    layers_sha256: str = ""
    reading: list[dict[str, Any]] = field(default_factory=list, repr=False)
    whole_numbers: list[dict[str, Any]] = field(default_factory=list, repr=False)
    doubting: dict[str, list[int]] = field(default_factory=dict)
    robustness: dict[str, list[int]] = field(default_factory=dict)
    measured_with: dict[str, str] = field(default_factory=dict, repr=False)
    repo: str | None = None
    revision: str | None = None
    published: dict[str, str] = field(default_factory=dict)

    def is_current(self, attribute: Measured) -> bool:
        """Tell whether an attribute was measured with the weights that are recorded."""
        return self.measured_with.get(attribute) == self.sha256

    @property
    def accuracy(self) -> float:
        """Share of the test digits read right, 0..1."""
        return (self.num_test - self.errors) / self.num_test

    @property
    def interval(self) -> tuple[float, float]:
        """The accuracy's 95 % interval, 0..1."""
        return wilson_interval(self.num_test - self.errors, self.num_test)

    @property
    def accuracy_by_label(self) -> dict[str, float]:
        """Share of each label's test digits read right, 0..1."""
        rows = zip(LABELS, self.confusion, strict=True)
        return {label: row[int(label)] / sum(row) for label, row in rows}

    @property
    def accuracy_over_seeds(self) -> tuple[float, float]:
        """Mean and standard deviation of the accuracy over all seeds of the recipe, 0..1."""
        shares = [1 - figures["errors"] / self.num_test for figures in self.seeds.values()]
        return statistics.fmean(shares), statistics.stdev(shares) if len(shares) > 1 else 0.0

    @property
    def training_accuracy(self) -> float:
        """Share of the training digits read right in the epoch that was kept, 0..1."""
        losses = self.history["val_loss"]
        kept = -1 if self.recipe.get("ema_momentum") else losses.index(min(losses))
        return self.history["accuracy"][kept]

    @property
    def calibration_error(self) -> float:
        """Expected calibration error, 0..1 (Naeini, Cooper and Hauskrecht 2015)."""
        return sum(abs(total - right) for _, total, right in self.calibration) / self.num_test


def tell_recipe(recipe: Mapping[str, Any]) -> str:
    """Write a recipe in a line: "epochs 12, batch_size 64, ... after epochs 40, ..."."""
    told = ", ".join(f"{key} {value}" for key, value in recipe.items() if key != "after")
    first = recipe.get("after")
    return f"{told}, after {tell_recipe(first)}" if first else told


def wilson_interval(successes: int, trials: int) -> tuple[float, float]:
    """Return the 95 % score interval of a share (Wilson 1927), 0..1."""
    z = 1.959964
    share, weight = successes / trials, z * z / trials
    center = (share + weight / 2) / (1 + weight)
    margin = z / (1 + weight) * math.sqrt(share * (1 - share) / trials + weight / (4 * trials))
    return max(0.0, center - margin), min(1.0, center + margin)


def read_record(folder: Path = BUNDLED) -> dict[str, ModelRecord]:
    """Read a folder's record; a folder without one has an empty record.

    Raises:
        ModelError: The file is not a record.
    """
    path = folder / RECORD_NAME
    if not path.exists():
        return {}
    try:
        entries = json.loads(path.read_text(encoding="utf-8"))
        return {name: ModelRecord(**entry) for name, entry in entries.items()}
    except (ValueError, TypeError, AttributeError) as error:
        raise ModelError("no_record", path=path) from error


def write_record(record: Mapping[str, ModelRecord], folder: Path) -> None:
    """Write a folder's record; whole or not at all."""
    path = folder / RECORD_NAME
    draft = path.with_suffix(".draft")
    draft.write_text(format_record(record), encoding="utf-8")
    draft.replace(path)


def format_record(record: Mapping[str, ModelRecord]) -> str:
    """Return a record as JSON, an attribute a line."""
    models = [f"{json.dumps(name)}: {write_lines(entry)}" for name, entry in record.items()]
    return "{\n " + ",\n ".join(models) + "\n}\n"


def write_lines(entry: ModelRecord) -> str:
    """Write a model's record as a JSON object, an attribute a line."""
    attributes = asdict(entry).items()
    lines = [f"{json.dumps(name)}: {json.dumps(value)}" for name, value in attributes]
    return "{\n  " + ",\n  ".join(lines) + "\n }"


def record_measurement(
    attribute: Measured, figures: Mapping[str, Any], folder: Path = BUNDLED
) -> None:
    """Record what was measured of models after their training, and that it was with their weights.

    Args:
        attribute: What was measured.
        figures: By model, in the attribute's form.
        folder: Where the record is.
    """
    record = read_record(folder)
    for name, value in figures.items():
        entry = record[name]
        weights = entry.measured_with | {attribute: entry.sha256}
        record[name] = replace(entry, **{attribute: value}, measured_with=weights)
    write_record(record, folder)
