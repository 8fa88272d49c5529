"""Pictures of a training and of its outcome, for the model's page on the Hub."""

import io
from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure

from mnist_models.digits import LABELS
from mnist_models.models.record import ModelRecord
from mnist_models.preparation.picture import open_picture
from mnist_models.publishing.examples import Example


def draw_plots(record: ModelRecord, examples: Sequence[Example]) -> dict[str, tuple[bytes, str]]:
    """Draw every plot of a model.

    Args:
        record: The model's record.
        examples: Pictures with its answers.

    Returns:
        By the name of its file, each plot as a PNG, with a sentence that says what it shows.
    """
    plots = {
        "history.png": (draw_history(record), "Loss and accuracy after every epoch."),
        "confusion.png": (draw_confusion(record), "Test digits by true label and by answer."),
        "examples.png": (draw_examples(examples), "Some pictures and its answers."),
    }
    return {name: (as_png(figure), caption) for name, (figure, caption) in plots.items()}


def as_png(figure: Figure) -> bytes:
    """Return a figure as a PNG file."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=120)
    return buffer.getvalue()


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


def draw_examples(examples: Sequence[Example]) -> Figure:
    """Show pictures above the ten probabilities that they were given."""
    figure = Figure(figsize=(9, 3.2), layout="constrained")
    grid = figure.subplots(2, len(examples))
    for (above, below), example in zip(grid.T, examples, strict=True):
        above.imshow(open_picture(example.content).convert("RGB"))
        above.set_title(f"read {example.ranking[0][0]}", fontsize=9)
        above.axis("off")
        below.bar(LABELS, example.prediction.probabilities[0])
        below.set(ylim=(0, 1), yticks=())
        below.tick_params(labelsize=7)
    return figure
