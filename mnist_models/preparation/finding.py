"""Where the digits are: a picture is seen in several ways, and the likeliest digits win.

Nothing is decided for good before it was read. Each way to see a picture proposes marks that may
be a digit; a judge says how likely each one is, and what is likelier for other reasons (the way
that fits most pictures, the mark with most edge) has a head start.
"""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from mnist_models.errors import NoInkError
from mnist_models.preparation.ground import Levels, shrink
from mnist_models.preparation.ink import (
    Ink,
    drawn_inks,
    extreme_inks,
    smooth_inks,
    uneven_inks,
)
from mnist_models.preparation.marks import LEAST_MAIN, Group, group_marks
from mnist_models.preparation.mnist_form import mnist_form
from mnist_models.preparation.numbers import Digit, Judge, Line, read_lines
from mnist_models.preparation.pages import find_pages
from mnist_models.preparation.underlines import without_line_below

SURE = math.log(0.5)
"""A digit is sure when the judge gives it at least this, the logarithm of a half."""

MOST_GROUPS = 6
"""Groups of marks that are judged in each way to see a picture."""

LATER, NEXT, ROUGH = 0.3, 0.1, 0.6
"""Handicaps, in logarithms: of what is looked at only after the first look was not sure, of each
further page, and of uneven ground where smooth ground was found. They keep what was read first
unless something else is clearly likelier."""

SMALLER, ALONE, CUT, REGION = 1.5, 0.1, 0.5, 1.0
"""Handicaps: times the logarithm of how much less edge a mark has than the first; of a mark without
what seems to belong to it; of one that a photograph's border cuts; of a side or corner."""

SPLIT = 2.0
"""One mark is read as several digits when they are likelier by so much, as a logarithm: at 2, of
1,000 single digits none came out as two."""

NO_LINE = 0.05
"""Handicap of a digit without the line below it."""


@dataclass
class Candidate:
    """Marks that may be the digit.

    Attributes:
        digit: uint8 (28, 28).
        ink: The way to see the picture in which it was found.
        group: Its marks.
        handicap: How unlikely it is before it is read, as a logarithm.
        likelihood: What the judge says of it.
    """

    digit: NDArray[np.uint8]
    ink: Ink
    group: Group
    handicap: float
    likelihood: float = -math.inf

    @property
    def score(self) -> float:
        """How likely it is, its handicap included."""
        return self.likelihood - self.handicap

    @property
    def box(self) -> tuple[int, int, int, int]:
        """Where its marks are in the ink: left, top, right, bottom."""
        rows = np.flatnonzero(self.group.mask.any(axis=1))
        columns = np.flatnonzero(self.group.mask.any(axis=0))
        return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1


@dataclass
class Look:
    """One way to see a picture.

    Attributes:
        inks: What stands out, in one direction and in the other.
        handicap: How unlikely it is that the digits are found so.
    """

    inks: list[Ink]
    handicap: float


class Search:
    """The search for digits in one picture, which looks only as often as it has to.

    Args:
        levels: uint8 (height, width, channels).
        judge: Says of digits how likely each is one.
    """

    def __init__(self, levels: Levels, judge: Judge) -> None:
        self.judge = judge
        self.looks: list[Look] = []
        self.candidates: list[Candidate] = []
        self._stages = stages(levels)

    def go_on(self) -> bool:
        """Look in further ways, judge what is seen, and tell whether there were any."""
        looks = next(self._stages, None)
        if looks is None:
            return False
        new = list(chain.from_iterable(map(propose, looks)))
        if new:
            likelihoods = self.judge(np.stack([candidate.digit for candidate in new]))
            for candidate, likelihood in zip(new, likelihoods.tolist(), strict=True):
                candidate.likelihood = likelihood
        self.looks += looks
        self.candidates += new
        return True

    def find_main(self) -> Candidate:
        """Return the picture's main digit.

        Raises:
            NoInkError: Nothing stands out.
        """
        self.go_on()
        first = self._best()
        if first is not None and first.score > SURE and first.handicap < CUT:
            return first
        num_first = len(self.candidates)
        while self.go_on():
            pass
        best = self._best()
        if best is None:
            raise NoInkError("blank")
        if best.likelihood < SURE and num_first:  # where nothing is sure, the first look stands
            return max(self.candidates[:num_first], key=lambda candidate: candidate.score)
        return best

    def _best(self) -> Candidate | None:
        return max(self.candidates, key=lambda candidate: candidate.score, default=None)


def find_digit(levels: Levels, judge: Judge) -> Digit:
    """Find a picture's main digit.

    Args:
        levels: What ``drawing_levels`` returns: uint8 (height, width, channels).
        judge: Says of digits how likely each is one.

    Raises:
        NoInkError: Nothing stands out.
    """
    return as_digit(Search(levels, judge).find_main())


def find_digits(levels: Levels, judge: Judge) -> list[Line]:
    """Find every digit: lines from top to bottom, each from left to right.

    Where the main digit is sure and nothing of its height stands beside it, it is the only one.

    Args:
        levels: What ``drawing_levels`` returns: uint8 (height, width, channels).
        judge: Says of digits how likely each is one.

    Raises:
        NoInkError: Nothing stands out.
    """
    search = Search(levels, judge)
    main = search.find_main()
    only = [[as_digit(main)]]
    lines, worth = read_lines(main.ink, judge)
    if main.likelihood > SURE and are_part_of(lines, main):
        return only
    if worth < count(lines) - 0.5:  # something there is no sure digit
        while search.go_on():
            pass
        for ink in likeliest_inks(search.looks):
            if ink is not main.ink:
                others, other_worth = read_lines(ink, judge)
                if other_worth > worth:
                    lines, worth = others, other_worth
    if count(lines) < 2:
        return only
    if are_part_of(lines, main):
        together = sum(digit.likelihood for digit in chain.from_iterable(lines))
        return lines if together > main.likelihood + SPLIT else only
    return lines


def find_ink(levels: Levels) -> NDArray[np.float32]:
    """Return the ink that the usual look takes for the digit, before anything is read.

    Args:
        levels: What ``drawing_levels`` returns: uint8 (height, width, channels).

    Returns:
        float32 (height, width), 0 for ground to 1 for full ink.

    Raises:
        NoInkError: Nothing stands out.
    """
    for look in next(stages(levels)):
        for candidate in propose(look)[:1]:
            return candidate.ink.only(candidate.group.mask)
    raise NoInkError("blank")


def stages(levels: Levels) -> Iterator[list[Look]]:
    """Yield the ways to see a picture: first the usual one, then all others."""
    whole = np.eye(3)
    small, to_picture = shrink(levels)
    drawn = drawn_inks(levels, whole)
    smooth = [] if drawn else smooth_inks(small, to_picture)
    first = drawn or smooth or uneven_inks(small, to_picture)
    yield [Look(first, 0.0)]
    pages = [
        Look(inks_of_page(page, page_to_picture), LATER + index * NEXT)
        for index, (page, page_to_picture) in enumerate(find_pages(levels))
    ]
    rest = []
    if drawn:
        rest.append(Look(smooth_inks(small, to_picture), LATER + NEXT))
    if drawn or smooth:
        rest.append(Look(uneven_inks(small, to_picture), LATER + NEXT + ROUGH))
    if not drawn:
        rest.append(Look(extreme_inks(small, to_picture), LATER))
    yield pages + rest


def inks_of_page(levels: Levels, to_picture: NDArray[np.float64]) -> list[Ink]:
    """See what is on a page."""
    drawn = drawn_inks(levels, to_picture)
    if drawn:
        return drawn
    small, to_page = shrink(levels)
    to_picture = to_picture @ to_page
    return smooth_inks(small, to_picture) or uneven_inks(small, to_picture)


def propose(look: Look) -> list[Candidate]:
    """Propose what may be the digit in one way to see a picture, the likeliest first."""
    pairs = [(ink, group) for ink in look.inks for group in group_marks(ink)]
    pairs.sort(key=lambda pair: -pair[1].worth)
    candidates: list[Candidate] = []
    for ink, group in pairs[:MOST_GROUPS]:
        smaller = pairs[0][1].worth / group.worth
        if smaller > 1 / LEAST_MAIN:
            break
        pixels = ink.only(group.mask)
        if not pixels.any():
            continue
        handicap = look.handicap + SMALLER * math.log(smaller)
        handicap += ALONE if group.is_alone and smaller == 1 and candidates else 0.0
        handicap += CUT if group.main.cut and not ink.is_clean else 0.0
        handicap += REGION if group.main.is_region else 0.0
        candidates.append(Candidate(mnist_form(pixels), ink, group, handicap))
        if len(candidates) == 1 and (bare := without_line_below(ink, group.mask)) is not None:
            candidates.append(Candidate(mnist_form(bare), ink, group, handicap + NO_LINE))
    return candidates


def likeliest_inks(looks: Iterable[Look]) -> list[Ink]:
    """Return of each way to see a picture the direction with more edge."""
    found = []
    for look in looks:
        groups = [(group.worth, ink) for ink in look.inks for group in group_marks(ink)[:1]]
        if groups:
            found.append(max(groups, key=lambda pair: pair[0])[1])
    return found


def as_digit(candidate: Candidate) -> Digit:
    """Return a candidate as a digit in the picture."""
    box = candidate.ink.box_in_picture(candidate.box)
    return Digit(candidate.digit, box, candidate.likelihood)


def are_part_of(lines: list[Line], main: Candidate) -> bool:
    """Tell whether all digits lie where the main one does."""
    left, top, right, bottom = main.ink.box_in_picture(main.box)
    slack = 0.02 * max(right - left, bottom - top) + 2
    return all(
        digit.box[0] >= left - slack
        and digit.box[1] >= top - slack
        and digit.box[2] <= right + slack
        and digit.box[3] <= bottom + slack
        for digit in chain.from_iterable(lines)
    )


def count(lines: list[Line]) -> int:
    """Return how many digits there are."""
    return sum(map(len, lines))
