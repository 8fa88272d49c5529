"""Every network of the comparison, one layer a line, and its recipe.

A network takes digits, uint8 (n, 28, 28), and gives "probabilities", float32 (n, 10). Its layer
"logits" holds the scores behind them. ``cnn`` also gives "doubt", float32 (n, 1).
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass, fields
from typing import Any

import keras
from keras import layers, ops

from mnist_models.digits import LABELS, SIDE

Tensor = keras.KerasTensor
NUM_LABELS = len(LABELS)


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
            float32. "mixed_bfloat16" is faster where the processor has instructions for it.
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


def lenet_bn() -> keras.Model:
    """Build a student project's network: a LeNet with batch normalization everywhere."""
    digits, x = start()
    x = layers.Conv2D(32, 5, padding="same", activation="relu", kernel_initializer="he_normal")(x)
    x = layers.BatchNormalization()(x)
    x = layers.Conv2D(32, 5, padding="same", activation="relu")(x)
    x = layers.BatchNormalization()(x)
    x = layers.MaxPooling2D(2)(x)  # (n, 14, 14, 32)
    x = layers.BatchNormalization()(x)
    x = layers.Dropout(0.25)(x)
    x = layers.Conv2D(64, 5, strides=2, padding="same", activation="relu")(x)  # (n, 7, 7, 64)
    x = layers.BatchNormalization()(x)
    x = layers.MaxPooling2D(2)(x)  # (n, 3, 3, 64)
    x = layers.Flatten()(x)
    x = layers.Dense(512, activation="relu")(x)
    x = layers.BatchNormalization()(x)
    x = layers.Dense(1024, activation="relu")(x)
    x = layers.BatchNormalization()(x)
    x = layers.Dropout(0.5)(x)
    return finish(digits, scores(x))


def lenet5() -> keras.Model:
    """Build a student project's network: LeNet-5 with more filters and with relu."""
    digits, x = start()
    x = layers.Conv2D(32, 5, padding="same", activation="relu")(x)
    x = layers.MaxPooling2D(2, strides=2)(x)  # (n, 14, 14, 32)
    x = layers.Conv2D(48, 5, padding="valid", activation="relu")(x)  # (n, 10, 10, 48)
    x = layers.MaxPooling2D(2, strides=2)(x)  # (n, 5, 5, 48)
    x = layers.Flatten()(x)
    x = layers.Dense(256, activation="relu")(x)
    x = layers.Dense(84, activation="relu")(x)
    return finish(digits, scores(x))


def mlp() -> keras.Model:
    """Build a student project's network: dense layers only, which it calls linear."""
    digits, x = start()
    x = layers.Flatten()(x)
    x = layers.Dense(128, activation="relu")(x)
    x = layers.Dense(64, activation="sigmoid")(x)
    x = layers.Dense(32, activation="sigmoid")(x)
    return finish(digits, scores(x))


def convnet() -> keras.Model:
    """Build the network of Keras' own MNIST example."""
    digits, x = start()
    x = layers.Conv2D(32, 3, activation="relu")(x)
    x = layers.MaxPooling2D(2)(x)  # (n, 13, 13, 32)
    x = layers.Conv2D(64, 3, activation="relu")(x)
    x = layers.MaxPooling2D(2)(x)  # (n, 5, 5, 64)
    x = layers.Flatten()(x)
    x = layers.Dropout(0.5)(x)
    return finish(digits, scores(x))


def convnet_3() -> keras.Model:
    """Build a student project's network: Keras' example with a third convolution.

    Its code has 64 filters there, as here; its text says 96.
    """
    digits, x = start()
    x = layers.Conv2D(32, 3, activation="relu")(x)
    x = layers.MaxPooling2D(2)(x)  # (n, 13, 13, 32)
    x = layers.Conv2D(64, 3, activation="relu")(x)
    x = layers.MaxPooling2D(2)(x)  # (n, 5, 5, 64)
    x = layers.Conv2D(64, 3, activation="relu")(x)
    x = layers.MaxPooling2D(2)(x)  # (n, 1, 1, 64)
    x = layers.Flatten()(x)
    x = layers.Dropout(0.6)(x)
    return finish(digits, scores(x))


def for_serving(network: keras.Model) -> keras.Model:
    """Extend a network by what ``Classifier`` gives: logits, evidence and doubt.

    Evidence, (n, rows, columns, 10), sums over rows and columns to the logits. A class map's cell
    speaks with its share of the average, a linear model's pixel with weight times ink; a network
    with neither has a single cell, the whole digit. Without a "doubt" of its own, a network doubts
    as much as its highest probability falls short of 1.
    """
    names = {layer.name for layer in network.layers}
    ink = network.get_layer("ink").output
    logits = network.get_layer("logits").output
    probabilities = network.output["probabilities"]
    if "class_maps" in names:
        maps = network.get_layer("class_maps").output
        evidence = maps / (maps.shape[1] * maps.shape[2])
    elif network.get_layer("logits").input.shape[1:] == (SIDE * SIDE,):
        kernel, bias = network.get_layer("logits").get_weights()
        evidence = ink * kernel.reshape(SIDE, SIDE, NUM_LABELS) + bias / SIDE**2
    else:
        evidence = ops.reshape(logits, (-1, 1, 1, NUM_LABELS))
    doubt = network.output.get("doubt", 1 - ops.max(probabilities, axis=1))
    outputs = {
        "probabilities": probabilities,
        "logits": logits,
        "evidence": evidence,
        "doubt": ops.reshape(doubt, (-1,)),
    }
    return keras.Model(network.input, outputs)


RECIPES: dict[str, Recipe] = {
    "cnn": Recipe(
        cnn, 40, batch_size=64, learning_rate=2e-3, decay=True, weight_decay=1e-2, varied=True
    ),
    "linear": Recipe(linear, 60, batch_size=256, learning_rate=2e-3, decay=True),
    # The students' recipes, as far as they tell them; by Adam, all of them.
    "lenet_bn": Recipe(lenet_bn, 50),
    "linear_mse": Recipe(linear, 10, loss="mean_squared_error"),
    "lenet5": Recipe(lenet5, 12),
    "mlp": Recipe(mlp, 12),
    "convnet": Recipe(convnet, 3),
    "convnet_3": Recipe(convnet_3, 12),
}
"""By name, in the order in which they are trained."""
