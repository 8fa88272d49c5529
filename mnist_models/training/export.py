"""From a trained network to the file that is served."""

from pathlib import Path

import keras
import numpy as np
from keras import ops

from mnist_models.digits import SIDE
from mnist_models.training.networks import NUM_LABELS


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


def export(network: keras.Model, path: Path) -> None:
    """Write a network as a LiteRT model, with everything that ``Classifier`` gives."""
    serving = for_serving(network)
    serving(np.zeros((1, *network.input_shape[1:]), np.uint8))  # the export needs a traced model
    serving.export(str(path), format="litert", verbose=False)
