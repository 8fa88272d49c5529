"""From a model's name to its classifier: which bytes serve, and which are refused."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from mnist_models import ModelError, load
from mnist_models.loading import read_checked
from mnist_models.record import SERVED, read_record


@pytest.mark.parametrize("name", SERVED)
def test_the_served_model_misreads_what_its_record_says(
    name: str, mnist: dict[str, NDArray[np.uint8]]
) -> None:
    prediction = load(name).predict(mnist["x_test"])
    predicted = prediction.probabilities.argmax(axis=1)
    record = read_record()[name]
    assert np.flatnonzero(predicted != mnist["y_test"]).tolist() == record.misread
    confusion = np.zeros((10, 10), int)
    np.add.at(confusion, (mnist["y_test"], predicted), 1)
    assert confusion.tolist() == record.confusion
    assert int((prediction.doubt > 0.5).sum()) == record.doubted


def test_an_unknown_name_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ModelError, match=r'no model "resnet". Known models: .*linear'):
        load("resnet")


def test_a_missing_file_is_refused_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"cnn\.tflite is missing"):
        read_checked(tmp_path / "cnn.tflite", "0" * 64)


def test_other_bytes_than_the_recorded_ones_are_refused(tmp_path: Path) -> None:
    (tmp_path / "cnn.tflite").write_bytes(b"corrupt")
    with pytest.raises(ModelError, match="is not the one that was measured"):
        read_checked(tmp_path / "cnn.tflite", "0" * 64)
