"""The digits of a number, a tile each, of which one is chosen."""

from itertools import count
from typing import Any

from mnist_models import Number, Reading
from mnist_models.models.record import SERVED
from mnist_models.words import Words
from web.components.evidence import show_evidence
from web.components.png import as_url
from web.components.spoken import SpokenHTML, read_parts

SHOW_CHOSEN = """
    ({ lines, chosen }) => {
      const { probabilities, evidence, picture } = lines.flat()[chosen];
      const labels = probabilities.map((shares) => ({
        label: String(shares.indexOf(Math.max(...shares))),
        confidences: shares.map((confidence, label) => ({ label: String(label), confidence })),
      }));
      return [...labels, ...evidence, picture];
    }
"""
"""Makes of the tiles' value what the two labels, the two maps and the digit show: in the browser,
so that a tile that is pressed asks the server nothing."""

DECIMALS = 5
"""Of the probabilities that the browser holds."""


class Numbers(SpokenHTML):
    """The digits of a number in lines, with both answers below each and those in doubt marked.

    Its value is what `show_tiles` returns, or None while there is no more than one digit. A press
    on a tile, or an arrow key, chooses it and triggers `select`. A `show-number` that bubbles
    carries every new value and choice.

    Args:
        **kwargs: As for `gr.HTML`.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            lambda words: {"digits": words("digits")},
            **read_parts("numbers"),
            apply_default_css=False,
            **kwargs,
        )


def show_tiles(number: Number, chosen: int, picture: str | None, words: Words) -> dict[str, Any]:
    """Return the value of `Numbers`.

    Args:
        number: With two digits or more.
        chosen: Whose answers are shown, counted in reading order.
        picture: The path of an upload, over which the boxes are drawn.
        words: Of what the tiles are called.
    """
    total, indices = len(number.readings), count()
    lines = [
        [show_tile(reading, next(indices), total, words) for reading in line]
        for line in number.lines
    ]
    return {"lines": lines, "chosen": chosen, "picture": picture}


def show_tile(reading: Reading, index: int, total: int, words: Words) -> dict[str, Any]:
    """Return what the browser holds of one digit: what its tile says, and all that it can show."""
    read = {name: reading.label(name) for name in SERVED}
    is_doubted = bool(reading["cnn"].is_doubtful[0])
    key = "tile_doubted" if is_doubted else "tile"
    return {
        **read,
        "index": index,
        "name": words(key, index=index + 1, total=total, **read),
        "doubted": is_doubted,
        "apart": reading.after_space,
        "box": reading.box,
        "picture": as_url(reading.digit),
        "probabilities": [
            [round(share, DECIMALS) for share in reading[name].probabilities[0].tolist()]
            for name in SERVED
        ],
        "evidence": [show_evidence(reading[name], words) for name in SERVED],
    }
