"""From marks to digits in reading order: lines, words and spaces."""

from dataclasses import replace
from itertools import pairwise
from typing import Any

import cv2
import numpy as np

from mnist_models.preparation.cells import Form, erase_forms, find_forms, find_pale_forms
from mnist_models.preparation.circles import erase_circles
from mnist_models.preparation.cutting import cut_doubted, likeliest_digits
from mnist_models.preparation.ground import LOOKING_SIDE
from mnist_models.preparation.ink import Box, Ink, holds_middle, surround
from mnist_models.preparation.letters import LETTER, without_words
from mnist_models.preparation.marks import AROUND, MOST_MARKS, Marks, find_marks
from mnist_models.preparation.pens import find_unlike, is_straight
from mnist_models.preparation.rows import (
    HIGHEST,
    LOWEST,
    Piece,
    Row,
    into_lines,
    into_row,
    is_cut_digit,
    may_be_line,
    standing_out,
    usual_height,
)
from mnist_models.preparation.stacks import part_lines
from mnist_models.preparation.underlines import clear_lines
from mnist_models.preparation.writing import Digit, Judge, Line, Part, Writing

RING = 1.25
"""What runs around another mark is a 0 with a stroke inside, up to so many times the usual height;
what is higher is a circle around a digit."""

ACROSS = 0.8
"""Digits stand along a mark when they take this share of its width: a line reaches beyond them."""

TOUCHING = 0.2
"""Where less is lacking, no lines are parted: an 8 of two rings beside a 1 is sure."""

LACKING = 0.5
"""Nothing is taken off digits that fall short of as many sure ones by no more than this."""

PARTED = 1.0
"""Marks of several digits are parted between lines where what is read then is worth this more, as a
digit is; one digit may stand beside a word half as high."""

SPACE = 0.62
"""A gap wider than this share of the digits' height, and than twice the line's usual gap, is a
space between two numbers."""

EVEN, FEW = 0.25, 3
"""At least so many digits whose middles' distances differ by less than this share stand in cells
that did not show, or are written as if they did: no gap is a space."""

EMPTY = 1.6
"""Digits in a form with more than so many cells between their middles have an empty one between."""

Known = dict[tuple[Any, ...], list[Part]]
"""What lines were read as, by all that decides it: a look is read again without a line in it."""


def read_lines(ink: Ink, judge: Judge) -> Writing:
    """Read every digit, also where it touches one of the line below.

    Args:
        ink: What stands out.
        judge: Says of digits how likely each one is.
    """
    found = find_marks(ink, LOOKING_SIDE)
    known: Known = {}
    seen = read_joined(ink, found, judge, known)
    may_touch = seen.lacks > TOUCHING and len(seen.digits) > 1
    parted = part_lines(ink, found) if may_touch else None
    if parted is None:
        return seen
    apart = read_joined(parted, find_marks(parted, LOOKING_SIDE), judge, known)
    return apart if apart.worth > seen.worth + PARTED else seen


def read_joined(ink: Ink, found: Marks, judge: Judge, known: Known) -> Writing:
    """Read every digit, also where a line joins them, such as the one that a number stands on.

    Args:
        ink: What stands out.
        found: Its marks.
        judge: Says of digits how likely each one is.
        known: Lines that were read before; what is read now is added to them.
    """
    joined = read_marks(ink, found, judge, known)
    cleared, boxes = clear_lines(ink, found)
    # Where digits take a mark's place, there may be no line; else the line hid them.
    may_be_digits = all(are_across(joined.digits, box) for box in boxes)
    if not boxes or (may_be_digits and joined.lacks <= LACKING):
        return joined
    apart = read_marks(cleared, find_marks(cleared, LOOKING_SIDE), judge, known)
    is_no_worse = may_be_digits or joined.worth >= apart.worth
    return joined if is_no_worse and joined.lacks <= max(apart.lacks, LACKING) else apart


def are_across(digits: Line, box: Box) -> bool:
    """Tell whether digits stand along most of a box."""
    left, top, right, bottom = box
    beside = [digit.box for digit in digits if top < (digit.box[1] + digit.box[3]) / 2 < bottom]
    across = sum(max(0, min(right, other[2]) - max(left, other[0])) for other in beside)
    return across > ACROSS * (right - left)


def read_marks(ink: Ink, found: Marks, judge: Judge, known: Known) -> Writing:
    """Read what some marks are.

    Args:
        ink: What stands out.
        found: Its marks.
        judge: Says of digits how likely each one is.
        known: Lines that were read before; what is read now is added to them.
    """
    clear, rest, forms = without_company(ink, found)
    return read_rest(clear, rest, forms, judge, known)


def read_rest(ink: Ink, found: Marks, forms: list[Form], judge: Judge, known: Known) -> Writing:
    """Read what some marks are, once cells and circles are erased.

    Words are left out, and what remains is read once more: beside letters, digits that are far
    higher were too high.

    Args:
        ink: What stands out.
        found: Its marks.
        forms: The cells that were erased.
        judge: Says of digits how likely each one is.
        known: Lines that were read before; what is read now is added to them.
    """
    marks = standing_out(found, ink)
    if not marks or len(marks) > MOST_MARKS:
        return Writing()
    height = usual_height(marks)
    foreign = found.foreign | found.edges
    marks += [
        mark
        for mark in foreign
        if (mark.height < RING * height and any(map(mark.holds, marks)))
        or is_cut_digit(mark, marks, height)
    ]
    high = [mark for mark in marks if LOWEST * height < mark.height < HIGHEST * height]
    low = [mark for mark in marks if LETTER * height < mark.height <= LOWEST * height]
    lines = into_lines(high, height)
    rows = [into_row(line, low, found, ink) for line in lines if may_be_line(line, height)]
    parts = read_rows(ink, rows, judge, known)
    digits_in_ink = [part.box for line, _ in parts for part in line if isinstance(part, Digit)]
    lower = [box for box in map(found.box_in_ink, low) if not is_inside(box, digits_in_ink)]
    is_all = all(mark.height < HIGHEST * height for mark in marks)
    writing = without_words(parts, lower, is_all)
    if writing.words:
        rest = without_marks(ink, found, writing.words)
        beside = read_beside(rest, writing.words, forms, judge, known)
        if is_all or beside.digits:
            return beside
        writing = without_words(parts, lower)
    edges = find_edges(writing.lines, ink)
    # Seen otherwise, the upright lines of forms would each be a sure 1.
    worth = float(sum(form.num_lines for form in forms if is_filled(form, writing.digits)))
    worth += writing.worth - sum(edge.worth for edge in edges) - (len(lines) - len(rows))
    if not ink.is_clean:
        worth -= sum(mark.height > height for mark in foreign if mark not in high)
    digits = [[digit for digit in line if not is_among(digit, edges)] for line in writing.lines]
    words = [ink.box_in_picture(word) for word in writing.words]
    return Writing([with_spaces(line, ink, forms) for line in digits if line], worth, words)


def read_rows(
    ink: Ink, rows: list[Row], judge: Judge, known: Known
) -> list[tuple[list[Part], float]]:
    """Read what stands in each line, if it is not known yet; return that and the line's height."""
    parts: list[tuple[list[Part], float]] = []
    for row, pieces in zip(rows, cut_doubted(ink, rows, judge), strict=True):
        key = row.height, *(what_is_seen(ink, piece) for piece in pieces)
        if key not in known:
            known[key] = likeliest_digits(ink, pieces, row.height, judge)
        parts.append((known[key], row.height))
    return parts


def is_inside(box: Box, others: list[Box]) -> bool:
    """Tell whether a box lies in one of some others, as a stroke does in its digit's."""
    return any(surround([other, box]) == other for other in others)


def read_beside(
    rest: Ink, words: list[Box], forms: list[Form], judge: Judge, known: Known
) -> Writing:
    """Read what stands beside words, which were left out of the ink."""
    seen = read_rest(rest, find_marks(rest, LOOKING_SIDE), forms, judge, known)
    words = [rest.box_in_picture(word) for word in words]
    return replace(seen, worth=seen.worth - len(words), words=words + seen.words)


def without_marks(ink: Ink, found: Marks, boxes: list[Box]) -> Ink:
    """Erase the marks whose middles lie in boxes of the ink."""
    inside = [
        mark
        for mark in found.every
        if any(holds_middle(box, found.box_in_ink(mark)) for box in boxes)
    ]
    own = found.mask(inside, ink.strength.shape)
    others = found.mask([mark for mark in found.every if mark not in inside], own.shape)
    # Their blurred edges go with them: alone, they would stand out.
    blurred = cv2.dilate(own, np.ones((AROUND * found.step,) * 2, np.uint8))
    return replace(ink, strength=ink.strength * ((blurred == 0) | (others > 0)))


def is_filled(form: Form, digits: Line) -> bool:
    """Tell whether cells hold digits, and no more than they can."""
    num_digits = sum(form.holds(digit.box) for digit in digits)
    return 0 < num_digits < form.num_lines


def what_is_seen(ink: Ink, piece: Piece) -> tuple[Box, float, bool, bytes]:
    """Return all of a piece that decides what it is read as."""
    left, top, right, bottom = piece.box
    seen = ink.strength[top:bottom, left:right] * piece.mask
    return piece.box, piece.crossing, piece.is_low, seen.tobytes()


def without_company(ink: Ink, found: Marks) -> tuple[Ink, Marks, list[Form]]:
    """Erase printed cells and the circles that digits touch; return what is left, and the cells."""
    forms = find_forms(found, ink.strength.shape)
    if not forms and not ink.is_clean:
        forms = find_pale_forms(ink)
    if forms:
        ink = erase_forms(ink, forms)
        found = find_marks(ink, LOOKING_SIDE)
    clear = erase_circles(ink, found)
    return clear, found if clear is ink else find_marks(clear, LOOKING_SIDE), forms


def find_edges(lines: list[Line], ink: Ink) -> Line:
    """Return what is straight, as a 1 is, but of another pen than the lines' other digits."""
    digits = [digit for line in lines for digit in line]
    straight = [is_straight(digit.pixels) for digit in digits]
    unlike = find_unlike(ink, [digit.box for digit in digits], straight)
    return [digit for digit, is_edge in zip(digits, unlike, strict=True) if is_edge]


def is_among(digit: Digit, digits: Line) -> bool:
    """Tell whether a digit is one of some: the same one, for pixels compare one by one."""
    return any(digit is other for other in digits)


def with_spaces(digits: Line, ink: Ink, forms: list[Form]) -> Line:
    """Mark the spaces of a line, and say where its digits are in the picture."""
    spaces = [False, *find_spaces([digit.box for digit in digits], forms)]
    return [
        Digit(digit.pixels, ink.box_in_picture(digit.box), digit.likelihood, space)
        for digit, space in zip(digits, spaces, strict=True)
    ]


def find_spaces(boxes: list[Box], forms: list[Form]) -> list[bool]:
    """Tell of each gap in a line whether it is a space; in a form, whether a cell is empty."""
    form = next((form for form in forms if all(map(form.holds, boxes))), None)
    steps = [sum(other[::2]) / 2 - sum(one[::2]) / 2 for one, other in pairwise(boxes)]
    if form is not None:
        return [step > EMPTY * form.pitch for step in steps]
    if len(boxes) >= FEW and max(steps) - min(steps) < EVEN * float(np.median(steps)):
        return [False] * (len(boxes) - 1)
    height = float(np.median([bottom - top for _, top, _, bottom in boxes]))
    gaps = np.array([other[0] - one[2] for one, other in pairwise(boxes)])
    narrow = gaps[gaps <= SPACE * height]  # where none is, the digits are written far apart
    usual = float(np.median(np.maximum(narrow if narrow.size else gaps, 0))) if gaps.size else 0.0
    least = SPACE * height if gaps.size == 1 else max(SPACE * height, 2 * usual)
    return (gaps > least).tolist()
