"""From a model's name to its classifier, checked byte by byte against the record."""

import hashlib
from pathlib import Path

from mnist_models.classifier import Classifier
from mnist_models.errors import ModelError
from mnist_models.record import BUNDLED, read_record


def load(name: str) -> Classifier:
    """Load a model by its name.

    Args:
        name: A model that the record pins, such as "cnn" or "linear".

    Returns:
        The classifier, ready to predict.

    Raises:
        ModelError: The name is unknown, or the file is missing or not the recorded one.
    """
    record = read_record()
    if name not in record:
        known = ", ".join(record)
        raise ModelError(f'There is no model "{name}". Known models: {known}.')
    return Classifier(read_checked(BUNDLED / f"{name}.tflite", record[name].sha256))


def read_checked(path: Path, sha256: str) -> bytes:
    """Read a model's file and refuse it unless it is the recorded one."""
    try:
        content = path.read_bytes()
    except FileNotFoundError as error:
        raise ModelError(
            f"The model's file {path.name} is missing. Train it with train.py."
        ) from error
    if hashlib.sha256(content).hexdigest() != sha256:
        raise ModelError(
            f"The model's file {path.name} is not the one that was measured: its sha256 differs "
            "from the record's. Restore it from the repository or train it again."
        )
    return content
