"""Grids of samples, as notebooks show them: digits of 28 x 28 beside and below each other."""

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from numpy.typing import NDArray
from PIL import Image

from testing.scenes import Random, Scene, choose, encode
from testing.scenes.numbers import Pool, Written
from testing.scenes.pages import as_mnist, store

Samples = list[list[NDArray[np.uint8]]]
"""Rows of digits, each uint8 (28, 28)."""

SHOWN = ("side by side", "as plots", "as plots in frames", "as plots with titles")

COLOR_MAPS = ("gray", "gray", "viridis", "gray_r", "Blues")
"""As often as notebooks use them: the first three show digits on dark ground."""

TITLES = ("{0}", "Label: {0}", "y = {0}")


def grid(pool: Pool, random: Random) -> Written:
    """Show samples in a grid; a space may be read between any two of them."""
    rows, columns = int(random.integers(1, 6)), int(random.integers(2, 8))
    labels = random.integers(0, 10, (rows, columns))
    samples = [[sample(pool, int(label), random) for label in line] for line in labels]
    shown = choose(random, SHOWN)
    picture = side_by_side(samples, random) if shown == SHOWN[0] else plots(samples, shown, random)
    marked = "\n".join("|".join(map(str, line)) for line in labels)
    conditions = {"how": "drawn", "spacing": shown, "rows": str(rows)}
    return Written(Scene(picture, conditions), marked)


def sample(pool: Pool, label: int, random: Random) -> NDArray[np.uint8]:
    """Draw one of a label's digits as MNIST's are."""
    return as_mnist(pool[label][random.integers(len(pool[label]))], random)


def side_by_side(samples: Samples, random: Random) -> bytes:
    """Show samples without anything between them, enlarged or not, in either polarity."""
    pixels = np.vstack([np.hstack(line) for line in samples])
    picture = Image.fromarray(pixels if random.random() < 0.7 else 255 - pixels)
    scale = int(random.choice([1, 2, 3, 4, 6]))
    way = Image.Resampling.NEAREST if random.random() < 0.5 else Image.Resampling.BICUBIC
    return encode(picture.resize((scale * picture.width, scale * picture.height), way), "PNG")


def plots(samples: Samples, shown: str, random: Random) -> bytes:
    """Plot each sample in axes of its own, without ticks."""
    rows, columns = len(samples), len(samples[0])
    has_titles = shown == "as plots with titles"
    color_map = choose(random, COLOR_MAPS[:3] if has_titles else COLOR_MAPS)
    title = choose(random, TITLES)
    size = random.uniform(0.9, 1.8) * np.array([columns, rows * (1.35 if has_titles else 1)])
    plot = Figure(tuple(size), dpi=int(random.choice([72, 100, 130])))
    for index, pixels in enumerate(digit for line in samples for digit in line):
        axes = plot.add_subplot(rows, columns, index + 1)
        axes.imshow(pixels, color_map)
        axes.set_xticks([])
        axes.set_yticks([])
        axes.set_axis_on() if shown == "as plots in frames" else axes.set_axis_off()
        if has_titles:
            axes.set_title(title.format(random.integers(10)), fontsize=random.uniform(7, 12))
    canvas = FigureCanvasAgg(plot)
    canvas.draw()
    return store(Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB"), random)
