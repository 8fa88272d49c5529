"""A crowd of clients, good and hostile, at every door of a running page at once.

    python -m benchmarks.crowd ADDRESS [--seconds S] [--pid PID]

Prints how many answers of each status came, and the page's memory as time goes by. A server's error
(5xx), a lost answer or a good request without its answer counts as a failure.
"""

import argparse
import re
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path

import httpx

EXAMPLES = Path(__file__).parents[1] / "examples"

NUM_CLIENTS = 16

TIMEOUT = 60
"""Seconds after which an answer counts as lost."""


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
        total += crowd(arguments.address, step)
        memory = f", {memory_now(arguments.pid):.0f} MB" if arguments.pid else ""
        print(f"{(number + 1) * step:.0f} s: {total.total()} answers{memory}", flush=True)
    for outcome, times in sorted(total.items()):
        print(f"{outcome}: {times}")
    return int(any(outcome.startswith("failed") for outcome in total))


def crowd(address: str, seconds: float) -> Counter[str]:
    """Let all clients ask for some time; return how often each outcome was."""
    end = time.monotonic() + seconds
    with ThreadPoolExecutor(NUM_CLIENTS) as clients:
        counts = clients.map(lambda first: visit(address, first, end), range(NUM_CLIENTS))
        return sum(counts, Counter())


def visit(address: str, first: int, end: float) -> Counter[str]:
    """Be one client: ask one thing after the other until the time is over."""
    found: Counter[str] = Counter()
    with httpx.Client(base_url=address, timeout=TIMEOUT) as client:
        for number in count(first):
            if time.monotonic() > end:
                return found
            ask = ASKING[number % len(ASKING)]
            try:
                found[ask(client)] += 1
            except httpx.HTTPError as error:
                found[f"failed: {ask.__name__} lost its answer, {type(error).__name__}"] += 1


def post_a_digit(client: httpx.Client) -> str:
    """Ask by plain HTTP for what an example shows."""
    path = sorted(EXAMPLES.glob("7_*"))[0]
    response = client.post("/predict", files={"file": path.read_bytes()})
    is_right = response.status_code == 200 and response.json()["cnn"]["digit"] == 7
    return "good" if is_right else f"failed: a good request got {response.status_code}"


def call_with_an_upload(client: httpx.Client) -> str:
    """Upload an example, call the endpoint, and wait for the event."""
    path = sorted(EXAMPLES.glob("7_*"))[0]
    stored = client.post("/gradio_api/upload", files={"files": path.read_bytes()}).json()[0]
    image = {"path": stored, "meta": {"_type": "gradio.FileData"}}
    call = client.post("/gradio_api/call/predict_cnn", json={"data": [image]})
    event = call.json()["event_id"]
    answer = client.get(f"/gradio_api/call/predict_cnn/{event}").text
    return "good" if answer.startswith("event: complete") else "failed: a good call got no answer"


def post_a_broken_picture(client: httpx.Client) -> str:
    """Send the first half of a picture's file."""
    data = sorted(EXAMPLES.glob("7_*"))[0].read_bytes()
    return refused(client.post("/predict_linear", content=data[: len(data) // 2]))


def post_no_picture(client: httpx.Client) -> str:
    """Send what is no picture."""
    return refused(client.post("/predict", content=b"<svg/>" * 1000))


def post_too_much(client: httpx.Client) -> str:
    """Send more JSON than is taken."""
    return refused(client.post("/gradio_api/queue/join", json={"data": ["a" * 2_000_000]}))


def call_with_a_wrong_value(client: httpx.Client) -> str:
    """Call an event of the page with what it cannot take."""
    return refused(client.post("/gradio_api/run/predict", json={"data": [], "fn_index": 1}))


def look(client: httpx.Client) -> str:
    """Open the page."""
    return "good" if client.get("/").status_code == 200 else "failed: the page did not open"


def refused(response: httpx.Response) -> str:
    """Name the outcome of a hostile request."""
    is_clients = 400 <= response.status_code < 500
    return f"refused, {response.status_code}" if is_clients else f"failed: {response.status_code}"


ASKING = (
    post_a_digit,
    post_a_broken_picture,
    call_with_an_upload,
    post_no_picture,
    post_too_much,
    call_with_a_wrong_value,
    look,
)


def memory_now(pid: int) -> float:
    """Return the memory that a program holds, in MB."""
    status = Path(f"/proc/{pid}/status").read_text("utf-8")
    return int(re.search(r"VmRSS:\s+(\d+) kB", status)[1]) / 1000


if __name__ == "__main__":
    sys.exit(main())
