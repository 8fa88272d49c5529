"""Ten digits drawn for the tests, as a pen leaves them: lists of points, 0..1000, y downwards."""

from itertools import pairwise
from math import cos, pi, sin

Stroke = list[list[float]]
Strokes = list[Stroke]


def arc(x: int, y: int, width: int, height: int, start: float, end: float) -> Stroke:
    """Return part of an ellipse.

    Args:
        x: Its center.
        y: Its center.
        width: Half its width.
        height: Half its height.
        start: Where the pen begins, in turns clockwise from the right.
        end: Where the pen leaves, in the same turns; less than `start` for counterclockwise.
    """
    angles = [2 * pi * (start + (end - start) * step / 24) for step in range(25)]
    return [[round(x + width * cos(angle)), round(y + height * sin(angle))] for angle in angles]


def line(*corners: tuple[int, int]) -> Stroke:
    """Return straight lines from corner to corner, a point every tenth of each."""
    points: Stroke = [list(corners[0])]
    for (x0, y0), (x1, y1) in pairwise(corners):
        points += [[x0 + (x1 - x0) * k // 10, y0 + (y1 - y0) * k // 10] for k in range(1, 11)]
    return points


DIGITS: dict[str, list[Stroke]] = {
    "0": [arc(500, 500, 300, 480, -0.25, -1.25)],
    "1": [line((540, 20), (480, 500), (430, 980))],
    "2": [arc(480, 270, 270, 250, -0.45, 0.1) + line((640, 480), (200, 950), (830, 930))],
    "3": [arc(450, 260, 260, 230, -0.4, 0.25) + arc(450, 730, 310, 250, -0.25, 0.4)],
    "4": [line((330, 30), (200, 560), (800, 540)), line((660, 260), (600, 980))],
    "5": [
        line((320, 60), (270, 430)) + arc(440, 670, 290, 280, -0.36, 0.38),
        line((320, 60), (780, 50)),
    ],
    "6": [arc(640, 560, 400, 560, -0.27, -0.5) + arc(500, 720, 260, 250, -0.5, -1.45)],
    "7": [line((200, 80), (800, 60), (420, 980))],
    "8": [arc(500, 265, 220, 230, 0.25, -0.75) + arc(500, 740, 270, 245, -0.25, 0.75)],
    "9": [arc(480, 300, 240, 260, -0.05, -1.0) + line((720, 300), (690, 600), (600, 980))],
}
