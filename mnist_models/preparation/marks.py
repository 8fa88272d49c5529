"""Which of the things that stand out may be a digit: not edges, not frames, not specks."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from mnist_models.preparation.ground import LOOKING_SIDE, Strength
from mnist_models.preparation.ink import Box, Ink, gap_between

Mask = NDArray[np.uint8]

MARKS_SIDE = 160
"""For one digit, marks are told apart with about this many pixels a side: what a pen that skips
leaves apart is bridged, and a second digit as near as that is not told apart."""

AROUND, LINK = 17, 0.2
"""In a photograph a pixel links its neighbors into one mark only if it is at least this share as
strong as the strongest in a window of so many pixels: less is a blurred gap between two marks."""

FOREIGN = 0.15
"""What a mark that is rather an edge, a box or an underline is worth, against digits: it is read
only if there is hardly anything else."""

NEAR = 0.3
"""Marks belong together up to this distance, as a share of the digit's size: more would take in
neighbors, less would lose the bar of a 5."""

SPECK = 0.03
"""In a photograph, marks with less than this share of the digit's edge are specks."""

MOST_MARKS = 200
"""With more marks than this, what stands out is a text or a texture, and no page of digits."""

MOST_MEASURED = 5_000
"""So many marks with most edge are looked at: a dithered picture can have a hundred thousand."""

GRAIN = 0.01
"""In a photograph, and among very many marks, what has less than this share of the largest one's
edge is not even looked at: grain can have thousands of marks."""

FRAME = 0.8
"""A mark that spans this share of the picture's sides, with another inside, is a frame."""

WEAKEST = 0.15
"""Marks weaker than this share of the digit's strength are echoes of compression and scaling."""

MOST_MAINS, LEAST_MAIN = 3, 0.2
"""So many marks may each be the digit's main one, down to this share of the first one's edge: more
would let specks be read as ones."""

MUCH, FINE, LARGE = 0.4, 0.1, 1.6
"""What leaves out marks of the first share of its own edge, or more, tears something apart, unless
they are dirt with less than the second share each, or more than so many times as large as it is, as
lines and cells are."""

ALIKE, MANY = 0.3, 12
"""With more marks than this, of at least this share of the first one's edge, a texture stands out,
or a page of digits."""

INSIDE = 0.12
"""A circle, box or row of cells is one when what is inside of it has this share of its edge; a dot
in a 0 has less."""

ENCIRCLED, ENCIRCLED_PEAK = 0.3, 0.5
"""What is inside of a circle may be a digit if it has these shares of its size and strength at
least; what scaling and compression leave inside of a 0 has less."""

FLAT = 4
"""An underline is at least so many times as wide as high."""

NARROW = 0.3
"""What is filled and more than this share as wide as long may be a canvas; less is a stroke."""

FILLED = 0.15
"""What is thicker than this share of its size is no drawn frame but a page."""

THIN_EDGE = 0.15
"""In a tight crop, what runs along the border is an edge up to this share of the picture wide."""

STRONG = 0.5
"""Strength beyond which a mark's edge counts no more."""


@dataclass(frozen=True)
class Mark:
    """Something connected that stands out.

    Attributes:
        number: Its number among the marks.
        left, top, right, bottom: Its box.
        area: How many pixels it has.
        outline: How much edge it has, in pixels weighted by strength: strokes have much, blots
            and corners little.
        peak: Its strongest pixel.
        cut: Whether the picture's border cuts it.
        crosses: Whether it runs from one side of the picture to the opposite one.
    """

    number: int
    left: int
    top: int
    right: int
    bottom: int
    area: int
    outline: float
    peak: float
    cut: bool
    crosses: bool

    @property
    def box(self) -> Box:
        """Where it is."""
        return self.left, self.top, self.right, self.bottom

    @property
    def width(self) -> int:
        """Width of its box."""
        return self.right - self.left

    @property
    def height(self) -> int:
        """Height of its box."""
        return self.bottom - self.top

    @property
    def size(self) -> int:
        """The longer side of its box."""
        return max(self.width, self.height)

    @property
    def thickness(self) -> float:
        """How thick it is: strokes are as thick as their pen, a canvas is half as thick as high."""
        return 2 * self.area / max(self.outline / STRONG, 1)

    @property
    def is_region(self) -> bool:
        """Whether it is as thick as half its size, and the picture's border cuts it."""
        return self.cut and self.thickness > 0.5 * self.size

    @property
    def is_filled(self) -> bool:
        """Whether it is far thicker than a drawn frame, though it may have a hole."""
        return self.thickness > FILLED * self.size

    @property
    def is_solid(self) -> bool:
        """Whether it is filled, as a canvas is that lies on something darker or lighter."""
        shorter = min(self.width, self.height)
        return shorter > NARROW * self.size and self.thickness > 0.5 * shorter

    def holds(self, other: "Mark") -> bool:
        """Tell whether it runs around another one."""
        return (
            self.left < other.left
            and self.top < other.top
            and other.right < self.right
            and other.bottom < self.bottom
        )

    def encircles(self, other: "Mark") -> bool:
        """Tell whether it runs around another one that is large and strong enough for a digit."""
        is_strong = other.peak > ENCIRCLED_PEAK * self.peak
        return self.holds(other) and is_strong and other.size > ENCIRCLED * self.size

    def underlines(self, other: "Mark") -> bool:
        """Tell whether it is a flat line below another one that stands upon it."""
        shared = min(self.right, other.right) - max(self.left, other.left)
        return (
            self.width > FLAT * self.height
            and self.top >= other.bottom - self.height
            and other.height > 0.3 * self.width
            and shared > 0.5 * other.width
        )

    def is_like(self, other: "Mark") -> bool:
        """Tell whether it is neither much smaller than another one nor much larger."""
        return self.outline > FINE * other.outline and self.size < LARGE * other.size

    def gap(self, other: "Mark") -> int:
        """Return how far apart two boxes are; less than 0, by how much they overlap."""
        return gap_between(self.box, other.box)


@dataclass(frozen=True)
class Marks:
    """Everything that stands out of a picture, told apart on a coarser grid.

    Attributes:
        every: The marks, without frames.
        frames: Marks that run around what else is in the picture.
        foreign: Those that are rather an edge, a shadow, a box or a line than part of a digit.
        edges: Those that their page's border cuts: rather its edge than company of a digit, but one
            alone may be a digit that touches it.
        labels: int32 (height, width) of the grid, each pixel's mark.
        step: Pixels of the ink per pixel of the grid.
    """

    every: list[Mark]
    frames: list[Mark]
    foreign: set[Mark]
    edges: set[Mark]
    labels: NDArray[np.int32]
    step: int

    def box_in_ink(self, mark: Mark) -> Box:
        """Return where a mark is on the ink's own grid."""
        left, top, right, bottom = (side * self.step for side in mark.box)
        return left, top, right, bottom

    def mask(self, marks: Iterable[Mark], shape: tuple[int, ...]) -> Mask:
        """Return where some marks are, on the ink's own grid: uint8 of a shape."""
        keep = np.zeros(int(self.labels.max()) + 1, np.uint8)
        keep[[mark.number for mark in marks]] = 1
        return on_grid_of_ink(keep[self.labels], self.step)[: shape[0], : shape[1]]


def on_grid_of_ink(seen: NDArray[Any], step: int) -> NDArray[Any]:
    """Bring what was seen on the marks' coarser grid, (..., height, width), on the ink's own."""
    return np.repeat(np.repeat(seen, step, axis=-2), step, axis=-1)


@dataclass(frozen=True)
class Group:
    """Marks that may be one digit.

    Attributes:
        mask: uint8 (height, width), 1 where the marks are.
        main: The mark with most edge, to which the others belong.
        worth: How much edge the main mark has, or area among text; less where it hardly can be a
            digit.
        is_foreign: Whether the main mark is rather an edge, a box or a line.
        is_around: Whether the main mark goes around one that may be a digit, as a circle does.
        is_within: Whether it lies in a hole of something filled, as what a loop on a page encloses.
        is_alone: Whether nothing else is taken to belong to it.
        is_torn: Whether what it leaves out of the likeliest group has much edge, as a second digit.
        is_of_many: Whether so many like it stand around it as in a texture.
        share: How much of all edge is its main mark's, 0..1.
    """

    mask: Mask
    main: Mark
    worth: float
    is_foreign: bool
    is_around: bool
    is_within: bool
    is_alone: bool
    is_torn: bool
    is_of_many: bool
    share: float


def find_marks(ink: Ink, side: int) -> Marks:
    """Tell apart what stands out.

    Args:
        ink: What stands out of a picture.
        side: About how many pixels a side the marks are told apart with.
    """
    strength = ink.strength
    step = max(1, max(strength.shape) // side)
    coarse = cv2.dilate(strength, np.ones((step, step), np.uint8), anchor=(0, 0))[::step, ::step]
    mask = (coarse > ink.faintest).astype(np.uint8)
    if not ink.is_clean:
        mask &= coarse > LINK * cv2.dilate(coarse, np.ones((AROUND, AROUND), np.uint8))
    _, labels, boxes, _ = cv2.connectedComponentsWithStats(mask)
    least = 0.0 if ink.is_clean and len(boxes) < MOST_MARKS else GRAIN
    marks = measure(coarse, mask, labels, boxes, least)
    frames = [mark for mark in marks if is_frame(mark, marks, mask.shape)]
    every = [mark for mark in marks if mark not in frames]
    foreign = {mark for mark in every if is_foreign(mark, mask.shape, ink)}
    if len(every) <= MOST_MARKS:
        foreign |= {mark for mark in every if is_company(mark, every)}
    edges = {mark for mark in every if ink.is_page and mark.cut}
    return Marks(every, frames, foreign, edges, labels, step)


def group_marks(ink: Ink, among_text: bool = False) -> list[Group]:
    """Propose what may be the digit: a mark with much edge, with what belongs to it or alone.

    Args:
        ink: What stands out of a picture.
        among_text: Whether letters stand around the digit: marks are told apart finely then, and
            their area is compared, of which words have little for their much edge. What is left
            out of a group tears nothing apart.

    Returns:
        The likeliest first; nothing when nothing stands out.
    """
    if ink.strength.max() <= ink.faintest:
        return []
    found = find_marks(ink, LOOKING_SIDE if among_text else MARKS_SIDE)
    worth = {
        mark: (mark.area if among_text else mark.outline)
        * (FOREIGN if mark in found.foreign else 1)
        for mark in found.every
    }
    mains = sorted(found.every, key=worth.__getitem__, reverse=True)[:MOST_MAINS]
    alike = sum(worth[mark] > ALIKE * worth[mains[0]] for mark in found.every) if mains else 0
    total = sum(mark.outline for mark in found.every)
    groups: dict[frozenset[Mark], Mark] = {}
    first: list[Mark] = []
    for main in mains:
        if worth[main] < LEAST_MAIN * worth[mains[0]]:
            break
        others = [
            mark
            for mark in found.every
            if (main in found.foreign or mark not in found.foreign)
            and (main in found.edges or mark not in found.edges)
            and (main is mains[0] or mark.outline <= main.outline)
        ]
        together = belonging(main, others, ink.is_clean)
        first = first or together
        groups.setdefault(frozenset(together), main)
        groups.setdefault(frozenset([main]), main)
    return [
        Group(
            found.mask(marks, ink.strength.shape),
            main,
            worth[main],
            is_foreign=main in found.foreign,
            is_around=any(main.encircles(mark) for mark in found.every),
            is_within=any(mark.is_filled and mark.holds(main) for mark in found.frames),
            is_alone=len(marks) == 1,
            is_torn=not among_text
            and main in first
            and sum(mark.outline for mark in first if mark not in marks and mark.is_like(main))
            > MUCH * main.outline,
            is_of_many=alike > MANY,
            share=main.outline / max(total, main.outline, 1e-6),
        )
        for marks, main in groups.items()
    ]


def belonging(main: Mark, marks: list[Mark], is_clean: bool) -> list[Mark]:
    """Return the marks that belong to a digit's main one, itself included."""
    smallest = 0.0 if is_clean else SPECK * main.outline
    together = [main]
    for mark in marks:
        if mark is main or mark.peak < WEAKEST * main.peak:
            continue
        near, large = main.gap(mark) < NEAR * main.size, mark.size > 0.5 * main.size
        beside = mark.left >= main.right or mark.right <= main.left
        if large and (beside or not near):  # a second digit, or the other half of this one
            near = near or main.gap(mark) < main.size
        if near and mark.outline >= smallest:
            together.append(mark)
    return together


def is_frame(mark: Mark, marks: list[Mark], shape: tuple[int, ...]) -> bool:
    """Tell whether a mark runs around what else is in the picture."""
    sides = (mark.height, mark.width)
    if any(side < FRAME * whole for side, whole in zip(sides, shape, strict=True)):
        return False
    return any(mark.holds(other) and other.outline > 0.1 * mark.outline for other in marks)


def is_company(mark: Mark, marks: list[Mark]) -> bool:
    """Tell whether a mark goes around another, as a box or a circle, or underlines it."""
    inside = sum(other.outline for other in marks if mark.holds(other))
    return inside > INSIDE * mark.outline or any(
        mark.underlines(other) for other in marks if other is not mark
    )


def is_foreign(mark: Mark, shape: tuple[int, ...], ink: Ink) -> bool:
    """Tell whether a mark is rather an edge or a shadow than part of a digit.

    What the border cuts in a photograph is; a drawing may leave its pad, a digit may touch the
    border of its page, and in a tight crop only what lies along the border is an edge.
    """
    if ink.fills_picture:
        return mark.is_region or (
            mark.crosses and min(mark.width, mark.height) < THIN_EDGE * max(shape)
        )
    if ink.is_page:
        return mark.is_region or mark.crosses
    return mark.crosses if ink.is_clean else mark.cut


def measure(
    strength: Strength,
    mask: Mask,
    labels: NDArray[np.int32],
    boxes: NDArray[np.int32],
    least: float,
) -> list[Mark]:
    """Describe every mark with at least a share of the largest one's edge."""
    height, width = mask.shape
    edge = mask > cv2.erode(mask, np.ones((3, 3), np.uint8))
    outlines = np.bincount(labels[edge], np.minimum(strength[edge], STRONG), len(boxes))
    outlines[0] = -1  # ground
    enough = max(least * outlines.max(initial=0), np.sort(outlines)[-MOST_MEASURED:][0])
    marks = []
    for number in np.flatnonzero(outlines >= enough)[:MOST_MEASURED].tolist():
        left, top, wide, high, area = boxes[number].tolist()
        right, bottom = left + wide, top + high
        box = np.s_[top:bottom, left:right]
        peak = float(strength[box][labels[box] == number].max())
        at_sides = (left == 0, right == width), (top == 0, bottom == height)
        cut, crosses = any(map(any, at_sides)), any(map(all, at_sides))
        outline = float(outlines[number])
        marks.append(Mark(number, left, top, right, bottom, area, outline, peak, cut, crosses))
    return marks
