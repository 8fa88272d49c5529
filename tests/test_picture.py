"""Bytes, files and PIL images become safe, upright pictures, or are refused in one sentence."""

import base64
import io
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from mnist_models.errors import PictureError
from mnist_models.preparation.picture import (
    FORMATS,
    MAX_PIXELS,
    WORKING_SIDE,
    Source,
    open_picture,
)
from testing.samples import write_png
from testing.scenes import encode

HEIC = base64.b64decode(
    "AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAX1tZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAA"
    "AAAAAAAAAAACJpbG9jAAAAAERAAAEAAQAAAAABoQABAAAAAAAAACgAAAAjaWluZgAAAAAAAQAAABVpbmZlAgAAAAAB"
    "AABodmMxAAAAAA5waXRtAAAAAAABAAAA/WlwcnAAAADdaXBjbwAAAHZodmNDAQNwAAAAkAAAAAAAHvAA/P34+AAADw"
    "NgAAEAGEABDAH//wNwAAADAJAAAAMAAAMAHroCQGEAAQAqQgEBA3AAAAMAkAAAAwAAAwAeoCCBBZbq5Ka5uAhoMCAA"
    "AAMDIAAAAwAhYgABAAZEAcFzwIkAAAATY29scm5jbHgAAQANAAaAAAAAFGlzcGUAAAAAAAAAQAAAAEAAAAAoY2xhcA"
    "AAADwAAAABAAAAKAAAAAH////8AAAAAv///+gAAAACAAAAEHBpeGkAAAAAAwgICAAAABhpcG1hAAAAAAAAAAEAAQWB"
    "AgMFhAAAADBtZGF0AAAAJCgBrwtg/QD1X/2QwGqr/6f1QFENBYs3kVJfIZBl9EihkaWdbA=="
)
"""The drawing below in the format of iPhones, which nothing here can write."""


def drawing(width: int = 60, height: int = 40) -> Image.Image:
    """Return black on white with one dark corner, top left, so that turns are seen."""
    picture = Image.new("L", (width, height), 255)
    ImageDraw.Draw(picture).rectangle((0, 0, width // 4, height // 4), fill=0)
    return picture


def store(picture: Image.Image, file_format: str, **options: object) -> bytes:
    """Return a picture's file, in HEIF always the same one."""
    return HEIC if file_format == "HEIF" else encode(picture, file_format, **options)


def dark_corner(picture: Image.Image) -> tuple[int, int]:
    """Return the column and row, 0 or 1 each, of the darkest quarter."""
    quarters = np.asarray(picture.convert("L").resize((2, 2), Image.Resampling.BOX))
    row, column = np.unravel_index(quarters.argmin(), quarters.shape)
    return int(column), int(row)


@contextmanager
def refused(*words: str) -> Iterator[None]:
    """Expect a PictureError of at most two sentences that holds the given words."""
    with pytest.raises(PictureError) as caught:
        yield
    text = str(caught.value)
    assert all(word in text for word in words), text
    assert text.endswith(".") and "\n" not in text and len(text) < 200


@pytest.mark.parametrize("file_format", FORMATS)
def test_every_known_format_opens(file_format: str) -> None:
    picture = open_picture(store(drawing(), file_format))
    assert picture.size == (60, 40)
    assert dark_corner(picture) == (0, 0)


def test_a_heic_file_that_announces_too_many_pixels_is_refused_before_it_is_decoded() -> None:
    whole = HEIC.replace(b"clap", b"free")  # without what is cut off of it when it is shown
    before, kind, after = whole.partition(b"ispe" + bytes(4))
    with refused("too large"):
        open_picture(before + kind + struct.pack(">II", 60_000, 40_000) + after[8:])


def test_a_heic_file_that_holds_a_larger_picture_than_it_announces_is_refused_undecoded() -> None:
    announced, held = bytes.fromhex("1ea020810596ea"), bytes.fromhex("1ea03c81e596ea")
    assert HEIC.count(announced) == 1  # 64 x 64 in the stream itself, here made 120 x 120
    with pytest.raises(PictureError) as caught:
        open_picture(HEIC.replace(announced, held))
    assert "Security limit exceeded" in str(caught.value.__cause__)


def test_bytes_paths_and_pil_images_give_the_same_picture(tmp_path: Path) -> None:
    path = tmp_path / "drawing.png"
    drawing().save(path)
    data = path.read_bytes()
    sources: list[Source] = [str(path), path, data, bytearray(data), memoryview(data), drawing()]
    opened = [np.asarray(open_picture(source)) for source in sources]
    assert all(np.array_equal(opened[0], other) for other in opened)


def test_a_callers_picture_is_left_as_it_was() -> None:
    lazy = Image.open(io.BytesIO(store(drawing(3000, 2000), "JPEG")))
    assert max(open_picture(lazy).size) < 2 * WORKING_SIDE
    assert lazy.size == (3000, 2000)


MODES = ["1", "L", "LA", "La", "P", "PA", "RGB", "RGBX", "RGBA", "RGBa", "CMYK", "YCbCr", "LAB"]
MODES += ["HSV", "I", "I;16", "I;16B", "I;16L", "F"]


@pytest.mark.parametrize("mode", MODES)
def test_every_mode_of_pillow_keeps_dark_dark_and_light_light(mode: str) -> None:
    via = {"La": "LA", "PA": "P", "LAB": "RGB", "HSV": "RGB", "I;16B": "I;16", "I;16L": "I;16"}
    base = drawing().convert("RGB" if mode in ("LAB", "HSV", "YCbCr", "RGBX") else "L")
    if mode == "LAB":
        picture = Image.merge("LAB", [drawing(), *[Image.new("L", (60, 40), 128)] * 2])
    elif mode in ("La", "RGBa"):
        picture = base.convert(via.get(mode, "RGBA")).convert(mode)
    elif mode == "PA":
        picture = base.convert("P").convert("PA")
    elif mode.startswith("I;16"):
        values = np.asarray(drawing()).astype(">u2" if mode == "I;16B" else "<u2") * 257
        picture = Image.frombytes(mode, (60, 40), values.tobytes())
    else:
        picture = base.convert(mode)
    assert picture.mode == mode
    opened = open_picture(picture)
    assert opened.mode in ("L", "RGB", "RGBA")
    pixels = np.asarray(opened.convert("L"))
    assert pixels[2, 2] < 10
    assert pixels[-2, -2] > 245


@pytest.mark.parametrize("kind", [np.uint16, np.int32, np.float32])
@pytest.mark.parametrize("scale", [1, 16, 257])
def test_deep_pictures_are_stretched_over_their_own_range(
    kind: type[np.generic], scale: int
) -> None:
    deep = (np.asarray(drawing()).astype(np.float64) * scale).astype(kind)
    pixels = np.asarray(open_picture(store(Image.fromarray(deep), "TIFF")))
    assert np.array_equal(pixels, np.asarray(drawing()))


def test_a_16_bit_png_is_stretched_too() -> None:
    deep = np.asarray(drawing()).astype(np.uint16) * 16
    pixels = np.asarray(open_picture(store(Image.fromarray(deep), "PNG")))
    assert np.array_equal(pixels, np.asarray(drawing()))


def test_values_that_are_no_numbers_do_not_spoil_the_others() -> None:
    values = np.asarray(drawing()).astype(np.float32)
    values[5, 50:53] = np.nan, np.inf, -np.inf
    pixels = np.asarray(open_picture(Image.fromarray(values)))
    assert pixels[2, 2] == 0
    assert pixels[-1, -1] == 255
    empty = open_picture(Image.fromarray(np.full((4, 4), np.nan, np.float32)))
    assert np.ptp(np.asarray(empty)) == 0


def test_a_palette_with_a_transparent_color_keeps_its_transparency() -> None:
    palette = drawing().convert("P")
    opened = open_picture(store(palette, "PNG", transparency=palette.getpixel((59, 39))))
    assert opened.mode == "RGBA"
    assert opened.getpixel((0, 0))[3] == 255
    assert opened.getpixel((59, 39))[3] == 0


@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "TIFF", "WEBP", "AVIF"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_exif_orientation_is_turned_upright(orientation: int, file_format: str) -> None:
    turns = Image.Transpose
    undo = {2: turns.FLIP_LEFT_RIGHT, 3: turns.ROTATE_180, 4: turns.FLIP_TOP_BOTTOM}
    undo |= {5: turns.TRANSPOSE, 6: turns.ROTATE_90, 7: turns.TRANSVERSE, 8: turns.ROTATE_270}
    stored = drawing()
    if orientation in undo:
        stored = stored.transpose(undo[orientation])
    exif = Image.Exif()
    exif[0x0112] = orientation
    opened = open_picture(store(stored.convert("RGB"), file_format, exif=exif))
    assert opened.size == (60, 40)
    assert dark_corner(opened) == (0, 0)


def test_of_several_frames_the_first_counts() -> None:
    blank = Image.new("L", (60, 40), 255)
    data = store(drawing(), "GIF", save_all=True, append_images=[blank, blank])
    assert dark_corner(open_picture(data)) == (0, 0)


@pytest.mark.parametrize("file_format", ["PNG", "JPEG"])
def test_large_pictures_are_reduced(file_format: str) -> None:
    opened = open_picture(store(drawing(5000, 2600), file_format))
    assert WORKING_SIDE <= max(opened.size) < 2 * WORKING_SIDE
    assert opened.width / opened.height == pytest.approx(5000 / 2600, rel=0.01)
    assert dark_corner(opened) == (0, 0)


def test_light_ink_on_transparency_stays_light_when_reduced() -> None:
    alpha = drawing(4000, 4000).point(lambda value: 255 - value)
    picture = Image.new("RGBA", alpha.size, (0, 0, 0, 0))
    picture.paste((255, 255, 255, 255), mask=alpha)
    pixels = np.asarray(open_picture(picture))
    assert (pixels[pixels[..., 3] > 0][:, :3] == 255).all()


def test_a_picture_is_refused_by_its_header_before_it_is_decoded() -> None:
    with refused("too large", "50 megapixels"):
        open_picture(write_png(7100, 7100))  # undecodable, but that is never noticed


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize("side", [10_000, 60_000])
def test_a_bomb_is_refused(side: int) -> None:
    with refused("too large"):
        open_picture(write_png(side, side))


def test_a_pil_image_has_the_same_limit() -> None:
    with refused("too large"):
        open_picture(Image.new("1", (MAX_PIXELS // 5000 + 1, 5000)))


def test_a_pil_image_without_pixels_is_refused() -> None:
    with refused("no pixels", "0 x 5"):
        open_picture(Image.new("L", (0, 5)))


@pytest.mark.parametrize("data", [b"", b"\x00" * 40, b"seven", b"%PDF-1.7", b"<svg></svg>"])
def test_bytes_that_are_no_picture_are_refused(data: bytes) -> None:
    with refused("not a picture"):
        open_picture(data)


@pytest.mark.parametrize("file_format", ["ICO", "TGA", "EPS", "PCX"])
def test_formats_that_are_not_on_the_list_are_refused(file_format: str) -> None:
    with refused("not a picture"):
        open_picture(store(drawing().convert("RGB"), file_format))


@pytest.mark.parametrize("file_format", FORMATS)
def test_a_truncated_file_is_refused(file_format: str) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (40, 60), np.uint8)
    data = store(Image.fromarray(noise), file_format)
    with refused("picture"):
        open_picture(data[: len(data) // 2])


def test_a_truncated_pil_image_is_refused_too() -> None:
    noise = np.random.default_rng(0).integers(0, 256, (40, 60), np.uint8)
    data = store(Image.fromarray(noise), "JPEG")
    with refused("damaged"):
        open_picture(Image.open(io.BytesIO(data[: len(data) // 2])))


def test_a_damaged_byte_anywhere_gives_a_picture_or_one_sentence() -> None:
    random = np.random.default_rng(0)
    for file_format in ("PNG", "JPEG", "WEBP", "GIF", "TIFF"):
        data = store(drawing(), file_format)
        for _ in range(60):
            damaged = bytearray(data)
            damaged[random.integers(len(data))] = random.integers(256)
            try:
                assert open_picture(damaged).mode in ("L", "RGB", "RGBA")
            except PictureError as error:
                assert str(error).endswith(".")


def test_a_path_that_cannot_be_opened_is_not_called_a_bad_picture(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        open_picture(tmp_path / "missing.png")
    with pytest.raises(IsADirectoryError):
        open_picture(tmp_path)


def test_one_pixel_is_a_picture() -> None:
    assert open_picture(store(Image.new("RGB", (1, 1)), "PNG")).size == (1, 1)
