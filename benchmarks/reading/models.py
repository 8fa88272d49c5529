"""Which models a benchmark asks."""

from pathlib import Path

from mnist_models import Classifier, load
from mnist_models.models.record import SERVED


def chosen(model: Path | None) -> dict[str, Classifier]:
    """Return the models to ask, by name: the served ones, or one that is not yet in the record."""
    if model:
        return {"model": Classifier(model.read_bytes())}
    return {name: load(name) for name in SERVED}
