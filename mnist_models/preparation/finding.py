"""Where the digits are: the main one alone, or every one of its number."""

import math

from mnist_models.preparation.ground import Levels
from mnist_models.preparation.ink import Ink, holds_middle
from mnist_models.preparation.looks import MOST_EDGE, Candidate, count_pieces
from mnist_models.preparation.pens import bent, is_straight
from mnist_models.preparation.rows import WIDEST
from mnist_models.preparation.search import CERTAIN, LIKELY, Search
from mnist_models.preparation.sizes import SURE_LINE
from mnist_models.preparation.turns import are_sure, find_turned
from mnist_models.preparation.writing import (
    NEARLY,
    SURE,
    Digit,
    Judge,
    Line,
    Writing,
    total_worth,
)

ALL_EDGE = 0.9
"""Where a mark has more than this share of all edge, nothing stands beside it."""

SPLIT, PARTED = 2.0, math.log(0.86)
"""What may be one digit is read as several when they are likelier by the first, a logarithm; and
where it is of one piece, each of them on average likelier than the second (sure, where it is far
too wide for one digit), else two of three of them sure: so most scribbles and letters and all
single digits stay whole, and touching digits part."""

PAGE_SHARE, EDGE_LENGTH, INSIDE = 0.25, 0.5, 0.35
"""What takes so large a share of a photograph may be a page's edge, as may what is straight and
takes the second share of one side, or a shadow's; digits lower than the third share of it stand
on that page."""

WITHIN = 0.02
"""Digits in a circle lie farther from its box than this share of its sides."""

HELD = 0.35
"""Digits that take this share of the main one's box are that one, or its parts."""

STRAY = 0.5
"""Beside sure digits, a line of marks none of which is nearly sure, and that are worth less than
this on average, is none: postmarks, grain and fingers have something of digits."""

DOUBTED = 0.5
"""Other ways to see a picture are tried when what its digits are worth falls short of their number
by more than this: one of them is doubted, or something is no digit."""


def find_digit(levels: Levels, judge: Judge) -> Digit:
    """Find a picture's main digit.

    Args:
        levels: What ``drawing_levels`` returns: uint8 (height, width, channels).
        judge: Says of digits how likely each is one.

    Raises:
        NoInkError: Nothing stands out.
    """
    search = Search(levels, judge)
    main = search.find_main()
    return find_beside_word(search, main) or as_digit(main)


def find_digits(levels: Levels, judge: Judge) -> tuple[Digit, list[Line]]:
    """Find the main digit and every digit, in one search.

    Args:
        levels: What ``drawing_levels`` returns: uint8 (height, width, channels).
        judge: Says of digits how likely each is one.

    Returns:
        What ``find_digit`` returns; and lines from top to bottom, each from left to right.

    Raises:
        NoInkError: Nothing stands out.
    """
    search = Search(levels, judge)
    main = search.find_main()
    beside = find_beside_word(search, main)
    if beside:
        return beside, [[beside]]
    lines = find_lines(search, main)
    return as_digit(main), without_strays(find_turned(search, main, lines) or lines)


def without_strays(lines: list[Line]) -> list[Line]:
    """Leave out lines of doubted marks beside a line of sure digits that is no shorter."""
    longest = max((len(line) for line in lines if are_sure(line)), default=0)
    return [line for line in lines if longest < max(2, len(line)) or not is_stray(line)]


def is_stray(line: Line) -> bool:
    """Tell whether no digit of a line is nearly sure, and most are doubted."""
    are_doubted = all(digit.likelihood < NEARLY for digit in line)
    return are_doubted and total_worth(line) < STRAY * len(line)


def find_beside_word(search: Search, main: Candidate) -> Digit | None:
    """Return the only sure digit in a line where the main one is a letter, or is doubted."""
    is_sure = main.likelihood > SURE
    if main.group.share > (MOST_EDGE if is_sure else ALL_EDGE):
        return None
    own = search.fine_ink(main)
    first = search.read(own)
    if len(first.digits) > 1 or not (first.words or first.digits):
        return None
    box = main.ink.box_in_picture(main.box)
    for ink in (own, *search.fine_inks):
        seen = search.read(ink)
        is_alone = len(seen.digits) == 1 and seen.lacks - len(seen.words) < DOUBTED
        is_letter = any(holds_middle(word, box) for word in seen.words)
        is_beside = not is_sure and (seen.words or (ink is own and bent(seen.digits)))
        if is_alone and (is_letter or is_beside):
            return None if is_number_elsewhere(search, main) else seen.digits[0]
    return None


def is_number_elsewhere(search: Search, main: Candidate) -> bool:
    """Tell whether a look sees several sure digits, and nothing else, where the main one is."""
    return any(
        len(seen.digits) > 1 and seen.lacks < DOUBTED and not seen.words and holds(seen, main)
        for seen in map(search.read, search.fine_inks)
    )


def find_lines(search: Search, main: Candidate) -> list[Line]:
    """Find every digit, line by line.

    Where the main digit is sure and nothing of its height stands beside it, it is the only one.
    """
    only = [[as_digit(main)]]
    is_sure = main.likelihood > SURE
    ink = search.fine_ink(main)
    seen = search.read(ink)
    may_be_edge = not main.ink.is_clean and (
        main.likelihood < CERTAIN or is_as_large_as_edges(main, search.shape)
    )
    if is_circle(main, seen.digits):
        return seen.lines
    if is_sure and search.num_stages == 1 and not may_be_edge and are_part_of(seen.digits, main):
        return only
    is_missed = not holds(seen, main) and (ink is not main.ink or len(seen.digits) > 1)
    if search.num_stages > 1 or may_be_edge or is_missed or seen.lacks > DOUBTED:
        while search.go_on():
            pass
        seen = read_looks(search, main, ink)
    if len(seen.digits) < 2:
        return only
    if are_part_of(seen.digits, main) and not is_circle(main, seen.digits):
        return seen.lines if not is_sure and is_split(seen.digits, main) else only
    return seen.lines


def is_circle(main: Candidate, digits: Line) -> bool:
    """Tell whether the main digit is rather a circle around several digits, a 0 to the network."""
    if len(digits) < 2 or not are_mostly_sure(digits):
        return False
    left, top, right, bottom = main.ink.box_in_picture(main.box)
    across, down = WITHIN * (right - left), WITHIN * (bottom - top)
    return are_part_of(digits, main) and all(
        digit.box[0] > left + across
        and digit.box[1] > top + down
        and digit.box[2] < right - across
        and digit.box[3] < bottom - down
        for digit in digits
    )


def are_mostly_sure(digits: Line) -> bool:
    """Tell whether at least two of three digits are sure."""
    return sum(digit.likelihood < SURE for digit in digits) <= len(digits) // 3


def are_likely(digits: Line) -> bool:
    """Tell whether at least every second digit is sure, and the others are likely."""
    likelihoods = [digit.likelihood for digit in digits]
    are_sure = sum(likelihood > SURE for likelihood in likelihoods)
    return 2 * are_sure >= len(digits) and min(likelihoods) > LIKELY


def is_split(digits: Line, main: Candidate) -> bool:
    """Tell whether what may be one digit is rather several, which touch or stand close."""
    likelihoods = [digit.likelihood for digit in digits]
    if sum(likelihoods) < main.likelihood + SPLIT:
        return False
    if count_pieces(main.ink.cut_out(main.group.mask)) == 1:
        left, top, right, bottom = main.box
        is_wide = right - left > WIDEST * (bottom - top)
        return sum(likelihoods) > (SURE if is_wide else PARTED) * len(likelihoods)
    return are_mostly_sure(digits) or are_likely(digits)


def read_looks(search: Search, main: Candidate, ink: Ink) -> Writing:
    """Return what is worth most of all looks, until two looks saw equally many digits.

    Looks that do not see the main digit where it is sure, nor a word there, see edges and shadows
    instead, unless only a rough look saw it and they see a sure number. Where it was seen alone,
    what other looks add to it is an edge if all of that is straight.

    Args:
        search: The search, whose looks are read.
        main: The main digit.
        ink: The ink that is read first.
    """
    first = best = search.read(ink)
    agreed = 0
    is_sure = main.likelihood > CERTAIN and not main.is_heap and not is_straight(main.digit)
    is_fine = main.ink.is_clean or any(main.ink is fine for fine in search.fine_inks)
    least = 2 if is_sure and len(first.digits) == 1 else 0
    if is_sure and not holds(first, main):
        best = Writing(worth=-math.inf)
    for look in search.looks:
        for other in look.fine_inks:
            seen = search.read(other)
            is_one = is_sure and not is_circle(main, seen.digits)
            is_one &= is_fine or not has_sure_line(seen)
            if is_one and (not holds(seen, main) or len(bent(seen.digits)) < least):
                continue
            if is_rather(seen, best):
                best = seen
            num_digits = len(seen.digits)
            if num_digits > 1 and seen.lacks < DOUBTED:
                if num_digits == agreed:
                    return best
                agreed = num_digits
                break  # the other direction holds nothing more
    if ink is not main.ink and best.lacks > DOUBTED:
        return max(best, search.read(main.ink), key=lambda seen: seen.worth)
    return best


def is_rather(seen: Writing, best: Writing) -> bool:
    """Tell whether what one look sees is rather there than what was seen before.

    The edges of tables, pages and stripes are 1s: any number of them, with fewer digits that are no
    lines among them, gives way to likely ones. Nothing is worth more than lines among many edges,
    but not more than digits.
    """
    num_seen, num_best = len(bent(seen.digits)), len(bent(best.digits))
    if num_seen > num_best and are_lines(best) and are_there(seen):
        return True
    if num_seen < num_best and are_lines(seen) and are_there(best):
        return False
    return seen.worth > best.worth and (bool(seen.digits) or not bent(best.digits))


def are_there(writing: Writing) -> bool:
    """Tell whether digits are likely, or one line of them is sure, whatever stands around it."""
    return has_sure_line(writing) or are_likely(writing.digits)


def has_sure_line(writing: Writing) -> bool:
    """Tell whether one line is sure, and long enough for no part of a word or a texture."""
    return any(are_sure(line) and len(bent(line)) >= SURE_LINE for line in writing.lines)


def are_lines(writing: Writing) -> bool:
    """Tell whether most of what is written are straight lines."""
    return 2 * len(bent(writing.digits)) < len(writing.digits)


def as_digit(candidate: Candidate) -> Digit:
    """Return a candidate as a digit in the picture."""
    box = candidate.ink.box_in_picture(candidate.box)
    return Digit(candidate.digit, box, candidate.likelihood)


def are_part_of(digits: Line, main: Candidate) -> bool:
    """Tell whether all digits lie where the main one does, and are no small things inside of it."""
    left, top, right, bottom = main.ink.box_in_picture(main.box)
    slack = 0.02 * max(right - left, bottom - top) + 2
    heights = [digit.box[3] - digit.box[1] for digit in digits]
    return max(heights, default=bottom) > INSIDE * (bottom - top) and all(
        digit.box[0] >= left - slack
        and digit.box[1] >= top - slack
        and digit.box[2] <= right + slack
        and digit.box[3] <= bottom + slack
        for digit in digits
    )


def holds(seen: Writing, main: Candidate) -> bool:
    """Tell whether digits or words take most of the main digit's place: lines only that of a 1."""
    left, top, right, bottom = main.ink.box_in_picture(main.box)
    digits = seen.digits if is_straight(main.digit) else bent(seen.digits)
    shared = 0
    for box in (*(digit.box for digit in digits), *seen.words):
        across = min(right, box[2]) - max(left, box[0])
        down = min(bottom, box[3]) - max(top, box[1])
        shared += max(0, across) * max(0, down)
    return shared > HELD * (right - left) * (bottom - top)


def is_as_large_as_edges(main: Candidate, shape: tuple[int, ...]) -> bool:
    """Tell whether the main digit is as large as a page's edge is, or as long as a shadow's."""
    left, top, right, bottom = main.ink.box_in_picture(main.box)
    across, down = (right - left) / shape[1], (bottom - top) / shape[0]
    is_long = is_straight(main.digit) and max(across, down) > EDGE_LENGTH
    return is_long or across * down > PAGE_SHARE
