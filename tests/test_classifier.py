"""The served models: what they give, in which shapes, and from how many threads."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest

from mnist_models import Classifier, ModelError, Prediction, load
from mnist_models.digits import LABELS
from mnist_models.models.classifier import BATCH_SIZE
from mnist_models.models.record import SERVED
from testing.samples import draw_digits


@pytest.fixture(scope="module", params=SERVED)
def name(request: pytest.FixtureRequest) -> str:
    """Name each model that is served."""
    return request.param


@pytest.fixture(scope="module")
def classifier(name: str) -> Classifier:
    """Load each model that is served."""
    return load(name)


def assert_same(first: Prediction, second: Prediction) -> None:
    """Compare two predictions, number by number."""
    for key, value in vars(first).items():
        np.testing.assert_array_equal(value, getattr(second, key), err_msg=key)


def test_each_figure_has_its_shape_and_type(name: str, classifier: Classifier) -> None:
    count = BATCH_SIZE + 3  # one full batch and a rest
    prediction = classifier.predict(draw_digits(count, 2)[0])
    shapes = {key: value.shape for key, value in vars(prediction).items()}
    assert shapes == {
        "probabilities": (count, 10),
        "logits": (count, 10),
        "evidence": (count, *shapes["evidence"][1:3], 10),
        "doubt": (count,),
    }
    assert shapes["evidence"][1:3] == (28, 28) if name == "linear" else shapes["evidence"][1] >= 7
    assert {value.dtype for value in vars(prediction).values()} == {np.dtype(np.float32)}


def test_no_digits_give_empty_figures(classifier: Classifier) -> None:
    nothing = classifier.predict(np.zeros((0, 28, 28), np.uint8))
    something = classifier.predict(np.zeros((1, 28, 28), np.uint8))
    for key, value in vars(nothing).items():
        assert value.shape == (0, *getattr(something, key).shape[1:])
        assert value.dtype == np.float32


def test_probabilities_follow_from_the_logits_and_sum_to_one(classifier: Classifier) -> None:
    prediction = classifier.predict(draw_digits(40, 3)[0])
    shares = np.exp(prediction.logits - prediction.logits.max(axis=1, keepdims=True))
    shares /= shares.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(prediction.probabilities, shares, atol=1e-5)
    np.testing.assert_allclose(prediction.probabilities.sum(axis=1), 1, atol=1e-5)
    assert prediction.doubt.min() >= 0
    assert prediction.doubt.max() <= 1


def test_evidence_sums_to_the_logits(classifier: Classifier) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (20, 28, 28)).astype(np.uint8)
    prediction = classifier.predict(np.concatenate([noise, draw_digits(20, 4)[0]]))
    np.testing.assert_allclose(
        prediction.evidence.sum(axis=(1, 2)), prediction.logits, rtol=1e-4, atol=1e-3
    )


def test_eight_threads_read_the_same_as_one(classifier: Classifier) -> None:
    digits = draw_digits(160, 5)[0].reshape(16, 10, 28, 28)
    alone = [classifier.predict(few) for few in digits]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(classifier.predict, [*digits] * 4))
    for index, prediction in enumerate(together):
        assert_same(prediction, alone[index % len(alone)])


def test_what_was_read_stays_when_more_is_read(classifier: Classifier) -> None:
    digits = draw_digits(20, 6)[0]
    first = classifier.predict(digits[:1])
    before = first.probabilities.copy()
    classifier.predict(digits[1:2])
    np.testing.assert_array_equal(first.probabilities, before)


@pytest.mark.parametrize(
    "digits",
    [
        np.zeros((28, 28), np.uint8),
        np.zeros((1, 28, 28, 1), np.uint8),
        np.zeros((1, 20, 20), np.uint8),
        np.zeros((1, 28, 28), np.float32),
        [],
    ],
    ids=["one digit", "channels", "20 x 20", "float32", "a list"],
)
def test_another_shape_or_type_is_a_value_error(classifier: Classifier, digits: Any) -> None:
    with pytest.raises(ValueError, match=r"Expected digits as uint8 \(n, 28, 28\), received"):
        classifier.predict(digits)


def test_a_prediction_is_given_by_label(classifier: Classifier) -> None:
    by_label = classifier.predict(draw_digits(2, 7)[0]).by_label(1)
    assert tuple(by_label) == LABELS
    assert {type(share) for share in by_label.values()} == {float}


@pytest.mark.parametrize("content", [b"", b"no model at all", b"TFL3" * 100])
def test_bytes_that_are_no_model_are_refused_in_a_sentence(content: bytes) -> None:
    with pytest.raises(ModelError, match="is not a LiteRT model"):
        Classifier(content)
