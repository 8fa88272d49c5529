"""Lines of digits that touch the line below them: where they part."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from mnist_models.preparation.ground import Strength
from mnist_models.preparation.ink import Ink
from mnist_models.preparation.marks import MOST_MARKS, Mark, Marks
from mnist_models.preparation.rows import SAME_LINE, standing_out, usual_height
from mnist_models.preparation.seams import find_seams

HIGHER, MOST_LINES = 1.6, 6
"""A mark that is more than so many times as high as usual may reach over several lines, and over so
many at most."""

ASIDE, CROSSING = 0.25, 0.5
"""A cut between two lines strays by so many line heights from where it would be if all were equally
high, and crosses so many line heights of ink at most: lines touch in few places."""

Cut = NDArray[np.int64]
"""The row in every column."""


def part_lines(ink: Ink, found: Marks) -> Ink | None:
    """Cut the marks that reach over several lines between these lines.

    Args:
        ink: What stands out of the picture.
        found: Its marks.

    Returns:
        The ink with gaps where lines touched; None where none do.
    """
    marks = standing_out(found, ink)
    if not marks or len(marks) > MOST_MARKS:
        return None
    height = usual_height(marks)
    usual = [mark for mark in marks if mark.height <= HIGHER * height]
    strength = ink.strength.copy()
    for mark in marks:
        if not HIGHER * height < mark.height < MOST_LINES * height:
            continue
        left, top, right, bottom = found.box_in_ink(mark)
        own = found.mask([mark], strength.shape)[top:bottom, left:right]
        part = strength[top:bottom, left:right]
        cuts = find_cuts(part * own, height * found.step)
        if are_beside_others(mark, [float(cut.mean()) / found.step for cut in cuts], usual):
            for cut in cuts:
                erase_along(cut, part, own)
    return replace(ink, strength=strength) if (strength != ink.strength).any() else None


def find_cuts(strength: Strength, height: float) -> list[Cut]:
    """Find the cheapest cut between each two lines of a mark, from top to bottom.

    Args:
        strength: Of the mark, (rows, columns).
        height: Of a line, in rows.
    """
    seams = find_seams(strength.T, height)
    num_lines = round(len(strength) / height)
    cuts = []
    for expected in np.linspace(0, len(strength), num_lines + 1)[1:-1]:
        near = [
            (crossing, cut)
            for cut, crossing in seams
            if abs(float(cut.mean()) - expected) < ASIDE * height and crossing < CROSSING
        ]
        if near:
            cuts.append(min(near, key=lambda seam: seam[0])[1])
    return cuts


def are_beside_others(mark: Mark, cuts: list[float], others: list[Mark]) -> bool:
    """Tell whether each part of a mark, cut in some of its rows, stands in a line with others."""
    borders = [mark.top, *(mark.top + cut for cut in cuts), mark.bottom]
    return all(
        any(
            min(bottom, other.bottom) - max(top, other.top) > SAME_LINE * other.height
            for other in others
        )
        for top, bottom in pairwise(borders)
    )


def erase_along(cut: Cut, strength: Strength, own: NDArray[np.uint8]) -> None:
    """Erase a mark's own ink along a cut, three rows wide, so that its sides are apart."""
    columns = np.arange(len(cut))
    for aside in (-1, 0, 1):
        rows = np.clip(cut + aside, 0, len(strength) - 1)
        strength[rows, columns] *= own[rows, columns] == 0
