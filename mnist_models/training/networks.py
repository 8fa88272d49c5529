"""The networks that are served, one layer a line, and what every network begins and ends with.

A network takes digits, uint8 (n, 28, 28), and gives "probabilities", float32 (n, 10). Its layer
"logits" holds the scores behind them. ``cnn`` also gives "doubt", float32 (n, 1).
"""

from typing import Any, TypeAlias

import keras
from keras import layers

from mnist_models.digits import LABELS, SIDE

Tensor: TypeAlias = keras.KerasTensor
NUM_LABELS = len(LABELS)

TOLD = ("filters", "units", "kernel_size", "pool_size", "strides", "padding", "activation", "rate")
"""What tells layers of one class apart, by Keras' names."""

UNTOLD = {"strides": (1, 1), "activation": "linear"}
"""What goes without saying."""


def start() -> tuple[Tensor, Tensor]:
    """Return the input, digits, and the same as ink: float32 (n, 28, 28, 1), 0..1."""
    digits = keras.Input((SIDE, SIDE), dtype="uint8", name="digits")
    ink = layers.Rescaling(1 / 255)(digits)
    return digits, layers.Reshape((SIDE, SIDE, 1), name="ink")(ink)


def finish(digits: Tensor, logits: Tensor, **outputs: Tensor) -> keras.Model:
    """Turn scores into probabilities and close the network."""
    probabilities = layers.Softmax(name="probabilities", dtype="float32")(logits)
    return keras.Model(digits, {"probabilities": probabilities, **outputs})


def scores(x: Tensor) -> Tensor:
    """End in one dense layer."""
    return layers.Dense(NUM_LABELS, name="logits")(x)


def block(x: Tensor, filters: int) -> Tensor:
    """Look at each pixel's neighborhood twice."""
    for _ in range(2):
        x = layers.Conv2D(filters, 3, padding="same", use_bias=False)(x)
        x = layers.BatchNormalization()(x)
        x = layers.ReLU()(x)
    return x


def cnn() -> keras.Model:
    """Build the served convolutional network: ten class maps, averaged over space.

    A second, small branch learns from drawings that are no digits when to doubt.
    """
    digits, x = start()
    x = block(x, 32)
    x = layers.MaxPooling2D()(x)  # (n, 14, 14, 32)
    x = block(x, 64)
    x = layers.MaxPooling2D()(x)  # (n, 7, 7, 64)
    x = features = block(x, 128)
    x = layers.Dropout(0.3)(x)
    maps = layers.Conv2D(NUM_LABELS, 1, name="class_maps", dtype="float32")(x)  # (n, 7, 7, 10)
    logits = layers.GlobalAveragePooling2D(name="logits", dtype="float32")(maps)
    x = layers.Concatenate()(
        [layers.GlobalAveragePooling2D()(features), layers.GlobalMaxPooling2D()(features)]
    )
    x = layers.Dense(32, activation="relu")(x)
    doubt = layers.Dense(1, activation="sigmoid", name="doubt", dtype="float32")(x)
    return finish(digits, logits, doubt=doubt)


def linear() -> keras.Model:
    """Build the served linear model: one weight a pixel and label, 7,850 in all."""
    digits, x = start()
    x = layers.Flatten()(x)
    return finish(digits, scores(x))


def list_layers(network: keras.Model) -> list[str]:
    """Name a network's layers in their order, with what tells them apart: "Conv2D 32 3x3 same"."""
    return [
        " ".join([layer["class_name"], *list_settings(layer["config"])])
        for layer in network.get_config()["layers"]
    ]


def list_settings(settings: dict[str, Any]) -> list[str]:
    """Write those settings of a layer that tell it apart from others of its class."""
    told = {name: settings[name] for name in TOLD if name in settings}
    values = [value for name, value in told.items() if value != UNTOLD.get(name)]
    return ["x".join(map(str, one)) if isinstance(one, tuple) else str(one) for one in values]
