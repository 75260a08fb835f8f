"""Sums by group, means, deviations and correlations of weighted rows."""

import numpy as np
import numpy.typing as npt

from skanon.perturbation._numbers import Floats

__all__ = ["correlations", "exponent_of", "moments", "standardized", "sum_by_group"]

Integers = npt.NDArray[np.intp]

#: Farther from the mean, in standard deviations, squares might be beyond float64.
FARTHEST = 1e140


def moments(values: Floats, counts: Floats) -> tuple[Floats, Floats]:
    """Return the mean and the standard deviation of each column's values.

    Parameters
    ----------
    values : ndarray of shape (n_rows, n_columns)
        The rows, NaN where a value is missing.
    counts : ndarray of shape (n_rows,)
        How many records each stands for.

    Returns
    -------
    means, deviations : ndarray of shape (n_columns,)
        Both 0 for a column without values.
    """
    both = np.array([_moments(column, counts) for column in values.T]).reshape(-1, 2)
    return both[:, 0], both[:, 1]


def standardized(values: Floats, means: Floats, deviations: Floats) -> Floats:
    """Return values in deviations from the mean, those that are far out cut off."""
    with np.errstate(over="ignore"):
        scaled = (values - means) / deviations
    return np.clip(scaled, -FARTHEST, FARTHEST, out=scaled)


def exponent_of(values: Floats) -> int:
    """Return the power of two that makes numbers at most 1 when they are divided by it.

    This rounds nothing, and then no square is beyond float64, or all too near to 0.
    """
    return int(np.frexp(np.abs(values).max())[1])


def correlations(values: Floats, counts: Floats) -> Floats:
    """Return the correlations of the columns, 0 with a constant one.

    Parameters
    ----------
    values : ndarray of shape (n_rows, n_columns)
        The rows, without missing values.
    counts : ndarray of shape (n_rows,)
        How many records each stands for.

    Returns
    -------
    ndarray of shape (n_columns, n_columns)
        The matrix; 1 on its diagonal.
    """
    means, deviations = moments(values, counts)
    scaled = standardized(values, means, np.where(deviations > 0, deviations, 1.0))
    out = (scaled * counts[:, np.newaxis]).T @ scaled / counts.sum()
    np.fill_diagonal(out, 1.0)
    return np.asarray(out)


def sum_by_group(labels: Integers, amounts: Floats, n_groups: int = 0) -> Floats:
    """Return the sum of the amounts of each group, of at least ``n_groups``."""
    return np.asarray(np.bincount(labels, amounts, n_groups), np.float64)


def _moments(values: Floats, counts: Floats) -> tuple[float, float]:
    present = ~np.isnan(values)
    if not present.all():
        values, counts = values[present], counts[present]
    if not len(values):
        return 0.0, 0.0
    # A constant column has no deviation, whatever its mean is rounded to.
    is_constant = values.min() == values.max()
    exponent = exponent_of(values)
    values = np.ldexp(values, -exponent)
    mean = np.average(values, weights=counts)
    deviation = np.sqrt(np.average((values - mean) ** 2, weights=counts))
    mean, deviation = np.ldexp([mean, deviation], exponent)
    return float(mean), 0.0 if is_constant else float(deviation)
