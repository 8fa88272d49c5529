"""The page without a server, beside the served one: from a move of the pen to what follows it.

    python -m benchmarks.serving.glass [--strokes FILE] [--count N]

Both pages are drawn on in turn with the mouse, in one Chromium whose window is so high that every
layer is on the screen. The time runs from the last move of a stroke, with the pen still down, to
the last change that follows it. Prints medians: of the static page with "Look inside" closed, open,
and open on a processor slowed down four times; of the served page, closed; and how long the static
page's own thread was busy for one reading, which other programs on the machine do not change.
"""

import argparse
import os
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, CDPSession, Page, ViewportSize, sync_playwright

from benchmarks.serving.pad import choose
from glass.build import build
from testing.browser import on_pad, open_page, start_browser, trace
from testing.page import served
from testing.strokes import Stroke

SCREEN: ViewportSize = {"width": 1440, "height": 2600}

QUIET = 300
"""Milliseconds without a change after which an answer counts as the last one."""

NUM_READ = 40
"""Readings of one drawing by which the thread's time is measured."""

WATCH = """
    () => {
      window.pen = { moved: 0, change: 0 };
      addEventListener("pointermove", () => (pen.moved = performance.now()), true);
      const watcher = new MutationObserver(() => (pen.change = performance.now()));
      for (const id of ["cnn-label", "linear-label", "layers"]) {
        watcher.observe(document.getElementById(id), {
          subtree: true, childList: true, characterData: true,
          attributes: id !== "layers" }); // there they change again when maps are put in order
      }
    }
"""

ANSWERED = """
    (quiet) => performance.now() - Math.max(pen.change, pen.moved) > quiet &&
               document.querySelectorAll("[data-testid=label-output-value]").length === 2
"""

READ_AGAIN = """
    async (times) => {
      for (let time = 0; time < times; time++) {
        readDrawing();
        await new Promise((resolve) => setTimeout(resolve, 60));
        await new Promise(requestAnimationFrame);
      }
    }
"""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--strokes", type=Path, default=os.environ.get("PEN_STROKES"))
    parser.add_argument("--count", type=int, default=60, help="strokes that are timed")
    options = parser.parse_args()
    strokes = [
        stroke for _, strokes in choose(options.strokes, options.count) for stroke in strokes
    ]
    strokes = strokes[: options.count]
    with (
        TemporaryDirectory() as folder,
        served(["app.py"]) as (address, _),
        sync_playwright() as playwright,
    ):
        file = Path(folder) / "index.html"
        file.write_bytes(build(None)["index.html"])
        browser = start_browser(playwright)
        for name, place, inside, slower in (
            ("static page", file.as_uri(), False, 1),
            ("static page, open", file.as_uri(), True, 1),
            ("static page, open, four times slower", file.as_uri(), True, 4),
            ("served page", address, False, 1),
        ):
            times, busy = measure(browser, place, inside, slower, strokes)
            told = f", {busy:.1f} ms of its thread a reading" if busy else ""
            print(f"{name}: {median(times):.0f} ms from move to answer ({len(times)} times){told}")
        browser.close()


def measure(
    browser: Browser, address: str, inside: bool, slower: int, strokes: list[Stroke]
) -> tuple[list[float], float | None]:
    """Return the milliseconds that each stroke's answer took, and the thread's for one reading.

    Args:
        browser: Where the page is opened.
        address: The page's.
        inside: Whether "Look inside" is open.
        slower: How many times slower the processor is made.
        strokes: What is drawn.
    """
    with browser.new_context(viewport=SCREEN) as context:
        page = open_page(context, address)
        if inside:
            page.locator("#layers summary").click()
        session = context.new_cdp_session(page)
        session.send("Emulation.setCPUThrottlingRate", {"rate": slower})
        page.evaluate(WATCH)
        times = [time_stroke(page, stroke) for stroke in strokes]
        is_static = address.startswith("file:") and slower == 1
        return times, time_thread(page, session, strokes[0]) if is_static else None


def time_stroke(page: Page, stroke: Stroke) -> float:
    """Draw a stroke on an empty pad, and return how long its last move's answer took."""
    (trail,) = on_pad(page, [stroke])
    trace(page, trail)
    page.wait_for_function(ANSWERED, arg=QUIET, polling=50)
    taken = page.evaluate("Math.max(0, pen.change - pen.moved)")
    page.mouse.up()
    page.get_by_role("button", name="Clear").click()
    page.wait_for_function("!document.querySelector('[data-testid=label-output-value]')")
    return taken


def time_thread(page: Page, session: CDPSession, stroke: Stroke) -> float:
    """Return for how many milliseconds the page's thread is busy with one reading."""
    (trail,) = on_pad(page, [stroke])
    trace(page, trail)
    page.mouse.up()
    page.wait_for_timeout(1000)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})
    before = thread_seconds(session)
    page.evaluate(READ_AGAIN, NUM_READ)
    return 1000 * (thread_seconds(session) - before) / NUM_READ


def thread_seconds(session: CDPSession) -> float:
    """Return for how long the page's thread has been busy."""
    metrics = session.send("Performance.getMetrics")["metrics"]
    return next(one["value"] for one in metrics if one["name"] == "TaskDuration")


if __name__ == "__main__":
    main()
