"""The page: a digit goes in on the left, what both models make of it comes out on the right."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import gradio as gr

from mnist_models import MnistModelsError, Reader, Reading
from mnist_models.record import SERVED
from web.endpoints import add_endpoints
from web.evidence import Evidence, as_url, legend, show_evidence
from web.limits import DELETE_AFTER, DELETE_EVERY, EXAMPLES, stored_picture
from web.pad import Pad, decode_drawing
from web.texts import as_html, text

CSS = Path(__file__).parent / "page.css"

FONTS = ["ui-sans-serif", "system-ui", "sans-serif"]

THEME = gr.themes.Base(font=FONTS, font_mono=["ui-monospace", "monospace"])
"""The visitor's own fonts: nothing is fetched from elsewhere."""

SILENT = {"queue": False, "show_progress": "hidden", "api_visibility": "private"}
"""The page's own events: one request each, that any replica can answer."""

DOUBTED = 0.5
"""Above it, a model doubts that this is a digit."""

Answers = tuple[Any, ...]
"""For the two labels, the two maps of evidence, the digit and the message."""


class PictureInput(gr.Image):
    """A picture's path as it was uploaded: `open_picture` decodes it, not Gradio."""

    is_template = True

    def preprocess(self, payload: Any) -> str | None:
        """Return where Gradio stored the file, or None when there is none."""
        return payload and payload.path


class DigitLabel(gr.Label):
    """A label whose ten rows stay in their places while the bars move."""

    is_template = True

    def postprocess(self, value: dict[str, float] | None) -> Any:
        """Sort the rows by digit."""
        data = super().postprocess(value)
        if value:
            data.confidences.sort(key=lambda row: row.label)
        return data


def build_page(reader: Reader) -> gr.Blocks:
    """Build the page and its endpoints.

    Args:
        reader: Who reads the digits.
    """
    gr.set_static_paths(EXAMPLES)
    with gr.Blocks(
        title=text("title"), analytics_enabled=False, delete_cache=(DELETE_EVERY, DELETE_AFTER)
    ) as page:
        gr.HTML(as_html("h1", text("title")) + as_html("p", text("subtitle")), elem_id="heading")
        with gr.Row(elem_id="road"):
            with gr.Column(elem_id="inputs", min_width=320):
                tabs, draw_tab, pad, upload_tab, picture = build_inputs()
            with gr.Column(elem_id="answers", min_width=320):
                outputs = build_answers()
        pictures = sorted(map(str, EXAMPLES.glob("[0-9]_*")))
        examples = gr.Examples(
            pictures,
            inputs=picture,
            label=text("examples"),
            elem_id="examples",
            examples_per_page=len(pictures),
            api_visibility="private",
        )

        def read_drawing(drawing: str | None) -> Answers:
            return answer(reader, drawing, decode_drawing)

        def read_picture(path: str | None) -> Answers:
            return answer(reader, path, stored_picture)

        pad.input(read_drawing, pad, outputs, trigger_mode="always_last", **SILENT)
        draw_tab.select(read_drawing, pad, outputs, **SILENT)
        picture.change(read_picture, picture, outputs, trigger_mode="always_last", **SILENT)
        upload_tab.select(read_picture, picture, outputs, **SILENT)
        examples.dataset.click(lambda: gr.Tabs(selected="upload"), outputs=tabs, **SILENT)
        add_endpoints(reader)
    return page


def build_inputs() -> tuple[gr.Tabs, gr.Tab, Pad, gr.Tab, PictureInput]:
    """Build the two ways to give a digit."""
    with gr.Tabs() as tabs:
        with gr.Tab(text("draw"), id="draw") as draw_tab:
            words = {key: text(key) for key in ("canvas", "invitation", "undo", "clear")}
            pad = Pad(words, elem_id="pad", min_width=280)
        with gr.Tab(text("upload"), id="upload") as upload_tab:
            picture = PictureInput(
                type="filepath",
                sources=["upload", "clipboard", "webcam"],
                label=text("picture"),
                placeholder=text("drop"),
                elem_id="picture",
                buttons=[],
            )
    return tabs, draw_tab, pad, upload_tab, picture


def build_answers() -> list[gr.components.Component]:
    """Build what shows the answers, in the order of `Answers`."""
    *_, digit_value, message_value = no_answers(text("waiting"))
    with gr.Row(elem_id="seen"):
        digit = gr.HTML(digit_value, elem_id="digit")
        with gr.Column(elem_id="words"):
            message = gr.HTML(message_value, elem_id="message")
            gr.HTML(as_html("p", text("seen")), elem_id="caption")
    labels, maps = [], []
    with gr.Row(elem_id="labels"):
        for name in SERVED:
            with gr.Column(elem_id=name, elem_classes="model", min_width=140):
                labels.append(
                    DigitLabel(label=text(name), elem_id=f"{name}-label", elem_classes="answer")
                )
                maps.append(Evidence(elem_id=f"{name}-evidence"))
    gr.HTML(legend(), elem_id="legend")
    return [*labels, *maps, digit, message]


def answer(reader: Reader, value: Any, to_source: Callable[[Any], bytes | Path]) -> Answers:
    """Read what the visitor gave, or say in a sentence why it cannot be read.

    Args:
        reader: Who reads the digit.
        value: The value of the pad or of the upload; nothing while it is empty.
        to_source: Checks the value and makes a picture file's bytes or path of it.
    """
    if not value:
        return no_answers(text("waiting"))
    try:
        reading = reader.read(to_source(value))
    except MnistModelsError as error:
        return no_answers(str(error), role="alert")
    cnn, linear = (reading[name].by_label() for name in SERVED)
    maps = (show_evidence(reading.digit, reading[name]) for name in SERVED)
    message = as_html("p", verdict(cnn, linear), role="status") + remark(reading)
    return cnn, linear, *maps, show_digit(reading), message


def no_answers(message: str, role: str = "status") -> Answers:
    """Say something where there is nothing to show."""
    empty = f'<div role="img" aria-label="{text("digit_empty")}"></div>'
    return None, None, None, None, empty, as_html("p", message, role=role)


def verdict(cnn: dict[str, float], linear: dict[str, float]) -> str:
    """Sum both answers up in a sentence."""
    choices = {"cnn": max(cnn, key=cnn.get), "linear": max(linear, key=linear.get)}
    return text("agree" if choices["cnn"] == choices["linear"] else "differ", **choices)


def remark(reading: Reading) -> str:
    """Say, as HTML, what makes the reading doubtful; nothing if nothing does."""
    reasons = {
        "several": reading.num_digits > 1,
        "doubt": reading["cnn"].doubt[0] > DOUBTED,
        "unsure": reading["linear"].doubt[0] > DOUBTED,
    }
    found = next((reason for reason, holds in reasons.items() if holds), None)
    return as_html("p", text(found), role="status", id="remark") if found else ""


def show_digit(reading: Reading) -> str:
    """Return the digit as an HTML picture of 28 x 28 pixels; the style sheet enlarges it."""
    return f'<img src="{as_url(reading.digit)}" alt="{text("digit")}">'
