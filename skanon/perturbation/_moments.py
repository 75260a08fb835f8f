"""Sums by group, means, deviations and correlations of weighted rows."""

import numpy as np
import numpy.typing as npt

from skanon.perturbation._numbers import Floats

__all__ = ["correlations", "moments", "sum_by_group"]

Integers = npt.NDArray[np.intp]


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
    scaled = (values - means) / np.where(deviations > 0, deviations, 1.0)
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
    mean = np.average(values, weights=counts)
    # A constant column has no deviation, whatever its mean is rounded to.
    is_constant = values.min() == values.max()
    variance = np.average((values - mean) ** 2, weights=counts)
    return float(mean), 0.0 if is_constant else float(np.sqrt(variance))
