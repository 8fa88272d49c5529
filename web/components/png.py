"""Pictures as the page carries them: files in data URLs."""

import base64
import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image

PREFIX = "data:image/png;base64,"


def as_url(pixels: NDArray[np.uint8]) -> str:
    """Return pixels as a PNG in a data URL.

    Args:
        pixels: uint8 (rows, columns) of gray, or (rows, columns, 4) with color and alpha.
    """
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG", compress_level=1)
    return PREFIX + base64.b64encode(file.getvalue()).decode()


def as_small_url(pixels: NDArray[np.uint8]) -> str:
    """Return pixels as a lossless WebP in a data URL, which for a map is 40 % shorter than a PNG.

    Args:
        pixels: As for `as_url`.
    """
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "WEBP", lossless=True, exact=True, method=2)
    return "data:image/webp;base64," + base64.b64encode(file.getvalue()).decode()
