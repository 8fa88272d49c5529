"""From a picture to what every model says of it: the one line that every door calls."""

from dataclasses import dataclass
from functools import cache
from typing import Self

import numpy as np
from numpy.typing import NDArray

from mnist_models.classifier import Classifier, Prediction
from mnist_models.fit import fit
from mnist_models.ink import find_ink
from mnist_models.loading import load
from mnist_models.picture import Source, open_picture
from mnist_models.record import SERVED


@dataclass(frozen=True)
class Reading:
    """A digit and what each model says of it.

    Attributes:
        digit: uint8 (28, 28), what the models saw.
        predictions: By model name, a ``Prediction`` with one row.
        num_digits: How many digits the picture seems to hold; only one of them is read.
    """

    digit: NDArray[np.uint8]
    predictions: dict[str, Prediction]
    num_digits: int = 1

    def __getitem__(self, name: str) -> Prediction:
        return self.predictions[name]


class Reader:
    """Reads pictures with several models at once.

    Args:
        classifiers: By name, the models to ask.
    """

    def __init__(self, classifiers: dict[str, Classifier]) -> None:
        self.classifiers = classifiers

    @classmethod
    @cache
    def default(cls) -> Self:
        """Return the program's reader, with the two models that are served.

        Raises:
            ModelError: A model's file is missing or corrupt.
        """
        return cls({name: load(name) for name in SERVED})

    def read(self, data: Source) -> Reading:
        """Read the digit in a picture.

        Args:
            data: A picture file's bytes, its path, or a ``PIL.Image.Image``.

        Returns:
            The digit as the models saw it, and what each of them says.

        Raises:
            PictureError: ``data`` is not a picture that can be read.
            NoInkError: The picture is blank.
        """
        ink = find_ink(open_picture(data))
        digit = fit(ink.pixels)
        return Reading(
            digit,
            {name: model.predict(digit[None]) for name, model in self.classifiers.items()},
            ink.num_digits,
        )
