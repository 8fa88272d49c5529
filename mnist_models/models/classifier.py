"""From digits to probabilities, evidence and doubt, computed by LiteRT."""

import queue
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
from ai_edge_litert.interpreter import Interpreter, SignatureRunner
from numpy.typing import NDArray

from mnist_models.digits import LABELS, SIDE
from mnist_models.errors import ModelError

NUM_RUNNERS = 2
"""Batches predicted at the same time, each on a core; an interpreter serves one thread only."""

BATCH_SIZE = 64
"""Digits given to an interpreter at once; more would only cost memory."""

NO_DIGIT = np.zeros((1, SIDE, SIDE), np.uint8)
"""Stands in where there are no digits at all: an interpreter needs one to tell its shapes."""

DOUBTFUL = 0.5
"""Above it, a model doubts that this is a digit."""


@dataclass(frozen=True)
class Prediction:
    """What a model says of n digits.

    Attributes:
        probabilities: float32 (n, 10), each row sums to 1.
        logits: float32 (n, 10), the scores behind the probabilities.
        evidence: float32 (n, rows, columns, 10), what each place of the digit spoke for or against
            each label; over rows and columns it sums to the logits.
        doubt: float32 (n,), 0..1; above ``DOUBTFUL`` the model doubts that this is a digit.
    """

    probabilities: NDArray[np.float32]
    logits: NDArray[np.float32]
    evidence: NDArray[np.float32]
    doubt: NDArray[np.float32]

    @property
    def is_doubtful(self) -> NDArray[np.bool_]:
        """Whether the model doubts that these are digits, bool (n,)."""
        return self.doubt > DOUBTFUL

    def by_label(self, index: int = 0) -> dict[str, float]:
        """Return one digit's ten probabilities, keyed "0" to "9"."""
        return dict(zip(LABELS, self.probabilities[index].tolist(), strict=True))


class Classifier:
    """A trained model that reads digits; safe to use from several threads.

    Args:
        model: The content of a ``.tflite`` file written by ``train.py``.
        origin: Where on the Hub it comes from, "repo@revision"; None if it is a local file.

    Raises:
        ModelError: The content is not such a model.
    """

    def __init__(self, model: bytes, origin: str | None = None) -> None:
        self.origin = origin
        self._model = model
        self._idle: queue.LifoQueue[SignatureRunner | None] = queue.LifoQueue()
        for _ in range(NUM_RUNNERS - 1):
            self._idle.put(None)  # made when first needed
        self._idle.put(self._make_runner())

    def predict(self, digits: NDArray[np.uint8]) -> Prediction:
        """Read any number of digits.

        Args:
            digits: uint8 (n, 28, 28) with n >= 0, 0 for ground to 255 for full ink.

        Returns:
            A ``Prediction`` with n rows.

        Raises:
            ValueError: ``digits`` has another shape or type.
        """
        digits = np.asarray(digits)
        if digits.dtype != np.uint8 or digits.shape[1:] != (SIDE, SIDE):
            raise ValueError(
                f"Expected digits as uint8 (n, {SIDE}, {SIDE}), "
                f"received {digits.dtype} {digits.shape}."
            )
        parts = [
            digits[start : start + BATCH_SIZE] for start in range(0, len(digits), BATCH_SIZE)
        ] or [NO_DIGIT]
        if len(parts) == 1:
            batches = [self._run(parts[0])]
        else:
            with ThreadPoolExecutor(NUM_RUNNERS) as threads:
                batches = list(threads.map(self._run, parts))
        return Prediction(
            **{
                name: np.concatenate([batch[name] for batch in batches])[: len(digits)]
                for name in batches[0]
            }
        )

    def _run(self, digits: NDArray[np.uint8]) -> dict[str, NDArray[np.float32]]:
        with self._runner() as runner:
            return runner(digits=digits)

    @contextmanager
    def _runner(self) -> Iterator[SignatureRunner]:
        runner = self._idle.get()
        try:
            yield runner or (runner := self._make_runner())
        finally:
            self._idle.put(runner)

    def _make_runner(self) -> SignatureRunner:
        try:
            interpreter = Interpreter(model_content=self._model, num_threads=1)
            return interpreter.get_signature_runner()
        except ValueError as error:
            raise ModelError("not_litert") from error
