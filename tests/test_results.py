"""The comparison shows what the record holds, and the code to copy runs."""

import json
import os
import re
import shutil
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from mnist_models.models.record import read_record
from mnist_models.report.comparison import localize
from testing.samples import make_record
from web.api.snippets import ADDRESS, SNIPPETS
from web.compare.charts import HEIGHT, LEFT, WIDTH, draw_epochs
from web.compare.results import write_results
from web.limits import EXAMPLES
from web.texts import TEXTS, text


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    """A reader's own picture of a 7, in a folder of its own."""
    return Path(shutil.copy(sorted(EXAMPLES.glob("7_*"))[0], tmp_path / "digit.png"))


def cells(html: str) -> list[str]:
    """Return the content of all cells, row by row."""
    return re.findall(r"<t[dh][^>]*>([^<]*)</t[dh]>", html)


def test_the_table_holds_each_networks_recorded_numbers() -> None:
    html = write_results({"cnn": make_record(), "lenet5": make_record(errors=2)}, "en")
    start = cells(html).index("Convolutional network")
    assert cells(html)[start : start + 8] == [
        "Convolutional network",
        "99.92%",
        "90.00% (59.58% – 98.21%)",  # noqa: RUF001 - a range's dash
        *("80.00%", "7,850", "0 kB", "1.5", "0.1"),
    ]
    assert cells(html)[start + 8 : start + 10] == ["lenet5", "99.39%"]
    assert "80.00% (" in html
    assert "Times were measured on a machine." in html
    assert "It would mean 8 errors" in html
    within = write_results({"cnn": make_record(num_test=10_000, errors=8)}, "en")
    assert "The claim lies within the interval." in within


def test_seeds_are_told_below_the_table_once_there_are_several() -> None:
    seeds = {str(seed): {"errors": seed} for seed in range(3)}
    html = write_results({"cnn": make_record(seeds=seeds)}, "en")
    assert "<b>Convolutional network</b>: 3 seeds read 90.00% of the test digits right" in html
    assert "seeds" not in write_results({"cnn": make_record()}, "en")


def test_how_likely_chance_makes_the_difference_is_told() -> None:
    record = {"cnn": make_record(misread=[2]), "linear": make_record(misread=[2, 3, 4, 5])}
    html = write_results(record, "en")
    assert "The network alone is right on 3 test digits, the linear model alone on 0." in html
    assert "with p = 0.250 (McNemar)" in html
    assert "McNemar" not in write_results({"cnn": make_record()}, "en")


def test_how_sure_and_how_right_the_models_are_is_drawn_and_told() -> None:
    html = write_results({"cnn": make_record()}, "en")
    assert "on average 95.00% sure and 90.00% right" in html
    assert "the two lie 5.00% apart" in html
    assert '<polyline class="cnn" points="' in html[html.index(text("axes")) :]


def test_reading_is_shown_once_it_was_measured() -> None:
    assert text("reading") not in write_results({"cnn": make_record()}, "en")
    row = {"kind": "drawn", "count": 8, "right": 7, "squashed": 2, "Otsu": 4, "value": "all"}
    rows = [row | {"factor": "all"}, row | {"factor": "pen", "value": "thin", "right": 1}]
    html = write_results({"cnn": make_record(reading=rows)}, "en")
    shown = cells(html[html.index(text("reading")) :])[: 2 + 3 * 2]
    assert shown[1::2] == ["Convolutional network", "87.5%", "25.0%", "50.0%"]


def test_doubts_and_disturbances_are_shown_once_they_were_measured() -> None:
    measured = {"doubting": {"letters": [3, 8]}, "robustness": {"fog": [1, 4]}}
    record = {"cnn": make_record(**measured), "linear": make_record(**measured)}
    for language, letters, fog in (
        ("en", ["letters", "37.5%", "37.5%"], ["fog", "25.0%", "25.0%"]),
        ("pt", ["letras", "37,5%", "37,5%"], ["névoa", "25,0%", "25,0%"]),
    ):
        html = write_results(record, language)
        for key, row in (("doubting", letters), ("robustness", fog)):
            assert cells(html[html.index(text(key, language)) :])[3:6] == row
    for missing in ({"cnn": make_record(**measured), "linear": make_record()}, {}):
        html = write_results(missing, "en")
        assert text("doubting") not in html
        assert text("robustness") not in html


def test_the_digits_that_a_published_model_misread_are_fetched_from_its_commit() -> None:
    published = {"repo": "me/mnist-cnn", "revision": "0" * 40, "published": {"misread.png": "1"}}
    html = write_results({"cnn": make_record(**published)}, "en")
    assert f"https://huggingface.co/me/mnist-cnn/resolve/{'0' * 40}/misread.png" in html
    for missing in ({"repo": None}, {"published": {}}):
        html = write_results({"cnn": make_record(**published | missing)}, "en")
        assert "huggingface.co" not in html


def test_a_confusion_is_told_in_its_cell_and_in_words() -> None:
    html = write_results({"linear": make_record()}, "en")
    assert "Linear model: 1 of 10 read wrong, most often 2 → 7 (1)." in html
    row = cells(html[html.index('<table class="confusion') :])[11 * 3 :][:11]
    assert row == ["2", "", "", "0", "", "", "", "", "1", "", ""]


def test_a_chart_tells_in_words_what_it_draws() -> None:
    html = write_results({"cnn": make_record()}, "en")
    assert "40.00% after the first of 2 epochs, 20.00% after the last." in html
    assert "0.900 after the first of 2 epochs, 0.500 after the last." in html
    assert len(re.findall(r"<svg [^>]*aria-label=\"[^\"]+\"", html)) == 3


@pytest.mark.parametrize("wrong", [[0.9, 0.1, 0.01], [0.5, 0.5], [0.1, 0.0]])
def test_a_curve_is_higher_where_more_is_wrong_and_never_leaves_its_chart(
    wrong: list[float],
) -> None:
    history = {"val_accuracy": [1 - share for share in wrong]}
    html = draw_epochs({"cnn": make_record(history=history)}, "accuracy", "en")
    (points,) = re.findall(r'<polyline class="cnn " points="([^"]+)"', html)
    places = [tuple(map(float, point.split(","))) for point in points.split()]
    heights = [y for _, y in places]
    assert heights == sorted(heights)
    assert all(LEFT <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in places)


@pytest.mark.parametrize("language", TEXTS)
def test_the_bundled_record_is_shown_in_every_language(language: str) -> None:
    record = read_record()
    html = write_results(record, language)
    for entry in record.values():
        assert localize(f"{entry.accuracy:.2%}", language) in html
    assert text("table", language) in html


def test_a_record_without_models_is_no_error() -> None:
    assert text("table") in write_results({}, "en")


@pytest.mark.parametrize("name", [name for name, (kind, _) in SNIPPETS.items() if kind == "python"])
def test_the_python_to_copy_runs_as_it_stands(name: str, picture: Path, address: str) -> None:
    code = SNIPPETS[name][1].replace(ADDRESS, address)
    root = str(EXAMPLES.parent)
    said = subprocess.run(  # noqa: S603 - the code is our own
        [sys.executable, "-c", code],
        cwd=picture.parent,
        env={**os.environ, "PYTHONPATH": root},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert "7" in said


def test_the_curl_to_copy_runs_as_it_stands(picture: Path, address: str, curl: str) -> None:
    command = SNIPPETS["curl"][1].replace(ADDRESS, address).split()
    said = subprocess.run(  # noqa: S603 - the command is our own
        [curl, *command[1:], "--silent"], cwd=picture.parent, capture_output=True, check=True
    ).stdout
    assert json.loads(said)["cnn"]["digit"] == 7


def test_the_mcp_address_to_copy_answers(address: str) -> None:
    (server,) = json.loads(SNIPPETS["MCP"][1].replace(ADDRESS, address))["mcpServers"].values()
    hello = {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "initialize",
        "params": {
            "protocolVersion": "2025-03-26",
            "capabilities": {},
            "clientInfo": {"name": "test", "version": "1"},
        },
    }
    headers = {
        "Content-Type": "application/json",
        "Accept": "application/json, text/event-stream",
    }
    request = urllib.request.Request(server["url"], json.dumps(hello).encode(), headers)  # noqa: S310
    with urllib.request.urlopen(request) as response:  # noqa: S310 - the address is our own
        assert "serverInfo" in response.read().decode()
