"""What is found in a picture: digits in lines, and marks that are none."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from mnist_models.preparation.ink import Box

SURE, NEARLY = math.log(0.5), math.log(0.9)
"""Logarithms: a digit is sure when the judge gives it at least the first, and what gets more than
the second is one nearly always."""

Judge = Callable[[NDArray[np.uint8]], NDArray[np.float32]]
"""Says of digits, uint8 (n, 28, 28), how likely each one is a digit: float32 (n,), the logarithm of
a share of 1."""


def worth_of(likelihood: float) -> float:
    """Return what a digit is worth: about 1 when it is sure, less than 0 when it is doubted."""
    return 1 + max(-2.0, likelihood)


@dataclass(frozen=True)
class Digit:
    """A digit that was found in a picture.

    Attributes:
        pixels: uint8 (28, 28).
        box: Where it is in the picture.
        likelihood: What the judge says of it, a logarithm.
        after_space: Whether a space stands before it in its line.
        mark: The number of the mark in its line that it is, or was cut from.
        is_turned: Whether the photograph was turned so that it stands upright.
    """

    pixels: NDArray[np.uint8]
    box: Box
    likelihood: float
    after_space: bool = False
    mark: int = 0
    is_turned: bool = False

    @property
    def worth(self) -> float:
        """About 1 when it is sure, less than 0 when it is doubted."""
        return worth_of(self.likelihood)


Line = list[Digit]


def total_worth(digits: Line) -> float:
    """Return what digits are worth together."""
    return sum(digit.worth for digit in digits)


@dataclass(frozen=True)
class Other:
    """A mark that is no digit.

    Attributes:
        box: Where it is in the ink.
        mark: Its number in its line.
    """

    box: Box
    mark: int = 0


Part = Digit | Other


@dataclass(frozen=True)
class Writing:
    """What was read in one way to see a picture.

    Attributes:
        lines: The digits from top to bottom, each line from left to right.
        worth: About 1 for each sure digit, less than 0 for each that is doubted and for each mark
            that is none.
        words: Where the words are that were left out.
    """

    lines: list[Line] = field(default_factory=list)
    worth: float = 0.0
    words: list[Box] = field(default_factory=list)

    @property
    def digits(self) -> Line:
        """All digits in reading order."""
        return [digit for line in self.lines for digit in line]

    @property
    def lacks(self) -> float:
        """By how much it falls short of as many sure digits."""
        return len(self.digits) - self.worth
