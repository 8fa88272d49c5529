"""The page: a digit goes in on the left, what both models make of it comes out on the right."""

import base64
import io
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import gradio as gr
import numpy as np
from PIL import Image, ImageOps

from mnist_models import MnistModelsError, Reader, Reading
from mnist_models.digits import SIDE
from mnist_models.models.record import SERVED, read_record
from web.api.endpoints import add_endpoints
from web.api.snippets import USE_OWN_ADDRESS, show_snippets
from web.compare.results import write_results, write_ways
from web.components.evidence import Evidence, as_url, draw_maps, legend, show_evidence
from web.components.pad import Pad, decode_drawing
from web.guard.uploads import EXAMPLES, stored_picture
from web.limits import DELETE_AFTER, DELETE_EVERY
from web.texts import ENGLISH, TEXTS, as_html, choose_language, text, word_error

CSS = Path(__file__).parent / "style" / "page.css"

FONTS = ["ui-sans-serif", "system-ui", "sans-serif"]

THEME = gr.themes.Base(font=FONTS, font_mono=["ui-monospace", "monospace"])
"""The visitor's own fonts: nothing is fetched from elsewhere."""

SET_UP = """
    document.documentElement.lang = navigator.language.startsWith("pt") ? "pt-BR" : "en";
    document.title = element.querySelector("h1").textContent;
    for (const event of ["load", "error"]) {
      document.addEventListener(event, ({ target, type }) => {
        if (target.matches?.("#picture img")) target.style.opacity = type === "load" ? 1 : 0;
      }, true);
    }
    new MutationObserver(() => {
      const label = document.querySelector("#examples .label")?.textContent.trim();
      document.querySelectorAll("#examples button:not([aria-label])").forEach((button, index) =>
        button.setAttribute("aria-label", `${label}: ${index + 1}`));
      for (const empty of document.querySelectorAll(".answer .empty:not([role])")) {
        empty.setAttribute("role", "img");
        empty.setAttribute("aria-label", "?");
      }
    }).observe(document.body, { childList: true, subtree: true });
"""
"""Tells the page's language to screen readers and its name to the browser's tab, and mends what
Gradio's own components leave out: an upload that the browser cannot show would be a white bar, the
examples and the empty labels would have no names.
"""

ANNOUNCE = """
    let waiting = null;
    watch("value", () => {
      element.closest("#answers").classList.remove("waiting");
      clearTimeout(waiting);
      waiting = setTimeout(() => {
        const told = [...element.querySelectorAll("p:not([role])")];
        const words = told.map((paragraph) => paragraph.textContent).join(" ");
        const announced = document.querySelector("#announced p");
        if (announced.textContent !== words) announced.textContent = words;
      }, 1000);
    });
"""
"""Ends the fading, and tells screen readers a message once it has stood for a second."""

THUMBNAIL = 108
"""Side of an example's picture on the page, in pixels: two for each of the style sheet's."""

SILENT = {"queue": False, "show_progress": "hidden", "api_visibility": "private"}
"""The page's own events: one request each, that any replica can answer."""

LABELED = (
    *("read_tab", "compare_tab", "code_tab", "draw", "upload", "picture", "drop", "examples"),
    *("cnn", "linear", "waiting", "digit_empty", "templates"),
)
"""The texts that Gradio's own components show, or that stand on the page until the first answer."""

I18N = gr.I18n(
    **{
        code: {f"page_{key}": text(key, language) for key in LABELED}
        for code, language in (("en", "en"), ("pt", "pt"), ("pt-BR", "pt"))
    }
)
"""Those texts in the browser's language; `launch(i18n=...)`."""

Answers = tuple[Any, ...]
"""For the two labels, the two maps of evidence, the digit and the message."""


class PictureInput(gr.Image):
    """A picture's path as it was uploaded: `open_picture` decodes it, not Gradio."""

    is_template = True

    def preprocess(self, payload: Any) -> str | None:
        """Return where Gradio stored the file, or None when there is none."""
        return payload and payload.path

    def process_example(self, value: str) -> dict[str, str]:
        """Return a small copy: the examples themselves would be most of the page's weight."""
        file = io.BytesIO()
        with Image.open(value) as picture:
            picture.thumbnail((THUMBNAIL, THUMBNAIL))
            ImageOps.exif_transpose(picture).save(file, "WEBP")
        return {"url": "data:image/webp;base64," + base64.b64encode(file.getvalue()).decode()}


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
        show_words(write_heading, elem_id="heading", js_on_load=SET_UP)
        with gr.Tabs(elem_id="rooms"):
            with gr.Tab(label("read_tab")):
                with gr.Row(elem_id="road"):
                    with gr.Column(elem_id="inputs", min_width=320):
                        tabs, draw_tab, pad, upload_tab, picture = build_inputs()
                    with gr.Column(elem_id="answers", min_width=320):
                        outputs = build_answers()
                pictures = sorted(map(str, EXAMPLES.glob("[0-9]_*")))
                examples = gr.Examples(
                    pictures,
                    inputs=picture,
                    label=label("examples"),
                    elem_id="examples",
                    examples_per_page=len(pictures),
                    api_visibility="private",
                )
            with gr.Tab(label("compare_tab")), gr.Column(elem_id="results"):
                show_words(write_ways)
                show_templates(reader)
                show_words(partial(write_results, read_record()))
            with gr.Tab(label("code_tab")) as code_tab:
                show_words(partial(write_line, "code"))
                codes = show_snippets()
        show_words(partial(write_about, reader), elem_id="about")

        def read_drawing(drawing: str | None, request: gr.Request) -> Answers:
            return answer(reader, drawing, decode_drawing, language_of(request))

        def read_picture(path: str | None, request: gr.Request) -> Answers:
            return answer(reader, path, stored_picture, language_of(request))

        pad.input(read_drawing, pad, outputs, trigger_mode="always_last", **SILENT)
        draw_tab.select(read_drawing, pad, outputs, **SILENT)
        picture.change(read_picture, picture, outputs, trigger_mode="always_last", **SILENT)
        upload_tab.select(read_picture, picture, outputs, **SILENT)
        examples.dataset.click(lambda: gr.Tabs(selected="upload"), outputs=tabs, **SILENT)
        code_tab.select(None, codes, codes, js=USE_OWN_ADDRESS, **SILENT)
        add_endpoints(reader)
    return page


def label(key: str) -> str:
    """Return a text that Gradio's own components show in the browser's language."""
    return str(I18N(f"page_{key}"))


def show_words(write: Callable[[str], str], **kwargs: Any) -> gr.HTML:
    """Show words that never change, in the browser's language.

    Args:
        write: Returns them as HTML, given a language.
        **kwargs: As for `gr.HTML`.
    """
    words = {language: write(language) for language in TEXTS}
    return gr.HTML(
        html_template="${words[navigator.language.slice(0, 2)] ?? words.en}", words=words, **kwargs
    )


def language_of(request: gr.Request) -> str:
    """Return the language of who asks."""
    return choose_language(request.headers.get("accept-language", ""))


def write_heading(language: str) -> str:
    """Write what the page is."""
    return as_html("h1", text("title", language)) + as_html("p", text("subtitle", language))


def write_line(key: str, language: str) -> str:
    """Write words as a paragraph of their own."""
    return as_html("p", text(key, language))


def write_about(reader: Reader, language: str) -> str:
    """Write whose copies of the models serve, and what becomes of drawings."""
    copies = [
        f"{text(name, language)}: {shorten(reader.classifiers[name].origin, language)}."
        for name in SERVED
    ]
    return as_html("p", " ".join([text("private", language), *copies]))


def shorten(origin: str | None, language: str) -> str:
    """Name a copy of a model by its repo on the Hub and the revision's first seven digits."""
    return origin[: origin.index("@") + 8] if origin else text("bundled", language)


def build_inputs() -> tuple[gr.Tabs, gr.Tab, Pad, gr.Tab, PictureInput]:
    """Build the two ways to give a digit."""
    with gr.Tabs() as tabs:
        with gr.Tab(label("draw"), id="draw") as draw_tab:
            keys = ("canvas", "invitation", "undo", "clear")
            words = {language: {key: text(key, language) for key in keys} for language in TEXTS}
            pad = Pad(words, elem_id="pad", min_width=280)
        with gr.Tab(label("upload"), id="upload") as upload_tab:
            picture = PictureInput(
                type="filepath",
                sources=["upload", "clipboard", "webcam"],
                label=label("picture"),
                placeholder=label("drop"),
                elem_id="picture",
                buttons=[],
            )
    return tabs, draw_tab, pad, upload_tab, picture


def build_answers() -> list[gr.components.Component]:
    """Build what shows the answers, in the order of `Answers`."""
    *_, digit_value, message_value = no_answers(label("waiting"), label("digit_empty"))
    with gr.Row(elem_id="seen"):
        digit = gr.HTML(digit_value, elem_id="digit")
        with gr.Column(elem_id="words"):
            message = gr.HTML(message_value, elem_id="message", js_on_load=ANNOUNCE)
            show_words(partial(write_line, "seen"), elem_id="caption")
            gr.HTML('<p role="status"></p>', elem_id="announced")
    labels, maps = [], []
    with gr.Row(elem_id="labels"):
        for name, way in zip(SERVED, ("cnn_way", "linear_way"), strict=True):
            with gr.Column(elem_id=name, elem_classes="model", min_width=140):
                labels.append(
                    DigitLabel(label=label(name), elem_id=f"{name}-label", elem_classes="answer")
                )
                show_words(partial(write_line, way), elem_classes="way")
                maps.append(Evidence(elem_id=f"{name}-evidence"))
    show_words(legend, elem_id="legend")
    return [*labels, *maps, digit, message]


def show_templates(reader: Reader) -> None:
    """Show the linear model's weights: its evidence on a sheet full of ink."""
    full = np.full((1, SIDE, SIDE), 255, np.uint8)
    maps = draw_maps(reader.classifiers["linear"].predict(full).evidence[0])
    rows = as_url(np.concatenate(np.split(maps, 2, axis=1)))
    with gr.Accordion(label("templates"), open=False, elem_id="templates"):
        gr.HTML(f'<img src="{rows}" alt="{label("templates")}">')


def answer(
    reader: Reader,
    value: Any,
    to_source: Callable[[Any], bytes | Path],
    language: str = ENGLISH,
) -> Answers:
    """Read what the visitor gave, or say in a sentence why it cannot be read.

    Args:
        reader: Who reads the digit.
        value: The value of the pad or of the upload; nothing while it is empty.
        to_source: Checks the value and makes a picture file's bytes or path of it.
        language: Of every word.
    """
    empty = text("digit_empty", language)
    if not value:
        return no_answers(text("waiting", language), empty)
    try:
        reading = reader.read(to_source(value))
    except MnistModelsError as error:
        return no_answers(word_error(error, language), empty, role="alert")
    cnn, linear = (reading[name].by_label() for name in SERVED)
    maps = (show_evidence(reading.digit, reading[name], language) for name in SERVED)
    message = say(verdict(cnn, linear, language))
    return cnn, linear, *maps, show_digit(reading, language), message + remark(reading, language)


def no_answers(message: str, digit: str, **attributes: str) -> Answers:
    """Say something where there is nothing to show, and instead of the digit."""
    empty = f'<div role="img" aria-label="{digit}"></div>'
    return None, None, None, None, empty, say(message, **attributes)


def say(message: str, **attributes: str) -> str:
    """Return a message as HTML; its time lets the page notice an answer that equals the last."""
    return as_html("p", message, **attributes, **{"data-time": str(time.time_ns())})


def verdict(cnn: dict[str, float], linear: dict[str, float], language: str) -> str:
    """Sum both answers up in a sentence."""
    choices = {"cnn": max(cnn, key=cnn.get), "linear": max(linear, key=linear.get)}
    key = "agree" if choices["cnn"] == choices["linear"] else "differ"
    return text(key, language, **choices)


def remark(reading: Reading, language: str) -> str:
    """Say, as HTML, what makes the reading doubtful; nothing if nothing does."""
    reasons = {
        "several": reading.num_digits > 1,
        "doubt": reading["cnn"].is_doubtful[0],
        "unsure": reading["linear"].is_doubtful[0],
    }
    found = next((reason for reason, holds in reasons.items() if holds), None)
    return as_html("p", text(found, language), id="remark") if found else ""


def show_digit(reading: Reading, language: str) -> str:
    """Return the digit as an HTML picture of 28 x 28 pixels; the style sheet enlarges it."""
    return f'<img src="{as_url(reading.digit)}" alt="{text("digit", language)}">'
