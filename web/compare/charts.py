"""Charts of what was measured, as SVG, each told in words too."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

from mnist_models.report.tables import Record
from mnist_models.words import Words

Points = list[tuple[float, float]]
"""Across and up, 0..1 of a chart."""

WIDTH, HEIGHT, LEFT, RIGHT, ABOVE, BELOW = 400, 240, 48, 20, 8, 24
"""Of a chart and of its margins for numbers, in units of its own."""


@dataclass(frozen=True)
class Chart:
    """A chart, and the same in words.

    Attributes:
        name: What it shows.
        svg: The drawing, an SVG element as it stands in HTML.
        told: The same in a sentence, by network.
    """

    name: str
    svg: str
    told: Mapping[str, str]


def draw_epochs(served: Record, figure: str, words: Words) -> Chart | None:
    """Draw a figure after each epoch, on a logarithmic scale.

    Args:
        served: The models' records.
        figure: "accuracy", drawn as the share read wrong, or "loss".
        words: Of the language.

    Returns:
        The chart; None where nothing was measured.
    """
    mark_form, form = (".1%", ".2%") if figure == "accuracy" else ("g", ".3f")
    curves: dict[str, list[float]] = {}
    told: dict[str, str] = {}
    for name, entry in served.items():
        for kind, key in (("training", figure), ("", f"val_{figure}")):
            values = entry.history.get(key, [])
            curves[f"{name} {kind}"] = [1 - v if figure == "accuracy" else v for v in values]
        if values:
            ends = [f"{curves[f'{name} '][index]:{form}}" for index in (0, -1)]
            first, last = map(words.number, ends)
            told[name] = words("told", first=first, last=last, epochs=len(values))
    known = [value for curve in curves.values() for value in curve if value > 0]
    longest = max(map(len, curves.values()), default=0)
    if not known:
        return None

    def up(value: float) -> float:
        low, high = math.log(min(known) / 1.1), math.log(max(known) * 1.1)
        return (math.log(max(value, min(known) / 1.1)) - low) / (high - low)

    marks = [digit * 10**power for power in range(-6, 3) for digit in (1, 3)]
    heights = {words.number(f"{mark:{mark_form}}"): up(mark) for mark in marks}
    return draw_chart(
        words("wrong" if figure == "accuracy" else "loss"),
        {
            name: [(epoch / longest, up(value)) for epoch, value in enumerate(curve, 1)]
            for name, curve in curves.items()
        },
        across={str(epoch): epoch / longest for epoch in (1, longest)},
        up={mark: height for mark, height in heights.items() if 0 < height < 1},
        told=told,
    )


def draw_calibration(served: Record, words: Words) -> Chart:
    """Draw how often the models were right against how sure they were, in ten bins."""
    shares = {f"{share:.0%}": share for share in (0, 0.25, 0.5, 0.75, 1)}
    curves: dict[str, Points] = {"ideal training": [(0, 0), (1, 1)]}
    told: dict[str, str] = {}
    for name, entry in served.items():
        bins = [(sure / count, right / count) for count, sure, right in entry.calibration if count]
        curves[name] = bins
        sums = [sum(column) / entry.num_test for column in zip(*entry.calibration, strict=True)]
        sure, right, gap = (
            words.number(f"{share:.2%}") for share in (*sums[1:], entry.calibration_error)
        )
        told[name] = words("sure", sure=sure, right=right, gap=gap)
    return draw_chart(words("axes"), curves, shares, shares, told)


def draw_chart(
    name: str,
    curves: Mapping[str, Points],
    across: Mapping[str, float],
    up: Mapping[str, float],
    told: Mapping[str, str],
) -> Chart:
    """Draw curves over a grid.

    Args:
        name: What it shows.
        curves: By the classes of its line, each curve's points, 0..1.
        across: Where numbers stand below, 0..1.
        up: Where numbers stand on the left, each with a line, 0..1.
        told: The same in a sentence, by network.
    """

    def place(point: tuple[float, float]) -> tuple[str, str]:
        x, y = point
        left, top = LEFT + x * (WIDTH - LEFT - RIGHT), ABOVE + (1 - y) * (HEIGHT - BELOW - ABOVE)
        return f"{round(2 * left) / 2:g}", f"{round(2 * top) / 2:g}"  # what is finer does not show

    drawn = ""
    for mark, height in up.items():
        x, y = place((0, height))
        drawn += f'<line x1="{x}" x2="{WIDTH - RIGHT}" y1="{y}" y2="{y}"/>'
        drawn += f'<text x="{LEFT - 6}" y="{y}" dy="4" text-anchor="end">{mark}</text>'
    for mark, right in across.items():
        x, _ = place((right, 0))
        drawn += f'<text x="{x}" y="{HEIGHT - 6}" text-anchor="middle">{mark}</text>'
    for kind, points in curves.items():
        line = " ".join(",".join(place(point)) for point in points)
        drawn += f'<polyline class="{kind}" points="{line}"/>'
    head = f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(name)}">'
    return Chart(name, f"{head}{drawn}</svg>", told)
