"""Very many pictures on Ray: every one accounted for, as the command line reads them."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from pyarrow import parquet

ROOT = Path(__file__).parents[1]


def read(pictures: str, output: Path, workers: int = 1) -> None:
    """Read pictures into a folder of Parquet files, as people do."""
    command = [sys.executable, "-m", "scale.bulk", pictures, str(output), f"--workers={workers}"]
    environment = {key: value for key, value in os.environ.items() if key != "RAY_ADDRESS"}
    run = subprocess.run(  # noqa: S603 - the command is our own
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=90
    )
    assert run.returncode == 0, run.stderr


def rows(output: Path) -> dict[str, dict[str, object]]:
    """Return the rows of an output by their pictures' names; every picture has one."""
    found = parquet.read_table(output).to_pylist()
    by_name = {Path(row["path"]).name: row for row in found}
    assert len(by_name) == len(found)
    return by_name


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the examples and a file that is no picture."""
    folder = tmp_path_factory.mktemp("pictures")
    for example in sorted((ROOT / "examples").iterdir()):
        (folder / example.name).write_bytes(example.read_bytes())
    (folder / "bad.png").write_bytes(b"nothing")
    return folder


def test_every_picture_is_read_as_the_command_line_reads_it_and_a_cut_costs_nothing(
    pictures: Path, tmp_path: Path
) -> None:
    output = tmp_path / "read"
    read(f"{pictures}/[0-4]*", output)
    first = set(output.iterdir())
    read(str(pictures), output, workers=2)
    assert first < set(output.iterdir())  # what was read stays, and is not read again
    found = rows(output)
    run = subprocess.run(  # noqa: S603 - the command is our own
        [sys.executable, "-m", "mnist_models", str(pictures), "--json"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    expected = {Path(answer["picture"]).name: answer for answer in json.loads(run.stdout)}
    assert found.keys() == expected.keys()
    assert found["bad.png"]["error"] == expected.pop("bad.png")["error"]
    for name, answer in expected.items():
        assert found[name]["error"] == ""
        assert found[name]["doubt"] == pytest.approx(answer["cnn"]["doubt"], abs=1e-5)
        for model in ("cnn", "linear"):
            assert found[name][f"{model}_digit"] == answer[model]["digit"]
            probability = max(answer[model]["probabilities"].values())
            assert found[name][f"{model}_probability"] == pytest.approx(probability, abs=1e-5)


def test_a_glob_without_pictures_is_refused(tmp_path: Path) -> None:
    run = subprocess.run(  # noqa: S603 - the command is our own
        [sys.executable, "-m", "scale.bulk", f"{tmp_path}/*.png", str(tmp_path / "read")],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert run.returncode == 2
    assert "no picture matches" in run.stderr
