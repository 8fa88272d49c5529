"""A number is read whole in a circle, on a line, underlined and beside words."""

from collections.abc import Callable
from dataclasses import replace

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from mnist_models import Reader
from mnist_models.models.classifier import DOUBTFUL
from mnist_models.preparation.circles import erase_circles
from mnist_models.preparation.ink import Ink
from mnist_models.preparation.letters import without_words
from mnist_models.preparation.marks import find_marks
from mnist_models.preparation.mnist_form import FAINTEST
from mnist_models.preparation.writing import Digit, Other, Part
from testing.drawings import PEN, write

Levels = NDArray[np.uint8]
Box = tuple[int, int, int, int]


def write_on_page(number: str, gap: int = 30) -> tuple[Levels, Box]:
    """Write a number in the middle of a page; return also the box around it."""
    ink = write(number, gap)
    page = np.zeros((500, 1000), np.uint8)
    page[150 : 150 + ink.shape[0], 210 : 210 + ink.shape[1]] = ink
    x, y, width, height = cv2.boundingRect(page)
    return page, (x, y, x + width, y + height)


def read(ink: Levels) -> str:
    """Return the number that the network reads in dark ink on white."""
    return Reader.default().read_number(Image.fromarray(255 - ink)).text("cnn")


def print_word(ink: Levels, word: str, place: tuple[int, int], size: int = 110) -> Levels:
    """Print a word that begins at a place, on its base line."""
    picture = Image.fromarray(ink)
    ImageDraw.Draw(picture).text(place, word, 255, ImageFont.load_default(size), anchor="ls")
    return np.array(picture)


def circle(page: Levels, box: Box, wider: float) -> Levels:
    """Draw a circle around a box; its width is a multiple of the box's."""
    left, top, right, bottom = box
    half = round((right - left) / 2 * wider), round((bottom - top) / 2 * 1.5)
    middle = (left + right) // 2, (top + bottom) // 2
    return cv2.ellipse(page, middle, half, 0, 20, 370, 255, PEN, cv2.LINE_AA)


@pytest.mark.parametrize("number", ["27", "465", "3905"])
def test_a_circle_around_a_number_is_no_0(number: str) -> None:
    assert read(circle(*write_on_page(number), wider=1.5)) == number


@pytest.mark.parametrize("number", ["465", "3905", "9021"])
def test_digits_that_touch_the_circle_around_their_number_are_kept(number: str) -> None:
    assert read(circle(*write_on_page(number), wider=1.12)) == number


def test_only_a_circle_that_digits_touch_is_erased() -> None:
    for wider, is_erased in ((1.5, False), (1.12, True)):
        ink = Ink(circle(*write_on_page("465"), wider=wider), FAINTEST * 255, is_clean=True)
        assert (erase_circles(ink, find_marks(ink, 800)) is not ink) == is_erased
    frameless = Ink(write_on_page("465")[0], FAINTEST * 255, is_clean=True)
    assert erase_circles(frameless, find_marks(frameless, 800)) is frameless


def stand_on_line(page: Levels, box: Box) -> Levels:
    """Rule a long line at the foot of a number."""
    left, _, right, bottom = box
    return cv2.line(page, (left - 100, bottom - 2), (right + 250, bottom - 2), 255, 6, cv2.LINE_AA)


def underline(page: Levels, box: Box) -> Levels:
    """Underline a number by hand: the bowed line touches it and ends before it does."""
    left, _, right, bottom = box
    columns = np.linspace(left + 10, right - 10, 30)
    rows = bottom + 3 + 4 * np.sin(np.linspace(0, np.pi, 30))
    points = np.rint(np.stack([columns, rows], 1)).astype(np.int32)
    return cv2.polylines(page, [points], False, 255, PEN, cv2.LINE_AA)


def underline_twice(page: Levels, box: Box) -> Levels:
    """Underline a number by hand, and once more below."""
    left, _, right, bottom = box
    cv2.line(page, (left - 20, bottom + 30), (right + 30, bottom + 26), 255, PEN, cv2.LINE_AA)
    return underline(page, box)


def rule_below(page: Levels, box: Box) -> Levels:
    """Rule a line below a number, from side to side of the page nearly."""
    return cv2.line(page, (40, box[3] + 40), (960, box[3] + 40), 255, 4, cv2.LINE_AA)


@pytest.mark.parametrize("number", ["46", "3908", "1683"])
@pytest.mark.parametrize("rule", [stand_on_line, underline, underline_twice, rule_below])
def test_a_line_below_a_number_is_left_out(
    rule: Callable[[Levels, Box], Levels], number: str
) -> None:
    assert read(rule(*write_on_page(number))) == number


ONE_SHAPE = pytest.mark.xfail(strict=True, reason="bar and 4 are one shape, with the 5 an 8")


@pytest.mark.parametrize(
    ("text", "start"), [("53", "53"), pytest.param("54", "5", marks=ONE_SHAPE)]
)
def test_a_common_bar_above_two_digits_is_no_line_below_them(text: str, start: str) -> None:
    page, (left, top, right, _) = write_on_page(text, gap=8)
    cv2.line(page, (left + 60, top + 4), (right, top + 4), 255, PEN)
    assert read(page).startswith(start)


@pytest.mark.parametrize("text", ["365\n4096\n918", "76\n3650\n98\n491"])
def test_numbers_on_the_printed_lines_of_a_form_are_read_and_the_lines_taken_off(text: str) -> None:
    ink = np.pad(write(text, height=90, pen=8), ((0, 0), (200, 500)))
    for row in range(50 + 90 - 2, ink.shape[0], 190):  # through the feet
        cv2.line(ink, (100, row), (ink.shape[1] - 100, row), 255, 3)
    assert read(ink) == text


@pytest.mark.parametrize("word", ["Total:", "Room", "Page", "Telephone", "Amount"])
def test_a_printed_word_beside_a_number_is_left_out(word: str) -> None:
    page, (left, _, right, bottom) = write_on_page("365")
    before = print_word(np.pad(page, ((0, 0), (500, 0))), word, (left - 200, bottom))
    after = print_word(np.pad(page, ((0, 0), (0, 500))), word, (right + 80, bottom))
    assert [read(before), read(after)] == ["365", "365"]


@pytest.mark.parametrize("unit", ["kg", "kg:", "m", "No."])
def test_a_unit_beside_a_number_is_left_out(unit: str) -> None:
    page, (_, _, right, bottom) = write_on_page("365")
    assert read(print_word(page, unit, (right + 70, bottom), size=90)) == "365"


def test_a_number_far_higher_than_the_words_beside_it_is_read() -> None:
    page, (_, _, right, bottom) = write_on_page("786")
    page = np.pad(page, ((0, 0), (0, 500)))
    assert read(print_word(page, "Telephone:", (right + 60, bottom), size=60)) == "786"


@pytest.mark.parametrize("word", ["Page:", "Sum", "Class", "Room", "Amount:"])
@pytest.mark.parametrize("digit", ["6", "8"])
def test_one_digit_beside_a_word_is_read_at_every_door(word: str, digit: str) -> None:
    page, (left, _, _, bottom) = write_on_page(digit)
    page = print_word(np.pad(page, ((0, 0), (400, 0))), word, (left - 60, bottom))
    picture = Image.fromarray(255 - page)
    reading, number = Reader.default().read_all(picture)
    assert reading.label("cnn") == Reader.default().read(picture).label("cnn") == digit
    assert number.text("cnn") == digit
    assert reading.box[0] > left + 300


@pytest.mark.parametrize("unit", ["cm", "kg:", "EUR"])
def test_one_digit_before_a_unit_is_read(unit: str) -> None:
    page, (_, _, right, bottom) = write_on_page("8")
    page = print_word(np.pad(page, ((0, 0), (0, 200))), unit, (right + 90, bottom), size=90)
    assert read(page) == "8"


def test_words_above_a_number_are_left_out() -> None:
    page, (left, top, _, _) = write_on_page("365")
    assert read(print_word(page, "Amount of paper", (left - 60, top - 60), size=70)) == "365"


def test_a_word_alone_is_doubted_and_not_nothing() -> None:
    page = print_word(np.zeros((500, 1000), np.uint8), "Amount", (300, 300))
    number = Reader.default().read_number(Image.fromarray(255 - page))
    assert number.readings
    assert max(reading["cnn"].doubt[0] for reading in number.readings) > DOUBTFUL


def run(*marks: tuple[float | None, int], gap: int = 10) -> list[Part]:
    """Return marks side by side, each of a likelihood, None for no digit, and a height.

    Without a gap they are parts of one mark.
    """
    blank, left = np.zeros((28, 28), np.uint8), 0
    parts: list[Part] = []
    for index, (share, height) in enumerate(marks):
        box, mark = (left, 100 - height, left + 50, 100), index if gap else 0
        likelihood = -np.inf if share is None else float(np.log(share))
        digit = Digit(blank, box, likelihood, mark=mark)
        parts.append(Other(box, mark) if share is None else digit)
        left += 50 + gap
    return parts


def move(parts: list[Part], across: int) -> list[Part]:
    """Return marks as they stand elsewhere in their line."""
    moved: list[Part] = []
    for part in parts:
        left, top, right, bottom = part.box
        box = (left + across, top, right + across, bottom)
        moved.append(replace(part, box=box, mark=part.mark + across))
    return moved


NUMBER = run((0.99, 100), (0.99, 100))
"""A number in another line."""


@pytest.mark.parametrize(
    "parts",
    [
        run((None, 60), (0.8, 100)),  # a plus and a digit that is doubted slightly
        run((None, 130), (0.85, 100), (0.99, 100)),  # a dollar
        run((0.8, 100), (0.99, 100), (0.5, 100)),  # no letter at all
        run((0.99, 60), (0.99, 60)),  # cents
        run((None, 100), (0.2, 100), (0.99, 100)),  # a currency's sign beside a doubted digit
        run((0.8, 80), (0.99, 80)),  # digits a little lower than others
        run((0.3, 100), (0.2, 100), (0.05, 100), gap=0),  # digits that touch
    ],
)
def test_digits_beside_signs_and_poorly_written_ones_are_no_words(parts: list[Part]) -> None:
    digits = [part for part in parts if isinstance(part, Digit)]
    writing = without_words([(parts, 100.0), (NUMBER, 100.0)], [])
    assert writing.lines == [digits, NUMBER]
    assert writing.words == []


@pytest.mark.parametrize(
    "parts",
    [
        run((None, 100), (0.99, 70), (None, 100), (0.6, 70), (0.99, 100)),  # Total
        run((0.99, 70), (0.4, 60), (0.99, 60), (0.6, 60)),  # Sum, in pieces
        run((None, 100), (None, 100)),
    ],
)
def test_letters_of_a_word_are_left_out_though_some_are_sure_digits(parts: list[Part]) -> None:
    writing = without_words([(parts, 100.0), (NUMBER, 100.0)], [])
    assert writing.lines == [[], NUMBER]
    ((left, _, right, bottom),) = writing.words
    assert (left, right, bottom) == (0, parts[-1].box[2], 100)
    alone = without_words([(parts, 100.0)], [])
    assert alone.lines == [[part for part in parts if isinstance(part, Digit)]]


@pytest.mark.parametrize(
    ("parts", "is_unit"),
    [
        (run((None, 80), (0.99, 80)), True),  # kg
        (run((0.01, 60), (0.99, 60), (0.95, 60), (0.99, 60)), True),  # Clas
        (run((0.95, 80), (0.99, 80)), False),
        (run((None, 100), (0.99, 100)), False),  # a currency's sign
    ],
)
def test_what_is_lower_than_the_digits_in_its_line_needs_fewer_letters_to_be_a_word(
    parts: list[Part], is_unit: bool
) -> None:
    line = [*move(NUMBER, -300), *parts]
    assert bool(without_words([(line, 100.0)], []).words) == is_unit


def test_brackets_around_digits_are_left_out_and_the_digits_kept() -> None:
    blank = np.zeros((28, 28), np.uint8)
    opening, closing = Other((0, 0, 30, 110), 0), Other((200, 0, 230, 110), 3)
    digits = [Digit(blank, (left, 10, left + 60, 105), -0.01, mark=left) for left in (50, 120)]
    writing = without_words([([opening, *digits, closing], 100.0), (NUMBER, 100.0)], [])
    assert writing.lines == [digits, NUMBER]
    assert writing.words == [opening.box, closing.box]


@pytest.mark.parametrize(("width", "is_letter"), [(60, False), (40, True)])
def test_what_parts_into_slimmer_pieces_than_digits_is_a_letter(
    width: int, is_letter: bool
) -> None:
    blank = np.zeros((28, 28), np.uint8)
    boxes = [(left, 20, left + width, 100) for left in (0, width)]
    parts: list[Part] = [Digit(blank, box, -0.2) for box in boxes]
    line = [*move(NUMBER, -300), *parts]
    assert bool(without_words([(line, 100.0)], []).words) == is_letter


def test_a_low_digit_with_a_lower_mark_beside_it_is_a_letter() -> None:
    letter = run((0.99, 75))
    for low, lines in (([], [letter, NUMBER]), ([(60, 60, 100, 100)], [[], NUMBER])):
        assert without_words([(letter, 100.0), (NUMBER, 100.0)], low).lines == lines
