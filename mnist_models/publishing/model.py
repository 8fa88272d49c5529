"""To the Hub: a model's files, plots and card, in one commit."""

import hashlib
import io
import re
import shutil
import subprocess
import zipfile
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path

from huggingface_hub import constants

from mnist_models.errors import ModelError
from mnist_models.models.classifier import Classifier
from mnist_models.models.loading import KERAS_NAME, MODEL_NAME, locate, read_checked
from mnist_models.models.record import (
    RECORD_NAME,
    ModelRecord,
    format_record,
    read_record,
    write_record,
)
from mnist_models.publishing.card import make_card
from mnist_models.publishing.examples import read_examples
from mnist_models.publishing.hub import commit, make_repo

ROOT = Path(__file__).parents[2]

ENDPOINT_NEEDS = ("ai-edge-litert", "numpy", "opencv-python-headless", "pi-heif", "pillow")
"""Packages that reading a picture takes."""


@dataclass(frozen=True)
class Draft:
    """All that is to be committed of a model, made before the Hub is told of it.

    Attributes:
        name: The network's name.
        results: The folder whose record tells of the model.
        repo: Where to, such as "me/mnist-cnn".
        record: The model's record, as if it were published nowhere.
        files: Every file's content, by its path in the repo.
    """

    name: str
    results: Path
    repo: str
    record: ModelRecord
    files: dict[str, bytes]


def name_repo(name: str, namespace: str) -> str:
    """Return where a network is published, such as "me/mnist-cnn"."""
    return f"{namespace}/mnist-{name.replace('_', '-')}"


def is_kept(name: str, results: Path) -> bool:
    """Tell whether a folder of results holds a network that can be published as it is.

    Raises:
        ModelError: It holds what is served of it, but not what Keras saved.
    """
    model, keras = results / f"{name}.tflite", results / f"{name}.keras"
    if name not in read_record(results) or not model.exists():
        return False
    if not keras.exists():
        raise ModelError("no_keras", file=keras.name, name=name)
    return True


def make_draft(name: str, results: Path, folder: Path, repo: str, space: str) -> Draft:
    """Make all that is to be committed of a trained model.

    Args:
        name: The network's name.
        results: The folder whose record tells of the model.
        folder: Where its files are: the results, or the folder of its run.
        repo: Where to, such as "me/mnist-cnn".
        space: The Space that its card names, such as "me/digits".

    Raises:
        ModelError: A file is missing, or not the recorded one.
    """
    # Only this needs matplotlib: whatever else train.py does goes on without.
    from mnist_models.publishing.plots import draw_plots

    record = replace(read_record(results)[name], repo=None, revision=None, published={})
    model, keras = locate(name, folder)
    served = read_checked(model, record.sha256)
    trained = read_checked(keras, record.keras_sha256)
    examples = read_examples(Classifier(served))
    plots = draw_plots(record, examples)
    captions = {file: caption for file, (_, caption) in plots.items()}
    page = f"{constants.ENDPOINT}/spaces/{space}"
    card = make_card(name, record, repo, captions, examples, page, find_code())
    files = {
        MODEL_NAME: served,
        KERAS_NAME: trained,
        **unpack(trained),
        RECORD_NAME: format_record({name: record}).encode(),
        "README.md": str(card).encode(),
        **{file: content for file, (content, _) in plots.items()},
        **{example.path: example.content for example in examples},
        **endpoint_files(),
    }
    return Draft(name, results, repo, record, files)


def publish(draft: Draft, private: bool | None = None) -> ModelRecord:
    """Commit what was made of a model to its repo, and record where it is.

    Args:
        draft: What was made.
        private: Whether a repo that is made is private; None leaves that to the Hub.

    Returns:
        The model's record, now with repo, revision and the sha256 of every file.

    Raises:
        ModelError: The Hub refuses the repo or the commit.
    """
    make_repo(draft.repo, private=private)
    told = f"{draft.record.errors} errors of {draft.record.num_test} test digits"
    revision = commit(draft.repo, draft.files, told)
    sums = {file: hashlib.sha256(content).hexdigest() for file, content in draft.files.items()}
    record = replace(draft.record, repo=draft.repo, revision=revision, published=sums)
    write_record(read_record(draft.results) | {draft.name: record}, draft.results)
    return record


def unpack(keras: bytes) -> dict[str, bytes]:
    """Return the files in a ``.keras`` file, which ``load_model("hf://...")`` wants by themselves.

    Those are config.json, metadata.json and model.weights.h5.
    """
    with zipfile.ZipFile(io.BytesIO(keras)) as archive:
        return {file: archive.read(file) for file in archive.namelist()}


def find_code() -> str | None:
    """Return the address of this code, if git knows one that a browser opens."""
    git = shutil.which("git")
    if git is None or not (ROOT / ".git").exists():
        return None
    asked = [git, "-C", str(ROOT), "remote", "get-url", "origin"]
    said = subprocess.run(asked, capture_output=True, text=True, check=False)  # noqa: S603 - fixed
    return as_web_address(said.stdout.strip())


def as_web_address(remote: str) -> str | None:
    """Turn a remote's address into one that a browser opens, without the name and token in it."""
    web, ssh = r"https?://(?:[^@/]+@)?([^@/]+)/", r"(?:ssh://)?git@([\w.-]+)[:/]"
    found = re.fullmatch(rf"(?:{web}|{ssh})(.+?)(?:\.git)?", remote)
    return f"https://{found[1] or found[2]}/{found[3]}" if found else None


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
