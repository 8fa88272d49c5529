"""Facts of MNIST that everything else is built on, and its digits with their labels."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SIDE = 28
"""Height and width of a digit, in pixels."""

BOX = 20
"""The longest side of a digit's ink, in pixels (LeCun, Cortes and Burges, "The MNIST database")."""

CENTER = 14
"""The pixel, counted from 0, on which the ink's center of mass lies (Yadav and Bottou 2019)."""

LABELS = tuple("0123456789")
"""The ten classes, in the order of every model's outputs."""


@dataclass(frozen=True)
class Digits:
    """Digits with their labels.

    Attributes:
        pixels: uint8 (n, 28, 28).
        labels: uint8 (n,), 0 to 9.
    """

    pixels: NDArray[np.uint8]
    labels: NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.pixels)

    def __getitem__(self, which: slice | NDArray[np.int64]) -> "Digits":
        return Digits(self.pixels[which], self.labels[which])
