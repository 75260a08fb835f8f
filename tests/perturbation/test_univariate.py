"""The optimal grouping of one column."""

import numpy as np
import pytest

from skanon.perturbation import _univariate
from skanon.perturbation._univariate import optimal_groups


def loss(values, counts, labels):
    sizes = np.bincount(labels, counts)
    means = np.bincount(labels, counts * values) / sizes
    return (counts * (values - means[labels]) ** 2).sum()


def least_loss(values, counts, k):
    """Try every place for the last group to begin, by the textbook recursion."""
    best = [0.0]
    for end in range(1, len(values) + 1):
        options = [np.inf]
        for begin in range(end):
            inside = slice(begin, end)
            if counts[inside].sum() >= k:
                one = np.zeros(end - begin, int)
                options.append(best[begin] + loss(values[inside], counts[inside], one))
        best.append(min(options))
    return best[-1]


@pytest.mark.parametrize("seed", range(30))
def test_no_grouping_loses_less(seed):
    rng = np.random.default_rng(seed)
    k = int(rng.integers(2, 8))
    values = np.unique(rng.normal(size=rng.integers(k, 40)) * 10 ** rng.uniform(-3, 3))
    most = 1 if seed % 3 == 0 else 9
    counts = rng.integers(1, most, len(values), endpoint=True).astype(float)
    counts[0] += k
    labels = optimal_groups(values, counts, k)
    assert np.bincount(labels, counts).min() >= k
    assert (np.diff(labels) >= 0).all()
    expected = least_loss(values, counts, k)
    assert loss(values, counts, labels) == pytest.approx(expected, rel=1e-9, abs=1e-15)


@pytest.mark.parametrize("k", [2, 3, 10])
def test_long_columns_lose_hardly_more_than_the_least(k, rng, monkeypatch):
    values = np.sort(rng.lognormal(size=9000))
    counts = np.ones(len(values))
    labels = optimal_groups(values, counts, k)
    monkeypatch.setattr(_univariate, "RUN", len(values) + 1)
    least = loss(values, counts, optimal_groups(values, counts, k))
    assert least <= loss(values, counts, labels) <= least * (1 + 1e-4)
    assert np.bincount(labels).min() >= k


def test_equal_steps_give_groups_of_k():
    labels = optimal_groups(np.arange(30_000.0), np.ones(30_000), 3)
    assert (np.bincount(labels) == 3).mean() > 0.99


def test_one_heavy_value_is_a_group_of_its_own():
    counts = np.array([3.0, 100.0, 3.0])
    assert optimal_groups(np.arange(3.0), counts, 3).tolist() == [0, 1, 2]
    counts = np.array([1.0, 100.0, 1.0])
    assert optimal_groups(np.arange(3.0), counts, 3).tolist() == [0, 0, 0]
