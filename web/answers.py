"""What the page says of a drawing or an upload: its reading, or why there is none."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from mnist_models import MnistModelsError, Reader, Reading
from mnist_models.models.record import SERVED
from mnist_models.words import Words
from web.components.evidence import show_evidence
from web.markup import as_html

Answers = tuple[Any, ...]
"""For the two labels, the two maps of evidence, the digit and the message."""


def answer_visitor(
    reader: Reader, given: Any, to_source: Callable[[Any], bytes | Path], words: Words
) -> Answers:
    """Read what a visitor gave, or say in a sentence why it cannot be read.

    Args:
        reader: Who reads the digit.
        given: The value of the pad or of the upload; nothing while it is empty.
        to_source: Checks the value and makes a picture file's bytes or path of it.
        words: The visitor's.
    """
    if not given:
        return show_message(words("waiting"))
    try:
        return show_reading(reader.read(to_source(given)), words)
    except MnistModelsError as error:
        return show_message(error.told(words), role="alert")


def show_reading(reading: Reading, words: Words) -> Answers:
    """Show what both models say of a digit, and why."""
    labels = (reading[name].by_label() for name in SERVED)
    maps = (show_evidence(reading[name], words) for name in SERVED)
    message = write_message(sum_up(reading, words)) + write_remark(reading, words)
    return *labels, *maps, reading.digit, message


def show_message(message: str, **attributes: str) -> Answers:
    """Say something where there is nothing to show."""
    return None, None, None, None, None, write_message(message, **attributes)


def write_message(message: str, **attributes: str) -> str:
    """Return a message as HTML; its time lets the page notice an answer that equals the last."""
    return as_html("p", message, **attributes, **{"data-time": str(time.time_ns())})


def sum_up(reading: Reading, words: Words) -> str:
    """Say in a sentence whether both models read the same."""
    read = {name: str(reading[name].probabilities[0].argmax()) for name in SERVED}
    return words("agree" if len(set(read.values())) == 1 else "differ", **read)


def write_remark(reading: Reading, words: Words) -> str:
    """Say, as HTML, what makes the reading doubtful; nothing if nothing does."""
    reasons = {
        "doubt": reading["cnn"].is_doubtful[0],
        "unsure": reading["linear"].is_doubtful[0],
    }
    found = next((reason for reason, holds in reasons.items() if holds), None)
    return as_html("p", words(found), id="remark") if found else ""
