"""From a served model's file to one by which a browser computes the same, layer by layer.

`train.py` writes both; `python -m mnist_models.models.layers` writes the second one of the bundled
models anew from the first, and records it. LiteRT's own operators are read: in them batch
normalization is part of the filters already, so that what a browser computes is what is served.

A ``.layers`` file is a uint32, the length in bytes of the JSON that follows it, and then numbers;
all are little-endian. The JSON has "steps" in the order in which they are computed, and "outputs":
by ``Prediction``'s names, which values they are. Of a step it tells

    does     what it does, such as "convolution"
    of       the values that it takes, by their names; "ink" is the digit, 0..1
    gives    the name of the value that comes of it
    shape    that value's rows, columns and maps, or its length alone
    biases, by   where its float32 numbers start, in bytes, and how many they are, if it has any
    weights  the same of its int16 numbers. They go by filter, then by row, column and map of what
             is taken; each counts in units of its filter's, which stand before them in float32
    relu     whether what would be negative becomes 0
    size, stride, pad     of a window: its side, how far it moves, how far it starts outside
"""

import hashlib
import json
import struct
from dataclasses import replace
from typing import Any

import numpy as np
from ai_edge_litert import schema_py_generated as schema

from mnist_models.models.record import BUNDLED, SERVED, read_record, write_record

LAYERS_NAME = "model.layers"
"""The file in a run's folder; in the results it has the model's name."""

LARGEST = 2**15 - 1
"""The largest int16."""

INK = "ink"
"""What the digit is called once its grey levels are shares of full ink."""

Operator = schema.BuiltinOperator

STEPS = {
    Operator.CONV_2D: "convolution",
    Operator.FULLY_CONNECTED: "dense",
    Operator.MAX_POOL_2D: "pool",
    Operator.MEAN: "average",
    Operator.REDUCE_MAX: "highest",
    Operator.CONCATENATION: "concatenation",
    Operator.SOFTMAX: "softmax",
    Operator.LOGISTIC: "sigmoid",
    Operator.MUL: "product",
    Operator.ADD: "sum",
    Operator.SUB: "difference",
}
"""LiteRT's operators by the names that `web/components/layers/network.js` knows."""

NO_STEPS = {
    Operator.CAST,
    Operator.RESHAPE,
    Operator.SHAPE,
    Operator.STRIDED_SLICE,
    Operator.PACK,
}
"""Operators that change no number, or compute shapes."""

WEIGHTED = {"convolution", "dense"}
"""Steps that have weights and biases."""

REDUCING = {"average", "highest"}
"""Steps that LiteRT also tells which axes they go over: all but the maps."""


class Graph:
    """A LiteRT model's operators as steps.

    Args:
        model: The content of a ``.tflite`` file written by ``train.py``.
    """

    def __init__(self, model: bytes) -> None:
        self.model = schema.ModelT.InitFromPackedBuf(model, 0)
        (self.graph,) = self.model.subgraphs
        self.names: dict[int, str] = {self.graph.inputs[0]: "digits"}
        self.numbers = b""
        self.steps = [step for operator in self.graph.operators if (step := self.convert(operator))]

    @property
    def outputs(self) -> dict[str, str]:
        """By their names in ``Prediction``, the values that are given."""
        (signature,) = self.model.signatureDefs
        return {
            output.name.decode(): self.names[output.tensorIndex] for output in signature.outputs
        }

    def convert(self, operator: Any) -> dict[str, Any] | None:
        """Return an operator as a step; None where nothing is computed.

        Raises:
            ValueError: A browser cannot compute it.
        """
        code = self.model.operatorCodes[operator.opcodeIndex].builtinCode
        taken = [int(index) for index in operator.inputs if index >= 0]  # -1: biases that are all 0
        given = int(operator.outputs[0])
        if code in NO_STEPS:
            self.names[given] = self.names.get(taken[0], "")
            return None
        if code not in STEPS:
            raise ValueError(f"Expected one of {sorted(STEPS.values())}, received operator {code}.")
        values = [index for index in taken if index in self.names]
        if [self.names[index] for index in values] == ["digits"]:  # grey levels times 1 / 255
            self.names[given] = INK
            return None
        does = STEPS[code]
        step: dict[str, Any] = {
            "does": does,
            "of": [self.names[index] for index in values],
            "gives": f"{does} {len(self.names)}",
            "shape": self.shape(given),
        }
        self.names[given] = step["gives"]
        constants = [index for index in taken if index not in self.names]
        keys = ("weights", "biases") if does in WEIGHTED else () if does in REDUCING else ("by",)
        step |= {key: self.store(key, index) for key, index in zip(keys, constants, strict=False)}
        return step | self.settings(does, operator.builtinOptions, taken)

    def shape(self, index: int) -> list[int]:
        """Return a value's shape without the digits' own axis."""
        return [int(length) for length in self.graph.tensors[index].shape[1:]]

    def store(self, key: str, index: int) -> list[int]:
        """Keep a constant's numbers, and tell where they start and how many they are.

        Sixteen bits a weight are half the bytes of LiteRT's. Counted in units of the filter's own
        they change no probability by 0.001; as float16 they change some.
        """
        data = self.model.buffers[self.graph.tensors[index].buffer].data
        numbers = np.asarray(data, np.uint8).view("<f4")
        start, count = len(self.numbers), len(numbers)
        if key == "weights":
            filters = numbers.reshape(self.graph.tensors[index].shape[0], -1)
            units = np.abs(filters).max(axis=1, keepdims=True) / np.float32(LARGEST)
            units[units == 0] = 1
            self.numbers += units.tobytes()
            numbers = np.rint(filters / units).astype("<i2")
        self.numbers += numbers.tobytes()
        return [start, count]

    def settings(self, does: str, options: Any, taken: list[int]) -> dict[str, Any]:
        """Return what tells a step apart from others that do the same."""
        activation = getattr(options, "fusedActivationFunction", 0)
        if activation not in (0, schema.ActivationFunctionType.RELU):
            raise ValueError(f"Expected no activation or ReLU, received LiteRT's {activation}.")
        settings: dict[str, Any] = {"relu": True} if activation else {}
        if does in ("convolution", "pool"):
            size = (
                int(self.graph.tensors[taken[1]].shape[1])
                if does == "convolution"
                else options.filterWidth
            )
            padded = options.padding == schema.Padding.SAME
            settings |= {"size": size, "stride": options.strideW, "pad": padded * (size - 1) // 2}
        return settings


def write_layers(model: bytes) -> bytes:
    """Return the ``.layers`` file of a served model.

    Args:
        model: The content of a ``.tflite`` file written by ``train.py``.

    Raises:
        ValueError: It holds what a browser cannot compute.
    """
    graph = Graph(model)
    text = json.dumps({"outputs": graph.outputs, "steps": graph.steps}, separators=(",", ":"))
    return struct.pack("<I", len(text)) + text.encode() + graph.numbers


def main() -> None:
    """Write the layers of the bundled models, and record them."""
    record = read_record()
    for name in SERVED:
        layers = write_layers((BUNDLED / f"{name}.tflite").read_bytes())
        (BUNDLED / f"{name}.layers").write_bytes(layers)
        digest = hashlib.sha256(layers).hexdigest()
        record[name] = replace(record[name], layers_sha256=digest)
    write_record(record, BUNDLED)


if __name__ == "__main__":
    main()
