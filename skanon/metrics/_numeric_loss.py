"""How far masking moved the numbers of a table."""

from typing import Any

import numpy as np

from skanon._validation import check_weights
from skanon.metrics._numeric_tables import read_numeric_tables, standard_deviation
from skanon.typing import ArrayLike, Table

__all__ = ["il1", "il1s"]


def il1(
    X: Table, X_masked: Table, *, columns: Any = None, sample_weight: ArrayLike = None
) -> float:
    """Sum how far each number was moved, in percent of the number.

    Parameters
    ----------
    X : DataFrame, Table or array-like of shape (n_samples, n_features)
        The original table.
    X_masked : DataFrame, Table or array-like of shape (n_samples, n_features)
        The masked table: the same rows in the same order, the same columns.
    columns : list of str or int, default=None
        The columns to compare, all numbers; None for all.
    sample_weight : array-like of shape (n_samples,), default=None
        How many records each row stands for.

    Returns
    -------
    float
        Σ 100 · abs(x - x') / abs(x) over all cells. Cells with x = 0 are left out,
        and so are those that are missing in either table.

    Raises
    ------
    ColumnError, ColumnTypeError
        If a column is not in both tables or holds no numbers.
    ValueError
        If the tables have different numbers of rows, or a weight is out of its range.

    See Also
    --------
    il1s : Measured in standard deviations, so that a zero does no harm.

    References
    ----------
    J. Domingo-Ferrer, V. Torra, "Disclosure control methods and information loss for
    microdata", Confidentiality, Disclosure, and Data Access, Elsevier, 2001.

    Examples
    --------
    >>> from skanon.metrics import il1
    >>> il1([[10.0], [20.0]], [[11.0], [20.0]])
    10.0
    """
    x, masked = read_numeric_tables(X, X_masked, columns, owner="il1")
    counts = check_weights(sample_weight, len(x))
    with np.errstate(divide="ignore", invalid="ignore"):
        moved = 100 * np.abs(x - masked) / np.abs(x)
    moved[x == 0] = 0
    return float(np.nansum(moved * counts[:, None]))


def il1s(
    X: Table, X_masked: Table, *, columns: Any = None, sample_weight: ArrayLike = None
) -> float:
    """Sum how far each number was moved, in standard deviations of its column.

    Parameters
    ----------
    X : DataFrame, Table or array-like of shape (n_samples, n_features)
        The original table.
    X_masked : DataFrame, Table or array-like of shape (n_samples, n_features)
        The masked table: the same rows in the same order, the same columns.
    columns : list of str or int, default=None
        The columns to compare, all numbers; None for all.
    sample_weight : array-like of shape (n_samples,), default=None
        How many records each row stands for.

    Returns
    -------
    float
        Σ abs(x - x') / (√2 · sd(x)) over all cells. Cells that are missing in either
        table are left out. Divide it by the number of cells to compare tables of
        different sizes.

    Raises
    ------
    ColumnError, ColumnTypeError
        If a column is not in both tables or holds no numbers.
    ValueError
        If the tables have different numbers of rows, or a weight is out of its range.

    See Also
    --------
    il1 : Measured in percent of each number.

    Notes
    -----
    In a column without any spread a moved cell costs infinitely much, and one that
    stayed in place nothing.

    References
    ----------
    J. M. Mateo-Sanz, F. Sebé, J. Domingo-Ferrer, "Outlier protection in continuous
    microdata masking", Privacy in Statistical Databases, LNCS 3050, 2004.

    Examples
    --------
    >>> from skanon.metrics import il1s
    >>> round(il1s([[0.0], [2.0]], [[1.0], [1.0]]), 6)
    1.0
    """
    x, masked = read_numeric_tables(X, X_masked, columns, owner="il1s")
    counts = check_weights(sample_weight, len(x))
    scale = np.sqrt(2) * standard_deviation(x, counts)
    moved = np.abs(x - masked)
    with np.errstate(divide="ignore", invalid="ignore"):
        loss = np.where(moved == 0, 0.0, moved / scale)
    loss[counts == 0] = 0
    return float(np.nansum(loss * counts[:, None]))
