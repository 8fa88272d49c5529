"""What a trained model is worth: counts on the test digits, and its speed."""

import os
import platform
import statistics
import time
from pathlib import Path
from typing import TypedDict

import numpy as np
from numpy.typing import NDArray

from mnist_models.digits import LABELS, Digits
from mnist_models.models.classifier import Classifier

NUM_BINS = 10


class Figures(TypedDict):
    """The attributes of ``ModelRecord`` that test digits fill."""

    num_test: int
    errors: int
    misread: list[int]
    confusion: list[list[int]]
    calibration: list[list[float]]
    doubted: int
    milliseconds_per_digit: float


def evaluate(classifier: Classifier, test: Digits) -> Figures:
    """Read every test digit once, as the page would, and count.

    Args:
        classifier: The model as it is served.
        test: Digits that neither trained nor chose it.
    """
    prediction = classifier.predict(test.pixels)
    predicted = prediction.probabilities.argmax(axis=1)
    wrong = predicted != test.labels
    confusion = np.zeros((len(LABELS), len(LABELS)), int)
    np.add.at(confusion, (test.labels, predicted), 1)
    return {
        "num_test": len(test),
        "errors": int(wrong.sum()),
        "misread": np.flatnonzero(wrong).tolist(),
        "confusion": confusion.tolist(),
        "calibration": calibration(prediction.probabilities.max(axis=1), ~wrong),
        "doubted": int(prediction.is_doubtful.sum()),
        "milliseconds_per_digit": milliseconds_per_digit(classifier, test),
    }


def log_loss(classifier: Classifier, digits: Digits) -> float:
    """Return the mean of minus the logarithm of the probability that each true label was given."""
    probabilities = classifier.predict(digits.pixels).probabilities
    given = probabilities[np.arange(len(digits)), digits.labels]
    return float(-np.log(np.maximum(given, np.finfo(np.float32).tiny)).mean())


def calibration(confidences: NDArray[np.float32], right: NDArray[np.bool_]) -> list[list[float]]:
    """Count digits, sum confidences and count right answers in ten bins of confidence.

    Args:
        confidences: float32 (n,), each digit's highest probability.
        right: bool (n,), whether its label was right.
    """
    bins = np.minimum((confidences * NUM_BINS).astype(int), NUM_BINS - 1)
    inside = [bins == index for index in range(NUM_BINS)]
    return [
        [int(which.sum()), round(float(confidences[which].sum()), 4), int(right[which].sum())]
        for which in inside
    ]


def milliseconds_per_digit(classifier: Classifier, test: Digits, repeats: int = 300) -> float:
    """Return the median time of one digit alone, in milliseconds."""
    times = []
    for index in range(repeats):
        digit = test.pixels[[index % len(test)]]
        start = time.perf_counter()
        classifier.predict(digit)
        times.append(time.perf_counter() - start)
    return round(1000 * statistics.median(times), 3)


def machine() -> str:
    """Name the processor that times are measured on."""
    model = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        lines = cpuinfo.read_text(encoding="utf-8").splitlines()
        names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
        model = names[0] if names else model
    return f"{model}, {os.cpu_count()} cores, {platform.system()}"
