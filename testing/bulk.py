"""Runs of ``scale.bulk``: timed, cut, and compared with the command line's answers."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from pyarrow import parquet

from mnist_models.models.record import SERVED
from testing import ROOT

LIMIT = 600
"""Seconds that a command may take: Ray waits forever for what its machine does not have."""

CLOSE = 1e-5
"""How far a probability may lie from another batch's."""

Rows = list[dict[str, Any]]


def start_bulk(pictures: Path | str, output: Path, workers: int) -> subprocess.Popen:
    """Start reading on Ray, in a group of programs of its own; what it says goes to a file."""
    with Path(f"{output}.log").open("w") as log:
        return subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-m", "scale.bulk", pictures, output, f"--workers={workers}"],
            cwd=ROOT,
            env={key: value for key, value in os.environ.items() if key != "RAY_ADDRESS"},
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def kill(run: subprocess.Popen) -> None:
    """Kill a program and its group, as a machine's end would."""
    os.killpg(run.pid, signal.SIGKILL)
    run.wait()


def time_bulk(pictures: Path, output: Path, workers: int) -> float:
    """Return how many seconds reading on Ray takes."""
    begin = time.perf_counter()
    run = start_bulk(pictures, output, workers)
    try:
        ended = f"code {run.wait(LIMIT)}"
    except subprocess.TimeoutExpired:
        kill(run)
        ended = "no code in time"
    if ended != "code 0":
        said = Path(f"{output}.log").read_text("utf-8")
        raise SystemExit(f"scale.bulk ended with {ended}, and said:\n{said}")
    return time.perf_counter() - begin


def kill_after(parts: float, pictures: Path | str, output: Path, workers: int) -> set[Path]:
    """Start reading on Ray, kill it when so many parts are done, and return their notes.

    Raises:
        SystemExit: It ended earlier, or not in time.
    """
    done = Path(f"{output}.done")
    run = start_bulk(pictures, output, workers)
    end = time.monotonic() + LIMIT
    # A part whose file is still being written is noted as pending.
    while len(found := set(done.glob("*.parquet")) - set(done.glob("*.pending.*"))) < parts:
        if run.poll() is not None or time.monotonic() > end:
            raise SystemExit(f"scale.bulk could not be cut after {parts} parts; read more pictures")
        time.sleep(0.02)
    kill(run)
    return found


def differences(output: Path, answers: Rows) -> list[str]:
    """Return in words what of an output differs from the command line's answers."""
    rows = parquet.read_table(output).to_pylist()
    found = {Path(row["path"]).name: row for row in rows}
    expected = {Path(answer["picture"]).name: answer for answer in answers}
    faults = []
    if len(rows) != len(answers) or found.keys() != expected.keys():
        faults.append(f"{len(rows)} rows of {len(found)} pictures, expected {len(answers)}")
    differ = [name for name in found.keys() & expected if not same(found[name], expected[name])]
    return faults + ([f"{len(differ)} answers differ, such as {min(differ)}"] if differ else [])


def same(row: dict[str, Any], answer: dict[str, Any]) -> bool:
    """Tell whether a row says what the command line answers."""
    if "error" in answer or row["error"]:
        return row["error"] == answer.get("error")
    pairs = [(row["doubt"], answer["cnn"]["doubt"])]
    for name in SERVED:
        probabilities = answer[name]["probabilities"].values()
        pairs.append((row[f"{name}_probability"], max(probabilities)))
        if row[f"{name}_digit"] != answer[name]["digit"]:
            return False
    return all(abs(one - other) < CLOSE for one, other in pairs)
