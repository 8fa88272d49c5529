"""The benchmark's pictures: the same for the same seed, with a truth that fits what is drawn."""

from collections.abc import Callable

import numpy as np
import pytest

from mnist_models import open_picture
from testing.scenes import Random, Scene, closeups, company, draw_on_pad, numbers, pages, photograph
from testing.scenes.company_of_numbers import in_company
from testing.scenes.sizes import on_printed_page, two_sizes
from testing.strokes import DIGITS, Strokes

POOL = {int(label): [strokes] for label, strokes in DIGITS.items()}


DRAWING: tuple[Callable[[Strokes, Random], Scene], ...] = (
    *(draw_on_pad, photograph, pages.sheet, pages.window, pages.figure, pages.screenshot),
    *(closeups.marker, closeups.crop, closeups.enlargement),
    *(company.underlined, company.boxed, company.company),
)


@pytest.mark.parametrize("draw", DRAWING, ids=lambda draw: draw.__name__)
def test_a_scene_is_a_picture_and_the_same_for_the_same_seed(
    draw: Callable[[Strokes, Random], Scene],
) -> None:
    first, second = (draw(DIGITS["5"], np.random.default_rng(3)) for _ in range(2))
    assert first == second
    assert first.conditions
    assert min(open_picture(first.data).size) >= 28


WRITING: tuple[Callable[[numbers.Pool, Random], numbers.Written], ...] = (
    *(numbers.drawn, numbers.photographed, numbers.page, numbers.turned),
    *(in_company, two_sizes, on_printed_page),
)


@pytest.mark.parametrize("write", WRITING, ids=lambda write: write.__name__)
def test_a_number_is_the_same_for_the_same_seed_and_its_truth_fits_it(
    write: Callable[[numbers.Pool, Random], numbers.Written],
) -> None:
    for seed in range(8):
        written, again = (write(POOL, np.random.default_rng(seed)) for _ in range(2))
        assert written == again
        assert written.accepts(written.text)
        assert not written.accepts(written.text + "1")
        assert written.text.count("\n") + 1 == int(written.scene.conditions["rows"])
        assert set(written.text) <= set("0123456789 \n")


def test_a_reading_fits_where_a_mark_stands_but_no_space_is_lost() -> None:
    assert numbers.fits("3,50", "3 50")
    assert not numbers.fits("1 234", "1234")
