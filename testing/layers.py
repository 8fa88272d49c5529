"""Networks computed in a browser, by the scripts with which the page computes them."""

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import NDArray
from playwright.sync_api import Browser, Page

from mnist_models.models.layers import write_layers
from mnist_models.models.record import BUNDLED
from web.components.layers import LIBRARIES
from web.components.spoken import read_scripts

ENGINE = read_scripts(*LIBRARIES)

WORKERS = 2

MOST_MILLISECONDS = 600_000

COMPUTE = """
    async ([file, digits]) => {
      const unpack = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
      const network = openNetwork(unpack(file).buffer);
      const inks = unpack(digits);
      return Array.from({ length: inks.length / 784 }, (_, digit) => {
        const ink = inks.subarray(784 * digit, 784 * (digit + 1));
        const values = compute(network, Float64Array.from(ink, (level) => level / 255));
        return Object.fromEntries([...values].map(([name, value]) => [name, [...value]]));
      });
    }
"""
"""Computes every value of some digits in the page itself."""

COMPUTE_IN_WORKERS = """
    async ([engine, file, digits, workers]) => {
      const script = engine + `
        onmessage = ({ data: [file, inks] }) => {
          const network = openNetwork(file);
          postMessage(Array.from({ length: inks.length / 784 }, (_, digit) => {
            const ink = inks.subarray(784 * digit, 784 * (digit + 1));
            const values = compute(network, Float64Array.from(ink, (level) => level / 255));
            const { probabilities, doubt } = network.outputs;
            return [...values.get(probabilities), ...values.get(doubt)];
          }));
        };`;
      const address = URL.createObjectURL(new Blob([script]));
      const unpack = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
      const inks = unpack(digits);
      const share = inks.length / workers;
      const ask = (part) => new Promise((resolve, reject) => {
        const worker = new Worker(address);
        worker.onmessage = ({ data }) => resolve(data);
        worker.onerror = reject;
        worker.postMessage([unpack(file).buffer, inks.slice(part * share, (part + 1) * share)]);
      });
      const answers = await Promise.all(Array.from({ length: workers }, (_, part) => ask(part)));
      return answers.flat();
    }
"""
"""Computes probabilities and doubt of many digits in workers, which see no page."""


@contextmanager
def open_engine(browser: Browser) -> Iterator[Page]:
    """Open an empty page that knows how to compute a network."""
    with browser.new_context() as context:
        page = context.new_page()
        page.set_default_timeout(MOST_MILLISECONDS)
        page.add_script_tag(content=ENGINE)
        yield page


def compute(page: Page, model: bytes, digits: NDArray[np.uint8]) -> list[dict[str, Any]]:
    """Return every value of some digits, as the browser computes them, by their names."""
    return page.evaluate(COMPUTE, [pack(write_layers(model)), pack(digits.tobytes())])


def predict(
    page: Page, name: str, digits: NDArray[np.uint8]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return what the browser makes of many digits, in workers.

    Args:
        page: From ``open_engine``.
        name: Of a served model.
        digits: uint8 (n, 28, 28), n a multiple of ``WORKERS``.

    Returns:
        Probabilities, float64 (n, 10), and doubt, (n,).
    """
    file = (BUNDLED / f"{name}.layers").read_bytes()
    asked = [ENGINE, pack(file), pack(digits.tobytes()), WORKERS]
    *probabilities, doubt = np.array(page.evaluate(COMPUTE_IN_WORKERS, asked)).T
    return np.array(probabilities).T, doubt


def pack(content: bytes) -> str:
    """Return bytes as a browser takes them."""
    return base64.b64encode(content).decode()
