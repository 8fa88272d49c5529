"""Whether the browser says of every test digit what the served models say.

    python -m benchmarks.serving.layers [--data FILE]

Both networks are computed in Chromium, by the page's own scripts. Prints for each how many labels
differ from the served model's, and how far probabilities and doubt lie from its own at most.
"""

import argparse
import os
from pathlib import Path

import numpy as np
from playwright.sync_api import sync_playwright

from mnist_models import load
from mnist_models.models.record import SERVED
from mnist_models.training.data import load_mnist
from testing.browser import start_browser
from testing.layers import open_engine, predict


def main() -> None:
    """Compute and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=os.environ.get("MNIST_DATA"))
    _, test = load_mnist(parser.parse_args().data)
    with sync_playwright() as playwright:
        browser = start_browser(playwright)
        with open_engine(browser) as page:
            for name in SERVED:
                served = load(name).predict(test.pixels)
                probabilities, doubt = predict(page, name, test.pixels)
                labels, expected = (p.argmax(axis=1) for p in (probabilities, served.probabilities))
                print(
                    f"{name}: of {len(labels)} labels {(labels != expected).sum()} differ; "
                    f"probabilities by {np.abs(probabilities - served.probabilities).max():.5f}, "
                    f"doubt by {np.abs(doubt - served.doubt).max():.5f} at most"
                )
        browser.close()


if __name__ == "__main__":
    main()
