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
from mnist_models.models.layers import write_layers
from mnist_models.models.loading import KERAS_NAME, MODEL_NAME
from mnist_models.models.record import (
    BUNDLED,
    SERVED,
    ModelRecord,
    read_record,
    tell_recipe,
    write_record,
)
from mnist_models.training.data import split
from mnist_models.training.evaluation import calibration, evaluate, machine
from mnist_models.training.export import for_serving
from mnist_models.training.fitting import (
    DOUBTED,
    HISTORY_NAME,
    compile_network,
    fit,
    list_folders,
    read_history,
    read_rows,
    set_doubt,
)
from mnist_models.training.recipes import EARLIER_SEEDS, RECIPES
from mnist_models.training.run import Run, find_best, find_trained, keep, plan
from testing import ROOT
from testing.programs import run_python
from testing.samples import draw_digits, make_record, write_data

# Keras 3.15 turns TensorFlow's variables into arrays in a way that NumPy 2 finds old.
pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),
]

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
    (folder,) = out.glob(f"{name}-[0-9]*/")
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
    assert record.keras_sha256 == fingerprints(trained)[f"{name}.keras"]
    layers = (trained / f"{name}.layers").read_bytes()
    assert layers == write_layers(content)
    assert record.layers_sha256 == hashlib.sha256(layers).hexdigest()
    assert (record.seed, record.recipe["epochs"], record.recipe["limit"]) == (3, 2, 48)
    assert record.recipe["loss"] == RECIPES[name].loss
    assert record.num_test == sum(map(sum, record.confusion)) == 20
    figures = evaluate(Classifier(content), Digits(*draw_digits(20, 1)))
    for key in ("errors", "misread", "confusion"):  # of what the exported model reads
        assert getattr(record, key) == figures[key]
    assert record.errors == len(record.misread)
    assert record.num_validation == 4
    lessons = RECIPES[name].num_before + 1
    assert {len(figures) for figures in record.history.values()} == {2 * lessons}
    assert record.num_parameters == RECIPES[name].build().count_params()
    assert record.seconds_per_epoch > 0
    assert record.machine == machine()
    assert read_record(folder_of(name, trained)) == {name: record}
    note = json.loads((folder_of(name, trained) / "recipe.json").read_text(encoding="utf-8"))
    assert note == record.recipe | {"layers": record.layers}
    assert keras.saving.load_model(folder_of(name, trained) / KERAS_NAME).count_params()


@pytest.mark.parametrize("name", SERVED)
def test_the_served_model_equals_the_one_that_keras_trained_and_its_evidence_sums_to_its_logits(
    trained: Path, name: str
) -> None:
    network = keras.saving.load_model(folder_of(name, trained) / KERAS_NAME)
    prediction = Classifier((trained / f"{name}.tflite").read_bytes()).predict(FEW.pixels)
    sums = {"logits": prediction.evidence.sum(axis=(1, 2))}
    for key, value in [*vars(prediction).items(), *sums.items()]:
        expected = for_serving(network)(FEW.pixels)[key]
        np.testing.assert_allclose(value, expected, rtol=1e-4, atol=1e-5, err_msg=key)


@pytest.mark.parametrize(
    "name", [name for name, entry in read_record().items() if entry.keras_sha256]
)
def test_what_keras_saved_of_a_bundled_network_is_what_is_served(name: str) -> None:
    keras_file = BUNDLED / f"{name}.keras"
    assert fingerprints(BUNDLED)[keras_file.name] == read_record()[name].keras_sha256
    network = keras.saving.load_model(keras_file)
    prediction = Classifier((BUNDLED / f"{name}.tflite").read_bytes()).predict(FEW.pixels)
    for key, value in vars(prediction).items():
        expected = for_serving(network)(FEW.pixels)[key]
        np.testing.assert_allclose(value, expected, rtol=1e-4, atol=1e-5, err_msg=key)


@pytest.mark.parametrize(("flag", "number"), [("--limit", "30"), ("--epochs", "1")])
def test_a_changed_run_tells_recipe_and_figures_and_that_it_stays_in_runs(
    data: Path,
    tmp_path: Path,
    flag: str,
    number: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    before = fingerprints(BUNDLED)
    if flag == "--limit":
        monkeypatch.setitem(RECIPES, "linear", dataclasses.replace(RECIPES["linear"], epochs=1))
    assert train.main(["linear", "--data", str(data), flag, number]) == 0
    assert fingerprints(BUNDLED) == before
    folder = folder_of("linear", Path("runs"))
    assert {MODEL_NAME, KERAS_NAME, HISTORY_NAME, "record.json"} < set(fingerprints(folder))
    output = capsys.readouterr().out
    assert "linear, seed 0: epochs 1, batch_size 256" in output
    *_, row, sentence = output.splitlines()
    assert "errors of 20 test digits" in row
    assert (
        f"has another recipe. The run is in {folder}; the same command with --replace" in sentence
    )


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
    with pytest.raises(KeyboardInterrupt):
        train.main(["linear", "mlp", *flags])
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


def test_averaged_weights_move_less_than_the_trained_ones_and_none_is_chosen(
    tmp_path: Path,
) -> None:
    moved = {}
    for momentum in (0.0, 0.999):
        recipe = dataclasses.replace(RECIPES["linear"], epochs=6, ema_momentum=momentum)
        (folder := tmp_path / str(momentum)).mkdir()
        network = fit(recipe, FEW[:30], FEW[30:], 0, folder)
        again = fit(recipe, FEW[:30], FEW[30:], 0, folder)  # finished: nothing is trained anew
        keras.utils.set_random_seed(0)
        fresh = recipe.build().get_weights()
        for kept, anew in zip(network.get_weights(), again.get_weights(), strict=True):
            np.testing.assert_array_equal(kept, anew)
        moved[momentum] = np.abs(network.get_weights()[0] - fresh[0]).mean()
    assert 0 < moved[0.999] < 0.5 * moved[0.0]


def test_a_lesson_goes_on_from_those_before_and_is_told_after_them(tmp_path: Path) -> None:
    first = dataclasses.replace(RECIPES["linear"], epochs=2)
    second = dataclasses.replace(first, epochs=1, after=first)
    third = dataclasses.replace(second, learning_rate=0.0, after=second)
    folders = two_folder, folder_before, folder = [tmp_path / name for name in "123"]
    for each in folders:
        each.mkdir()
    two = fit(second, FEW[:30], FEW[30:], EARLIER_SEEDS[1], two_folder)
    three = fit(third, FEW[:30], FEW[30:], 0, folder, folder_before)
    for kept, learned in zip(three.get_weights(), two.get_weights(), strict=True):
        np.testing.assert_array_equal(kept, learned)
    places = list_folders(third, folder, folder_before)
    assert places == [folder_before / "before", folder_before, folder]
    assert len(read_history(*places)["loss"]) == 4
    assert tell_recipe(third.as_record()).count("epochs") == 3


def test_a_network_doubts_as_few_digits_as_was_chosen() -> None:
    network = RECIPES["cnn"].build()
    digits = Digits(*draw_digits(1000, 5))
    set_doubt(network, digits)
    doubts = network.predict(digits.pixels, batch_size=500, verbose=0)["doubt"]
    assert round(DOUBTED * 1000) - 1 <= np.sum(doubts > 0.5) <= round(DOUBTED * 1000) + 1


def test_what_is_overridden_of_a_recipe_is_of_the_lessons_before_too(tmp_path: Path) -> None:
    (run,) = plan(["cnn"], {"epochs": 1}, 0, None, tmp_path, False)
    assert tell_recipe(run.kept).count("epochs 1,") == 3
    assert run.folder(0).name == "cnn-0-epochs-1"


@pytest.mark.parametrize(
    ("flags", "sentence"),
    [
        (["perceptron"], "there is no network 'perceptron'; known are cnn, linear"),
        (["--data", "nowhere.npz"], "there is no file nowhere.npz"),
        (["--data", __file__], "is not an .npz file"),
        (["--data", "half.npz"], "half.npz holds no x_test"),
        (["--epochs", "0"], "--epochs must be at least 1, received 0"),
        (["--limit", "1"], "--limit must be at least 2, received 1"),
    ],
    ids=["name", "file", "format", "half", "epochs", "limit"],
)
def test_what_cannot_be_done_is_refused_in_a_sentence(
    flags: list[str],
    sentence: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    np.savez("half.npz", x_train=FEW.pixels, y_train=FEW.labels)
    with pytest.raises(SystemExit) as refusal:
        train.main(flags)
    assert refusal.value.code == 2
    assert sentence in capsys.readouterr().err


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


def finish(name: str, results: Path, loss: float, **changes: Any) -> tuple[Run, ModelRecord]:
    """Leave what a finished run leaves, and return it with its record, whose weights are new."""
    usual: dict[str, Any] = {"recipe": RECIPES[name], "seed": 9, "runs": results.parent}
    run = Run(name, results=results, **usual | changes)
    folder = run.folder(run.seed)
    folder.mkdir(exist_ok=True)
    (folder / MODEL_NAME).write_bytes(content := repr((loss, changes)).encode())
    (folder / KERAS_NAME).write_bytes(keras_content := content[::-1])
    figures = {"validation_errors": 9, "validation_loss": loss, "errors": 99}
    return run, make_record(
        recipe=run.kept,
        layers=run.layers,
        seed=run.seed,
        seeds={str(run.seed): figures},
        errors=99,
        sha256=hashlib.sha256(content).hexdigest(),
        keras_sha256=hashlib.sha256(keras_content).hexdigest(),
    )


@pytest.mark.parametrize("name", SERVED)
@pytest.mark.parametrize(
    ("loss", "asked", "replaces"),
    [(0.9, False, False), (0.9, True, True), (0.001, False, True)],
    ids=["worse", "worse but asked", "better"],
)
def test_a_seed_is_noted_and_replaces_the_kept_one_if_it_is_better_or_asked_to(
    name: str, loss: float, asked: bool, replaces: bool, tmp_path: Path
) -> None:
    bundled = shutil.copytree(BUNDLED, tmp_path / "bundled")
    before = read_record()
    before[name] = dataclasses.replace(before[name], repo="me/it", revision="a" * 40)
    write_record(before, bundled)
    run, record = finish(name, bundled, loss, replaces=asked)
    for _ in range(2):  # nothing is new the second time
        keep(run, record)
    own = run.folder(9)
    kept_whole = replaces or bool(before[name].keras_sha256)
    assert find_best(run) == ((bundled, bundled) if kept_whole else (own, own))
    kept = record if replaces else before[name]  # the Hub holds other weights than the new ones
    measured = ("reading", "whole_numbers", "doubting", "robustness", "measured_with")
    rows = {attribute: getattr(before[name], attribute) for attribute in measured}
    kept = dataclasses.replace(kept, seeds=before[name].seeds | record.seeds, **rows)
    assert all(rows.values())
    assert read_record(bundled) == before | {name: kept}
    assert kept.is_current("reading") is not replaces
    for one in SERVED:
        assert fingerprints(bundled)[f"{one}.tflite"] == read_record(bundled)[one].sha256


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
    changes: dict[str, Any], tmp_path: Path
) -> None:
    bundled = shutil.copytree(BUNDLED, tmp_path / "bundled")
    before, files = read_record(bundled)["linear"], fingerprints(bundled)
    run, record = finish("linear", bundled, loss=0.001, **changes)
    keep(run, record)
    assert find_best(run) == (run.folder(9), run.folder(9))
    assert fingerprints(bundled) == files
    keep(dataclasses.replace(run, replaces=True), record)
    kept = read_record(bundled)["linear"]
    assert (kept.sha256, kept.recipe, kept.seeds) == (record.sha256, run.kept, record.seeds)
    assert (kept.reading, kept.measured_with) == (before.reading, before.measured_with)


def test_of_several_seeds_elsewhere_the_lowest_validation_loss_stays(tmp_path: Path) -> None:
    for seed, loss in enumerate((0.5, 0.3, 0.4)):
        run, record = finish("mlp", tmp_path, loss, seed=seed, limit=30, runs=tmp_path)
        keep(run, record)
    assert find_best(run) == (tmp_path, tmp_path)
    kept = read_record(tmp_path)["mlp"]
    assert (kept.seed, list(kept.seeds)) == (1, ["0", "1", "2"])
    assert fingerprints(tmp_path)["mlp.tflite"] == kept.sha256
    assert fingerprints(tmp_path)["mlp.keras"] == kept.keras_sha256


def test_a_run_of_before_keras_files_were_pinned_is_taken_as_it_is(tmp_path: Path) -> None:
    run, record = finish("mlp", tmp_path, 0.5, limit=30, runs=tmp_path)
    write_record({"mlp": dataclasses.replace(record, keras_sha256="")}, run.folder(9))
    assert find_trained(run) == record
    assert read_record(run.folder(9)) == {"mlp": record}


def test_validation_digits_are_the_same_for_every_seed_and_never_trained_on() -> None:
    numbers = np.arange(120, dtype=np.uint8)
    everything = Digits(numbers[:, None, None] * np.ones((1, 28, 28), np.uint8), numbers % 10)
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
    done = run_python("-m", "testing.two_devices", str(tmp_path), name)
    difference, num_devices = done.stdout.split()[-2:]
    assert float(difference) <= tolerance
    assert num_devices == "2"


def test_what_is_trained_in_short_numbers_is_kept_in_long_ones(tmp_path: Path) -> None:
    recipe = dataclasses.replace(RECIPES["cnn"], epochs=1, after=None)
    assert recipe.precision == "mixed_bfloat16"
    network = fit(recipe, FEW, FEW, 0, tmp_path)
    assert {layer.dtype_policy.name for layer in network.layers} == {"float32"}
    assert keras.config.dtype_policy().name == "float32"


def test_the_runs_note_their_recipe(trained: Path) -> None:
    note = (folder_of("cnn", trained) / "recipe.json").read_text(encoding="utf-8")
    record = read_record(trained)["cnn"]
    assert json.loads(note) == record.recipe | {"layers": record.layers}
