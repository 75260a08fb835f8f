"""What several metrics read with: sums by label, sizes of a population."""

from typing import Any

import numpy as np
import pytest

from skanon.metrics._reading import MAX_COUNTERS, sum_by


@pytest.mark.parametrize("kind", [np.int32, np.int64, np.float64])
@pytest.mark.parametrize("highest", [7, MAX_COUNTERS])
def test_labels_of_every_type_are_summed_alike(kind: Any, highest: int) -> None:
    labels = np.array([highest, 2, 2, 5, 0], kind)
    distinct, sums = sum_by(labels, np.array([1.5, 2, -2, 0, 4]))
    assert distinct.tolist() == [0, 2, 5, highest]
    assert sums.tolist() == [4, 0, 0, 1.5]


def test_sums_of_whole_numbers_are_whole() -> None:
    distinct, sums = sum_by(np.array([3, 3]), np.array([2, 5]))
    assert (distinct.tolist(), sums.tolist(), sums.dtype) == ([3], [7], np.int64)


@pytest.mark.parametrize("kind", [np.int64, np.float64])
def test_no_labels_have_no_sums(kind: Any) -> None:
    distinct, sums = sum_by(np.zeros(0, kind), np.zeros(0))
    assert len(distinct) == len(sums) == 0
