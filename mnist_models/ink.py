"""From a picture to its ink, and from ink to a digit like MNIST's."""

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from mnist_models.digits import BOX, CENTER, SIDE
from mnist_models.errors import NoInkError

MIN_CONTRAST = 12
"""Ink differs from its ground by at least this many of 255 levels; less is a flat color."""

FAINTEST = 0.02
"""Ink weaker than this share of the strongest does not count when the digit's box is found."""


def to_digit(picture: Image.Image) -> NDArray[np.uint8]:
    """Find the digit in a picture and prepare it as MNIST's makers prepared theirs.

    Args:
        picture: What ``open_picture`` returns.

    Returns:
        uint8 (28, 28), 0 for ground to 255 for full ink, like ``keras.datasets.mnist``'s digits.

    Raises:
        NoInkError: The picture is blank or one flat color.
    """
    return fit(read_ink(picture))


def read_ink(picture: Image.Image) -> NDArray[np.float32]:
    """Separate a drawing from its ground, whichever of the two is darker.

    Args:
        picture: A picture of mode "L", "RGB" or "RGBA".

    Returns:
        float32 (height, width), 0 for ground to 1 for the strongest ink.

    Raises:
        NoInkError: The picture is blank or one flat color.
    """
    pixels = np.asarray(picture, np.float32)
    if picture.mode == "RGBA":
        if carries_drawing(pixels):
            return strengthen(pixels[..., 3])
        pixels = on_white(pixels)
    return strengthen(difference_from_ground(np.atleast_3d(pixels)))


def carries_drawing(pixels: NDArray[np.float32]) -> bool:
    """Tell whether the alpha channel holds the drawing: what is opaque has one color.

    Args:
        pixels: float32 (height, width, 4), 0..255.
    """
    alpha = pixels[..., 3]
    if alpha.min() > 255 - MIN_CONTRAST:
        return False
    colors = pixels[..., :3][alpha > 127]
    return len(colors) == 0 or bool(np.ptp(colors, axis=0).max() < MIN_CONTRAST)


def on_white(pixels: NDArray[np.float32]) -> NDArray[np.float32]:
    """Lay a picture with transparent parts on white paper: (height, width, 4) to 3 channels."""
    alpha = pixels[..., 3:] / 255
    return pixels[..., :3] * alpha + 255 * (1 - alpha)


def difference_from_ground(pixels: NDArray[np.float32]) -> NDArray[np.float32]:
    """Measure how far each pixel lies from the ground's color, toward the ink's.

    The ground is what the border shows. The ink's color is what differs most from it, so dark ink
    on light ground, light on dark and colors of one brightness are all the same case.

    Args:
        pixels: float32 (height, width, channels), 0..255.

    Returns:
        float32 (height, width), in levels, 0 for ground.
    """
    border = np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])
    difference = pixels - np.median(border, axis=0)
    distance = np.linalg.norm(difference, axis=2)
    strongest = difference[distance >= 0.9 * distance.max()].mean(axis=0)
    length = np.linalg.norm(strongest)
    return np.maximum(difference @ (strongest / max(length, 1e-6)), 0)


def strengthen(ink: NDArray[np.float32]) -> NDArray[np.float32]:
    """Scale the strongest ink to 1, or say that there is none."""
    strongest = ink.max()
    if strongest < MIN_CONTRAST:
        raise NoInkError("The picture is blank: nothing in it stands out. Draw or send one digit.")
    return ink / strongest


def fit(ink: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Fit ink into a box of 20 x 20 and balance it on pixel 14 of 28 x 28.

    The box of the ink is made square by extending its shorter side, averaged over areas to
    20 x 20, scaled to a largest value of 255, and moved by whole pixels until its center of mass
    lies in pixel 14: how MNIST was made (Yadav and Bottou, "Cold Case: The Lost MNIST Digits",
    2019). Extending to the right and below keeps an enlarged digit on its own pixel grid.

    Args:
        ink: float32 (height, width), 0..1, with some ink in it.

    Returns:
        uint8 (28, 28).
    """
    left, top, width, height = cv2.boundingRect((ink > FAINTEST).astype(np.uint8))
    box = ink[top : top + height, left : left + width]
    longest = max(width, height)
    square = cv2.copyMakeBorder(
        box, 0, longest - height, 0, longest - width, cv2.BORDER_CONSTANT, value=0
    )
    interpolation = cv2.INTER_AREA if longest >= BOX else cv2.INTER_CUBIC
    small = np.clip(cv2.resize(square, (BOX, BOX), interpolation=interpolation), 0, None)
    small *= 255 / small.max()
    row, column = (offset(small.sum(axis=axis)) for axis in (1, 0))
    digit = np.zeros((SIDE, SIDE), np.uint8)
    digit[row : row + BOX, column : column + BOX] = np.rint(small)
    return digit


def offset(profile: NDArray[np.float32]) -> int:
    """Find where a box begins so that its center of mass falls into pixel ``CENTER``.

    Args:
        profile: float32 (20,), the ink per row or column.
    """
    center = np.average(np.arange(BOX) + 0.5, weights=profile)
    return int(np.clip(np.floor(CENTER - center) + 1, 0, SIDE - BOX))
