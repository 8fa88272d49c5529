"""What was measured, one function for each table and for each sentence that stands below one.

Cells and sentences come in a language's words and number marks. `report.readme` writes them as
Markdown and the page's templates show them, so that both tell the same.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from mnist_models.models.record import SERVED, Measured, ModelRecord, wilson_interval
from mnist_models.report.claims import CLAIMS
from mnist_models.report.mcnemar import compare_by_mcnemar
from mnist_models.words import Words

Record = Mapping[str, ModelRecord]

WAYS = ("right", "squashed", "Otsu")
"""How a picture may become a digit, as rows of `ModelRecord.reading` name it: as the product
does, and the two ways it is compared with."""

DETAILED = ("drawn", "photographed")
"""The kinds of pictures that are also told by other ways to read them, and by condition."""

MEASURES = {
    "whole": ("right", "count"),
    "digits": ("digits right", "digits"),
    "lines": ("lines right", "lines"),
    "squashed": ("squashed", "count"),
    "Otsu": ("Otsu", "count"),
    "doubted": ("wrong and doubted", "wrong"),
    "several": ("several", "count"),
    "several by Otsu": ("several by Otsu", "count"),
}
"""What is told of whole numbers, with the counts of `ModelRecord.whole_numbers` that it is a share
of: of how many it is so, and how many there are."""

DEPENDENT = ("digits", "lines")
"""Measures without an interval: what stands in one picture is right or wrong together."""

NUMBERS = (
    *("network", "claimed", "test_accuracy", "training_accuracy", "parameters", "size"),
    *("seconds_per_epoch", "milliseconds_per_digit"),
)
"""The columns of the networks' numbers, as the words files name them."""


@dataclass(frozen=True)
class Table:
    """A table as text.

    Attributes:
        head: The name of every column; empty where the rows' names need none.
        rows: By what a row is of, its cells, the row's name first. A network's row goes by the
            network's name in the record. There are none before they were measured.
        note: A sentence that stands below the rows; mostly there is none.
    """

    head: Sequence[str]
    rows: Mapping[str, Sequence[str]]
    note: str = ""


def of_served(record: Record) -> Record:
    """Return the part of a record that is of the served models, in the page's order."""
    return {name: record[name] for name in SERVED if name in record}


def name_network(name: str, words: Words) -> str:
    """Return a network's name for people; those that are not served keep their own."""
    return words(name) if name in SERVED else name


def name_row(kind: str, name: str, words: Words) -> str:
    """Return what the words files call something that a record's row names in English.

    Args:
        kind: What it is, such as "condition".
        name: What the record calls it, such as "light hard shadow".
        words: Of the language.

    Raises:
        KeyError: It was measured but has no words yet.
    """
    return words(re.sub(r"\W+", "_", f"{kind} {name}").strip("_"))


def tabulate_numbers(record: Record, words: Words) -> Table:
    """Tabulate what is claimed and what was measured of every network."""
    rows = {name: list_numbers(name, entry, words) for name, entry in record.items()}
    return Table([words(f"column_{column}") for column in NUMBERS], rows)


def list_numbers(name: str, entry: ModelRecord, words: Words) -> list[str]:
    """List a network's numbers in the order of `NUMBERS`."""
    claim = CLAIMS.get(name)
    return [
        name_network(name, words),
        words.number(f"{claim.accuracy:.2%}") if claim else "",
        tell_interval((entry.num_test - entry.errors, entry.num_test), words, decimals=2),
        words.number(f"{entry.training_accuracy:.2%}"),
        words.number(f"{entry.num_parameters:,}"),
        words.number(f"{entry.num_bytes / 1000:,.0f} kB"),
        tell_time(entry.seconds_per_epoch, claim.seconds_per_epoch if claim else None, words),
        tell_time(
            entry.milliseconds_per_digit, claim.milliseconds_per_digit if claim else None, words
        ),
    ]


def tell_time(measured: float, claimed: float | None, words: Words) -> str:
    """Tell a time, with the claimed one beside it if there is one."""
    number = words.number(f"{measured:g}")
    if claimed is None:
        return number
    return words("time_beside_claim", measured=number, claimed=words.number(f"{claimed:g}"))


def tell_machines(record: Record, words: Words) -> str:
    """Say where the times were measured, and on what the training accuracy."""
    machines = sorted({entry.machine for entry in record.values()})
    return words("measured_on", machine="; ".join(machines))


def tell_seeds(record: Record, words: Words) -> dict[str, str]:
    """Say how much a network's seeds differ, by network, where there are several."""
    told = {}
    for name, entry in record.items():
        if len(entry.seeds) > 1:
            mean, deviation = (words.number(f"{share:.2%}") for share in entry.accuracy_over_seeds)
            number = len(entry.seeds)
            told[name] = words(
                "seeds", number=number, mean=mean, deviation=deviation, seed=entry.seed
            )
    return told


def tell_difference(record: Record, words: Words) -> str:
    """Say whether the served models differ by more than chance; nothing where one is missing."""
    served = of_served(record)
    if len(served) < len(SERVED):
        return ""
    first, second, chance = compare_by_mcnemar(*served.values())
    return words(
        "compared",
        first=words.number(f"{first:,}"),
        second=words.number(f"{second:,}"),
        chance=words.number(f"= {chance:.3f}" if chance >= 0.001 else "< 0.001"),
    )


def explain_claims(record: Record, words: Words) -> dict[str, str]:
    """Say why a claim and the measurement differ, if they do, by network of which one is made."""
    told = {}
    for name, claim in CLAIMS.items():
        if name in record:
            low, high = record[name].interval
            within = low <= claim.accuracy <= high
            told[name] = words("claim_within" if within else f"why_{name}")
    return told


def tabulate_reading(record: Record, words: Words) -> Table:
    """Tabulate how people's pen strokes are read in each kind of picture, and in other ways."""
    counts: dict[str, dict[str, tuple[int, int]]] = {}
    for name, entry in of_served(record).items():
        counts[name] = {}
        for row in entry.reading:
            if row["factor"] != "all":
                continue
            for way in WAYS if row["kind"] in DETAILED else WAYS[:1]:
                told = f"{name_row('kind', row['kind'], words)}, {name_row('way', way, words)}"
                counts[name][told] = row[way], row["count"]
        if counts[name]:
            every = [row for row in entry.reading if row["factor"] == "all"]
            undoubted, count = (sum(row[key] for row in every) for key in ("undoubted", "count"))
            counts[name][words("wrong_without_doubt")] = undoubted, count
    return tabulate_shares(counts, tell_outdated(record, "reading", words), words)


def tabulate_conditions(record: Record, words: Words) -> Table:
    """Tabulate the same under each condition, with a column for every model and way."""
    served = of_served(record)
    readings = [entry.reading for entry in served.values()]
    rows: dict[str, list[str]] = {}
    for measured in zip(*readings, strict=True) if all(readings) else ():
        kind, factor, value, count = (
            measured[0][key] for key in ("kind", "factor", "value", "count")
        )
        if factor != "all" and kind in DETAILED:
            rows[f"{kind}, {factor}: {value}"] = [
                name_row("kind", kind, words),
                name_row("condition", f"{factor} {value}", words),
                words.number(f"{count:,}"),
                *(tell_share((row[way], row["count"]), words) for row in measured for way in WAYS),
            ]
    columns = [words(f"column_{column}") for column in ("pictures", "condition", "count")]
    ways = [name_row("way", way, words) for way in WAYS]
    columns += [f"{name_network(name, words)}, {way}" for name in served for way in ways]
    return Table(columns, rows, tell_outdated(record, "reading", words))


def tabulate_whole_numbers(record: Record, words: Words) -> Table:
    """Tabulate how numbers are read whole, by how they were written, and how digits come apart."""
    shares: dict[str, dict[str, str]] = {}
    for name, entry in of_served(record).items():
        shares[name] = {}
        for row in entry.whole_numbers:
            parts = [name_row("kind", row["kind"], words)]
            if row["factor"] != "all":
                parts.append(name_row("condition", f"{row['factor']} {row['value']}", words))
            for measure in MEASURES if row["factor"] == "all" else ("whole",):
                part, whole = MEASURES[measure]
                if part in row:
                    told = ", ".join([*parts, name_row("measure", measure, words)])
                    tell = tell_share if measure in DEPENDENT else tell_interval
                    shares[name][told] = tell((row[part], row[whole]), words)
    return tabulate_told(shares, tell_outdated(record, "whole_numbers", words), words)


def tabulate_doubts(record: Record, words: Words) -> Table:
    """Tabulate how often the models doubt, by what they are shown."""
    return tabulate_counts(record, "doubting", words)


def tabulate_robustness(record: Record, words: Words) -> Table:
    """Tabulate what the models read right, by what is laid over the 28 x 28 pixels."""
    return tabulate_counts(record, "robustness", words)


def tabulate_counts(
    record: Record, measured: Literal["doubting", "robustness"], words: Words
) -> Table:
    """Tabulate the shares of what was measured row by row."""
    counts = {
        name: {name_row("row", row, words): count for row, count in vars(entry)[measured].items()}
        for name, entry in of_served(record).items()
    }
    return tabulate_shares(counts, tell_outdated(record, measured, words), words)


def tabulate_shares(
    counts: Mapping[str, Mapping[str, Sequence[int]]], note: str, words: Words
) -> Table:
    """Tabulate each model's shares; there are no rows before all models were measured.

    Args:
        counts: By model and by the name of a row, of how many it was so, and how many there were.
        note: The table's.
        words: Of the language.
    """
    shares = {
        name: {row: tell_share(count, words) for row, count in model.items()}
        for name, model in counts.items()
    }
    return tabulate_told(shares, note, words)


def tabulate_told(shares: Mapping[str, Mapping[str, str]], note: str, words: Words) -> Table:
    """Tabulate what is told of each model, by the name of a row, once it is told of all."""
    names = next(iter(shares.values()), {}) if all(shares.values()) else {}
    rows = {name: [name, *(model[name] for model in shares.values())] for name in names}
    return Table(["", *(name_network(name, words) for name in shares)], rows, note)


def tell_outdated(record: Record, measured: Measured, words: Words) -> str:
    """Say of which served models something was measured with other weights than these."""
    return " ".join(
        words("measured_with_others", model=name_network(name, words))
        for name, entry in of_served(record).items()
        if not entry.is_current(measured)
    )


def tell_share(count: Sequence[int], words: Words) -> str:
    """Tell in percent how many it was so of how many there were."""
    part, whole = count
    return words.number(f"{part / whole:.1%}") if whole else "–"  # noqa: RUF001 - a dash


def tell_interval(count: Sequence[int], words: Words, decimals: int = 1) -> str:
    """Tell in percent how many it was so of how many there were, with its 95 % interval."""
    part, whole = count
    if not whole:
        return tell_share(count, words)
    shares = (f"{share:.{decimals}%}" for share in (part / whole, *wilson_interval(part, whole)))
    return words.number("{} ({} – {})".format(*shares))  # noqa: RUF001 - a range's dash
