"""The endpoints that clients call: gradio_client, plain HTTP and MCP.

Gradio shows their docstrings to both people and programs, and takes one line of each argument.
"""

from typing import Any

import gradio as gr

from mnist_models import MnistModelsError, Reader, Reading
from web.limits import stored_picture


def add_endpoints(reader: Reader) -> None:
    """Add the endpoints to the page that is being built.

    Args:
        reader: Who reads the pictures.
    """

    def read(image: Any) -> Reading:
        try:
            path = image.get("path") if isinstance(image, dict) else None
            return reader.read(stored_picture(path))
        except MnistModelsError as error:
            raise gr.Error(str(error), print_exception=False) from error

    def predict(image: gr.FileData) -> dict[str, dict[str, float]]:
        """Read one handwritten digit with a convolutional network and with a linear model.

        Args:
            image: A picture of one digit, dark or light: PNG, JPEG, WebP, AVIF, GIF, BMP or TIFF.

        Returns:
            For "cnn" and "linear" each: the probability, 0 to 1, of every digit "0" to "9".
        """
        reading = read(image)
        return {name: reading[name].by_label() for name in reading.predictions}

    def predict_cnn(image: gr.FileData) -> dict[str, float]:
        """Read one handwritten digit with a convolutional network, the more accurate model.

        Args:
            image: A picture of one digit, dark or light: PNG, JPEG, WebP, AVIF, GIF, BMP or TIFF.

        Returns:
            The probability, 0 to 1, of every digit "0" to "9".
        """
        return read(image)["cnn"].by_label()

    def predict_linear(image: gr.FileData) -> dict[str, float]:
        """Read one handwritten digit with a linear model, the simplest one.

        Args:
            image: A picture of one digit, dark or light: PNG, JPEG, WebP, AVIF, GIF, BMP or TIFF.

        Returns:
            The probability, 0 to 1, of every digit "0" to "9".
        """
        return read(image)["linear"].by_label()

    for endpoint in (predict, predict_cnn, predict_linear):
        gr.api(endpoint)
