# /// script
# requires-python = ">=3.11"
# dependencies = [
#     "ai-edge-litert==2.3.0",
#     "httpx2==2.16.2",
#     "huggingface_hub==2.4.0",
#     "keras==3.15.1",
#     "matplotlib==3.11.2",
#     "numpy==2.4.6",
#     "opencv-python-headless==5.0.0.93",
#     "pillow==12.3.0",
#     "tensorflow==2.21.0",
#     "tqdm==4.70.1",
# ]
# ///
"""Train the models of the comparison on MNIST, measure them, and keep what was measured.

    python train.py                          the two that are served, by their recipes
    python train.py cnn --seed 5             another seed; of a recipe's the best is kept
    python train.py linear --epochs 2        a changed recipe stays in runs/
    python train.py --push me                publishes as me/mnist-cnn and me/mnist-linear

Every run leaves its history and its Keras model in runs/; with --push, what was trained before by
the same recipe and seed is published as it is.
"""

import argparse
import dataclasses
import errno
import os
import sys
import zipfile
from pathlib import Path

from mnist_models import MnistModelsError
from mnist_models.models.record import BUNDLED, SERVED
from mnist_models.publishing.hub import make_repo
from mnist_models.publishing.model import name_repo
from mnist_models.training.networks import RECIPES
from mnist_models.training.run import Run, is_trained, push, train

ARRAYS = {"x_train.npy", "y_train.npy", "x_test.npy", "y_test.npy"}
"""What MNIST's ``.npz`` holds."""

PRECISIONS = ("float32", "mixed_bfloat16")
"""Keras' names of the precisions that a CPU, too, trains in."""


def parse(arguments: list[str] | None) -> argparse.Namespace:
    """Read the command line, and refuse what cannot be done before anything is done."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"{', '.join(RECIPES)} (default: cnn linear)"
    )
    parser.add_argument("--data", type=Path, metavar="FILE", help="mnist.npz (default: Keras' own)")
    parser.add_argument("--epochs", type=int, metavar="N", help="instead of the recipe's")
    parser.add_argument(
        "--precision", choices=PRECISIONS, help="what steps compute with, instead of the recipe's"
    )
    parser.add_argument("--seed", type=int, default=0, metavar="S")
    parser.add_argument("--limit", type=int, metavar="N", help="use only N of the training digits")
    parser.add_argument("--out", type=Path, metavar="DIR", help="write there, not to bundled/")
    parser.add_argument("--push", metavar="NAMESPACE", help="publish as NAMESPACE/mnist-NAME")
    parser.add_argument("--private", action="store_true", help="a repo that is made is private")
    options = parser.parse_args(arguments)
    options.names = options.names or list(SERVED)
    if unknown := [name for name in options.names if name not in RECIPES]:
        parser.error(f"there is no network {unknown[0]!r}; known are {', '.join(RECIPES)}")
    for flag, lowest in {"epochs": 1, "limit": 2, "seed": 0}.items():
        if (number := getattr(options, flag)) is not None and number < lowest:
            parser.error(f"--{flag} must be at least {lowest}, received {number}")
    if options.data is not None and (fault := fault_of(options.data)):
        parser.error(f"{fault}; give --data MNIST's .npz, or leave it out")
    return options


def fault_of(path: Path) -> str | None:
    """Say what keeps a file from being MNIST, if anything does."""
    if not path.is_file():
        return f"there is no file {path}"
    if not zipfile.is_zipfile(path):
        return f"{path} is not an .npz file"
    with zipfile.ZipFile(path) as file:
        missing = sorted(ARRAYS - set(file.namelist()))
    return f"{path} holds no {Path(missing[0]).stem}" if missing else None


def plan(options: argparse.Namespace) -> list[Run]:
    """Return the trainings that were asked for, once their folders can be written."""
    changed = options.epochs is not None or options.limit is not None
    runs = options.out or Path("runs")
    results = runs if changed or options.out else BUNDLED
    for folder in (runs, results):
        folder.mkdir(parents=True, exist_ok=True)
        if not os.access(folder, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(folder))
    wanted = {"epochs": options.epochs, "precision": options.precision}
    overrides = {name: value for name, value in wanted.items() if value is not None}
    return [
        Run(
            name=name,
            recipe=dataclasses.replace(RECIPES[name], **overrides),
            seed=options.seed,
            limit=options.limit,
            data=options.data,
            runs=runs,
            results=results,
        )
        for name in options.names
    ]


def carry_out(runs: list[Run], namespace: str | None, private: bool) -> None:
    """Train every network, and publish each one right after its training if that is wanted."""
    repos = {run.name: name_repo(run.name, namespace) for run in runs if namespace}
    for repo in repos.values():  # a missing permission should not show after an hour of training
        make_repo(repo, private=private or None)
    for run in runs:
        if run.name in repos and is_trained(run):
            print(f"{run.name}: trained before, with this recipe and seed")
        else:
            train(run)
        if run.name in repos:
            print(push(run, repos[run.name]))


def main(arguments: list[str] | None = None) -> int:
    """Do what the command line says, and tell in a sentence what went wrong."""
    options = parse(arguments)
    try:
        carry_out(plan(options), options.push, options.private)
    except KeyboardInterrupt:
        return say(
            "\nStopped. Finished models are kept; the other one goes on after its last finished "
            "epoch when it is trained with the same flags again.",
            code=130,
        )
    except MnistModelsError as error:
        return say(str(error), code=1)
    except OSError as error:
        if error.filename is None:
            raise
        return say(
            f"Cannot write to {error.filename}: {error.strerror}. "
            "Choose another folder with --out DIR.",
            code=1,
        )
    return 0


def say(sentence: str, code: int) -> int:
    """Tell what went wrong, and return the exit code."""
    print(sentence, file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main())
