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

LOWER = 0.85
"""What is lower than this share of the sure digits in its line may be a word of which fewer letters
are unlike digits."""


def without_words(lines: list[tuple[list[Part], float]], low: list[Box]) -> Writing:
    """Leave out the words among numbers, letters that are sure digits included.

    Where everything would be left out, nothing is.

    Args:
        lines: What stands in each line, and the line's height.
        low: Marks lower than digits, which letters beside them may be.
    """
    runs = [tell_words(into_runs(parts, height), height, low) for parts, height in lines]
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


def tell_words(
    runs: list[list[Part]], height: float, low: list[Box]
) -> list[tuple[list[Part], bool]]:
    """Tell of each run of a line whether it is a word."""
    sure = max((height_of(run) for run in runs if are_sure(run)), default=0.0)
    return [
        (run, is_word(run, height, low) or (height_of(run) < LOWER * sure and is_unsure(run)))
        for run in runs
    ]


def height_of(run: list[Part]) -> int:
    """Return how high a run is from its highest mark's top to its bottom."""
    return max(part.box[3] - part.box[1] for part in run)


def are_sure(run: list[Part]) -> bool:
    """Tell whether marks are all sure digits."""
    return all(isinstance(part, Digit) and part.likelihood > SURE for part in run)


def is_unsure(run: list[Part]) -> bool:
    """Tell whether marks are several, at least half of which are no digits or doubted."""
    unsure = sum(not isinstance(part, Digit) or part.likelihood < NEARLY for part in run)
    return len(run) > 1 and 2 * unsure >= len(run)


def has_sign(run: list[Part], are_low: list[bool]) -> bool:
    """Tell whether marks are digits with one other mark at an end, as high: a currency's sign."""
    digits = [part for part in run if isinstance(part, Digit)]
    is_at_end = len(digits) == len(run) - 1 and not all(
        isinstance(part, Digit) for part in (run[0], run[-1])
    )
    likely = all(digit.likelihood > HARDLY for digit in digits)
    return is_at_end and len(digits) > 1 and likely and not any(are_low)


def is_word(run: list[Part], height: float, low: list[Box]) -> bool:
    """Tell whether marks are a word: most are doubted, low or no digit, as letters are.

    A digit beside a plus or a dollar is none, though it may be doubted slightly; nor are digits
    that touch, which are one mark, and whose cuts are never quite sure.
    """
    likelihoods = [part.likelihood if isinstance(part, Digit) else -math.inf for part in run]
    are_low = [part.box[3] - part.box[1] < SMALL * height for part in run]
    if has_sign(run, are_low):
        return False
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
