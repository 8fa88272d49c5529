"""The whole road from the command line to a record, on a handful of digits."""

import dataclasses
import hashlib
import json
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

import train
from mnist_models import Classifier
from mnist_models.digits import Digits
from mnist_models.models.loading import KERAS_NAME, MODEL_NAME
from mnist_models.models.record import BUNDLED, SERVED, ModelRecord, read_record, write_record
from mnist_models.training.data import split
from mnist_models.training.evaluation import calibration, evaluate, machine
from mnist_models.training.export import for_serving
from mnist_models.training.fitting import (
    HISTORY_NAME,
    compile_network,
    fit,
    read_history,
    read_rows,
)
from mnist_models.training.recipes import RECIPES
from mnist_models.training.run import Run, keep
from testing.samples import draw_digits, write_data

# Keras 3.15 turns TensorFlow's variables into arrays in a way that NumPy 2 finds old.
pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),
]

ROOT = Path(__file__).parents[1]
FEW = Digits(*draw_digits(40, 8))


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write 60 digits to train on and 20 to test with."""
    return write_data(tmp_path_factory.mktemp("data") / "few.npz")


def fingerprints(folder: Path) -> dict[str, str]:
    """Return every file of a folder with its sha256."""
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.glob("*")
        if path.is_file()
    }


def folder_of(name: str, out: Path) -> Path:
    """Return where the only run of a network left its files."""
    (folder,) = out.glob(f"{name}-*/")
    return folder


@pytest.fixture(scope="module")
def trained(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Train both served models for two epochs and return where everything was left."""
    out = tmp_path_factory.mktemp("out")
    before = fingerprints(BUNDLED)
    code = train.main(
        ["--data", str(data), "--epochs", "2", "--limit", "48", "--seed", "3", "--out", str(out)]
    )
    assert code == 0
    assert fingerprints(BUNDLED) == before
    return out


@pytest.mark.parametrize("name", SERVED)
def test_the_whole_loop_trains_measures_and_keeps(trained: Path, name: str) -> None:
    record = read_record(trained)[name]
    content = (trained / f"{name}.tflite").read_bytes()
    assert record.sha256 == hashlib.sha256(content).hexdigest()
    assert record.num_bytes == len(content)
    assert (record.seed, record.recipe["epochs"], record.recipe["limit"]) == (3, 2, 48)
    assert record.recipe["loss"] == RECIPES[name].loss
    assert record.num_test == sum(map(sum, record.confusion)) == 20
    assert record.errors == len(record.misread)
    assert record.num_validation == 4
    assert {len(figures) for figures in record.history.values()} == {2}
    assert record.num_parameters == RECIPES[name].build().count_params()
    assert record.seconds_per_epoch > 0
    assert record.machine == machine()
    assert read_record(folder_of(name, trained)) == {name: record}
    assert keras.saving.load_model(folder_of(name, trained) / KERAS_NAME).count_params()


@pytest.mark.parametrize("name", SERVED)
def test_the_served_model_equals_the_one_that_keras_trained(trained: Path, name: str) -> None:
    network = keras.saving.load_model(folder_of(name, trained) / KERAS_NAME)
    expected = for_serving(network)(FEW.pixels)
    prediction = Classifier((trained / f"{name}.tflite").read_bytes()).predict(FEW.pixels)
    for key, value in vars(prediction).items():
        np.testing.assert_allclose(value, expected[key], rtol=1e-4, atol=1e-5, err_msg=key)


@pytest.mark.parametrize("name", SERVED)
def test_evidence_of_any_network_sums_to_its_logits(trained: Path, name: str) -> None:
    prediction = Classifier((trained / f"{name}.tflite").read_bytes()).predict(FEW.pixels)
    np.testing.assert_allclose(
        prediction.evidence.sum(axis=(1, 2)), prediction.logits, rtol=1e-4, atol=1e-5
    )


def test_the_record_counts_what_the_exported_model_reads(trained: Path) -> None:
    record = read_record(trained)["linear"]
    figures = evaluate(
        Classifier((trained / "linear.tflite").read_bytes()), Digits(*draw_digits(20, 1))
    )
    assert {key: getattr(record, key) for key in ("errors", "misread", "confusion")} == {
        key: figures[key] for key in ("errors", "misread", "confusion")
    }


def test_the_command_line_tells_the_recipe_and_the_row(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    flags = ["linear", "--data", str(data), "--epochs", "1", "--out", str(tmp_path)]
    assert train.main(flags) == 0
    output = capsys.readouterr().out
    assert "linear, seed 0: epochs 1, batch_size 256" in output
    assert "errors of 20 test digits" in output.splitlines()[-1]


@pytest.mark.parametrize("flag", ["--limit", "--epochs"])
def test_a_changed_run_without_out_stays_in_runs_and_says_how_to_replace(
    data: Path,
    tmp_path: Path,
    flag: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    before = fingerprints(BUNDLED)
    if flag == "--limit":
        monkeypatch.setitem(RECIPES, "linear", dataclasses.replace(RECIPES["linear"], epochs=1))
    assert (
        train.main(["linear", "--data", str(data), flag, "1" if flag == "--epochs" else "30"]) == 0
    )
    assert fingerprints(BUNDLED) == before
    folder = folder_of("linear", Path("runs"))
    assert {MODEL_NAME, KERAS_NAME, HISTORY_NAME, "record.json"} < set(fingerprints(folder))
    *_, sentence = capsys.readouterr().out.splitlines()
    assert f"has another recipe. The run is in {folder}" in sentence
    assert "the same command with --replace puts it there" in sentence


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Let Ctrl-C stop the programs that a test starts: a shell's background jobs ignore it."""
    usual = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, usual)


@pytest.mark.usefixtures("interruptible")
def test_a_training_that_was_cut_goes_on_from_its_last_epoch(data: Path, tmp_path: Path) -> None:
    flags = ["linear", "--data", str(data), "--epochs", "40", "--out", str(tmp_path)]
    folder = tmp_path / "linear-0-epochs-40"
    with subprocess.Popen(  # noqa: S603 (the program itself)
        [sys.executable, "train.py", *flags], cwd=ROOT, stderr=subprocess.PIPE, text=True
    ) as run:
        while len(read_rows(folder / HISTORY_NAME)) < 3:
            assert run.poll() is None, run.stderr.read()
            time.sleep(0.005)
        run.send_signal(signal.SIGINT)
        error = run.communicate(timeout=60)[1]
    assert run.returncode == 130
    assert "goes on after its last finished epoch" in error
    assert read_record(tmp_path) == {}
    before = read_history(folder)
    assert 3 <= len(before["loss"]) < 40
    assert train.main(flags) == 0
    record = read_record(tmp_path)["linear"]
    assert len(record.history["loss"]) == 40
    for name, figures in before.items():
        assert record.history[name][: len(figures)] == figures
    assert record.history["loss"][-1] < record.history["loss"][0]


def test_a_cut_leaves_the_models_that_were_finished_as_they_are(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt() -> keras.Model:
        raise KeyboardInterrupt

    monkeypatch.setitem(RECIPES, "mlp", dataclasses.replace(RECIPES["mlp"], build=interrupt))
    flags = ["--data", str(data), "--epochs", "1", "--out", str(tmp_path)]
    assert train.main(["linear", "mlp", *flags]) == 130
    (record,) = read_record(tmp_path).values()
    content = (tmp_path / "linear.tflite").read_bytes()
    assert record.sha256 == hashlib.sha256(content).hexdigest()


def test_a_cut_in_the_middle_of_a_file_loses_one_epoch(tmp_path: Path) -> None:
    recipe = dataclasses.replace(RECIPES["linear"], epochs=3)
    fit(recipe, FEW[:30], FEW[30:], 0, tmp_path)
    whole = read_rows(tmp_path / HISTORY_NAME)
    (tmp_path / HISTORY_NAME).write_text(json.dumps(whole[:2]), encoding="utf-8")
    last, half = tmp_path / "epoch-2.weights.h5", tmp_path / "epoch-1.weights.h5"
    half.write_bytes(last.read_bytes())
    last.write_bytes(last.read_bytes()[:100])
    fit(recipe, FEW[:30], FEW[30:], 0, tmp_path)
    again = read_rows(tmp_path / HISTORY_NAME)
    assert again[:2] == whole[:2]
    assert len(again) == 3


def test_a_training_that_goes_on_remembers_the_best_epoch_before_the_cut(tmp_path: Path) -> None:
    recipe = dataclasses.replace(RECIPES["linear"], epochs=2)
    compile_network(best := recipe.build(), recipe, 1)
    best.optimizer.build(best.trainable_variables)
    best.save_weights(tmp_path / "epoch-0.weights.h5")
    row = {"loss": 0.0, "val_loss": 0.0, "seconds": 1.0}
    (tmp_path / HISTORY_NAME).write_text(json.dumps([row]), encoding="utf-8")
    network = fit(recipe, FEW[:30], FEW[30:], 0, tmp_path)
    for kept, planted in zip(network.get_weights(), best.get_weights(), strict=True):
        np.testing.assert_array_equal(kept, planted)


@pytest.mark.parametrize(
    ("flags", "sentence"),
    [
        (["perceptron"], "there is no network 'perceptron'; known are cnn, linear"),
        (["--data", "nowhere.npz"], "there is no file nowhere.npz"),
        (["--data", __file__], "is not an .npz file"),
        (["--epochs", "0"], "--epochs must be at least 1, received 0"),
        (["--limit", "1"], "--limit must be at least 2, received 1"),
    ],
    ids=["name", "file", "format", "epochs", "limit"],
)
def test_what_cannot_be_done_is_refused_in_a_sentence(
    flags: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as refusal:
        train.main(flags)
    assert refusal.value.code == 2
    assert sentence in capsys.readouterr().err


def test_a_file_without_the_test_digits_is_refused_in_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "half.npz"
    np.savez(path, x_train=FEW.pixels, y_train=FEW.labels)
    with pytest.raises(SystemExit):
        train.main(["--data", str(path)])
    assert "half.npz holds no x_test" in capsys.readouterr().err


def test_a_folder_that_cannot_be_written_is_refused_before_training(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    out = tmp_path / "file" / "runs"
    assert train.main(["linear", "--data", str(data), "--out", str(out)]) == 1
    output = capsys.readouterr()
    assert str(out) in output.err
    assert "Choose another folder with --out DIR." in output.err
    assert output.out == ""


@pytest.fixture
def bundled(tmp_path: Path) -> Path:
    """Return a copy of what is bundled, where runs may be kept."""
    return shutil.copytree(BUNDLED, tmp_path / "bundled")


def finish(name: str, results: Path, loss: float, **changes: Any) -> tuple[Run, ModelRecord]:
    """Leave what a finished run leaves, and return it with its record, whose weights are new."""
    run = Run(name, RECIPES[name], seed=9, runs=results.parent, results=results)
    run = dataclasses.replace(run, **changes)
    folder = run.folder(run.seed)
    folder.mkdir(exist_ok=True)
    (folder / MODEL_NAME).write_bytes(content := repr((loss, changes)).encode())
    record = dataclasses.replace(
        read_record()[name],
        recipe=run.kept,
        seed=run.seed,
        seeds={str(run.seed): {"validation_errors": 99, "validation_loss": loss, "errors": 99}},
        errors=99,
        sha256=hashlib.sha256(content).hexdigest(),
        **{"reading": [], "doubting": {}, "robustness": {}, "measured_with": {}},
    )
    return run, record


@pytest.mark.parametrize("name", SERVED)
def test_a_worse_seed_is_noted_and_replaces_nothing(
    bundled: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before, files = read_record(bundled), fingerprints(bundled)
    run, record = finish(name, bundled, loss=0.9)
    assert keep(run, record) == bundled
    seeds = before[name].seeds | record.seeds
    assert read_record(bundled) == before | {name: dataclasses.replace(before[name], seeds=seeds)}
    assert fingerprints(bundled) | {"record.json": ""} == files | {"record.json": ""}
    assert "--replace puts it there" in capsys.readouterr().out


@pytest.mark.parametrize("name", SERVED)
def test_a_better_seed_replaces_the_weights_and_keeps_what_was_measured_before(
    bundled: Path, name: str
) -> None:
    published = dataclasses.replace(read_record()[name], repo="me/it", revision="a" * 40)
    write_record(read_record() | {name: published}, bundled)
    run, record = finish(name, bundled, loss=0.001)
    keep(run, record)
    kept = read_record(bundled)[name]
    assert (kept.errors, kept.seed, list(kept.seeds)) == (99, 9, [*published.seeds, "9"])
    assert (kept.repo, kept.revision) == (None, None)  # there lie other weights
    assert hashlib.sha256((bundled / f"{name}.tflite").read_bytes()).hexdigest() == kept.sha256
    for measured in ("reading", "doubting", "robustness"):
        assert getattr(kept, measured) == getattr(published, measured) != []
        assert published.is_current(measured)
        assert not kept.is_current(measured)


@pytest.mark.parametrize(
    "changes",
    [
        {"recipe": dataclasses.replace(RECIPES["linear"], epochs=2)},
        {"recipe": dataclasses.replace(RECIPES["linear"], build=RECIPES["mlp"].build)},
        {"limit": 30},
    ],
    ids=["epochs", "layers", "limit"],
)
def test_another_recipe_replaces_only_when_asked_and_no_measurement_even_then(
    bundled: Path, changes: dict[str, Any]
) -> None:
    before, files = read_record(bundled)["linear"], fingerprints(bundled)
    run, record = finish("linear", bundled, loss=0.001, **changes)
    assert keep(run, record) == run.folder(9)
    assert fingerprints(bundled) == files
    run, record = finish("linear", bundled, loss=0.9, replaces=True, **changes)
    assert keep(run, record) == bundled
    kept = read_record(bundled)["linear"]
    assert (kept.errors, list(kept.seeds), kept.recipe) == (99, ["9"], run.kept)
    assert (kept.reading, kept.measured_with) == (
        before["linear"].reading,
        before["linear"].measured_with,
    )


def test_a_worse_seed_replaces_when_asked_and_the_other_seeds_stay_known(bundled: Path) -> None:
    before = read_record(bundled)["cnn"]
    keep(*finish("cnn", bundled, loss=0.9, replaces=True))
    kept = read_record(bundled)["cnn"]
    assert (kept.seed, list(kept.seeds)) == (9, [*before.seeds, "9"])
    assert kept.reading == before.reading


def test_a_run_that_is_kept_already_changes_nothing(bundled: Path) -> None:
    for replaces in (False, True):
        run, record = finish("cnn", bundled, loss=0.001)
        keep(run, record)
        published = dataclasses.replace(read_record(bundled)["cnn"], repo="me/it")
        write_record(read_record(bundled) | {"cnn": published}, bundled)
        keep(dataclasses.replace(run, replaces=replaces), record)
        assert read_record(bundled)["cnn"] == published


def test_of_several_seeds_elsewhere_the_lowest_validation_loss_stays(tmp_path: Path) -> None:
    for seed, loss in enumerate((0.5, 0.3, 0.4)):
        keep(*finish("mlp", tmp_path, loss, seed=seed, limit=30))
    kept = read_record(tmp_path)["mlp"]
    assert (kept.seed, list(kept.seeds)) == (1, ["0", "1", "2"])
    assert hashlib.sha256((tmp_path / "mlp.tflite").read_bytes()).hexdigest() == kept.sha256


def test_validation_digits_are_the_same_for_every_seed_and_never_trained_on() -> None:
    everything = Digits(np.arange(120)[:, None, None] * np.ones((1, 28, 28)), np.arange(120) % 10)
    training, validation = split(everything, None)
    assert (len(training), len(validation)) == (110, 10)
    shown = {int(digit[0, 0]) for digit in training.pixels}
    assert shown.isdisjoint(int(digit[0, 0]) for digit in validation.pixels)
    again = split(everything, None)[1]
    np.testing.assert_array_equal(validation.pixels, again.pixels)


def test_calibration_counts_promises_and_right_answers() -> None:
    bins = calibration(np.array([0.95, 1.0, 0.31], np.float32), np.array([True, False, True]))
    assert bins[9] == [2, 1.95, 1]
    assert bins[3] == [1, 0.31, 1]
    assert sum(count for count, _, _ in bins) == 3


def test_the_same_seed_trains_the_same_weights(data: Path, tmp_path: Path) -> None:
    flags = ["linear", "--data", str(data), "--epochs", "1", "--limit", "30"]
    for attempt in "ab":
        assert train.main([*flags, "--out", str(tmp_path / attempt)]) == 0
    first, second = (
        keras.saving.load_model(folder_of("linear", tmp_path / attempt) / KERAS_NAME).get_weights()
        for attempt in "ab"
    )
    for kernel, again in zip(first, second, strict=True):
        np.testing.assert_array_equal(kernel, again)


@pytest.mark.parametrize(("name", "tolerance"), [("linear", 1e-5), ("cnn", np.inf)])
def test_two_devices_train_as_one_does(name: str, tolerance: float, tmp_path: Path) -> None:
    """Batch normalization sees half a batch on each of two devices: the CNN only has to train."""
    for number in "12":
        (tmp_path / number).mkdir()
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-m", "testing.two_devices", str(tmp_path), name],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    difference, num_devices = done.stdout.split()[-2:]
    assert float(difference) <= tolerance
    assert num_devices == "2"


def test_what_is_trained_in_short_numbers_is_kept_in_long_ones(tmp_path: Path) -> None:
    recipe = dataclasses.replace(RECIPES["cnn"], epochs=1)
    assert recipe.precision == "mixed_bfloat16"
    network = fit(recipe, FEW, FEW, 0, tmp_path)
    assert {layer.dtype_policy.name for layer in network.layers} == {"float32"}
    assert keras.config.dtype_policy().name == "float32"


def test_the_runs_note_their_recipe(trained: Path) -> None:
    note = (folder_of("cnn", trained) / "recipe.json").read_text(encoding="utf-8")
    record = read_record(trained)["cnn"]
    assert json.loads(note) == record.recipe | {"layers": record.layers}
