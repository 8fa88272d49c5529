"""What serving costs, against a bare Gradio page and against the usual Keras page.

    python -m benchmarks.serve [--seconds S] [--without-keras]

The three are started one after the other on the same machine and asked for the same picture: by
gradio_client, and ours by plain HTTP too. Prints what each takes, then ratios; trust the ratios.
Peak memory is read from /proc, so this needs Linux.
"""

import argparse
import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from statistics import median

import httpx
import numpy as np
from ai_edge_litert.interpreter import Interpreter
from gradio_client import Client, handle_file

from benchmarks.start import BARE, ROOT, wait_for
from mnist_models import Classifier, load, open_picture, to_digit
from mnist_models.record import BUNDLED

KERAS = """
import gradio as gr
import keras
import numpy as np
from keras import layers

model = keras.Sequential([
    keras.Input((28, 28, 1)),
    layers.Conv2D(32, 3, activation="relu"),
    layers.MaxPooling2D(),
    layers.Conv2D(64, 3, activation="relu"),
    layers.MaxPooling2D(),
    layers.Flatten(),
    layers.Dropout(0.5),
    layers.Dense(10, activation="softmax"),
])

def predict(image):
    digit = np.array(image.resize((28, 28))).reshape(1, 28, 28, 1) / 255
    scores = model.predict(digit, verbose=0)[0]
    return {str(label): float(score) for label, score in enumerate(scores)}

gr.Interface(predict, gr.Image(type="pil", image_mode="L"), gr.Label()).launch()
"""

PAGES = {"bare page": ["-c", BARE], "our page": ["app.py"], "Keras page": ["-c", KERAS]}

PICTURE = next((ROOT / "examples").glob("7_*"))

NUM_DIGITS = 1000

NUM_CLIENTS = 8


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=5, help="how long clients go on asking")
    parser.add_argument("--without-keras", action="store_true", help="leave the Keras page out")
    arguments = parser.parse_args()
    names = [name for name in PAGES if name != "Keras page" or not arguments.without_keras]
    figures = {name: measure_page(PAGES[name], arguments.seconds) for name in names}
    for name, values in figures.items():
        print(name, json.dumps({key: round(value, 2) for key, value in values.items()}))
    print_ratios(figures)
    measure_models()


def measure_page(arguments: list[str], seconds: float) -> dict[str, float]:
    """Start a page and ask it in every way; return figures by what they are."""
    begin = time.perf_counter()
    with served(arguments) as (address, program):
        client = Client(address, verbose=False)
        ask(client)
        figures = {"start_s": time.perf_counter() - begin}
        figures["call_ms"] = 1000 * median(timed(lambda: ask(client)) for _ in range(20))
        clients = [client, *(Client(address, verbose=False) for _ in range(NUM_CLIENTS - 1))]
        figures["calls_per_s"] = rate(
            [lambda asked=asked: ask(asked) for asked in clients], seconds
        )
        if arguments == PAGES["our page"]:
            http = [httpx.Client(base_url=address) for _ in range(NUM_CLIENTS)]
            posts = [lambda sender=sender: post(sender) for sender in http]
            figures["http_ms"] = 1000 * median(timed(posts[0]) for _ in range(100))
            figures["http_1_per_s"] = rate(posts[:1], seconds)
            figures["http_8_per_s"] = rate(posts, seconds)
        figures["peak_mb"] = peak_memory(program.pid)
    return figures


@contextmanager
def served(arguments: list[str]) -> Iterator[tuple[str, subprocess.Popen]]:
    """Serve a page, and give its address and program."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    environment = {
        **os.environ,
        "GRADIO_SERVER_PORT": str(port),
        "GRADIO_ANALYTICS_ENABLED": "False",
        "TF_CPP_MIN_LOG_LEVEL": "3",
    }
    with subprocess.Popen(  # noqa: S603 - our own programs
        [sys.executable, *arguments],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as program:
        try:
            wait_for(address, program)
            yield address, program
        finally:
            program.terminate()


def ask(client: Client) -> None:
    """Call the page's endpoint, whose parameter is the first."""
    client.predict(handle_file(PICTURE), api_name="/predict")


def post(client: httpx.Client) -> None:
    """Ask our page by plain HTTP."""
    client.post("/predict", content=PICTURE.read_bytes()).raise_for_status()


def timed(call: Callable[[], object]) -> float:
    """Return how many seconds a call takes."""
    begin = time.perf_counter()
    call()
    return time.perf_counter() - begin


def rate(calls: list[Callable[[], None]], seconds: float) -> float:
    """Return how many calls are answered in a second when each client asks again and again."""
    end = time.perf_counter() + seconds

    def go_on(call: Callable[[], None]) -> int:
        count = 0
        while time.perf_counter() < end:
            call()
            count += 1
        return count

    begin = time.perf_counter()
    with ThreadPoolExecutor(len(calls)) as clients:
        total = sum(clients.map(go_on, calls))
    return total / (time.perf_counter() - begin)


def peak_memory(pid: int) -> float:
    """Return the most memory that a program has held, in MB."""
    status = Path(f"/proc/{pid}/status").read_text("utf-8")
    return int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) / 1000


def print_ratios(figures: dict[str, dict[str, float]]) -> None:
    """Print how our page stands to the others."""
    ours, bare = figures["our page"], figures["bare page"]
    print(f"start to first answer, ours to bare: {ours['start_s'] / bare['start_s']:.2f}")
    print(f"peak memory, ours above bare: {ours['peak_mb'] - bare['peak_mb']:.0f} MB")
    print(f"gradio_client call, ours to bare: {ours['call_ms'] / bare['call_ms']:.2f}")
    print(f"calls per second, 8 clients: {ours['calls_per_s'] / bare['calls_per_s']:.2f}")
    if usual := figures.get("Keras page"):
        print(f"start, Keras page to ours: {usual['start_s'] / ours['start_s']:.1f}")
        print(f"memory, Keras page to ours: {usual['peak_mb'] / ours['peak_mb']:.1f}")
        print(
            f"HTTP, 1 client, to its one call: {ours['http_1_per_s'] * usual['call_ms'] / 1000:.0f}"
        )
        print(f"HTTP, 8 clients, to its 8: {ours['http_8_per_s'] / usual['calls_per_s']:.0f}")


def measure_models() -> None:
    """Print what a digit costs in the process, and a batch against the raw interpreter."""
    digit = to_digit(open_picture(PICTURE))[None]
    digits = np.repeat(digit, NUM_DIGITS, axis=0)
    for name in ("cnn", "linear"):
        model: Classifier = load(name)
        raw = Interpreter(str(BUNDLED / f"{name}.tflite"), num_threads=1).get_signature_runner()
        calls = {"ours": lambda model=model: model.predict(digits)}
        calls["raw"] = lambda raw=raw: raw(digits=digits)
        times: dict[str, list[float]] = {kind: [] for kind in calls}
        for _ in range(9):
            for kind, call in calls.items():
                times[kind].append(timed(call))
        single = 1000 * median(timed(lambda model=model: model.predict(digit)) for _ in range(300))
        speed = median(times["raw"]) / median(times["ours"])
        print(f"{name}: {single:.2f} ms a digit, batch of {NUM_DIGITS} at {speed:.2f} of raw speed")


if __name__ == "__main__":
    main()
