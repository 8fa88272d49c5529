"""From a picture to the ink of its digit, and on to the digit itself."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageStat

from mnist_models.errors import NoInkError
from mnist_models.fit import FAINTEST, fit
from mnist_models.ground import (
    FAINTEST_RATIO,
    Difference,
    Strength,
    compare,
    difference_from_flat,
    difference_from_uneven,
    distance_from_ground,
    flat_ground,
    main_axis,
    shrink,
    toward,
)
from mnist_models.lines import erase_ruled_lines
from mnist_models.parts import Found, find_digit

MIN_CONTRAST = 12
"""Ink differs from its ground by at least this many of 255 levels; less is a flat color."""


@dataclass(frozen=True)
class Ink:
    """What was found in a picture.

    Attributes:
        pixels: float32 (height, width), 0 for ground to 1 for full ink, only the digit's.
        num_digits: 1, or more when other things as heavy as the digit stand in the picture.
    """

    pixels: NDArray[np.float32]
    num_digits: int


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
    """Separate a drawing from its ground: ``find_ink``'s pixels alone."""
    return find_ink(picture).pixels


def find_ink(picture: Image.Image) -> Ink:
    """Separate a digit's ink from its ground, whichever of the two is darker.

    Args:
        picture: A picture of mode "L", "RGB" or "RGBA".

    Returns:
        The ink and how many digits there seem to be.

    Raises:
        NoInkError: The picture is blank or one flat color.
    """
    return find_in_levels(drawing_levels(picture))


def drawing_levels(picture: Image.Image) -> NDArray[np.uint8]:
    """Return the channels that carry the drawing: uint8 (height, width, 1 or 3)."""
    if picture.mode == "L":
        return np.asarray(picture)[..., None]
    if picture.mode == "RGBA":
        alpha = picture.getchannel("A")
        if carried_by_alpha(picture, alpha):
            return np.asarray(alpha)[..., None]
        if alpha.getextrema()[0] < 255:
            picture = Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture)
        picture = picture.convert("RGB")
    levels = np.asarray(picture)
    red, green, blue = levels[..., 0], levels[..., 1], levels[..., 2]
    is_grey = np.array_equal(red, green) and np.array_equal(green, blue)
    return red[..., None].copy() if is_grey else levels


def carried_by_alpha(picture: Image.Image, alpha: Image.Image) -> bool:
    """Tell whether the alpha channel holds the drawing: what is opaque has one color."""
    lowest, highest = alpha.getextrema()
    if lowest > 255 - MIN_CONTRAST:
        return False
    opaque = alpha.point(lambda level: 255 * (level > highest - 4))
    colors = ImageStat.Stat(picture.convert("RGB"), opaque).extrema
    return all(high - low < MIN_CONTRAST for low, high in colors)


def find_in_levels(levels: NDArray[np.uint8]) -> Ink:
    """Find ink by how it differs from flat ground or, failing that, from uneven ground."""
    flat = flat_ground(levels)
    if flat is None:
        return find_on_paper(levels, None)
    color, has_grain = flat
    difference = difference_from_flat(levels, color)
    distance = distance_from_ground(difference)
    strongest = distance.max()
    if strongest < MIN_CONTRAST:
        raise blank()
    solid = distance > 0.5 * strongest
    if solid.mean() > 0.5:  # the border is a frame or a desk, and the rest is the page
        left, top, width, height = cv2.boundingRect(solid.astype(np.uint8))
        page = levels[top : top + height, left : left + width]
        if page.shape != levels.shape:
            return find_in_levels(page)
    if has_grain:
        return find_on_paper(levels, color)
    ink, found = find_of_either_polarity(difference, distance, FAINTEST * strongest, True)
    if found.is_region:
        return find_on_paper(levels, None)
    return Ink(ink / ink.max(), found.num_digits)


def find_on_paper(levels: NDArray[np.uint8], color: NDArray[np.float32] | None) -> Ink:
    """Find ink in a photograph: grain, uneven light, ruled lines, specks, edges.

    Args:
        levels: uint8 (height, width, channels).
        color: The paper's, float32 (channels,), where it is lit evenly.
    """
    levels = shrink(levels)
    difference = difference_from_uneven(levels) if color is None else compare(levels, color)
    distance = distance_from_ground(difference)
    faintest = max(FAINTEST_RATIO, 6 * float(np.quantile(distance, 0.4)))
    ink, found = find_of_either_polarity(difference, distance, faintest, False)
    full = np.quantile(ink[ink > faintest], 0.7)
    return Ink(np.clip((ink / full - 0.2) / 0.6, 0, 1).astype(np.float32), found.num_digits)


def find_of_either_polarity(
    difference: Difference, distance: Strength, faintest: float, is_clean: bool
) -> tuple[Strength, Found]:
    """Find a digit that is darker or lighter than its ground, whichever has more of a digit.

    The ink's color is what most of what stands out differs by, so dark ink on light ground, light
    on dark, and colors of one brightness are all the same case.

    Returns:
        The digit's ink, float32 (height, width), and where it was found.
    """
    axis = main_axis(difference, distance)
    candidates = []
    for direction in (axis, -axis):
        ink = toward(difference, direction)
        if not is_clean:
            ink = erase_ruled_lines(ink, faintest)
        found = find_digit(ink, faintest, is_clean)
        if found is not None:
            candidates.append((found.outline, ink * found.mask, found))
    if not candidates:
        raise blank()
    _, ink, found = max(candidates, key=lambda candidate: candidate[0])
    return ink, found


def blank() -> NoInkError:
    """Word that there is nothing to read."""
    return NoInkError("The picture is blank: nothing in it stands out. Draw or send one digit.")
