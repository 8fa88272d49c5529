"""Our page against Gradio's own pad, and against labels alone: from pen up to all that it shows.

    python -m benchmarks.serving.pad [--strokes FILE] [--count N]

All pages run here with the same models, in one Chromium, drawn on in turn with the mouse. The time
runs from the pen's last event to the last change in a label or a map of evidence. "pad" is our
page, "labels" the same without evidence, "sketchpad" what people usually build.
Prints the medians, their ratios, and what share of drawings each model reads right on our pad.
"""

import argparse
import json
import os
from collections import Counter
from pathlib import Path
from statistics import median
from typing import Any

import gradio as gr
from playwright.sync_api import Page, sync_playwright

from mnist_models import NoInkError, Reader
from testing.browser import LAPTOP, start_browser, trace
from testing.strokes import DIGITS, Stroke
from web.answers import sum_up
from web.components.pad import Pad, decode_drawing
from web.page import CSS, I18N, SILENT, THEME, build_answers, build_page
from web.words import PROGRAMS

NUM_TIMED = 20
"""Drawings by which each page is timed."""

QUIET = {"pad": 400, "labels": 400, "sketchpad": 3000}
"""Milliseconds without a change after which a page's answer counts as its last one."""

WATCH = """
    () => {
      window.pen = { up: 0, change: 0 };
      performance.setResourceTimingBufferSize(1e6);
      addEventListener("pointerup", () => (pen.up = performance.now()), true);
      const watcher = new MutationObserver(() => (pen.change = performance.now()));
      for (const id of ["cnn-label", "linear-label", "cnn-evidence", "linear-evidence"]) {
        const shown = document.getElementById(id);
        if (shown) watcher.observe(shown, { subtree: true, childList: true, attributes: true,
                                 characterData: true });
      }
    }
"""

ANSWERED = """
    (quiet) => performance.now() - Math.max(pen.change, pen.up) > quiet &&
               document.querySelectorAll("[data-testid=label-output-value]").length === 2
"""

# Where the last answer changed nothing on the page, its arrival counts.
TIME = """
    () => Math.max(pen.change, ...performance.getEntriesByType("resource")
                                 .filter((entry) => entry.name.includes("/run/"))
                                 .map((entry) => entry.responseEnd)) - pen.up
"""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--strokes", type=Path, default=os.environ.get("PEN_STROKES"))
    parser.add_argument("--count", type=int, default=200, help="drawings that are read")
    options = parser.parse_args()
    drawings = choose(options.strokes, options.count)
    reader = Reader.default()
    ours = launch(build_page(reader), theme=THEME, css_paths=CSS, i18n=I18N)
    plain = launch(build_labels(reader), theme=THEME, css_paths=CSS, i18n=I18N)
    theirs = launch(build_sketchpad(reader))
    with sync_playwright() as playwright:
        browser = start_browser(playwright)
        pad, labels, sketchpad = (browser.new_page() for _ in range(3))
        watch(pad, ours, "#pad canvas")
        watch(labels, plain, "#pad canvas")
        watch(sketchpad, theirs, "#pad canvas")
        times: dict[str, list[float]] = {name: [] for name in QUIET}
        right: Counter[str] = Counter()
        for index, (label, strokes) in enumerate(drawings):
            if index < NUM_TIMED:
                sketchpad.get_by_role("button", name="Brush").click()
                draw_on_either(sketchpad, strokes)
                times["sketchpad"].append(wait_for_answer(sketchpad, "sketchpad"))
                clear(sketchpad, "Clear canvas")
                draw_on_either(labels, strokes)
                times["labels"].append(wait_for_answer(labels, "labels"))
                clear(labels, "Clear")
            draw_on_either(pad, strokes)
            times["pad"].append(wait_for_answer(pad, "pad"))
            for model in ("cnn", "linear"):
                answer = pad.locator(f"#{model}-label [data-testid=label-output-value]")
                right[model] += answer.inner_text() == label
            clear(pad, "Clear")
        browser.close()
    report(times, right, len(drawings))


def choose(path: Path | None, count: int) -> list[tuple[str, list[Any]]]:
    """Return labeled drawings, equally many of each label."""
    if path is None:
        return list(DIGITS.items())
    digits: dict[str, list[Any]] = {label: [] for label in DIGITS}
    for digit in json.loads(Path(path).read_text("utf-8")):
        digits[str(digit["label"])].append(digit["strokes"])
    return [(label, digits[label][row]) for row in range(count // 10) for label in digits]


def build_labels(reader: Reader) -> gr.Blocks:
    """Build our page's pad and answers without evidence: labels, digit and message."""

    def predict(drawing: str | None) -> tuple[Any, ...]:
        if not drawing:
            return None, None, None, ""
        number = reader.read_number(decode_drawing(drawing))
        first = number.readings[0]
        cnn, linear = first["cnn"].by_label(), first["linear"].by_label()
        return cnn, linear, first.digit, sum_up(number, PROGRAMS)

    with gr.Blocks(analytics_enabled=False) as page, gr.Row(elem_id="reading"):
        with gr.Column(elem_id="inputs"):
            pad = Pad(elem_id="pad")
        with gr.Column(elem_id="answers"):
            (cnn, linear, _, _, digit, message, _), _ = build_answers()
        shown = [cnn, linear, digit, message]
        pad.input(predict, pad, shown, trigger_mode="always_last", **SILENT)
    return page


def build_sketchpad(reader: Reader) -> gr.Blocks:
    """Build the page that people usually build: a gr.Sketchpad and two labels."""

    def predict(drawing: dict[str, Any] | None) -> tuple[dict[str, float] | None, ...]:
        if drawing is None or drawing["composite"] is None:
            return None, None
        try:
            reading = reader.read(drawing["composite"])
        except NoInkError:
            return None, None
        return reading["cnn"].by_label(), reading["linear"].by_label()

    with gr.Blocks(analytics_enabled=False) as page:
        sketchpad = gr.Sketchpad(type="pil", elem_id="pad", canvas_size=(400, 400))
        labels = [gr.Label(elem_id="cnn-label"), gr.Label(elem_id="linear-label")]
        sketchpad.change(predict, sketchpad, labels, show_progress="hidden")
    return page


def launch(page: gr.Blocks, **look: Any) -> str:
    """Serve a page beside this program and return its address."""
    _, address, _ = page.launch(prevent_thread_lock=True, quiet=True, run_history=False, **look)
    return address


def watch(page: Page, address: str, pad: str) -> None:
    """Open a page and watch its labels."""
    page.set_viewport_size(LAPTOP)
    page.goto(address)
    page.locator(pad).first.wait_for()
    page.wait_for_timeout(1000)
    page.evaluate(WATCH)


def draw_on_either(page: Page, strokes: list[Stroke]) -> None:
    """Draw with the mouse, over most of the pad."""
    page.bring_to_front()
    box = page.locator("#pad canvas").first.bounding_box()
    assert box
    side = 0.7 * min(box["width"], box["height"])
    left, top = box["x"] + (box["width"] - side) / 2, box["y"] + (box["height"] - side) / 2
    for stroke in strokes:
        trace(page, [(left + side * x / 1000, top + side * y / 1000) for x, y in stroke])
        page.mouse.up()


def wait_for_answer(page: Page, name: str) -> float:
    """Wait until both labels have come to rest and return the milliseconds since the pen's up."""
    page.wait_for_function(ANSWERED, arg=QUIET[name], polling=50)
    return page.evaluate(TIME)


def clear(page: Page, button: str) -> None:
    """Empty the pad and wait until no answer is left."""
    page.get_by_role("button", name=button).click()
    page.wait_for_function("!document.querySelector('[data-testid=label-output-value]')")


def report(times: dict[str, list[float]], right: Counter[str], count: int) -> None:
    """Print what was measured."""
    for name, values in times.items():
        print(f"{name}: {median(values):.0f} ms from pen up to both answers ({len(values)} times)")
    for name in ("labels", "sketchpad"):
        print(f"pad to {name}: {median(times['pad'][:NUM_TIMED]) / median(times[name]):.3f}")
    for model in ("cnn", "linear"):
        print(f"{model}: {right[model]} of {count} drawings right ({right[model] / count:.1%})")


if __name__ == "__main__":
    main()
