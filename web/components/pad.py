"""The drawing pad: a sheet that sends its drawing as a small picture while the pen moves."""

import base64
import binascii
from typing import Any

from mnist_models import PictureError
from web.components.png import PREFIX
from web.components.spoken import SpokenHTML, read_parts
from web.limits import MAX_DRAWING

PEN = 0.08
"""Width of the pen on the screen, in widths of the pad."""

INK_PEN = 0.13
"""Width of the pen in the picture that is sent, in lengths of a digit's longer side.

It leaves strokes of 2.45 pixels in the 28x28, the median of MNIST's training digits.
"""

PICTURE_SIDE = 128
"""Height and width of the picture that is sent of one digit, in pixels."""

LARGEST_SIDE = 700
"""The longest side of the picture that is sent of several digits, in pixels: a pad full of them
stays below `MAX_DRAWING`."""

PAUSE = 120
"""Milliseconds between two predictions while the pen moves."""


LIBRARIES = ("ink", "link", "session")
"""The scripts that the pad's own one builds on. None of the four knows Gradio."""

SPOKEN = (
    *("canvas", "invitation", "undo", "redo", "clear", "save", "file"),
    *("link", "link_copied", "link_here", "link_too_long", "link_broken"),
)
"""What the pad says."""


class Pad(SpokenHTML):
    """A sheet to draw on with mouse, pen or finger, with undo, redo and clear.

    Its value is the drawing as a PNG data URL, black on white, or None while the sheet is empty.
    It triggers `input` while the pen moves and after every change, each with a `drawing` that
    bubbles. What was drawn outlives a reload of the page in the same tab, and a link's fragment can
    carry it; a `pad-opens` that bubbles lets others say first where the pad is. A `say` in it
    carries a sentence to show for a while. A page that reads in the browser gives it `asValue`: a
    function from the picture's canvas to the value.

    Args:
        **kwargs: As for `gr.HTML`.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            lambda words: {key: words(key) for key in SPOKEN},
            **read_parts("pad", *LIBRARIES),
            apply_default_css=False,
            pen=PEN,
            inkPen=INK_PEN,
            pictureSide=PICTURE_SIDE,
            largestSide=LARGEST_SIDE,
            pause=PAUSE,
            **kwargs,
        )

    def api_info(self) -> dict[str, Any]:
        """Describe the pad's value."""
        return {"type": "string", "description": "A drawing as a PNG data URL."}


def decode_drawing(value: object) -> bytes:
    """Return the PNG file that the pad sent.

    Args:
        value: The pad's value, which can be anything that the network sends.

    Raises:
        PictureError: The value is not a PNG data URL of at most `MAX_DRAWING` characters.
    """
    if isinstance(value, str) and value.startswith(PREFIX) and len(value) <= MAX_DRAWING:
        try:
            return base64.b64decode(value.removeprefix(PREFIX), validate=True)
        except binascii.Error:
            pass  # refused below like every other value that is no drawing
    raise PictureError("damaged_drawing")
