"""What reading very many pictures costs on Ray, against the same loop without it.

    python -m benchmarks.serving.bulk [--strokes FILE] [--count N]

Pen strokes are drawn into N picture files. One and two workers of ``scale.bulk`` read them, and so
does ``python -m mnist_models --json``, each as a command like a person's; two models' interpreters
read the ready digits. A command's start is what it takes for one picture: both speeds are printed,
with and without it. Every picture must be accounted for once, with the answers of the command
line, after a cut halfway too; otherwise the exit code is 1.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import time
from itertools import cycle, islice
from pathlib import Path
from tempfile import TemporaryDirectory

import cv2
import numpy as np
from ai_edge_litert.interpreter import Interpreter

from benchmarks.reading.reading import SEED, STROKES
from mnist_models import Reader
from mnist_models.models.classifier import BATCH_SIZE
from mnist_models.models.record import BUNDLED, SERVED
from testing import ROOT
from testing.bulk import LIMIT, Rows, differences, kill_after, time_bulk
from testing.scenes import draw_on_pad

NUM_DIGITS = 1000
"""Digits that the raw interpreters read."""

LOOP = "loop without Ray"


def main() -> int:
    """Measure, print, and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument(
        "--strokes", type=Path, default=STROKES, required=STROKES is None, help="pen strokes, JSON"
    )
    parser.add_argument("--count", type=int, default=10_000)
    arguments = parser.parse_args()
    with TemporaryDirectory() as scratch:
        folder = Path(scratch)
        render(arguments.strokes, arguments.count, folder / "all")
        render(arguments.strokes, 1, folder / "one")
        seconds, answers = time_loop(folder)
        faults = []
        for workers in (1, 2):
            name = f"Ray, {workers} worker(s)"
            output = folder / f"read-{workers}"
            seconds[name] = [
                time_bulk(folder / "one", folder / f"start-{workers}", workers),
                time_bulk(folder / "all", output, workers),
            ]
            faults += [f"{name}: {fault}" for fault in differences(output, answers)]
        print_speeds(seconds, arguments.count, raw_speed(sorted((folder / "all").iterdir())))
        parts = len(list(Path(f"{output}.done").iterdir()))
        faults += [f"after a cut: {fault}" for fault in cut(folder, parts, answers)]
    print(*(faults or ["every picture once, with the command line's answers, after a cut too"]))
    return int(bool(faults))


def render(strokes: Path, count: int, folder: Path) -> None:
    """Draw so many pen strokes into files, each time with other brushes, sizes and places."""
    folder.mkdir()
    written = json.loads(strokes.read_text("utf-8"))
    for index, digit in enumerate(islice(cycle(written), count)):
        scene = draw_on_pad(digit["strokes"], np.random.default_rng([SEED, index]))
        (folder / f"{index:06}.png").write_bytes(scene.data)


def time_loop(folder: Path) -> tuple[dict[str, list[float]], Rows]:
    """Read by the command line on one core; return its seconds for one and all, and its rows."""
    seconds = []
    for pictures in ("one", "all"):
        begin = time.perf_counter()
        run = subprocess.run(  # noqa: S603 - our own program
            [sys.executable, "-m", "mnist_models", str(folder / pictures), "--json"],
            cwd=ROOT,
            env={**os.environ, "OPENCV_FOR_THREADS_NUM": "1"},
            capture_output=True,
            timeout=LIMIT,
        )
        seconds.append(time.perf_counter() - begin)
    return {LOOP: seconds}, json.loads(run.stdout)


def cut(folder: Path, parts: int, answers: Rows) -> list[str]:
    """Kill a run with two workers halfway, go on, and return in words what is wrong then."""
    output = folder / "cut"
    done = kill_after(parts / 2, folder / "all", output, 2)
    seconds = time_bulk(folder / "all", output, 2)
    print(f"cut after {len(done)} parts of {parts}, then {seconds:.1f} s for the rest")
    lost = [path.name for path in done if not path.exists()]
    return ([f"{len(lost)} finished parts were lost"] if lost else []) + differences(
        output, answers
    )


def raw_speed(pictures: list[Path]) -> float:
    """Return how many ready digits both models' interpreters read in a second on one core."""
    cv2.setNumThreads(1)
    found = Reader.default().read_many(pictures[:NUM_DIGITS])
    digits = np.array([reading.digit for reading in found if hasattr(reading, "digit")])
    digits = digits[np.arange(NUM_DIGITS) % len(digits)]
    runners = [
        Interpreter(str(BUNDLED / f"{name}.tflite"), num_threads=1).get_signature_runner()
        for name in SERVED
    ]
    rates = []
    for _ in range(4):  # the first is slower
        begin = time.perf_counter()
        for start in range(0, NUM_DIGITS, BATCH_SIZE):
            for runner in runners:
                runner(digits=digits[start : start + BATCH_SIZE])
        rates.append(NUM_DIGITS / (time.perf_counter() - begin))
    return float(np.median(rates[1:]))


def print_speeds(seconds: dict[str, list[float]], count: int, raw: float) -> None:
    """Print every command's seconds and pictures per second, and how they stand to each other."""
    print(f"{count} pictures, {os.cpu_count()} cores of {platform.machine()}, {platform.system()}")
    print(f"{'':20}{'whole':>9}{'start':>9}{'per second':>12}{'without start':>15}{'of raw':>8}")
    rates = {}
    for name, (start, whole) in seconds.items():
        rates[name] = np.array([count / whole, (count - 1) / (whole - start)])
        print(
            f"{name:20}{whole:7.1f} s{start:7.1f} s{rates[name][0]:12.0f}{rates[name][1]:15.0f}"
            f"{rates[name][1] / raw:8.1%}"
        )
    print(f"{'raw interpreters':20}{'':18}{'':12}{raw:15.0f}{1:8.0%}")
    loop, one, two = rates.values()
    for words, ratio in {
        "two workers to one": two / one,
        "one worker to the loop": one / loop,
        "two workers to the loop": two / loop,
    }.items():
        print(f"{words}: {ratio[0]:.2f} times as fast, {ratio[1]:.2f} without the start")
    minutes = 10_000_000 / (10 * two[1]) / 60
    print(f"on paper, ten million pictures on ten machines like this one: {minutes:.0f} minutes")


if __name__ == "__main__":
    sys.exit(main())
