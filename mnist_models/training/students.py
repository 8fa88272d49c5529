"""The networks of student projects and of Keras' own example, one layer a line."""

import keras
from keras import layers

from mnist_models.training.networks import finish, scores, start


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
