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
#     "pi-heif==1.4.0",
#     "pillow==12.3.0",
#     "tensorflow==2.21.0",
#     "tqdm==4.70.1",
# ]
# ///
"""Train the models of the comparison on MNIST, measure them, and keep what was measured.

    python train.py                          the two that are served, by their recipes
    python train.py cnn --seed 5             another seed; of a recipe's the best is kept
    python train.py linear --epochs 2        a changed recipe stays in runs/
    python train.py linear --seed 5 --replace   takes the place of what is kept, better or not
    python train.py --push me                publishes what is bundled, as me/mnist-cnn and so on
    python train.py cnn --seed 5 --push me   trains, then publishes the best seed

Every run leaves its history, its models and its record in runs/; with --push and --replace, what
was trained before by the same recipe and seed is taken as it is. What is kept already, --push
publishes without MNIST, Keras and TensorFlow.
"""

import argparse
import contextlib
import os
import signal
import sys
from pathlib import Path
from typing import NoReturn

from mnist_models import MnistModelsError
from mnist_models.models.record import BUNDLED, SERVED, read_record
from mnist_models.publishing.hub import check_access
from mnist_models.publishing.model import Draft, is_kept, make_draft, name_repo, publish

PRECISIONS = ("float32", "mixed_bfloat16")
"""Keras' names of the precisions that a CPU, too, trains in."""

STOPPED = (
    "\nStopped. Finished models are kept; the other one goes on after its last finished epoch "
    "when it is trained with the same flags again.\n"
)


def parse(arguments: list[str] | None) -> argparse.Namespace:
    """Read the command line, and refuse what cannot be done before anything is done."""
    known = list(read_record())
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"{', '.join(known)} (default: cnn linear)"
    )
    parser.add_argument("--data", type=Path, metavar="FILE", help="mnist.npz (default: Keras' own)")
    parser.add_argument("--epochs", type=int, metavar="N", help="instead of the recipe's")
    parser.add_argument(
        "--precision", choices=PRECISIONS, help="what steps compute with, instead of the recipe's"
    )
    parser.add_argument("--seed", type=int, metavar="S", help="0 if it is not given")
    parser.add_argument("--limit", type=int, metavar="N", help="use only N of the training digits")
    parser.add_argument("--out", type=Path, metavar="DIR", help="write there, not to bundled/")
    parser.add_argument(
        "--replace", action="store_true", help="take the place of what is kept, better or not"
    )
    parser.add_argument("--push", metavar="NAMESPACE", help="publish as NAMESPACE/mnist-NAME")
    parser.add_argument("--private", action="store_true", help="a repo that is made is private")
    parser.add_argument(
        "--space", metavar="NAMESPACE/NAME", help="what cards link (default: NAMESPACE/digits)"
    )
    options = parser.parse_args(arguments)
    options.names = options.names or list(SERVED)
    options.space = options.space or f"{options.push}/digits"
    if not set(options.names) <= set(known):
        # Only Keras knows more, and it takes seconds to load: what needs none of it does not wait.
        from mnist_models.training.recipes import RECIPES

        if unknown := [name for name in options.names if name not in RECIPES]:
            parser.error(f"there is no network {unknown[0]!r}; known are {', '.join(RECIPES)}")
    for flag, lowest in {"epochs": 1, "limit": 2, "seed": 0}.items():
        if (number := getattr(options, flag)) is not None and number < lowest:
            parser.error(f"--{flag} must be at least {lowest}, received {number}")
    if options.data is not None:
        from mnist_models.training.data import find_fault

        if fault := find_fault(options.data):
            parser.error(f"{fault}; give --data MNIST's .npz, or leave it out")
    return options


def carry_out(options: argparse.Namespace) -> None:
    """Publish what is kept if only that is wanted, and train everything else."""
    results = options.out or BUNDLED
    kept = (
        [name for name in options.names if is_kept(name, results)] if only_pushes(options) else []
    )
    drafts = [prepare(name, results, results, options) for name in kept]
    for ready in drafts:  # all of them are, or nothing is published
        push(ready, options)
    if rest := [name for name in options.names if name not in kept]:
        train_all(rest, options)


def only_pushes(options: argparse.Namespace) -> bool:
    """Tell whether what is kept is to be published as it is: nothing asks for a training."""
    wanted = (options.epochs, options.precision, options.seed, options.limit)
    return bool(options.push) and not options.replace and all(one is None for one in wanted)


def train_all(names: list[str], options: argparse.Namespace) -> None:
    """Train every network, and publish each one right after its training if that is wanted."""
    from mnist_models.training.data import load_mnist
    from mnist_models.training.run import find_best, find_trained, keep, plan, train

    wanted = {"epochs": options.epochs, "precision": options.precision}
    overrides = {name: value for name, value in wanted.items() if value is not None}
    seed = options.seed or 0
    runs = plan(names, overrides, seed, options.limit, options.out, options.replace)
    digits, test = load_mnist(options.data)
    for name in names if options.push else []:
        # a missing permission should not show after an hour of training
        check_access(name_repo(name, options.push))
    for run in runs:
        record = find_trained(run) if options.push or options.replace else None
        if record:
            print(f"{run.name}: trained before, with this recipe and seed")
        keep(run, record or train(run, digits, test))
        if options.push:
            push(prepare(run.name, *find_best(run), options), options)


def prepare(name: str, results: Path, folder: Path, options: argparse.Namespace) -> Draft:
    """Make all that is to be committed of a network."""
    return make_draft(name, results, folder, name_repo(name, options.push), options.space)


def push(ready: Draft, options: argparse.Namespace) -> None:
    """Publish a network, and tell where."""
    entry = publish(ready, private=options.private or None)
    where = f"published as {entry.repo} at revision {entry.revision}"
    print(f"{ready.name}: seed {entry.seed} {where}")


def main(arguments: list[str] | None = None) -> int:
    """Do what the command line says, and tell in a sentence what went wrong."""
    try:
        carry_out(parse(arguments))
    except ModuleNotFoundError as error:
        if error.name not in ("keras", "tensorflow", "matplotlib"):
            raise
        return say(f"This needs {error.name}, which is not here: pip install '.[train]'")
    except MnistModelsError as error:
        return say(str(error))
    except OSError as error:
        if error.filename is None:
            raise
        return say(
            f"Cannot write to {error.filename}: {error.strerror}. "
            "Choose another folder with --out DIR."
        )
    return 0


def say(sentence: str) -> int:
    """Tell what went wrong, and return the exit code."""
    print(sentence, file=sys.stderr)
    return 1


def stop(*_: object) -> NoReturn:
    """End at once on Ctrl-C, and tell what is kept.

    Nothing is raised: an exception that comes while TensorFlow's own code runs may abort the
    program or get lost. Whatever was written to the end stays, as after a power cut.
    """
    with contextlib.suppress(RuntimeError):  # where a line was just being printed
        sys.stdout.flush()
    os.write(sys.stderr.fileno(), STOPPED.encode())
    os._exit(130)


if __name__ == "__main__":
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, stop)  # a shell's background jobs ignore it, and are to go on
    sys.exit(main())
