"""How each network of the comparison is trained."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, fields
from typing import Any

import keras

from mnist_models.training.networks import cnn, linear
from mnist_models.training.students import convnet, convnet_3, lenet5, lenet_bn, mlp


@dataclass(frozen=True)
class Recipe:
    """How a network is trained.

    Attributes:
        build: Returns the network with fresh weights.
        epochs: Passes over the training digits.
        batch_size: Digits per step.
        learning_rate: Of Adam, at its highest.
        loss: Keras' name of the loss of the probabilities.
        decay: Whether the learning rate falls to 0 along a cosine (Loshchilov and Hutter 2017).
        weight_decay: Of AdamW (Loshchilov and Hutter 2019).
        varied: Whether each epoch sees the digits anew, as other hands would draw them.
        precision: Keras' name of the numbers that a step computes with; weights are always
            float32. "mixed_bfloat16" takes half the time on processors with instructions for it,
            such as AMD's EPYC since 2022.
    """

    build: Callable[[], keras.Model]
    epochs: int
    batch_size: int = 128
    learning_rate: float = 1e-3
    loss: str = "categorical_crossentropy"
    decay: bool = False
    weight_decay: float = 0.0
    varied: bool = False
    precision: str = "float32"

    def as_record(self) -> dict[str, Any]:
        """Return what a record keeps of a recipe: everything but the function."""
        names = [field.name for field in fields(self) if field.name != "build"]
        return {name: asdict(self)[name] for name in names}


RECIPES: dict[str, Recipe] = {
    "cnn": Recipe(
        cnn,
        epochs=40,
        batch_size=64,
        learning_rate=2e-3,
        decay=True,
        weight_decay=1e-2,
        varied=True,
        precision="mixed_bfloat16",
    ),
    "linear": Recipe(linear, epochs=60, batch_size=256, learning_rate=2e-3, decay=True),
    # The students' recipes, as far as they tell them; by Adam, all of them.
    "lenet_bn": Recipe(lenet_bn, epochs=50, precision="mixed_bfloat16"),
    "linear_mse": Recipe(linear, epochs=10, loss="mean_squared_error"),
    "lenet5": Recipe(lenet5, epochs=12),
    "mlp": Recipe(mlp, epochs=12),
    "convnet": Recipe(convnet, epochs=3),
    "convnet_3": Recipe(convnet_3, epochs=12),
}
"""By name, in the order in which they are trained. The bundled record holds the same recipes: what
is changed here is trained anew, with ``train.py NAME --replace``."""
