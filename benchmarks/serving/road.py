"""How long the road from a picture to a digit takes.

python -m benchmarks.serving.road
"""

import platform
import time
from collections.abc import Callable
from functools import partial

import cv2
import numpy as np
from PIL import Image, ImageOps

from mnist_models import open_picture, to_digit
from testing.scenes import encode, ink_of
from testing.strokes import DIGITS

REPEATS = 30


def median_milliseconds(task: Callable[[], object]) -> float:
    """Return a task's median time by the clock: processor time counts OpenCV's idle threads too."""
    taken = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        task()
        taken.append(1000 * (time.perf_counter() - start))
    return float(np.median(taken))


def drawing(side: int) -> Image.Image:
    """Draw a digit in black on white."""
    size, corner = 0.7 * side, 0.15 * side
    return Image.fromarray(
        255 - ink_of(DIGITS["5"], (side, side), (corner, corner), size, 0.05 * side)
    )


def photograph(width: int, height: int) -> bytes:
    """Photograph a digit in lamp light with grain, as JPEG."""
    ink = ink_of(DIGITS["5"], (height, width), (width // 4, height // 4), height / 2, height / 50)
    light = np.linspace(0.6, 1, width, dtype=np.float32)
    grain = 4 * np.random.default_rng(0).standard_normal((height, width), np.float32)
    levels = (235 - 190 * (ink / np.float32(255))) * light + grain
    return encode(Image.fromarray(np.clip(levels, 0, 255).astype(np.uint8)).convert("RGB"), "JPEG")


def main() -> None:
    """Measure and print."""
    print(f"{platform.machine()}, {cv2.getNumberOfCPUs()} cores, medians of {REPEATS}")
    black = Image.new("L", (400, 400))
    pad = drawing(400)
    alpha = Image.merge("RGBA", [black] * 3 + [pad.point(lambda level: 255 - level)])
    pictures = {"L": pad, "RGB": pad.convert("RGB"), "RGBA": pad.convert("RGBA"), "alpha": alpha}
    pictures["colors"] = ImageOps.colorize(pad, "navy", "orange")
    for name, picture in pictures.items():
        taken = median_milliseconds(partial(to_digit, picture))
        print(f"to_digit, drawing of 400 x 400, {name}: {taken:.1f} ms")
    photo = photograph(4000, 3000)
    taken = median_milliseconds(lambda: to_digit(open_picture(photo)))
    print(f"open_picture and to_digit, JPEG of 12 megapixels: {taken:.0f} ms")


if __name__ == "__main__":
    main()
