"""The command line: `python -m mnist_models PICTURE ...`."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from mnist_models import __main__ as command_line

ROOT = Path(__file__).parents[1]

EXAMPLES = ROOT / "examples"


def run(*arguments: object, pipe: bytes = b"") -> subprocess.CompletedProcess:
    """Run the command as a person does."""
    return subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-m", "mnist_models", *map(str, arguments)],
        cwd=ROOT,
        input=pipe,
        capture_output=True,
        check=False,
    )


def test_a_folder_is_read_into_a_table_with_a_line_for_every_picture() -> None:
    result = run(EXAMPLES, "--numbers")
    header, *lines = result.stdout.decode().splitlines()
    assert result.returncode == 0
    assert header.split() == ["picture", "cnn", "linear"]
    pictures = sorted(EXAMPLES.glob("[0-9]*_*"))
    assert len(lines) == len(pictures)
    for path, line in zip(pictures, lines, strict=True):
        assert line.startswith(str(path))
        assert line.removeprefix(str(path)).split()[0] == path.name.partition("_")[0]


def test_json_has_both_answers_and_an_error_costs_no_other_its_answer(tmp_path: Path) -> None:
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"certainly no picture")
    result = run(broken, EXAMPLES / "4_transparent.png", tmp_path / "missing.png", "--json")
    first, second, third = json.loads(result.stdout)
    assert result.returncode == 1
    assert "not a picture" in first["error"]
    assert second["cnn"]["digit"] == 4
    assert sum(second["linear"]["probabilities"].values()) == pytest.approx(1, abs=1e-5)
    assert 0 <= second["cnn"]["doubt"] <= 1
    assert "No such file" in third["error"]
    assert b"Traceback" not in result.stderr


def test_numbers_as_json_have_every_digit_and_an_error_costs_no_other_its_answer(
    tmp_path: Path,
) -> None:
    result = run(tmp_path / "missing.png", EXAMPLES / "42_two_digits.png", "--numbers", "--json")
    first, second = json.loads(result.stdout)
    assert result.returncode == 1
    assert "No such file" in first["error"]
    assert (second["cnn"], second["linear"]) == ("42", "42")
    assert [digit["cnn"] for digit in second["digits"]] == [4, 2]


def test_a_picture_comes_through_a_pipe() -> None:
    result = run("-", "--json", pipe=(EXAMPLES / "9_red_on_yellow.png").read_bytes())
    (row,) = json.loads(result.stdout)
    assert (result.returncode, row["picture"], row["cnn"]["digit"]) == (0, "-", 9)


def test_whoever_reads_only_the_first_lines_gets_no_traceback() -> None:
    with subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-u", "-m", "mnist_models", str(EXAMPLES)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as program:
        assert program.stdout.readline().startswith(b"picture")
        program.stdout.close()
        assert b"Traceback" not in program.stderr.read()


def test_a_folder_without_pictures_is_a_wrong_command(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("none")
    result = run(tmp_path)
    assert result.returncode == 2
    assert "no picture in" in result.stderr.decode()


def test_folders_are_searched_through_and_only_pictures_are_taken(tmp_path: Path) -> None:
    (tmp_path / "deep" / "er").mkdir(parents=True)
    for name in ("deep/er/b.PNG", "deep/a.jpg", "deep/notes.txt", "page.svg", "paper.pdf"):
        shutil.copy(EXAMPLES / "5_pad.png", tmp_path / name)
    found = [Path(path).name for path in command_line.find_pictures(str(tmp_path))]
    assert found == ["a.jpg", "b.PNG"]


@pytest.mark.parametrize(("count", "shown"), [(3, False), (40, True)])
def test_a_long_list_has_a_progress_bar_on_a_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], count: int, shown: bool
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    assert list(command_line.with_progress(iter(range(count)), count)) == list(range(count))
    assert ("picture/s" in capsys.readouterr().err) == shown
