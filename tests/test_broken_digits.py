"""A digit whose strokes stand apart is one digit, and not all that is near to it is its own."""

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from mnist_models import Reader
from mnist_models.preparation.ink import Ink
from mnist_models.preparation.marks import find_marks
from mnist_models.preparation.mnist_form import FAINTEST
from mnist_models.preparation.numbers import read_lines
from mnist_models.preparation.rows import into_lines
from testing.drawings import HEIGHT, PEN, write
from testing.strokes import DIGITS, Stroke, arc, line

Levels = NDArray[np.uint8]

OPEN_4 = [line((330, 30), (220, 620), (600, 600)), line((730, 590), (690, 960))]
"""Its stem is less than half as high as it is, and touches nothing."""

RINGS_8 = [arc(500, 180, 190, 170, -0.25, 0.75), arc(510, 720, 270, 270, -0.25, 0.75)]
"""Its upper ring is lower than half of it, and does not touch the lower one."""

EVEN_RINGS_8 = [arc(500, 230, 240, 220, -0.25, 0.75), arc(510, 770, 250, 220, -0.25, 0.75)]
"""Each of its rings is as high as may be a digit beside others."""


def read(ink: Levels) -> str:
    """Return the number that the network reads in dark ink on white."""
    return Reader.default().read_number(Image.fromarray(255 - ink)).text("cnn")


@pytest.mark.parametrize("number", ["34", "43", "405", "1946", "64"])
def test_the_low_stem_of_an_open_4_is_read_with_it(number: str) -> None:
    picture = Image.fromarray(255 - write(number, forms=DIGITS | {"4": OPEN_4}))
    found = Reader.default().read_number(picture)
    assert found.text("cnn") == number
    _, top, _, bottom = found.readings[number.index("4")].box
    assert bottom - top > 0.9 * HEIGHT


@pytest.mark.parametrize("rings", [RINGS_8, EVEN_RINGS_8], ids=["low ring", "even rings"])
@pytest.mark.parametrize("number", ["81", "18", "3890", "784"])
def test_an_8_of_two_rings_is_one_digit(number: str, rings: list[Stroke]) -> None:
    assert read(write(number, forms=DIGITS | {"8": rings})) == number


def test_rings_above_each_other_stand_in_one_line_only_beside_what_is_as_high_as_both() -> None:
    for number, num_lines in (("81", 1), ("8", 2)):
        ink = Ink(write(number, forms=DIGITS | {"8": EVEN_RINGS_8}), FAINTEST * 255, is_clean=True)
        marks = find_marks(ink, 600).every
        lines = into_lines(marks, float(np.median([mark.height for mark in marks])))
        assert len(lines) == num_lines
        assert sum(map(len, lines)) == len(marks)


def test_two_lines_of_digits_stay_two_beside_a_1() -> None:
    assert read(write("123\n416")) == "123\n416"


@pytest.mark.parametrize("place", [(-22, 60), (-30, 110), (-14, 130)])
def test_a_blot_near_a_digit_is_left_out(place: tuple[int, int]) -> None:
    page = write("365", gap=50)
    x, y, width, _ = cv2.boundingRect(page)
    blot = (x + width // 2 + place[0], y + place[1])
    cv2.ellipse(page, blot, (8, 28), 20, 0, 360, 255, -1, cv2.LINE_AA)
    assert read(page).replace(" ", "") == "365"


@pytest.mark.parametrize(("likelihood", "bottom"), [(0.85, True), (0.4, False)])
def test_a_line_below_digits_is_their_own_where_with_it_they_are_hardly_doubted(
    likelihood: float, bottom: bool
) -> None:
    def judge(digits: NDArray[np.uint8]) -> NDArray[np.float32]:
        rows = (digits > 64).sum(axis=2)
        is_whole, has_base = (rows > 0).sum(axis=1) > 18, rows[:, 18:].max(axis=1) > 10
        likelihoods = np.where(is_whole, np.where(has_base, likelihood, 0.99), 0.001)
        return np.log(likelihoods).astype(np.float32)

    page = write("22", gap=-PEN)
    found = read_lines(Ink(page, FAINTEST * 255, is_clean=True), judge)
    _, y, _, height = cv2.boundingRect(page)
    assert len(found.digits) == 2
    assert all((digit.box[3] > y + height - PEN) == bottom for digit in found.digits)
