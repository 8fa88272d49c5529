"""The READMEs' tables, written from the record: ``python -m mnist_models.report.readme``."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path

from mnist_models.models.record import ModelRecord, read_record
from mnist_models.report.comparison import write_table
from mnist_models.report.reading_tables import (
    write_conditions,
    write_doubts,
    write_reading,
    write_robustness,
)

ROOT = Path(__file__).parents[2]

READMES = {"en": ROOT / "README.md", "pt": ROOT / "README.pt-BR.md"}
"""By language."""

TABLES: dict[str, Callable[[Mapping[str, ModelRecord], str], str]] = {
    "numbers": write_table,
    "reading": write_reading,
    "conditions": write_conditions,
    "doubts": write_doubts,
    "robustness": write_robustness,
}
"""By the marks in a README between which it stands, what writes a table."""


MARKED = re.compile(r"<!-- (\w+) -->\n.*?<!-- /\1 -->", re.DOTALL)


def fill(text: str, record: Mapping[str, ModelRecord], language: str = "en") -> str:
    """Return a README's text with the tables of a record between their marks."""

    def write(marked: re.Match[str]) -> str:
        name = marked[1]
        return f"<!-- {name} -->\n{TABLES[name](record, language)}<!-- /{name} -->"

    return MARKED.sub(write, text)


if __name__ == "__main__":
    for language, readme in READMES.items():
        text = fill(readme.read_text(encoding="utf-8"), read_record(), language)
        readme.write_text(text, encoding="utf-8")
