"""From marks to digits in reading order: lines, and cuts where digits touch."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from mnist_models.preparation.cells import Form, erase_forms, find_forms, find_pale_forms
from mnist_models.preparation.circles import erase_circles
from mnist_models.preparation.ground import LOOKING_SIDE
from mnist_models.preparation.ink import Box, Ink, holds_middle
from mnist_models.preparation.letters import LETTER, without_words
from mnist_models.preparation.marks import (
    AROUND,
    MOST_MARKS,
    SPECK,
    WEAKEST,
    Mark,
    Marks,
    find_marks,
    on_grid_of_ink,
)
from mnist_models.preparation.mnist_form import mnist_form
from mnist_models.preparation.pens import find_unlike, is_straight
from mnist_models.preparation.seams import find_seams
from mnist_models.preparation.underlines import clear_lines
from mnist_models.preparation.writing import Digit, Line, Other, Part, Writing, worth_of

Judge = Callable[[NDArray[np.uint8]], NDArray[np.float32]]
"""Says of digits, uint8 (n, 28, 28), how likely each one is a digit: float32 (n,), the logarithm of
a share of 1."""

LOWEST, HIGHEST = 0.45, 2.2
"""Marks between these shares of the usual height may be digits; dots, commas, dashes are lower."""

ALONE = 0.75
"""What stands alone in its line is no digit when it is lower than this share of the usual height:
corners of a page and scraps of its edge are."""

RING = 1.25
"""What runs around another mark is a 0 with a stroke inside, up to so many times the usual height;
what is higher is a circle around a digit."""

CUT_LOWEST, CUT_HIGHEST, CUT_SLIMMEST = 0.7, 1.4, 0.3
"""What the picture's or the page's border cuts may be a digit beside others between the first two
shares of the usual height, and from the third in width: edges are slimmer."""

SAME_LINE = 0.45
"""Marks stand in one line when so much of the lower one's height lies beside the other."""

REACH = 5.0
"""A line goes on over gaps of up to so many times the usual height: from column to column."""

ABOVE = 0.5
"""A mark that lies above another over so much of the narrower one's width belongs to it."""

WIDE, WIDE_IN_NUMBER = 0.75, 0.5
"""Marks wider than the first share of their line's height may be several digits that touch; where
there are others, than the second: two slim digits are narrow, but so is many a letter alone."""

LONGEST = 12
"""What is wider than so many heights, its own or its line's, is no digits that touch, but a word or
a ruled line."""

MOST_CUT = 40
"""Marks that are wider than so many heights together are no digits that touch, but text."""

ACROSS = 0.8
"""Digits stand along a mark when they take this share of its width: a line reaches beyond them."""

WIDEST = 1.8
"""A digit is at most so many times as wide as its line is high."""

BROKEN = 0.15
"""Marks beside each other with at most this gap, as a share of the line's height, may be one
digit."""

NO_DIGIT = 4.5
"""What it costs, as a logarithm, to take a mark of a digit's width for none."""

ONE_MORE = 0.05
"""What each digit costs, as a logarithm: of two readings as likely the one with fewer stands."""

CROSSING = 4.0
"""What a cut costs, as a logarithm, for each line height of ink that it crosses."""

LOW, LOWER, BROAD, BROADER = 0.8, 1.5, 0.9, 1.0
"""A digit lower than the first share of its line's height, or broader than the third, is unlikely:
what each further line height costs, as a logarithm."""

LONG, LEANING, SLIM = 1.25, 0.4, 0.3
"""A slash is longer than its line is high, in its heights; as wide as the second share of its own
height; and as slim as the third share of its length."""

TALL, NEAR = 1.1, 0.3
"""A slash is higher than the first share of its line's height, or nearer to a digit than the
second: in cells and rows of samples a 1 may lean as much."""

RINGS, BESIDE = 0.15, 0.2
"""The rings of a percent sign are higher than the first share of their line's height, and nearer to
its slash than the second."""

SPACE = 0.62
"""A gap wider than this share of the digits' height, and than twice the line's usual gap, is a
space between two numbers."""

EVEN, FEW = 0.25, 3
"""At least so many digits whose middles' distances differ by less than this share stand in cells
that did not show, or are written as if they did: no gap is a space."""

EMPTY = 1.6
"""Digits in a form with more than so many cells between their middles have an empty one between."""


@dataclass(frozen=True)
class Piece:
    """A slice of a line's ink, which is part of a digit or all of it.

    Attributes:
        box: Where it is in the ink.
        mask: bool, of the box's size: which of its pixels are the piece's own.
        atom: The number of the marks in the line that it was cut from.
        crossing: How much ink the cut behind it crosses, as a share of the line's height.
    """

    box: Box
    mask: NDArray[np.bool_]
    atom: int
    crossing: float = 0.0


@dataclass(frozen=True)
class Row:
    """A line of marks.

    Attributes:
        atoms: Each mark, or those that lie above each other, as one piece.
        height: Of the line, in the ink's pixels.
    """

    atoms: list[Piece]
    height: float


Known = dict[tuple[Any, ...], list[Part]]
"""What lines were read as, by all that decides it: a look is read again without a line in it."""


def read_lines(ink: Ink, judge: Judge) -> Writing:
    """Read every digit, also where a line joins them, such as the one that a number stands on.

    Args:
        ink: What stands out.
        judge: Says of digits how likely each one is.
    """
    found = find_marks(ink, LOOKING_SIDE)
    known: Known = {}
    joined = read_marks(ink, found, judge, known)
    cleared, boxes = clear_lines(ink, found)
    if not boxes:
        return joined
    apart = read_marks(cleared, find_marks(cleared, LOOKING_SIDE), judge, known)
    # Where digits take a mark's place, there may be no line; else the line hid them.
    may_be_digits = all(are_across(joined.digits, box) for box in boxes)
    is_no_worse = may_be_digits or joined.worth >= apart.worth
    return joined if is_no_worse and joined.lacks <= apart.lacks else apart


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
    rows = [into_row(line, found, ink) for line in lines if may_be_line(line, height)]
    parts = read_rows(ink, rows, judge, known)
    lower = [found.box_in_ink(mark) for mark in low]
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
    worth += writing.worth - sum(map(worth_of, edges)) - (len(lines) - len(rows))
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


def what_is_seen(ink: Ink, piece: Piece) -> tuple[Box, float, bytes]:
    """Return all of a piece that decides what it is read as."""
    left, top, right, bottom = piece.box
    seen = ink.strength[top:bottom, left:right] * piece.mask
    return piece.box, piece.crossing, seen.tobytes()


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


def standing_out(found: Marks, ink: Ink) -> list[Mark]:
    """Return the marks that are no edges, ruled lines, echoes or specks."""
    foreign = found.foreign | found.edges
    marks = [
        mark for mark in found.every if mark not in foreign and mark.width <= LONGEST * mark.height
    ]
    strongest = max((mark.peak for mark in marks), default=0)
    smallest = 0.0 if ink.is_clean else SPECK * max((mark.outline for mark in marks), default=0)
    return [mark for mark in marks if mark.peak > WEAKEST * strongest and mark.outline >= smallest]


def may_be_line(line: list[Mark], height: float) -> bool:
    """Tell whether marks may be a line of digits: one alone has to be as high as others are."""
    return len(line) > 1 or line[0].height >= ALONE * height


def find_edges(lines: list[Line], ink: Ink) -> Line:
    """Return what is straight, as a 1 is, but of another pen than the lines' other digits."""
    digits = [digit for line in lines for digit in line]
    straight = [is_straight(digit.pixels) for digit in digits]
    unlike = find_unlike(ink, [digit.box for digit in digits], straight)
    return [digit for digit, is_edge in zip(digits, unlike, strict=True) if is_edge]


def is_among(digit: Digit, digits: Line) -> bool:
    """Tell whether a digit is one of some: the same one, for pixels compare one by one."""
    return any(digit is other for other in digits)


def usual_height(marks: list[Mark]) -> float:
    """Return the height of most of what stands out, by its edge: specks and dots hardly count."""
    least = 0.2 * max(mark.outline for mark in marks)
    marks = sorted((mark for mark in marks if mark.outline > least), key=lambda mark: mark.height)
    edge = np.cumsum([mark.outline for mark in marks])
    return float(marks[int(np.searchsorted(edge, edge[-1] / 2))].height)


def into_lines(marks: list[Mark], height: float) -> list[list[Mark]]:
    """Gather marks that stand beside each other, also where the page is turned a little."""
    lines: list[list[Mark]] = []
    for mark in sorted(marks, key=lambda mark: mark.left):
        nearest, nearest_gap = None, REACH * height
        for line in lines:
            for other in line[-4:]:
                gap = mark.left - other.right
                if share_rows(mark, other) and gap < nearest_gap:
                    nearest, nearest_gap = line, gap
        if nearest is None:
            lines.append([mark])
        else:
            nearest.append(mark)
    return sorted(lines, key=lambda line: float(np.mean([mark.top + mark.bottom for mark in line])))


def into_atoms(line: list[Mark]) -> list[list[Mark]]:
    """Join marks that lie above each other: the strokes of one digit."""
    atoms: list[list[Mark]] = []
    for mark in line:
        for atom in atoms[-2:]:
            left, right = min(part.left for part in atom), max(part.right for part in atom)
            shared = min(right, mark.right) - max(left, mark.left)
            if shared > ABOVE * min(right - left, mark.width):
                atom.append(mark)
                break
        else:
            atoms.append([mark])
    return atoms


def is_cut_digit(mark: Mark, marks: list[Mark], height: float) -> bool:
    """Tell whether a mark that the border cuts is rather a digit beside others than an edge."""
    if not mark.cut or mark.crosses or mark.is_region:
        return False
    is_high = CUT_LOWEST * height < mark.height < CUT_HIGHEST * height
    is_wide = CUT_SLIMMEST * height < mark.width < WIDEST * height
    return (
        is_high
        and is_wide
        and any(share_rows(mark, other) and mark.gap(other) < REACH * height for other in marks)
    )


def share_rows(mark: Mark, other: Mark) -> bool:
    """Tell whether two marks are at the same height, as in one line."""
    shared = min(mark.bottom, other.bottom) - max(mark.top, other.top)
    return shared > SAME_LINE * min(mark.height, other.height)


def without_slashes(line: list[Mark], found: Marks, height: float) -> list[Mark]:
    """Leave slashes out of a line: they stand between two digits, or between a percent's rings."""
    slashes = [
        mark
        for index, mark in enumerate(line)
        if is_slash(mark, found, height)
        and (
            parts_digits(mark, line[:index][-1:], line[index + 1 :][:1], height)
            or has_rings(mark, found, height)
        )
    ]
    return [mark for mark in line if mark not in slashes]


def parts_digits(mark: Mark, before: list[Mark], after: list[Mark], height: float) -> bool:
    """Tell whether a slash, which may be a leaning 1, stands as slashes do between two digits."""
    is_near = any(mark.gap(other) < NEAR * height for other in (*before, *after))
    return bool(before and after) and (is_near or mark.height > TALL * height)


def has_rings(mark: Mark, found: Marks, height: float) -> bool:
    """Tell whether low marks stand above and below a slash, at its left and its right."""
    x, y = (mark.left + mark.right) / 2, (mark.top + mark.bottom) / 2
    near = [
        other
        for other in found.every
        if RINGS * height < other.height <= LOWEST * height and mark.gap(other) < BESIDE * height
    ]
    above = any(other.right < x and other.bottom < y for other in near)
    return above and any(other.left > x and other.top > y for other in near)


def is_slash(mark: Mark, found: Marks, height: float) -> bool:
    """Tell whether a mark is a slash: a line that is longer and leans more than a 1."""
    length = float(np.hypot(mark.width, mark.height))
    if length < LONG * height or not LEANING < mark.width / mark.height < 1:
        return False
    own = found.labels[mark.top : mark.bottom, mark.left : mark.right] == mark.number
    rows, columns = np.nonzero(own)
    _, sides, _ = cv2.minAreaRect(np.stack([columns, rows], axis=1).astype(np.float32))
    is_straight = min(sides) < SLIM * max(sides)
    return is_straight and float(np.cov(rows, columns)[0, 1]) < 0


def take(ink: Ink, found: Marks, atom: list[Mark], number: int) -> Piece:
    """Return marks as one piece, on the ink's own grid."""
    left, top = min(mark.left for mark in atom), min(mark.top for mark in atom)
    right, bottom = max(mark.right for mark in atom), max(mark.bottom for mark in atom)
    step = found.step
    own = np.isin(found.labels[top:bottom, left:right], [mark.number for mark in atom])
    own = on_grid_of_ink(own, step)
    left, top = left * step, top * step
    own = own[: ink.strength.shape[0] - top, : ink.strength.shape[1] - left]
    high, wide = own.shape
    return Piece((left, top, left + wide, top + high), own, number)


def into_row(line: list[Mark], found: Marks, ink: Ink) -> Row:
    """Set a line's marks on the ink's own grid, without the slashes among them."""
    height = float(np.median([mark.height for mark in line]))
    atoms = into_atoms(without_slashes(line, found, height))
    pieces = [take(ink, found, atom, number) for number, atom in enumerate(atoms)]
    return Row(pieces, height * found.step)


def cut_doubted(ink: Ink, rows: list[Row], judge: Judge) -> list[list[Piece]]:
    """Cut what may be several digits: narrow pieces stay whole, and those that are sure digits.

    What is sure as a whole never is likelier in parts, for each digit more has its price. Where
    much would have to be cut, it is text, and takes long to read.

    Args:
        ink: What stands out.
        rows: The pieces of each line.
        judge: Says of digits how likely each one is.

    Returns:
        The pieces of each line from left to right.
    """
    least = WIDE_IN_NUMBER if sum(len(row.atoms) for row in rows) > 1 else WIDE
    doubted = [find_doubted(ink, row, least, judge) for row in rows]
    widths = [
        atom.mask.shape[1] / row.height
        for row, numbers in zip(rows, doubted, strict=True)
        for atom in row.atoms
        if atom.atom in numbers
    ]
    if sum(widths) > MOST_CUT:
        return [row.atoms for row in rows]
    return [
        [
            piece
            for atom in row.atoms
            for piece in (cut(ink, atom, row.height) if atom.atom in numbers else [atom])
        ]
        for row, numbers in zip(rows, doubted, strict=True)
    ]


def find_doubted(ink: Ink, row: Row, least: float, judge: Judge) -> set[int]:
    """Return the numbers of a line's pieces that are at least so wide and no sure digits."""
    wide = [atom for atom in row.atoms if least <= atom.mask.shape[1] / row.height <= LONGEST]
    formed = [(atom, form_digit(ink, [atom])) for atom in wide]
    digits = [(atom, digit[0]) for atom, digit in formed if digit is not None]
    if not digits:
        return set()
    likelihoods = judge(np.stack([digit for _, digit in digits])).tolist()
    judged = zip(digits, likelihoods, strict=True)
    return {atom.atom for (atom, _), likelihood in judged if likelihood < -ONE_MORE}


def cut(ink: Ink, atom: Piece, height: float) -> list[Piece]:
    """Cut a piece into smaller ones, from left to right."""
    left, top, right, bottom = atom.box
    high, wide = atom.mask.shape
    columns = np.arange(wide)
    seams = find_seams(ink.strength[top:bottom, left:right] * atom.mask, height)
    borders = [(np.zeros(high, int), 0.0), *seams, (np.full(high, wide), 0.0)]
    pieces = []
    for (first, _), (last, crossing) in pairwise(borders):
        inside = (columns >= first[:, None]) & (columns < last[:, None])
        pieces.append(Piece(atom.box, atom.mask & inside, atom.atom, crossing))
    return pieces


def likeliest_digits(ink: Ink, pieces: list[Piece], height: float, judge: Judge) -> list[Part]:
    """Join a line's pieces to digits so that all are likeliest together, by dynamic programming.

    Returns:
        What stands there from left to right, with its boxes in the ink.
    """
    spans: list[tuple[int, int]] = []
    costs: list[float] = []
    formed: list[tuple[NDArray[np.uint8], Box]] = []
    for first in range(len(pieces)):
        for last in range(first + 1, len(pieces) + 1):
            part = pieces[first:last]
            if are_apart(part[-2:], height):
                break
            if not may_be_one(part, pieces[last : last + 1], pieces[:first][-1:]):
                continue
            digit = form_digit(ink, part)
            if digit is None:
                continue
            if digit[1][2] - digit[1][0] > WIDEST * height:
                break
            spans.append((first, last))
            costs.append(unlikeliness(digit[1], height) + CROSSING * part[-1].crossing)
            formed.append(digit)
    if not formed:
        return []
    likelihoods = judge(np.stack([digit for digit, _ in formed])).tolist()
    ending: list[list[tuple[int, int | None]]] = [[] for _ in range(len(pieces) + 1)]
    for first, last in whole_atoms(pieces):
        ending[last].append((first, None))  # marks that are no digit
    for index, (first, last) in enumerate(spans):
        ending[last].append((first, index))
    best = [0.0, *[-np.inf] * len(pieces)]
    chosen: list[tuple[int, int | None]] = [(0, None)] * (len(pieces) + 1)
    for last, joined in enumerate(ending):
        for first, which in joined:
            if which is None:
                width = pieces[first].box[2] - pieces[first].box[0]
                value = best[first] - NO_DIGIT * max(1.0, width / (WIDE * height))
            else:
                value = best[first] + likelihoods[which] - costs[which]
            if value > best[last]:
                best[last], chosen[last] = value, (first, which)
    parts: list[Part] = []
    at = len(pieces)
    while at > 0:
        at, which = chosen[at]
        if which is None:
            parts.append(Other(pieces[at].box, pieces[at].atom))
        else:
            parts.append(Digit(*formed[which], likelihoods[which], mark=pieces[at].atom))
    return parts[::-1]


def unlikeliness(box: Box, height: float) -> float:
    """Return what a digit of some shape costs in a line of a height, as a logarithm."""
    left, top, right, bottom = box
    low, broad = LOW - (bottom - top) / height, (right - left) / height - BROAD
    return ONE_MORE + LOWER * max(0.0, low) + BROADER * max(0.0, broad)


def whole_atoms(pieces: list[Piece]) -> list[tuple[int, int]]:
    """Return where the pieces of each atom begin and where they end."""
    changes = [i for i, (one, other) in enumerate(pairwise(pieces), 1) if one.atom != other.atom]
    return [*pairwise([0, *changes, len(pieces)])]


def are_apart(pair: list[Piece], height: float) -> bool:
    """Tell whether two pieces beside each other are no parts of one digit."""
    return any(second.box[0] - first.box[2] > BROKEN * height for first, second in pairwise(pair))


def may_be_one(part: list[Piece], after: list[Piece], before: list[Piece]) -> bool:
    """Tell whether pieces, none of them apart, may be one digit: of one atom, or of whole ones."""
    atoms = {piece.atom for piece in part}
    if len(atoms) == 1:
        return True
    return not any(piece.atom in atoms for piece in (*before, *after))


def form_digit(ink: Ink, pieces: list[Piece]) -> tuple[NDArray[np.uint8], Box] | None:
    """Form a digit of pieces, and say where it is in the ink; None where they hold no ink."""
    left, top = (min(piece.box[side] for piece in pieces) for side in (0, 1))
    right, bottom = (max(piece.box[side] for piece in pieces) for side in (2, 3))
    mask = np.zeros((bottom - top, right - left), np.uint8)
    for piece in pieces:
        x, y = piece.box[0] - left, piece.box[1] - top
        mask[y : y + piece.mask.shape[0], x : x + piece.mask.shape[1]] |= piece.mask
    x, y, width, height = cv2.boundingRect(mask)
    mask = mask[y : y + height, x : x + width]
    left, top = left + x, top + y
    part = ink.part((left, top, left + width, top + height))
    if not mask.any() or not (part.strength[mask > 0] > ink.faintest).any():
        return None
    return mnist_form(part.only(mask)), (left, top, left + width, top + height)


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
