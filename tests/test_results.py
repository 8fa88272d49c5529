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

from mnist_models.record import read_record
from tests.samples import make_record
from web.limits import EXAMPLES
from web.results import HEIGHT, height, write_results
from web.snippets import ADDRESS, SNIPPETS
from web.texts import TEXTS, localize, text


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    """A reader's own picture of a 7, in a folder of its own."""
    return Path(shutil.copy(sorted(EXAMPLES.glob("7_*"))[0], tmp_path / "digit.png"))


def cells(html: str) -> list[str]:
    """Return the content of all cells, row by row."""
    return re.findall(r"<t[dh][^>]*>([^<]*)</t[dh]>", html)


def test_the_table_holds_each_networks_recorded_numbers() -> None:
    html = write_results({"cnn": make_record(), "lenet5": make_record(errors=2)}, "en")
    numbers = "7,850", "0 kB", "1.5 s", "0.1 ms"
    start = cells(html).index("Convolutional network")
    assert cells(html)[start : start + 7] == [
        "Convolutional network",
        "99.92%",
        "90.00% (59.58% – 98.21%)",  # noqa: RUF001 - a range's dash
        *numbers,
    ]
    assert cells(html)[start + 7 : start + 9] == ["lenet5", "99.39%"]
    assert "80.00% (" in html
    assert "Times were measured on a machine." in html


def test_a_confusion_is_told_in_its_cell_and_in_words() -> None:
    html = write_results({"linear": make_record()}, "en")
    assert "Linear model: 1 of 10 read wrong, most often 2 → 7 (1)." in html
    row = cells(html[html.index('<table class="confusion') :])[11 * 3 :][:11]
    assert row == ["2", "", "", "0", "", "", "", "", "1", "", ""]


def test_the_chart_tells_in_words_what_it_draws() -> None:
    html = write_results({"cnn": make_record()}, "en")
    words = "40.0% wrong after the first of 2 epochs, 20.00% after the last."
    assert html.count(words) == 2  # for eyes and for screen readers
    assert len(re.findall(r'<polyline class="cnn" points="\S+ \S+"/>', html)) == 1


def test_the_chart_is_higher_where_more_is_wrong_and_never_left() -> None:
    heights = [height(share) for share in (1, 0.3, 0.1, 0.01, 0.003, 0)]
    assert heights == sorted(heights)
    assert 0 <= heights[0] <= heights[-1] <= HEIGHT


@pytest.mark.parametrize("language", TEXTS)
def test_the_bundled_record_is_shown_in_every_language(language: str) -> None:
    record = read_record()
    html = write_results(record, language)
    for entry in record.values():
        assert localize(f"{entry.accuracy:.2%}", language) in html
    assert text("table", language) in html


def test_a_record_without_models_is_no_error() -> None:
    assert text("table") in write_results({}, "en")


def test_numbers_have_the_marks_of_their_language() -> None:
    assert localize("1,194.5", "en") == "1,194.5"
    assert localize("1,194.5", "pt") == "1.194,5"


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


def test_the_curl_to_copy_runs_as_it_stands(picture: Path, address: str) -> None:
    if not shutil.which("curl"):
        pytest.skip("curl is not here")
    command = SNIPPETS["curl"][1].replace(ADDRESS, address).split()
    said = subprocess.run(  # noqa: S603 - the command is our own
        [*command, "--silent"], cwd=picture.parent, capture_output=True, check=True
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
