"""Which of the things that stand out are the digit: not ruled lines, not edges, not specks."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Strength = NDArray[np.float32]
Mask = NDArray[np.uint8]

MIN_LINES = 3
"""Paper counts as ruled when this many parallel lines run across it."""

PARTS_SIDE = 160
"""Parts are told apart with about this many pixels a side; narrower gaps are bridged."""

CUT = 0.15
"""What a part that the picture's border cuts is worth, against one that it leaves whole."""

NEAR = 0.3
"""Parts belong together up to this distance, as a share of the digit's size."""

WEAKEST = 0.15
"""Parts weaker than this share of the digit's strength are echoes of compression and scaling."""

STRONG = 0.5
"""Strength beyond which a part counts no more."""

TILT = np.radians(20)
"""Ruled lines lie within this angle of the picture's sides, in radians."""


def erase_ruled_lines(strength: Strength, faintest: float) -> Strength:
    """Erase straight lines that run across the picture, keeping the strokes that cross them.

    Along each line only what is longer than the line is thick, measured across it, stays: a
    stroke that crosses the line, but not the line.

    Args:
        strength: float32 (height, width), 0 for ground.
        faintest: What counts as standing out.
    """
    for upright in (False, True):
        along = cv2.blur(strength, (1, 9) if upright else (9, 1))
        mask = (along > 0.6 * faintest).astype(np.uint8)
        bands, thickness = ruled_lines(mask.T if upright else mask)
        if thickness:
            across = np.ones((thickness + 3, 1), np.uint8)
            bands, across = (bands.T, across.T) if upright else (bands, across)
            crossing = cv2.morphologyEx(strength, cv2.MORPH_OPEN, across)
            strength = np.where(bands > 0, crossing, strength)
    return strength


def ruled_lines(mask: Mask) -> tuple[Mask, int]:
    """Find lines that run from left to right: a mask of them, and their thickness or 0."""
    mask = np.ascontiguousarray(mask)
    half = mask[::2, ::2].copy()
    width = half.shape[1]
    found = cv2.HoughLines(
        half, 1, np.pi / 720, 2 * width // 5, min_theta=np.pi / 2 - TILT, max_theta=np.pi / 2 + TILT
    )
    bands = np.zeros_like(mask)
    if found is None:
        return bands, 0
    rows = []
    for rho, theta in found[:, 0]:
        left, right = (2 * (rho - x * np.cos(theta)) / np.sin(theta) for x in (0, width))
        rows.append((left + right) / 2)
        cv2.line(bands, (0, round(left)), (2 * width, round(right)), 1, 1)
    num_lines = 1 + int((np.diff(np.sort(rows)) > 8).sum())
    if num_lines < MIN_LINES:
        return np.zeros_like(mask), 0
    runs = cv2.distanceTransform(mask, cv2.DIST_L1, 3)[bands > 0]
    thickness = int(np.ceil(2 * np.median(runs[runs > 0]))) if (runs > 0).any() else 1
    return cv2.dilate(bands, np.ones((thickness + 3, 1), np.uint8)), thickness


@dataclass(frozen=True)
class Found:
    """Where the digit is.

    Attributes:
        mask: uint8 (height, width), 1 where the digit's parts are.
        num_digits: How many digits seem to stand there.
        outline: How much edge the digit has.
    """

    mask: Mask
    num_digits: int
    outline: float


@dataclass(frozen=True)
class Part:
    """Something connected that stands out.

    Attributes:
        number: Its number among the parts.
        left, top, right, bottom: Its box.
        outline: How much edge it has, in pixels weighted by strength: strokes have much, blots
            and corners little.
        peak: Its strongest pixel.
        cut: Whether the picture's border cuts it.
    """

    number: int
    left: int
    top: int
    right: int
    bottom: int
    outline: float
    peak: float
    cut: bool

    @property
    def size(self) -> int:
        """The longer side."""
        return max(self.right - self.left, self.bottom - self.top)

    def gap(self, other: "Part") -> int:
        """Return how far apart two boxes are; overlapping ones less than 0."""
        across = max(other.left - self.right, self.left - other.right)
        down = max(other.top - self.bottom, self.top - other.bottom)
        return max(across, down)


def find_digit(strength: Strength, faintest: float, smallest: float) -> Found | None:
    """Choose the part with the most edge that the picture does not cut, and what belongs to it.

    Args:
        strength: float32 (height, width), 0 for ground.
        faintest: What counts as standing out.
        smallest: Parts with less than this share of the digit's edge are specks.

    Returns:
        None when nothing stands out.
    """
    step = max(1, max(strength.shape) // PARTS_SIDE)
    coarse = cv2.dilate(strength, np.ones((step, step), np.uint8), anchor=(0, 0))[::step, ::step]
    mask = (coarse > faintest).astype(np.uint8)
    num_parts, labels, boxes, _ = cv2.connectedComponentsWithStats(mask, ltype=cv2.CV_16U)
    if num_parts == 1:
        return None
    parts = measure(coarse, mask, labels, boxes)
    main = max(parts, key=worth)
    keep = np.zeros(num_parts, np.uint8)
    keep[main.number] = 1
    num_digits = 1
    for part in parts:
        if part is main or part.cut or part.peak < WEAKEST * main.peak:
            continue
        near, large = main.gap(part) < NEAR * main.size, part.size > 0.5 * main.size
        beside = part.left >= main.right or part.right <= main.left
        if large and (beside or not near):
            num_digits += 1
            near = near or main.gap(part) < main.size
        if near and part.outline >= smallest * main.outline:
            keep[part.number] = 1
    whole = np.repeat(np.repeat(keep[labels], step, axis=0), step, axis=1)
    return Found(whole[: strength.shape[0], : strength.shape[1]], num_digits, worth(main))


def worth(part: Part) -> float:
    """Weigh a part: how likely it is the digit."""
    return part.outline * (CUT if part.cut else 1)


def measure(
    strength: Strength, mask: Mask, labels: NDArray[np.uint16], boxes: NDArray[np.int32]
) -> list[Part]:
    """Describe every part."""
    height, width = mask.shape
    edge = (mask - cv2.erode(mask, np.ones((3, 3), np.uint8))) * np.minimum(strength, STRONG)
    outlines = np.bincount(labels.ravel(), edge.ravel(), len(boxes))
    parts = []
    for number, (left, top, wide, high, _) in enumerate(boxes.tolist()):
        if number:
            box = np.s_[top : top + high, left : left + wide]
            peak = float(strength[box][labels[box] == number].max())
            cut = left == 0 or top == 0 or left + wide == width or top + high == height
            parts.append(
                Part(number, left, top, left + wide, top + high, outlines[number], peak, cut)
            )
    return parts
