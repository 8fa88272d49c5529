"""What READMEs and docs show of the record: `python -m mnist_models.report.readme` writes it."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path

from mnist_models.models.record import read_record
from mnist_models.report.tables import (
    Record,
    Table,
    explain_claims,
    name_network,
    of_served,
    tabulate_conditions,
    tabulate_doubts,
    tabulate_numbers,
    tabulate_reading,
    tabulate_robustness,
    tabulate_whole_numbers,
    tell_difference,
    tell_machines,
    tell_seeds,
)
from mnist_models.words import WORDS, Words

ROOT = Path(__file__).parents[2]

PAGES = {
    "en": (ROOT / "README.md", ROOT / "docs" / "measurements.md"),
    "pt": (ROOT / "README.pt-BR.md", ROOT / "docs" / "measurements.pt-BR.md"),
}
"""By language, the files that show what was measured."""

TABLES: dict[str, Callable[[Record, Words], Table]] = {
    "served": lambda record, words: tabulate_numbers(of_served(record), words),
    "numbers": tabulate_numbers,
    "reading": tabulate_reading,
    "conditions": tabulate_conditions,
    "whole_numbers": tabulate_whole_numbers,
    "doubts": tabulate_doubts,
    "robustness": tabulate_robustness,
}
"""By the marks in a file between which it stands, a table; between "notes" stand sentences."""

MARKED = re.compile(r"<!-- (\w+) -->\n.*?<!-- /\1 -->", re.DOTALL)


def fill(text: str, record: Record, words: Words) -> str:
    """Return a file's text with what a record tells between its marks."""

    def write(marked: re.Match[str]) -> str:
        name = marked[1]
        if name == "notes":
            told = write_notes(record, words)
        else:
            told = write_table(TABLES[name](record, words))
        return f"<!-- {name} -->\n{told}<!-- /{name} -->"

    return MARKED.sub(write, text)


def write_table(table: Table) -> str:
    """Write a table as Markdown."""
    lines = [table.head, ["---"] * len(table.head), *table.rows.values()]
    written = "".join("| " + " | ".join(line) + " |\n" for line in lines)
    return f"{written}\n{table.note}\n" if table.note else written


def write_notes(record: Record, words: Words) -> str:
    """Write as Markdown what is said of the networks' numbers."""
    paragraphs = [
        tell_machines(record, words),
        *write_sentences(tell_seeds(record, words), words),
        tell_difference(record, words),
        f"{words('why').capitalize()}:",
        "\n".join(f"- {line}" for line in write_sentences(explain_claims(record, words), words)),
    ]
    return "\n\n".join(paragraphs) + "\n"


def write_sentences(sentences: Mapping[str, str], words: Words) -> list[str]:
    """Write sentences that are each of a network."""
    return [f"{name_network(name, words)}: {told}" for name, told in sentences.items()]


if __name__ == "__main__":
    for language, pages in PAGES.items():
        for page in pages:
            text = page.read_text(encoding="utf-8")
            page.write_text(fill(text, read_record(), WORDS[language]), encoding="utf-8")
