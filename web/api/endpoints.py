"""The endpoints that clients call: gradio_client, plain HTTP and MCP.

Gradio shows their docstrings to both people and programs, takes one line of each argument and puts
a comma between the lines of what is returned.
"""

from pathlib import Path
from typing import Any

import gradio as gr

from mnist_models import MnistModelsError, Reader, Reading
from mnist_models.reader import as_json
from web.guard.uploads import stored_picture
from web.limits import MAX_BATCH
from web.words import PROGRAMS


def add_endpoints(reader: Reader) -> None:
    """Add the endpoints to the page that is being built.

    Args:
        reader: Who reads the pictures.
    """

    def read(image: Any) -> Reading:
        try:
            return reader.read(path_of(image))
        except MnistModelsError as error:
            raise gr.Error(str(error), print_exception=False) from error

    def predict(image: gr.FileData) -> dict[str, dict[str, float]]:
        """Read one handwritten digit with a convolutional network and with a linear model.

        The picture is PNG, JPEG, WebP, AVIF, GIF, BMP or TIFF, and the digit in it dark or light.

        Args:
            image: The picture as an uploaded file; through MCP also as a data URL of up to 1 MB.

        Returns:
            For "cnn" and "linear" each: the probability, 0 to 1, of every digit "0" to "9".
        """
        reading = read(image)
        return {name: reading[name].by_label() for name in reading.predictions}

    def predict_cnn(image: gr.FileData) -> dict[str, float]:
        """Read one handwritten digit with a convolutional network, the more accurate model.

        The picture is PNG, JPEG, WebP, AVIF, GIF, BMP or TIFF, and the digit in it dark or light.

        Args:
            image: The picture as an uploaded file; through MCP also as a data URL of up to 1 MB.

        Returns:
            The probability, 0 to 1, of every digit "0" to "9".
        """
        return read(image)["cnn"].by_label()

    def predict_linear(image: gr.FileData) -> dict[str, float]:
        """Read one handwritten digit with a linear model, the simplest one.

        The picture is PNG, JPEG, WebP, AVIF, GIF, BMP or TIFF, and the digit in it dark or light.

        Args:
            image: The picture as an uploaded file; through MCP also as a data URL of up to 1 MB.

        Returns:
            The probability, 0 to 1, of every digit "0" to "9".
        """
        return read(image)["linear"].by_label()

    def predict_batch(images: list[gr.FileData]) -> list[dict[str, Any]]:
        """Read up to 100 pictures, one handwritten digit each, with both models.

        Args:
            images: A list of 1 to 100 pictures, each like the one that predict takes.

        Returns:
            For each picture, in order: by model its digit, probabilities and doubt, 0 to 1
            which above 0.5 means hardly a digit; or an error that says why it cannot be read.
        """
        if not isinstance(images, list) or not 1 <= len(images) <= MAX_BATCH:
            raise gr.Error(PROGRAMS("not_a_list", most=MAX_BATCH), print_exception=False)
        return [
            as_json(found, reader.revisions)
            for found in reader.read_many(images, to_source=path_of)
        ]

    for endpoint in (predict, predict_cnn, predict_linear, predict_batch):
        gr.api(endpoint)


def path_of(image: Any) -> Path:
    """Return where Gradio stored a file, which a request names by itself or by its address.

    Raises:
        PictureError: This is not an uploaded file.
    """
    return stored_picture(image.get("path") if isinstance(image, dict) else image)
