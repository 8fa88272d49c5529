"""From marks to digits in reading order: lines, and cuts where digits touch."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from mnist_models.preparation.cells import Form, erase_forms, find_forms, find_pale_forms
from mnist_models.preparation.ground import LOOKING_SIDE, Strength
from mnist_models.preparation.ink import Box, Ink
from mnist_models.preparation.marks import MOST_MARKS, SPECK, WEAKEST, Mark, Marks, find_marks
from mnist_models.preparation.mnist_form import mnist_form, stroke_width
from mnist_models.preparation.pens import find_unlike, is_straight

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
"""Marks wider than so many heights of their line are no digits that touch, but words or rulers."""

WIDEST = 1.8
"""A digit is at most so many times as wide as its line is high."""

SEAM_SIDE = 96
"""Places to cut are looked for with lines of this height, in pixels."""

ANCHORS = (0.3, 0.5, 0.7)
"""Rows, as shares of the height, in which each place to cut is the cheapest one nearby."""

SEAMS_PER_HEIGHT, SEAM_GAP = 12, 0.05
"""So many places to cut are looked at per line height of width, at least this share of it apart."""

MERGED, TWO_PENS, LESS = 1.1, 1.6, 0.9
"""From the first to the second width, in pens, a stroke is more and more likely two that touch; to
cut along the middle of two costs less by the last share."""

LEAN = 0.2
"""What a cut costs, against crossing a pixel of ink, for each step aside."""

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

SPACE = 0.62
"""A gap wider than this share of the digits' height, and than twice the line's usual gap, is a
space between two numbers."""

EVEN, FEW = 0.1, 4
"""At least so many digits whose middles' distances differ by less than this share stand in cells
that did not show, or are written as if they did: no gap is a space."""

EMPTY = 1.6
"""Digits in a form with more than so many cells between their middles have an empty one between."""


@dataclass(frozen=True)
class Digit:
    """A digit that was found in a picture.

    Attributes:
        pixels: uint8 (28, 28).
        box: Where it is in the picture.
        likelihood: What the judge says of it, a logarithm.
        after_space: Whether a space stands before it in its line.
    """

    pixels: NDArray[np.uint8]
    box: Box
    likelihood: float
    after_space: bool = False


Line = list[Digit]


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


def read_lines(ink: Ink, judge: Judge) -> tuple[list[Line], float]:
    """Read every digit: lines from top to bottom, each from left to right.

    Args:
        ink: What stands out.
        judge: Says of digits how likely each is one.

    Returns:
        The lines, and what they are worth: about 1 for each sure digit, less than 0 for each
        that is doubted and for each mark that is none.
    """
    found = find_marks(ink, LOOKING_SIDE)
    forms = find_forms(found, ink.strength.shape)
    if not forms and not ink.is_clean:
        forms = find_pale_forms(ink)
    if forms:
        ink = erase_forms(ink, forms)
        found = find_marks(ink, LOOKING_SIDE)
    foreign = found.foreign | found.edges
    marks = [mark for mark in found.every if mark not in foreign]
    strongest = max((mark.peak for mark in marks), default=0)
    smallest = 0.0 if ink.is_clean else SPECK * max((mark.outline for mark in marks), default=0)
    marks = [mark for mark in marks if mark.peak > WEAKEST * strongest and mark.outline >= smallest]
    if not marks or len(marks) > MOST_MARKS:
        return [], 0.0
    height = usual_height(marks)
    marks += [
        mark
        for mark in foreign
        if (mark.height < RING * height and any(map(mark.holds, marks)))
        or is_cut_digit(mark, marks, height)
    ]
    marks = [mark for mark in marks if LOWEST * height < mark.height < HIGHEST * height]
    # Seen otherwise, the upright lines of forms would each be a sure 1.
    lines: list[Line] = []
    worth = float(sum(form.num_lines for form in forms))
    if not ink.is_clean:
        worth -= sum(mark.height > height for mark in foreign if mark not in marks)
    for line in into_lines(marks, height):
        if len(line) == 1 and line[0].height < ALONE * height:
            worth -= 1
            continue
        tall = float(np.median([mark.height for mark in line])) * found.step
        line = without_slashes(line, found, tall / found.step)
        atoms = [take(ink, found, atom, i) for i, atom in enumerate(into_atoms(line))]
        least = (WIDE_IN_NUMBER if len(marks) > 1 else WIDE) * tall
        pieces = cut_doubted(ink, atoms, tall, least, judge)
        digits, value = likeliest_digits(ink, pieces, tall, judge)
        worth += value
        lines.append(digits)
    edges = find_edges(lines, ink)
    worth -= sum(worth_of(digit.likelihood) for digit in edges)
    lines = [[digit for digit in line if not is_among(digit, edges)] for line in lines]
    return [with_spaces(line, ink, forms) for line in lines if line], worth


def find_edges(lines: list[Line], ink: Ink) -> Line:
    """Return what is straight, as a 1 is, but of another pen than the lines' other digits."""
    digits = [digit for line in lines for digit in line]
    straight = [is_straight(digit.pixels) for digit in digits]
    unlike = find_unlike(ink, [digit.box for digit in digits], straight)
    return [digit for digit, is_edge in zip(digits, unlike, strict=True) if is_edge]


def is_among(digit: Digit, digits: Line) -> bool:
    """Tell whether a digit is one of some: the same one, for pixels compare one by one."""
    return any(digit is other for other in digits)


def worth_of(likelihood: float) -> float:
    """Return what a digit is worth: about 1 when it is sure, less than 0 when it is doubted."""
    return 1 + max(-2.0, likelihood)


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
    """Leave slashes out of a line: they stand between two digits."""
    return [
        mark
        for index, mark in enumerate(line)
        if not (0 < index < len(line) - 1 and is_slash(mark, found, height))
    ]


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
    own = np.repeat(np.repeat(own, step, axis=0), step, axis=1)
    left, top = left * step, top * step
    own = own[: ink.strength.shape[0] - top, : ink.strength.shape[1] - left]
    high, wide = own.shape
    return Piece((left, top, left + wide, top + high), own, number)


def cut_doubted(
    ink: Ink, atoms: list[Piece], height: float, least: float, judge: Judge
) -> list[Piece]:
    """Cut what may be several digits: narrow pieces stay whole, and those that are sure digits.

    What is sure as a whole never is likelier in parts, for each digit more has its price.

    Args:
        ink: What stands out.
        atoms: The pieces of a line.
        height: Of the line.
        least: How wide a piece is at least that may be several digits.
        judge: Says of digits how likely each one is.
    """
    wide = [atom for atom in atoms if least <= atom.mask.shape[1] <= LONGEST * height]
    formed = [(atom, form_digit(ink, [atom])) for atom in wide]
    digits = [(atom, digit[0]) for atom, digit in formed if digit is not None]
    doubted: set[int] = set()
    if digits:
        likelihoods = judge(np.stack([digit for _, digit in digits])).tolist()
        judged = zip(digits, likelihoods, strict=True)
        doubted = {atom.atom for (atom, _), likelihood in judged if likelihood < -ONE_MORE}
    return [
        piece
        for atom in atoms
        for piece in (cut(ink, atom, height) if atom.atom in doubted else [atom])
    ]


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


def find_seams(strength: Strength, height: float) -> list[tuple[NDArray[np.int64], float]]:
    """Find the paths from top to bottom that cross least ink, as seams do (Avidan, Shamir 2007).

    Args:
        strength: (rows, columns) of touching digits.
        height: Of their line, in rows.

    Returns:
        The paths from left to right, none of which crosses another: each one's column in every
        row, and how much ink it crosses, as a share of the height.
    """
    scale = SEAM_SIDE / height
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    small = cv2.resize(strength.astype(np.float32), None, fx=scale, fy=scale, interpolation=way)
    rows, columns = small.shape
    cost = cutting_costs(small)
    above, from_above = cheapest_ways(cost)
    below, from_below = cheapest_ways(cost[::-1])
    through = above + below[::-1] - cost
    ends = [
        (float(through[row, column]), row, column)
        for row in np.rint(np.multiply(ANCHORS, rows - 1)).astype(int).tolist()
        for column in valleys(through[row])
    ]
    paths: list[tuple[NDArray[np.int64], float]] = []
    for crossing, row, column in sorted(ends):
        up = follow(from_above, row, column)
        down = follow(from_below, rows - 1 - row, column)
        path = np.concatenate([up[::-1], down[1:]])
        if all(float(np.abs(path - other).mean()) > SEAM_GAP * SEAM_SIDE for other, _ in paths):
            paths.append((path, crossing / SEAM_SIDE))
        if len(paths) >= SEAMS_PER_HEIGHT * columns / SEAM_SIDE:
            break
    at = np.minimum((np.arange(len(strength)) * scale).astype(int), rows - 1)
    seams: list[tuple[NDArray[np.int64], float]] = []
    reached = np.zeros(len(strength), np.int64)
    for path, crossing in sorted(paths, key=lambda found: float(found[0].mean())):
        reached = np.maximum(reached, np.rint((path[at] + 0.5) / scale).astype(np.int64))
        seams.append((reached, crossing))
    return seams


def cutting_costs(strength: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return what a cut costs in each place: 1 in a stroke, less where two strokes have merged.

    Two digits that touch along a stretch share a stroke broader than the pen, and part along its
    middle: a cut around it would give one digit's side to the other.
    """
    ink = np.minimum(2 * strength / max(float(strength.max()), 1e-6), 1)
    inside = cv2.distanceTransform((ink > 0.5).astype(np.uint8), cv2.DIST_L2, 5)
    inside = np.minimum(inside, SEAM_SIDE)  # without any ground it has no end
    pen = max(1.0, stroke_width(inside))
    merged = np.clip((2 * inside / pen - MERGED) / (TWO_PENS - MERGED), 0, 1)
    return ink * (1 - LESS * merged) + 0.01


def cheapest_ways(
    cost: NDArray[np.float32],
) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Return what the cheapest way from the first row to each place costs, and whence it comes.

    Args:
        cost: Of each place, float32 (rows, columns).

    Returns:
        The costs, float32 (rows, columns), and the column of each way in the row before.
    """
    total, came_from = cost.copy(), np.zeros(cost.shape, np.int64)
    here = np.arange(cost.shape[1])
    for row in range(1, len(cost)):
        padded = np.pad(total[row - 1], 1, constant_values=np.inf)
        options = np.stack([padded[1:-1], padded[:-2] + LEAN, padded[2:] + LEAN])
        choice = options.argmin(axis=0)
        came_from[row] = here + np.array([0, -1, 1])[choice]
        total[row] += options[choice, here]
    return total, came_from


def follow(came_from: NDArray[np.int64], row: int, column: int) -> NDArray[np.int64]:
    """Return the columns of the cheapest way to a place, from there back to the first row."""
    path = np.empty(row + 1, np.int64)
    for step in range(row + 1):
        path[step] = column
        column = int(came_from[row - step, column])
    return path


def valleys(heights: NDArray[np.float32]) -> list[int]:
    """Return where a profile is lowest between rises; of a flat valley, its middle."""
    changes = np.flatnonzero(np.abs(np.diff(heights)) > 1e-4)
    starts, ends = np.append(0, changes + 1), np.append(changes, len(heights) - 1)
    levels = np.pad(heights[starts], 1, constant_values=np.inf)
    is_low = (levels[1:-1] < levels[:-2]) & (levels[1:-1] < levels[2:])
    return ((starts + ends) // 2)[is_low].tolist()


def likeliest_digits(
    ink: Ink, pieces: list[Piece], height: float, judge: Judge
) -> tuple[Line, float]:
    """Join a line's pieces to digits so that all are likeliest together, by dynamic programming.

    Returns:
        The digits from left to right, with their boxes in the ink, and what they are worth.
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
        return [], 0.0
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
    digits, worth, at = [], 0.0, len(pieces)
    while at > 0:
        at, which = chosen[at]
        if which is None:
            worth -= 1
        else:
            worth += worth_of(likelihoods[which])
            digits.append(Digit(*formed[which], likelihoods[which]))
    return digits[::-1], worth


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
