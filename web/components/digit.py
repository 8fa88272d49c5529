"""The digit as both models saw it, every pixel a tile."""

from typing import Any

from web.components.png import as_url
from web.components.spoken import SpokenHTML, read_parts


class Digit(SpokenHTML):
    """The 28 x 28 pixels; its value is uint8 (28, 28), or None while there is no digit.

    The page gives it `--pixel`, a tile's side. A `show-digit` that bubbles carries the picture's
    address, or null, to whoever shows the digit too: it is encoded and sent once.

    Args:
        **kwargs: As for `gr.HTML`.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            lambda words: {key: words(key) for key in ("digit", "digit_empty")},
            **read_parts("digit"),
            **kwargs,
        )

    def postprocess(self, value: Any) -> str | None:
        """Return what the browser shows."""
        return None if value is None else as_url(value)
