"""Numbers of different sizes on one page are all read; print beside a larger number is not."""

import cv2
import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from mnist_models import Reader
from mnist_models.preparation.ground import LOOKING_SIDE
from mnist_models.preparation.ink import Ink
from mnist_models.preparation.marks import find_marks
from mnist_models.preparation.rows import usual_height
from mnist_models.preparation.sizes import other_sizes
from testing.drawings import draw, write
from testing.strokes import DIGITS

Levels = NDArray[np.uint8]


def below_each_other(*inks: Levels) -> Levels:
    """Set ink below each other on one page: uint8 (height, width), 0 for ground."""
    width = max(ink.shape[1] for ink in inks)
    return np.vstack([np.pad(ink, ((0, 0), (0, width - ink.shape[1]))) for ink in inks])


def enlarge(ink: Levels, times: float) -> Levels:
    """Return ink so many times as large."""
    return cv2.resize(ink, None, fx=times, fy=times, interpolation=cv2.INTER_CUBIC)


def print_text(lines: int, size: int = 26) -> Levels:
    """Print lines of words: uint8 (height, width), 255 for ink."""
    words = ["Amount", "Page", "Telephone", "Score", "Number", "Class", "Weight", "Quantity"]
    picture = Image.new("L", (620, lines * 2 * size))
    pen, font = ImageDraw.Draw(picture), ImageFont.load_default(size)
    for line in range(lines):
        text = " ".join(words[(3 * line + word) % len(words)] for word in range(4))
        pen.text((40, line * 2 * size), text, 255, font)
    return np.array(picture)


def photograph(ink: Levels) -> Image.Image:
    """Show dark ink on paper that is lit from one side, with grain."""
    light = np.linspace(1, 0.75, ink.shape[1])
    paper = (230 - 180.0 * (ink / 255)) * light
    grain = np.random.default_rng(1).normal(0, 3, ink.shape)
    levels = np.clip(paper + grain, 0, 255).astype(np.uint8)
    return Image.fromarray(np.dstack([levels] * 3))


def read(picture: Image.Image) -> str:
    """Return the number that the network reads."""
    return Reader.default().read_number(picture).text("cnn")


@pytest.mark.parametrize("times", [1.5, 2.5, 3.5, 5])
@pytest.mark.parametrize("above", [True, False])
def test_a_number_far_larger_than_the_others_is_read_with_them(times: float, above: bool) -> None:
    large, small = (
        enlarge(write("48", height=70, pen=7), times),
        write("365\n720", height=70, pen=7),
    )
    ink = below_each_other(large, small) if above else below_each_other(small, large)
    expected = "48\n365\n720" if above else "365\n720\n48"
    assert [read(Image.fromarray(255 - ink)), read(photograph(ink))] == [expected] * 2


@pytest.mark.parametrize("quarters", [1, 3])
def test_numbers_of_two_sizes_are_in_order_on_a_photograph_that_is_not_upright(
    quarters: int,
) -> None:
    ink = below_each_other(enlarge(write("48", height=70, pen=7), 3), write("365\n270", height=70))
    assert read(photograph(np.rot90(ink, quarters))) == "48\n365\n270"


def test_numbers_of_three_sizes_are_read() -> None:
    inks = [enlarge(write(text, height=60, pen=6), times) for text, times in
            (("63", 7), ("284", 2.6), ("9057", 1))]  # fmt: skip
    assert read(Image.fromarray(255 - below_each_other(*inks))) == "63\n284\n9057"


def test_the_labels_of_a_figures_axes_are_not_read_beside_its_digit() -> None:
    shown = []
    for digit in "2358":
        pixels = cv2.resize(draw(DIGITS[digit], pen=36)[50:450, :400], (28, 28))
        plot = Figure((4, 4), dpi=150)
        plot.add_subplot().imshow(255 - pixels, "gray")
        canvas = FigureCanvasAgg(plot)
        canvas.draw()
        shown.append(read(Image.fromarray(np.asarray(canvas.buffer_rgba())[..., :3])))
    assert shown == [*"2358"]


@pytest.mark.parametrize("lines", [4, 12, 24])
def test_a_number_on_a_printed_page_is_read_and_the_print_left_out(lines: int) -> None:
    number, text = write("4275", height=110, pen=10), print_text(lines)
    for ink in (below_each_other(number, text), below_each_other(text, number)):
        assert read(Image.fromarray(255 - ink)) == "4275"
        assert read(photograph(ink)) == "4275"


def test_the_edge_of_a_soft_shadow_over_print_is_no_1() -> None:
    ink = below_each_other(print_text(24), write("4275", height=110, pen=10))
    shade = 1 - 0.5 / (1 + np.exp(-(np.arange(ink.shape[1]) - 330) / 12))
    levels = np.clip((232 - 180.0 * (ink / 255)) * shade, 0, 255).astype(np.uint8)
    assert "4275" in read(Image.fromarray(np.dstack([levels] * 3))).split("\n")


def test_a_1_written_with_a_broader_pen_stays_in_its_line() -> None:
    small, large = write("365\n720", height=70, pen=6), enlarge(write("71", height=70, pen=9), 2)
    assert read(Image.fromarray(255 - below_each_other(small, large))) == "365\n720\n71"


def test_a_line_whose_digits_differ_in_height_is_of_one_size() -> None:
    page = np.zeros((700, 900), np.uint8)
    for left in (40, 240, 440):
        cv2.rectangle(page, (left, 40), (left + 100, 240), 255, 8)
    heights = [78, 88, 82, 94]  # 94 is 0.45 of 209, and each is 9 higher with its pen
    for left, height in zip(range(40, 800, 120), heights, strict=False):
        cv2.rectangle(page, (left, 500 - height), (left + 40, 500), 255, 8)
    ink = Ink((page / 255).astype(np.float32), 0.1, is_clean=True)
    marks = find_marks(ink, LOOKING_SIDE).every
    lower, higher = other_sizes(marks, usual_height(marks))
    assert sorted(mark.left for mark in lower) == sorted(
        mark.left for mark in marks if mark.top > 300
    )
    assert len(lower) == len(heights) and not higher
