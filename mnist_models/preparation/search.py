"""The search for a picture's main digit: it looks in several ways, and the likeliest digit wins.

Nothing is decided for good before it was read. Each way to see a picture proposes marks that may
be a digit; a judge says how likely each one is, and what is likelier for other reasons (the way
that fits most pictures, the mark with most edge) has a head start.
"""

import math

import cv2
import numpy as np

from mnist_models.errors import NoInkError
from mnist_models.preparation.ground import Levels
from mnist_models.preparation.ink import Ink
from mnist_models.preparation.looks import Candidate, Look, clear, stages
from mnist_models.preparation.numbers import read_lines
from mnist_models.preparation.writing import NEARLY, SURE, Judge, Writing

POOR = math.log(0.05)
"""Where nothing is sure, what is likelier than this, its handicap included, may still stand in the
first one's place."""

CERTAIN = math.log(0.98)
"""Of a digit less likely than this it is asked whether lines run through it: reading costs less."""

ENDING = 0.5
"""With less than this handicap, a sure digit of the first look ends the search."""

LESS, COVERED, WHOLE = 0.85, 0.9, 1.0
"""A digit is only a part of another one when it has less than the first share of its ink, and the
second share of its own lies there; the whole goes first if it is less likely by up to the last, a
logarithm: outlines of a 6 are a sure 5."""

LIKELY = math.log(0.3)
"""What is less likely than this, its handicap included, is not sure: textures hold many a 1. Where
the first look saw nothing that may be a digit, what is likelier stands."""


class Search:
    """The search for digits in one picture, which looks only as often as it has to.

    Args:
        levels: uint8 (height, width, channels).
        judge: Says of digits how likely each is one.
    """

    def __init__(self, levels: Levels, judge: Judge) -> None:
        self.judge = judge
        self.shape = levels.shape
        self.looks: list[Look] = []
        self.candidates: list[Candidate] = []
        self.num_stages = 0
        self._stages = stages(levels)
        self._read: dict[int, tuple[Ink, Writing]] = {}

    def go_on(self) -> bool:
        """Look in further ways, judge what is seen, and tell whether there were any."""
        looks = next(self._stages, None)
        if looks is None:
            return False
        self._add([candidate for look in looks for candidate in look.candidates])
        for look in looks:
            unsure = [
                one
                for index, one in enumerate(look.candidates)
                if one.likelihood < CERTAIN and (index == 0 or one.group.is_foreign)
            ]
            self._add([cleared for one in unsure for cleared in clear(one)])
        self.looks += looks
        self.num_stages += 1
        return True

    def find_main(self) -> Candidate:
        """Return the picture's main digit.

        Raises:
            NoInkError: Nothing stands out.
        """
        self.go_on()
        first = self._likeliest()
        is_busy = any(
            one.is_heap or (one.ink.is_clean and one.group.main.is_region)
            for one in self.candidates
        )
        if first and first.is_settled and first.handicap < ENDING and not is_busy:
            return self._whole(first)
        num_first = len(self.candidates)
        while self.go_on():
            pass
        best = self._likeliest()
        if best is None:
            raise NoInkError("blank")
        is_doubtful = best.likelihood < SURE or best.plausibility < LIKELY
        # Where nothing is sure, the first look stands, unless it took a heap for one digit.
        if is_doubtful and num_first:
            first_look = self.candidates[:num_first]
            likely = [one for one in first_look if one.plausibility > POOR and not one.is_part]
            default = best if best.plausibility > LIKELY or first_look[0].is_heap else first_look[0]
            return max(likely, key=lambda one: one.score, default=default)
        return self._whole(best)

    @property
    def fine_inks(self) -> list[Ink]:
        """What may hold lines of digits, of all looks so far."""
        return [ink for look in self.looks for ink in look.fine_inks]

    def fine_ink(self, main: Candidate) -> Ink:
        """Return the ink that the main digit was found in or, if that is too coarse, the first."""
        fine = self.fine_inks
        return main.ink if any(ink is main.ink for ink in fine) or not fine else fine[0]

    def read(self, ink: Ink) -> Writing:
        """Read the lines in an ink, once."""
        if id(ink) not in self._read:
            self._read[id(ink)] = ink, read_lines(ink, self.judge)
        return self._read[id(ink)][1]

    def _add(self, new: list[Candidate]) -> None:
        if new:
            likelihoods = self.judge(np.stack([candidate.digit for candidate in new]))
            for candidate, likelihood in zip(new, likelihoods.tolist(), strict=True):
                candidate.likelihood = likelihood
            self.candidates += new

    def _likeliest(self) -> Candidate | None:
        return max(self.candidates, key=lambda candidate: candidate.score, default=None)

    def _whole(self, best: Candidate) -> Candidate:
        """Return the sure digit of which one is only a part, or that one."""
        wholes = [
            one
            for one in self.candidates
            if one.ink is not best.ink
            and one.likelihood > NEARLY
            and one.plausibility > best.plausibility - WHOLE
            and self._is_part(best, one)
        ]
        return max(wholes, key=lambda one: one.score, default=best)

    def _is_part(self, one: Candidate, other: Candidate) -> bool:
        """Tell whether a candidate is only a part of what another one has."""
        part, whole = (candidate.seen(self.shape) for candidate in (one, other))
        if part.sum() > LESS * whole.sum():
            return False
        around = cv2.dilate(whole, np.ones((3, 3), np.uint8))
        return bool((part & around).sum() > COVERED * part.sum())
