"""Ways to see a picture, and what may be the digit in each of them."""

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
    smooth_inks,
    uneven_inks,
    wide_inks,
)
from mnist_models.preparation.marks import LEAST_MAIN, Group, group_marks
from mnist_models.preparation.mnist_form import mnist_form
from mnist_models.preparation.pages import find_pages
from mnist_models.preparation.panels import join_panels
from mnist_models.preparation.pens import is_straight
from mnist_models.preparation.underlines import without_edges, without_lines
from mnist_models.preparation.writing import NEARLY, SURE

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

EDGE, CUT, REGION = 1.5, 0.5, 1.0
"""Handicaps: in a photograph, of what is rather an edge, a box or a line, and of what the border of
a tight crop cuts; of a side or corner, and in a drawing of what a stroke on a page encloses."""

ON_BORDER, ON_SIDE = 0.5, 0.19
"""A pattern that fills its picture covers more of its border, and of each side, than these shares;
digits leave corners and sides free."""

MOST_EDGE = 0.5
"""A soft digit that fills its picture has at least this share of all edge in it."""

SEEN_SIDE = 200
"""Marks that were seen in different ways are compared with so many pixels a side."""

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
        is_ground = group.main.is_region or (ink.is_clean and group.is_within)
        handicap += REGION if is_ground and not look.is_for_one else 0.0
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
