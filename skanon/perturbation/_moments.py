"""Means, deviations and correlations of weighted rows with gaps."""

import numpy as np

from skanon.perturbation._numbers import Floats

__all__ = ["correlations", "moments"]


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
    present = ~np.isnan(values)
    weights = np.where(present, counts[:, np.newaxis], 0.0)
    totals = np.maximum(weights.sum(axis=0), np.finfo(np.float64).tiny)
    filled = np.where(present, values, 0.0)
    means = (weights * filled).sum(axis=0) / totals
    variances = (weights * (filled - means) ** 2).sum(axis=0) / totals
    # A constant column has no deviation, whatever its mean is rounded to.
    constant = np.nanmax(values, axis=0, initial=-np.inf) <= np.nanmin(
        values, axis=0, initial=np.inf
    )
    return means, np.sqrt(np.where(constant, 0.0, variances))


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
