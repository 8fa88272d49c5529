"""What several tests need: a browser, the running page, pen strokes, and MNIST where it is."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import Browser, sync_playwright

from testing.browser import start_browser
from testing.hub import Hub, serve, use_hub
from testing.page import served
from testing.programs import MissingProgramError, find_program
from testing.strokes import DIGITS, Stroke

SLOW = {"address", "browser", "load_elsewhere", "mnist", "nginx"}
"""Fixtures that start programs or read MNIST: what asks for one is no test of `make check`."""


def pytest_collection_modifyitems(items: list[pytest.Function]) -> None:
    """Mark as slow what asks for a slow fixture, whatever its file."""
    for item in items:
        if SLOW & set(item.fixturenames):
            item.add_marker("slow")


def do_without(sentence: object) -> NoReturn:
    """Skip a test for want of something, but fail where CI is set: there nothing may be missing."""
    (pytest.fail if os.environ.get("CI") else pytest.skip)(str(sentence))


def find_or_do_without(package: str, *names: str) -> str:
    """Return the path of a program, which may be called otherwise than its package."""
    try:
        return find_program(package, *names)
    except MissingProgramError as missing:
        do_without(missing)


@pytest.fixture(scope="session")
def mnist() -> dict[str, NDArray[np.uint8]]:
    """MNIST's x_train, y_train, x_test and y_test."""
    named = os.environ.get("MNIST_DATA")
    path = Path(named or Path.home() / ".keras" / "datasets" / "mnist.npz")
    if not named and not path.exists():
        do_without("MNIST is not here: set MNIST_DATA to its .npz file")
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
    log = tmp_path_factory.mktemp("app") / "log.txt"
    uploads = tmp_path_factory.mktemp("uploads")
    with served(["app.py"], log, {"GRADIO_TEMP_DIR": str(uploads)}) as (address, _):
        yield address


@pytest.fixture(scope="module")  # Playwright's event loop runs on, in the way of other modules' own
def browser() -> Iterator[Browser]:
    """A Chromium without a window."""
    with sync_playwright() as playwright:
        try:
            browser = start_browser(playwright)
        except MissingProgramError as missing:
            do_without(missing)
        yield browser
        browser.close()


@pytest.fixture
def hub_here(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    """A Hub to which this process may publish."""
    with serve() as hub:
        use_hub(hub, monkeypatch)
        yield hub


@pytest.fixture(scope="session")
def nginx() -> str:
    """The path of nginx."""
    return find_or_do_without("nginx")


@pytest.fixture(scope="session")
def curl() -> str:
    """The path of curl."""
    return find_or_do_without("curl")


@pytest.fixture(scope="session")
def node() -> str:
    """The path of Node.js, which runs JavaScript."""
    return find_or_do_without("nodejs", "node")


@pytest.fixture(scope="session")
def npm() -> str:
    """The path of npm, which installs what Node.js runs."""
    return find_or_do_without("npm")
