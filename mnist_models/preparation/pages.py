"""Pages in a picture: sheets on a table, canvases in a window, figures, seen from above.

A page is a region of nearly one color with four straight sides. What is on it, and what is around
it, are looked at apart from each other.
"""

from collections.abc import Sequence
from itertools import chain, combinations, starmap

import cv2
import numpy as np
from numpy.typing import NDArray

from mnist_models.preparation.ground import (
    FLAT_SPREAD,
    Levels,
    commonest_color,
    contrast_with,
    flat_ground,
    reduce_by,
)

Corners = NDArray[np.float32]
Mask = NDArray[np.uint8]

LOOKING_SIDE = 240
"""Pages are looked for with at most this many pixels a side: finer, the grain of a table and the
lines of ruled paper have edges of their own; coarser, small notes vanish."""

WEAK, STRONG = 12, 36
"""Levels by which neighbors differ at an edge: where it begins to count, and where it surely does
(the two thresholds of Canny 1986)."""

SMALLEST = 0.03
"""Share of the picture that a page has at least."""

FILLED, STRAIGHT = 0.84, 0.94
"""Shares of its own straight-sided outline that a page fills: the inside of a 0 fills less than the
first, the walls of a drawn house less than the second."""

NARROWEST = 0.2
"""A page's shorter side is at least this share of its longer one: bars are not, nor what lies
between two ruled lines."""

PLAIN = 9
"""Lines of up to half so many pixels vanish, so that ruled slates are whole, and calm stripes up to
so many pixels wide."""

PART, MOST_PARTS = 0.3, 8
"""A shadow's edge may part a page in two, each with at least this share of the smallest page's
area; so many of the largest parts are put together."""

MOST_COLORS, OWN_SPREAD = 3, 4
"""On a window of one color, pages are looked for that have another one, however near: so many of
the commonest colors, each of which strays from itself by so many levels."""

SAME = 0.8
"""Two pages that overlap by more are one."""

MOST = 4
"""Pages that are looked at, the largest first: each costs as much as the picture itself."""

INSET = 0.015
"""Share of a page's sides that is left out at each edge, where the edge itself is in view."""

UPRIGHT = 0.02
"""A page is upright when its corners lie this near to upright ones, as a share of its side."""


def find_pages(levels: Levels) -> list[tuple[Levels, NDArray[np.float64]]]:
    """Find the pages in a picture, and turn each so that its sides are upright.

    Args:
        levels: uint8 (height, width, channels).

    Returns:
        Of each page, the largest first, what is on it: uint8 (height, width, channels), and the
        matrix that takes a place on it to the picture, float64 (3, 3).
    """
    scale = min(1.0, LOOKING_SIDE / max(levels.shape[:2]))
    small = reduce_by(levels, scale)
    calm, flat = calm_places(small), flat_ground(small)
    found = find_distinct(places_of_pages(small, calm, flat))
    if not found and flat is None:
        found = find_distinct([(without_stripes(calm), FILLED)])
    return [straighten(levels, corners / scale) for corners in found[:MOST]]


def find_distinct(places: list[tuple[Mask, float]]) -> list[Corners]:
    """Find the corners of each page in some places, once where it is in several."""
    found: list[Corners] = []
    for corners in chain.from_iterable(starmap(find_corners, places)):
        if all(overlap(corners, other) < SAME for other in found):
            found.append(corners)
    return found


def places_of_pages(
    levels: Levels, calm: Mask, flat: tuple[NDArray[np.float32], bool] | None
) -> list[tuple[Mask, float]]:
    """Mark where pages may lie, in one way or several.

    On one color that is all around, pages are what stands out, or what is calm or of another color
    within sides as straight as a drawing's hardly are; elsewhere they are all that is calm.

    Args:
        levels: The picture.
        calm: Its ``calm_places``.
        flat: Its ``flat_ground``.

    Returns:
        Places, 0 or 1, and the share of its straight-sided outline that a page there fills.
    """
    if flat is not None:
        standing_out = contrast_with(flat[0], levels) > 2 * FLAT_SPREAD
        return [
            (standing_out.astype(np.uint8), FILLED),
            (calm, STRAIGHT),
            *((places, STRAIGHT) for places in colored_places(levels, flat[0])),
        ]
    plain = [cv2.medianBlur(channel, PLAIN) for channel in cv2.split(levels)]
    return [(calm, FILLED), (calm_places(np.dstack(plain)), FILLED)]


def without_stripes(calm: Mask) -> Mask:
    """Leave out the calm stripes of a cloth, which run into the pages on it."""
    opened: Mask = cv2.morphologyEx(calm, cv2.MORPH_OPEN, np.ones((PLAIN, PLAIN), np.uint8))
    return opened


def calm_places(levels: Levels) -> Mask:
    """Mark what lies away from all edges: 0 or 1."""
    edges = np.zeros(levels.shape[:2], np.uint8)
    for channel in cv2.split(levels):
        edges |= cv2.Canny(cv2.GaussianBlur(channel, (0, 0), 1), WEAK, STRONG)
    return cv2.erode((edges == 0).astype(np.uint8), np.ones((3, 3), np.uint8))


def colored_places(levels: Levels, ground: NDArray[np.float32]) -> list[Mask]:
    """Mark the places of each common color other than the ground's, 0 or 1."""
    rest = contrast_with(ground, levels) > OWN_SPREAD
    places: list[Mask] = []
    while len(places) < MOST_COLORS and rest.mean() > SMALLEST:
        color, _ = commonest_color(levels[rest])
        alike = contrast_with(color, levels) <= OWN_SPREAD
        places.append(alike.astype(np.uint8))
        rest &= ~alike
    return places


def overlap(one: Corners, other: Corners) -> float:
    """Return what two pages share of what they cover together."""
    shared, _ = cv2.intersectConvexConvex(one, other)
    return shared / (cv2.contourArea(one) + cv2.contourArea(other) - shared)


def find_corners(places: Mask, filled: float) -> list[Corners]:
    """Return four corners for each connected place that looks like a page, the largest first."""
    num_regions, regions, boxes, _ = cv2.connectedComponentsWithStats(places, connectivity=4)
    outlines = []
    for number in range(1, num_regions):
        if boxes[number, cv2.CC_STAT_AREA] > PART * SMALLEST * places.size:
            region = (regions == number).astype(np.uint8)
            found, _ = cv2.findContours(region, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
            outlines.append(max(found, key=cv2.contourArea))
    outlines = sorted(outlines, key=cv2.contourArea)[-MOST_PARTS:]
    pages = []
    for parts in [*combinations(outlines, 1), *combinations(outlines, 2)]:
        corners = corners_of(np.concatenate(parts))
        area, straight = area_of(parts), cv2.contourArea(corners)
        sides = np.linalg.norm(np.diff(corners, axis=0), axis=1)
        if (
            SMALLEST * places.size < area < 0.97 * places.size
            and area > filled * straight
            and sides.min() > NARROWEST * sides.max()
        ):
            pages.append((area, corners))
    return [corners for _, corners in sorted(pages, key=lambda page: -page[0])]


def area_of(outlines: Sequence[NDArray[np.int32]]) -> float:
    """Return the area in some outlines: of two, what lies in the other one counts once."""
    smaller, larger = outlines[0], outlines[-1]
    x, y = smaller[0, 0].tolist()
    is_inside = cv2.pointPolygonTest(larger, (x, y), measureDist=False) > 0
    return sum(map(cv2.contourArea, outlines[1:] if is_inside else outlines))


def corners_of(outline: NDArray[np.int32]) -> Corners:
    """Return the four corners of a straight-sided outline, or of the upright box that holds it."""
    hull = cv2.convexHull(outline)
    rough = cv2.approxPolyDP(hull, 0.04 * cv2.arcLength(hull, True), True)
    if len(rough) == 4 and cv2.contourArea(rough) > 0.9 * cv2.contourArea(hull):
        return in_order(rough[:, 0].astype(np.float32))
    return in_order(cv2.boxPoints(cv2.minAreaRect(outline)))


def in_order(corners: Corners) -> Corners:
    """Order corners from the top left one clockwise."""
    middle = corners.mean(axis=0)
    angles = np.arctan2(*(corners - middle).T[::-1])
    corners = corners[np.argsort(angles)]
    return np.roll(corners, -int(corners.sum(axis=1).argmin()), axis=0)


def straighten(levels: Levels, corners: Corners) -> tuple[Levels, NDArray[np.float64]]:
    """Look at a page from straight above, and say where it was.

    A page that is upright already is cut out as it is, for resampling would soften a drawing.
    """
    (left, top), (right, bottom) = corners.min(axis=0), corners.max(axis=0)
    upright = np.array([(left, top), (right, top), (right, bottom), (left, bottom)], np.float32)
    if np.abs(corners - upright).max() < UPRIGHT * max(right - left, bottom - top):
        across, down = INSET * (right - left), INSET * (bottom - top)
        left, top, right, bottom = np.rint(
            (left + across, top + down, right - across, bottom - down)
        ).astype(int)
        move = np.array([[1, 0, left], [0, 1, top], [0, 0, 1]], np.float64)
        return levels[top:bottom, left:right], move
    top, right, bottom, left = np.linalg.norm(np.roll(corners, -1, axis=0) - corners, axis=1)
    width, height = max(8, round(max(top, bottom))), max(8, round(max(left, right)))
    inset = np.array([width, height]) * INSET
    right, below = np.array([width, height]) + inset
    target = np.array([-inset, (right, -inset[1]), (right, below), (-inset[0], below)], np.float32)
    matrix = cv2.getPerspectiveTransform(corners, target)
    page = cv2.warpPerspective(
        levels, matrix, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    return page.reshape(height, width, -1), np.linalg.inv(matrix)
