"""Pictures of this repository with a model's answers, for its card."""

from dataclasses import dataclass
from pathlib import Path

from mnist_models.models.classifier import Classifier, Prediction
from mnist_models.reader import Reader

ROOT = Path(__file__).parents[2]

SHOWN = (
    *("1_pad.png", "5_pad.png", "7_crossed.png", "2_chalk_on_board.jpg"),
    *("4_photo_shadow.jpg", "9_red_on_yellow.png"),
)
"""Of `examples/`; each name begins with the digit that was written."""


@dataclass(frozen=True)
class Example:
    """A picture of a digit, and what a model says of it.

    Attributes:
        path: In this repository and in the model's repo, such as "examples/1_pad.png".
        content: The picture's file.
        prediction: Has one row.
    """

    path: str
    content: bytes
    prediction: Prediction

    @property
    def ranking(self) -> list[tuple[str, float]]:
        """Every label with its probability, the most probable one first."""
        return sorted(self.prediction.by_label().items(), key=lambda pair: -pair[1])


def read_examples(model: Classifier) -> list[Example]:
    """Let a model read the pictures, as its Inference Endpoint would."""
    reader = Reader({"model": model})
    files = {f"examples/{name}": (ROOT / "examples" / name).read_bytes() for name in SHOWN}
    return [
        Example(path, content, reader.read(content)["model"]) for path, content in files.items()
    ]
