"""Where the digits are: a picture is seen in several ways, and the likeliest digits win.

Nothing is decided for good before it was read. Each way to see a picture proposes marks that may
be a digit; a judge says how likely each one is, and what is likelier for other reasons (the way
that fits most pictures, the mark with most edge) has a head start.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import cv2
import numpy as np
from numpy.typing import NDArray

from mnist_models.errors import NoInkError
from mnist_models.preparation.ground import Levels, Strength, shrink
from mnist_models.preparation.ink import (
    WIDE_SIDE,
    Box,
    Ink,
    above_shade,
    drawn_inks,
    extreme_inks,
    holds_middle,
    smooth_inks,
    uneven_inks,
    wide_inks,
)
from mnist_models.preparation.marks import LEAST_MAIN, Group, group_marks
from mnist_models.preparation.mnist_form import mnist_form
from mnist_models.preparation.numbers import WIDEST, Judge, read_lines
from mnist_models.preparation.pages import find_pages
from mnist_models.preparation.panels import join_panels
from mnist_models.preparation.pens import is_straight
from mnist_models.preparation.underlines import without_edges, without_lines
from mnist_models.preparation.writing import NEARLY, SURE, Digit, Line, Writing

POOR = math.log(0.05)
"""Where nothing is sure, what is likelier than this, its handicap included, may still stand in the
first one's place."""

CERTAIN = math.log(0.98)
"""Of a digit less likely than this it is asked whether lines run through it: reading costs less."""

UNSURE = 1.0
"""What is not even nearly sure is seldom the right one where there is a choice: a handicap that
grows to this until there."""

MOST_GROUPS = 6
"""Groups of marks that are judged in each way to see a picture."""

WIDER, LATER, NEXT, ROUGH = 0.1, 0.3, 0.1, 0.6
"""Handicaps, in logarithms: of broad strokes where thin ones are expected, of what is looked at
only after the first look was not sure, of each further page, and of uneven ground where smooth
ground or a color was found. They keep what was read first unless something else is likelier."""

SMALLER, ALONE, AROUND, OF_MANY = 1.5, 0.1, 0.6, 3.0
"""Handicaps: times the logarithm of how much less edge a mark has than the first; of a mark without
what seems to belong to it; of what goes around something else; of one of many marks."""

SLIVER, FULL = 1.5, 0.6
"""In a small photograph a digit fills the second share of a side; the handicap of a smaller one is
the first times the logarithm of how much is missing."""

SMALL_SIDE = 400
"""Photographs up to this many pixels a side are small."""

ENDING = 0.5
"""With less than this handicap, a sure digit of the first look ends the search."""

EDGE, CUT, REGION = 1.5, 0.5, 1.0
"""Handicaps: in a photograph, of what is rather an edge, a box or a line, and of what the border of
a tight crop cuts; of a side or corner."""

ON_BORDER, ON_SIDE = 0.5, 0.19
"""A pattern that fills its picture covers more of its border, and of each side, than these shares;
digits leave corners and sides free."""

MOST_EDGE = 0.5
"""A soft digit that fills its picture has at least this share of all edge in it."""

ALL_EDGE = 0.9
"""Where a mark has more than this share of all edge, nothing stands beside it."""

SPLIT, PARTED = 2.0, math.log(0.86)
"""What may be one digit is read as several when they are likelier by the first, a logarithm; and
where it is of one piece, each of them on average likelier than the second (sure, where it is far
too wide for one digit), else two of three of them sure: so most scribbles and letters and all
single digits stay whole, and touching digits part."""

PAGE_SHARE, INSIDE = 0.25, 0.35
"""What takes so large a share of a photograph may be a page's edge, and digits lower than the
second share of it stand on that page."""

WITHIN = 0.02
"""Digits in a circle lie farther from its box than this share of its sides."""

HELD = 0.35
"""Digits that take this share of the main one's box are that one, or its parts."""

DOUBTED = 0.5
"""Other ways to see a picture are tried when what its digits are worth falls short of their number
by more than this: one of them is doubted, or something is no digit."""

SEEN_SIDE = 200
"""Marks that were seen in different ways are compared with so many pixels a side."""

LESS, COVERED, WHOLE = 0.85, 0.9, 1.0
"""A digit is only a part of another one when it has less than the first share of its ink, and the
second share of its own lies there; the whole goes first if it is less likely by up to the last, a
logarithm: outlines of a 6 are a sure 5."""

LIKELY = math.log(0.3)
"""What is less likely than this, its handicap included, is not sure: textures hold many a 1. Where
the first look saw nothing that may be a digit, what is likelier stands."""

SPANNING = 0.5
"""A page, a frame or a window on one color takes this share of both sides of a picture at least."""

MOST_PIECES, PIECE = 10, 0.2
"""Ink of more pieces than this is a text, a toolbar or an axis with its ticks: what differs from
ground by this share of full ink connects. A pen that skips leaves fewer pieces."""

THIN = 0.4
"""Handicap of what is straight: an edge is a 1 to the network. It is less than what ends the
search, for a 1 is one, too."""

NO_LINE, NO_FOOT, WIDE = 0.05, 0.4, 1.25
"""Handicaps of a digit without the lines through it: usually, and where they may be its own foot,
since they end before the picture's border and all is less than so many times as wide as high."""


@dataclass
class Candidate:
    """Marks that may be the digit.

    Attributes:
        digit: uint8 (28, 28).
        ink: The way to see the picture in which it was found.
        group: Its marks.
        handicap: How unlikely it is before it is read, as a logarithm.
        is_part: Whether it leaves out what seems to belong to it.
        is_heap: Whether it has more pieces than a digit.
        likelihood: What the judge says of it.
    """

    digit: NDArray[np.uint8]
    ink: Ink
    group: Group
    handicap: float
    is_part: bool = False
    is_heap: bool = False
    likelihood: float = -math.inf

    @property
    def plausibility(self) -> float:
        """How likely it is, its handicap included."""
        return self.likelihood - self.handicap

    @property
    def score(self) -> float:
        """How likely it is among others."""
        return self.plausibility - UNSURE * min(1.0, self.likelihood / NEARLY)

    @property
    def is_settled(self) -> bool:
        """Whether no other look is needed: a drawing has one ground, a photograph perhaps not."""
        return (self.plausibility if self.ink.is_clean else self.score) > SURE

    @property
    def box(self) -> Box:
        """Where its marks are in the ink."""
        left, top, width, height = cv2.boundingRect(self.group.mask)
        return left, top, left + width, top + height

    def seen(self, shape: tuple[int, ...]) -> NDArray[np.uint8]:
        """Return where its marks are in a small picture of the whole: uint8, 1 for marks."""
        scale = SEEN_SIDE / max(shape)
        size = max(1, round(scale * shape[1])), max(1, round(scale * shape[0]))
        ink = ((self.ink.strength * self.group.mask) > self.ink.faintest).astype(np.uint8)
        matrix = np.diag([scale, scale, 1]) @ self.ink.to_picture
        return cv2.warpPerspective(ink, matrix, size, flags=cv2.INTER_NEAREST)


@dataclass
class Look:
    """One way to see a picture.

    Attributes:
        inks: What stands out, in one direction and in the other.
        handicap: How unlikely it is that the digits are found so.
        is_for_one: Whether it can find one digit only, which fills its picture.
        is_small: Whether the picture is a small photograph, of which a digit fills most.
        has_lines: Whether it is fine enough for lines of digits.
        among_text: Whether its marks are told apart as finely as letters have to be.
    """

    inks: list[Ink]
    handicap: float
    is_for_one: bool = False
    is_small: bool = False
    has_lines: bool = True
    among_text: bool = False

    @cached_property
    def groups(self) -> list[tuple[Ink, Group]]:
        """The groups of marks in every ink, that with most edge first."""
        pairs = [(ink, group) for ink in self.inks for group in group_marks(ink, self.among_text)]
        return sorted(pairs, key=lambda pair: -pair[1].worth)

    @cached_property
    def candidates(self) -> list[Candidate]:
        """What may be the digit, the likeliest first."""
        return propose(self)

    @property
    def fine_inks(self) -> list[Ink]:
        """What may hold lines of digits, the direction with most edge first."""
        inks = {id(ink): ink for ink, _ in self.groups}
        return [*inks.values()] if self.has_lines else []


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

    def fine_ink(self, main: Candidate) -> Ink:
        """Return the ink that the main digit was found in or, if that is too coarse, the first."""
        fine = [ink for look in self.looks for ink in look.fine_inks]
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
    return (beside, [[beside]]) if beside else (as_digit(main), find_lines(search, main))


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
    for ink in (own, *(ink for look in search.looks for ink in look.fine_inks)):
        seen = search.read(ink)
        is_alone = len(seen.digits) == 1 and seen.lacks - len(seen.words) < DOUBTED
        is_letter = any(holds_middle(word, box) for word in seen.words)
        is_beside = not is_sure and (seen.words or (ink is own and bent(seen.digits)))
        if is_alone and (is_letter or is_beside):
            return seen.digits[0]
    return None


def find_lines(search: Search, main: Candidate) -> list[Line]:
    """Find every digit, line by line.

    Where the main digit is sure and nothing of its height stands beside it, it is the only one.
    """
    only = [[as_digit(main)]]
    is_sure = main.likelihood > SURE
    ink = search.fine_ink(main)
    seen = search.read(ink)
    may_be_page = not main.ink.is_clean and (
        share_of_picture(main, search.shape) > PAGE_SHARE or main.likelihood < CERTAIN
    )
    if is_circle(main, seen.digits):
        return seen.lines
    if is_sure and search.num_stages == 1 and not may_be_page and are_part_of(seen.digits, main):
        return only
    is_missed = not holds(seen, main) and (ink is not main.ink or len(seen.digits) > 1)
    if search.num_stages > 1 or may_be_page or is_missed or seen.lacks > DOUBTED:
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
    instead; and where it was seen alone, what other looks add to it is an edge if all of that is
    straight.

    Args:
        search: The search, whose looks are read.
        main: The main digit.
        ink: The ink that is read first.
    """
    first = best = search.read(ink)
    agreed = 0
    is_sure = main.likelihood > NEARLY and not main.is_heap and not is_straight(main.digit)
    least = 2 if is_sure and len(first.digits) == 1 else 0
    if is_sure and not holds(first, main):
        best = Writing(worth=-math.inf)
    for look in search.looks:
        for other in look.fine_inks:
            seen = search.read(other)
            is_one = is_sure and not is_circle(main, seen.digits)
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

    The edges of tables and pages are 1s: any number of them gives way to likely digits that are no
    lines. Nothing is worth more than lines among many edges, but not more than digits.
    """
    if is_bent(seen) and are_lines(best):
        return True
    if are_lines(seen) and is_bent(best):
        return False
    return seen.worth > best.worth and (bool(seen.digits) or not bent(best.digits))


def is_bent(writing: Writing) -> bool:
    """Tell whether likely digits are written, at least one of which is no line."""
    return bool(bent(writing.digits)) and are_likely(writing.digits)


def are_lines(writing: Writing) -> bool:
    """Tell whether all that is written are straight lines."""
    return bool(writing.digits) and not bent(writing.digits)


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
        for candidate in look.candidates[:1]:
            return candidate.ink.only(candidate.group.mask)
    raise NoInkError("blank")


def stages(levels: Levels) -> Iterator[list[Look]]:
    """Yield the ways to see a picture: first the usual ones, then all others."""
    whole = np.eye(3)
    small, to_picture = shrink(levels)
    drawn = drawn_inks(levels, whole)
    smooth = [] if drawn else smooth_inks(small, to_picture)
    is_small = not drawn and max(levels.shape) <= SMALL_SIDE
    first = Look(drawn or smooth or uneven_inks(small, to_picture), 0.0, is_small=is_small)
    usual = [first]
    if not drawn and not smooth:
        usual.append(see_widely(levels, whole, WIDER, is_small))
    if is_small:
        usual.append(see_extremes(levels))
    yield usual
    is_heap = any(candidate.is_heap for candidate in first.candidates)
    has_regions = any(
        group.main.is_region or group.main.is_solid for group in likeliest_groups(first)
    )
    pages = find_pages(levels) if not drawn or is_heap or has_regions or spans(drawn) else []
    joined = join_panels(levels) if drawn else None
    rest = []
    if joined is not None:
        rest.append(Look(drawn_inks(joined, whole, all_colors_too=True), LATER))
    rest += [
        look
        for index, (page, page_to_picture) in enumerate(pages)
        for look in looks_at_page(page, page_to_picture, LATER + index * NEXT)
    ]
    above = [ink for ink in map(above_shade, drawn) if ink]
    if above:
        rest.append(Look(above, LATER))
    if drawn and is_heap:
        rest.append(replace(first, handicap=LATER, among_text=True))
    if smooth or (drawn and has_regions):
        uneven = uneven_inks(small, to_picture)
        rest.append(Look(uneven, LATER + NEXT + ROUGH, is_small=is_small))
    if smooth:
        rest.append(see_widely(levels, whole, LATER, is_small))
    if not drawn and not is_small:
        rest.append(see_extremes(levels))
    yield rest


def spans(inks: list[Ink]) -> bool:
    """Tell whether what stands out reaches from side to side, as frames and windows do."""
    for ink in inks:
        _, _, *size = cv2.boundingRect((ink.strength > ink.faintest).astype(np.uint8))
        if min(np.divide(size, ink.strength.shape[::-1])) > SPANNING:
            return True
    return False


def looks_at_page(levels: Levels, to_picture: NDArray[np.float64], handicap: float) -> list[Look]:
    """See what is on a page."""
    drawn = drawn_inks(levels, to_picture, all_colors_too=True)
    if drawn:
        return [Look(drawn, handicap)]
    small, to_page = shrink(levels)
    usual = smooth_inks(small, to_picture @ to_page) or uneven_inks(small, to_picture @ to_page)
    looks = Look(usual, handicap), see_widely(levels, to_picture, handicap + WIDER)
    return [replace(look, inks=[replace(ink, is_page=True) for ink in look.inks]) for look in looks]


def see_widely(
    levels: Levels, to_picture: NDArray[np.float64], handicap: float, is_small: bool = False
) -> Look:
    """See broad and rough strokes, with too few pixels for lines of digits."""
    small, to_levels = shrink(levels, WIDE_SIDE)
    inks = wide_inks(small, to_picture @ to_levels)
    return Look(inks, handicap, is_small=is_small, has_lines=False)


def see_extremes(levels: Levels) -> Look:
    """See a soft digit that fills its picture."""
    return Look(extreme_inks(*shrink(levels, WIDE_SIDE)), LATER, is_for_one=True, has_lines=False)


def propose(look: Look) -> list[Candidate]:
    """Propose what may be the digit in one way to see a picture, the likeliest first."""
    candidates: list[Candidate] = []
    for ink, group in look.groups[:MOST_GROUPS]:
        most = look.groups[0][1].worth
        if group.worth <= LEAST_MAIN * most:
            break
        if group.is_torn or not may_be_digit(group, ink, look, is_first=not candidates):
            continue  # the doubt of the whole stands
        smaller = most / group.worth
        pixels = ink.cut_out(group.mask)
        if not pixels.any():
            continue
        handicap = look.handicap + SMALLER * math.log(smaller)
        is_part = group.is_alone and smaller == 1 and bool(candidates)
        handicap += ALONE if is_part else 0.0
        is_heap = count_pieces(pixels) > MOST_PIECES
        handicap += crowding(group, is_heap)
        handicap += AROUND if group.is_around else 0.0
        if group.is_foreign and not ink.is_clean:
            handicap += EDGE
        elif group.main.cut and not ink.is_clean:
            handicap += CUT
        handicap += REGION if group.main.is_region and not look.is_for_one else 0.0
        if look.is_small:
            _, _, width, height = cv2.boundingRect(group.mask)
            size = max(width / group.mask.shape[1], height / group.mask.shape[0])
            handicap += SLIVER * math.log(max(1, FULL / size))
        digit = mnist_form(pixels)
        handicap += THIN if is_straight(digit) else 0.0
        candidates.append(Candidate(digit, ink, group, handicap, is_part, is_heap))
    return candidates


def crowding(group: Group, is_heap: bool) -> float:
    """Return the handicap of marks that are many, or one of many."""
    return OF_MANY if group.is_of_many or is_heap else 0.0


def count_pieces(pixels: NDArray[np.float32]) -> int:
    """Return of how many pieces some ink is."""
    return cv2.connectedComponents((pixels > PIECE).astype(np.uint8))[0] - 1


def may_be_digit(group: Group, ink: Ink, look: Look, is_first: bool) -> bool:
    """Tell whether marks may be a digit that the usual look missed; textures hold many a 1."""
    if look.is_for_one:
        return group.share > MOST_EDGE and not is_pattern(ink.strength * group.mask)
    if look.handicap and not ink.is_clean and group.is_foreign:
        return False  # cut by the border, as stripes are
    return not group.is_of_many or (is_first and not look.handicap)


def is_pattern(ink: Strength) -> bool:
    """Tell whether ink goes on beyond all sides of its picture, as stripes do.

    Args:
        ink: (height, width), 0..1.
    """
    full = ink > 0.5
    sides = [side.mean() for side in (full[0], full[-1], full[:, 0], full[:, -1])]
    return float(np.mean(sides)) > ON_BORDER and min(sides) > ON_SIDE


def clear(candidate: Candidate) -> list[Candidate]:
    """Propose a digit without the lines that run through it, if there are any."""
    ink, group = candidate.ink, candidate.group
    erasing = [without_lines, *([without_edges] if ink.fills_picture else [])]
    was_edge = group.main.cut and group.is_foreign and not ink.is_clean
    _, _, width, height = cv2.boundingRect(group.mask)
    may_be_foot = not group.main.cut and width < WIDE * height
    handicap = candidate.handicap + (NO_FOOT if may_be_foot else NO_LINE)
    handicap -= EDGE if was_edge else 0.0
    cleared = []
    for mask in (erase(ink, group.mask) for erase in erasing):
        if mask is not None:
            pixels, rest = ink.cut_out(mask), replace(group, mask=mask)
            digit, is_heap = mnist_form(pixels), count_pieces(pixels) > MOST_PIECES
            total = handicap + THIN * is_straight(digit)
            total += crowding(group, is_heap) - crowding(group, candidate.is_heap)
            cleared.append(
                replace(candidate, digit=digit, group=rest, handicap=total, is_heap=is_heap)
            )
    return cleared


def likeliest_groups(look: Look) -> list[Group]:
    """Return of each direction the group of marks with most edge."""
    firsts: dict[int, Group] = {}
    for ink, group in look.groups:
        firsts.setdefault(id(ink), group)
    return list(firsts.values())


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


def bent(digits: Line) -> Line:
    """Return the digits that are no straight lines."""
    return [digit for digit in digits if not is_straight(digit.pixels)]


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


def share_of_picture(main: Candidate, shape: tuple[int, ...]) -> float:
    """Return how large a digit's box is, as a share of the picture."""
    left, top, right, bottom = main.ink.box_in_picture(main.box)
    return (right - left) * (bottom - top) / (shape[0] * shape[1])
