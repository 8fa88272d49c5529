"""To the Hub: a model's files, plots and card, in one commit."""

import dataclasses
import hashlib
import shutil
from importlib.metadata import version
from pathlib import Path

from mnist_models.models.classifier import Classifier
from mnist_models.models.loading import MODEL_NAME, read_checked
from mnist_models.models.record import ModelRecord, write_record
from mnist_models.publishing.card import KERAS_NAME, make_card
from mnist_models.publishing.hub import commit
from mnist_models.publishing.plots import draw_plots
from mnist_models.training.fitting import Digits

ROOT = Path(__file__).parents[2]

ENDPOINT_NEEDS = ("ai-edge-litert", "numpy", "opencv-python-headless", "pillow")
"""Packages that reading a picture takes."""


def name_repo(name: str, namespace: str) -> str:
    """Return where a network is published, such as "me/mnist-cnn"."""
    return f"{namespace}/mnist-{name.replace('_', '-')}"


def publish(name: str, record: ModelRecord, repo: str, folder: Path, test: Digits) -> ModelRecord:
    """Commit a trained model to its repo, with all that is known of it.

    Args:
        name: The network's name.
        record: The model's record.
        repo: Where to, such as "me/mnist-cnn".
        folder: The run's folder, with the model as Keras and as LiteRT saved it.
        test: MNIST's test digits, for the plots.

    Returns:
        The record with repo, revision and the sha256 of every file.

    Raises:
        ModelError: The run's files are not the recorded ones, or the Hub refuses the commit.
    """
    content = read_checked(folder / MODEL_NAME, record.sha256)
    drafts = folder / "hub"
    shutil.rmtree(drafts, ignore_errors=True)
    drafts.mkdir()
    (drafts / MODEL_NAME).write_bytes(content)
    shutil.copyfile(folder / KERAS_NAME, drafts / KERAS_NAME)
    record = dataclasses.replace(record, repo=None, revision=None, published={})
    write_record({name: record}, drafts)
    plots = draw_plots(record, test, Classifier(content).predict(test.pixels), drafts)
    make_card(name, record, repo, folder / KERAS_NAME, plots).save(drafts / "README.md")
    files = {file.name: file.read_bytes() for file in sorted(drafts.iterdir())} | endpoint_files()
    revision = commit(repo, files, f"{record.errors} errors of {record.num_test} test digits")
    return dataclasses.replace(
        record,
        repo=repo,
        revision=revision,
        published={file: hashlib.sha256(content).hexdigest() for file, content in files.items()},
    )


def endpoint_files() -> dict[str, bytes]:
    """Return what an Inference Endpoint needs beside a model, by its path in the repo."""
    wing = ROOT / "mnist_models"
    modules = [
        ROOT / "scale" / "handler.py",
        *sorted(wing.glob("*.py")),
        *sorted(wing.glob("models/*.py")),
        *sorted(wing.glob("preparation/*.py")),
        *sorted(wing.glob("words/*.*")),
    ]
    needs = "".join(f"{package}=={version(package)}\n" for package in ENDPOINT_NEEDS)
    return {
        module.relative_to(ROOT).as_posix().removeprefix("scale/"): module.read_bytes()
        for module in modules
    } | {"requirements.txt": needs.encode()}
