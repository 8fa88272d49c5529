"""How long the road from a picture to a digit takes, and to what both models say of it.

python -m benchmarks.serving.road
"""

import platform
import time
from collections.abc import Callable
from functools import partial

import cv2
import numpy as np
from PIL import Image, ImageOps

from mnist_models import Reader, open_picture, to_digit
from testing.scenes import encode, ink_of
from testing.strokes import DIGITS

REPEATS = 30


def time_task(task: Callable[[], object]) -> str:
    """Tell a task's median and least time by the clock; on a busy machine the median says little.

    Processor time would count OpenCV's idle threads too.
    """
    taken = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        task()
        taken.append(1000 * (time.perf_counter() - start))
    return f"{np.median(taken):.1f} ms, at least {min(taken):.1f}"


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


def page_of_digits() -> bytes:
    """Write thirty digits in five lines on a page of 1600 x 1200 pixels, as PNG."""
    ink = np.zeros((1200, 1600), np.uint8)
    for index in range(30):
        corner = (120 + 230 * (index % 6), 60 + 220 * (index // 6))
        digit = ink_of(DIGITS[str(index % 10)], ink.shape, corner, 150, 14)
        np.maximum(ink, digit, out=ink)
    return encode(Image.fromarray(255 - ink), "PNG")


def main() -> None:
    """Measure and print."""
    print(f"{platform.machine()}, {cv2.getNumberOfCPUs()} cores, medians of {REPEATS}")
    black = Image.new("L", (400, 400))
    pad = drawing(400)
    alpha = Image.merge("RGBA", [black] * 3 + [pad.point(lambda level: 255 - level)])
    pictures = {"L": pad, "RGB": pad.convert("RGB"), "RGBA": pad.convert("RGBA"), "alpha": alpha}
    pictures["colors"] = ImageOps.colorize(pad, "navy", "orange")
    for name, picture in pictures.items():
        taken = time_task(partial(to_digit, picture))
        print(f"to_digit, drawing of 400 x 400, {name}: {taken}")
    photo, reader = photograph(4000, 3000), Reader.default()
    taken = time_task(lambda: to_digit(open_picture(photo)))
    print(f"open_picture and to_digit, JPEG of 12 megapixels: {taken}")
    for name, data in (("drawing of 400 x 400", encode(pad, "PNG")), ("JPEG of 12 MP", photo)):
        print(f"Reader.read, {name}: {time_task(partial(reader.read, data))}")
    taken = time_task(partial(reader.read_number, page_of_digits()))
    print(f"Reader.read_number, page of 30 digits: {taken}")


if __name__ == "__main__":
    main()
