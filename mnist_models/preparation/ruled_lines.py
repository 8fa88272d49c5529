"""Ruled and squared paper: lines that run across the picture are found, and erased."""

import cv2
import numpy as np
from numpy.typing import NDArray

Strength = NDArray[np.float32]
Mask = NDArray[np.uint8]

MIN_LINES = 3
"""Paper counts as ruled when this many parallel lines run across it: fewer may
be strokes."""

MIN_VOTES = 40
"""A line shows at least so many of its pixels; what is shorter may be a small crop's stroke."""

SHOWN = 0.3
"""A line shows this share of itself in the left, the middle and the right of the picture: strokes
do not, and printed lines fade in places."""

AT_ENDS = 0.15
"""A line shows this share of itself in the first and the last eighth of the picture, too: those of
a form end before its border."""

MARGIN = 0.7
"""The one line that runs down the margin of ruled paper shows this share of itself in each of those
parts: a stroke that fills its picture does not reach both borders."""

MAX_LINES = 500
"""Of the lines found, at most so many are looked at, the clearest first: squared paper has
no more."""

VISIBLE = 0.3
"""Ruled lines are erased when this share of their length stands out: fainter ones disturb nothing,
and erasing costs strokes their ends."""

STRONGER = 2.0
"""Ink so many times as strong as the lines is not theirs, even where it lies along one: less would
erase the foot of a 2 that stands on a line."""

TILT = np.radians(20)
"""Ruled lines lie within this angle of the picture's sides, in radians: a page turned further is
rare, and slanted strokes are not."""


def erase_ruled_lines(strength: Strength, faintest: float) -> Strength:
    """Erase straight lines that run across the picture, keeping the strokes that cross them.

    Along each line only what is longer than the line is thick, measured across it, stays: a
    stroke that crosses the line, but not the line. Down the margin of ruled paper runs one more.

    Args:
        strength: float32 (height, width), 0 for ground.
        faintest: What counts as standing out.
    """
    is_ruled = False
    for upright in (False, True):
        ink = np.ascontiguousarray(strength.T) if upright else strength
        lines = ruled_lines(ink, faintest, MIN_LINES)
        if is_ruled and not lines.any():
            lines = ruled_lines(ink, faintest, least=1, most=1, shown=MARGIN)
        is_ruled = bool(lines.any())
        seen = ink[(lines > 0) & (ink > faintest)]
        if seen.size > VISIBLE * lines.sum():  # else no line is strong enough to disturb
            thickness = line_thickness(ink > faintest, lines)
            across = np.ones((thickness + 3, 1), np.uint8)
            bands = (cv2.dilate(lines, across) > 0) & (ink < STRONGER * np.median(seen))
            ink = np.where(bands, cv2.morphologyEx(ink, cv2.MORPH_OPEN, across), ink)
        strength = np.ascontiguousarray(ink.T) if upright else ink
    return strength


def ruled_lines(
    strength: Strength,
    faintest: float,
    least: int,
    most: int = MAX_LINES,
    sway: int = 1,
    shown: float = 0.0,
) -> Mask:
    """Draw the lines, one pixel thick, that run from left to right; none if they are few.

    Args:
        strength: float32 (height, width), 0 for ground.
        faintest: What counts as standing out.
        least: How few lines are none.
        most: How many are drawn, the clearest first.
        sway: By how many pixels a line may stray from a straight one.
        shown: How much of themselves they show at least in every part of the picture.
    """
    along = cv2.blur(strength, (9, 1))  # lifts faint lines out of the grain
    crests = along >= cv2.dilate(along, np.ones((7, 1), np.uint8))
    crests = (crests & (along > 0.6 * faintest)).astype(np.uint8)
    width = crests.shape[1]
    level = np.pi / 2
    votes = max(width // 3, MIN_VOTES)
    found = cv2.HoughLines(
        crests,
        max(1, sway // 3),
        np.pi / 720,
        votes,
        min_theta=level - TILT,
        max_theta=level + TILT,
    )
    lines = np.zeros_like(crests)
    seen = cv2.dilate(crests, np.ones((2 * sway + 1, 1), np.uint8))
    middles: list[float] = []
    for rho, theta in () if found is None else found[:MAX_LINES, 0]:  # most votes first
        rows = (rho - np.arange(width) * np.cos(theta)) / np.sin(theta)
        middle = float(rows.mean())
        if all(abs(middle - other) > 6 for other in middles) and runs_across(rows, seen, shown):
            middles.append(middle)
            cv2.line(lines, (0, round(rows[0])), (width - 1, round(rows[-1])), 1, 1)
        if len(middles) == most:
            break
    return lines if len(middles) >= least else np.zeros_like(crests)


def runs_across(rows: NDArray[np.float64], seen: Mask, least_shown: float = 0.0) -> bool:
    """Tell whether a line shows in the left, middle and right of the picture, and at both ends."""
    height, width = seen.shape
    columns = np.arange(width)
    inside = (rows >= 0) & (rows < height)
    shown = np.zeros(width, bool)
    shown[inside] = seen[rows[inside].astype(int), columns[inside]] > 0
    parts = [(third, SHOWN) for third in np.array_split(columns, 3)]
    parts += [(end, AT_ENDS) for end in np.array_split(columns, 8)[::7]]
    return all(
        shown[part].sum() >= max(least, least_shown) * inside[part].sum() for part, least in parts
    )


def line_thickness(mask: NDArray[np.bool_], lines: Mask) -> int:
    """Return how many pixels thick the marks are along most of the lines."""
    reach = cv2.distanceTransform(mask.astype(np.uint8), cv2.DIST_L1, 3)
    reach = np.minimum(reach, max(mask.shape))  # without any ground it has no end
    return int(2 * np.median(reach[(lines > 0) & mask]))
