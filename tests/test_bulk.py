"""Very many pictures on Ray: every one accounted for, as the command line reads them."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from pyarrow.fs import LocalFileSystem

from scale.bulk import Worker, main
from testing import EXAMPLES, ROOT
from testing.bulk import differences, kill_after, time_bulk

pytestmark = pytest.mark.slow

COPIES = 30
"""Of every example, so that a run has parts enough to be cut between them."""


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the drawn examples, many times, and a file that is no picture."""
    folder = tmp_path_factory.mktemp("pictures")
    for example in sorted(EXAMPLES.glob("*.png")):
        first = folder / f"0_{example.name}"
        first.write_bytes(example.read_bytes())
        for copy in range(1, COPIES):
            os.link(first, folder / f"{copy}_{example.name}")
    (folder / "bad.png").write_bytes(b"nothing")
    return folder


def test_every_picture_is_read_as_the_command_line_reads_it_and_a_kill_costs_no_finished_part(
    pictures: Path, tmp_path: Path
) -> None:
    output = tmp_path / "read"
    done = kill_after(1, f"{pictures}/[0-9]*", output, workers=1)
    time_bulk(pictures, output, workers=2)
    assert all(path.exists() for path in done)
    run = subprocess.run(  # noqa: S603 - the command is our own
        [sys.executable, "-m", "mnist_models", str(pictures), "--json"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    answers = json.loads(run.stdout)
    assert len(answers) == len(list(pictures.iterdir()))
    assert [Path(answer["picture"]).name for answer in answers if "error" in answer] == ["bad.png"]
    assert differences(output, answers) == []


@pytest.mark.parametrize(
    ("named", "says"),
    [
        ("{folder}/*.png", "no picture matches"),
        ("{folder}/missing", "no picture matches"),
        ("{folder}", "no picture matches"),
        ("nowhere://pictures", "cannot be listed"),
    ],
)
def test_where_no_pictures_are_is_said_before_ray_is_started(
    tmp_path: Path,
    capsys: pytest.CaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    named: str,
    says: str,
) -> None:
    named = named.format(folder=tmp_path)
    monkeypatch.setattr(sys, "argv", ["bulk", named, f"{tmp_path}/read"])
    with pytest.raises(SystemExit, match="2"):
        main()
    assert named in (said := capsys.readouterr().err)
    assert says in said


def test_a_file_that_cannot_be_opened_costs_its_own_row(tmp_path: Path) -> None:
    good = EXAMPLES / "42_two_digits.png"
    worker = Worker(LocalFileSystem(), with_numbers=True)
    rows = worker({"path": np.array([str(tmp_path / "gone.png"), str(good)])})
    assert rows["cnn_digit"].tolist()[0] == -1
    assert rows["cnn_number"].tolist() == rows["linear_number"].tolist() == ["", "42"]
    assert [bool(error) for error in rows["error"]] == [True, False]
    assert "No such file" in rows["error"][0]


def test_with_its_number_a_picture_has_the_same_row_as_without() -> None:
    paths = {"path": np.array(sorted(map(str, EXAMPLES.glob("*.png"))))}
    alone = Worker(LocalFileSystem())(paths)
    together = Worker(LocalFileSystem(), with_numbers=True)(paths)
    for name, values in alone.items():
        if values.dtype.kind == "f":
            assert together[name] == pytest.approx(values, abs=1e-5)
        else:
            assert together[name].tolist() == values.tolist()
