"""Digits written from scratch, in forms that MNIST hardly holds, and signs of currencies.

Each form is a few strokes through points that scatter from hand to hand, in a frame whose height is
1 and whose x and y grow to the right and downwards.
"""

from collections.abc import Callable
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from mnist_models.training.drawing.canvas import CANVAS, SCALE, LargeInk, Random, chance

Points = NDArray[np.float64]
"""float64 (n, 2): x and y."""

Form = Callable[[float, Random], list[Points]]
"""Returns strokes for a pen's width, as a share of the height."""

HEIGHT = 20 * SCALE
"""How tall a digit is written, in pixels of the enlarged ink."""

UNSTEADY = 0.03
"""Standard deviation of each point's place, as a share of the digit's height."""

THINNEST, THICKEST = 1.0, 6.5
"""Pens, in pixels of a digit: as far as ``mnist_form`` leaves them as they are."""

THICKEST_OF_SIGNS = 3.0
"""Of a thicker pen a dollar sign would be an 8."""

LOOP = 0.55
"""A loop reaches so many widths of the pen from its middle at least: it can fill, but it shows."""


def write(label: int, random: Random) -> LargeInk:
    """Write a digit in one of its forms, with any pen."""
    return draw(FORMS[label], THICKEST, random)


def write_sign(random: Random) -> LargeInk:
    """Write the sign of a currency, with a pen that leaves its bars apart."""
    return draw(SIGNS[random.integers(len(SIGNS))], THICKEST_OF_SIGNS, random)


def draw(form: Form, thickest: float, random: Random) -> LargeInk:
    """Draw a form's strokes with a pen of up to so many pixels of a digit."""
    pen = np.exp(random.uniform(np.log(THINNEST), np.log(thickest))) * SCALE / HEIGHT
    strokes = [shake(stroke, random) for stroke in form(pen, random)]
    whole = np.concatenate(strokes)
    middle = (whole.min(axis=0) + whole.max(axis=0)) / 2
    size = HEIGHT * np.array([np.exp(random.normal(0, 0.15)), 1])
    ink = np.zeros((CANVAS, CANVAS), np.uint8)
    for stroke in strokes:
        points = np.rint(((stroke - middle) * size + CANVAS / 2) * 16).astype(np.int32)
        cv2.polylines(ink, [points], False, 255, max(2, round(pen * HEIGHT)), cv2.LINE_AA, shift=4)
    return ink


def shake(stroke: Points, random: Random) -> Points:
    """Let a stroke waver a little, as a whole and along its way."""
    knots = random.normal(0, UNSTEADY, (4, 2))
    along = np.linspace(0, 3, len(stroke))
    return stroke + np.stack([np.interp(along, range(4), knots[:, axis]) for axis in (0, 1)], 1)


def curve(*points: tuple[float, float]) -> Points:
    """Return a smooth way through points (a spline: Catmull and Rom 1974)."""
    knots = np.array([points[0], *points, points[-1]], np.float64)
    share = np.linspace(0, 1, 8, endpoint=False)[:, None]
    parts = [
        b
        + ((c - a) + ((2 * a - 5 * b + 4 * c - d) + (3 * (b - c) + d - a) * share) * share)
        * share
        / 2
        for a, b, c, d in zip(knots, knots[1:], knots[2:], knots[3:], strict=False)
    ]
    return np.concatenate([*parts, knots[-1:]])


def straight(*points: tuple[float, float]) -> Points:
    """Return straight lines from point to point."""
    knots = np.array(points, np.float64)
    share = np.linspace(0, 1, 6, endpoint=False)[:, None]
    parts = [a + (b - a) * share for a, b in pairwise(knots)]
    return np.concatenate([*parts, knots[-1:]])


def oval(x: float, y: float, width: float, height: float, start: float, turns: float) -> Points:
    """Return part of an oval.

    Args:
        x: Its middle.
        y: Its middle.
        width: From its middle to its side.
        height: From its middle to its top.
        start: Where the pen begins, in turns clockwise from the right.
        turns: How far it goes from there; less than 0 for counterclockwise.
    """
    angles = 2 * np.pi * (start + np.linspace(0, turns, 24))
    return np.stack([x + width * np.cos(angles), y + height * np.sin(angles)], axis=1)


def join(*strokes: Points) -> Points:
    """Write strokes without lifting the pen."""
    return np.concatenate(strokes)


def end_of(stroke: Points) -> tuple[float, float]:
    """Return where a stroke ends, for another one to go on from."""
    return float(stroke[-1, 0]), float(stroke[-1, 1])


def zero(_: float, random: Random) -> list[Points]:
    """Write a 0: open, closed, or with a loop where it ends; sometimes struck through."""
    width = random.uniform(0.15, 0.45)
    start, turns = random.uniform(-0.4, -0.1), random.uniform(0.88, 1.15)
    ring = oval(0, 0.5, width, 0.5, start, -turns if chance(random, 0.8) else turns)
    if chance(random, 0.3):
        ring = join(ring, ring[-1:] + random.normal(0, 0.08, 2))
    if chance(random, 0.12):
        reach = random.uniform(0.7, 1.2)
        return [
            ring,
            straight((width * reach, 0.5 - 0.4 * reach), (-width * reach, 0.5 + 0.4 * reach)),
        ]
    return [ring]


def one(_: float, random: Random) -> list[Points]:
    """Write a 1 with a flag, a foot or both, its top pointed or round."""
    lean = float(np.clip(random.normal(0.12, 0.17), -0.2, 0.5))
    bottom = -np.tan(lean)
    is_round = chance(random, 0.4)
    is_long = is_round or chance(random, 0.4)
    tip = long_flag(lean, is_round, random) if is_long else short_flag(lean, random)
    bow = random.normal(0, 0.05)
    middle = (tip[0] / 2 + bow, tip[1] / 2 + bow)
    if is_round:  # without a foot, with which it would be a 2
        before = (0.15 * tip[0], random.uniform(0, 0.05))
        after = (random.uniform(-0.01, 0.05), random.uniform(0.06, 0.15))
        stem = [(bottom * share, share) for share in (0.35, 0.7, 1.0)]
        return [curve(tip, middle, before, after, *stem)]
    strokes = [join(curve(tip, middle, (0, 0)), straight((0, 0), (bottom, 1)))]
    if chance(random, 0.4):
        left, right = random.uniform(0.1, 0.42, 2)
        rise, sag = random.normal(0, 0.04, 2)
        foot = curve((bottom - left, 1 + rise), (bottom, 1 + sag), (bottom + right, 1 - rise))
        strokes.append(foot)
    return strokes


def short_flag(lean: float, random: Random) -> tuple[float, float]:
    """Return where a 1's flag ends that begins at (0, 0)."""
    length = random.uniform(0.12, 0.85)
    angle = lean + random.uniform(0.3, 1.05 - 0.5 * max(0.0, lean))  # one that lies flat: a 7
    return -length * np.sin(angle), random.uniform(0, 0.06) + length * np.cos(angle)


def long_flag(lean: float, is_round: bool, random: Random) -> tuple[float, float]:
    """Return where one ends that reaches as far to the left as a 7's bar, but lower."""
    reach = random.uniform(0.3, 0.8)
    lowest, steepness = (0.28, 0.5) if is_round else (0.22, 0.45)
    return -reach, random.uniform(max(lowest, (steepness - 0.35 * lean) * reach), 0.65)


def two(_: float, random: Random) -> list[Points]:
    """Write a 2 with a straight, waved, rising or looped base."""
    width, low = random.uniform(0.45, 0.85), random.uniform(0.85, 1)
    neck = random.uniform(0.25, 0.7) * width
    top = curve(
        (random.uniform(0, 0.2), random.uniform(0.12, 0.38)),
        (width * 0.45, 0),
        (width, random.uniform(0.18, 0.32)),
        (neck, random.uniform(0.55, 0.75)),
        (0, low),
    )
    end = (width * random.uniform(0.8, 1.3), random.uniform(0.88, 1.02))
    if chance(random, 0.35):
        loop = random.uniform(0.06, 0.14)
        base = curve((0, low), (-loop / 2, low - loop), (loop, low - loop), (width / 2, 0.95), end)
    elif chance(random, 0.5):
        rise = random.uniform(0.03, 0.12)
        base = curve((0, low), (width * 0.3, 1 - rise), (width * 0.65, 1), end)
    else:
        base = straight((0, low), end)
    return [join(top, base)]


def three(_: float, random: Random) -> list[Points]:
    """Write a 3 with two bows, hardly a notch between them, a flat top, or a loop."""
    width, middle = random.uniform(0.35, 0.65), random.uniform(0.35, 0.52)
    neck = random.uniform(0.1, 0.95) * width
    bow = (
        (width, (1 + middle) / 2),
        (width * 0.55, 1),
        (random.uniform(0, 0.1), random.uniform(0.8, 0.97)),
    )
    if chance(random, 0.35):
        top = straight(
            (random.uniform(0, 0.1), random.uniform(0, 0.06)), (width, 0), (neck, middle)
        )
        return [join(top, curve((neck, middle), (width * 0.9, middle + 0.08), *bow))]
    loop = random.uniform(0, 0.12)
    return [
        curve(
            (random.uniform(0, 0.12), random.uniform(0.05, 0.2)),
            (width * 0.5, 0),
            (width * 0.9, middle / 2),
            (neck, middle),
            (neck - loop, middle + loop / 2),
            (neck + loop / 2, middle + loop),
            *bow,
        )
    ]


def four(_: float, random: Random) -> list[Points]:
    """Write a 4: open, closed or round, and narrow ones whose right arm is short."""
    width, row = random.uniform(0.3, 0.75), random.uniform(0.5, 0.8)
    lean = random.normal(0, 0.06)
    top = (random.uniform(0, 0.5) * width, 0)
    if chance(random, 0.2):  # in one go, closed
        head = (width * random.uniform(0.6, 1), 0)
        foot = (head[0] + lean, 1)
        return [join(straight(foot, head, (0, row), (width * random.uniform(1.05, 1.5), row)))]
    arm = random.uniform(0, row - 0.12)
    stem = straight((width + lean / 2, arm), (width - lean, 1))
    if chance(random, 0.3):  # round, as a u with a tail
        cup = curve(top, (0, row * 0.7), (width * 0.4, row), (width, row * random.uniform(0.75, 1)))
        return [cup, stem]
    end = (width * random.uniform(1, 1.5), row + random.normal(0, 0.04))
    return [straight(top, (0, row), end), stem]


def five(_: float, random: Random) -> list[Points]:
    """Write a 5: its bar apart, joined, short, or so round that it is like an S."""
    width, shoulder = random.uniform(0.35, 0.65), random.uniform(0.35, 0.5)
    bow = (
        (width * 0.6, shoulder - random.uniform(0, 0.08)),
        (width, (1 + shoulder) / 2),
        (width * 0.5, 1),
        (random.uniform(-0.1, 0.1), random.uniform(0.82, 0.98)),
    )
    back = (random.uniform(0, 0.1), shoulder + random.uniform(-0.02, 0.08))
    end = (width * random.uniform(0.5, 1.3), random.uniform(-0.08, 0.06))
    if chance(random, 0.3):
        return [curve(end, (width * 0.25, 0.03), back, *bow)]
    if chance(random, 0.4):
        return [join(straight(end, (0.1, 0), back), curve(back, *bow))]
    gap = random.uniform(0, 0.1, 2)
    stem = join(straight((0.1, 0.02), back), curve(back, *bow))
    return [stem, straight((0.1 + gap[0], -gap[1]), end)]


def six(pen: float, random: Random) -> list[Points]:
    """Write a 6 whose loop is tiny, small, large, narrow or not quite closed."""
    loop = max(random.uniform(0.09, 0.3), LOOP * pen)
    width = loop * random.uniform(0.6, 1.3)
    turns = random.uniform(0.75, 1.1)
    ring = oval(0, 1 - loop, width, loop, 0.5, -turns)
    reach, bow = random.uniform(-0.1, 0.55), random.uniform(-0.02, 0.15)
    stem = curve(
        (reach - width, 0), (reach * 0.4 - width - bow, 0.4 * (1 - loop)), (-width, 1 - loop)
    )
    return [join(stem, ring)]


def seven(_: float, random: Random) -> list[Points]:
    """Write a 7, most often crossed: by a bar that is low, curved, hooked or leans."""
    is_crossed = chance(random, 0.85)
    width = random.uniform(0.4 if is_crossed else 0.55, 0.8)  # a narrow one is like a 1
    left, right = (0, random.uniform(0, 0.05)), (width, random.uniform(-0.04, 0.06))
    foot = (width * random.uniform(0.15, 0.75), 1)
    bow = random.normal(0, 0.08)
    knee = ((right[0] + foot[0]) / 2 + bow, 0.5)
    is_round = is_crossed and chance(random, 0.3)
    if is_round:  # without its bar it would be a 2 that lacks its foot
        start = (0, random.uniform(0.08, 0.25))
        shoulder = (width, random.uniform(0.15, 0.3))
        strokes = [curve(start, (width * random.uniform(0.35, 0.6), 0), shoulder, knee, foot)]
    else:
        bar = curve(left, (width * 0.5, random.normal(0.03, 0.04)), right)
        if is_crossed and chance(random, 0.35):  # a hook without a bar would make a flagged 1
            hook = (random.normal(0, 0.03), random.uniform(0.08, 0.25))
            bar = join(straight(hook, left), bar)
        strokes = [join(bar, curve(right, knee, foot))]
    if is_crossed:
        highest, lowest = (0.48, 0.72) if is_round else (0.35, 0.8)
        row = random.uniform(highest, lowest)
        middle = knee[0] + (foot[0] - knee[0]) * (row - 0.5) * 2 if row > 0.5 else knee[0]
        reach = random.uniform(0.12, 0.42) * np.array([1, random.uniform(0.7, 1.4)])
        rise, sag = random.normal(0.02, 0.07), random.normal(0, 0.07)
        ends = (middle - reach[0], row + rise), (middle + reach[1], row - rise)
        cross = curve(ends[0], (middle, row + sag), ends[1])
        if chance(random, 0.25):
            hook = random.uniform(0.03, 0.12) * random.choice([-1, 1])
            cross = join(straight((ends[0][0] - 0.02, ends[0][1] + hook), ends[0]), cross)
        strokes.append(cross)
    return strokes


def eight(_: float, random: Random) -> list[Points]:
    """Write an 8: in one line, of two rings, or angular."""
    width, middle = random.uniform(0.2, 0.36), random.uniform(0.4, 0.55)
    narrow = width * random.uniform(0.6, 1)
    kind = random.random()
    if kind < 0.3:
        ring = oval(
            0, middle / 2, narrow, middle / 2, random.uniform(0, 1), random.uniform(0.9, 1.1)
        )
        low = (1 - middle) / 2
        return [ring, oval(0, 1 - low, width, low, random.uniform(0, 1), random.uniform(0.9, 1.1))]
    gap = random.uniform(-0.12, 0.1)
    around = [
        (narrow, 0.12),
        (0, 0),
        (-narrow, middle / 2),
        (0, middle),
        (width, (1 + middle) / 2),
        (0, 1),
        (-width, (1 + middle) / 2),
        (0, middle),
        (narrow, middle * 0.6),
        (narrow * 0.6 + gap, 0.06 + gap / 2),
    ]
    if kind < 0.6:
        return [curve(*around)]
    if kind < 0.8:
        return [straight(*around)]
    x, y = width, narrow  # an hourglass
    return [straight((y, 0), (-y, 0), (x, 1), (-x, 1), (y + gap, random.uniform(0, 0.1)))]


def nine(pen: float, random: Random) -> list[Points]:
    """Write a 9 whose loop is small, open or narrow, and whose tail is straight, curled or bent."""
    if chance(random, 0.2):
        return [nine_from_below(pen, random)]
    loop = max(random.uniform(0.1, 0.3), LOOP * pen)
    width = loop * random.uniform(0.6, 1.3)
    open_by = random.uniform(-0.1, 0.25) if chance(random, 0.7) else 0.0
    ring = oval(0, loop, width, loop, -0.03 - max(0.0, open_by), -(1 - open_by) + max(0.0, open_by))
    reach = random.uniform(-0.45, 0.1)
    top = (width, random.uniform(0, 1) * loop)
    knee = (width + reach * 0.25 + random.normal(0, 0.03), 0.6)
    tail = [top, knee, (width + reach, 1)]
    if chance(random, 0.3):
        curl = random.uniform(0.1, 0.3)
        tail += [(width + reach - curl, 1.02), (width + reach - 1.6 * curl, 1 - curl / 2)]
    return [join(ring, curve(end_of(ring), *tail))]


def nine_from_below(pen: float, random: Random) -> Points:
    """Write a 9 in one stroke whose tail leaves a small loop at its foot, and bends like a 3's."""
    loop = max(random.uniform(0.09, 0.2), 0.8 * pen)  # filled, it would be a 3
    width = loop * random.uniform(0.7, 1.3)
    ring = oval(0, loop, width, loop, random.uniform(0.1, 0.3), -random.uniform(0.95, 1.15))
    bow = random.uniform(0, 0.25)
    end = random.uniform(-0.4, 0.05)
    tail = curve(
        end_of(ring),
        (width + bow, random.uniform(0.5, 0.65)),
        (width + 0.6 * bow + 0.3 * end, random.uniform(0.75, 0.88)),
        (end, random.uniform(0.92, 1)),
    )
    return join(ring, tail)


def pound(_: float, random: Random) -> list[Points]:
    """Write a pound sign: like a 2 with a bar, and with less of a bow."""
    width, row = random.uniform(0.45, 0.8), random.uniform(0.42, 0.62)
    stem = random.uniform(0.2, 0.4) * width
    hook = curve(
        (width * random.uniform(0.75, 1), random.uniform(0.1, 0.3)),
        (width * 0.65, 0),
        (stem, random.uniform(0.15, 0.3)),
        (stem + random.normal(0.03, 0.03), 0.7),
        (random.uniform(-0.08, 0.08), random.uniform(0.9, 1)),
    )
    end = (width * random.uniform(0.9, 1.15), random.uniform(0.88, 1))
    base = curve(end_of(hook), (width / 2, 0.97), end)
    return [join(hook, base), level(stem, row, random)]


def euro(_: float, random: Random) -> list[Points]:
    """Write a euro sign: a C with two bars."""
    width, opening = random.uniform(0.28, 0.45), random.uniform(0.08, 0.16)
    rows = 0.5 + random.uniform(0.05, 0.1) * np.array([-1, 1])
    bow = oval(0, 0.5, width, 0.5, -opening, 2 * opening - 1)
    return [bow, *(level(-width * 0.8, float(row), random) for row in rows)]


def dollar(_: float, random: Random) -> list[Points]:
    """Write a dollar sign: an S with one line or two from top to bottom."""
    width = random.uniform(0.25, 0.4)
    bow = curve(
        (width, random.uniform(0.15, 0.3)),
        (0, 0.08),
        (-width, 0.28),
        (0, 0.5),
        (width, 0.72),
        (0, 0.92),
        (-width, random.uniform(0.7, 0.85)),
    )
    lean, reach = random.normal(0, 0.04), random.uniform(-0.05, 0.08)
    places = [0.0] if chance(random, 0.8) else [-0.08, 0.08]
    return [bow, *(straight((x + lean, -reach), (x - lean, 1 + reach)) for x in places)]


def yen(_: float, random: Random) -> list[Points]:
    """Write a yen sign: a Y with two bars."""
    width, fork = random.uniform(0.25, 0.42), random.uniform(0.4, 0.52)
    arms = straight((-width, 0), (0, fork)), straight((width, 0), (0, fork), (0, 1))
    rows = fork + random.uniform(0.04, 0.12) + np.array([0, random.uniform(0.1, 0.18)])
    return [*arms, *(level(0, float(row), random) for row in rows)]


def level(x: float, row: float, random: Random) -> Points:
    """Draw a bar across a stroke, which reaches further to the right."""
    left, right = random.uniform(0.1, 0.25), random.uniform(0.2, 0.5)
    rise = random.normal(0.01, 0.03)
    return straight((x - left, row + rise), (x + right, row - rise))


SIGNS: tuple[Form, ...] = (pound, euro, dollar, yen)
"""What ``write_sign`` writes, each as often."""

FORMS: dict[int, Form] = dict(
    enumerate((zero, one, two, three, four, five, six, seven, eight, nine))
)
"""By label, what writes it."""
