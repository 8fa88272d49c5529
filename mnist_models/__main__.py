"""Read digits from the command line.

    python -m mnist_models PICTURE ... [--numbers] [--json]

A PICTURE is a file, a folder with all pictures in it, or - for one that comes through a pipe. The
exit code is 0 when every picture was read, 1 when one was not, and 2 for a wrong command.
"""

import argparse
import json
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

from PIL import Image
from tqdm import tqdm

from mnist_models.answers import number_as_json, read_numbers
from mnist_models.errors import MnistModelsError
from mnist_models.models.classifier import Prediction
from mnist_models.models.record import SERVED
from mnist_models.preparation.picture import FORMATS
from mnist_models.reader import Number, Reader, Reading, as_json

Read = TypeVar("Read")

Result = Reading | Number | MnistModelsError

PIPE = "-"

LONG = 20
"""More pictures than this get a progress bar, on a terminal."""


def main() -> int:
    """Read the pictures and print what both models say; return the exit code."""
    if hasattr(signal, "SIGPIPE"):  # not on Windows
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # `| head` ends it without a traceback
    parser = argparse.ArgumentParser(
        prog="python -m mnist_models", description=__doc__.splitlines()[0]
    )
    parser.add_argument(
        "pictures", nargs="+", metavar="PICTURE", help="a file, a folder, or - for a pipe"
    )
    parser.add_argument(
        "--numbers", action="store_true", help="read all digits of each picture, not its main one"
    )
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    arguments = parser.parse_args()
    paths = [path for given in arguments.pictures for path in find_pictures(given)]
    if not paths:
        parser.error(f"no picture in {', '.join(arguments.pictures)}")
    try:
        reader = Reader.default()
        readings: Iterator[Result] = (
            read_numbers(reader, paths, read_file)
            if arguments.numbers
            else reader.read_many(paths, to_source=read_file)
        )
    except MnistModelsError as error:
        parser.exit(2, f"{error}\n")
    results = zip(paths, with_progress(readings, len(paths)), strict=True)
    return print_json(results) if arguments.json else print_table(results, paths)


def find_pictures(given: str) -> list[str]:
    """Return a folder's pictures in the order of their names, or what is no folder as it is."""
    if given == PIPE or not Path(given).is_dir():
        return [given]
    Image.init()
    suffixes = {suffix for suffix, name in Image.EXTENSION.items() if name in FORMATS}
    return sorted(
        str(path)
        for path in Path(given).rglob("*")
        if path.suffix.lower() in suffixes and path.is_file()
    )


def read_file(path: str) -> bytes:
    """Return a picture file's bytes, or those that come through the pipe."""
    return sys.stdin.buffer.read() if path == PIPE else Path(path).read_bytes()


def with_progress(readings: Iterator[Read], total: int) -> Iterator[Read]:
    """Show on a terminal how far a long list is."""
    return tqdm(readings, total=total, unit="picture", disable=None if total > LONG else True)


def print_json(results: Iterator[tuple[str, Result]]) -> int:
    """Print a list with an object for every picture; return the exit code."""
    rows = [
        {"picture": path}
        | (number_as_json(result) if isinstance(result, Number) else as_json(result))
        for path, result in results
    ]
    print(json.dumps(rows, indent=1, ensure_ascii=False))
    return int(any("error" in row for row in rows))


def print_table(results: Iterator[tuple[str, Result]], paths: list[str]) -> int:
    """Print a line for every picture as soon as it is read; return the exit code."""
    width = max(map(len, [*paths, "picture"]))
    failed = False
    tqdm.write(f"{'picture':{width}}  " + "  ".join(f"{name:14}" for name in SERVED))
    for path, result in results:
        if isinstance(result, MnistModelsError):
            failed, cells = True, [str(result)]
        elif isinstance(result, Number):
            cells = [as_number_cell(result, name) for name in SERVED]
        else:
            cells = [as_cell(result[name]) for name in SERVED]
        tqdm.write(f"{path:{width}}  " + "  ".join(cells))
    return int(failed)


def as_cell(prediction: Prediction) -> str:
    """Return one model's answer in 14 characters: the digit, how probable it is, and any doubt."""
    [probabilities], [is_doubtful] = prediction.probabilities, prediction.is_doubtful
    doubted = "doubts" if is_doubtful else ""
    return f"{probabilities.argmax()} {probabilities.max():4.0%} {doubted:7}"


def as_number_cell(number: Number, name: str) -> str:
    """Return the number that one model reads, lines after commas, and how many digits it doubts."""
    doubted = sum(bool(reading[name].is_doubtful[0]) for reading in number.readings)
    text = number.text(name).replace("\n", ", ")
    return f"{f'{text} doubts {doubted}' if doubted else text:14}"


if __name__ == "__main__":
    sys.exit(main())
