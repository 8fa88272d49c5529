"""The whole road: a picture costs the models nothing that the digit alone would have given."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from mnist_models import Classifier, Prediction, Reader, load, to_digit
from mnist_models.models.record import BUNDLED, SERVED
from testing.drawings import draw
from testing.strokes import DIGITS

NUM_DIGITS = 1000


def on_a_page(digit: NDArray[np.uint8], random: np.random.Generator) -> Image.Image:
    """Return a page with the digit on it, ten times as large, in ink of any polarity or alpha."""
    page = np.zeros((400, 500), np.uint8)
    top, left = random.integers(0, 120), random.integers(0, 220)
    page[top : top + 280, left : left + 280] = np.kron(digit, np.ones((10, 10), np.uint8))
    ink = Image.fromarray(page)
    if random.random() < 1 / 3:
        drawing = Image.new("RGBA", ink.size)
        drawing.putalpha(ink)
        return drawing
    return ink if random.random() < 1 / 2 else Image.fromarray(255 - page)


def test_a_digit_on_a_page_is_read_as_well_as_the_digit_itself(
    mnist: dict[str, NDArray[np.uint8]],
) -> None:
    digits, labels = mnist["x_test"][:NUM_DIGITS], mnist["y_test"][:NUM_DIGITS]
    random = np.random.default_rng(0)
    detour = np.stack([to_digit(on_a_page(digit, random)) for digit in digits])
    for name in ("cnn", "linear"):
        direct, indirect = (
            (load(name).predict(seen).probabilities.argmax(axis=1) == labels).mean()
            for seen in (digits, detour)
        )
        assert abs(direct - indirect) <= 0.0015


class Attentive(Classifier):
    """A classifier that keeps what it was asked."""

    def predict(self, digits: NDArray[np.uint8]) -> Prediction:
        """Read digits, and remember them."""
        self.asked = [*getattr(self, "asked", []), *(digit.tobytes() for digit in digits)]
        return super().predict(digits)


class Torn(Classifier):
    """A classifier that takes each digit it knows nearly as much for the next one."""

    def predict(self, digits: NDArray[np.uint8]) -> Prediction:
        """Read digits, and give four tenths of each label's probability to the next label."""
        prediction = super().predict(digits)
        sure = prediction.probabilities
        return replace(prediction, probabilities=0.6 * sure + 0.4 * np.roll(sure, 1, axis=1))


def test_a_digit_that_may_be_another_is_doubted_in_a_number_but_not_alone() -> None:
    reader = Reader({"cnn": Torn((BUNDLED / "cnn.tflite").read_bytes())})
    alone = draw(DIGITS["3"])
    several = np.hstack([alone[:, :350], draw(DIGITS["6"])])
    (single,) = reader.read_number(Image.fromarray(255 - alone)).readings
    assert not single["cnn"].is_doubtful[0]
    number = reader.read_number(Image.fromarray(255 - several))
    assert number.text("cnn") == "36"
    assert all(reading["cnn"].is_doubtful[0] for reading in number.readings)


def test_no_model_is_asked_twice_what_a_drawing_shows() -> None:
    models = {name: Attentive((BUNDLED / f"{name}.tflite").read_bytes()) for name in SERVED}
    reading = Reader(models).read(Image.fromarray(255 - draw(DIGITS["3"])))
    assert reading.label("cnn") == "3"
    for model in models.values():
        assert len(model.asked) == len(set(model.asked)) > 0
