"""Sums by group, means, deviations and correlations of weighted rows."""

import numpy as np
import numpy.typing as npt

from skanon.perturbation._numbers import Floats

__all__ = ["correlations", "moments", "scaled_safely", "standardized", "sum_by_group"]

Integers = npt.NDArray[np.intp]

#: Farther from the mean, in standard deviations, squares might be beyond float64.
FARTHEST = 1e140

#: Numbers of up to so many binary places have sums of squares that lose no digits.
SAFE_EXPONENT = 300


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


def scaled_safely(values: Floats, low: float, high: float) -> tuple[Floats, int]:
    """Return values whose squares float64 has, and the power of two taken out.

    Nothing is rounded: the digits stay as they are. ``low`` and ``high`` are the least
    and the greatest value.
    """
    exponent = int(np.frexp(max(-low, high))[1])
    if abs(exponent) <= SAFE_EXPONENT:
        return values, 0
    return np.ldexp(values, -exponent), exponent


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
    low, high = values.min(), values.max()
    values, exponent = scaled_safely(values, low, high)
    mean = np.average(values, weights=counts)
    variance = np.average((values - mean) ** 2, weights=counts)
    # A constant column has no deviation, whatever its mean is rounded to.
    deviation = 0.0 if low == high else np.sqrt(variance)
    return float(np.ldexp(mean, exponent)), float(np.ldexp(deviation, exponent))
