"""What a browser computes of a digit is what the served models computed, layer by layer."""

import gzip
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from ai_edge_litert.interpreter import Interpreter, OpResolverType
from numpy.typing import NDArray
from playwright.sync_api import Browser, Page

from mnist_models import load
from mnist_models.models.layers import STEPS, Graph, Operator, write_layers
from mnist_models.models.record import BUNDLED, SERVED, read_record
from testing.layers import compute, open_engine, predict
from testing.samples import draw_digits
from web.components.layers import Layers

NEAR = 0.001
"""How far a probability may lie from LiteRT's."""

LEAST_SURE = 1000
"""Digits whose labels a small difference changes first. All 10,000 take minutes:
``benchmarks.serving.layers`` asks them."""

MOST_ADDED = 40_000
"""Bytes, packed, by which the closed part may make the page heavier."""


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    """An empty page that knows how to compute a network."""
    with open_engine(browser) as page:
        yield page


@pytest.mark.parametrize("name", SERVED)
def test_the_bundled_layers_are_those_of_the_served_model_and_recorded(name: str) -> None:
    content = (BUNDLED / f"{name}.layers").read_bytes()
    assert content == write_layers((BUNDLED / f"{name}.tflite").read_bytes())
    assert hashlib.sha256(content).hexdigest() == read_record()[name].layers_sha256


def test_what_a_browser_cannot_compute_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(STEPS, Operator.SOFTMAX)
    with pytest.raises(ValueError, match="Expected one of"):
        write_layers((BUNDLED / "linear.tflite").read_bytes())


def test_the_closed_part_adds_little_to_the_page() -> None:
    config = json.dumps(Layers().get_config(), default=str)
    assert len(gzip.compress(config.encode())) <= MOST_ADDED


@pytest.mark.parametrize("name", SERVED)
def test_the_browser_says_of_the_least_sure_test_digits_what_the_served_model_says(
    page: Page, mnist: dict[str, NDArray[np.uint8]], name: str
) -> None:
    served = load(name).predict(mnist["x_test"])
    least_sure = served.probabilities.max(axis=1).argsort()[:LEAST_SURE]
    expected = served.probabilities[least_sure]
    probabilities, doubt = predict(page, name, mnist["x_test"][least_sure])
    assert probabilities.shape == (LEAST_SURE, 10)
    assert np.abs(probabilities - expected).max() < NEAR
    assert np.abs(doubt - served.doubt[least_sure]).max() < 2 * NEAR
    assert np.array_equal(probabilities.argmax(axis=1), expected.argmax(axis=1))


@pytest.mark.parametrize("name", SERVED)
def test_every_value_of_ten_digits_is_that_of_litert(
    page: Page, mnist: dict[str, NDArray[np.uint8]], name: str
) -> None:
    digits = mnist["x_test"][:10]
    model = (BUNDLED / f"{name}.tflite").read_bytes()
    values = compute(page, model, digits)
    interpreter = Interpreter(
        model_content=model,
        experimental_preserve_all_tensors=True,
        experimental_op_resolver_type=OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES,
    )
    steps = {index: value for index, value in Graph(model).names.items() if value != "digits"}
    assert len(set(steps.values())) == len(values[0])
    for digit, found in zip(digits, values, strict=True):
        interpreter.get_signature_runner()(digits=digit[None])
        for index, value in steps.items():
            expected = interpreter.get_tensor(index).ravel()
            if value and expected.size == len(found[value]):
                np.testing.assert_allclose(found[value], expected, atol=0.005, err_msg=value)


@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")
def test_layers_are_those_of_the_network_that_keras_trained(page: Page, tmp_path: Path) -> None:
    import keras

    from mnist_models.training.export import export
    from mnist_models.training.recipes import RECIPES

    network = RECIPES["cnn"].build()
    random = np.random.default_rng(0)
    for layer in network.layers:
        if isinstance(layer, keras.layers.BatchNormalization):  # as if it had seen digits
            layer.set_weights([random.uniform(0.5, 1.5, part.shape) for part in layer.weights])
    export(network, tmp_path / "model.tflite")
    digits, _ = draw_digits(10, 0)
    found = compute(page, (tmp_path / "model.tflite").read_bytes(), digits)
    kinds = (keras.layers.ReLU, keras.layers.MaxPooling2D)
    shown = [layer for layer in network.layers if isinstance(layer, kinds)]
    shown.append(network.get_layer("class_maps"))
    expected = keras.Model(network.input, [layer.output for layer in shown])(digits)
    maps = [name for name in found[0] if name.startswith(("convolution", "pool"))]
    assert len(maps) == len(shown) == 9
    for name, values in zip(maps, expected, strict=True):
        ours = np.array([digit[name] for digit in found])
        theirs = np.asarray(values).reshape(10, -1)
        np.testing.assert_allclose(ours, theirs, rtol=0.01, atol=0.002 * np.abs(theirs).max())
