"""A Chromium without a window, and what a visitor does with the page in it."""

from pathlib import Path

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    BrowserType,
    Page,
    Playwright,
    ViewportSize,
    expect,
)

from testing.programs import find_program, look_for
from testing.strokes import Stroke

Trail = list[tuple[float, float]]
"""A stroke on the screen, in pixels."""

CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")

expect.set_options(timeout=15_000)  # what is expected comes later on a machine that is busy

FLAGS = [  # a browser that talks to nobody but the page
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP *.test 127.0.0.1",  # plain http that is no secure context
]

LAPTOP: ViewportSize = {"width": 1440, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}

WATCH_REQUESTS = """
    window.flying = 0;
    window.landed = 0;
    window.delays = [];
    const ask = window.fetch;
    window.fetch = async (...request) => {
      flying++;
      const delay = String(request[0]).includes("/run/") ? delays.shift() ?? 0 : 0;
      try {
        const response = await ask(...request);
        await new Promise((resolve) => setTimeout(resolve, delay));
        return response;
      } finally {
        flying--;
        landed = performance.now();
      }
    };
"""
"""Counts the requests on their way; a test may delay the answers."""


def start_browser(playwright: Playwright) -> Browser:
    """Start a Chromium.

    Raises:
        MissingProgramError: There is none, and none could be installed.
    """
    return launch(playwright.chromium)


def launch(chromium: BrowserType, *flags: str) -> Browser:
    """Start one more Chromium, with more flags than the usual ones.

    Raises:
        MissingProgramError: There is none, and none could be installed.
    """
    own = chromium.executable_path
    if look_for(*CHROMIUM) or not Path(own).exists():
        own = find_program(*CHROMIUM, otherwise="with `.venv/bin/playwright install chromium`")
    return chromium.launch(executable_path=own, args=[*FLAGS, *flags])


def open_page(context: BrowserContext, address: str, undo: str = "Undo") -> Page:
    """Open the page and wait until the pad is ready; a script's error fails the test."""
    page = context.new_page()
    page.add_init_script(WATCH_REQUESTS)
    page.on("pageerror", lambda error: pytest.fail(f"A script failed: {error}"))
    page.goto(address)
    expect(page.get_by_role("button", name=undo)).to_be_visible(timeout=30_000)
    settle(page)
    return page


def on_pad(page: Page, strokes: list[Stroke]) -> list[Trail]:
    """Place every other point on the pad: the digit fills most of it, as people draw."""
    page.locator("#pad canvas").scroll_into_view_if_needed()
    box = page.locator("#pad canvas").bounding_box()
    assert box
    points = [point for stroke in strokes for point in stroke]
    left, right = min(x for x, _ in points), max(x for x, _ in points)
    shift = (1000 - left - right) / 2
    return [
        [
            (
                box["x"] + box["width"] * (0.15 + 0.7 * (x + shift) / 1000),
                box["y"] + box["height"] * (0.15 + 0.7 * y / 1000),
            )
            for x, y in stroke[:-1:2] + stroke[-1:]
        ]
        for stroke in strokes
    ]


def settle(page: Page) -> None:
    """Wait until every request has been answered and no further one follows."""
    page.wait_for_function("flying === 0 && performance.now() - landed > 300")


def draw(page: Page, strokes: list[Stroke]) -> None:
    """Draw with the mouse and wait for the answer."""
    for stroke in on_pad(page, strokes):
        trace(page, stroke)
        page.mouse.up()
    settle(page)


def trace(page: Page, stroke: Trail) -> None:
    """Draw a stroke that is on the pad, and leave the pen there."""
    page.mouse.move(*stroke[0])
    page.mouse.down()
    for point in stroke[1:]:
        page.mouse.move(*point)


class Hand:
    """Fingers and a pen on the screen of a page, at the same time if need be.

    Args:
        page: On which they act.
    """

    def __init__(self, page: Page) -> None:
        self.screen = page.context.new_cdp_session(page)

    def touch(self, kind: str, *points: tuple[float, float]) -> None:
        """Touch the screen with a finger for each point: "touchStart", "touchMove", "touchEnd"."""
        touches = [{"x": x, "y": y, "id": finger} for finger, (x, y) in enumerate(points)]
        self.screen.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})

    def point(self, kind: str, x: float, y: float, pointer: str = "pen", pressed: int = 1) -> None:
        """Move a pen or a mouse: "mousePressed", "mouseMoved", "mouseReleased"."""
        changed = "left" if pressed or kind == "mouseReleased" else "none"
        event = {"type": kind, "x": x, "y": y, "button": changed, "buttons": pressed}
        self.screen.send(
            "Input.dispatchMouseEvent", {**event, "pointerType": pointer, "clickCount": 1}
        )

    def draw(self, strokes: list[Trail]) -> None:
        """Draw with the pen."""
        for stroke in strokes:
            self.point("mousePressed", *stroke[0])
            for place in stroke[1:]:
                self.point("mouseMoved", *place)
            self.point("mouseReleased", *stroke[-1], pressed=0)


def touch(page: Page, strokes: list[Stroke]) -> None:
    """Draw with a finger, and wait for the answer."""
    hand = Hand(page)
    for stroke in on_pad(page, strokes):
        hand.touch("touchStart", stroke[0])
        for place in stroke[1:]:
            hand.touch("touchMove", place)
        hand.touch("touchEnd")
    settle(page)


def strokes_on(page: Page) -> int:
    """Return how many strokes the pad holds, as it keeps them."""
    kept = page.evaluate("sessionStorage.getItem('two-readings-drawing')")
    return len(kept.split(".")) if kept else 0


def expect_answer(page: Page, label: str, model: str = "cnn") -> None:
    """Expect a model's answer in its label, with all ten digits below it."""
    answer = page.locator(f"#{model}-label")
    expect(answer.get_by_test_id("label-output-value")).to_have_text(label)
    expect(answer.locator("meter")).to_have_count(10)


def expect_no_answer(page: Page) -> None:
    """Expect that neither model says anything."""
    expect(page.get_by_test_id("label-output-value")).to_have_count(0)


def upload(page: Page, path: Path, tab: str = "Upload") -> None:
    """Choose a file in the upload tab."""
    page.get_by_role("tab", name=tab).click()
    page.locator("#picture input[type=file]").set_input_files(path)
