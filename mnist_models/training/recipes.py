"""How each network of the comparison is trained."""

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
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
        ema_momentum: Of the exponential average of the weights (Polyak and Juditsky 1992), of which
            the last epoch's is kept; 0 averages nothing and keeps the epoch of the lowest
            validation loss.
        varied: Whether each epoch sees the digits anew, as other hands would draw them.
        widely: Whether these hands, their pens and what is no digit differ as widely as can be
            drawn, far beyond what MNIST shows.
        precision: Keras' name of the numbers that a step computes with; weights are always
            float32. "mixed_bfloat16" takes half the time on processors with instructions for it,
            such as AMD's EPYC since 2022.
        after: What the network learns before, by a recipe of its own and with its seed of
            ``EARLIER_SEEDS``; this one goes on from there.
    """

    build: Callable[[], keras.Model]
    epochs: int
    batch_size: int = 128
    learning_rate: float = 1e-3
    loss: str = "categorical_crossentropy"
    decay: bool = False
    weight_decay: float = 0.0
    ema_momentum: float = 0.0
    varied: bool = False
    widely: bool = False
    precision: str = "float32"
    after: "Recipe | None" = None

    @property
    def num_before(self) -> int:
        """How many lessons come before."""
        return self.after.num_before + 1 if self.after else 0

    def as_record(self) -> dict[str, Any]:
        """Return what a record keeps of a recipe: everything but the function."""
        kept = {field.name: getattr(self, field.name) for field in fields(self)}
        del kept["build"]
        return kept | {"after": self.after and self.after.as_record()}

    def change(self, changes: dict[str, Any]) -> "Recipe":
        """Return the recipe with some of its fields changed, in what comes first, too."""
        return replace(self, **changes, after=self.after and self.after.change(changes))


FIRST_LESSON = Recipe(
    cnn,
    epochs=40,
    batch_size=64,
    learning_rate=2e-3,
    decay=True,
    weight_decay=1e-2,
    varied=True,
    precision="mixed_bfloat16",
)
"""What the convolutional network learns first: digits nearly as MNIST shows them."""

SECOND_LESSON = replace(
    FIRST_LESSON,
    epochs=12,
    learning_rate=5e-4,
    ema_momentum=0.999,
    widely=True,
    after=FIRST_LESSON,
)
"""What it learns next: digits and what is none as widely as they can be drawn."""

EARLIER_SEEDS = (3, 1)
"""Of the first lesson and of the second, whatever the third one's: of five seeds each, that of the
lowest validation loss, and the one that misread the fewest drawings of the development half."""

RECIPES: dict[str, Recipe] = {
    "cnn": replace(SECOND_LESSON, epochs=8, after=SECOND_LESSON),
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
