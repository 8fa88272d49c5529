"""The table of claims and measurements."""

from mnist_models.report.comparison import CLAIMS, HEADER, WORDS, explain, localize, write_table
from testing.samples import make_record


def test_every_word_of_the_table_stands_in_both_languages() -> None:
    assert set(HEADER) == set(WORDS) == {"en", "pt"}
    assert len(set(map(len, HEADER.values()))) == 1
    assert all(set(claim.why) == {"en", "pt"} for claim in CLAIMS.values())
    assert WORDS["en"].keys() == WORDS["pt"].keys()


def test_numbers_have_the_marks_of_their_language() -> None:
    assert localize("1,194.5", "en") == "1,194.5"
    assert localize("1,194.5", "pt") == "1.194,5"


def test_a_row_holds_claim_and_measurement() -> None:
    lines = write_table({"lenet5": make_record()}).splitlines()
    assert len({line.count("|") for line in lines[:3]}) == 1
    cells = [cell.strip() for cell in lines[2].split("|")[1:-1]]
    assert cells == [
        "`lenet5`",
        "99.39%",
        "90.00% (59.58% – 98.21%)",  # noqa: RUF001 - a range's dash
        "80.00%",
        "7,850",
        "0 kB",
        "1.5 (claimed: 80)",
        "0.1 (claimed: 127)",
        CLAIMS["lenet5"].why["en"],
    ]
    assert lines[-1].startswith("Times were measured on a machine.")


def test_a_claim_within_the_interval_needs_no_reason() -> None:
    agreeing = make_record(num_test=10_000, errors=61)
    assert explain("lenet5", agreeing, "en") == "The claim lies within the interval."
    assert explain("nameless", agreeing, "en") == "Nothing is claimed."


def test_several_seeds_are_told_with_mean_and_deviation() -> None:
    assert "seeds" not in write_table({"cnn": make_record()})
    entry = make_record(seed=2, seeds={str(seed): {"errors": seed} for seed in range(3)})
    *_, english = write_table({"lenet5": make_record(), "cnn": entry}).splitlines()
    assert english.startswith("`cnn`: 3 seeds read 90.00% of the test digits right on average")
    assert "deviation of 10.00%; the table shows seed 2," in english
    assert "`cnn`: 3 sementes leem certo em média 90,00%" in write_table({"cnn": entry}, "pt")
