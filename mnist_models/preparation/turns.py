"""Which way up a photograph is: a phone held flat over a table often takes the wrong one."""

import numpy as np

from mnist_models.preparation.cutting import form_digit
from mnist_models.preparation.ground import LOOKING_SIDE
from mnist_models.preparation.ink import Ink
from mnist_models.preparation.marks import MOST_MARKS, find_marks
from mnist_models.preparation.rows import standing_out, take
from mnist_models.preparation.writing import Judge, worth_of

WAYS = 4
"""Upright, and turned by one, two and three quarters."""

MOST_UNSURE = 12
"""Marks, none of them a sure digit, may be digits that touch, whose reading takes long; where there
are more, each worth -1, it is text."""


def turn_up(inks: list[Ink], judge: Judge) -> list[Ink]:
    """Turn the ink in which marks are the surest digits, each alone.

    Args:
        inks: What stands out, as seen in several ways.
        judge: Says of digits how likely each one is.

    Returns:
        That ink, or none where it is upright. Where digits touch, no mark tells: the first ink, in
        all three other ways up.
    """
    worths = np.array([sum_up(ink, judge) for ink in inks])
    if not worths.size:
        return []
    if worths.max() <= 0:
        return all_ways(inks[0])[1:] if worths[0].min() >= -MOST_UNSURE else []
    which, turns = np.unravel_index(worths.argmax(), worths.shape)
    return [all_ways(inks[which])[turns]] if turns else []


def all_ways(ink: Ink) -> list[Ink]:
    """Return an ink in each of the four ways up."""
    ways = [ink]
    for _ in range(WAYS - 1):
        ways.append(ways[-1].turned())
    return ways


def sum_up(ink: Ink, judge: Judge) -> list[float]:
    """Return what an ink's marks are worth as digits in each of the four ways up."""
    found = find_marks(ink, LOOKING_SIDE)
    marks = standing_out(found, ink)
    pieces = [take(ink, found, [mark], 0) for mark in marks] if len(marks) <= MOST_MARKS else []
    formed = [digit[0] for piece in pieces if (digit := form_digit(ink, [piece]))]
    if not formed:
        return [0.0] * WAYS
    digits = np.stack(formed)  # a digit is fitted to its square in the same way whichever way up
    ways = np.concatenate([np.rot90(digits, turns, axes=(1, 2)) for turns in range(WAYS)])
    likelihoods = judge(ways).reshape(WAYS, -1)
    return [sum(map(worth_of, likelihood)) for likelihood in likelihoods.tolist()]
