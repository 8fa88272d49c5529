"""What the page says of a drawing or an upload, in a sentence or two."""

from typing import Any

import gradio as gr

from web.components.spoken import read_parts


class Message(gr.HTML):
    """Sentences as HTML.

    An `answered` that bubbles tells of every new one, and a `settled` carries its words once it has
    stood for a second, without alerts, which are heard by themselves. A `say` in it carries a
    sentence to show as an alert until the next answer.

    Args:
        value: What it says at first.
        **kwargs: As for `gr.HTML`.
    """

    def __init__(self, value: str, **kwargs: Any) -> None:
        super().__init__(value, **read_parts("message"), **kwargs)
