"""How the models compare, written from the record alone: tables and charts as HTML."""

import math
from collections.abc import Callable, Mapping
from html import escape

from mnist_models.comparison import (
    CLAIMS,
    HEADER,
    explain,
    localize,
    write_note,
    write_numbers,
    write_seeds,
)
from mnist_models.digits import LABELS
from mnist_models.reading_tables import pair_shares, translate
from mnist_models.record import SERVED, ModelRecord, compare
from web.texts import as_html, text

Record = Mapping[str, ModelRecord]
Points = list[tuple[float, float]]
"""Across and up, 0..1 of a chart."""

WIDTH, HEIGHT, LEFT, RIGHT, ABOVE, BELOW = 400, 240, 48, 20, 8, 24
"""Of a chart and of its margins for numbers, in units of its own."""

PICTURE = "https://huggingface.co/{repo}/resolve/{revision}/misread.png"
"""Where the Hub has the digits that a published model misread."""


def write_ways(language: str) -> str:
    """Tell people who know neither what the two models do differently."""
    return (
        as_html("h2", text("ways", language))
        + tell("cnn", text("cnn_does", language), language)
        + tell("linear", text("linear_does", language), language)
    )


def write_results(record: Record, language: str) -> str:
    """Write the whole comparison of a record, which may lack models."""
    served = {name: record[name] for name in SERVED if name in record}
    parts = [
        as_html("h2", text("table", language)),
        write_table(record, language),
        write_test(served, language),
        as_html("h2", text("learning", language)),
        f'<div class="charts">{draw_epochs(served, "accuracy", language)}'
        f"{draw_epochs(served, 'loss', language)}</div>",
        as_html("p", text("lines", language)),
        as_html("h2", text("calibration", language)),
        f'<div class="charts">{draw_calibration(served, language)}</div>',
        write_reading(served, language),
        f'<div class="charts">{write_doubts(served, language)}'
        f"{write_robustness(served, language)}</div>",
        as_html("h2", text("confusion", language)),
        f'<div class="confusions">{for_each(served, language, write_confusion)}</div>',
        for_each(served, language, show_misread),
    ]
    return "".join(parts)


def for_each(served: Record, language: str, write: Callable[[str, ModelRecord, str], str]) -> str:
    """Write the same of every served model."""
    return "".join(write(name, entry, language) for name, entry in served.items())


def title(name: str, language: str) -> str:
    """Return a network's name for people."""
    return text(name, language) if name in SERVED else name


def write_table(record: Record, language: str) -> str:
    """Write a row of numbers for each network, and below their seeds and why claims differ."""
    rows, seeds, reasons = [], [], []
    for name, entry in record.items():
        cells = [as_html("td", number) for number in write_numbers(name, entry, language)]
        head = as_html("th", title(name, language), scope="row")
        rows.append(f'<tr class="{name}">{head}{"".join(cells)}</tr>')
        if told := write_seeds(entry, language):
            seeds.append(tell(name, told, language))
        if name in CLAIMS:
            reasons.append(tell(name, explain(name, entry, language), language))
    *columns, last = HEADER[language]
    return (
        write_grid(text("table", language), columns, rows)
        + as_html("p", write_note(record, language))
        + "".join(seeds)
        + f"<details>{as_html('summary', last)}{''.join(reasons)}</details>"
    )


def write_grid(name: str, columns: list[str], rows: list[str]) -> str:
    """Wrap rows in a table with a head, that scrolls sideways where it is too wide."""
    head = "".join(as_html("th", column, scope="col") for column in columns)
    return (
        f'<div class="wide" role="region" tabindex="0" aria-label="{escape(name)}">'
        f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table></div>"
    )


def write_test(served: Record, language: str) -> str:
    """Say whether the served models differ by more than chance."""
    if len(served) < len(SERVED):
        return ""
    first, second, chance = compare(*(served[name] for name in SERVED))
    return as_html(
        "p",
        text(
            "compared",
            language,
            first=localize(f"{first:,}", language),
            second=localize(f"{second:,}", language),
            chance=localize(f"= {chance:.3f}" if chance >= 0.001 else "< 0.001", language),
        ),
    )


def tell(name: str, words: str, language: str) -> str:
    """Say something of a network, in its color."""
    return f'<p class="{name}">{as_html("b", title(name, language))}: {escape(words)}</p>'


def draw_epochs(served: Record, figure: str, language: str) -> str:
    """Draw a figure after each epoch, on a logarithmic scale.

    Args:
        served: The models' records.
        figure: "accuracy", drawn as the share read wrong, or "loss".
        language: Of the words.
    """
    mark_form, form = (".1%", ".2%") if figure == "accuracy" else ("g", ".3f")
    curves, told = {}, ""
    for name, entry in served.items():
        for kind, key in (("training", figure), ("", f"val_{figure}")):
            values = entry.history.get(key, [])
            curves[f"{name} {kind}"] = [1 - v if figure == "accuracy" else v for v in values]
        if values:
            ends = [f"{curves[f'{name} '][index]:{form}}" for index in (0, -1)]
            first, last = (localize(end, language) for end in ends)
            words = text("told", language, first=first, last=last, epochs=str(len(values)))
            told += tell(name, words, language)
    known = [value for curve in curves.values() for value in curve if value > 0]
    longest = max(map(len, curves.values()), default=0)
    if not known:
        return ""

    def up(value: float) -> float:
        low, high = math.log(min(known) / 1.1), math.log(max(known) * 1.1)
        return (math.log(max(value, min(known) / 1.1)) - low) / (high - low)

    marks = [digit * 10**power for power in range(-6, 3) for digit in (1, 3)]
    heights = {localize(f"{mark:{mark_form}}", language): up(mark) for mark in marks}
    return draw_chart(
        text("wrong" if figure == "accuracy" else "loss", language),
        {
            name: [(epoch / longest, up(value)) for epoch, value in enumerate(curve, 1)]
            for name, curve in curves.items()
        },
        across={str(epoch): epoch / longest for epoch in (1, longest)},
        up={mark: height for mark, height in heights.items() if 0 < height < 1},
        told=told,
    )


def draw_calibration(served: Record, language: str) -> str:
    """Draw how often the models were right against how sure they were, in ten bins."""
    shares = {f"{share:.0%}": share for share in (0, 0.25, 0.5, 0.75, 1)}
    curves: dict[str, Points] = {"ideal training": [(0, 0), (1, 1)]}
    told = ""
    for name, entry in served.items():
        bins = [(sure / count, right / count) for count, sure, right in entry.calibration if count]
        curves[name] = bins
        sums = [sum(column) / entry.num_test for column in zip(*entry.calibration, strict=True)]
        sure, right, gap = (
            localize(f"{share:.2%}", language) for share in (*sums[1:], entry.calibration_error)
        )
        told += tell(name, text("sure", language, sure=sure, right=right, gap=gap), language)
    return draw_chart(text("axes", language), curves, shares, shares, told)


def draw_chart(
    name: str,
    curves: Mapping[str, Points],
    across: Mapping[str, float],
    up: Mapping[str, float],
    told: str,
) -> str:
    """Draw curves over a grid, told in words below.

    Args:
        name: What it shows.
        curves: By the classes of its line, each curve's points, 0..1.
        across: Where numbers stand below, 0..1.
        up: Where numbers stand on the left, each with a line, 0..1.
        told: The same in words, as HTML.
    """

    def place(point: tuple[float, float]) -> tuple[str, str]:
        x, y = point
        left, top = LEFT + x * (WIDTH - LEFT - RIGHT), ABOVE + (1 - y) * (HEIGHT - BELOW - ABOVE)
        return f"{left:.1f}", f"{top:.1f}"

    drawn = ""
    for mark, height in up.items():
        x, y = place((0, height))
        drawn += f'<line x1="{x}" x2="{WIDTH - RIGHT}" y1="{y}" y2="{y}"/>'
        drawn += f'<text x="{LEFT - 6}" y="{y}" dy="4" text-anchor="end">{mark}</text>'
    for mark, right in across.items():
        x, _ = place((right, 0))
        drawn += f'<text x="{x}" y="{HEIGHT - 6}" text-anchor="middle">{mark}</text>'
    for kind, points in curves.items():
        line = " ".join(",".join(place(point)) for point in points)
        drawn += f'<polyline class="{kind}" points="{line}"/>'
    return (
        f'<figure><svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(name)}">'
        f"{drawn}</svg><figcaption>{as_html('b', name)}{told}</figcaption></figure>"
    )


def write_reading(served: Record, language: str) -> str:
    """Write how many drawings and photographs were read right; nothing before it was measured."""
    kinds = {"drawn": text("drawn", language), "photographed": text("photographed", language)}
    roads = {
        "right": text("own_road", language),
        "squashed": text("squashed", language),
        "Otsu": text("otsu", language),
    }
    rows: dict[str, list[float]] = {}
    for entry in served.values():
        for measured in entry.reading:
            for road in roads if measured["factor"] == "all" else ():
                head = f"{kinds[measured['kind']]}, {roads[road]}"
                rows.setdefault(head, []).append(measured[road] / measured["count"])
    return write_shares(text("reading", language), rows, served, language)


def write_doubts(served: Record, language: str) -> str:
    """Write how often the models doubt what they are shown; nothing before it was measured."""
    rows = name_shares([entry.doubting for entry in served.values()], language)
    note = as_html("p", text("doubt_goal", language))
    written = write_shares(text("doubting", language), rows, served, language)
    return written and f"<section>{written}{note}</section>"


def write_robustness(served: Record, language: str) -> str:
    """Write what the models read despite disturbances; nothing before it was measured."""
    rows = name_shares([entry.robustness for entry in served.values()], language)
    written = write_shares(text("robustness", language), rows, served, language)
    return written and f"<section>{written}</section>"


def name_shares(counts: list[Mapping[str, list[int]]], language: str) -> dict[str, list[float]]:
    """Return the share of each model by kind of picture; nothing before all were measured."""
    shares = pair_shares(counts) if counts and all(counts) else {}
    return {translate(kind, language): pair for kind, pair in shares.items()}


def write_shares(name: str, rows: Mapping[str, list[float]], served: Record, language: str) -> str:
    """Write a heading and a table of each model's shares; nothing where there are no rows."""
    written = [
        f"<tr>{as_html('th', head, scope='row')}"
        f"{''.join(as_html('td', localize(f'{share:.1%}', language)) for share in shares)}</tr>"
        for head, shares in rows.items()
    ]
    columns = ["", *(title(model, language) for model in served)]
    return as_html("h2", name) + write_grid(name, columns, written) if rows else ""


def show_misread(name: str, entry: ModelRecord, language: str) -> str:
    """Show the digits that a published model misread, as the Hub has them."""
    if entry.repo is None or "misread.png" not in entry.published:
        return ""
    words = text("misread", language, model=text(name, language))
    address = PICTURE.format(repo=entry.repo, revision=entry.revision)
    return f'<img class="misread" src="{address}" alt="{escape(words)}" loading="lazy">'


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
