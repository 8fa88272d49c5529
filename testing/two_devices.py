"""Train on two virtual devices and on one: `python -m testing.two_devices FOLDER NETWORK`.

Prints the largest difference between the two trainings' weights, and how many devices shared them.
"""

import dataclasses
import sys
from contextlib import nullcontext
from pathlib import Path

import numpy as np
import tensorflow as tf

from mnist_models.digits import Digits
from mnist_models.training.fitting import fit
from mnist_models.training.recipes import RECIPES
from mnist_models.training.run import across
from testing.samples import draw_digits


def main() -> None:
    """Split the processor in two before TensorFlow uses it, and train."""
    (processor,) = tf.config.list_physical_devices("CPU")
    tf.config.set_logical_device_configuration(
        processor, [tf.config.LogicalDeviceConfiguration() for _ in range(2)]
    )
    folder, name = sys.argv[1:]
    recipe = dataclasses.replace(RECIPES[name], epochs=2, batch_size=16, after=None)
    few = Digits(*draw_digits(32, 8))
    weights = []
    for scope in (nullcontext(), across("CPU")):
        with scope:
            num_devices = tf.distribute.get_strategy().num_replicas_in_sync
            trained = fit(recipe, few, few, 0, Path(folder) / str(num_devices))
        weights.append(np.concatenate([part.ravel() for part in trained.get_weights()]))
    print(np.abs(weights[0] - weights[1]).max(), num_devices)


if __name__ == "__main__":
    main()
