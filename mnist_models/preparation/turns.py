"""Which way up a photograph is: a phone held flat over a table often takes the wrong one."""

from dataclasses import replace

import cv2
import numpy as np

from mnist_models.preparation.cutting import form_digit
from mnist_models.preparation.ground import LOOKING_SIDE
from mnist_models.preparation.ink import Ink, holds_middle
from mnist_models.preparation.looks import PIECE, Candidate
from mnist_models.preparation.marks import MOST_MARKS, find_marks
from mnist_models.preparation.pens import bent, count_strokes
from mnist_models.preparation.rows import standing_out, take
from mnist_models.preparation.search import Search
from mnist_models.preparation.writing import Judge, Line, Writing, total_worth, worth_of

WAYS = 4
"""Upright, and turned by one, two and three quarters."""

MOST_UNSURE = 12
"""Marks, none of them a sure digit, may be digits that touch, whose reading takes long; where there
are more, each worth -1, it is text."""

STACKED = 4
"""Of more strokes than this, one below the other along its middle, is no digit, but a number that
lies on its side: of 473 digits (development half) none has more."""

UPRIGHT = 0.9
"""Digits of a picture that is upright are worth at least this, on average. Seen another way up they
have to be worth that."""

UNUSUAL = 0.5
"""Seen another way up, digits have to be worth more by this in all, or to lack less by it: most
pictures are upright."""


def find_turned(search: Search, main: Candidate, lines: list[Line]) -> list[Line]:
    """Find the lines of a photograph that is not upright, if there is a doubt that it is.

    Its digits are doubted, or the only one is more than a digit. A drawing is upright.

    Args:
        search: The search in the photograph, upright.
        main: Its main digit.
        lines: What it found.

    Returns:
        The lines, or none where no other way up shows a number whose digits are sure.
    """
    inks = [ink for look in search.looks for ink in look.fine_inks[:1] if not ink.is_clean]
    upright = [digit for line in lines for digit in line]
    if not inks:
        return []
    if not are_sure(upright):
        ways = turn_up(inks, search.judge)
    elif len(upright) == 1 and is_stacked(main):
        ways = all_ways(inks[0])[1::2]
    else:
        return []
    numbers = [seen for seen in map(search.read, ways) if is_number(seen.digits)]
    best = max(numbers, key=lambda number: total_worth(number.digits), default=Writing())
    if not are_surer(best.digits, upright):
        return []
    return [[replace(digit, is_turned=True) for digit in line] for line in best.lines]


def is_stacked(main: Candidate) -> bool:
    """Tell whether a digit has more strokes one below the other than any digit has."""
    ink = main.ink.cut_out(main.group.mask) > PIECE
    left, top, width, height = cv2.boundingRect(ink.astype(np.uint8))
    middle = ink[top : top + height, left + width // 4 : left + width - width // 4]
    return float(np.median(count_strokes(middle))) > STACKED


def are_surer(turned: Line, upright: Line) -> bool:
    """Tell whether digits seen another way up are rather there than the upright ones.

    They are worth more; or they lack less and take the place of all upright ones, of which there
    are more only because digits that touch were cut into whatever looks like some.
    """
    more = total_worth(turned) - total_worth(upright)
    if all(any(holds_middle(one.box, other.box) for one in turned) for other in upright):
        more += max(0, len(upright) - len(turned))
    return more > UNUSUAL


def are_sure(digits: Line) -> bool:
    """Tell whether nearly all digits are sure."""
    return total_worth(digits) >= UPRIGHT * len(digits)


def is_number(digits: Line) -> bool:
    """Tell whether several digits are sure, and most of them are no lines."""
    return len(digits) > 1 and 2 * len(bent(digits)) > len(digits) and are_sure(digits)


def turn_up(inks: list[Ink], judge: Judge) -> list[Ink]:
    """Turn the ink in which marks are the surest digits, each alone.

    Args:
        inks: What stands out, as seen in one way or several.
        judge: Says of digits how likely each one is.

    Returns:
        That ink, or none where it is upright. Where digits touch, no mark tells: the first ink, in
        all three other ways up.
    """
    worths = np.array([sum_up(ink, judge) for ink in inks])
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
