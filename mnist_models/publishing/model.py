"""To the Hub: a model's files, plots and card, in one commit."""

import hashlib
import shutil
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

from mnist_models.digits import Digits
from mnist_models.models.classifier import Classifier
from mnist_models.models.loading import KERAS_NAME, MODEL_NAME, read_checked
from mnist_models.models.record import ModelRecord, read_record, write_record
from mnist_models.publishing.card import make_card
from mnist_models.publishing.hub import commit
from mnist_models.publishing.plots import draw_plots

ROOT = Path(__file__).parents[2]

ENDPOINT_NEEDS = ("ai-edge-litert", "numpy", "opencv-python-headless", "pi-heif", "pillow")
"""Packages that reading a picture takes."""


def name_repo(name: str, namespace: str) -> str:
    """Return where a network is published, such as "me/mnist-cnn"."""
    return f"{namespace}/mnist-{name.replace('_', '-')}"


def publish(name: str, results: Path, folder: Path, repo: str, test: Digits) -> ModelRecord:
    """Commit a trained model to its repo, with all that is known of it, and record where it is.

    Args:
        name: The network's name.
        results: The folder whose record tells of the model.
        folder: The run's folder, with the model as Keras and as LiteRT saved it.
        repo: Where to, such as "me/mnist-cnn".
        test: MNIST's test digits, for the plots.

    Returns:
        The model's record, now with repo, revision and the sha256 of every file.

    Raises:
        ModelError: The run's files are not the recorded ones, or the Hub refuses the commit.
    """
    record = replace(read_record(results)[name], repo=None, revision=None, published={})
    content = read_checked(folder / MODEL_NAME, record.sha256)
    drafts = folder / "hub"
    shutil.rmtree(drafts, ignore_errors=True)
    drafts.mkdir()
    (drafts / MODEL_NAME).write_bytes(content)
    shutil.copyfile(folder / KERAS_NAME, drafts / KERAS_NAME)
    write_record({name: record}, drafts)
    plots = draw_plots(record, test, Classifier(content).predict(test.pixels), drafts)
    make_card(name, record, repo, plots).save(drafts / "README.md")
    files = {file.name: file.read_bytes() for file in sorted(drafts.iterdir())} | endpoint_files()
    revision = commit(repo, files, f"{record.errors} errors of {record.num_test} test digits")
    sums = {file: hashlib.sha256(content).hexdigest() for file, content in files.items()}
    record = replace(record, repo=repo, revision=revision, published=sums)
    write_record(read_record(results) | {name: record}, results)
    return record


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
