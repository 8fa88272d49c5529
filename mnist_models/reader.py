"""From a picture to what every model says of it: the one line that every door calls."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from functools import cache, cached_property
from itertools import islice
from threading import BoundedSemaphore
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from mnist_models.digits import SIDE
from mnist_models.errors import MnistModelsError, PictureError
from mnist_models.models.classifier import BATCH_SIZE, Classifier, Prediction
from mnist_models.models.loading import load
from mnist_models.models.record import SERVED
from mnist_models.preparation.ink import Ink
find_ink=None
from mnist_models.preparation.mnist_form import mnist_form
from mnist_models.preparation.picture import Source, open_picture

NUM_OPENED = 2
"""Pictures opened at the same time: the largest ones take more than a gigabyte each."""

OPENING = BoundedSemaphore(NUM_OPENED)


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

    @cached_property
    def revisions(self) -> dict[str, str]:
        """By model name, its commit on the Hub, or "bundled" for a copy in this repository."""
        origins = {name: model.origin or "" for name, model in self.classifiers.items()}
        return {name: origin.partition("@")[2] or "bundled" for name, origin in origins.items()}

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
        return self._ask([find_in(data)])[0]

    def read_many(
        self, sources: Iterable[Any], to_source: Callable[[Any], Source] = lambda source: source
    ) -> Iterator[Reading | MnistModelsError]:
        """Read many pictures, several at once; what is wrong with one costs no other its answer.

        Args:
            sources: Files' bytes, paths or pictures, or whatever ``to_source`` makes them of.
            to_source: Makes a picture of each; what it raises is what is wrong with that one.

        Yields:
            For each source in its order, what ``read`` returns or the error that it raises.
        """
        rest = iter(sources)
        while some := list(islice(rest, BATCH_SIZE)):
            found = [try_to_find_ink(source, to_source) for source in some]
            readings = iter(self._ask([ink for ink in found if isinstance(ink, Ink)]))
            for ink in found:
                yield next(readings) if isinstance(ink, Ink) else ink

    def _ask(self, inks: list[Ink]) -> list[Reading]:
        digits = np.array([mnist_form(ink.pixels) for ink in inks], np.uint8).reshape(
            -1, SIDE, SIDE
        )
        predictions = {name: model.predict(digits) for name, model in self.classifiers.items()}
        return [
            Reading(
                digits[index],
                {name: row(prediction, index) for name, prediction in predictions.items()},
                ink.num_digits,
            )
            for index, ink in enumerate(inks)
        ]


def as_json(
    result: Reading | Exception, revisions: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """Return what JSON can hold of a reading or of an error: what programs get at every door.

    Args:
        result: What was read, or why it was not.
        revisions: By model name; where they are given, each answer names its model and revision.

    Returns:
        By model name the digit, the probabilities of all digits and the doubt; or an "error".
    """
    if isinstance(result, Exception):
        return {"error": str(result)}
    return {
        name: {
            "digit": int(prediction.probabilities[0].argmax()),
            "probabilities": prediction.by_label(),
            "doubt": float(prediction.doubt[0]),
            **({"model": name, "revision": revisions[name]} if revisions else {}),
        }
        for name, prediction in result.predictions.items()
    }


def find_in(source: Source) -> Ink:
    """Return a picture's ink, when its turn has come."""
    with OPENING:
        return find_ink(open_picture(source))


def row(prediction: Prediction, index: int) -> Prediction:
    """Return what a prediction says of one of its digits, as a ``Prediction`` with one row."""
    values = {field.name: getattr(prediction, field.name) for field in fields(Prediction)}
    return Prediction(**{name: rows[index : index + 1] for name, rows in values.items()})


def try_to_find_ink(source: Any, to_source: Callable[[Any], Source]) -> Ink | MnistModelsError:
    """Return a picture's ink, or what is wrong with the picture."""
    try:
        return find_in(to_source(source))
    except MnistModelsError as error:
        return error
    except OSError as error:
        return PictureError("unopened", reason=error.strerror)
