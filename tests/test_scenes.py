"""The benchmark's pictures: the same for the same seed, with a truth that fits what is drawn."""

import numpy as np
import pytest

from benchmarks.reading.reading import KINDS
from benchmarks.reading.whole_numbers import common, edit_distance
from mnist_models import open_picture
from testing.scenes import numbers
from testing.strokes import DIGITS

POOL = {int(label): [strokes] for label, strokes in DIGITS.items()}


@pytest.mark.parametrize("kind", KINDS)
def test_a_scene_is_a_picture_and_the_same_for_the_same_seed(kind: str) -> None:
    first, second = (KINDS[kind](DIGITS["5"], np.random.default_rng(3)) for _ in range(2))
    assert first == second
    assert first.conditions
    assert min(open_picture(first.data).size) >= 28


@pytest.mark.parametrize("write", [numbers.drawn, numbers.photographed, numbers.page])
def test_a_number_is_the_same_for_the_same_seed_and_its_truth_fits_it(write) -> None:
    for seed in range(8):
        written, again = (write(POOL, np.random.default_rng(seed)) for _ in range(2))
        assert written == again
        assert written.accepts(written.text)
        assert not written.accepts(written.text + "1")
        assert written.text.count("\n") + 1 == int(written.scene.conditions["rows"])
        assert set(written.text) <= set("0123456789 \n")


def test_digits_and_lines_are_compared_in_their_order() -> None:
    assert edit_distance("4711", "471") == edit_distance("4711", "4777"[:3] + "1") == 1
    assert common(["12", "3 4", "5"], ["12", "5"], str.__eq__) == 2
    assert numbers.fits("3,50", "3 50")
    assert not numbers.fits("1 234", "1234")
