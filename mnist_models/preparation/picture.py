"""From bytes or a file to a picture that is safe to look at: checked, upright, 8 bits a channel."""

import io
from os import PathLike

import numpy as np
from PIL import Image, ImageOps

from mnist_models.errors import PictureError

FORMATS = ("PNG", "JPEG", "WEBP", "AVIF", "GIF", "BMP", "TIFF", "PPM")
"""Pillow's names of the formats that are read; none of them runs programs or fetches anything."""

MAX_PIXELS = 50_000_000
"""The largest picture that is decoded, in pixels: 50 megapixels, beyond today's usual phones."""

WORKING_SIDE = 1000
"""Pictures are reduced to between this many pixels and twice as many: a digit needs no more."""

Source = bytes | bytearray | memoryview | str | PathLike[str] | Image.Image


def open_picture(source: Source) -> Image.Image:
    """Open a picture so that nothing in it can harm, and turn it upright.

    The size is read from the header and checked before a pixel is decoded. Of several frames or
    pages the first counts. Pictures of more than 8 bits are stretched from their darkest to their
    lightest value; large ones are reduced to fewer than ``2 * WORKING_SIDE`` pixels a side.

    Args:
        source: A picture file's bytes, its path, or a ``PIL.Image.Image``.

    Returns:
        A picture of mode "L", "RGB" or "RGBA", 8 bits a channel, upright.

    Raises:
        PictureError: The bytes are no picture of a known format, are cut off, or hold more than
            ``MAX_PIXELS`` pixels.
        OSError: ``source`` is a path that cannot be opened.
    """
    picture = source if isinstance(source, Image.Image) else open_header(source)
    try:
        check_size(picture)
        if picture is source:
            picture = source.copy()  # a caller's picture stays as it is
        reduce_while_decoding(picture)
        ImageOps.exif_transpose(picture, in_place=True)
        return to_8_bits(picture)
    except PictureError:
        raise
    except Exception as error:  # decoders raise whatever a broken file makes them stumble over
        raise PictureError("damaged_picture") from error
    finally:
        if picture is not source:
            picture.close()


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
