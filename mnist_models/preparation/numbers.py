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
from mnist_models.preparation.marks import AROUND, MOST_MARKS, Mark, Marks, find_marks
from mnist_models.preparation.pens import bent, find_unlike, is_straight
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
from mnist_models.preparation.sizes import add_sizes, height_of, other_sizes, without_letters
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

LINES, MOST, JOINED, LACKING_EACH = 3, 0.6, 3, 0.1
"""So many lines, and this share of all, that join so many digits each and reach beyond them, are a
form's, and taken off unseen where each digit falls short by no more than the last: else all that
they join has to be cut."""

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

DOT = 0.25
"""Beside marks of another size, what is lower than this share of the highest is a dot."""

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
    cleared, boxes = clear_lines(ink, found)
    apart = None
    if len(boxes) >= LINES:
        apart = read_marks(cleared, find_marks(cleared, LOOKING_SIDE), judge, known)
        if is_form(boxes, apart):
            return apart
    joined = read_marks(ink, found, judge, known)
    # Where digits take a mark's place, there may be no line; else the line hid them.
    may_be_digits = all(are_across(joined.digits, box) for box in boxes)
    if not boxes or (may_be_digits and joined.lacks <= LACKING):
        return joined
    apart = apart or read_marks(cleared, find_marks(cleared, LOOKING_SIDE), judge, known)
    is_no_worse = may_be_digits or joined.worth >= apart.worth
    return joined if is_no_worse and joined.lacks <= max(apart.lacks, LACKING) else apart


def is_form(boxes: list[Box], apart: Writing) -> bool:
    """Tell whether the lines that were erased are a form's, and what stood on them is likely."""
    num_ruled = sum(is_ruled_line(box, apart.digits) for box in boxes)
    lacks_little = apart.lacks - len(apart.words) <= LACKING_EACH * len(apart.digits)
    return lacks_little and num_ruled >= max(LINES, MOST * len(boxes))


def is_ruled_line(box: Box, digits: Line) -> bool:
    """Tell whether what a line was erased from was that alone, or joined several digits by it."""
    joined = sum(holds_middle(box, digit.box) for digit in digits)
    if joined == 0:
        return bool(digits) and box[3] - box[1] < LOWEST * height_of(digits)
    return joined >= JOINED and not are_across(digits, box)


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
    if not marks:
        return Writing()
    height = usual_height(marks)
    lower, higher = other_sizes(marks, height)
    if len(marks) > MOST_MARKS:  # print, or grain: what is sure is far larger than that
        large = [mark for mark in marks if mark.height > LOWEST * height]
        large = large if len(large) <= MOST_MARKS else higher
        seen = read_size(ink, found, large, forms, judge, known)
        return add_sizes(Writing(), seen, Writing(), ink)
    foreign = found.foreign | found.edges
    marks += [
        mark
        for mark in foreign
        if (mark.height < RING * height and any(map(mark.holds, marks)))
        or is_cut_digit(mark, marks, height)
    ]
    others = {*lower, *higher}
    high = [
        mark
        for mark in marks
        if LOWEST * height < mark.height < HIGHEST * height and mark not in others
    ]
    low = [mark for mark in marks if LETTER * height < mark.height <= LOWEST * height]
    lines = into_lines(high, height)
    rows = [into_row(line, low, found, ink) for line in lines if may_be_line(line, height)]
    parts = read_rows(ink, rows, judge, known)
    digits_in_ink = [part.box for line, _ in parts for part in line if isinstance(part, Digit)]
    letters = [box for box in map(found.box_in_ink, low) if not is_inside(box, digits_in_ink)]
    is_all = all(mark.height < HIGHEST * height for mark in marks)
    writing = without_words(parts, letters, is_all)
    if writing.words:
        rest = without_marks(ink, found, writing.words)
        beside = read_beside(rest, writing.words, forms, judge, known)
        if is_all or beside.digits:
            return beside
        writing = without_words(parts, letters)
    edges = find_edges(writing.lines, ink)
    # Seen otherwise, the upright lines of forms would each be a sure 1.
    worth = float(sum(form.num_lines for form in forms if is_filled(form, writing.digits)))
    worth += writing.worth - sum(edge.worth for edge in edges) - (len(lines) - len(rows))
    if not ink.is_clean:
        worth -= sum(mark.height > height for mark in foreign if mark not in high)
    digits = [[digit for digit in line if not is_among(digit, edges)] for line in writing.lines]
    words = [ink.box_in_picture(word) for word in writing.words]
    usual = Writing([with_spaces(line, ink, forms) for line in digits if line], worth, words)
    taken = [*digits_in_ink, *writing.words]
    lower = [mark for mark in lower if not is_inside(found.box_in_ink(mark), taken)]
    larger = read_size(ink, found, higher, forms, judge, known)
    smaller = read_size(ink, found, lower, forms, judge, known)
    highest = max((mark.height for mark in lower), default=0)
    num_high = sum(mark.height > DOT * highest for mark in lower)
    is_cut = len(smaller.digits) > 2 * num_high  # as an m is, a unit behind its number
    return add_sizes(usual, larger, Writing() if is_cut else smaller, ink)


def read_size(
    ink: Ink, found: Marks, marks: list[Mark], forms: list[Form], judge: Judge, known: Known
) -> Writing:
    """Read only some marks, which are far higher or far lower than what else stands out."""
    if not marks or len(marks) > MOST_MARKS:
        return Writing()
    alone = replace(ink, strength=ink.strength * found.mask(marks, ink.strength.shape))
    return read_rest(alone, find_marks(alone, LOOKING_SIDE), forms, judge, known)


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
    kept = without_letters(seen, seen.lines)
    return replace(kept, worth=kept.worth - len(words), words=words + kept.words)


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
    """Return what is straight, as a 1 is, but of another pen than its line's other digits.

    A line of nothing else is compared with all lines.
    """
    every = [digit for line in lines for digit in line]
    edges = []
    for line in lines:
        digits = line if bent(line) else every
        straight = [is_straight(digit.pixels) for digit in digits]
        unlike = find_unlike(ink, [digit.box for digit in digits], straight)
        own = [is_among(digit, line) for digit in digits]
        edges += [
            digit for digit, *is_edge in zip(digits, unlike, own, strict=True) if all(is_edge)
        ]
    return edges


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
