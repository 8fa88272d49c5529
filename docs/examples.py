"""Make the photographed examples and those of numbers: the tests' own strokes.

python -m docs.examples
"""

import numpy as np
from PIL import Image

from testing import EXAMPLES
from testing.scenes import encode, ink_of, photograph
from testing.strokes import DIGITS, Strokes

PHOTOGRAPHS: dict[str, dict[str, str]] = {
    "3_ruled_paper.jpg": {"lines": "ruled", "light": "lamp", "pen": "blue ballpoint"},
    "4_photo_shadow.jpg": {"lines": "blank", "light": "hard shadow", "pen": "marker"},
    "5_squared_paper.jpg": {"lines": "squared", "light": "soft shadow", "pen": "green pen"},
    "8_desk_in_view.jpg": {"lines": "blank", "edge": "desk in view", "pen": "red pen"},
    "1907_on_paper.jpg": {"lines": "blank", "edge": "paper only", "pen": "blue ballpoint"},
}
"""By file name, which begins with the truth, the conditions that the photograph shows."""

DRAWN = "42_two_digits.png"

GAP = 250
"""Between two digits of a number, a digit's height being 1000."""


def write(number: str) -> Strokes:
    """Return the strokes of a number in a line, 0..1000."""
    strokes, width = [], 0.0
    for digit in number:
        left = min(x for stroke in DIGITS[digit] for x, _ in stroke)
        strokes += [[[x - left + width, y] for x, y in stroke] for stroke in DIGITS[digit]]
        width = max(x for stroke in strokes for x, _ in stroke) + GAP
    size = max(width - GAP, 1000)
    return [[[1000 * x / size, 1000 * y / size] for x, y in stroke] for stroke in strokes]


if __name__ == "__main__":
    for seed, (name, conditions) in enumerate(PHOTOGRAPHS.items(), 20):
        random = np.random.default_rng(seed)
        number = name.partition("_")[0]
        strokes = write(number) if len(number) > 1 else DIGITS[number]
        scene = photograph(strokes, random, longest=700, **conditions)
        (EXAMPLES / name).write_bytes(scene.data)
    ink = ink_of(write(DRAWN.partition("_")[0]), (280, 280), (30, 60), 220, 18)
    (EXAMPLES / DRAWN).write_bytes(encode(Image.fromarray(255 - ink), "PNG", optimize=True))
