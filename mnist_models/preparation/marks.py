"""Which of the things that stand out are the digit: not edges, not frames, not specks."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Strength = NDArray[np.float32] | NDArray[np.uint8]
Mask = NDArray[np.uint8]

PARTS_SIDE = 160
"""Parts are told apart with about this many pixels a side; narrower gaps are bridged."""

AROUND, LINK = 17, 0.2
"""What is weaker than this share of the strongest within this window links no parts."""

FOREIGN = 0.15
"""What a part that seems no part of a digit is worth, against others."""

NEAR = 0.3
"""Parts belong together up to this distance, as a share of the digit's size."""

SPECK = 0.03
"""In a photograph, parts with less than this share of the digit's edge are specks."""

FRAME = 0.8
"""A part that spans this share of the picture's sides, with another inside, is a frame."""

WEAKEST = 0.15
"""Parts weaker than this share of the digit's strength are echoes of compression and scaling."""

STRONG = 0.5
"""Strength beyond which a part counts no more."""


@dataclass(frozen=True)
class Found:
    """Where the digit is.

    Attributes:
        mask: uint8 (height, width), 1 where the digit's parts are.
        num_digits: How many digits seem to stand there.
        outline: How much edge the digit has.
        is_region: Whether it is no stroke, but a side or corner of the picture, as shadows are.
    """

    mask: Mask
    num_digits: int
    outline: float
    is_region: bool


@dataclass(frozen=True)
class Part:
    """Something connected that stands out.

    Attributes:
        number: Its number among the parts.
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
    def is_region(self) -> bool:
        """Whether it is as thick as half its size, and the picture's border cuts it."""
        thickness = 2 * self.area / max(self.outline / STRONG, 1)
        return self.cut and thickness > 0.5 * self.size

    @property
    def size(self) -> int:
        """The longer side."""
        return max(self.right - self.left, self.bottom - self.top)

    def gap(self, other: "Part") -> int:
        """Return how far apart two boxes are; less than 0, by how much they overlap."""
        across = max(other.left - self.right, self.left - other.right)
        down = max(other.top - self.bottom, self.top - other.bottom)
        return max(across, down)


def find_digit(strength: Strength, faintest: float, is_clean: bool) -> Found | None:
    """Choose the part with the most edge that the picture does not cut, and what belongs to it.

    Args:
        strength: (height, width), 0 for ground.
        faintest: What counts as standing out.
        is_clean: Whether the picture was drawn, so that even its faint and small parts count.

    Returns:
        None when nothing stands out.
    """
    if strength.max() <= faintest:
        return None
    step = max(1, max(strength.shape) // PARTS_SIDE)
    coarse = cv2.dilate(strength, np.ones((step, step), np.uint8), anchor=(0, 0))[::step, ::step]
    mask = (coarse > faintest).astype(np.uint8)
    if not is_clean:
        mask &= coarse > LINK * cv2.dilate(coarse, np.ones((AROUND, AROUND), np.uint8))
    num_parts, labels, boxes, _ = cv2.connectedComponentsWithStats(mask, ltype=cv2.CV_16U)
    parts = measure(coarse, mask, labels, boxes)
    parts = [part for part in parts if not is_frame(part, parts, mask.shape)]
    # What the border cuts in a photograph is an edge or a shadow; a drawing may leave its pad.
    foreign = {part for part in parts if (part.crosses if is_clean else part.cut)}
    worth = {part: part.outline * (FOREIGN if part in foreign else 1) for part in parts}
    main = max(parts, key=worth.__getitem__)
    smallest = 0 if is_clean else SPECK * main.outline
    keep = np.zeros(num_parts, np.uint8)
    keep[main.number] = 1
    num_digits = 1
    for part in parts:
        if part is main or part.peak < WEAKEST * main.peak:
            continue
        if part in foreign and main not in foreign:
            continue
        near, large = main.gap(part) < NEAR * main.size, part.size > 0.5 * main.size
        beside = part.left >= main.right or part.right <= main.left
        if large and (beside or not near):
            num_digits += 1
            near = near or main.gap(part) < main.size
        if near and part.outline >= smallest:
            keep[part.number] = 1
    whole = np.repeat(np.repeat(keep[labels], step, axis=0), step, axis=1)
    whole = whole[: strength.shape[0], : strength.shape[1]]
    return Found(whole, num_digits, worth[main], main.is_region)


def is_frame(part: Part, parts: list[Part], shape: tuple[int, ...]) -> bool:
    """Tell whether a part runs around what else is in the picture."""
    sides = (part.bottom - part.top, part.right - part.left)
    if any(side < FRAME * whole for side, whole in zip(sides, shape, strict=True)):
        return False
    return any(
        part.left < other.left
        and part.top < other.top
        and other.right < part.right
        and other.bottom < part.bottom
        and other.outline > 0.1 * part.outline
        for other in parts
    )


def measure(
    strength: Strength, mask: Mask, labels: NDArray[np.uint16], boxes: NDArray[np.int32]
) -> list[Part]:
    """Describe every part."""
    height, width = mask.shape
    edge = mask > cv2.erode(mask, np.ones((3, 3), np.uint8))
    outlines = np.bincount(labels[edge], np.minimum(strength[edge], STRONG), len(boxes))
    parts = []
    for number in range(1, len(boxes)):
        left, top, wide, high, area = boxes[number].tolist()
        right, bottom = left + wide, top + high
        box = np.s_[top:bottom, left:right]
        peak = float(strength[box][labels[box] == number].max())
        at_sides = (left == 0, right == width), (top == 0, bottom == height)
        cut, crosses = any(map(any, at_sides)), any(map(all, at_sides))
        outline = float(outlines[number])
        parts.append(Part(number, left, top, right, bottom, area, outline, peak, cut, crosses))
    return parts
