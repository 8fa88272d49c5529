"""From a picture to what every model says of it: the one line that every door calls."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from functools import cache, cached_property, partial
from itertools import chain, islice
from threading import BoundedSemaphore
from typing import Any, Self, TypeVar

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from mnist_models.digits import LABELS, SIDE
from mnist_models.errors import MnistModelsError, PictureError
from mnist_models.models.classifier import BATCH_SIZE, DOUBTFUL, Classifier, Prediction
from mnist_models.models.loading import load
from mnist_models.models.record import SERVED
from mnist_models.preparation.finding import find_digit, find_digits
from mnist_models.preparation.ink import Box, drawing_levels
from mnist_models.preparation.picture import FULL_SIZE, Source, open_picture
from mnist_models.preparation.writing import Digit, Line

NUM_OPENED = 2
"""Pictures opened at the same time: the largest ones take more than a gigabyte each."""

LEAST_SHARE = 1e-6
"""The least likelihood that is told apart from none."""

SURE = 0.87
"""Among several digits, one that the first model is less sure of is doubted. Three of five wrong
numbers have such a digit then, and a sixth of the right ones: with 0.8 half and an eighth, with 0.9
two thirds and a fifth (benchmarks.reading.whole_numbers, development half)."""

OPENING = BoundedSemaphore(NUM_OPENED)

Found = TypeVar("Found")


@dataclass(frozen=True)
class Reading:
    """A digit and what each model says of it.

    Attributes:
        digit: uint8 (28, 28), what the models saw.
        predictions: By model name, a ``Prediction`` with one row.
        box: Left, top, right and bottom of the digit in the upright picture, in its pixels.
        after_space: Whether a space stands before the digit in its line.
        is_turned: Whether the photograph was turned so that the digit stands upright.
    """

    digit: NDArray[np.uint8]
    predictions: dict[str, Prediction]
    box: Box
    after_space: bool = False
    is_turned: bool = False

    def __getitem__(self, name: str) -> Prediction:
        return self.predictions[name]

    def label(self, name: str) -> str:
        """Return the digit that a model reads, "0" to "9"."""
        return LABELS[self.predictions[name].probabilities[0].argmax()]


@dataclass(frozen=True)
class Number:
    """All digits of a picture, in reading order.

    Attributes:
        lines: Lines from top to bottom, each with its digits from left to right.
    """

    lines: list[list[Reading]]

    @property
    def readings(self) -> list[Reading]:
        """Every digit, line after line."""
        return [reading for line in self.lines for reading in line]

    def text(self, name: str) -> str:
        """Return what a model reads: a space for each gap, lines joined by line breaks."""
        return "\n".join(
            "".join(" " * reading.after_space + reading.label(name) for reading in line)
            for line in self.lines
        )


class Said:
    """What the first model said of digits while they were looked for: it is not asked again.

    Args:
        model: The model.
    """

    def __init__(self, model: Classifier) -> None:
        self.model = model
        self.predictions: dict[bytes, Prediction] = {}
        """By a digit's pixels, a ``Prediction`` with one row."""

    def judge(self, digits: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Say how likely digits are digits that the model knows: logarithms, float32 (n,)."""
        prediction = self.model.predict(digits)
        for index, digit in enumerate(digits):
            self.predictions[digit.tobytes()] = row(prediction, index)
        shares = prediction.probabilities.max(axis=1) * (1 - prediction.doubt)
        return np.log(np.maximum(shares, LEAST_SHARE))

    def tell(self, digit: NDArray[np.uint8]) -> Prediction:
        """Return what the model says of a digit, uint8 (28, 28), as a ``Prediction`` of one row."""
        key = digit.tobytes()
        if key not in self.predictions:
            self.judge(digit[None])
        return self.predictions[key]


class Reader:
    """Reads pictures with several models at once.

    Args:
        classifiers: By name, the models to ask.
    """

    def __init__(self, classifiers: Mapping[str, Classifier]) -> None:
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
        said = self.listen()
        return self._ask([self._find_digit(data, said)], said)[0]

    def read_number(self, data: Source) -> Number:
        """Read every digit in a picture.

        Args:
            data: As for ``read``.

        Returns:
            The digits in reading order; where there is only one, the same as ``read`` gives. Of
            several, the first model also doubts those which it nearly takes for others.

        Raises:
            PictureError: ``data`` is not a picture that can be read.
            NoInkError: The picture is blank.
        """
        said = self.listen()
        _, lines = self._find_digits(data, said)
        return into_number(self._ask([*chain.from_iterable(lines)], said), lines)

    def read_all(self, data: Source) -> tuple[Reading, Number]:
        """Read the digit in a picture and every digit, in less time than one after the other.

        Args:
            data: As for ``read``.

        Returns:
            What ``read`` and what ``read_number`` give.

        Raises:
            PictureError: ``data`` is not a picture that can be read.
            NoInkError: The picture is blank.
        """
        said = self.listen()
        main, lines = self._find_digits(data, said)
        reading, *readings = self._ask([main, *chain.from_iterable(lines)], said)
        return reading, into_number(readings, lines)

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
            said = self.listen()
            find = partial(self._find_digit, said=said)
            found = [attempt(find, source, to_source) for source in some]
            readings = iter(self._ask([one for one in found if isinstance(one, Digit)], said))
            for one in found:
                yield next(readings) if isinstance(one, Digit) else one

    def listen(self) -> Said:
        """Return what will remember the first model's answers during one search, or several."""
        return Said(next(iter(self.classifiers.values())))

    def _find_digit(self, source: Source, said: Said) -> Digit:
        with OPENING:  # when its turn has come
            picture = open_picture(source)
            return upscale(find_digit(drawing_levels(picture), said.judge), picture)

    def _find_digits(self, source: Source, said: Said) -> tuple[Digit, list[Line]]:
        with OPENING:
            picture = open_picture(source)
            main, lines = find_digits(drawing_levels(picture), said.judge)
            upscaled = [[upscale(digit, picture) for digit in line] for line in lines]
            return upscale(main, picture), upscaled

    def _ask(self, found: list[Digit], said: Said) -> list[Reading]:
        first, *others = self.classifiers
        digits = np.array([digit.pixels for digit in found], np.uint8).reshape(-1, SIDE, SIDE)
        predictions = {name: self.classifiers[name].predict(digits) for name in others}
        return [
            Reading(
                pixels,
                {first: said.tell(pixels)}
                | {name: row(prediction, index) for name, prediction in predictions.items()},
                digit.box,
                digit.after_space,
                digit.is_turned,
            )
            for index, (pixels, digit) in enumerate(zip(digits, found, strict=True))
        ]


def into_number(readings: list[Reading], lines: list[Line]) -> Number:
    """Set readings into the lines in which their digits were found."""
    rest = iter(map(doubt_rivals, readings) if len(readings) > 1 else readings)
    return Number([list(islice(rest, len(line))) for line in lines])


def doubt_rivals(reading: Reading) -> Reading:
    """Let the first model's doubt of one digit of several tell also that another label is near.

    A number is wrong when one of its digits is: who reads it wants to know which one to look at.
    """
    (name, prediction), *_ = reading.predictions.items()
    share = prediction.probabilities.max(axis=1) * (1 - prediction.doubt)
    doubt = np.minimum(1, DOUBTFUL * (1 - share) / (1 - SURE))
    doubted = replace(prediction, doubt=np.maximum(prediction.doubt, doubt))
    return replace(reading, predictions=reading.predictions | {name: doubted})


def attempt(
    read: Callable[[Source], Found], source: Any, to_source: Callable[[Any], Source]
) -> Found | MnistModelsError:
    """Return what reading one of many pictures gives, or what is wrong with that one."""
    try:
        return read(to_source(source))
    except MnistModelsError as error:
        return error
    except OSError as error:
        return PictureError("unopened", reason=error.strerror)


def to_digit(picture: Image.Image) -> NDArray[np.uint8]:
    """Find the main digit in a picture and prepare it as MNIST's makers prepared theirs.

    Args:
        picture: What ``open_picture`` returns.

    Returns:
        uint8 (28, 28), 0 for ground to 255 for full ink, like ``keras.datasets.mnist``'s digits.

    Raises:
        NoInkError: The picture is blank or one flat color.
    """
    return find_digit(drawing_levels(picture), Reader.default().listen().judge).pixels


def upscale(digit: Digit, picture: Image.Image) -> Digit:
    """Say where a digit is in the picture as it came, which may have been reduced."""
    full_size = picture.info.get(FULL_SIZE, picture.size)
    scale = np.tile(np.divide(full_size, picture.size), 2)
    limits = np.tile(full_size, 2)
    box = np.clip(np.rint(np.multiply(digit.box, scale)), 0, limits).astype(int).tolist()
    return replace(digit, box=(box[0], box[1], box[2], box[3]))


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
            "digit": int(result.label(name)),
            "probabilities": prediction.by_label(),
            "doubt": float(prediction.doubt[0]),
            **({"model": name, "revision": revisions[name]} if revisions else {}),
        }
        for name, prediction in result.predictions.items()
    }


def row(prediction: Prediction, index: int) -> Prediction:
    """Return what a prediction says of one of its digits, as a ``Prediction`` with one row."""
    values = {field.name: getattr(prediction, field.name) for field in fields(Prediction)}
    return Prediction(**{name: rows[index : index + 1] for name, rows in values.items()})
