"""How the models compare, shown from the record alone, as HTML."""

from dataclasses import dataclass
from functools import partial
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from mnist_models.digits import LABELS
from mnist_models.models.record import ModelRecord
from mnist_models.report.tables import (
    Record,
    explain_claims,
    name_network,
    of_served,
    tabulate_doubts,
    tabulate_numbers,
    tabulate_reading,
    tabulate_robustness,
    tabulate_whole_numbers,
    tell_difference,
    tell_machines,
    tell_seeds,
)
from mnist_models.words import Words
from web.compare.charts import draw_calibration, draw_epochs

TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent),
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
    undefined=StrictUndefined,
)
"""The HTML files beside this one."""


def write_ways(words: Words) -> str:
    """Tell people who know neither what the two models do differently."""
    title = partial(name_network, words=words)
    return TEMPLATES.get_template("ways.html").render(words=words, title=title)


def write_results(record: Record, words: Words) -> str:
    """Write the whole comparison of a record, which may lack models."""
    served = of_served(record)
    return TEMPLATES.get_template("results.html").render(
        words=words,
        title=partial(name_network, words=words),
        record=record,
        served=served,
        labels=LABELS,
        numbers=tabulate_numbers(record, words),
        machines=tell_machines(record, words),
        seeds=tell_seeds(record, words),
        reasons=explain_claims(record, words),
        difference=tell_difference(record, words),
        errors=draw_epochs(served, "accuracy", words),
        losses=draw_epochs(served, "loss", words),
        calibration=draw_calibration(served, words),
        reading=tabulate_reading(record, words),
        whole_numbers=tabulate_whole_numbers(record, words),
        doubts=tabulate_doubts(record, words),
        robustness=tabulate_robustness(record, words),
        confusions={name: sum_up(name, entry, words) for name, entry in served.items()},
    )


@dataclass(frozen=True)
class Confusion:
    """What a model's confusion comes to.

    Attributes:
        sentence: How many digits were read wrong, and which most often.
        most: How often the most frequent confusion occurred; 1 if there is none.
    """

    sentence: str
    most: int


def sum_up(name: str, entry: ModelRecord, words: Words) -> Confusion:
    """Sum up which digits a model confuses."""
    pairs = [
        (count, written, read)
        for written, row in enumerate(entry.confusion)
        for read, count in enumerate(row)
        if count and written != read
    ]
    pairs.sort(reverse=True)
    sentence = words(
        "confused",
        model=name_network(name, words),
        errors=words.number(f"{entry.errors:,}"),
        digits=words.number(f"{entry.num_test:,}"),
        pairs=", ".join(f"{written} → {read} ({count})" for count, written, read in pairs[:3]),
    )
    return Confusion(sentence, most=max((count for count, *_ in pairs), default=1))
