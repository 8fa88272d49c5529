"""What stands out of a picture: ink, seen in one way or another, on what it lies on."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from mnist_models.preparation.ground import (
    FAINTEST_RATIO,
    TIGHT_SIDE,
    Levels,
    Strength,
    away_from,
    contrast_with,
    difference_from_smooth,
    difference_from_uneven,
    distance_from_ground,
    flat_ground,
    main_axis,
    toward,
)
from mnist_models.preparation.mnist_form import FAINTEST
from mnist_models.preparation.ruled_lines import erase_ruled_lines

Box = tuple[int, int, int, int]
"""Left, top, right and bottom, in pixels; the last two are one beyond."""

MIN_CONTRAST = 12
"""Ink differs from its ground by at least this many of 255 levels; less is a flat color."""

EXTREME, FAINTEST_EXTREME = 0.05, 0.15
"""A soft digit's ground is the darkest, or lightest, so large a share of its picture; what differs
from it by less than the second share of the whole contrast is taken for ground too."""

BARE_SHARE = 0.4
"""Share of a photograph that is taken to be bare ground, whose grain tells what stands out."""

GRAIN_FACTOR = 6
"""Ink stands out of its ground by so many times the grain."""

ANY_COLOR = 0.3
"""Where ink has many colors, it is full from this share of the greatest difference on: the middle
of a stroke may be nearer to the ground than its edge."""

WIDE_SIDE, WIDE_WINDOW = 200, 0.6
"""With so many pixels a side, under a window of this share of the picture, broad strokes stay whole
and rough ones close; thin pens vanish."""

MOST_GRAIN = 0.4
"""Of strokes, what stands out by this share of the strongest is ink in any case: where little
ground is bare, or half of it lies in the shadow, its grain cannot be told."""

SHADE, SHADED = 12, 0.2
"""A shade's own levels stray by so many. The weaker ink of a drawing is one where it takes the
second share of all ink at least: soft edges of strokes take less."""

STROKE, SOLID = 5, 0.75
"""Averaged over so many pixels a side, strokes keep more than this share of their strength, grain
less."""


@dataclass(frozen=True)
class Ink:
    """What stands out of a picture in one direction: darker, lighter, or of another color.

    Attributes:
        strength: float32 or uint8 (height, width), 0 for ground.
        faintest: What counts as standing out.
        is_clean: Whether it was drawn, so that even its faint and small marks count.
        fills_picture: Whether the picture's border may cut the digit, as in tight crops.
        to_picture: float64 (3, 3), which takes a place in the ink, (column, row, 1), to the place
            in the picture that it was seen at.
        is_page: Whether it is on a page in the picture, whose border a digit may touch.
    """

    strength: Strength
    faintest: float
    is_clean: bool
    fills_picture: bool = False
    to_picture: NDArray[np.float64] = field(default_factory=lambda: np.eye(3))
    is_page: bool = False

    def box_in_picture(self, box: Box) -> Box:
        """Return the upright box, in the picture, around a box in the ink."""
        left, top, right, bottom = box
        corners = np.array([[[left, top]], [[right, top]], [[right, bottom]], [[left, bottom]]])
        seen = cv2.perspectiveTransform(corners.astype(np.float64), self.to_picture)[:, 0]
        (left, top), (right, bottom) = np.floor(seen.min(axis=0)), np.ceil(seen.max(axis=0))
        return int(left), int(top), int(right), int(bottom)

    def part(self, box: Box) -> "Ink":
        """Return the ink in a box."""
        left, top, right, bottom = box
        move = np.array([[1, 0, left], [0, 1, top], [0, 0, 1]], np.float64)
        return replace(
            self, strength=self.strength[top:bottom, left:right], to_picture=self.to_picture @ move
        )

    def turned(self) -> "Ink":
        """Return the ink turned to the left by a quarter."""
        move = np.array([[0, -1, self.strength.shape[1]], [1, 0, 0], [0, 0, 1]], np.float64)
        strength: Strength = cv2.rotate(self.strength, cv2.ROTATE_90_COUNTERCLOCKWISE)
        return replace(self, strength=strength, to_picture=self.to_picture @ move)

    def only(self, mask: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Return the ink of some marks: float32 (height, width), 0 for ground to 1 for full ink."""
        ink = self.strength * mask
        if self.is_clean:
            return ink * np.float32(1 / ink.max())
        full = np.quantile(ink[ink > self.faintest], 0.7)
        return np.clip((ink / full - 0.2) / 0.6, 0, 1).astype(np.float32)

    def cut_out(self, mask: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Return the ink of some marks in the box that holds them: what is around costs time."""
        left, top, width, height = cv2.boundingRect(mask)
        box = left, top, left + width, top + height
        return self.part(box).only(mask[top : top + height, left : left + width])


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


def drawn_inks(
    levels: Levels, to_picture: NDArray[np.float64], all_colors_too: bool = False
) -> list[Ink]:
    """See what was drawn on one exact color, in both directions; nothing where there is none.

    Args:
        levels: uint8 (height, width, channels).
        to_picture: As ``Ink`` has it.
        all_colors_too: Whether all that differs, in any direction, is seen at once as well: ink of
            color maps has many colors, of which some are as far from the ground as any other.
    """
    flat = flat_ground(levels)
    if flat is None:
        return []
    color, has_grain = flat
    contrast = contrast_with(color, levels)
    strongest = contrast.max()
    if has_grain or strongest < MIN_CONTRAST:
        return []
    axis = np.array([255 / strongest], np.float32)
    if len(color) > 1:
        colors = levels[contrast > 0.5 * strongest].astype(np.float32) - color
        axis = main_axis(colors)
        axis *= 255 / np.abs(colors @ axis).max()
    strengths = [away_from(color, levels, direction) for direction in (axis, -axis)]
    if all_colors_too:
        strengths.append(np.minimum(contrast, np.uint8(ANY_COLOR * strongest)))
    return [Ink(strength, FAINTEST * 255, True, False, to_picture) for strength in strengths]


def above_shade(ink: Ink) -> Ink | None:
    """See only what is stronger than a shadow, paler lines or paler dirt in a drawing.

    Args:
        ink: What was drawn.

    Returns:
        None where no part of the ink is paler than the rest.
    """
    standing_out = ink.strength[ink.strength > ink.faintest]
    if not standing_out.size:
        return None
    threshold, _ = cv2.threshold(standing_out, 0, 1, cv2.THRESH_OTSU)
    weak = standing_out[standing_out <= threshold]
    if weak.size < SHADED * standing_out.size:
        return None
    level = min(int(np.median(weak)) + SHADE, 255)
    strength = cv2.subtract(ink.strength, level)
    return replace(ink, strength=strength) if strength.any() else None


def smooth_inks(levels: Levels, to_picture: NDArray[np.float64]) -> list[Ink]:
    """See what lies on ground in gently changing light, however broad its strokes are."""
    difference = difference_from_smooth(levels)
    if difference is None:
        return []
    return photographed_inks(difference, max(levels.shape) <= TIGHT_SIDE, to_picture)


def uneven_inks(levels: Levels, to_picture: NDArray[np.float64]) -> list[Ink]:
    """See what lies on ground of any light, shadows and edges included, in thin strokes."""
    return photographed_inks(difference_from_uneven(levels), False, to_picture)


def wide_inks(levels: Levels, to_picture: NDArray[np.float64]) -> list[Ink]:
    """See what lies on ground of any light in broad or rough strokes."""
    difference = difference_from_uneven(levels, WIDE_WINDOW)
    fills_picture = to_picture[0, 0] * max(levels.shape) <= TIGHT_SIDE
    return photographed_inks(difference, fills_picture, to_picture)


def photographed_inks(
    difference: NDArray[np.float32], fills_picture: bool, to_picture: NDArray[np.float64]
) -> list[Ink]:
    """See in both directions what differs from ground by more than grain, without ruled lines."""
    distance = distance_from_ground(difference)
    grain = float(np.quantile(distance, BARE_SHARE))
    strongest = float(distance.max())
    faintest = max(FAINTEST_RATIO, GRAIN_FACTOR * grain)
    if cv2.blur(distance, (STROKE, STROKE)).max() > SOLID * strongest:
        faintest = max(FAINTEST_RATIO, min(faintest, MOST_GRAIN * strongest))
    if strongest <= faintest:
        return []
    axis = main_axis(difference[distance >= 0.5 * strongest])
    inks = (toward(difference, direction) for direction in (axis, -axis))
    return [
        Ink(erase_ruled_lines(ink, faintest), faintest, False, fills_picture, to_picture)
        for ink in inks
    ]


def extreme_inks(levels: Levels, to_picture: NDArray[np.float64]) -> list[Ink]:
    """See what differs from the picture's darkest and from its lightest places.

    A soft digit that fills its whole picture leaves no other ground to find.
    """
    values = levels.reshape(-1, levels.shape[2]).astype(np.float32)
    inks = []
    for share in (EXTREME, 1 - EXTREME):
        extreme = np.quantile(values, share, axis=0).astype(np.float32)
        difference = levels.astype(np.float32) - extreme
        strength = np.abs(difference @ main_axis(difference.reshape(values.shape)))
        strongest = strength.max()
        if strongest > MIN_CONTRAST:
            inks.append(Ink(strength / strongest, FAINTEST_EXTREME, True, True, to_picture))
    return inks


def gap_between(one: Box, other: Box) -> int:
    """Return how far apart two boxes are; less than 0, by how much they overlap."""
    across = max(other[0] - one[2], one[0] - other[2])
    down = max(other[1] - one[3], one[1] - other[3])
    return max(across, down)


def holds_middle(box: Box, other: Box) -> bool:
    """Tell whether the middle of another box lies in a box."""
    left, top, right, bottom = box
    return left < (other[0] + other[2]) / 2 < right and top < (other[1] + other[3]) / 2 < bottom


def surround(boxes: Sequence[Box]) -> Box:
    """Return the box around some boxes."""
    left, top, right, bottom = zip(*boxes, strict=True)
    return min(left), min(top), max(right), max(bottom)
