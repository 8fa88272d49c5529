"""From bytes or a file to a picture that is safe to look at: checked, upright, 8 bits a channel."""

import io
from os import PathLike
from typing import Any

import numpy as np
import pi_heif
from numpy.typing import NDArray
from PIL import ExifTags, Image, ImageOps

from mnist_models.errors import PictureError

FORMATS = ("PNG", "JPEG", "WEBP", "AVIF", "HEIF", "GIF", "BMP", "TIFF", "PPM")
"""Pillow's names of the formats that are read; none of them runs programs or fetches anything."""

# iPhones' HEIC, which Pillow itself cannot read; what else lies in such a file stays unread.
# pi-heif sees to it that no more is decoded than 64 pixels a side beyond what the file says.
pi_heif.register_heif_opener(thumbnails=False, depth_images=False, aux_images=False)

MAX_PIXELS = 50_000_000
"""The largest picture that is decoded, in pixels: 50 megapixels, beyond today's usual phones."""

WORKING_SIDE = 1000
"""Pictures are reduced to between this many pixels and twice as many: a digit needs no more."""

LYING = 5
"""EXIF orientations from this one on lie on their side."""

FULL_SIZE = "full size"
"""Where an opened picture's ``info`` holds its width and height before it was reduced, upright."""

Source = bytes | bytearray | memoryview | str | PathLike[str] | Image.Image | NDArray[Any]


def open_picture(source: Source) -> Image.Image:
    """Open a picture so that nothing in it can harm, and turn it upright.

    The size is read from the header and checked before a pixel is decoded. Of several frames or
    pages the first counts. Pictures of more than 8 bits are stretched from their darkest to their
    lightest value; large ones are reduced to fewer than ``2 * WORKING_SIDE`` pixels a side.

    Args:
        source: A picture file's bytes, its path, a ``PIL.Image.Image``, or an array of grey levels,
            (height, width), uint8 or 0..1 as floating-point numbers.

    Returns:
        A picture of mode "L", "RGB" or "RGBA", 8 bits a channel, upright.

    Raises:
        PictureError: The bytes are no picture of a known format, are cut off, or hold more than
            ``MAX_PIXELS`` pixels.
        OSError: ``source`` is a path that cannot be opened.
    """
    if isinstance(source, np.ndarray):
        source = from_array(source)
    picture = source if isinstance(source, Image.Image) else open_header(source)
    try:
        check_size(picture)
        if picture is source:
            picture = source.copy()  # a caller's picture stays as it is
        full_size = upright_size(picture)
        reduce_while_decoding(picture)
        ImageOps.exif_transpose(picture, in_place=True)
        opened = to_8_bits(picture)
        opened.info[FULL_SIZE] = full_size
        return opened
    except PictureError:
        raise
    except Exception as error:  # decoders raise whatever a broken file makes them stumble over
        raise PictureError("damaged_picture") from error
    finally:
        if picture is not source:
            picture.close()


def from_array(levels: NDArray[Any]) -> Image.Image:
    """Return an array of grey levels as a picture.

    Raises:
        PictureError: It has another shape or type, or levels beyond 0..1.
    """
    is_float = levels.dtype.kind == "f"
    if levels.ndim == 2 and levels.size and (is_float or levels.dtype == np.uint8):
        if not is_float:
            return Image.fromarray(levels)
        if np.isfinite(levels).all() and levels.min() >= 0 and levels.max() <= 1:
            return Image.fromarray(np.rint(levels * 255).astype(np.uint8))
    raise PictureError("not_levels", kind=levels.dtype, shape=levels.shape)


def open_header(source: bytes | bytearray | memoryview | str | PathLike[str]) -> Image.Image:
    """Read format and size, nothing more."""
    file = source if isinstance(source, str | PathLike) else io.BytesIO(source)
    try:
        return Image.open(file, formats=FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise PictureError("far_too_large", limit=MAX_PIXELS // 1_000_000) from error
    except Exception as error:  # a header made to harm can break a decoder in any way
        if isinstance(error, OSError) and error.errno is not None:
            raise  # the path cannot be opened: nothing is wrong with a picture
        raise PictureError("unknown_format") from error


def check_size(picture: Image.Image) -> None:
    """Refuse a picture by what its header says of its size."""
    width, height = picture.size
    if width < 1 or height < 1:
        raise PictureError("no_pixels", width=width, height=height)
    if width * height > MAX_PIXELS:
        limit = MAX_PIXELS // 1_000_000
        raise PictureError("too_large", width=width, height=height, limit=limit)


def upright_size(picture: Image.Image) -> tuple[int, int]:
    """Return width and height as a picture will have them once it is turned upright."""
    lies = picture.getexif().get(ExifTags.Base.Orientation, 1) >= LYING
    return picture.size[::-1] if lies else picture.size


def reduction(picture: Image.Image) -> int:
    """Return by which whole factor a picture is reduced."""
    return max(1, max(picture.size) // WORKING_SIDE)


def reduce_while_decoding(picture: Image.Image) -> None:
    """Let the JPEG decoder skip detail that would be averaged away afterwards."""
    factor = reduction(picture)
    picture.draft(None, (picture.width // factor, picture.height // factor))


def to_8_bits(picture: Image.Image) -> Image.Image:
    """Bring every mode that Pillow knows to "L", "RGB" or "RGBA", at a workable size."""
    if picture.mode == "La":
        picture = picture.convert("LA")  # Pillow has no shorter way from premultiplied grey
    if picture.mode.startswith(("I", "F")):
        picture = stretch(picture)
    elif picture.mode not in ("L", "RGB", "RGBA") or "transparency" in picture.info:
        grey = "L" if picture.mode == "1" else "RGB"
        picture = picture.convert("RGBA" if picture.has_transparency_data else grey)
    return picture.reduce(reduction(picture))


def stretch(picture: Image.Image) -> Image.Image:
    """Map a 16-bit, 32-bit or floating-point picture's own range to 0..255."""
    values = np.asarray(picture, np.float64)
    known = values[np.isfinite(values)]
    low, high = (known.min(), known.max()) if known.size else (0.0, 0.0)
    scale = 255 / (high - low) if high > low else 0.0
    values = np.nan_to_num(values, nan=low, posinf=high, neginf=low)
    return Image.fromarray(np.rint((values - low) * scale).astype(np.uint8))
