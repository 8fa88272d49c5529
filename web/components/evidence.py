"""Evidence: beside each label, the map of what spoke for and against the digit it chose."""

import base64
import io
from html import escape
from pathlib import Path
from typing import Any

import gradio as gr
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from mnist_models import Prediction
from mnist_models.report.comparison import localize
from web.texts import ENGLISH, text

HERE = Path(__file__).parent

FOR, AGAINST = (68, 160, 20), (158, 56, 210)
"""Green and violet, which differ to color-blind people too, both readable in light and in dark."""


class Evidence(gr.HTML):
    """The map of one digit's evidence over the digit's ink, with the score it sums to.

    Its value is what `show_evidence` returns, or None while there is nothing to show. The page's
    rows of probabilities choose the digit: the browser holds the maps of all ten.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            html_template=(HERE / "evidence.html").read_text("utf-8"),
            js_on_load=(HERE / "evidence.js").read_text("utf-8"),
            apply_default_css=False,
            elem_classes="evidence",
            **kwargs,
        )


def show_evidence(
    digit: NDArray[np.uint8], prediction: Prediction, language: str = ENGLISH
) -> dict[str, Any]:
    """Return the value of an `Evidence`.

    Args:
        digit: uint8 (28, 28).
        prediction: What one model says of it, with one row.
        language: Of the scores' words.
    """
    scores = [localize(f"{score:+.1f}", language) for score in prediction.logits[0]]
    return {
        "ink": as_url(digit),
        "maps": as_url(draw_maps(prediction.evidence[0])),
        "label": int(prediction.probabilities[0].argmax()),
        "scores": [
            text("score", language, label=str(label), score=score)
            for label, score in enumerate(scores)
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


def legend(language: str) -> str:
    """Explain the colors, as HTML."""
    parts = [
        f'<i style="background: rgb{color}"></i>{escape(text(key, language))}'
        for key, color in (("for", FOR), ("against", AGAINST))
    ]
    return f"<p>{' '.join([*parts, escape(text('evidence', language))])}</p>"


def as_url(pixels: NDArray[np.uint8]) -> str:
    """Return pixels as a PNG in a data URL."""
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG", compress_level=1)
    return "data:image/png;base64," + base64.b64encode(file.getvalue()).decode()
