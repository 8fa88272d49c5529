"""Charts of what was measured, as SVG, each told in words below."""

import math
from collections.abc import Mapping
from html import escape

from mnist_models.models.record import ModelRecord
from mnist_models.report.comparison import localize
from web.texts import as_html, tell, text

Points = list[tuple[float, float]]
"""Across and up, 0..1 of a chart."""

WIDTH, HEIGHT, LEFT, RIGHT, ABOVE, BELOW = 400, 240, 48, 20, 8, 24
"""Of a chart and of its margins for numbers, in units of its own."""


def draw_epochs(served: Mapping[str, ModelRecord], figure: str, language: str) -> str:
    """Draw a figure after each epoch, on a logarithmic scale.

    Args:
        served: The models' records.
        figure: "accuracy", drawn as the share read wrong, or "loss".
        language: Of the words.
    """
    mark_form, form = (".1%", ".2%") if figure == "accuracy" else ("g", ".3f")
    curves, told = {}, ""
    for name, entry in served.items():
        for kind, key in (("training", figure), ("", f"val_{figure}")):
            values = entry.history.get(key, [])
            curves[f"{name} {kind}"] = [1 - v if figure == "accuracy" else v for v in values]
        if values:
            ends = [f"{curves[f'{name} '][index]:{form}}" for index in (0, -1)]
            first, last = (localize(end, language) for end in ends)
            words = text("told", language, first=first, last=last, epochs=str(len(values)))
            told += tell(name, words, language)
    known = [value for curve in curves.values() for value in curve if value > 0]
    longest = max(map(len, curves.values()), default=0)
    if not known:
        return ""

    def up(value: float) -> float:
        low, high = math.log(min(known) / 1.1), math.log(max(known) * 1.1)
        return (math.log(max(value, min(known) / 1.1)) - low) / (high - low)

    marks = [digit * 10**power for power in range(-6, 3) for digit in (1, 3)]
    heights = {localize(f"{mark:{mark_form}}", language): up(mark) for mark in marks}
    return draw_chart(
        text("wrong" if figure == "accuracy" else "loss", language),
        {
            name: [(epoch / longest, up(value)) for epoch, value in enumerate(curve, 1)]
            for name, curve in curves.items()
        },
        across={str(epoch): epoch / longest for epoch in (1, longest)},
        up={mark: height for mark, height in heights.items() if 0 < height < 1},
        told=told,
    )


def draw_calibration(served: Mapping[str, ModelRecord], language: str) -> str:
    """Draw how often the models were right against how sure they were, in ten bins."""
    shares = {f"{share:.0%}": share for share in (0, 0.25, 0.5, 0.75, 1)}
    curves: dict[str, Points] = {"ideal training": [(0, 0), (1, 1)]}
    told = ""
    for name, entry in served.items():
        bins = [(sure / count, right / count) for count, sure, right in entry.calibration if count]
        curves[name] = bins
        sums = [sum(column) / entry.num_test for column in zip(*entry.calibration, strict=True)]
        sure, right, gap = (
            localize(f"{share:.2%}", language) for share in (*sums[1:], entry.calibration_error)
        )
        told += tell(name, text("sure", language, sure=sure, right=right, gap=gap), language)
    return draw_chart(text("axes", language), curves, shares, shares, told)


def draw_chart(
    name: str,
    curves: Mapping[str, Points],
    across: Mapping[str, float],
    up: Mapping[str, float],
    told: str,
) -> str:
    """Draw curves over a grid, told in words below.

    Args:
        name: What it shows.
        curves: By the classes of its line, each curve's points, 0..1.
        across: Where numbers stand below, 0..1.
        up: Where numbers stand on the left, each with a line, 0..1.
        told: The same in words, as HTML.
    """

    def place(point: tuple[float, float]) -> tuple[str, str]:
        x, y = point
        left, top = LEFT + x * (WIDTH - LEFT - RIGHT), ABOVE + (1 - y) * (HEIGHT - BELOW - ABOVE)
        return f"{left:.1f}", f"{top:.1f}"

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
    return (
        f'<figure><svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(name)}">'
        f"{drawn}</svg><figcaption>{as_html('b', name)}{told}</figcaption></figure>"
    )
