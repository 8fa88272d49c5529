"""Read very many pictures with Ray Data: pictures in, Parquet out.

    python -m scale.bulk PICTURES OUTPUT [--workers N] [--numbers]

PICTURES and OUTPUT are folders, of this machine or of a bucket such as s3://mine/pictures; local
pictures may also be named by a quoted glob. It runs on this machine, or on the cluster whose
address RAY_ADDRESS holds. After a cut, the same command goes on where it was cut.
"""

import argparse
import glob
import os
import sys
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pyarrow
import ray
from pyarrow.fs import FileSelector, FileSystem, LocalFileSystem
from ray.data import ActorPoolStrategy, DataContext, Datasource, ReadTask
from ray.data.block import BlockMetadata
from ray.data.checkpoint import CheckpointConfig

from mnist_models import MnistModelsError, Number, Reader, Reading
from mnist_models.models.classifier import BATCH_SIZE
from mnist_models.models.record import SERVED
from mnist_models.reader import as_json, attempt

PART = 512
"""Pictures in a part: what a cut costs at most for each worker, and a file of the output holds."""

FETCHERS = 16
"""Pictures that a worker fetches at the same time, while it reads those that have arrived."""

UNREAD = {"digit": -1, "probabilities": {"": np.nan}, "doubt": np.nan}
"""Stands in a row for the answer that a model could not give."""

Batch = dict[str, np.ndarray]


class Paths(Datasource):
    """Names of picture files; the workers open them.

    Ray's own reader of files makes a table of every file, at a fifth of what reading it costs.
    """

    def __init__(self, paths: list[str]) -> None:
        super().__init__()
        self.paths = paths

    def estimate_inmemory_data_size(self) -> None:
        """Leave it to Ray to see how large names are."""

    def get_read_tasks(self, parallelism: int, *_: Any, **__: Any) -> list[ReadTask]:
        """Return so many tasks, each with a part of the names."""
        return [
            ReadTask(partial(as_tables, part), BlockMetadata(len(part), None, None, None))
            for part in np.array_split(self.paths, parallelism)
        ]


def as_tables(paths: np.ndarray) -> list[pyarrow.Table]:
    """Return the only table of a part."""
    return [pyarrow.table({"path": paths})]


class Worker:
    """Reads pictures on one core, with models that are loaded once.

    Args:
        filesystem: Where the pictures are.
        with_numbers: Whether all digits of a picture are read too, not only its main one.
    """

    def __init__(self, filesystem: FileSystem, with_numbers: bool = False) -> None:
        cv2.setNumThreads(1)  # as Ray and the models keep to one already
        self.filesystem = filesystem
        self.with_numbers = with_numbers
        self.fetchers = ThreadPoolExecutor(FETCHERS)
        self.reader = Reader.default()

    def __call__(self, batch: Batch) -> Batch:
        """Read a batch.

        Args:
            batch: "path" of picture files.

        Returns:
            Their rows of the output; a bad file has an error in its own row.
        """
        fetched = [self.fetchers.submit(self.fetch, path) for path in batch["path"]]
        if self.with_numbers:
            read = [attempt(self.reader.read_all, file, Future.result) for file in fetched]
            rows = [as_row(*(both if isinstance(both, tuple) else (both, both))) for both in read]
        else:
            rows = [as_row(reading) for reading in self.reader.read_many(fetched, Future.result)]
        return batch | {name: np.array([row[name] for row in rows]) for name in rows[0]}

    def fetch(self, path: str) -> bytes:
        """Return a file's content."""
        with self.filesystem.open_input_stream(path) as file:
            return file.read()


def as_row(
    reading: Reading | MnistModelsError, number: Number | MnistModelsError | None = None
) -> dict[str, Any]:
    """Return a picture's row: what both models read, or why they could not.

    Args:
        reading: Of its main digit.
        number: Of all its digits, where they are asked for.
    """
    told = as_json(reading)
    answers = {name: told.get(name, UNREAD) for name in SERVED}
    row = {"error": told.get("error", ""), "doubt": answers["cnn"]["doubt"]}
    for name, answer in answers.items():
        row[f"{name}_digit"] = answer["digit"]
        row[f"{name}_probability"] = max(answer["probabilities"].values())
        if number is not None:
            row[f"{name}_number"] = number.text(name) if isinstance(number, Number) else ""
    return row


def find_pictures(named: str) -> tuple[FileSystem, list[str]]:
    """Return where pictures are, and their paths there: all of a folder, or those of a glob."""
    is_local = "://" not in named
    if is_local and not Path(named).is_dir():
        # Path.glob takes no absolute pattern.
        files = filter(Path.is_file, map(Path, glob.glob(named, recursive=True)))  # noqa: PTH207
        return LocalFileSystem(), sorted(str(file.resolve()) for file in files)
    filesystem, folder = FileSystem.from_uri(str(Path(named).resolve()) if is_local else named)
    found = filesystem.get_file_info(FileSelector(folder, recursive=True))
    return filesystem, sorted(file.path for file in found if file.is_file)


def read_pictures(
    filesystem: FileSystem, paths: list[str], output: str, workers: int, with_numbers: bool = False
) -> None:
    """Read all pictures that the output does not hold yet.

    Args:
        filesystem: Where the pictures are.
        paths: The pictures.
        output: The folder of Parquet files.
        workers: How many read at the same time.
        with_numbers: Whether all digits of a picture are read too, not only its main one.
    """
    DataContext.get_current().checkpoint_config = CheckpointConfig(
        id_column="path",
        checkpoint_path=f"{output.rstrip('/')}.done",
        delete_checkpoint_on_success=False,
    )
    parts = ray.data.read_datasource(Paths(paths), override_num_blocks=-(-len(paths) // PART))
    rows = parts.map_batches(
        Worker,
        fn_constructor_args=[filesystem, with_numbers],
        batch_size=BATCH_SIZE,
        compute=ActorPoolStrategy(size=workers),
        num_cpus=1,
    )
    rows.write_parquet(output)


def main() -> int:
    """Read the command line, and the pictures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("pictures", metavar="PICTURES")
    parser.add_argument("output", metavar="OUTPUT")
    parser.add_argument("--workers", type=int, default=os.cpu_count())
    parser.add_argument("--numbers", action="store_true")
    options = parser.parse_args()
    try:
        filesystem, paths = find_pictures(options.pictures)
    except (OSError, ValueError) as error:  # pyarrow's ways to say no such bucket, no such scheme
        parser.error(f"{options.pictures} cannot be listed: {error}")
    if not paths:
        parser.error(f"no picture matches {options.pictures}")
    if "RAY_ADDRESS" in os.environ:
        ray.init()
    else:  # what fetches, skips and writes waits more than it works: it counts as cores of its own
        ray.init("local", num_cpus=options.workers + 3)
    read_pictures(filesystem, paths, options.output, options.workers, options.numbers)
    return 0


if __name__ == "__main__":
    sys.exit(main())
