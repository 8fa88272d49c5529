"""Pictures of a training and of its outcome, for the model's page on the Hub."""

from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from mnist_models.digits import LABELS, Digits
from mnist_models.models.classifier import Prediction
from mnist_models.models.record import ModelRecord

MAX_MISREAD = 40
NUM_PREDICTIONS = 6


def draw_plots(
    record: ModelRecord, test: Digits, prediction: Prediction, folder: Path
) -> list[tuple[str, str]]:
    """Draw every plot of a model into a folder.

    Args:
        record: The model's record.
        test: All test digits.
        prediction: What the model says of them.
        folder: Where the ``.png`` files go.

    Returns:
        Each file's name with a sentence that says what it shows.
    """
    plots = {
        "history.png": (draw_history(record), "Loss and accuracy after every epoch."),
        "confusion.png": (draw_confusion(record), "Test digits by true label and by answer."),
        "misread.png": (
            draw_misread(record, test, prediction),
            "The test digits it gets wrong, each with its true label and the answer.",
        ),
        "predictions.png": (draw_predictions(test, prediction), "Some of its answers."),
    }
    for name, (figure, _) in plots.items():
        figure.savefig(folder / name, dpi=120)
    return [(name, caption) for name, (_, caption) in plots.items()]


def draw_history(record: ModelRecord) -> Figure:
    """Draw loss and accuracy on training and validation digits over the epochs."""
    figure = Figure(figsize=(9, 3.5), layout="constrained")
    for axes, name in zip(figure.subplots(1, 2), ("loss", "accuracy"), strict=True):
        epochs = range(1, len(record.history[name]) + 1)
        axes.plot(epochs, record.history[name], ".-", label="training digits")
        axes.plot(epochs, record.history[f"val_{name}"], ".-", label="validation digits")
        axes.set(xlabel="epoch", ylabel=name)
        axes.grid(alpha=0.3)
        axes.legend()
    return figure


def draw_confusion(record: ModelRecord) -> Figure:
    """Write the confusion counts into a grid; the shade shows the mistakes."""
    counts = np.array(record.confusion)
    mistakes = counts * (1 - np.eye(len(LABELS), dtype=int))
    figure = Figure(figsize=(6, 6), layout="constrained")
    axes = figure.subplots()
    axes.imshow(mistakes, cmap="Blues", vmax=max(1, mistakes.max()) * 1.5)
    for (row, column), count in np.ndenumerate(counts):
        if count:
            axes.text(column, row, str(count), ha="center", va="center", fontsize=8)
    axes.set(
        xticks=range(len(LABELS)), yticks=range(len(LABELS)), xlabel="answer", ylabel="true label"
    )
    return figure


def draw_misread(record: ModelRecord, test: Digits, prediction: Prediction) -> Figure:
    """Show the misread digits, the most confidently misread first."""
    confidences = prediction.probabilities.max(axis=1)
    positions = sorted(record.misread, key=lambda position: -confidences[position])[:MAX_MISREAD]
    num_rows = max(1, -(-len(positions) // 8))
    figure = Figure(figsize=(9, 1.5 * num_rows), layout="constrained")
    grid = figure.subplots(num_rows, 8, squeeze=False)
    for axes in grid.flat:
        axes.axis("off")
    for axes, position in zip(grid.flat, positions, strict=False):
        answer = prediction.probabilities[position].argmax()
        show(axes, test.pixels[position], f"{test.labels[position]}, read {answer}")
    return figure


def draw_predictions(test: Digits, prediction: Prediction) -> Figure:
    """Show the first test digits above their ten probabilities."""
    figure = Figure(figsize=(9, 3), layout="constrained")
    grid = figure.subplots(2, NUM_PREDICTIONS)
    for index in range(NUM_PREDICTIONS):
        show(grid[0, index], test.pixels[index], f"{test.labels[index]}")
        grid[1, index].bar(LABELS, prediction.probabilities[index])
        grid[1, index].set(ylim=(0, 1), yticks=())
    return figure


def show(axes: Axes, digit: np.ndarray, title: str) -> None:
    """Show a digit as ink on paper."""
    axes.imshow(digit, cmap="gray_r", vmin=0, vmax=255)
    axes.set_title(title, fontsize=9)
    axes.axis("off")
