"""Numbers for programs: many pictures read, and each number as JSON holds it."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from mnist_models.errors import MnistModelsError
from mnist_models.models.record import SERVED
from mnist_models.preparation.picture import Source
from mnist_models.reader import Number, Reader, as_json, attempt


def read_numbers(
    reader: Reader,
    sources: Iterable[Any],
    to_source: Callable[[Any], Source] = lambda source: source,
) -> Iterator[Number | MnistModelsError]:
    """Read the numbers of many pictures; what is wrong with one costs no other its answer.

    Args:
        reader: Who reads them.
        sources: Files' bytes, paths or pictures, or whatever ``to_source`` makes them of.
        to_source: Makes a picture of each; what it raises is what is wrong with that one.

    Yields:
        For each source in its order, its number or the error.
    """
    for source in sources:
        yield attempt(reader.read_number, source, to_source)


def number_as_json(result: Number | Exception) -> dict[str, Any]:
    """Return what JSON can hold of a number or of an error: what programs get at every door.

    Args:
        result: What was read, or why it was not.

    Returns:
        By model name the number as text, and in "digits" for each its box, its line, the digit that
        each model reads and the network's doubt; or an "error".
    """
    if isinstance(result, Exception):
        return as_json(result)
    return {
        **{name: result.text(name) for name in SERVED},
        "digits": [
            {
                "box": list(reading.box),
                "line": index,
                **{name: int(reading.label(name)) for name in SERVED},
                "doubt": float(reading["cnn"].doubt[0]),
            }
            for index, line in enumerate(result.lines)
            for reading in line
        ],
    }
