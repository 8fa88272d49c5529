"""A digit is read alone, whatever was drawn near it or through it."""

from collections.abc import Callable

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from mnist_models import Reader, Reading
from testing.drawings import PAGE, draw
from testing.strokes import DIGITS, Strokes

Levels = NDArray[np.uint8]

PENS = (10, 36)
"""Widths of a fine and of a broad pen, in pixels."""

LINE = 150
"""Levels of what is paler than the pen."""


def blank() -> Levels:
    """Return a page without ink: uint8 (500, 500)."""
    return np.zeros((PAGE, PAGE), np.uint8)


def line_through_foot(ink: Levels, pen: int) -> Levels:
    """Rule a line through a digit's foot."""
    page, row = blank(), foot(ink) - pen
    return cv2.line(page, (0, row - 6), (PAGE, row + 6), 255, pen // 2, cv2.LINE_AA)


def ruled(ink: Levels, pen: int) -> Levels:
    """Rule three lines, slightly aslant, of which the middle one runs through a digit's foot."""
    page = blank()
    for row in foot(ink) - pen + np.array([-330, 0, 100]):
        cv2.line(page, (0, row), (PAGE, row + 6), LINE, pen // 3, cv2.LINE_AA)
    return page


def shade(_: Levels, __: int) -> Levels:
    """Shade a corner, as far as the digit."""
    corners = np.array([(0, 0), (0, 300), (320, 0)])
    return cv2.GaussianBlur(cv2.fillConvexPoly(blank(), corners, 70), (0, 0), 3)


def specks(_: Levels, __: int) -> Levels:
    """Scatter dirt over the page, as dark as the pen."""
    random, page = np.random.default_rng(3), blank()
    for column, row in random.integers(0, PAGE, (40, 2)).tolist():
        cv2.circle(page, (column, row), int(random.integers(2, 7)), 255, -1)
    return page


def open_cells(ink: Levels, pen: int) -> Levels:
    """Print a form's row of cells that are open above, of which a digit fills one."""
    left, _, width, _ = cv2.boundingRect(ink)
    page, bottom = blank(), foot(ink) + 2 * pen
    sides = left - 2 * pen, left + width + 2 * pen
    cv2.line(page, (0, bottom), (sides[1], bottom), LINE, 5)
    for column in (0, *sides):
        cv2.line(page, (column, bottom - 110), (column, bottom), LINE, 5)
    return page


def foot(ink: Levels) -> int:
    """Return the row below a digit."""
    _, top, _, height = cv2.boundingRect(ink)
    return top + height


def read(ink: Levels) -> Reading:
    """Read dark ink on white."""
    return Reader.default().read(Image.fromarray(255 - ink))


def is_read(ink: Levels, digit: str) -> bool:
    """Tell whether the network reads a digit, without doubt."""
    reading = read(ink)
    return reading.label("cnn") == digit and not reading["cnn"].is_doubtful[0]


@pytest.mark.parametrize("beside", [line_through_foot, ruled, shade, specks, open_cells])
def test_what_is_drawn_near_a_digit_is_hardly_ever_read_with_it(
    beside: Callable[[Levels, int], Levels],
) -> None:
    drawn = [
        (digit, draw(strokes, size=160, pen=pen), pen)
        for digit, strokes in DIGITS.items()
        for pen in PENS
    ]
    right = [is_read(np.maximum(ink, beside(ink, pen)), digit) for digit, ink, pen in drawn]
    assert sum(right) >= 19


def test_a_digit_on_a_line_is_read_though_specks_are_all_around_it() -> None:
    right = []
    for digit, strokes in DIGITS.items():
        ink = draw(strokes, left=110)
        left, top, width, height = cv2.boundingRect(ink)
        bottom = top + height - 12
        cv2.line(ink, (left - 60, bottom), (left + width + 60, bottom), 255, 6)
        middle, reach = np.add((left, top), (width / 2, height / 2)), np.array([width, height]) / 2
        for angle in np.linspace(0, 2 * np.pi, 12, endpoint=False):
            away = (reach + 60) * (np.cos(angle), np.sin(angle))
            cv2.circle(ink, np.rint(middle + away).astype(int).tolist(), 3, 255, -1)
        right.append(is_read(ink, digit))
    assert sum(right) >= 9


@pytest.mark.parametrize("digit", "179")
def test_a_circle_around_a_digit_is_no_0(digit: str) -> None:
    ink = draw(DIGITS[digit], size=200, pen=12, left=150)
    cv2.ellipse(ink, (250, 200), (120, 170), 0, 0, 360, 255, 10, cv2.LINE_AA)
    assert is_read(ink, digit)


@pytest.mark.parametrize("digit", "124")
def test_a_digit_keeps_its_own_foot_and_bar(digit: str) -> None:
    assert is_read(draw(DIGITS[digit], pen=12), digit)


def test_the_box_of_a_digit_leaves_out_the_line_through_it() -> None:
    ink = draw(DIGITS["3"], pen=22)
    left, _, right, _ = read(np.maximum(ink, line_through_foot(ink, 22))).box
    start, _, width, _ = cv2.boundingRect(ink)
    assert np.allclose((left, right), (start, start + width), atol=22)


NO_DIGITS: dict[str, Strokes] = {
    "T": [[[100, 50], [900, 50]], [[500, 50], [500, 950]]],
    "arrow": [[[0, 500], [900, 500]], [[600, 200], [900, 500], [600, 800]]],
    "H": [[[200, 50], [200, 950]], [[800, 50], [800, 950]], [[200, 500], [800, 500]]],
    "rake": [[[500, 0], [500, 950]], [[100, 950], [100, 700], [900, 700], [900, 950]]],
}


@pytest.mark.parametrize("name", NO_DIGITS)
def test_a_bar_is_not_taken_for_a_line_through_a_digit(name: str) -> None:
    assert read(draw(NO_DIGITS[name], pen=20))["cnn"].is_doubtful[0]


@pytest.mark.parametrize("slant", [0.3, 0.5, 0.8])
def test_stripes_that_fill_a_picture_are_no_digit(slant: float) -> None:
    rows, columns = np.mgrid[:PAGE, :PAGE] / 40
    waves = np.sin(rows * slant + columns)
    assert read((127 * (waves + 1)).astype(np.uint8))["cnn"].is_doubtful[0]
