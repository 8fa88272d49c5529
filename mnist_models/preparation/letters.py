"""Words beside numbers: letters that are near each other, most of which are no digits."""

import math
from itertools import chain, pairwise

from mnist_models.preparation.ink import Box, surround
from mnist_models.preparation.writing import NEARLY, SURE, Digit, Part, Writing, worth_of

LETTERS, SMALL, LETTER = 0.25, 0.8, 0.3
"""Letters of a word are nearer to each other than the first share of their line's height, and many
are lower than the second; beside high digits, down to the third share of their height."""

UNLIKE = 0.4
"""Of a word's letters, more than one and more than this share are no digits or doubted; numbers
have signs, and digits that are doubted, but fewer."""

HARDLY = math.log(0.1)
"""What is less likely than this, a logarithm, is no digit."""


def without_words(lines: list[tuple[list[Part], float]], low: list[Box]) -> Writing:
    """Leave out the words among numbers, letters that are sure digits included.

    Where everything would be left out, nothing is.

    Args:
        lines: What stands in each line, and the line's height.
        low: Marks lower than digits, which letters beside them may be.
    """
    runs = [
        [(run, is_word(run, height, low)) for run in into_runs(parts, height)]
        for parts, height in lines
    ]
    if all(word for line in runs for _, word in line):
        runs = [[(run, False) for run, _ in line] for line in runs]
    words = [surround([part.box for part in run]) for line in runs for run, word in line if word]
    kept = [[part for run, word in line if not word for part in run] for line in runs]
    digits = [[part for part in parts if isinstance(part, Digit)] for parts in kept]
    num_others = sum(map(len, kept)) - sum(map(len, digits))
    worth = sum(map(worth_of, chain.from_iterable(digits))) - num_others - len(words)
    return Writing(digits, worth, words)


def into_runs(parts: list[Part], height: float) -> list[list[Part]]:
    """Part a line where gaps are wider than between most letters."""
    runs: list[list[Part]] = []
    for part in parts:
        if runs and part.box[0] - runs[-1][-1].box[2] < LETTERS * height:
            runs[-1].append(part)
        else:
            runs.append([part])
    return runs


def is_word(run: list[Part], height: float, low: list[Box]) -> bool:
    """Tell whether marks are a word: most are doubted, low or no digit, as letters are.

    A digit beside a plus or a dollar is none, though it may be doubted slightly; nor are digits
    that touch, which are one mark, and whose cuts are never quite sure.
    """
    likelihoods = [part.likelihood if isinstance(part, Digit) else -math.inf for part in run]
    are_low = [part.box[3] - part.box[1] < SMALL * height for part in run]
    marks = [*zip(likelihoods, are_low, strict=True)]
    unlike = sum(likelihood < (NEARLY if is_low else SURE) for likelihood, is_low in marks)
    unsure = sum(is_low or likelihood < NEARLY for likelihood, is_low in marks)
    if unsure == len(run) and any(is_beside(part.box, box, height) for part in run for box in low):
        return True
    worst = SURE if 2 * sum(are_low) > len(run) else HARDLY
    stand_apart = any(other.box[0] > one.box[2] for one, other in pairwise(run))
    are_unlike = unlike > max(1, UNLIKE * len(run)) and 2 * unsure > len(run)
    return stand_apart and are_unlike and min(likelihoods) < worst


def is_beside(box: Box, other: Box, height: float) -> bool:
    """Tell whether a low mark is as near to a mark, at its left or right, as letters are."""
    across = max(other[0] - box[2], box[0] - other[2])
    return 0 <= across < LETTERS * height and box[1] < other[3] and other[1] < box[3]
