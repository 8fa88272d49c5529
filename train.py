"""Train the models of the comparison on MNIST, measure them, and keep what was measured.

    python train.py                          the two that are served, by their recipes
    python train.py cnn --seed 1             another seed; the best by validation is kept
    python train.py linear --epochs 2        a changed recipe stays in runs/
"""

import argparse
import dataclasses
import sys
from pathlib import Path

from mnist_models.record import BUNDLED, SERVED
from mnist_models.training.networks import RECIPES
from mnist_models.training.running import train


def parse(arguments: list[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"{', '.join(RECIPES)} (default: cnn linear)"
    )
    parser.add_argument("--data", type=Path, metavar="FILE", help="mnist.npz (default: Keras' own)")
    parser.add_argument("--epochs", type=int, metavar="N", help="instead of the recipe's")
    parser.add_argument("--seed", type=int, default=0, metavar="S")
    parser.add_argument("--limit", type=int, metavar="N", help="train on the first N digits only")
    parser.add_argument("--out", type=Path, metavar="DIR", help="write there, not to bundled/")
    options = parser.parse_args(arguments)
    options.names = options.names or list(SERVED)
    if unknown := [name for name in options.names if name not in RECIPES]:
        parser.error(f"there is no network {unknown[0]!r}; known are {', '.join(RECIPES)}")
    if options.data is not None and not options.data.is_file():
        parser.error(f"there is no file {options.data}; give --data MNIST's .npz, or leave it out")
    for flag in ("epochs", "limit"):
        if (number := getattr(options, flag)) is not None and number < 1:
            parser.error(f"--{flag} must be at least 1, received {number}")
    return options


def main() -> int:
    """Train every network that was named."""
    options = parse()
    changed = options.epochs is not None or options.limit is not None
    runs = options.out or Path("runs")
    results = runs if changed or options.out else BUNDLED
    try:
        for name in options.names:
            recipe = RECIPES[name]
            if options.epochs is not None:
                recipe = dataclasses.replace(recipe, epochs=options.epochs)
            train(name, recipe, options.data, options.seed, options.limit, runs, results)
    except KeyboardInterrupt:
        print("\nStopped. The same command goes on after the last finished epoch.")
        return 130
    except PermissionError as error:
        print(f"No permission to write {error.filename}. Choose a folder with --out DIR.")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
