"""Build the static page: `python -m glass.build FOLDER [--page ADDRESS]`.

It is one file without a request in it: pad, digit, answers and layers are the components of `web`,
with their templates, styles, scripts and words; only what Gradio and the server did for them is
written anew, in this folder.
"""

import argparse
import base64
import json
import re
from functools import partial
from html import escape
from pathlib import Path
from typing import Any

import gradio as gr

from mnist_models.models.classifier import DOUBTFUL
from mnist_models.models.loading import read_checked
from mnist_models.models.record import SERVED, read_record
from mnist_models.preparation import mnist_form
from mnist_models.words import Words
from web.components.digit import Digit
from web.components.evidence import AGAINST, FOR, Evidence, write_legend
from web.components.layers import FILES, LIBRARIES, Layers
from web.components.message import Message
from web.components.pad import Pad
from web.components.spoken import SpokenHTML, read_script, read_scripts
from web.markup import as_html
from web.page import CSS, build_heading, write_line
from web.words import PROGRAMS, WORDS

HERE = Path(__file__).parent

NO_PAUSE = 0
"""Milliseconds between two readings while the pen moves: no server has to keep up."""

SAID = ("waiting", "agree", "differ", "unknown", "linear_reads", "unsure", "score")
"""Sentences that `reading.js` fills."""

CONSTANTS = (
    *("SIDE", "BOX", "CENTER", "FAINTEST", "FINE", "SMOOTH"),
    *("THINNEST", "THICKEST", "THIN", "THICK"),
)
"""What `mnist_form.js` has of its namesake in Python."""

README = """---
title: {title}
emoji: ✍️
colorFrom: blue
colorTo: yellow
sdk: static
app_file: index.html
license: mit
datasets:
  - ylecun/mnist
---

{limits}
"""
"""What a Static Space needs beside the page."""


def build(page: str | None) -> dict[str, bytes]:
    """Return the files of the static page by their names.

    Args:
        page: The address of the page that also reads photographs and numbers, if there is one.

    Raises:
        ModelError: A file that the browser computes by is not the recorded one.
    """
    parts = {
        "title": escape(PROGRAMS("title")),
        "style": "\n".join(path.read_text("utf-8") for path in (HERE / "glass.css", *CSS)),
        "script": write_script(page),
        **{name: base64.b64encode(content).decode() for name, content in read_networks().items()},
    }
    text = (HERE / "page.html").read_text("utf-8")
    text = re.sub(r"{(\w+)}", lambda gap: parts[gap[1]], text)
    readme = README.format(title=PROGRAMS("title"), limits=PROGRAMS("glass_limits"))
    return {"index.html": text.encode(), "README.md": readme.encode()}


def read_networks() -> dict[str, bytes]:
    """Return by model the file that a browser computes it by."""
    record = read_record()
    return {name: read_checked(FILES[name], record[name].layers_sha256) for name in SERVED}


def write_script(page: str | None) -> str:
    """Write all that the page runs: the engine, its components, and what connects them."""
    known = {
        "doubtful": DOUBTFUL,
        "colors": {"for": FOR, "against": AGAINST},
        "constants": {name: getattr(mnist_form, name) for name in CONSTANTS},
        "words": {
            language: {key: words.sentences[key] for key in SAID}
            for language, words in WORDS.items()
        },
    }
    knowledge = f"const page = {as_json(known)};"
    own = (read_script(HERE / f"{name}.js") for name in ("mnist_form", "components", "reading"))
    mounted = (write_mount(name, *parts) for name, parts in build_components(page).items())
    script = "\n".join([knowledge, read_scripts(*LIBRARIES), *own, *mounted, START])
    if "</script" in script:
        raise ValueError("Expected scripts without a closing tag in them.")
    return f'"use strict";\n{script}'


START = """
components.pad.on("input", readDrawing);
readDrawing();
"""
"""What runs once all components are there."""


def build_components(page: str | None) -> dict[str, tuple[gr.HTML, dict[str, str]]]:
    """Return the page's components by their places, each with values that only a browser has."""
    components: dict[str, gr.HTML] = {
        "heading": build_heading(),
        "pad": Pad(),
        "digit": Digit(),
        "message": Message(""),
        "caption": SpokenHTML(partial(write_line, "seen")),
        "legend": SpokenHTML(write_legend),
        "layers": Layers(),
        "about": SpokenHTML(partial(write_about, page)),
    }
    template = (HERE / "label.html").read_text("utf-8")
    for name, way in zip(SERVED, ("cnn_way", "linear_way"), strict=True):
        components |= {
            f"{name}-label": SpokenHTML(partial(say, name), template),
            f"{name}-way": SpokenHTML(partial(write_line, way)),
            f"{name}-evidence": Evidence(),
        }
    own = {
        "pad": {"pause": f"{NO_PAUSE}", "asValue": "(picture) => picture"},
        "layers": {"read": "async () => read"},
    }
    return {name: (component, own.get(name, {})) for name, component in components.items()}


def say(key: str, words: Words) -> str:
    """Return words as they are."""
    return words(key)


def write_about(page: str | None, words: Words) -> str:
    """Write what becomes of drawings, and what the page does not do."""
    limits = [words("glass_private"), words("glass_limits")]
    link = f' <a href="{escape(page)}">{escape(words("glass_page"))}</a>' if page else ""
    return as_html("p", " ".join(limits)).removesuffix("</p>") + f"{link}</p>"


def write_mount(name: str, component: gr.HTML, own: dict[str, str]) -> str:
    """Write the call that puts a component in its place.

    Args:
        name: Of its place.
        component: As the Gradio page has it.
        own: Values in JavaScript, on top of the component's.
    """
    values: dict[str, Any] = {"value": component.value, **component.props}
    keys = ", ".join(values)
    return f"""mount("{name}", {{
  values: {{ ...{as_json(values)}, {", ".join(f"{key}: {code}" for key, code in own.items())} }},
  html: ({{ {keys} }}) => `{component.html_template}`,
  css: ({{ {keys} }}) => `{component.css_template}`,
  script(element, props, trigger, watch) {{
{component.js_on_load}
  }},
}});"""


def as_json(value: Any) -> str:
    """Write a value so that it may stand in a script."""
    return json.dumps(value, ensure_ascii=False).replace("</", r"<\/")


def main() -> None:
    """Write the page's files into a folder."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--page", metavar="ADDRESS", help="the page that reads photographs too")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    for name, content in build(options.page).items():
        (options.folder / name).write_bytes(content)
        print(f"{options.folder / name}: {len(content):,} bytes")


if __name__ == "__main__":
    main()
