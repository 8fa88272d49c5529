"""What the page says of a drawing or an upload: what is read in it, or why nothing is."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from mnist_models import MnistModelsError, Number, Reader
from mnist_models.models.record import SERVED
from mnist_models.words import Words
from web.components.evidence import show_evidence
from web.components.numbers import show_tiles
from web.markup import as_html

Answers = tuple[Any, ...]
"""For the two labels, the two maps of evidence, the digit, the message and the tiles."""

READ = 0.5
"""Of several digits, one to whose likeliest label the network gives less than this is not read."""

MOST_TOLD = 12
"""Of more digits than this, the headline tells how many are read alike, and not what they are."""


def answer_visitor(
    reader: Reader, given: Any, to_source: Callable[[Any], bytes | Path], words: Words
) -> Answers:
    """Read what a visitor gave, or say in a sentence why it cannot be read.

    Args:
        reader: Who reads the digits.
        given: The value of the pad or of the upload; nothing while it is empty.
        to_source: Checks the value and makes a picture file's bytes or path of it.
        words: The visitor's.
    """
    if not given:
        return show_message(words("waiting"))
    try:
        source = to_source(given)
        picture = given if isinstance(source, Path) else None
        return show_number(reader.read_number(source), words, picture)
    except MnistModelsError as error:
        return show_message(error.told(words), role="alert")


def show_number(number: Number, words: Words, picture: str | None = None) -> Answers:
    """Show what both models say: of one digit and why, and where there are several, of each.

    Args:
        number: What was read; of several digits the first in doubt is chosen, or else the first.
        words: The visitor's.
        picture: The path of an upload.
    """
    readings = number.readings
    chosen = next((i for i, one in enumerate(readings) if one["cnn"].is_doubtful[0]), 0)
    reading = readings[chosen]
    labels = (reading[name].by_label() for name in SERVED)
    maps = (show_evidence(reading[name], words) for name in SERVED)
    message = write_message(sum_up(number, words))
    message += write_turn(number, words) + write_remark(number, words)
    tiles = show_tiles(number, chosen, picture, words) if len(readings) > 1 else None
    return *labels, *maps, reading.digit, message, tiles


def show_message(message: str, **attributes: str) -> Answers:
    """Say something where there is nothing to show."""
    return *[None] * 5, write_message(message, **attributes), None


def write_message(message: str, **attributes: str) -> str:
    """Return a message as HTML; its time lets the page notice an answer that equals the last."""
    return as_html("p", message, **attributes, **{"data-time": str(time.time_ns())})


def sum_up(number: Number, words: Words) -> str:
    """Say in a sentence whether both models read the same, if the network knows any digit here."""
    total = len(number.readings)
    if is_unknown(number):
        return words("unknown")
    read = read_by_each(number)
    differ = sum(len({one.label(name) for name in SERVED}) > 1 for one in number.readings)
    if total > MOST_TOLD:
        return words("differ_in" if differ else "agree_on", count=differ, total=total)
    return words("differ" if differ else "agree", **read)


def write_remark(number: Number, words: Words) -> str:
    """Say, as HTML, what makes the reading doubtful; nothing if nothing does."""
    total = len(number.readings)
    doubted, unsure = (count_doubted(number, name) for name in SERVED)
    unknown, remark = is_unknown(number), ""
    if unknown and doubted > unsure:
        remark = words("linear_reads", **read_by_each(number)) if total <= MOST_TOLD else ""
    elif doubted and not unknown:
        remark = words("doubts_some", count=doubted, total=total)
    elif unsure:
        remark = words("unsure" if total == 1 else "unsure_of_some", count=unsure, total=total)
    return as_html("p", remark, id="remark") if remark else ""


def write_turn(number: Number, words: Words) -> str:
    """Say, as HTML, that the photograph was turned; nothing if it was not."""
    is_turned = any(reading.is_turned for reading in number.readings)
    return as_html("p", words("turned"), id="turned") if is_turned else ""


def is_unknown(number: Number) -> bool:
    """Tell whether the network knows no digit here: it doubts all, and reads none of several.

    A digit of several is also doubted where another label is near: that is still a digit.
    """
    readings = [reading["cnn"] for reading in number.readings]
    if count_doubted(number, "cnn") < len(readings):
        return False
    return len(readings) == 1 or all(one.probabilities.max() < READ for one in readings)


def count_doubted(number: Number, name: str) -> int:
    """Return of how many digits a model doubts that they are digits."""
    return sum(bool(reading[name].is_doubtful[0]) for reading in number.readings)


def read_by_each(number: Number) -> dict[str, str]:
    """Return what each model reads, on one line."""
    return {name: number.text(name).replace("\n", ", ") for name in SERVED}
