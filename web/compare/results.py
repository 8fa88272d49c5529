"""How the models compare, written from the record alone, as HTML."""

from collections.abc import Callable, Mapping
from html import escape

from mnist_models.digits import LABELS
from mnist_models.models.record import SERVED, ModelRecord
from mnist_models.report.comparison import (
    CLAIMS,
    HEADER,
    explain,
    localize,
    write_note,
    write_numbers,
    write_seeds,
)
from mnist_models.report.mcnemar import compare_by_mcnemar
from mnist_models.report.reading_tables import pair_shares, translate
from web.compare.charts import draw_calibration, draw_epochs
from web.texts import as_html, tell, text, title

Record = Mapping[str, ModelRecord]

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
    first, second, chance = compare_by_mcnemar(*(served[name] for name in SERVED))
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
