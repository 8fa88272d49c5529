"""The table of claims and measurements, and the README that shows it."""

from mnist_models.comparison import CLAIMS, MARKED, README, explain, fill, write_table
from mnist_models.record import read_record
from tests.samples import make_record


def test_the_readme_shows_the_recorded_numbers() -> None:
    text = README.read_text(encoding="utf-8")
    assert MARKED.search(text)
    assert fill(text, read_record()) == text, "run python -m mnist_models.comparison"


def test_a_row_holds_claim_and_measurement() -> None:
    lines = write_table({"lenet5": make_record()}).splitlines()
    assert len({line.count("|") for line in lines[:3]}) == 1
    cells = [cell.strip() for cell in lines[2].split("|")[1:-1]]
    assert cells == [
        "`lenet5`",
        "99.39%",
        "90.00%, 59.58% to 98.21%",
        "80.00%",
        "7,850",
        "1.5 (claimed 80)",
        "0.1 (claimed 127)",
        CLAIMS["lenet5"].why,
    ]
    assert lines[-1] == "Times were measured on a machine."


def test_a_claim_within_the_interval_needs_no_reason() -> None:
    agreeing = make_record(num_test=10_000, errors=61)
    assert explain(CLAIMS["lenet5"], agreeing) == "The claim lies within the interval."
    assert explain(None, agreeing) == "Nothing is claimed."


def test_only_what_lies_between_the_marks_is_filled() -> None:
    text = "before\n<!-- numbers -->\nold\n<!-- /numbers -->\nafter\n"
    filled = fill(text, {"mlp": make_record()})
    assert filled.startswith("before\n<!-- numbers -->\n| network |")
    assert filled.endswith("<!-- /numbers -->\nafter\n")
    assert "old" not in filled
    assert fill(filled, {"mlp": make_record()}) == filled
