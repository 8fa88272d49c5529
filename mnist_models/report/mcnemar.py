"""Whether two models differ by more than chance."""

import math

from mnist_models.models.record import ModelRecord


def compare_by_mcnemar(first: ModelRecord, second: ModelRecord) -> tuple[int, int, float]:
    """Compare two models on the same test digits by McNemar's exact test (McNemar 1947).

    Returns:
        The digits only the first read right, those only the second did, and the probability of a
        difference at least as large if both models were equally good.
    """
    only_first = len(set(second.misread) - set(first.misread))
    only_second = len(set(first.misread) - set(second.misread))
    trials, fewer = only_first + only_second, min(only_first, only_second)
    tail = sum(math.comb(trials, count) for count in range(fewer + 1))
    return only_first, only_second, min(1.0, 2 * tail / 2**trials)
