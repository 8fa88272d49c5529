"""Whether two models differ by more than chance."""

from mnist_models.report.mcnemar import compare_by_mcnemar
from testing.samples import make_record


def test_two_models_are_compared_on_the_digits_only_one_of_them_misreads() -> None:
    first = make_record(misread=[1])
    second = make_record(misread=[1, 2, 3, 4, 5, 6])
    only_first, only_second, probability = compare_by_mcnemar(first, second)
    assert (only_first, only_second) == (5, 0)
    assert probability == 2 / 2**5  # five tosses of a coin, all alike
    assert compare_by_mcnemar(first, first) == (0, 0, 1.0)
