"""From a row of marks to digits: where it is cut, and which of its pieces belong together."""

from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from mnist_models.preparation.ink import Box, Ink, surround
from mnist_models.preparation.mnist_form import mnist_form
from mnist_models.preparation.pens import count_strokes
from mnist_models.preparation.rows import BROKEN, LONGEST, WIDEST, Piece, Row
from mnist_models.preparation.seams import find_seams
from mnist_models.preparation.writing import Digit, Judge, Other, Part

WIDE, WIDE_IN_NUMBER = 0.75, 0.5
"""Marks wider than the first share of their line's height may be several digits that touch; where
there are others, than the second: two slim digits are narrow, but so is many a letter alone."""

SINGLE = 1.3
"""Digits that touch have on average more strokes than this one below the other: 1.7 at least, where
they are too wide for one digit (development half). The edge of a page and the grain of wood have
one, and their many cuts take long to read."""

MOST_CUT = 40
"""Marks that are wider than so many heights together are no digits that touch, but text."""

NO_DIGIT = 4.5
"""What it costs, as a logarithm, to take a mark of a digit's width for none."""

LEFT_OUT = 0.5
"""What it costs, as a logarithm, to leave a low mark out of the digit that it is near to."""

ONE_MORE = 0.05
"""What each digit costs, as a logarithm: of two readings as likely the one with fewer stands."""

CROSSING = 4.0
"""What a cut costs, as a logarithm, for each line height of ink that it crosses."""

LOW, LOWER, BROAD, BROADER = 0.8, 1.5, 0.9, 1.0
"""A digit lower than the first share of its line's height, or broader than the third, is unlikely:
what each further line height costs, as a logarithm."""


@dataclass
class Span:
    """Pieces beside each other in a line, which may be one digit, or are a mark that is none.

    Attributes:
        first: The number of its first piece.
        last: The number of the piece behind it.
        worth: A logarithm: of a digit that is not judged yet, as if it were certain.
        may_be_digit: Whether it may be one.
        digit: What it is, once it is judged.
    """

    first: int
    last: int
    worth: float
    may_be_digit: bool = False
    digit: Digit | None = None


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
    wide = [
        atom
        for atom in row.atoms
        if least <= atom.mask.shape[1] / row.height <= LONGEST
        and not atom.is_low
        and not is_stroke(atom, row.height)
    ]
    formed = [(atom, form_digit(ink, [atom])) for atom in wide]
    digits = [(atom, digit[0]) for atom, digit in formed if digit is not None]
    if not digits:
        return set()
    likelihoods = judge(np.stack([digit for _, digit in digits])).tolist()
    judged = zip(digits, likelihoods, strict=True)
    return {atom.atom for (atom, _), likelihood in judged if likelihood < -ONE_MORE}


def is_stroke(atom: Piece, height: float) -> bool:
    """Tell whether a piece that is too wide for a digit is a single stroke from end to end."""
    wide = atom.mask.shape[1] > WIDEST * height
    return wide and float(count_strokes(atom.mask).mean()) < SINGLE


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
    """Join a line's pieces to digits so that all are likeliest together.

    No digit is likelier than certain. So only those on the likeliest way through the line are
    judged, again and again until all on it are (lazy shortest paths: Dellin and Srinivasa 2016).

    Returns:
        What stands there from left to right, with its boxes in the ink.
    """
    spans = list_spans(ink, pieces, height)
    if not spans:
        return []
    ending = sort_by_end(spans, pieces, height)
    way = likeliest_way(ending)
    while unknown := [span for span in way if span.may_be_digit and span.digit is None]:
        judge_spans(unknown, ink, pieces, judge)
        way = likeliest_way(ending)
    parts: list[Part] = []
    for span in way:
        piece = pieces[span.first]
        if span.digit is not None:
            parts.append(span.digit)
        elif not piece.is_low:
            parts.append(Other(piece.box, piece.atom))
    return parts


def list_spans(ink: Ink, pieces: list[Piece], height: float) -> list[Span]:
    """List which pieces beside each other may be one digit, and what each costs at least."""
    boxes = [own_box(piece) for piece in pieces]
    stand_out = [has_ink(ink, piece) for piece in pieces]
    spans = []
    for first in range(len(pieces)):
        for last in range(first + 1, len(pieces) + 1):
            part = pieces[first:last]
            if are_apart(part[-2:], height):
                break
            is_one = may_be_one(part, pieces[last : last + 1], pieces[:first][-1:])
            if not is_one or not any(stand_out[first:last]):
                continue
            box = surround([box for box in boxes[first:last] if box])
            if box[2] - box[0] > WIDEST * height:
                break
            cost = unlikeliness(box, height) + CROSSING * part[-1].crossing
            spans.append(Span(first, last, -cost, may_be_digit=True))
    return spans


def own_box(piece: Piece) -> Box | None:
    """Return the box of a piece's own pixels in the ink, if it has any."""
    x, y, width, height = cv2.boundingRect(piece.mask.astype(np.uint8))
    left, top = piece.box[0] + x, piece.box[1] + y
    return (left, top, left + width, top + height) if width else None


def has_ink(ink: Ink, piece: Piece) -> bool:
    """Tell whether any of a piece's own pixels stands out."""
    left, top, right, bottom = piece.box
    return bool((ink.strength[top:bottom, left:right][piece.mask] > ink.faintest).any())


def sort_by_end(spans: list[Span], pieces: list[Piece], height: float) -> list[list[Span]]:
    """Return for each place between pieces the spans that end there, marks left out included."""
    ending: list[list[Span]] = [[] for _ in range(len(pieces) + 1)]
    for first, last in whole_atoms(pieces):
        ending[last].append(Span(first, last, -left_out(pieces[first], height)))
    for span in spans:
        ending[span.last].append(span)
    return ending


def likeliest_way(ending: list[list[Span]]) -> list[Span]:
    """Return the spans that lead through a line and are worth most together.

    Args:
        ending: For each place between pieces, the spans that end there.
    """
    worth = [0.0, *[-np.inf] * (len(ending) - 1)]
    chosen: list[Span | None] = [None] * len(ending)
    for place, spans in enumerate(ending):
        for span in spans:
            value = worth[span.first] + span.worth
            if value > worth[place]:
                worth[place], chosen[place] = value, span
    way = []
    last = chosen[-1]
    while last is not None:
        way.append(last)
        last = chosen[last.first]
    return way[::-1]


def judge_spans(spans: list[Span], ink: Ink, pieces: list[Piece], judge: Judge) -> None:
    """Form digits of spans, and enter what the judge says of them."""
    formed = [form_digit(ink, pieces[span.first : span.last]) for span in spans]
    digits = [digit for digit in formed if digit is not None]
    likelihoods = judge(np.stack([pixels for pixels, _ in digits])).tolist()
    for span, (pixels, box), likelihood in zip(spans, digits, likelihoods, strict=True):
        span.digit = Digit(pixels, box, likelihood, mark=pieces[span.first].atom)
        span.worth += likelihood


def left_out(piece: Piece, height: float) -> float:
    """Return what it costs to take the mark that begins with a piece for no digit."""
    if piece.is_low:
        return LEFT_OUT
    width = piece.box[2] - piece.box[0]
    return NO_DIGIT * max(1.0, width / (WIDE * height))


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
    """Tell whether pieces, none of them apart, may be one digit: of one atom, or of whole ones.

    A low one is no digit of its own, and none begins with it.
    """
    if part[0].is_low:
        return False
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
