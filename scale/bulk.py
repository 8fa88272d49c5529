"""Read very many pictures with Ray Data: pictures in, Parquet out.

    python -m scale.bulk PICTURES OUTPUT [--workers N]

PICTURES and OUTPUT are folders, of this machine or of a bucket such as s3://mine/pictures; local
pictures may also be named by a quoted glob. It runs on this machine, or on the cluster whose
address RAY_ADDRESS holds. After a cut, the same command goes on where it was cut.
"""

import argparse
import glob
import os
import sys
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import ray
from ray.data import ActorPoolStrategy, DataContext
from ray.data.checkpoint import CheckpointConfig

from mnist_models import MnistModelsError, Reader, Reading
from mnist_models.classifier import BATCH_SIZE
from mnist_models.record import SERVED

PART = 512
"""Pictures in a part: what a cut costs at most for each worker, and a file of the output holds."""

Batch = dict[str, np.ndarray]


class Worker:
    """Reads pictures on one core, with models that are loaded once."""

    def __init__(self) -> None:
        cv2.setNumThreads(1)  # as Ray and the models keep to one already
        self.reader = Reader.default()

    def __call__(self, batch: Batch) -> Batch:
        """Read a batch.

        Args:
            batch: "path" and "bytes" of picture files.

        Returns:
            Their rows of the output; a bad file has an error in its own row.
        """
        rows = [describe(reading) for reading in self.reader.read_many(batch["bytes"])]
        return {"path": batch["path"]} | {
            name: np.array([row[name] for row in rows]) for name in rows[0]
        }


def describe(reading: Reading | MnistModelsError) -> dict[str, Any]:
    """Return a picture's row: what both models read, or why they could not."""
    failed = isinstance(reading, MnistModelsError)
    row: dict[str, Any] = {"error": str(reading) if failed else "", "doubt": np.nan}
    for name in SERVED:
        probabilities = np.full(1, np.nan) if failed else reading[name].probabilities[0]
        row[f"{name}_digit"] = -1 if failed else int(probabilities.argmax())
        row[f"{name}_probability"] = float(probabilities.max())
    if not failed:
        row["doubt"] = float(reading["cnn"].doubt[0])
    return row


def read_pictures(pictures: str | list[str], output: str, workers: int) -> None:
    """Read all pictures that the output does not hold yet.

    Args:
        pictures: A folder, or files.
        output: The folder of Parquet files.
        workers: How many read at the same time.
    """
    DataContext.get_current().checkpoint_config = CheckpointConfig(
        id_column="path",
        checkpoint_path=f"{output.rstrip('/')}.done",
        delete_checkpoint_on_success=False,
    )
    files = ray.data.read_binary_files(pictures, include_paths=True)
    rows = files.repartition(target_num_rows_per_block=PART).map_batches(
        Worker, batch_size=BATCH_SIZE, compute=ActorPoolStrategy(size=workers), num_cpus=1
    )
    rows.write_parquet(output)


def main() -> int:
    """Read the command line, and the pictures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("pictures", metavar="PICTURES")
    parser.add_argument("output", metavar="OUTPUT")
    parser.add_argument("--workers", type=int, default=os.cpu_count())
    options = parser.parse_args()
    found = options.pictures
    if glob.has_magic(found):
        # Path.glob takes no absolute pattern.
        names = glob.glob(found, recursive=True)  # noqa: PTH207
        found = sorted(str(Path(name).resolve()) for name in names)
    if not found:
        parser.error(f"no picture matches {options.pictures}")
    if "RAY_ADDRESS" in os.environ:
        ray.init()
    else:  # what fetches, skips and writes waits more than it works: it counts as cores of its own
        ray.init("local", num_cpus=options.workers + 3)
    read_pictures(found, options.output, options.workers)
    return 0


if __name__ == "__main__":
    sys.exit(main())
