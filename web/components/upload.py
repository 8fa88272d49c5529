"""Gradio's picture input, with a file's path as its value and small pictures of the examples."""

import base64
import io
from typing import Any

import gradio as gr
from PIL import Image, ImageOps

THUMBNAIL = 92
"""Side of an example's picture on the page, in pixels: two for each of the style sheet's."""


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
