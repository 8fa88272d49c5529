"""Panels of one size in a drawing: a figure's pictures of digits, beside and below each other."""

import cv2
import numpy as np

from mnist_models.preparation.ground import FLAT_SPREAD, Levels, contrast_with, flat_ground
from mnist_models.preparation.ink import MIN_CONTRAST, Box

FEWEST = 2
"""So many panels are looked at together; one is a page."""

SMALLEST_SIDE, SHARE = 20, 0.1
"""A panel has so many pixels a side at least, and all together so large a share of the picture:
smaller ones are letters, icons and thumbnails."""

SHARP = 0.25
"""A panel differs from the ground by this share of what differs most: less is blur around it."""

FILLED = 0.95
"""Share of its upright box that a panel's outline fills."""

ALIKE = 0.1
"""Panels are of one size when their sides differ by less than this share."""

FRAME = 0.03
"""Share of a panel's sides that is left out at each edge, where it may have a frame."""


def join_panels(levels: Levels) -> Levels | None:
    """Show all panels of one size on a sheet of their own color, each where it is.

    Args:
        levels: uint8 (height, width, channels).

    Returns:
        Of the same shape; None where there are not several panels of one size and color.
    """
    panels = []
    for left, top, right, bottom in find_panels(levels):
        place = np.s_[top:bottom, left:right]
        flat = flat_ground(levels[place])
        if flat is not None:
            panels.append((place, flat[0]))
    if not panels:
        return None
    ground = np.median([color for _, color in panels], axis=0)
    alike = [place for place, color in panels if np.abs(color - ground).max() <= FLAT_SPREAD]
    covered = sum(levels[place].size for place in alike)
    if len(alike) < FEWEST or covered < SHARE * levels.size:
        return None
    sheet = np.full_like(levels, np.rint(ground))
    for place in alike:
        sheet[place] = levels[place]
    return sheet


def find_panels(levels: Levels) -> list[Box]:
    """Find the largest upright panels of one size on a drawing's ground, without their frames."""
    flat = flat_ground(levels)
    if flat is None:
        return []
    contrast = contrast_with(flat[0], levels)
    least = max(MIN_CONTRAST, SHARP * int(contrast.max()))
    standing_out = (contrast > least).astype(np.uint8)
    outlines, _ = cv2.findContours(standing_out, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    panels = [cv2.boundingRect(outline) for outline in outlines]
    sides = np.array([panel[2:] for panel in panels]).reshape(-1, 2)
    areas = np.array([cv2.contourArea(outline) for outline in outlines])
    is_full = (sides.min(axis=1) >= SMALLEST_SIDE) & (areas > FILLED * (sides - 1).prod(axis=1))
    if not is_full.any():
        return []
    # Of a digit of the ground's color that reaches its panel's edge, the panel lacks a piece.
    largest = sides[(sides.prod(axis=1) * is_full).argmax()]
    alike = (np.abs(sides - largest) < ALIKE * largest).all(axis=1)
    return [within(panel) for panel, is_one in zip(panels, alike, strict=True) if is_one]


def within(panel: tuple[int, int, int, int]) -> Box:
    """Return what lies within a panel's frame, given its left, top, width and height."""
    left, top, width, height = panel
    across, down = round(FRAME * width), round(FRAME * height)
    return left + across, top + down, left + width - across, top + height - down
