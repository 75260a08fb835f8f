"""A log-linear model of how many people have each combination of values."""

from collections.abc import Sequence
from itertools import combinations
from math import prod

import numpy as np
import numpy.typing as npt

__all__ = ["fitted_means"]

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

#: Fitting stops where no sum is further off than this, relatively, or after so many
#: rounds.
PRECISION = 1e-12
MAX_ROUNDS = 1_000


def fitted_means(
    codes: Sequence[Integers], n_codes: Sequence[int], weights: Floats, max_size: int
) -> Floats:
    """Fit the model, and return the mean of each row's combination.

    Parameters
    ----------
    codes : sequence of ndarray of int of shape (n_rows,)
        The code of each row in each column.
    n_codes : sequence of int
        How many codes each column has.
    weights : ndarray of shape (n_rows,)
        How many people each row counts.
    max_size : int
        Up to how many columns depend on each other.

    Returns
    -------
    ndarray of shape (n_rows,)
        The means: those that agree with the counts in all sums over other columns.
    """
    if max_size == 1:
        total = weights.sum()
        means = np.full(len(weights), total)
        for column, n in zip(codes, n_codes, strict=True):
            means *= np.bincount(column, weights, n)[column] / total
        return means
    place = np.ravel_multi_index(tuple(codes), tuple(n_codes))
    counts: Floats = np.bincount(place, weights, prod(n_codes)).astype(np.float64)
    counts = counts.reshape(tuple(n_codes))
    return np.asarray(_fit_proportionally(counts, max_size).ravel()[place])


def _fit_proportionally(counts: Floats, max_size: int) -> Floats:
    """Scale the sums over the other columns of each set of columns to the counts'."""
    axes = range(counts.ndim)
    rest = [
        tuple(axis for axis in axes if axis not in kept)
        for kept in combinations(axes, min(max_size, counts.ndim))
    ]
    wanted = [counts.sum(axis=others, keepdims=True) for others in rest]
    means = np.ones_like(counts)
    for _ in range(MAX_ROUNDS):
        furthest = 0.0
        for others, sums in zip(rest, wanted, strict=True):
            found = means.sum(axis=others, keepdims=True)
            ratio = np.divide(sums, found, out=np.zeros_like(sums), where=found > 0)
            furthest = max(furthest, np.abs(ratio - 1)[sums > 0].max(initial=0))
            means = means * ratio
        if furthest < PRECISION:
            break
    return means
