"""What was measured, as tables and sentences of both languages."""

import dataclasses

import pytest

from mnist_models.report import tables
from mnist_models.report.readme import write_table
from mnist_models.words import WORDS
from testing.samples import make_record

ENGLISH, PORTUGUESE = WORDS["en"], WORDS["pt"]

ROW = {"kind": "drawn", "factor": "all", "value": "all", "count": 8}
ROWS = [
    ROW | {"right": 7, "undoubted": 1, "squashed": 2, "Otsu": 4},
    ROW | {"factor": "light", "value": "even", "right": 1, "squashed": 0, "Otsu": 8},
]


def test_a_row_holds_claim_and_measurement() -> None:
    record = {"cnn": make_record(), "lenet5": make_record(), "convnet_3": make_record()}
    table = tables.tabulate_numbers(record, ENGLISH)
    assert table.head[:2] == ["network", "claimed"]
    assert table.rows["lenet5"] == [
        *("lenet5", "99.39%"),
        "90.00% (59.58% – 98.21%)",  # noqa: RUF001 - a range's dash
        *("80.00%", "7,850", "0 kB", "1.5 (claimed: 80)", "0.1 (claimed: 127)"),
    ]
    assert table.rows["cnn"][0] == "Convolutional network"
    assert table.rows["convnet_3"][:2] == ["convnet_3", ""]
    assert tables.tabulate_numbers(record, PORTUGUESE).rows["lenet5"][6] == "1,5 (alegados: 80)"
    assert tables.tell_machines(record, ENGLISH).startswith("Times were measured on a machine.")


def test_a_claim_is_explained_unless_it_lies_within_the_interval() -> None:
    record = {"lenet5": make_record(), "convnet_3": make_record()}
    assert tables.explain_claims(record, ENGLISH) == {"lenet5": ENGLISH("why_lenet5")}
    agreeing = {"lenet5": make_record(num_test=10_000, errors=61)}
    assert tables.explain_claims(agreeing, ENGLISH) == {
        "lenet5": "The claim lies within the interval."
    }


def test_several_seeds_are_told_with_mean_and_deviation() -> None:
    entry = make_record(seed=2, seeds={str(seed): {"errors": seed} for seed in range(3)})
    record = {"lenet5": make_record(), "cnn": entry}
    told = tables.tell_seeds(record, ENGLISH)
    assert list(told) == ["cnn"]
    assert told["cnn"].startswith("3 seeds read 90.00% of the test digits right on average")
    assert "deviation of 10.00%; the table shows seed 2," in told["cnn"]
    assert "3 sementes leem certo em média 90,00%" in tables.tell_seeds(record, PORTUGUESE)["cnn"]


def test_how_likely_chance_makes_the_difference_is_told_of_two_models() -> None:
    record = {"cnn": make_record(misread=[2]), "linear": make_record(misread=[2, 3, 4, 5])}
    told = tables.tell_difference(record, ENGLISH)
    assert "The network alone is right on 3 test digits, the linear model alone on 0." in told
    assert "with p = 0.250 (McNemar)" in told
    assert tables.tell_difference({"cnn": make_record()}, ENGLISH) == ""


def test_reading_is_told_in_every_way_and_under_every_condition() -> None:
    record = {"cnn": make_record(reading=ROWS)}
    table = tables.tabulate_reading(record, ENGLISH)
    assert table.head == ["", "Convolutional network"]
    shares = [*table.rows.values()]
    assert [cells[1:] for cells in shares] == [["87.5%"], ["25.0%"], ["50.0%"], ["12.5%"]]
    assert next(iter(table.rows)) == "drawn on a pad, as the page reads"
    assert shares[-1][0] == "all of these together, wrong without doubt"
    (cells,) = tables.tabulate_conditions(record, PORTUGUESE).rows.values()
    assert cells == ["desenhados na área", "luz: uniforme", "8", "12,5%", "0,0%", "100,0%"]


def test_whole_numbers_are_told_with_their_digits_and_baselines_and_by_how_they_are_spaced() -> (
    None
):
    row = {"kind": "numbers drawn", "factor": "all", "value": "all", "count": 20, "right": 0}
    digits = {"digits": 50, "digits right": 40, "lines": 20, "lines right": 9}
    ways = {"squashed": 20, "Otsu": 0, "wrong": 0, "wrong and doubted": 0}
    touching = row | digits | ways | {"factor": "spacing", "value": "touching"}
    single = {"kind": "single pen strokes", "factor": "all", "value": "all", "count": 20}
    single |= {"several": 0, "several by Otsu": 20}
    entry = make_record(whole_numbers=[row | digits | ways, touching, single])
    record = {"cnn": entry, "linear": entry}
    told = tables.tabulate_whole_numbers(record, ENGLISH).rows
    none, every = "0.0% (0.0% – 16.1%)", "100.0% (83.9% – 100.0%)"  # noqa: RUF001 - a range's dash
    assert {name: cells[1] for name, cells in told.items()} == {
        "numbers drawn on a pad, read whole": none,
        "numbers drawn on a pad, digits right": "80.0%",
        "numbers drawn on a pad, lines right": "45.0%",
        "numbers drawn on a pad, read whole by Otsu's marks, merely squashed": every,
        "numbers drawn on a pad, read whole by Otsu's marks": none,
        "numbers drawn on a pad, in doubt, of those read wrong": "–",  # noqa: RUF001 - a dash
        "numbers drawn on a pad, touching, read whole": none,
        "single digits drawn on a pad, come out as several": none,
        "single digits drawn on a pad, come out as several by Otsu's marks": every,
    }
    assert all(len(cells) == 3 for cells in told.values())
    portuguese = tables.tabulate_whole_numbers(record, PORTUGUESE).rows
    assert portuguese["números desenhados na área, dígitos certos"][1] == "80,0%"
    for missing in ({"cnn": entry, "linear": make_record()}, {}):
        assert not tables.tabulate_whole_numbers(missing, ENGLISH).rows


def test_doubts_and_disturbances_are_told_once_they_were_measured_of_all() -> None:
    measured = make_record(doubting={"letters": [3, 8]}, robustness={"fog": [1, 4]})
    for tabulate, row in (
        (tables.tabulate_doubts, ["letras", "37,5%", "37,5%"]),
        (tables.tabulate_robustness, ["névoa", "25,0%", "25,0%"]),
    ):
        assert tabulate({"cnn": measured, "linear": measured}, PORTUGUESE).rows[row[0]] == row
        for missing in ({"cnn": measured, "linear": make_record()}, {}):
            assert not tabulate(missing, PORTUGUESE).rows


def test_what_was_measured_with_other_weights_is_told_below_the_table() -> None:
    entry = make_record(doubting={"letters": [3, 8]}, sha256="1", measured_with={"doubting": "1"})
    record = {"cnn": entry, "linear": dataclasses.replace(entry, sha256="2")}
    note = "Linear model: measured with other weights than the present ones."
    assert tables.tabulate_doubts(record, ENGLISH).note == note
    assert write_table(tables.tabulate_doubts(record, ENGLISH)).endswith(f"\n\n{note}\n")


def test_what_was_measured_and_has_no_words_is_an_error() -> None:
    with pytest.raises(KeyError, match="row_sea_monsters"):
        tables.tabulate_doubts({"cnn": make_record(doubting={"sea monsters": [1, 1]})}, ENGLISH)
