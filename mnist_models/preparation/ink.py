"""From a picture to the ink of its digit, and on to the digit itself."""

from collections.abc import Iterable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from mnist_models.errors import NoInkError
from mnist_models.preparation.ground import (
    FAINTEST_RATIO,
    Levels,
    Strength,
    away_from,
    compare,
    contrast_with,
    difference_from_uneven,
    distance_from_ground,
    flat_ground,
    main_axis,
    shrink,
    toward,
)
from mnist_models.preparation.marks import Found, find_digit
from mnist_models.preparation.mnist_form import FAINTEST, mnist_form
from mnist_models.preparation.ruled_lines import erase_ruled_lines

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
    return mnist_form(read_ink(picture))


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


def drawing_levels(picture: Image.Image) -> Levels:
    """Return the channels that carry the drawing: uint8 (height, width, 1 or 3)."""
    channels = cv2.split(np.asarray(picture))
    if picture.mode == "RGBA":
        *channels, alpha = channels
        if carried_by_alpha(channels, alpha):
            return alpha[..., None]
        if alpha.min() < 255:  # what shows through is taken to be white
            channels = [~cv2.multiply(~channel, alpha, scale=1 / 255) for channel in channels]
    is_grey = all(np.array_equal(channels[0], channel) for channel in channels[1:])
    return channels[0][..., None] if is_grey else cv2.merge(channels)


def carried_by_alpha(channels: list[Levels], alpha: Levels) -> bool:
    """Tell whether the alpha channel holds the drawing: what is opaque has one color."""
    if alpha.min() > 255 - MIN_CONTRAST:
        return False
    opaque = alpha > int(alpha.max()) - 4
    return all(np.ptp(channel[opaque]) < MIN_CONTRAST for channel in channels)


def find_in_levels(levels: Levels) -> Ink:
    """Find ink by how it differs from flat ground or, failing that, from uneven ground."""
    flat = flat_ground(levels)
    if flat is None:
        return find_on_paper(levels, None)
    color, has_grain = flat
    contrast = contrast_with(color, levels)
    strongest = contrast.max()
    if strongest < MIN_CONTRAST:
        raise NoInkError("blank")
    solid = contrast > 0.5 * strongest
    if solid.mean() > 0.5:  # the border is a frame or a desk, and the rest is the page
        left, top, width, height = cv2.boundingRect(solid.astype(np.uint8))
        page = levels[top : top + height, left : left + width]
        if page.shape != levels.shape:
            return find_in_levels(page)
    if has_grain:
        return find_on_paper(levels, color)
    colors = levels[solid] - color
    axis = main_axis(colors)
    axis *= 255 / np.abs(colors @ axis).max()
    inks = (away_from(color, levels, direction) for direction in (axis, -axis))
    ink, found = choose_digit(inks, FAINTEST * 255, True)
    if found.is_region:
        return find_on_paper(levels, None)
    return Ink(ink * np.float32(1 / ink.max()), found.num_digits)


def find_on_paper(levels: Levels, color: NDArray[np.float32] | None) -> Ink:
    """Find ink in a photograph: grain, uneven light, ruled lines, specks, edges.

    Args:
        levels: uint8 (height, width, channels).
        color: The paper's, float32 (channels,), where it is lit evenly.
    """
    levels = shrink(levels)
    difference = difference_from_uneven(levels) if color is None else compare(levels, color)
    distance = distance_from_ground(difference)
    faintest = max(FAINTEST_RATIO, 6 * float(np.quantile(distance, 0.4)))
    axis = main_axis(difference[distance > 0.5 * distance.max()])
    inks = (toward(difference, direction) for direction in (axis, -axis))
    ink, found = choose_digit((erase_ruled_lines(ink, faintest) for ink in inks), faintest, False)
    full = np.quantile(ink[ink > faintest], 0.7)
    return Ink(np.clip((ink / full - 0.2) / 0.6, 0, 1).astype(np.float32), found.num_digits)


def choose_digit(
    inks: Iterable[Strength], faintest: float, is_clean: bool
) -> tuple[Strength, Found]:
    """Find a digit that is darker or lighter than its ground, whichever has more of a digit.

    The ink's color is what most of what stands out differs by, so dark ink on light ground, light
    on dark, and colors of one brightness are all the same case.

    Args:
        inks: How strongly each pixel differs from ground, in one direction and in the other.
        faintest: What counts as standing out.
        is_clean: Whether the picture was drawn.

    Returns:
        The digit's ink, (height, width), and where it was found.
    """
    candidates = []
    for ink in inks:
        found = find_digit(ink, faintest, is_clean)
        if found is not None:
            candidates.append((found.outline, ink * found.mask, found))
    if not candidates:
        raise NoInkError("blank")
    _, ink, found = max(candidates, key=lambda candidate: candidate[0])
    return ink, found
