"""The endpoints that clients call: gradio_client, plain HTTP and MCP.

Gradio shows their docstrings to both people and programs, takes one line of each argument and puts
a comma between the lines of what is returned.
"""

import asyncio
import base64
import binascii
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar

import gradio as gr
from anyio import CapacityLimiter
from anyio.to_thread import run_sync

from mnist_models import MnistModelsError, PictureError, Reader
from mnist_models.answers import number_as_json
from mnist_models.reader import as_json
from web.guard.addresses import SCHEMES, Fetcher
from web.guard.uploads import stored_picture
from web.limits import MAX_BATCH, MAX_CONCURRENT, MAX_FETCHED
from web.words import PROGRAMS

Read = TypeVar("Read")


def add_endpoints(reader: Reader, fetcher: Fetcher | None = None) -> None:
    """Add the endpoints to the page that is being built.

    Args:
        reader: Who reads the pictures.
        fetcher: Who fetches them from addresses; None for the one that keeps to the limits.
    """
    fetch = (fetcher or Fetcher()).fetch
    limiter = CapacityLimiter(MAX_CONCURRENT)

    async def read(ask: Callable[[Path | bytes], Read], image: Any) -> Read:
        try:
            return await run_sync(ask, await source_of(image, fetch), limiter=limiter)
        except MnistModelsError as error:
            raise gr.Error(str(error), print_exception=False) from error

    async def source_or_error(image: Any) -> Path | bytes | MnistModelsError:
        try:
            return await source_of(image, fetch)
        except MnistModelsError as error:
            return error

    def read_some(sources: list[Path | bytes | MnistModelsError]) -> list[dict[str, Any]]:
        found = reader.read_many(sources, to_source=unless_error)
        return [as_json(one, reader.revisions) for one in found]

    async def predict(image: gr.FileData) -> dict[str, dict[str, float]]:
        """Read one handwritten digit with a convolutional network and with a linear model.

        The picture is PNG, JPEG, HEIC, WebP, AVIF, GIF, BMP or TIFF, its digit dark or light.

        Args:
            image: A picture as uploaded file, http(s) address or, by MCP, data URL of up to 1 MB.

        Returns:
            For "cnn" and "linear" each: the probability, 0 to 1, of every digit "0" to "9".
        """
        reading = await read(reader.read, image)
        return {name: reading[name].by_label() for name in reading.predictions}

    async def predict_cnn(image: gr.FileData) -> dict[str, float]:
        """Read one handwritten digit with a convolutional network, the more accurate model.

        The picture is PNG, JPEG, HEIC, WebP, AVIF, GIF, BMP or TIFF, its digit dark or light.

        Args:
            image: A picture as uploaded file, http(s) address or, by MCP, data URL of up to 1 MB.

        Returns:
            The probability, 0 to 1, of every digit "0" to "9".
        """
        return (await read(reader.read, image))["cnn"].by_label()

    async def predict_linear(image: gr.FileData) -> dict[str, float]:
        """Read one handwritten digit with a linear model, the simplest one.

        The picture is PNG, JPEG, HEIC, WebP, AVIF, GIF, BMP or TIFF, its digit dark or light.

        Args:
            image: A picture as uploaded file, http(s) address or, by MCP, data URL of up to 1 MB.

        Returns:
            The probability, 0 to 1, of every digit "0" to "9".
        """
        return (await read(reader.read, image))["linear"].by_label()

    async def predict_number(image: gr.FileData) -> dict[str, Any]:
        """Read every handwritten digit in a picture as a number, with both models.

        The picture is PNG, JPEG, HEIC, WebP, AVIF, GIF, BMP or TIFF, its digits dark or light.

        Args:
            image: A picture as uploaded file, http(s) address or, by MCP, data URL of up to 1 MB.

        Returns:
            For "cnn" and "linear" each the number as text with a space for each gap
            and in "digits" for each digit its box in pixels (left, top, right, bottom)
            its line, what both models read and the doubt, 0 to 1
            which above 0.5 means hardly a digit.
        """
        return number_as_json(await read(reader.read_number, image))

    async def predict_batch(images: list[gr.FileData]) -> list[dict[str, Any]]:
        """Read up to 100 pictures, one handwritten digit each, with both models.

        Args:
            images: 1 to 100 pictures: uploaded files, http(s) addresses or data URLs, 1 MB in all.

        Returns:
            For each picture, in order: by model its digit, probabilities and doubt, 0 to 1
            which above 0.5 means hardly a digit; or an error that says why it cannot be read.
        """
        if not isinstance(images, list) or not 1 <= len(images) <= MAX_BATCH:
            raise gr.Error(PROGRAMS("not_a_list", most=MAX_BATCH), print_exception=False)
        answers: list[dict[str, Any]] = []
        for first in range(0, len(images), MAX_FETCHED):
            some = images[first : first + MAX_FETCHED]
            sources = await asyncio.gather(*(source_or_error(image) for image in some))
            answers += await run_sync(read_some, sources, limiter=limiter)
        return answers

    for endpoint in (predict, predict_cnn, predict_linear, predict_number, predict_batch):
        gr.api(endpoint)


async def source_of(image: Any, fetch: Callable[[str], Awaitable[bytes]]) -> Path | bytes:
    """Return where a picture is stored, or the bytes of a data URL or of the file at an address.

    Gradio 6.31.0 stores the data URLs of MCP calls only where one is an argument of its own.

    Args:
        image: What the request says, of any type; Gradio's files have a "path".
        fetch: Returns the file at an address.

    Raises:
        PictureError: This is no picture's path, data URL or address, or nothing is there.
    """
    if isinstance(image, str) and image.startswith("data:image/"):
        try:
            return base64.b64decode(image.partition(";base64,")[2], validate=True)
        except binascii.Error:
            raise PictureError("not_uploaded") from None
    path = image.get("path") if isinstance(image, dict) else image
    try:
        return stored_picture(path)
    except PictureError:
        if isinstance(path, str) and path.startswith(SCHEMES):
            return await fetch(path)
        raise


def unless_error(source: Path | bytes | MnistModelsError) -> Path | bytes:
    """Return where a picture is, or raise why it is nowhere."""
    if isinstance(source, MnistModelsError):
        raise source
    return source
