"""From `python app.py` to the first answer, and the page's weight, against a bare Gradio page.

    python -m benchmarks.serving.start [--rounds N]

Both are started in turn, on the same machine, and asked by gradio_client. Prints both medians and
their ratio, and what our page adds to the first response, which carries the words, the styles, the
scripts and the pictures of the examples.
"""

import argparse
import gzip
import time
from statistics import median
from urllib.request import urlopen

from gradio_client import Client, handle_file

from testing import EXAMPLES
from testing.page import served

BARE = """
import gradio as gr

def predict(image: gr.FileData) -> dict[str, float]:
    return {"7": 1.0}

with gr.Blocks() as page:
    gr.Label()
    gr.Label()
    gr.api(predict)
page.launch()
"""

QUIETLY = {"GRADIO_ANALYTICS_ENABLED": "False", "TF_CPP_MIN_LOG_LEVEL": "3"}
"""Our page counts nothing: the others must not wait for counting either."""

PAGES = {"bare page": ["-c", BARE], "our page": ["app.py"]}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    times: dict[str, list[float]] = {name: [] for name in PAGES}
    weights = {}
    for _ in range(rounds):
        for name, arguments in PAGES.items():
            seconds, weights[name] = measure_start(arguments)
            times[name].append(seconds)
    for name, values in times.items():
        print(f"{name}: {median(values):.2f} s from start to first answer, median of {rounds}")
    print(f"ratio: {median(times['our page']) / median(times['bare page']):.2f}")
    pairs = zip(*(weights[name] for name in ("our page", "bare page")), strict=True)
    sent, whole = (f"{(ours - bare) / 1000:.1f} kB" for ours, bare in pairs)
    print(f"weight added: {sent} in gzip, {whole} unpacked")


def measure_start(arguments: list[str]) -> tuple[float, tuple[int, int]]:
    """Start a page and ask it once: the seconds until it has answered, and what `weigh` says."""
    picture = next(EXAMPLES.glob("7_*"))
    begin = time.perf_counter()
    with served(arguments, environment=QUIETLY) as (address, _):
        client = Client(address, verbose=False)
        client.predict(image=handle_file(picture), api_name="/predict")
        return time.perf_counter() - begin, weigh(address)


def weigh(address: str) -> tuple[int, int]:
    """Return the bytes of a page's first response, in gzip and unpacked."""
    with urlopen(address) as response:  # noqa: S310 - our own page
        whole = response.read()
    return len(gzip.compress(whole)), len(whole)


if __name__ == "__main__":
    main()
