"""The networks of the comparison: what was claimed of them beside what was measured.

``python -m mnist_models.comparison`` writes the table into README.md.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from mnist_models.record import ModelRecord, read_record

README = Path(__file__).parents[1] / "README.md"

MARKED = re.compile(r"(?<=<!-- numbers -->\n).*(?=<!-- /numbers -->)", re.DOTALL)
"""The part of the README that the table fills."""


@dataclass(frozen=True)
class Claim:
    """What a project states of its network.

    Attributes:
        accuracy: Share of digits read right, 0..1.
        why: Why the measurement is another, in a sentence; told where the claim lies outside the
            measurement's interval.
        seconds_per_epoch: On its own machine; None where nothing is stated.
        milliseconds_per_digit: On its own machine; None where nothing is stated.
    """

    accuracy: float
    why: str
    seconds_per_epoch: float | None = None
    milliseconds_per_digit: float | None = None


CLAIMS: dict[str, Claim] = {
    "cnn": Claim(
        0.9992,
        "It would mean 8 errors, fewer than the 15 test digits whose labels are known to be wrong "
        "(Northcutt 2021): likelier the accuracy on training digits, after 100 epochs.",
    ),
    "linear": Claim(
        0.9782,
        "No single layer on the pixels comes near it; a hidden layer does, or counting each of "
        "the ten outputs as an answer of its own.",
    ),
    "lenet_bn": Claim(
        0.9981,
        "The best epoch was chosen by the digits that it was measured on; here validation digits "
        "choose it, and one seed is one draw.",
    ),
    "linear_mse": Claim(
        0.9792,
        "No single layer on the pixels comes near it, whatever its loss; a hidden layer does, or "
        "counting each of the ten outputs as an answer of its own.",
    ),
    "lenet5": Claim(
        0.9939,
        "Epochs and batch size are not stated, and one seed is one draw.",
        seconds_per_epoch=80,
        milliseconds_per_digit=127,
    ),
    "mlp": Claim(
        0.9836,
        "Epochs and batch size are not stated; on training digits it comes this far.",
        seconds_per_epoch=6,
        milliseconds_per_digit=67,
    ),
    "convnet": Claim(0.98, "Claimed after three epochs, as trained here, and in round numbers."),
}
"""By network. What another project calls its CNN and its linear model stands with ours."""

HEADER = (
    "network",
    "claimed",
    "test accuracy, 95 % interval",
    "training accuracy",
    "parameters",
    "seconds per epoch",
    "milliseconds per digit",
    "why claim and measurement differ",
)


def write_table(record: Mapping[str, ModelRecord]) -> str:
    """Write claims and measurements as a Markdown table, with the machine below it."""
    rows = [HEADER, ["---"] * len(HEADER), *(write_row(name, record[name]) for name in record)]
    machines = " and ".join(sorted({entry.machine for entry in record.values()}))
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join([*lines, "", f"Times were measured on {machines}.", ""])


def write_row(name: str, entry: ModelRecord) -> list[str]:
    """Write a network's row."""
    claim = CLAIMS.get(name)
    low, high = entry.interval
    return [
        f"`{name}`",
        f"{claim.accuracy:.2%}" if claim else "",
        f"{entry.accuracy:.2%}, {low:.2%} to {high:.2%}",
        f"{entry.training_accuracy:.2%}",
        f"{entry.num_parameters:,}",
        beside(entry.seconds_per_epoch, claim and claim.seconds_per_epoch),
        beside(entry.milliseconds_per_digit, claim and claim.milliseconds_per_digit),
        explain(claim, entry),
    ]


def beside(measured: float, claimed: float | None) -> str:
    """Write a time, with the claimed one beside it."""
    return f"{measured:g}" + (f" (claimed {claimed:g})" if claimed else "")


def explain(claim: Claim | None, entry: ModelRecord) -> str:
    """Say in a sentence why claim and measurement differ, if they do."""
    if claim is None:
        return "Nothing is claimed."
    low, high = entry.interval
    return "The claim lies within the interval." if low <= claim.accuracy <= high else claim.why


def fill(text: str, record: Mapping[str, ModelRecord]) -> str:
    """Return the README's text with the table of a record between its marks."""
    return MARKED.sub(lambda _: write_table(record), text)


if __name__ == "__main__":
    README.write_text(fill(README.read_text(encoding="utf-8"), read_record()), encoding="utf-8")
