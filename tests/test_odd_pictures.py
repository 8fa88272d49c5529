"""Pictures as odd as people can make them are read rightly, or refused in one sentence."""

from collections.abc import Callable

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageFilter, ImageOps

from mnist_models import MnistModelsError, Reader
from testing.drawings import draw, write
from testing.scenes import encode
from testing.strokes import DIGITS

Oddity = Callable[[Image.Image], bytes]


# Each takes black ink on a white page of mode "L", and gives a file.


def saved(mode: str, file_format: str) -> Oddity:
    """Save in a mode, as a format."""

    def save(page: Image.Image) -> bytes:
        if mode == "LAB":
            neutral = Image.new("L", page.size, 128)
            return encode(Image.merge("LAB", [page, neutral, neutral]), file_format)
        if mode.startswith("I;16"):
            deep = np.asarray(page).astype(">u2" if mode == "I;16B" else "<u2") * 200
            return encode(Image.frombytes(mode, page.size, deep.tobytes()), file_format)
        source = page.convert("RGB") if mode in ("YCbCr", "RGBX", "CMYK") else page
        return encode(source.convert(mode), file_format)

    return save


def made(change: Callable[[NDArray[np.float64], np.random.Generator], NDArray]) -> Oddity:
    """Change the pixels, (height, width), by any arithmetic."""

    def save(page: Image.Image) -> bytes:
        pixels = change(np.asarray(page).astype(float), np.random.default_rng(0))
        return encode(Image.fromarray(np.clip(np.rint(pixels), 0, 255).astype(np.uint8)))

    return save


def pictured(change: Callable[[Image.Image], Image.Image]) -> Oddity:
    """Change the picture by what Pillow offers."""
    return lambda page: encode(change(page))


def colored(ink: str, ground: str) -> Oddity:
    """Draw in one color on another."""
    return pictured(lambda page: ImageOps.colorize(page, ink, ground))


def in_alpha(ink: str, ground: str) -> Oddity:
    """Draw in a color on a transparent ground of some hidden color."""

    def save(page: Image.Image) -> bytes:
        picture = Image.new("RGB", page.size, ground)
        ink_mask = ImageOps.invert(page)
        picture.paste(
            Image.new("RGB", page.size, ink), mask=ink_mask.point(lambda v: 255 * (v > 0))
        )
        picture.putalpha(ink_mask)
        return encode(picture)

    return save


def resized(side: int, file_format: str = "PNG") -> Oddity:
    """Draw tiny or huge."""
    return lambda page: encode(page.resize((side, side), Image.Resampling.BOX), file_format)


def crop_tightly(page: Image.Image) -> Image.Image:
    """Leave no margin."""
    return page.crop(ImageOps.invert(page).getbbox())


def pepper(pixels: NDArray[np.float64], random: np.random.Generator) -> NDArray[np.float64]:
    """Scatter single black and white pixels."""
    chance = random.random(pixels.shape)
    return np.where(chance < 0.004, 0, np.where(chance > 0.996, 255, pixels))


def stain(pixels: NDArray[np.float64], _: np.random.Generator) -> NDArray[np.float64]:
    """Leave a pale round stain beside the digit."""
    cv2.circle(pale := np.full(pixels.shape, 255.0), (400, 420), 60, 235, -1)
    return np.minimum(pixels, pale)


SAVED = {
    "PNG": ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"],
    "TIFF": ["1", "L", "LA", "P", "RGB", "RGBA", "RGBX", "CMYK", "LAB", "I;16", "I;16B", "I", "F"],
    "JPEG": ["L", "RGB", "CMYK", "YCbCr"],
    "WEBP": ["L", "RGB", "RGBA"],
    "AVIF": ["L", "RGB", "RGBA"],
    "GIF": ["1", "L", "P", "RGB"],
    "BMP": ["1", "L", "P", "RGB", "RGBA"],
    "PPM": ["1", "L", "RGB", "I;16"],
}
MARGIN = np.linspace(0, 1, 500)

ODDITIES: dict[str, Oddity] = {
    f"{mode} in {file_format}": saved(mode, file_format)
    for file_format, modes in SAVED.items()
    for mode in modes
} | {
    "white on black": pictured(ImageOps.invert),
    "white on black, 1 bit": pictured(lambda page: ImageOps.invert(page).convert("1")),
    "grey on lighter grey": made(lambda pixels, _: 180 + pixels / 10),
    "grey on darker grey": made(lambda pixels, _: 60 - pixels / 10),
    "red on blue": colored("red", "blue"),
    "yellow on white": colored("#ffe600", "white"),
    "equally bright": colored("#b45050", "#408060"),
    "black ink in alpha": in_alpha("black", "black"),
    "white ink in alpha": in_alpha("white", "black"),
    "red ink in alpha on hidden white": in_alpha("red", "white"),
    "half-transparent ink": pictured(
        lambda page: Image.merge("LA", [page, ImageOps.invert(page).point(lambda v: v // 2)])
    ),
    "frame of 1 pixel": pictured(lambda page: ImageOps.expand(page, 1, 0)),
    "thick black frame": pictured(lambda page: ImageOps.expand(page, 60, 0)),
    "white frame around black": pictured(
        lambda page: ImageOps.expand(ImageOps.invert(page), 30, 255)
    ),
    "two frames": pictured(lambda page: ImageOps.expand(ImageOps.expand(page, 9, 99), 9, 0)),
    "no margin": pictured(crop_tightly),
    "no margin, inverted": pictured(lambda page: ImageOps.invert(crop_tightly(page))),
    "16 pixels": pictured(lambda page: crop_tightly(page).resize((16, 16), 4)),
    "20 pixels on a page": resized(35),
    "28 pixels": resized(28),
    "28 pixels, inverted": pictured(lambda page: ImageOps.invert(page).resize((28, 28), 4)),
    "6000 pixels": resized(6000),
    "6000 pixels, JPEG": resized(6000, file_format="JPEG"),
    "very wide": pictured(lambda page: ImageOps.pad(page, (4000, 500), color=255)),
    "very high": pictured(lambda page: ImageOps.pad(page, (400, 3000), color=255)),
    "in a corner": pictured(lambda page: ImageOps.expand(page, (0, 900, 900, 0), fill=255)),
    "JPEG of quality 5": lambda page: encode(page, "JPEG", quality=5),
    "WebP of quality 1": lambda page: encode(page, "WEBP", quality=1),
    "blurred": pictured(lambda page: page.filter(ImageFilter.GaussianBlur(9))),
    "sharpened": pictured(lambda page: page.filter(ImageFilter.UnsharpMask(9, 300))),
    "outlined": pictured(lambda page: page.filter(ImageFilter.MaxFilter(5))),
    "posterized": pictured(lambda page: page.point(lambda v: v // 128 * 128)),
    "dithered": pictured(lambda page: page.point(lambda v: 90 + v // 2).convert("1")),
    "grainy": made(lambda pixels, random: pixels + random.normal(0, 25, pixels.shape)),
    "peppered": made(pepper),
    "stained": made(stain),
    "darkening to one side": made(lambda pixels, _: pixels * (1 - 0.7 * MARGIN)),
    "darkening downwards, inverted": made(
        lambda pixels, _: 255 - pixels * (1 - 0.7 * MARGIN[:, None])
    ),
    "striped finely": made(lambda pixels, _: pixels - 12 * (np.arange(500) // 3 % 2)),
    "brightness like a vignette": made(
        lambda pixels, _: pixels * (1 - (MARGIN - 0.5) ** 2 - (MARGIN[:, None] - 0.5) ** 2)
    ),
    "a scan with dark margins": made(
        lambda pixels, _: np.where((MARGIN < 0.03) | (MARGIN[:, None] > 0.98), 30, pixels)
    ),
    "lines above and below": made(
        lambda pixels, _: np.where(np.isin(np.arange(500), [30, 470])[:, None], 0, pixels)
    ),
}


@pytest.mark.parametrize("oddity", ODDITIES)
def test_odd_pictures_are_read(oddity: str) -> None:
    position = list(ODDITIES).index(oddity)
    for label in (str(position % 10), str((position * 3 + 4) % 10)):
        page = Image.fromarray(255 - draw(DIGITS[label]))
        probabilities = Reader.default().read(ODDITIES[oddity](page))["cnn"].probabilities
        assert str(probabilities[0].argmax()) == label


def test_there_are_more_than_a_hundred_of_them() -> None:
    assert 2 * len(ODDITIES) > 100


NOTHING: dict[str, Callable[[], Image.Image]] = {
    "1 pixel": lambda: Image.new("L", (1, 1)),
    "1 pixel high": lambda: Image.new("RGB", (400, 1), "white"),
    "blank": lambda: Image.new("RGB", (300, 400), "white"),
    "blank, 16 bits": lambda: Image.new("I;16", (300, 400), 40_000),
    "blank, floating": lambda: Image.new("F", (300, 400), 0.5),
    "transparent": lambda: Image.new("RGBA", (300, 300), (0, 0, 0, 0)),
    "nearly blank": lambda: Image.fromarray(np.tile(np.array([250, 252], np.uint8), (300, 150))),
}


@pytest.mark.parametrize("nothing", NOTHING)
def test_pictures_of_nothing_are_refused_in_one_sentence(nothing: str) -> None:
    with pytest.raises(MnistModelsError) as caught:
        Reader.default().read(NOTHING[nothing]())
    text = str(caught.value)
    assert text.endswith(".") and "\n" not in text and len(text) < 200


def random_picture(random: np.random.Generator) -> Image.Image:
    """Fill a picture of any size and mode with noise, stripes or blocks."""
    height, width = random.integers(1, 90, 2)
    mode = str(random.choice(["L", "RGB", "RGBA", "LA"]))
    shape = (height, width) if mode == "L" else (height, width, len(mode))
    pixels = random.integers(0, 256, shape).astype(np.uint8)
    if random.random() < 0.5:
        pixels = np.where(random.random(shape) < 0.5, 0, 255).astype(np.uint8)
    if random.random() < 0.5:
        pixels[:] = pixels[:1]
    return Image.fromarray(pixels)


def test_whatever_is_sent_gives_ten_probabilities_or_one_sentence() -> None:
    random = np.random.default_rng(0)
    for _ in range(300):
        try:
            reading = Reader.default().read(random_picture(random))
        except MnistModelsError as error:
            assert str(error).endswith(".")
        else:
            assert reading.digit.shape == (28, 28)
            assert reading.digit.max() == 255
            assert sum(reading["cnn"].by_label().values()) == pytest.approx(1, abs=1e-4)


@pytest.mark.parametrize("side", [800, 1500])
def test_more_dots_than_can_be_numbered_give_an_answer_or_one_sentence(side: int) -> None:
    regular = np.full((side, side), 255, np.uint8)
    regular[::2, ::2] = 0
    random = np.random.default_rng(0).random((side, side)) < 0.1
    for pixels in (regular, np.where(random, 0, 255).astype(np.uint8)):
        try:
            assert Reader.default().read_number(Image.fromarray(pixels)).readings
        except MnistModelsError as error:
            assert str(error).endswith(".")


@pytest.mark.parametrize("paper", [255, 215, 180])
@pytest.mark.parametrize("side", [600, 1400])
def test_a_number_in_a_dithered_picture_is_read(side: int, paper: int) -> None:
    ink = cv2.resize(write("4275"), (side, side * 250 // 640), interpolation=cv2.INTER_CUBIC)
    grey = Image.fromarray((paper - (paper - 40.0) * (ink / 255)).astype(np.uint8))
    assert Reader.default().read_number(grey.convert("1")).text("cnn") == "4275"
