"""What serving costs, against a bare Gradio page and against the usual Keras page.

    python -m benchmarks.serving.serve [--rounds N] [--seconds S]

All are asked for the same picture, in turn and in rounds, so that whatever else the machine does
hits each of them. Prints the median of every figure, then ratios: trust the ratios. The Keras page
takes part where Keras is installed. Peak memory is read from /proc, so this needs Linux.
"""

import argparse
import json
import os
import platform
import time
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial
from importlib.util import find_spec
from statistics import median

import httpx
import numpy as np
from ai_edge_litert.interpreter import Interpreter
from gradio_client import Client, handle_file

from benchmarks.serving.crowd import memory
from benchmarks.serving.start import QUIETLY
from mnist_models import Classifier, load, open_picture, to_digit
from mnist_models.models.record import BUNDLED
from testing import EXAMPLES
from testing.page import pad_call, served
from testing.samples import SEVEN, SEVEN_AS_URL

BARE = """
import gradio as gr

def predict(image: gr.FileData) -> dict[str, float]:
    return {"7": 1.0}

def read_drawing(drawing):
    return {"7": 1.0}, {"7": 1.0}

with gr.Blocks() as page:
    pad = gr.Textbox()
    labels = [gr.Label(), gr.Label()]
    pad.input(read_drawing, pad, labels, queue=False)
    gr.api(predict)
page.launch()
"""

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

BARE_PAGE, OUR_PAGE, KERAS_PAGE = "bare page", "our page", "Keras page"

PROGRAMS = {BARE_PAGE: ["-c", BARE], OUR_PAGE: ["app.py"], KERAS_PAGE: ["-c", KERAS]}

PICTURE = EXAMPLES / "7_thin_pen.png"

NUM_CALLS = 10
"""Calls in a round that are timed one by one."""

NUM_DIGITS = 1000

NUM_CLIENTS = 8

Call = Callable[[], object]

Figures = dict[str, dict[str, list[float]]]
"""By page and by what is measured, a value from every round."""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=2, help="how long a round's clients ask")
    arguments = parser.parse_args()
    names = [name for name in PROGRAMS if name != KERAS_PAGE or find_spec("keras")]
    figures: Figures = defaultdict(lambda: defaultdict(list))
    for _ in range(arguments.rounds):
        for name in names:
            figures[name]["start_s"].append(time_start(name))
    measure_calls(names, arguments.rounds, arguments.seconds, figures)
    print(f"{os.cpu_count()} cores of {platform.machine()}, {platform.system()}")
    for name, values in figures.items():
        print(name, json.dumps({key: round(median(some), 2) for key, some in values.items()}))
    print_ratios(figures)
    measure_models(arguments.rounds)


def time_start(name: str) -> float:
    """Return how many seconds a page takes from its start to its first answer."""
    begin = time.perf_counter()
    with served(PROGRAMS[name], environment=QUIETLY) as (address, _):
        ask(Client(address, verbose=False))
        return time.perf_counter() - begin


def measure_calls(names: list[str], rounds: int, seconds: float, figures: Figures) -> None:
    """Serve the pages beside each other and ask them in turn, in every way that they answer."""
    with ExitStack() as stack:
        pages = {
            name: stack.enter_context(served(PROGRAMS[name], environment=QUIETLY)) for name in names
        }
        ways = {name: ways_to_ask(name, address) for name, (address, _) in pages.items()}
        for name in names:
            for calls in ways[name].values():
                calls[0]()  # the first call is slower
        for _ in range(rounds):
            for name in names:
                for way, calls in ways[name].items():
                    found = figures[name]
                    each = [timed(calls[0]) for _ in range(NUM_CALLS)]
                    found[f"{way}_ms"].append(1000 * median(each))
                    if len(calls) > 1:
                        found[f"{way}_1_per_s"].append(1 / median(each))
                        found[f"{way}_{NUM_CLIENTS}_per_s"].append(rate(calls, seconds))
        for name, (_, program) in pages.items():
            figures[name]["peak_mb"].append(memory(program.pid, "VmHWM"))


def ways_to_ask(name: str, address: str) -> dict[str, list[Call]]:
    """Return by their names the ways to ask a page, each as one call for every client."""
    clients = [Client(address, verbose=False) for _ in range(NUM_CLIENTS)]
    ways: dict[str, list[Call]] = {"client": [partial(ask, client) for client in clients]}
    if name != KERAS_PAGE:
        ways["pad"] = [pad_event(address)]
    if name == OUR_PAGE:
        senders = [httpx.Client(base_url=address) for _ in clients]
        ways["http"] = [partial(post, sender) for sender in senders]
    return ways


def ask(client: Client) -> None:
    """Call the page's endpoint, whose parameter is the first."""
    client.predict(handle_file(PICTURE), api_name="/predict")


def post(client: httpx.Client) -> None:
    """Ask our page by plain HTTP."""
    client.post("/predict", content=SEVEN).raise_for_status()


def pad_event(address: str) -> Call:
    """Return what sends a drawing as the pad does, and waits for both labels."""
    client = httpx.Client(base_url=address)
    call = pad_call(client, SEVEN_AS_URL)
    return lambda: client.post("/gradio_api/run/predict", json=call).raise_for_status()


def timed(call: Call) -> float:
    """Return how many seconds a call takes."""
    begin = time.perf_counter()
    call()
    return time.perf_counter() - begin


def rate(calls: list[Call], seconds: float) -> float:
    """Return how many calls are answered in a second when each client asks again and again."""
    end = time.perf_counter() + seconds

    def go_on(call: Call) -> int:
        count = 0
        while time.perf_counter() < end:
            call()
            count += 1
        return count

    begin = time.perf_counter()
    with ThreadPoolExecutor(len(calls)) as clients:
        total = sum(clients.map(go_on, calls))
    return total / (time.perf_counter() - begin)


def ratio(above: list[float], below: list[float]) -> float:
    """Return how one figure stands to another, round by round."""
    return median(one / other for one, other in zip(above, below, strict=True))


def print_ratios(figures: Figures) -> None:
    """Print how our page stands to the others."""
    ours, bare = figures[OUR_PAGE], figures[BARE_PAGE]
    eight = f"{NUM_CLIENTS}_per_s"
    above = ours["peak_mb"][0] - bare["peak_mb"][0]
    print(f"start to first answer, ours to bare: {ratio(ours['start_s'], bare['start_s']):.2f}")
    print(f"peak memory, ours above bare: {above:.0f} MB")
    print(f"gradio_client call, ours to bare: {ratio(ours['client_ms'], bare['client_ms']):.2f}")
    rates = ratio(ours[f"client_{eight}"], bare[f"client_{eight}"])
    print(f"calls per second, {NUM_CLIENTS} clients, ours to bare: {rates:.2f}")
    print(f"pad event, ours to bare: {ratio(ours['pad_ms'], bare['pad_ms']):.2f}")
    print(f"pad event to bare page's call: {ratio(ours['pad_ms'], bare['client_ms']):.2f}")
    if usual := figures.get(KERAS_PAGE):
        print(f"start, Keras page to ours: {ratio(usual['start_s'], ours['start_s']):.1f}")
        print(f"memory, Keras page to ours: {usual['peak_mb'][0] / ours['peak_mb'][0]:.1f}")
        for clients in ("1_per_s", eight):
            faster = ratio(ours[f"http_{clients}"], usual[f"client_{clients}"])
            print(
                f"HTTP, {clients.split('_')[0]} client(s), our rate to Keras page's: {faster:.0f}"
            )


def measure_models(rounds: int) -> None:
    """Print what a digit costs in the process, and a batch against the raw interpreter."""
    digit = to_digit(open_picture(PICTURE))[None]
    digits = np.repeat(digit, NUM_DIGITS, axis=0)
    for name in ("cnn", "linear"):
        model: Classifier = load(name)
        single = 1000 * median(timed(partial(model.predict, digit)) for _ in range(300))
        print(f"{name}: {single:.2f} ms a digit")
        for threads in (1, 2):
            interpreter = Interpreter(str(BUNDLED / f"{name}.tflite"), num_threads=threads)
            raw = interpreter.get_signature_runner()
            calls: list[Call] = [partial(raw, digits=digits), partial(model.predict, digits)]
            for call in calls:
                call()
            pairs = [[timed(call) for call in calls] for _ in range(3 * rounds)]
            speed = median(theirs / ours for theirs, ours in pairs)
            print(
                f"{name}: batch of {NUM_DIGITS} at {speed:.2f} of the raw interpreter's speed, "
                f"its threads: {threads}"
            )


if __name__ == "__main__":
    main()
