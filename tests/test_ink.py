"""Ink is found whatever carries it, and comes back as MNIST's makers would have prepared it."""

from collections.abc import Callable

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from mnist_models import NoInkError, Reader, to_digit
from mnist_models.preparation.ink import drawing_levels
from mnist_models.preparation.looks import find_ink
from mnist_models.preparation.mnist_form import THICK, THIN, change_pen, mnist_form, square_box
from testing.drawings import PAGE, draw
from testing.strokes import DIGITS

Levels = NDArray[np.uint8]
Mnist = dict[str, NDArray[np.uint8]]


def paint(ink: Levels, color: tuple[int, int, int], ground: NDArray[np.float64]) -> Image.Image:
    """Lay ink of a color on ground of a color, (3,), or of many, (height, width, 3)."""
    weight = ink[..., None] / 255
    pixels = np.array(color) * weight + ground * (1 - weight)
    return Image.fromarray(np.clip(np.rint(pixels), 0, 255).astype(np.uint8))


def as_mnist(ink: Levels) -> Levels:
    """Return ink that nothing carries as MNIST's makers would have prepared it."""
    return mnist_form((ink / 255).astype(np.float32))


def ink_in(picture: Image.Image) -> NDArray[np.float32]:
    """Return the ink that is found in a picture."""
    return find_ink(drawing_levels(picture))


def count_digits(page: Levels) -> int:
    """Return how many digits are read on a page."""
    return len(Reader.default().read_number(Image.fromarray(page)).readings)


def difference(one: Levels, other: Levels) -> NDArray[np.int64]:
    """Return how many levels two pictures differ, pixel by pixel."""
    return np.abs(one.astype(int) - other)


def assert_alike(digit: Levels, expected: Levels, levels: float = 16) -> None:
    """Expect two digits to show the same: their pixels differ little on average."""
    best = min(
        difference(np.roll(digit, (down, right), (0, 1)), expected).mean()
        for down in (-1, 0, 1)
        for right in (-1, 0, 1)
    )
    assert best < levels, f"{best:.1f} levels apart on average"


# MNIST's own digits, enlarged, are the truth that nobody here made.


def in_alpha(page: Levels) -> Image.Image:
    """Carry ink in the alpha channel alone."""
    black = np.zeros_like(page)
    return Image.fromarray(np.dstack([black, black, black, page]))


CARRIERS: dict[str, Callable[[Levels], Image.Image]] = {
    "white on black": Image.fromarray,
    "black on white": lambda page: Image.fromarray(255 - page),
    "only in alpha": in_alpha,
}


def enlarge(digit: Levels, random: np.random.Generator, resampling: int) -> Levels:
    """Put a digit, ten times as large, anywhere on a larger page."""
    page = np.zeros((PAGE, PAGE), np.uint8)
    top, left = random.integers(0, PAGE - 280, 2)
    large = Image.fromarray(digit).resize((280, 280), resampling)
    page[top : top + 280, left : left + 280] = np.asarray(large)
    return page


@pytest.mark.parametrize("carrier", CARRIERS)
def test_mnists_digits_enlarged_come_back_within_a_few_levels(carrier: str, mnist: Mnist) -> None:
    random = np.random.default_rng(0)
    digits = mnist["x_test"][:1000]
    pages = [enlarge(digit, random, Image.Resampling.NEAREST) for digit in digits]
    back = np.stack([to_digit(CARRIERS[carrier](page)) for page in pages])
    levels = difference(back, digits)
    assert levels.mean() < 0.15
    assert (levels.max(axis=(1, 2)) <= 5).mean() > 0.99


@pytest.mark.parametrize(
    ("resampling", "mean", "median"),
    [(Image.Resampling.BICUBIC, 3, 10), (Image.Resampling.LANCZOS, 5, 35)],
)
def test_mnists_digits_smoothly_enlarged_come_back_nearly(
    resampling: int, mean: float, median: float, mnist: Mnist
) -> None:
    random = np.random.default_rng(0)
    digits = mnist["x_test"][:300]
    back = np.stack(
        [to_digit(Image.fromarray(enlarge(digit, random, resampling))) for digit in digits]
    )
    levels = difference(back, digits)
    assert levels.mean() < mean
    assert np.median(levels.max(axis=(1, 2))) <= median


@pytest.mark.parametrize("inverted", [False, True])
def test_a_clean_digit_of_28_pixels_passes_through_unharmed(inverted: bool, mnist: Mnist) -> None:
    digits = mnist["x_test"][:1000]
    back = np.stack([to_digit(Image.fromarray(255 - d if inverted else d)) for d in digits])
    levels = difference(back, digits)
    assert levels.mean() < 0.15
    assert (levels.max(axis=(1, 2)) <= 5).mean() > 0.99


def test_mnists_own_pens_are_left_as_they_are(mnist: Mnist) -> None:
    boxes = map(square_box, mnist["x_train"][:2000].astype(np.float32) / np.float32(255))
    assert np.mean([change_pen(box) is not None for box in boxes]) < 0.005


# Drawings: whatever carries the ink, the same strokes give the same digit.


@pytest.fixture(params=sorted(DIGITS))
def ink(request: pytest.FixtureRequest) -> Levels:
    """A drawn digit, every one of the ten."""
    return draw(DIGITS[request.param])


def test_every_way_to_carry_ink_gives_the_same_digit(ink: Levels) -> None:
    expected = as_mnist(ink)
    assert difference(to_digit(Image.fromarray(ink)), expected).max() <= 2
    assert difference(to_digit(Image.fromarray(255 - ink)), expected).max() <= 2
    assert difference(to_digit(in_alpha(ink)), expected).max() <= 2
    red_on_green = paint(ink, (200, 40, 40), np.array([60, 160, 90]))
    assert difference(to_digit(red_on_green), expected).max() <= 8


def test_ink_as_bright_as_its_ground_is_found_by_its_color(ink: Levels) -> None:
    picture = paint(ink, (170, 90, 90), np.array([70, 140, 90]))
    assert np.ptp(np.asarray(picture.convert("L"))) < 12
    assert_alike(to_digit(picture), as_mnist(ink), 4)


@pytest.mark.parametrize("ground", [(0, 0, 0, 0), (255, 255, 255, 0), (90, 120, 30, 40)])
def test_light_ink_on_a_transparent_ground_is_found(ground: tuple[int, ...], ink: Levels) -> None:
    picture = Image.new("RGBA", (PAGE, PAGE), ground)
    picture.paste((250, 250, 250, 255), mask=Image.fromarray(ink))
    assert_alike(to_digit(picture), as_mnist(ink), 4)


def test_ink_of_two_colors_on_a_clear_ground_is_read_as_on_white(ink: Levels) -> None:
    red = np.indices(ink.shape)[0].astype(np.uint8) // 2
    picture = Image.fromarray(np.dstack([red, 200 - red // 2, red, ink // 2]))
    white = Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture)
    assert difference(to_digit(picture), to_digit(white.convert("RGB"))).max() <= 8


def test_a_cut_out_digit_is_read_like_a_drawn_one(ink: Levels) -> None:
    color = np.full_like(ink, 200)
    stencil = Image.fromarray(np.dstack([color, color, color, 255 - ink]))
    assert difference(to_digit(stencil), as_mnist(ink)).max() <= 2


def test_a_page_with_transparent_margins_is_read_by_what_it_shows(ink: Levels) -> None:
    picture = Image.new("RGBA", (700, 700), (0, 0, 0, 0))
    picture.paste(Image.fromarray(255 - ink), (100, 100))
    assert_alike(to_digit(picture), as_mnist(ink), 4)


@pytest.mark.parametrize("frame", [1, 6, 40])
def test_a_frame_around_the_page_is_not_read(frame: int, ink: Levels) -> None:
    framed = Image.fromarray(np.pad(255 - ink, frame))
    # Of a 1, the frame leaves two ways to see it that are equally likely and nearly the same.
    most = 12 if np.array_equal(ink, draw(DIGITS["1"])) else 2
    assert difference(to_digit(framed), as_mnist(ink)).max() <= most


def test_a_frame_drawn_on_the_page_is_not_read(ink: Levels) -> None:
    framed = ink.copy()
    cv2.rectangle(framed, (12, 12), (PAGE - 12, PAGE - 12), 255, 4)
    assert_alike(to_digit(Image.fromarray(framed)), as_mnist(ink), 4)


@pytest.mark.parametrize("pen", [2, 4, 8])
def test_thin_pens_are_thickened_to_one_of_mnists(pen: int) -> None:
    for strokes in DIGITS.values():
        assert_alike(
            to_digit(Image.fromarray(draw(strokes, pen=pen))),
            to_digit(Image.fromarray(draw(strokes, pen=round(THIN * 280 / 20)))),
            24,
        )


def test_thick_pens_are_thinned_to_one_of_mnists() -> None:
    zero = draw(DIGITS["0"], size=200, pen=90)
    usual = draw(DIGITS["0"], size=220, pen=round(THICK * 290 / 20))
    assert_alike(to_digit(Image.fromarray(zero)), to_digit(Image.fromarray(usual)), 24)


def test_a_stroke_set_apart_belongs_to_its_digit() -> None:
    bow, bar = DIGITS["5"]
    apart = draw([bow, [[x + 60, y - 40] for x, y in bar]])
    assert count_digits(apart) == 1
    assert ink_in(Image.fromarray(apart))[apart > 128].min() > 0.5


def test_specks_far_away_are_left_out(ink: Levels) -> None:
    specked = ink.copy()
    cv2.circle(specked, (480, 20), 3, 255, -1)
    assert_alike(to_digit(Image.fromarray(specked)), as_mnist(ink), 4)


def test_two_digits_are_counted_and_one_is_not() -> None:
    seven, two = draw(DIGITS["7"], size=180, left=30), draw(DIGITS["2"], size=180, left=280)
    assert count_digits(seven) == 1
    assert count_digits(cv2.max(seven, two)) == 2


def test_every_single_digit_is_counted_once(ink: Levels) -> None:
    assert count_digits(ink) == 1


def test_ink_that_touches_the_border_is_read(ink: Levels) -> None:
    left, top, width, height = cv2.boundingRect((ink > 0).astype(np.uint8))
    tight = ink[top : top + height, left : left + width]
    if width > 0.4 * height:  # a tight crop of a 1 is nearly all ink
        assert_alike(to_digit(Image.fromarray(255 - tight)), as_mnist(ink), 4)


# Photographs, made from the same strokes.


def test_a_drawing_in_parts_may_leave_the_page() -> None:
    body, bar = DIGITS["5"]
    bar = [[x + 60, y - 140] for x, y in bar]
    whole = to_digit(Image.fromarray(255 - draw([body, bar])))
    page = draw([body, bar])
    left = int(np.flatnonzero(page.any(axis=0))[0])
    assert_alike(to_digit(Image.fromarray(255 - page[:, left + 3 :])), whole, 60)


def test_stripes_stay_together() -> None:
    stripes = np.where(np.indices((300, 300)).sum(axis=0) % 60 < 20, 0, 255).astype(np.uint8)
    assert (to_digit(Image.fromarray(stripes)) > 127).mean() > 0.1


def expose(ink: Levels, light: NDArray[np.float64], seed: int = 0) -> Image.Image:
    """Photograph dark ink on cream paper: light falls on it, the camera adds grain."""
    paper = paint(ink, (50, 50, 60), np.array([236, 226, 205]))
    grain = np.random.default_rng(seed).normal(0, 4, (PAGE, PAGE, 1))
    pixels = np.asarray(paper) * light[..., None] + grain
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))


EVEN = np.ones((PAGE, PAGE))
ACROSS = np.tile(np.linspace(0, 1, PAGE), (PAGE, 1))
LIGHTS = {
    "even": EVEN * 0.9,
    "a lamp on the left": 1 - 0.6 * ACROSS,
    "a shadow's edge across the digit": np.where(ACROSS + 0.3 * ACROSS.T > 0.5, 1, 0.45),
    "a soft shadow": 0.75 + 0.25 * np.tanh((ACROSS.T - 0.4) * 12),
}


@pytest.mark.parametrize("light", LIGHTS)
def test_light_and_shadow_are_not_read(light: str, ink: Levels) -> None:
    assert_alike(to_digit(expose(ink, LIGHTS[light])), as_mnist(ink))


def test_a_shadow_without_any_grain_is_not_read(ink: Levels) -> None:
    shade = np.where(ACROSS + ACROSS.T < 0.6, 1.8, 1)[..., None]
    photo = paint(ink, (20, 20, 20), np.array([120, 120, 120]))
    photo = Image.fromarray((np.asarray(photo) * shade).astype(np.uint8))
    assert_alike(to_digit(photo), as_mnist(ink))


@pytest.mark.parametrize("squared", [False, True])
def test_ruled_paper_is_not_read(squared: bool, ink: Levels) -> None:
    paper = np.full((PAGE, PAGE, 3), 235.0)
    for place in range(20, PAGE, 38):
        cv2.line(paper, (0, place), (PAGE, place + 30), (150, 175, 215), 2)
        if squared:
            cv2.line(paper, (place, 0), (place - 30, PAGE), (150, 175, 215), 2)
    photo = np.asarray(paint(ink, (40, 40, 50), paper)).astype(float)
    photo += np.random.default_rng(0).normal(0, 3, photo.shape)
    digit = to_digit(Image.fromarray(np.clip(photo, 0, 255).astype(np.uint8)))
    assert_alike(digit, as_mnist(ink))


def test_the_edge_of_a_desk_is_not_read(ink: Levels) -> None:
    photo = np.asarray(expose(ink, LIGHTS["even"])).copy()
    desk = np.array([[0, 0], [PAGE, 0], [PAGE, 30], [0, 55]], np.int32)
    cv2.fillPoly(photo, [desk], (85, 60, 45))
    assert_alike(to_digit(Image.fromarray(photo)), as_mnist(ink))


def test_chalk_on_a_board_is_read_like_ink_on_paper(ink: Levels) -> None:
    negative = 255 - np.asarray(expose(ink, LIGHTS["a lamp on the left"]))
    assert_alike(to_digit(Image.fromarray(negative)), as_mnist(ink))


def test_faint_pencil_is_read(ink: Levels) -> None:
    photo = np.asarray(paint(ink // 6, (60, 60, 60), np.array([215, 215, 215]))).astype(float)
    photo += np.random.default_rng(0).normal(0, 2, photo.shape)
    assert_alike(to_digit(Image.fromarray(photo.astype(np.uint8))), as_mnist(ink))


# Nothing to read.


@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA"])
@pytest.mark.parametrize("size", [(1, 1), (2, 1), (28, 28), (400, 300)])
@pytest.mark.parametrize("color", ["white", "black", "grey"])
def test_a_blank_picture_is_refused_in_one_sentence(
    mode: str, size: tuple[int, int], color: str
) -> None:
    with pytest.raises(NoInkError, match="blank"):
        to_digit(Image.new(mode, size, color))


def test_an_empty_transparent_picture_is_blank() -> None:
    with pytest.raises(NoInkError, match="blank"):
        to_digit(Image.new("RGBA", (400, 400), (0, 0, 0, 0)))


def test_grain_alone_is_blank() -> None:
    grain = np.random.default_rng(0).normal(200, 3, (600, 400, 3))
    with pytest.raises(NoInkError, match="blank"):
        to_digit(Image.fromarray(np.clip(grain, 0, 255).astype(np.uint8)))


def test_ink_is_between_0_and_1_and_as_large_as_it_should_be(ink: Levels) -> None:
    for picture in (Image.fromarray(ink), expose(ink, LIGHTS["a soft shadow"])):
        found = ink_in(picture)
        assert found.dtype == np.float32
        assert found.shape == (PAGE, PAGE)
        assert found.min() == 0
        assert found.max() == 1


def test_specks_far_apart_have_a_form_too() -> None:
    ink = np.zeros((438, 438), np.float32)
    ink[[0, 0, 437], [0, 437, 200]] = 1
    digit = mnist_form(ink)
    assert digit.shape == (28, 28) and digit.max() == 255
