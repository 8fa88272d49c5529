"""Words beside numbers: letters that are near each other, most of which are no digits."""

import math
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain, groupby, pairwise

from mnist_models.preparation.ink import Box, surround
from mnist_models.preparation.writing import NEARLY, SURE, Digit, Part, Writing

LETTERS, SPACED, SMALL, LETTER = 0.25, 0.4, 0.8, 0.3
"""Letters of a word are nearer to each other than the first share of their line's height, or than
the second where they are spaced, and many are lower than the third share of it or of the highest
one; beside high digits, down to the fourth share of their height."""

SLIM = 0.55
"""Digits that touch are on average wider than this share of their line's height: what parts into
slimmer ones is an m or a k."""

BRACKET = 0.4
"""Brackets are slimmer than this share of their height; most letters are not."""

UNLIKE = 0.4
"""Of a word's letters, two at least and this share are no digits or doubted; numbers have signs and
digits that are doubted, but fewer."""

HARDLY = math.log(0.1)
"""What is less likely than this, a logarithm, is no digit."""

LOWER, ENOUGH, MUCH_LOWER = 0.85, 1 / 3, 0.7
"""What is lower than the first share of the sure digits in its line is a word if the second share
of its letters are unlike digits; below the third share, if one is."""


@dataclass(frozen=True, eq=False)  # digits hold arrays, which are not simply equal
class Letter:
    """A mark that may be a letter.

    Attributes:
        parts: What it was cut into, from left to right.
        height: Of its line.
        highest: Of the marks near it that may be digits: signs of currencies are higher.
    """

    parts: list[Part]
    height: float
    highest: float = 0.0

    @cached_property
    def box(self) -> Box:
        """Where it is."""
        return surround([part.box for part in self.parts])

    @property
    def high(self) -> int:
        """How high it is."""
        return self.box[3] - self.box[1]

    @property
    def is_low(self) -> bool:
        """Whether it is as low as most small letters are beside digits and other letters."""
        return self.high < SMALL * max(self.height, self.highest)

    @property
    def is_slim(self) -> bool:
        """Whether it parts into what is slimmer than digits, and not surely digits."""
        left, _, right, _ = self.box
        are_slim = right - left < SLIM * self.height * len(self.parts)
        return len(self.parts) > 1 and are_slim and self.likelihood < NEARLY

    @property
    def is_bracket(self) -> bool:
        """Whether it is as slim as a bracket."""
        left, _, right, _ = self.box
        return right - left < BRACKET * self.high

    @cached_property
    def likelihood(self) -> float:
        """How likely all of it is digits, a logarithm."""
        return min(part.likelihood if isinstance(part, Digit) else -math.inf for part in self.parts)

    @property
    def is_likely(self) -> bool:
        """Whether it may be digits."""
        return self.likelihood > HARDLY and not self.is_slim

    @property
    def is_unlike(self) -> bool:
        """Whether it is no digit, or doubted: slightly where it is low."""
        return self.is_slim or self.likelihood < (NEARLY if self.is_low else SURE)

    @property
    def is_unsure(self) -> bool:
        """Whether it may be a letter."""
        return self.is_low or self.is_slim or self.likelihood < NEARLY


Run = list[Letter]


def without_words(
    lines: list[tuple[list[Part], float]], low: list[Box], is_all: bool = True
) -> Writing:
    """Leave out the words among numbers, letters that are sure digits included.

    Args:
        lines: What stands in each line, and the line's height.
        low: Marks lower than digits, which letters beside them may be.
        is_all: Whether these lines are all that there is: if everything would be left out, nothing
            is.
    """
    runs = [tell_words(into_letters(parts, height), low) for parts, height in lines]
    if is_all and all(word for line in runs for _, word in line):
        runs = [[(run, False) for run, _ in line] for line in runs]
    words = [
        surround([letter.box for letter in run]) for line in runs for run, word in line if word
    ]
    kept = [
        [part for run, word in line if not word for letter in run for part in letter.parts]
        for line in runs
    ]
    digits = [[part for part in parts if isinstance(part, Digit)] for parts in kept]
    num_others = sum(map(len, kept)) - sum(map(len, digits))
    worth = sum(digit.worth for digit in chain.from_iterable(digits)) - num_others - len(words)
    return Writing(digits, worth, words)


def into_letters(parts: list[Part], height: float) -> Run:
    """Gather what was cut from one mark."""
    return [Letter([*some], height) for _, some in groupby(parts, lambda part: part.mark)]


def into_runs(letters: Run, gap: float) -> list[Run]:
    """Part a line where gaps are at least so wide, as a share of its height."""
    runs: list[Run] = []
    for letter in letters:
        if runs and letter.box[0] - runs[-1][-1].box[2] < gap * letter.height:
            runs[-1].append(letter)
        else:
            runs.append([letter])
    return [[replace(letter, highest=height_of_digits(run)) for letter in run] for run in runs]


def tell_words(letters: Run, low: list[Box]) -> list[tuple[Run, bool]]:
    """Tell of each run of a line whether it is a word, or a bracket."""
    told: list[tuple[Run, bool]] = []
    for spaced in into_runs(letters, SPACED):
        if are_in_brackets(spaced):
            told += [(spaced[:1], True), (spaced[1:-1], False), (spaced[-1:], True)]
            continue
        runs = into_runs(spaced, LETTERS)
        are_one = not (are_sure(runs[0]) or are_sure(runs[-1])) and is_word(spaced, low)
        told += [(spaced, True)] if are_one else [(run, is_word(run, low)) for run in runs]
    sure = max((height_of(run) for run, word in told if not word and are_sure(run)), default=0)
    return [(run, word or is_lower(run, sure)) for run, word in told]


def height_of(run: Run) -> int:
    """Return how high the highest mark of a run is."""
    return max(letter.high for letter in run)


def height_of_digits(run: Run) -> int:
    """Return how high the highest mark of a run is that may be a digit."""
    return max((letter.high for letter in run if letter.is_likely), default=0)


def are_sure(run: Run) -> bool:
    """Tell whether marks are all sure digits."""
    return all(letter.likelihood > SURE and not letter.is_slim for letter in run)


def is_lower(run: Run, height: float) -> bool:
    """Tell whether marks are a word since they are lower than sure digits of a height."""
    if has_sign(run) or (len(run) < 2 and not run[0].is_slim):
        return False
    unlike = sum(letter.is_unlike for letter in run)
    lowness = LOWER if unlike >= ENOUGH * len(run) else MUCH_LOWER
    return unlike > 0 and height_of(run) < lowness * height


def has_sign(run: Run) -> bool:
    """Tell whether marks are digits with one other mark at an end, as high: a currency's sign."""
    likelihoods = [letter.likelihood for letter in run]
    at_end = -math.inf in (likelihoods[0], likelihoods[-1])
    is_one = sum(letter.is_likely for letter in run) == len(run) - 1
    return at_end and is_one and len(run) > 2 and not any(letter.is_low for letter in run)


def are_in_brackets(run: Run) -> bool:
    """Tell whether marks are digits between two slim marks that are none."""
    ends = run[0], run[-1]
    are_slim = all(letter.is_bracket and not letter.is_likely for letter in ends)
    inside = run[1:-1]
    return are_slim and bool(inside) and all(one.is_likely and not one.is_low for one in inside)


def is_word(run: Run, low: list[Box]) -> bool:
    """Tell whether marks are a word: most are doubted, low or no digit, as letters are.

    A digit beside a plus or a dollar is none, though it may be doubted slightly; nor are digits
    that touch, which are one mark, and whose cuts are never quite sure.
    """
    if has_sign(run):
        return False
    unlike = sum(letter.is_unlike for letter in run)
    unsure = sum(letter.is_unsure for letter in run)
    if unsure == len(run) and any(is_beside(letter, box) for letter in run for box in low):
        return True
    are_low = 2 * sum(letter.is_low for letter in run) > len(run)
    least = min(-math.inf if letter.is_slim else letter.likelihood for letter in run)
    stand_apart = any(other.box[0] > one.box[2] for one, other in pairwise(run))
    are_unlike = unlike >= max(2, UNLIKE * len(run)) and 2 * unsure >= len(run)
    return stand_apart and are_unlike and least < (SURE if are_low else HARDLY)


def is_beside(letter: Letter, other: Box) -> bool:
    """Tell whether a low mark is as near to a mark, at its left or right, as letters are."""
    box = letter.box
    across = max(other[0] - box[2], box[0] - other[2])
    return 0 <= across < LETTERS * letter.height and box[1] < other[3] and other[1] < box[3]
