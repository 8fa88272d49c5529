"""How the models compare, written from the record alone: table, chart and confusions as HTML."""

import math
from collections.abc import Mapping
from html import escape

from mnist_models.comparison import CLAIMS
from mnist_models.digits import LABELS
from mnist_models.record import SERVED, ModelRecord
from web.texts import as_html, localize, text

Record = Mapping[str, ModelRecord]

COLUMNS = ("network", "claimed", "measured", "parameters", "size", "epoch_time", "digit_time")

WIDTH, HEIGHT = 640, 240
"""Of the chart, in units of its own."""

GRID = (0.3, 0.1, 0.03, 0.01, 0.003)
"""Shares of digits read wrong at which the chart has a line."""


def write_results(record: Record, language: str) -> str:
    """Write the whole comparison of a record, which may lack models."""
    served = {name: record[name] for name in SERVED if name in record}
    confusions = "".join(write_confusion(name, served[name], language) for name in served)
    return (
        as_html("h2", text("table", language))
        + write_table(record, language)
        + as_html("h2", text("learning", language))
        + draw_learning(served, language)
        + as_html("h2", text("confusion", language))
        + f'<div class="confusions">{confusions}</div>'
    )


def write_table(record: Record, language: str) -> str:
    """Write a row of numbers for each network."""
    head = "".join(f'<th scope="col">{escape(text(key, language))}</th>' for key in COLUMNS)
    rows = "".join(write_row(name, entry, language) for name, entry in record.items())
    machines = ", ".join(sorted({entry.machine for entry in record.values()}))
    return (
        f'<div class="wide" role="region" tabindex="0" aria-label="{text("table", language)}">'
        f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
        + as_html("p", text("machine", language, machine=machines))
    )


def write_row(name: str, entry: ModelRecord, language: str) -> str:
    """Write one network's numbers."""
    low, high = entry.interval
    numbers = (
        f"{CLAIMS[name].accuracy:.2%}" if name in CLAIMS else "",
        f"{entry.accuracy:.2%} ({low:.2%} – {high:.2%})",  # noqa: RUF001 - a range's dash
        f"{entry.num_parameters:,}",
        f"{entry.num_bytes / 1000:,.0f} kB",
        f"{entry.seconds_per_epoch:.1f} s",
        f"{entry.milliseconds_per_digit:.2g} ms",
    )
    title = text(name, language) if name in SERVED else name
    cells = "".join(as_html("td", localize(number, language)) for number in numbers)
    return f'<tr class="{name}"><th scope="row">{escape(title)}</th>{cells}</tr>'


def draw_learning(served: Record, language: str) -> str:
    """Draw the share of validation digits read wrong after each epoch, on a logarithmic scale."""
    curves = {
        name: [1 - accuracy for accuracy in entry.history["val_accuracy"]]
        for name, entry in served.items()
    }
    longest = max(map(len, curves.values()), default=1)
    lines = "".join(
        f'<line x1="0" x2="{WIDTH}" y1="{height(share):.1f}" y2="{height(share):.1f}"/>'
        f'<text x="6" y="{height(share) - 4:.1f}">{localize(f"{share:.1%}", language)}</text>'
        for share in GRID
    )
    drawn, told = "", []
    for name, shares in curves.items():
        points = " ".join(
            f"{WIDTH * epoch / longest:.1f},{height(share):.1f}"
            for epoch, share in enumerate(shares, 1)
        )
        drawn += f'<polyline class="{name}" points="{points}"/>'
        drawn += f'<text class="{name}" x="{WIDTH - 6}" y="{height(shares[-1]) - 8:.1f}">'
        drawn += f"{escape(text(name, language))}</text>"
        figures = {"first": f"{shares[0]:.1%}", "last": f"{shares[-1]:.2%}"}
        figures = {key: localize(figure, language) for key, figure in figures.items()}
        words = text("learned", language, epochs=str(len(shares)), **figures)
        told.append(f"{text(name, language)}: {words}")
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(" ".join(told))}">'
        f"{lines}{drawn}</svg>" + as_html("p", " ".join(told))
    )


def height(share: float) -> float:
    """Return how far below the chart's top a share of digits read wrong is drawn."""
    depths = [math.log(limit) for limit in (GRID[0] * 1.5, GRID[-1] * 0.7)]
    place = math.log(min(max(share, 1e-4), 1))
    return min(max((place - depths[0]) / (depths[1] - depths[0]), 0), 1) * HEIGHT


def write_confusion(name: str, entry: ModelRecord, language: str) -> str:
    """Write a model's confusion as a table, and its most frequent ones in a sentence."""
    pairs = [
        (count, written, read)
        for written, row in enumerate(entry.confusion)
        for read, count in enumerate(row)
        if count and written != read
    ]
    worst = sorted(pairs, reverse=True)[:3]
    most = max((count for count, *_ in pairs), default=1)
    head = "".join(f'<th scope="col">{label}</th>' for label in LABELS)
    rows = ""
    for written, row in enumerate(entry.confusion):
        cells = "".join(
            f"<td>{count}</td>"
            if read == written
            else f'<td style="--share: {count / most:.2f}">{count or ""}</td>'
            for read, count in enumerate(row)
        )
        rows += f'<tr><th scope="row">{LABELS[written]}</th>{cells}</tr>'
    listed = ", ".join(f"{written} → {read} ({count})" for count, written, read in worst)
    caption = text(
        "confused",
        language,
        model=text(name, language),
        errors=localize(f"{entry.errors:,}", language),
        digits=localize(f"{entry.num_test:,}", language),
        pairs=listed,
    )
    return (
        f'<table class="confusion {name}">{as_html("caption", caption)}'
        f"<thead><tr><td></td>{head}</tr></thead><tbody>{rows}</tbody></table>"
    )
