# /// script
# requires-python = ">=3.11"
# dependencies = [
#     "ai-edge-litert==2.3.0",
#     "huggingface_hub==2.4.0",
#     "keras==3.15.1",
#     "matplotlib==3.11.2",
#     "numpy==2.4.6",
#     "opencv-python-headless==5.0.0.93",
#     "pillow==12.3.0",
#     "tensorflow==2.21.0",
# ]
# ///
"""Train the models of the comparison on MNIST, measure them, and keep what was measured.

    python train.py                          the two that are served, by their recipes
    python train.py cnn --seed 1             another seed; the best by validation is kept
    python train.py linear --epochs 2        a changed recipe stays in runs/
    python train.py --push me                publishes as me/mnist-cnn and me/mnist-linear

Every run leaves its history and its Keras model in runs/; with --push, what was trained before by
the same recipe and seed is published as it is.
"""

import argparse
import dataclasses
import os
import sys
import zipfile
from pathlib import Path

from mnist_models import MnistModelsError
from mnist_models.record import BUNDLED, SERVED
from mnist_models.training.hub import make_repo
from mnist_models.training.networks import RECIPES
from mnist_models.training.publishing import name_repo
from mnist_models.training.running import is_trained, push, train

ARRAYS = {"x_train.npy", "y_train.npy", "x_test.npy", "y_test.npy"}
"""What MNIST's ``.npz`` holds."""


def parse(arguments: list[str] | None) -> argparse.Namespace:
    """Read the command line, and refuse what cannot be done before anything is done."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"{', '.join(RECIPES)} (default: cnn linear)"
    )
    parser.add_argument("--data", type=Path, metavar="FILE", help="mnist.npz (default: Keras' own)")
    parser.add_argument("--epochs", type=int, metavar="N", help="instead of the recipe's")
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


def main(arguments: list[str] | None = None) -> int:
    """Train every network that was named."""
    options = parse(arguments)
    changed = options.epochs is not None or options.limit is not None
    runs = options.out or Path("runs")
    results = runs if changed or options.out else BUNDLED
    try:
        for folder in (runs, results):  # known before an hour of training, not after it
            folder.mkdir(parents=True, exist_ok=True)
            if not os.access(folder, os.W_OK):
                raise PermissionError(0, "Permission denied", str(folder))
        repos = {name: name_repo(name, options.push) for name in options.names if options.push}
        for repo in repos.values():  # before an hour of training, too
            make_repo(repo, private=options.private or None)
        for name in options.names:
            recipe = RECIPES[name]
            if options.epochs is not None:
                recipe = dataclasses.replace(recipe, epochs=options.epochs)
            known = (name, recipe, options.seed, options.limit, runs, results)
            if name in repos and is_trained(*known):
                print(f"{name}: trained before, with this recipe and seed")
            else:
                train(name, recipe, options.data, options.seed, options.limit, runs, results)
            if name in repos:
                print(push(name, repos[name], options.data, runs, results))
    except KeyboardInterrupt:
        print(
            f"\nStopped. What was finished is kept; {name} goes on after its last finished epoch "
            "when it is trained with the same flags again.",
            file=sys.stderr,
        )
        return 130
    except MnistModelsError as error:
        print(error, file=sys.stderr)
        return 1
    except OSError as error:
        if error.filename is None:
            raise
        print(
            f"Cannot write to {error.filename}: {error.strerror}. "
            "Choose another folder with --out DIR.",
            file=sys.stderr,
        )
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
