"""Read handwritten digits with a convolutional network and a linear model.

>>> from mnist_models import Reader
>>> reading = Reader.default().read("examples/7_thin_pen.png")
>>> reading["cnn"].by_label()
"""

from mnist_models.errors import MnistModelsError, ModelError, NoInkError, PictureError
from mnist_models.models.classifier import Classifier, Prediction
from mnist_models.models.loading import load
from mnist_models.preparation.picture import open_picture
from mnist_models.reader import Number, Reader, Reading, to_digit

__all__ = [
    "Classifier",
    "MnistModelsError",
    "ModelError",
    "NoInkError",
    "Number",
    "PictureError",
    "Prediction",
    "Reader",
    "Reading",
    "load",
    "open_picture",
    "to_digit",
]

__version__ = "1.0.0"
