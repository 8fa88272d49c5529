"""What a drawing lies on: one color, or paper in uneven light; and what stands out from it."""

from functools import reduce

import cv2
import numpy as np
from numpy.typing import NDArray

Levels = NDArray[np.uint8]
Difference = NDArray[np.float32]
Strength = NDArray[np.float32] | NDArray[np.uint8]

FLAT_SHARE = 0.9
"""Ground counts as one color when this share of the picture's border comes close to it:
a drawing may leave its pad at a tenth of it, and a desk in view covers more."""

DRAWN_SHARE, EXACT_SHARE = 0.5, 0.95
"""Ground was drawn when this share of the border has exactly one color, and of what comes close to
that color this share: grain does not. More would take drawings with a title bar for photographs,
less would take photographs of white paper for drawings."""

CROP_DRAWN_SHARE, CROP_EXACT_SHARE = 0.25, 0.65
"""The same in a small crop, whose border the digit touches and scaling has softened."""

CROP_SIDE = 64
"""Pictures up to this many pixels a side are crops, in which the digit fills the frame:
larger ones show enough ground to look for it."""

FLAT_SPREAD = 12
"""Levels by which one color may differ from itself, for grain and compression: the faintest pencil
differs from its paper by more."""

LOOKING_SIDE = 800
"""Photographs are looked at with about this many pixels a side: thin pens stay, grain averages out;
more would cost time."""

WIDEST_STROKE = 1 / 12
"""The widest stroke expected on uneven ground, as a share of the picture's longer side: the window
that passes over it is twice as wide, and a wider one would no longer follow shadows."""

FAINTEST_RATIO = 0.06
"""In a photograph, ink takes away at least this share of the light: less is what the texture of
paper does, more would lose pencils."""

FIT_SIDE = 64
"""A smooth ground is fitted to the picture reduced to this many pixels a side: light has no finer
detail."""

SMALLEST_SIDE = 8
"""A surface is not told from ink in a picture with fewer pixels a side."""

BORDER = 0.1
"""Share of the shorter side, at each edge, where the fit of a smooth ground begins."""

STIFFNESS = np.array([1e-4, 0.02, 0.02, 0.1, 0.1, 0.1], np.float32)
"""How strongly a smooth ground's slope and bend are held back, against bending into ink."""

GRAIN = 12.0
"""Levels by which smooth ground strays from its surface at most: beyond is something else."""

EXPLAINED, BORDER_EXPLAINED, TIGHT_BORDER_EXPLAINED = 0.45, 0.85, 0.35
"""Share of the picture, and of its border, that a smooth ground explains at least. A shadow or a
desk reaches the border, and ink does not, but for that of tight crops."""

TIGHT_SIDE = 256
"""Photographs up to this many pixels a side may be cells cut out of a form, whose border cuts the
digit; what the border of a larger one cuts is an edge of something else."""


def shrink(levels: Levels, side: int = LOOKING_SIDE) -> tuple[Levels, NDArray[np.float64]]:
    """Average a picture down to so many pixels a side; leave a small one as it is.

    Returns:
        The small picture, and the matrix that takes its places to the picture, float64 (3, 3).
    """
    scale = side / max(levels.shape[:2])
    if scale >= 1:
        return levels, np.eye(3)
    return reduce_by(levels, scale), np.diag([1 / scale, 1 / scale, 1])


def reduce_by(levels: Levels, scale: float) -> Levels:
    """Average a picture down to a share of its size, of at least one pixel."""
    height, width, channels = levels.shape
    size = (max(1, round(scale * width)), max(1, round(scale * height)))
    return cv2.resize(levels, size, interpolation=cv2.INTER_AREA).reshape(*size[::-1], channels)


def flat_ground(levels: Levels) -> tuple[NDArray[np.float32], bool] | None:
    """Return the one color on which everything lies; None when there is no such.

    Args:
        levels: uint8 (height, width, channels).

    Returns:
        The color, float32 (channels,), and whether it has grain: it was not drawn, but
        photographed.
    """
    border = np.concatenate([levels[0], levels[-1], levels[:, 0], levels[:, -1]])
    color, count = commonest_color(border)
    near = np.abs(border - color).max(axis=1) <= FLAT_SPREAD
    is_crop = max(levels.shape) <= CROP_SIDE
    drawn = CROP_DRAWN_SHARE if is_crop else DRAWN_SHARE
    exact = CROP_EXACT_SHARE if is_crop else EXACT_SHARE
    if count >= max(drawn * len(border), exact * near.sum()):
        return color, False
    color = np.median(border, axis=0).astype(np.float32)
    near = np.abs(border - color).max(axis=1) <= FLAT_SPREAD
    return (color, True) if near.mean() >= FLAT_SHARE else None


def commonest_color(colors: NDArray[np.uint8]) -> tuple[NDArray[np.float32], int]:
    """Return the commonest of some colors, (n, channels), and how often it occurs."""
    codes = colors.astype(np.int32) @ (1, 256, 65_536)[: colors.shape[1]]  # a number per color
    _, places, counts = np.unique(codes, return_index=True, return_counts=True)
    which = counts.argmax()
    return colors[places[which]].astype(np.float32), int(counts[which])


def contrast_with(color: NDArray[np.float32], levels: Levels) -> Levels:
    """Return how many levels each pixel is from a color, in the channel that differs most."""
    return reduce(cv2.max, cv2.split(cv2.absdiff(levels, (*color.tolist(), 0))))


def away_from(color: NDArray[np.float32], levels: Levels, direction: NDArray[np.float32]) -> Levels:
    """Measure how far each pixel is from a color in one direction: uint8 (height, width).

    What lies in the opposite direction comes out as 0. Bytes, since a drawing has no finer levels
    and larger numbers take new memory from the system at every picture.
    """
    return cv2.transform(levels, np.append(direction, -direction @ color)[None])


def difference_from_uneven(levels: Levels, window: float = 2 * WIDEST_STROKE) -> Difference:
    """Compare each pixel's light with that of the paper beneath: a logarithm, 0 for ground.

    A ratio, because the same ink takes away the same share of the light in the shadow and beside
    it. The first look at the paper is disturbed by ink where a shadow's edge crosses it; the
    second is not, since it no longer sees the ink.
    """
    paper = paper_under(levels, window)
    ratio = compare(levels, paper)
    ink = cv2.dilate(strong(distance_from_ground(ratio)), np.ones((5, 5), np.uint8))[..., None] > 0
    return compare(levels, paper_under(np.where(ink, paper, levels), window))


def difference_from_smooth(levels: Levels) -> Difference | None:
    """Compare each pixel with the light of a smooth ground: as a share of what can be taken away.

    Dark ink takes up to all of the paper's light, -1; chalk adds up to what is missing to white, 1.
    None where no smooth ground explains the picture.
    """
    ground = smooth_ground(levels)
    if ground is None:
        return None
    difference = levels - ground
    difference /= np.maximum(np.where(difference < 0, ground, 255 - ground), 32)
    return cv2.GaussianBlur(difference, (0, 0), 0.7).reshape(levels.shape)


def paper_under(levels: Levels, window: float) -> Levels:
    """Estimate what the paper would show without ink: (height, width, channels).

    The median of a window twice as wide as any stroke passes over strokes and lines of either
    polarity, follows lamps, and keeps a shadow's or the paper's straight edge as sharp as it is.
    """
    share = 0.8 if max(levels.shape) <= CROP_SIDE else window
    side = int(share * max(levels.shape)) | 1
    return np.dstack([cv2.medianBlur(channel, side) for channel in cv2.split(levels)])


def compare(levels: Levels, paper: Levels) -> Difference:
    """Return the logarithm of the ratio of two pictures' light, smoothed against grain."""
    glow = np.float32(16)  # light that even black is taken to have: keeps grain in the dark small
    ratio = np.log((levels + glow) / (paper + glow))
    return cv2.GaussianBlur(ratio, (0, 0), 0.7).reshape(levels.shape)


def strong(strength: Strength) -> NDArray[np.uint8]:
    """Mark the stronger part, by Otsu's threshold, of what stands out: ink, not disturbance."""
    steps = np.minimum(strength * 128, 255).astype(np.uint8)
    standing_out = steps[strength > FAINTEST_RATIO]
    if not standing_out.size:
        return np.zeros_like(steps)
    threshold, _ = cv2.threshold(standing_out, 0, 1, cv2.THRESH_OTSU)
    return (steps > threshold).astype(np.uint8)


def main_axis(colors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the direction along which most colors differ from ground.

    Args:
        colors: float32 (n, channels), less the ground's.
    """
    return cv2.eigen(colors.T @ colors)[2][0].astype(np.float32)


def distance_from_ground(difference: Difference) -> Difference:
    """Return how far each pixel is from ground, whatever the direction."""
    if difference.shape[2] == 1:
        return np.abs(difference[..., 0])
    return np.sqrt(cv2.transform(difference * difference, np.ones((1, 3), np.float32)))


def toward(difference: Difference, direction: NDArray[np.float32]) -> Difference:
    """Measure differences along one direction, so that what differs otherwise falls away."""
    along = cv2.transform(difference, direction[None])
    return np.maximum(along, 0, out=along)


def smooth_ground(levels: Levels) -> NDArray[np.float32] | None:
    """Fit a surface that bends gently, like lamp light on paper, to what is not ink.

    The border starts the fit, since ink rarely covers most of it; then all pixels near the surface
    refine it, weighted by Tukey's biweight. However broad its strokes are, ink stays outside.

    Args:
        levels: uint8 (height, width, channels).

    Returns:
        None where no surface explains half of the picture and most of its border.
    """
    if min(levels.shape[:2]) < SMALLEST_SIDE:
        return None
    height, width, channels = levels.shape
    scale = min(1.0, FIT_SIDE / max(height, width))
    small = reduce_by(levels, scale)
    rows, columns = small.shape[:2]
    values = small.reshape(-1, channels).astype(np.float32)
    terms = surface_terms(rows, columns)
    border = np.ones((rows, columns), bool)
    edge = max(1, round(BORDER * min(rows, columns)))
    border[edge:-edge, edge:-edge] = False
    weights = border.ravel().astype(np.float32)
    for step in range(12):
        bends = np.diag(STIFFNESS * (1 + weights.sum()))
        weighted = terms * weights[:, None]
        surface = np.linalg.solve(weighted.T @ terms + bends, weighted.T @ values)
        off = np.abs(values - terms @ surface).max(axis=1)
        if step < 6:
            spread = max(4.0, 1.5 * float(np.median(off[border.ravel()])))
            weights = border.ravel() * np.minimum(1, spread / np.maximum(off, 1e-3))
        else:
            near = off[off < 2 * GRAIN]
            spread = float(np.clip(2.5 * np.median(near) if near.size else GRAIN, 6, GRAIN))
            weights = np.square(np.maximum(0, 1 - np.square(off / (2 * spread))))
    explained = (off < 2 * spread).reshape(rows, columns)
    is_tight = max(levels.shape) <= TIGHT_SIDE
    least = TIGHT_BORDER_EXPLAINED if is_tight else BORDER_EXPLAINED
    if explained.mean() < EXPLAINED or explained[border].mean() < least:
        return None
    fitted = (terms @ surface).reshape(rows, columns, channels).astype(np.float32)
    paper = cv2.resize(fitted, (width, height), interpolation=cv2.INTER_LINEAR)
    return paper.reshape(levels.shape)


def surface_terms(rows: int, columns: int) -> NDArray[np.float32]:
    """Return the terms of a quadratic surface at every pixel: float32 (rows * columns, 6)."""
    y, x = np.mgrid[-1 : 1 : rows * 1j, -1 : 1 : columns * 1j].astype(np.float32)
    return np.stack([np.ones_like(x), x, y, x * x, x * y, y * y], axis=-1).reshape(-1, 6)
