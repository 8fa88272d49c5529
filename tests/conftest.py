"""What several tests need: a browser, the running page, pen strokes, and MNIST where it is."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import Browser, Playwright, sync_playwright

from testing.strokes import DIGITS, Stroke

ROOT = Path(__file__).parents[1]

CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")

FLAGS = [  # a browser that talks to nobody but the page
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

START_SECONDS = 90
"""How long the page may take to answer, on a slow and busy machine."""


@pytest.fixture(scope="session")
def mnist() -> dict[str, NDArray[np.uint8]]:
    """MNIST's x_train, y_train, x_test and y_test."""
    named = os.environ.get("MNIST_DATA")
    path = Path(named or Path.home() / ".keras" / "datasets" / "mnist.npz")
    if not named and not path.exists():
        pytest.skip("MNIST is not here: set MNIST_DATA to its .npz file")
    with np.load(path) as arrays:
        return dict(arrays)


@pytest.fixture(scope="session")
def pen_strokes() -> list[tuple[str, list[Stroke]]]:
    """Digits as pens wrote them, label and strokes, 0..1000: PEN_STROKES' file, or our own few."""
    named = os.environ.get("PEN_STROKES")
    if not named:
        return list(DIGITS.items())
    digits = json.loads(Path(named).read_text("utf-8"))
    firsts = {str(digit["label"]): digit["strokes"] for digit in reversed(digits)}
    return sorted(firsts.items())


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the page, started as people start it."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    log = tmp_path_factory.mktemp("app") / "log.txt"
    environment = {
        **os.environ,
        "GRADIO_SERVER_PORT": str(port),
        "GRADIO_TEMP_DIR": str(tmp_path_factory.mktemp("uploads")),
    }
    with (
        log.open("w") as output,
        subprocess.Popen(
            [sys.executable, "app.py"],
            cwd=ROOT,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
        ) as app,
    ):
        try:
            wait_for(f"http://127.0.0.1:{port}", app, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            app.terminate()


def wait_for(address: str, app: subprocess.Popen, log: Path) -> None:
    """Wait until the page answers."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and app.poll() is None:
        try:
            with urlopen(address):  # noqa: S310 - the address is our own
                return
        except URLError:
            time.sleep(0.1)
    pytest.fail(f"The page did not start. It said:\n{log.read_text()}")


@pytest.fixture(scope="module")  # Playwright's event loop runs on, in the way of other modules' own
def browser() -> Iterator[Browser]:
    """A Chromium without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(playwright), args=FLAGS)
        yield browser
        browser.close()


def find_browser(playwright: Playwright) -> str:
    """Return the path of a Chromium, installed with apt-get where that is possible."""
    own = playwright.chromium.executable_path
    found = next(filter(None, map(shutil.which, CHROMIUM)), own)
    if not Path(found).exists() and Path("/usr/bin/apt-get").exists() and os.geteuid() == 0:
        for task in (["update"], ["install", "chromium"]):
            subprocess.run(["/usr/bin/apt-get", "-qy", *task], check=False)  # noqa: S603 - fixed
        found = shutil.which("chromium") or found
    if not Path(found).exists():
        pytest.fail(
            "The browser tests need Chromium and found none. Install it with "
            "`sudo apt-get install chromium`, or with `.venv/bin/playwright install chromium`."
        )
    return found
