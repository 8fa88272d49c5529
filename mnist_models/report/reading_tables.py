"""What the served models read, doubt and withstand beyond the test digits, as Markdown tables."""

from collections.abc import Mapping, Sequence

from mnist_models.models.record import SERVED, ModelRecord
from mnist_models.report.comparison import as_markdown, localize

Record = Mapping[str, ModelRecord]

ROADS = ("right", "squashed", "Otsu")
"""How a picture may become a digit, as rows of ``ModelRecord.reading`` name it: as the product
does, and the two ways it is compared with."""

PORTUGUESE = {
    "pictures": "imagens",
    "condition": "condição",
    "number": "número",
    "squashed": "espremido",
    "drawn": "desenhados",
    "photographed": "fotografados",
    "shown": "mostrado",
    "doubts": "duvida",
    "laid over the digit": "posto sobre o dígito",
    "validation digits": "dígitos de validação",
    "pen strokes": "traços de caneta",
    "two digits": "dois dígitos",
    "letters": "letras",
    "figures": "desenhos",
    "scribbles": "rabiscos",
    "dots": "pontos",
    "lines": "linhas",
    "textures": "texturas",
    "nothing": "nada",
    "grain": "granulado",
    "salt and pepper": "sal e pimenta",
    "fog": "névoa",
    "stripe": "faixa",
    "stripes": "listras",
    "dotted line": "linha pontilhada",
    "blur": "desfoque",
    "motion": "movimento",
    "occlusion": "oclusão",
    "moved": "deslocamento",
    "faint": "pouco contraste",
}
"""By the English word of a table, the Portuguese one; the others are names in both."""


def write_reading(record: Record, language: str) -> str:
    """Write how pen strokes are read, drawn and photographed, over all conditions."""
    rows = [
        [row[0]["kind"], str(row[0]["count"]), *read_shares(row)]
        for row in side_by_side(record)
        if row[0]["factor"] == "all"
    ]
    return write_table(["pictures", "number", *ways(language)], rows, language)


def write_conditions(record: Record, language: str) -> str:
    """Write the same for every condition."""
    rows = [
        [
            row[0]["kind"],
            f"{row[0]['factor']}: {row[0]['value']}",
            str(row[0]["count"]),
            *read_shares(row),
        ]
        for row in side_by_side(record)
        if row[0]["factor"] != "all"
    ]
    return write_table(["pictures", "condition", "number", *ways(language)], rows, language)


def write_doubts(record: Record, language: str) -> str:
    """Write how often each model doubts, by what it is shown."""
    head = ["shown", *(f"`{name}` {translate('doubts', language)}" for name in SERVED)]
    return write_shares(head, [record[name].doubting for name in SERVED], language)


def write_robustness(record: Record, language: str) -> str:
    """Write what is read right under each disturbance of the 28 x 28 pixels."""
    head = ["laid over the digit", *(f"`{name}`" for name in SERVED)]
    return write_shares(head, [record[name].robustness for name in SERVED], language)


def side_by_side(record: Record) -> list[tuple[dict, ...]]:
    """Return the rows of reading, each condition's of all models together."""
    return list(zip(*(record[name].reading for name in SERVED), strict=True))


def ways(language: str) -> list[str]:
    """Name every model with every road."""
    return [
        f"`{name}`" if road == "right" else f"`{name}`, {translate(road, language)}"
        for name in SERVED
        for road in ROADS
    ]


def read_shares(row: tuple[dict, ...]) -> list[str]:
    """Write what share of a condition's pictures every model read by every road."""
    return [f"{cell[road] / cell['count']:.1%}" for cell in row for road in ROADS]


def write_shares(
    head: list[str], counts: Sequence[Mapping[str, Sequence[int]]], language: str
) -> str:
    """Write a row for every kind, with each model's share."""
    rows = [
        [kind, *(f"{share:.1%}" for share in shares)]
        for kind, shares in pair_shares(counts).items()
    ]
    return write_table(head, rows, language)


def pair_shares(counts: Sequence[Mapping[str, Sequence[int]]]) -> dict[str, list[float]]:
    """Return the share of each model by kind.

    Args:
        counts: For each model by kind, of how many it was so, and how many there were.
    """
    return {kind: [model[kind][0] / model[kind][1] for model in counts] for kind in counts[0]}


def write_table(head: list[str], rows: list[list[str]], language: str) -> str:
    """Write a Markdown table in a language."""
    told = [[translate(localize(cell, language), language) for cell in row] for row in rows]
    return as_markdown([translate(word, language) for word in head], told)


def translate(word: str, language: str) -> str:
    """Return a table's word in a language."""
    return word if language == "en" else PORTUGUESE.get(word, word)
