"""The published numbers: their arithmetic, and how they are kept."""

from dataclasses import fields
from pathlib import Path

import pytest

from mnist_models import ModelError
from mnist_models.models.record import (
    RECORD_NAME,
    SERVED,
    ModelRecord,
    read_record,
    record_measurement,
    wilson_interval,
    write_record,
)
from mnist_models.report.mcnemar import compare_by_mcnemar
from testing.samples import make_record

BUNDLED_RECORD = read_record()


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    [  # Newcombe 1998, "Two-sided confidence intervals for the single proportion", table I
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_the_interval_is_the_published_one(
    successes: int, trials: int, low: float, high: float
) -> None:
    assert wilson_interval(successes, trials) == pytest.approx((low, high), abs=5e-5)


def test_a_record_is_read_as_it_was_written(tmp_path: Path) -> None:
    record = {"linear": make_record(), "cnn": make_record(repo="me/mnist-cnn", revision="a" * 40)}
    write_record(record, tmp_path)
    text = (tmp_path / RECORD_NAME).read_text(encoding="utf-8")
    assert len(text.splitlines()) == 2 + 2 * (2 + len(fields(ModelRecord)))  # an attribute a line
    assert read_record(tmp_path) == record
    assert list(read_record(tmp_path)) == ["linear", "cnn"]


def test_a_folder_without_a_record_has_an_empty_one(tmp_path: Path) -> None:
    assert read_record(tmp_path) == {}


def test_a_record_that_cannot_be_written_leaves_the_last_one_whole(tmp_path: Path) -> None:
    write_record({"linear": make_record()}, tmp_path)
    with pytest.raises(TypeError):
        write_record({"linear": make_record(recipe={"build": make_record})}, tmp_path)
    assert read_record(tmp_path) == {"linear": make_record()}
    assert [path.name for path in tmp_path.iterdir()] == [RECORD_NAME]


@pytest.mark.parametrize("content", ["", "[]", '{"cnn": {"errors": 1}}', '{"cnn": 1}'])
def test_a_record_that_is_none_is_refused_in_a_sentence(tmp_path: Path, content: str) -> None:
    (tmp_path / RECORD_NAME).write_text(content, encoding="utf-8")
    with pytest.raises(ModelError, match="is not a record of this version"):
        read_record(tmp_path)


def test_what_is_measured_later_leaves_the_rest_of_a_record(tmp_path: Path) -> None:
    write_record({"cnn": make_record(), "linear": make_record(seed=1)}, tmp_path)
    record_measurement("robustness", {"linear": {"fog": [3, 4]}}, tmp_path)
    weights = {"robustness": make_record().sha256}
    linear = make_record(seed=1, robustness={"fog": [3, 4]}, measured_with=weights)
    assert read_record(tmp_path) == {"cnn": make_record(), "linear": linear}


def test_a_measurement_tells_whether_it_was_made_with_the_recorded_weights() -> None:
    record = make_record(measured_with={"reading": "0" * 64, "doubting": "1" * 64})
    assert record.is_current("reading")
    assert not record.is_current("doubting")
    assert not record.is_current("robustness")
    for name in SERVED:
        measured = {"reading", "whole_numbers", "doubting", "robustness"}
        assert set(BUNDLED_RECORD[name].measured_with) == measured


def test_accuracy_and_calibration_follow_from_counts() -> None:
    record = make_record()
    assert record.accuracy == 0.9
    assert record.interval == wilson_interval(9, 10)
    assert record.calibration_error == pytest.approx(0.05)  # 0.95 promised, 0.90 kept


def test_each_label_has_its_own_accuracy() -> None:
    by_label = make_record().accuracy_by_label
    assert by_label == {str(label): 0.0 if label == 2 else 1.0 for label in range(10)}


def test_several_seeds_have_a_mean_and_a_deviation() -> None:
    seeds = {str(seed): {"errors": seed} for seed in range(3)}
    assert make_record(seeds=seeds).accuracy_over_seeds == pytest.approx((0.9, 0.1))
    assert make_record().accuracy_over_seeds == (0.9, 0.0)


def test_training_accuracy_is_that_of_the_epoch_that_was_kept() -> None:
    history = {"accuracy": [0.5, 0.8, 0.9], "val_loss": [0.9, 0.5, 0.6]}
    assert make_record(history=history).training_accuracy == 0.8
    averaged = make_record(history=history, recipe={"ema_momentum": 0.999})
    assert averaged.training_accuracy == 0.9


@pytest.mark.parametrize(("name", "record"), BUNDLED_RECORD.items(), ids=list(BUNDLED_RECORD))
def test_the_bundled_counts_agree_with_one_another(name: str, record: ModelRecord) -> None:
    assert record.num_test == 10_000
    assert record.num_validation == 5_000
    assert record.errors == len(record.misread)
    counts = [count for row in record.confusion for count in row]
    right = sum(record.confusion[label][label] for label in range(10))
    assert (sum(counts), sum(counts) - right) == (record.num_test, record.errors)
    assert sum(count for count, _, _ in record.calibration) == record.num_test
    assert sum(count for _, _, count in record.calibration) == right
    lesson, epochs = record.recipe, 0
    while lesson:
        epochs += lesson["epochs"]
        lesson = lesson["after"]
    assert {len(figures) for figures in record.history.values()} == {epochs}
    assert record.seeds[str(record.seed)]["errors"] == record.errors
    assert record.seeds[str(record.seed)]["validation_loss"] == min(
        seed["validation_loss"] for seed in record.seeds.values()
    )


def test_the_served_models_keep_what_is_promised_of_them() -> None:
    cnn, linear = (BUNDLED_RECORD[name] for name in SERVED)
    assert cnn.accuracy >= 0.994
    assert cnn.num_parameters <= 1_000_000
    assert cnn.calibration_error <= 0.005
    assert linear.accuracy >= 0.923
    assert linear.num_parameters == 28 * 28 * 10 + 10
    assert compare_by_mcnemar(cnn, linear)[2] < 0.001


def test_the_network_reads_people_and_doubts_what_is_no_digit() -> None:
    cnn = BUNDLED_RECORD["cnn"]
    shares = {
        row["kind"]: row["right"] / row["count"] for row in cnn.reading if row["value"] == "all"
    }
    assert shares["drawn"] >= 0.97
    assert shares["photographed"] >= 0.93
    doubts = {kind: doubted / shown for kind, (doubted, shown) in cnn.doubting.items()}
    assert doubts.pop("validation digits") <= 0.01
    assert doubts.pop("pen strokes") <= 0.02
    assert min(doubts.values()) >= 0.9
