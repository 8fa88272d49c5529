"""A crowd of clients, good and hostile, at every door of a running page at once.

    python -m benchmarks.serving.crowd ADDRESS [--seconds S] [--pid PID]

Prints how many answers of each status came, and the page's memory as time goes by. A server's error
(5xx), a lost answer or a good request without its answer counts as a failure.
"""

import argparse
import sys
from collections import Counter
from pathlib import Path

from testing.crowd import ask_everything


def main() -> int:
    """Run the crowd, print what came back and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("address", help="where the page is served")
    parser.add_argument("--seconds", type=float, default=300)
    parser.add_argument("--pid", type=int, help="the page's process, to watch its memory")
    arguments = parser.parse_args()
    step = arguments.seconds / 10
    total: Counter[str] = Counter()
    for number in range(10):
        total += ask_everything(arguments.address, step)
        held = f", {memory(arguments.pid):.0f} MB" if arguments.pid else ""
        print(f"{(number + 1) * step:.0f} s: {total.total()} answers{held}", flush=True)
    for outcome, times in sorted(total.items()):
        print(f"{outcome}: {times}")
    return int(any(outcome.startswith("failed") for outcome in total))


def memory(pid: int, kind: str = "VmRSS") -> float:
    """Return the memory that a program holds, or its peak by the kind "VmHWM", in MB."""
    status = Path(f"/proc/{pid}/status").read_text("utf-8")
    held = next(line for line in status.splitlines() if line.startswith(kind))
    return int(held.split()[1]) / 1000


if __name__ == "__main__":
    sys.exit(main())
