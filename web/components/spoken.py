"""HTML in the browser's language, and the files that a component is made of."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import gradio as gr

from mnist_models.words import Words
from web.words import WORDS

HERE = Path(__file__).parent

PARTS = {"html_template": ".html", "css_template": ".css", "js_on_load": ".js"}
"""What a component may lie in beside its module, by what `gr.HTML` calls it."""


class SpokenHTML(gr.HTML):
    """HTML whose words are those of the browser's language; it has them in every language.

    Args:
        speak: Returns the words of a language, as the template's `said`.
        html_template: As for `gr.HTML`.
        **kwargs: As for `gr.HTML`.
    """

    def __init__(
        self, speak: Callable[[Words], Any], html_template: str = "${said}", **kwargs: Any
    ) -> None:
        super().__init__(
            html_template=f"${{((said) => `{html_template}`)"
            "(words[navigator.language.slice(0, 2)] ?? words.en)}",
            words={language: speak(words) for language, words in WORDS.items()},
            **kwargs,
        )


def read_parts(name: str, *libraries: str) -> dict[str, Any]:
    """Return a component's template, style and script, as `gr.HTML` takes them.

    Args:
        name: The component's.
        *libraries: The names of scripts that its own one builds on.
    """
    paths = {part: HERE / f"{name}{suffix}" for part, suffix in PARTS.items()}
    parts = {part: path.read_text("utf-8") for part, path in paths.items() if path.exists()}
    if "js_on_load" in parts:
        parts["js_on_load"] = read_scripts(*libraries, name)
    return parts


def read_scripts(*names: str) -> str:
    """Return components' scripts, one after the other."""
    return "".join(read_script(HERE / f"{name}.js") for name in names)


def read_script(path: Path) -> str:
    """Return a script without what only its readers need: lines of comment, and indents."""
    return re.sub(r"^[ ]*//.*\n|^[ ]+", "", path.read_text("utf-8"), flags=re.MULTILINE)
