"""The comparison shows what the record holds."""

import re
from html import unescape

import pytest

from mnist_models.models.record import SERVED, read_record
from mnist_models.report import tables
from mnist_models.report.tables import Record
from mnist_models.words import Words
from testing.samples import make_record
from web.compare.charts import HEIGHT, LEFT, WIDTH, draw_epochs
from web.compare.results import write_results, write_ways
from web.words import WORDS

ENGLISH = WORDS["en"]


def cells(html: str) -> list[str]:
    """Return the content of all cells, row by row."""
    return re.findall(r"<t[dh][^>]*>([^<]*)</t[dh]>", html)


def test_the_table_holds_each_networks_recorded_numbers_and_what_is_said_of_them() -> None:
    seeds = {str(seed): {"errors": seed} for seed in range(3)}
    record = {"cnn": make_record(seeds=seeds), "linear": make_record(), "lenet5": make_record()}
    html = write_results(record, ENGLISH)
    table = tables.tabulate_numbers(record, ENGLISH)
    assert cells(html)[: 4 * 8] == [*table.head, *(c for row in table.rows.values() for c in row)]
    assert tables.tell_machines(record, ENGLISH) in html
    assert tables.tell_difference(record, ENGLISH) in html
    assert f"<b>Convolutional network</b>: {tables.tell_seeds(record, ENGLISH)['cnn']}" in html
    for name, reason in tables.explain_claims(record, ENGLISH).items():
        assert f"<b>{tables.name_network(name, ENGLISH)}</b>: {reason}" in html
    missing = write_results({"cnn": make_record()}, ENGLISH)
    assert "seeds" not in missing
    assert "McNemar" not in missing


def test_how_sure_and_how_right_the_models_are_is_drawn_and_told() -> None:
    html = write_results({"cnn": make_record()}, ENGLISH)
    assert "on average 95.00% sure and 90.00% right" in html
    assert "the two lie 5.00% apart" in html
    assert '<polyline class="cnn" points="' in html[html.index(ENGLISH("axes")) :]


@pytest.mark.parametrize("words", WORDS.values(), ids=WORDS)
def test_what_was_measured_of_both_models_is_shown_once_it_was(words: Words) -> None:
    row = {"kind": "drawn", "factor": "all", "value": "all", "count": 8}
    measured = make_record(
        doubting={"letters": [3, 8]},
        robustness={"fog": [1, 4]},
        reading=[row | {"right": 7, "undoubted": 0, "squashed": 2, "Otsu": 4}],
        whole_numbers=[row | {"kind": "numbers drawn", "right": 7}],
    )
    record = {"cnn": measured, "linear": measured}
    for name, tabulate in (
        ("reading", tables.tabulate_reading),
        ("whole_numbers", tables.tabulate_whole_numbers),
        ("doubting", tables.tabulate_doubts),
        ("robustness", tables.tabulate_robustness),
    ):
        table = tabulate(record, words)
        told = [*table.head, *(cell for cells in table.rows.values() for cell in cells)]
        html = unescape(write_results(record, words))
        assert cells(html[html.index(words(name)) :])[: len(told)] == told
        assert f"<p>{table.note}</p>" in html
        records: tuple[Record, ...] = ({"cnn": measured, "linear": make_record()}, {})
        for missing in records:
            assert words(name) not in unescape(write_results(missing, words))


def test_a_confusion_is_told_in_its_cell_and_in_words() -> None:
    html = write_results({"linear": make_record()}, ENGLISH)
    assert "Linear model: 1 of 10 read wrong, most often 2 → 7 (1)." in html
    row = cells(html[html.index('<table class="confusion') :])[11 * 3 :][:11]
    assert row == ["2", "", "", "0", "", "", "", "", "1", "", ""]


def test_a_chart_tells_in_words_what_it_draws() -> None:
    html = write_results({"cnn": make_record()}, ENGLISH)
    assert "40.00% after the first of 2 epochs, 20.00% after the last." in html
    assert "0.900 after the first of 2 epochs, 0.500 after the last." in html
    assert len(re.findall(r"<svg [^>]*aria-label=\"[^\"]+\"", html)) == 3


@pytest.mark.parametrize("wrong", [[0.9, 0.1, 0.01], [0.5, 0.5], [0.1, 0.0]])
def test_a_curve_is_higher_where_more_is_wrong_and_never_leaves_its_chart(
    wrong: list[float],
) -> None:
    history = {"val_accuracy": [1 - share for share in wrong]}
    chart = draw_epochs({"cnn": make_record(history=history)}, "accuracy", ENGLISH)
    (points,) = re.findall(r'<polyline class="cnn " points="([^"]+)"', chart.svg)
    places = [tuple(map(float, point.split(","))) for point in points.split()]
    heights = [y for _, y in places]
    assert heights == sorted(heights)
    assert all(LEFT <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in places)


@pytest.mark.parametrize("words", WORDS.values(), ids=WORDS)
def test_the_bundled_record_is_shown_in_every_language(words: Words) -> None:
    record = read_record()
    html = write_results(record, words)
    for entry in record.values():
        assert words.number(f"{entry.accuracy:.2%}") in html
    assert words("table") in html


def test_a_record_without_models_is_no_error() -> None:
    assert ENGLISH("table") in write_results({}, ENGLISH)


def test_words_cannot_become_markup() -> None:
    html = write_results({"<b>": make_record(machine="<i>")}, ENGLISH)
    assert "&lt;b&gt;" in html
    assert "&lt;i&gt;" in html
    assert "<i>" not in html


def test_the_ways_of_both_models_are_told() -> None:
    html = unescape(write_ways(ENGLISH))
    for name in SERVED:
        assert f'<p class="{name}"><b>{ENGLISH(name)}</b>: {ENGLISH(f"{name}_does")}</p>' in html
