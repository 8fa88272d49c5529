"""Every network of the comparison: its size, and that it can be trained and served."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from mnist_models import Classifier
from mnist_models.digits import Digits
from mnist_models.models.record import SERVED, read_record
from mnist_models.report.claims import CLAIMS
from mnist_models.training.export import export, for_serving
from mnist_models.training.fitting import fit
from mnist_models.training.networks import list_layers
from mnist_models.training.recipes import RECIPES
from testing.samples import draw_digits

# Keras 3.15 turns TensorFlow's variables into arrays in a way that NumPy 2 finds old.
pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),
]


def conv(size: int, inputs: int, filters: int) -> int:
    """Count a convolution's weights and biases."""
    return (size * size * inputs + 1) * filters


def dense(inputs: int, units: int) -> int:
    """Count a dense layer's weights and biases."""
    return (inputs + 1) * units


NUM_PARAMETERS = {  # by hand; batch normalization has four for each filter
    "linear": 28 * 28 * 10 + 10,
    "lenet_bn": conv(5, 1, 32)
    + conv(5, 32, 32)
    + conv(5, 32, 64)
    + dense(3 * 3 * 64, 512)
    + dense(512, 1024)
    + dense(1024, 10)
    + 4 * (32 + 32 + 32 + 64 + 512 + 1024),
    "linear_mse": 28 * 28 * 10 + 10,
    "lenet5": conv(5, 1, 32) + conv(5, 32, 48) + dense(1200, 256) + dense(256, 84) + dense(84, 10),
    "mlp": dense(784, 128) + dense(128, 64) + dense(64, 32) + dense(32, 10),
    "convnet": conv(3, 1, 32) + conv(3, 32, 64) + dense(5 * 5 * 64, 10),
    "convnet_3": conv(3, 1, 32) + conv(3, 32, 64) + conv(3, 64, 64) + dense(64, 10),
}

STUDENTS = [name for name in RECIPES if name not in SERVED]


@pytest.mark.parametrize("name", RECIPES)
def test_the_bundled_record_tells_of_the_recipe_and_the_network_in_the_code(name: str) -> None:
    record, network = read_record()[name], RECIPES[name].build()
    assert record.recipe == RECIPES[name].as_record()
    assert record.layers == list_layers(network)
    assert record.num_parameters == network.count_params()
    assert record.num_parameters == NUM_PARAMETERS.get(name, record.num_parameters)


def test_every_network_is_recorded_and_has_its_size_described() -> None:
    assert list(RECIPES) == list(read_record())
    assert {"cnn", *NUM_PARAMETERS} == set(RECIPES)


def test_layers_are_listed_with_what_tells_them_apart() -> None:
    assert list_layers(RECIPES["lenet5"].build())[3:6] == [
        "Conv2D 32 5x5 same relu",
        "MaxPooling2D 2x2 2x2 valid",
        "Conv2D 48 5x5 valid relu",
    ]


def test_every_claim_is_of_a_network_that_can_be_trained() -> None:
    assert set(CLAIMS) <= set(RECIPES)
    for claim in CLAIMS.values():
        assert 0.9 < claim.accuracy < 1


@pytest.mark.parametrize("name", STUDENTS)
def test_a_student_network_trains_and_is_served_as_keras_has_it(name: str, tmp_path: Path) -> None:
    digits = Digits(*draw_digits(30, 0))
    recipe = dataclasses.replace(RECIPES[name], epochs=1)
    network = fit(recipe, digits[:20], digits[20:], 0, tmp_path)
    export(network, tmp_path / "model.tflite")
    prediction = Classifier((tmp_path / "model.tflite").read_bytes()).predict(digits.pixels)
    for key, expected in for_serving(network)(digits.pixels).items():
        np.testing.assert_allclose(getattr(prediction, key), expected, rtol=1e-3, atol=1e-4)
    np.testing.assert_allclose(
        prediction.evidence.sum(axis=(1, 2)), prediction.logits, rtol=1e-4, atol=1e-4
    )
