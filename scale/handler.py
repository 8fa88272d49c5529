"""One model behind a Hugging Face Inference Endpoint, reading pictures as the page does.

``train.py --push`` commits it beside the model, with the modules it needs; the endpoint makes an
``EndpointHandler`` once and calls it with every request.
"""

import base64
import os
from pathlib import Path
from typing import Any

from PIL import Image

from mnist_models import Classifier, PictureError, Reader
from mnist_models.models.loading import MODEL_NAME, read_checked
from mnist_models.models.record import read_record
from mnist_models.preparation.picture import Source
from mnist_models.reader import as_json


class EndpointHandler:
    """Answers requests with what the model of its repo says.

    Args:
        path: The folder with the repo's files.

    Raises:
        ModelError: The model's file is missing or not the recorded one.
    """

    def __init__(self, path: str = "") -> None:
        [(self.name, entry)] = read_record(Path(path)).items()
        model = read_checked(Path(path) / MODEL_NAME, entry.sha256)
        self.reader = Reader({self.name: Classifier(model)})
        self.revision = os.environ.get("HF_REVISION") or f"sha256:{entry.sha256}"

    def __call__(self, data: dict[str, Any]) -> dict[str, Any] | list[dict[str, Any]]:
        """Read the pictures of one request.

        Args:
            data: In "inputs" a picture's bytes, their base64, or a list of such.

        Returns:
            For each picture digit, probabilities, doubt, model and revision, or an error.
        """
        inputs = data.get("inputs")
        many = inputs if isinstance(inputs, list) else [inputs]
        revisions = {self.name: self.revision}
        told = [as_json(reading, revisions) for reading in self.reader.read_many(many, to_picture)]
        answers = [answer.get(self.name, answer) for answer in told]  # or the error
        return answers if isinstance(inputs, list) else answers[0]


def to_picture(given: Any) -> Source:
    """Return a picture that came as it is or in base64, as a data URL too.

    Raises:
        PictureError: It came as anything else.
    """
    if isinstance(given, bytes | Image.Image):
        return given
    try:
        return base64.b64decode(given.rpartition(",")[2], validate=True)
    except (AttributeError, ValueError) as error:
        raise PictureError("not_bytes", kind=type(given).__name__) from error
