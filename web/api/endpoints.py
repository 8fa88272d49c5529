"""The endpoints that clients call: gradio_client, plain HTTP and MCP.

Gradio shows their docstrings to both people and programs, takes one line of each argument and puts
a comma between the lines of what is returned.
"""

import base64
import binascii
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import gradio as gr

from mnist_models import MnistModelsError, PictureError, Reader
from mnist_models.answers import number_as_json
from mnist_models.reader import as_json
from web.guard.uploads import stored_picture
from web.limits import MAX_BATCH
from web.words import PROGRAMS

Read = TypeVar("Read")


def add_endpoints(reader: Reader) -> None:
    """Add the endpoints to the page that is being built.

    Args:
        reader: Who reads the pictures.
    """

    def read(ask: Callable[[Path], Read], image: Any) -> Read:
        try:
            return ask(path_of(image))
        except MnistModelsError as error:
            raise gr.Error(str(error), print_exception=False) from error

    def predict(image: gr.FileData) -> dict[str, dict[str, float]]:
        """Read one handwritten digit with a convolutional network and with a linear model.

        The picture is PNG, JPEG, HEIC, WebP, AVIF, GIF, BMP or TIFF, its digit dark or light.

        Args:
            image: The picture as an uploaded file; through MCP also as a data URL of up to 1 MB.

        Returns:
            For "cnn" and "linear" each: the probability, 0 to 1, of every digit "0" to "9".
        """
        reading = read(reader.read, image)
        return {name: reading[name].by_label() for name in reading.predictions}

    def predict_cnn(image: gr.FileData) -> dict[str, float]:
        """Read one handwritten digit with a convolutional network, the more accurate model.

        The picture is PNG, JPEG, HEIC, WebP, AVIF, GIF, BMP or TIFF, its digit dark or light.

        Args:
            image: The picture as an uploaded file; through MCP also as a data URL of up to 1 MB.

        Returns:
            The probability, 0 to 1, of every digit "0" to "9".
        """
        return read(reader.read, image)["cnn"].by_label()

    def predict_linear(image: gr.FileData) -> dict[str, float]:
        """Read one handwritten digit with a linear model, the simplest one.

        The picture is PNG, JPEG, HEIC, WebP, AVIF, GIF, BMP or TIFF, its digit dark or light.

        Args:
            image: The picture as an uploaded file; through MCP also as a data URL of up to 1 MB.

        Returns:
            The probability, 0 to 1, of every digit "0" to "9".
        """
        return read(reader.read, image)["linear"].by_label()

    def predict_number(image: gr.FileData) -> dict[str, Any]:
        """Read every handwritten digit in a picture as a number, with both models.

        The picture is PNG, JPEG, HEIC, WebP, AVIF, GIF, BMP or TIFF, its digits dark or light.

        Args:
            image: The picture as an uploaded file; through MCP also as a data URL of up to 1 MB.

        Returns:
            For "cnn" and "linear" each the number as text with a space for each gap
            and in "digits" for each digit its box in pixels (left, top, right, bottom)
            its line, what both models read and the doubt, 0 to 1
            which above 0.5 means hardly a digit.
        """
        return number_as_json(read(reader.read_number, image))

    def predict_batch(images: list[gr.FileData]) -> list[dict[str, Any]]:
        """Read up to 100 pictures, one handwritten digit each, with both models.

        Args:
            images: A list of 1 to 100 pictures, each an uploaded file or a data URL, 1 MB in all.

        Returns:
            For each picture, in order: by model its digit, probabilities and doubt, 0 to 1
            which above 0.5 means hardly a digit; or an error that says why it cannot be read.
        """
        if not isinstance(images, list) or not 1 <= len(images) <= MAX_BATCH:
            raise gr.Error(PROGRAMS("not_a_list", most=MAX_BATCH), print_exception=False)
        return [
            as_json(found, reader.revisions)
            for found in reader.read_many(images, to_source=source_of)
        ]

    for endpoint in (predict, predict_cnn, predict_linear, predict_number, predict_batch):
        gr.api(endpoint)


def path_of(image: Any) -> Path:
    """Return where Gradio stored a file, which a request names by itself or by its address.

    Raises:
        PictureError: This is not an uploaded file.
    """
    return stored_picture(image.get("path") if isinstance(image, dict) else image)


def source_of(image: Any) -> Path | bytes:
    """Return a picture of a batch: the bytes of a data URL, or the path of a stored file.

    Gradio 6.31.0 stores the data URLs of MCP calls only where one is an argument of its own.

    Raises:
        PictureError: This is neither.
    """
    if isinstance(image, str) and image.startswith("data:image/"):
        try:
            return base64.b64decode(image.partition(";base64,")[2], validate=True)
        except binascii.Error:
            raise PictureError("not_uploaded") from None
    return path_of(image)
