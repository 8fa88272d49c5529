"""The page: a digit goes in on the left, what both models make of it comes out on the right."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Literal, TypedDict

import gradio as gr
import numpy as np

from mnist_models import Reader
from mnist_models.digits import SIDE
from mnist_models.models.record import SERVED, read_record
from mnist_models.words import Words
from web.answers import Answers, answer_visitor, write_message
from web.api.endpoints import add_endpoints
from web.api.snippets import USE_OWN_ADDRESS, show_snippets
from web.compare.results import write_results, write_ways
from web.components.digit import Digit
from web.components.evidence import Evidence, draw_maps, write_legend
from web.components.label import DigitLabel
from web.components.layers import FILES, Layers
from web.components.message import Message
from web.components.numbers import SHOW_CHOSEN, Numbers
from web.components.pad import Pad, decode_drawing
from web.components.png import as_small_url
from web.components.spoken import SpokenHTML, read_script
from web.components.upload import PictureInput
from web.guard.uploads import EXAMPLES, stored_picture
from web.limits import DELETE_AFTER, DELETE_EVERY
from web.markup import as_html
from web.words import PROGRAMS, WORDS, choose_words

HERE = Path(__file__).parent

CSS = [
    *(HERE / "style" / f"{name}.css" for name in ("page", "answers", "results")),
    *(HERE / "components" / f"{name}.css" for name in ("label", "upload")),
]
"""The sheets of what is the page's or Gradio's; `launch(css_paths=...)`."""

SCRIPT = read_script(HERE / "page.js")

FONTS = ["ui-sans-serif", "system-ui", "sans-serif"]

THEME = gr.themes.Base(font=FONTS, font_mono=["ui-monospace", "monospace"])
"""The visitor's own fonts: nothing is fetched from elsewhere."""


class Listening(TypedDict):
    """How Gradio listens to an event."""

    queue: bool
    show_progress: Literal["hidden"]
    api_visibility: Literal["private"]


SILENT: Listening = {"queue": False, "show_progress": "hidden", "api_visibility": "private"}
"""The page's own events: one request each, that any replica can answer."""

TRANSLATED = (
    *("read_tab", "compare_tab", "code_tab", "draw", "upload", "picture", "drop", "examples"),
    *("cnn", "linear", "waiting", "templates"),
)
"""The words that Gradio's own components show, or that stand on the page until the first answer."""

PAGES_OWN = ("restarted", "no_camera", "no_clipboard")
"""The words that `page.js` says."""

GRADIOS = (
    *("choose_file", "file_upload", "from_camera", "paste", "remove", "turn_on_camera"),
    *("take_picture", "which_camera", "camera", "more_tabs", "foot", "error", "lost", "close"),
)
"""What Gradio says in English alone, by the words' keys: `en.toml` has it as Gradio says it, and
`page.js` puts the visitor's words in its place."""

I18N = gr.I18n(
    **{
        code: {f"page_{key}": WORDS[language](key) for key in TRANSLATED}
        for code, language in (("en", "en"), ("pt", "pt"), ("pt-BR", "pt"))
    }
)
"""Those words in the browser's language; `launch(i18n=...)`."""


def build_page(reader: Reader) -> gr.Blocks:
    """Build the page and its endpoints.

    Args:
        reader: Who reads the digits.
    """
    gr.set_static_paths([EXAMPLES, *FILES.values()])
    with gr.Blocks(
        title=PROGRAMS("title"),
        analytics_enabled=False,
        delete_cache=(DELETE_EVERY, DELETE_AFTER),
    ) as page:
        build_heading()
        with gr.Tabs(elem_id="tabs"):
            with gr.Tab(translated("read_tab")):
                with gr.Row(elem_id="reading"):
                    with gr.Column(elem_id="inputs", min_width=320), gr.Tabs() as inputs:
                        with gr.Tab(translated("draw"), id="draw") as draw_tab:
                            pad = Pad(elem_id="pad", min_width=280)
                        with gr.Tab(translated("upload"), id="upload") as upload_tab:
                            picture = build_upload()
                    with gr.Column(elem_id="answers", min_width=320):
                        outputs, tiles = build_answers()
                Layers(elem_id="layers")
                examples = build_examples(picture)
            with gr.Tab(translated("compare_tab")), gr.Column(elem_id="results"):
                SpokenHTML(write_ways)
                build_templates(reader)
                record = read_record()
                SpokenHTML(lambda words: write_results(record, words))
            with gr.Tab(translated("code_tab")) as code_tab:
                SpokenHTML(partial(write_line, "code"))
                codes = show_snippets()
        SpokenHTML(partial(write_about, reader), elem_id="about")

        def read_drawing(drawing: str | None, request: gr.Request) -> Answers:
            return answer_visitor(reader, drawing, decode_drawing, words_of(request))

        def read_picture(path: str | None, request: gr.Request) -> Answers:
            return answer_visitor(reader, path, stored_picture, words_of(request))

        read_after([draw_tab.select, pad.input], read_drawing, pad, outputs)
        read_after([upload_tab.select, picture.change], read_picture, picture, outputs)
        tiles.select(None, tiles, outputs[:5], js=SHOW_CHOSEN, **SILENT)
        examples.dataset.click(lambda: gr.Tabs(selected="upload"), outputs=inputs, **SILENT)
        code_tab.select(None, codes, codes, js=USE_OWN_ADDRESS, **SILENT)
        add_endpoints(reader)
    return page


def read_after(
    events: list[Any],
    read: Callable[..., Answers],
    source: gr.components.Component,
    outputs: list[gr.components.Component],
) -> None:
    """Read what a component holds after each of these events, one request after the other.

    Gradio keeps the order of one listener's answers only. The pad's tab opens with the page, and
    the pad sends what it held before a reload just then: of two listeners, the empty pad's answer
    may come last.
    """
    gr.on(events, read, source, outputs, trigger_mode="always_last", **SILENT)


def translated(key: str) -> str:
    """Return what Gradio replaces by words of the browser's language."""
    return str(I18N(f"page_{key}"))


def words_of(request: gr.Request) -> Words:
    """Return the words of who asks."""
    return choose_words(request.headers.get("accept-language", ""))


def build_heading() -> SpokenHTML:
    """Build the heading, with the script that connects the page's components."""
    spoken = {language: write_spoken(words) for language, words in WORDS.items()}
    return SpokenHTML(write_heading, elem_id="heading", js_on_load=SCRIPT, spoken=spoken)


def write_spoken(words: Words) -> dict[str, Any]:
    """Return what `page.js` says, and under "gradio" what it says for Gradio's English."""
    own: dict[str, Any] = {key: words(key) for key in PAGES_OWN}
    return own | {"gradio": {PROGRAMS(key): words(key) for key in GRADIOS}}


def write_heading(words: Words) -> str:
    """Write what the page is."""
    return as_html("h1", words("title")) + as_html("p", words("subtitle"))


def write_line(key: str, words: Words) -> str:
    """Write words as a paragraph of their own."""
    return as_html("p", words(key))


def write_about(reader: Reader, words: Words) -> str:
    """Write whose copies of the models serve, and what becomes of drawings."""
    copies = [
        f"{words(name)}: {shorten(reader.classifiers[name].origin) or words('bundled')}."
        for name in SERVED
    ]
    return as_html("p", " ".join([words("private"), *copies]))


def shorten(origin: str | None) -> str | None:
    """Name a model's copy by its repo on the Hub and the revision's first seven digits."""
    return origin and origin[: origin.index("@") + 8]


def build_upload() -> PictureInput:
    """Build where a picture can be uploaded, pasted or taken."""
    return PictureInput(
        type="filepath",
        sources=["upload", "clipboard", "webcam"],
        webcam_options=gr.WebcamOptions(mirror=False),  # a mirrored digit is another one, or none
        label=translated("picture"),
        placeholder=translated("drop"),
        elem_id="picture",
        buttons=[],
    )


def build_examples(picture: PictureInput) -> gr.helpers.Examples:
    """Build the pictures to try, which fill the upload."""
    pictures = sorted(map(str, EXAMPLES.glob("[0-9]*_*")))
    return gr.Examples(
        pictures,
        inputs=picture,
        label=translated("examples"),
        elem_id="examples",
        examples_per_page=len(pictures),
        api_visibility="private",
    )


def build_answers() -> tuple[list[gr.components.Component], Numbers]:
    """Build what shows the answers, in the order of `Answers`, the last of them the tiles."""
    with gr.Row(elem_id="seen"):
        digit = Digit(elem_id="digit")
        with gr.Column(elem_id="words"):
            message = Message(write_message(translated("waiting")), elem_id="message")
            SpokenHTML(partial(write_line, "seen"), elem_id="caption")
            tiles = Numbers(elem_id="tiles")
            gr.HTML('<p role="status"></p>', elem_id="announced")
    labels, maps = [], []
    with gr.Row(elem_id="labels"):
        for name, way in zip(SERVED, ("cnn_way", "linear_way"), strict=True):
            with gr.Column(elem_id=name, elem_classes="model", min_width=140):
                labels.append(
                    DigitLabel(
                        label=translated(name), elem_id=f"{name}-label", elem_classes="answer"
                    )
                )
                SpokenHTML(partial(write_line, way), elem_classes="way")
                maps.append(Evidence(elem_id=f"{name}-evidence"))
    SpokenHTML(write_legend, elem_id="legend")
    return [*labels, *maps, digit, message, tiles], tiles


def build_templates(reader: Reader) -> None:
    """Show the linear model's weights: its evidence on a sheet full of ink."""
    full = np.full((1, SIDE, SIDE), 255, np.uint8)
    maps = draw_maps(reader.classifiers["linear"].predict(full).evidence[0])
    rows = as_small_url(np.concatenate(np.split(maps, 2, axis=1)))
    with gr.Accordion(translated("templates"), open=False, elem_id="templates"):
        gr.HTML(f'<img src="{rows}" alt="{translated("templates")}">')
