"""Evidence: beside each label, the map of what spoke for and against the digit it chose."""

from html import escape
from typing import Any

import gradio as gr
import numpy as np
from numpy.typing import NDArray

from mnist_models import Prediction
from mnist_models.words import Words
from web.components.png import as_small_url
from web.components.spoken import read_parts

FOR, AGAINST = (68, 160, 20), (158, 56, 210)
"""Green and violet, which differ to color-blind people too, both readable in light and in dark."""


class Evidence(gr.HTML):
    """The map of one digit's evidence over the digit's ink, with the score it sums to.

    Its value is what `show_evidence` returns, or None while there is nothing to show. The page
    gives it `--side`, the map's, and `--digit`, the picture of the ink. The browser holds the maps
    of all ten digits: a `choose-label` event in it names another one, which is shown until the
    next value comes, with a `new-evidence` that bubbles.

    Args:
        **kwargs: As for `gr.HTML`.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            **read_parts("evidence"),
            apply_default_css=False,
            elem_classes="evidence",
            chosen=None,
            **kwargs,
        )


def show_evidence(prediction: Prediction, words: Words) -> dict[str, Any]:
    """Return the value of an `Evidence`.

    Args:
        prediction: What one model says of a digit, with one row.
        words: Of the scores.
    """
    return {
        "maps": as_small_url(draw_maps(prediction.evidence[0])),
        "label": int(prediction.probabilities[0].argmax()),
        "scores": [
            words("score", label=label, score=words.number(f"{score:+.1f}"))
            for label, score in enumerate(prediction.logits[0])
        ],
    }


def draw_maps(evidence: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Draw the evidence of all labels side by side, from left to right.

    The color tells for from against; the stronger the evidence, the more opaque it is, by the
    square root, so that weak evidence shows. All labels share one scale and can be compared.

    Args:
        evidence: float32 (rows, columns, labels).

    Returns:
        uint8 (rows, labels * columns, 4), red, green, blue and alpha.
    """
    rows = evidence.shape[0]
    strength = np.sqrt(np.abs(evidence) / max(np.abs(evidence).max(), 1e-9))
    colors = np.where((evidence > 0)[..., None], FOR, AGAINST)
    maps = np.concatenate([colors, 255 * strength[..., None]], axis=-1).astype(np.uint8)
    return np.moveaxis(maps, 2, 1).reshape(rows, -1, 4)  # (rows, labels, columns, 4) before


def write_legend(words: Words) -> str:
    """Explain the colors, as HTML."""
    colors = [
        f'<i style="background: rgb{color}"></i>{escape(words(key))}'
        for key, color in (("for", FOR), ("against", AGAINST))
    ]
    return f"<p>{' '.join([*colors, escape(words('evidence'))])}</p>"
