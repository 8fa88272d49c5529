"""Gradio's label, whose ten rows stay in their places while the bars move."""

from typing import Any

import gradio as gr


class DigitLabel(gr.Label):
    """The most probable digit, and below it the probabilities of all ten."""

    is_template = True

    def postprocess(self, value: Any) -> Any:
        """Sort the rows by digit, of probabilities by digit; None is no answer."""
        data: Any = super().postprocess(value)
        if value:
            data.confidences.sort(key=lambda row: row.label)
        return data
