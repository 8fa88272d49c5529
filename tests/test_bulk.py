"""Very many pictures on Ray: every one accounted for, as the command line reads them."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.bulk import ROOT, compare, kill_after, time_bulk
from tests.test_imports import imports, modules

COPIES = 150
"""Of every example, so that a run has parts enough to be cut between them."""


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the drawn examples, many times, and a file that is no picture."""
    folder = tmp_path_factory.mktemp("pictures")
    for example in sorted((ROOT / "examples").glob("*.png")):
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
    assert compare(output, answers) == []


def test_a_glob_without_pictures_is_refused(tmp_path: Path) -> None:
    run = subprocess.run(  # noqa: S603 - the command is our own
        [sys.executable, "-m", "scale.bulk", f"{tmp_path}/*.png", str(tmp_path / "read")],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert run.returncode == 2
    assert "no picture matches" in run.stderr


def test_neither_page_nor_training_imports_or_installs_it() -> None:
    for file in modules().values():
        assert not {"scale", "ray", "pyarrow"} & {name.split(".")[0] for name in imports(file)}
    for needed in ("requirements.txt", "requirements-train.txt"):
        assert "ray" not in (ROOT / needed).read_text("utf-8")
