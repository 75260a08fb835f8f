"""Losses by the levels that columns were generalized to."""

from collections.abc import Mapping
from typing import Any

from skanon.hierarchies import Hierarchy
from skanon.metrics._losses import (
    Aggregate,
    heights_of,
    join_columns,
    precisions_of,
)
from skanon.metrics._read_recoding import read_recoding
from skanon.metrics._reading import check_share
from skanon.typing import ArrayLike, Table

__all__ = ["height", "precision"]


def height(
    X: Table,
    X_anonymized: Table | None = None,
    *,
    hierarchies: Mapping[Any, Hierarchy],
    levels: Mapping[Any, int] | None = None,
    suppressed: ArrayLike = None,
    aggregate: Aggregate | None = "sum",
    weights: Mapping[Any, float] | None = None,
    sample_weight: ArrayLike = None,
) -> Any:
    """Return the levels that the quasi-identifiers were generalized to.

    Smaller is better.

    Parameters
    ----------
    X : DataFrame, Table or array-like of shape (n_samples, n_features)
        The original table.
    X_anonymized : DataFrame, Table or array-like, default=None
        The anonymized table, row by row the same records. Give this or ``levels``.
    hierarchies : dict of column to Hierarchy
        The quasi-identifiers, by name or position, and how their values become
        coarser.
    levels : dict of column to int, default=None
        The level that each quasi-identifier was generalized to. None finds it out
        from ``X_anonymized``.
    suppressed : array-like of bool of shape (n_samples,), default=None
        The suppressed records. None takes the rows of ``X_anonymized`` in which every
        quasi-identifier is missing.
    aggregate : str or None, default="sum"
        How the columns are joined: "sum", "max", "arithmetic_mean",
        "geometric_mean", or "rank" for the list from the greatest to the least; None
        gives a dict of each column's value.
    weights : dict of column to float, default=None
        How much each column counts; 0.5 where none is given. Only ratios matter.
    sample_weight : array-like of shape (n_samples,), default=None
        How many records each row stands for. None counts each row once.

    Returns
    -------
    float, list or dict
        What ``aggregate`` asks for.

    Raises
    ------
    ColumnError
        If a column that has a hierarchy is not in one of the tables, or a level or a
        weight is given for another column.
    UnknownValueError
        If a hierarchy lacks a value, or has no level with a label for it.
    TypeError
        If ``hierarchies`` is no dict of hierarchies.
    ValueError
        If the tables have different numbers of rows, or if a weight or another
        parameter is out of its range.

    See Also
    --------
    precision : The levels relative to the heights of the hierarchies.
    loss : The share of the values that a label stands for.

    Notes
    -----
    Suppressed records are ignored. A column whose labels are on different levels
    counts their mean. Where two levels have the same labels, ``X_anonymized`` cannot
    tell them apart, and the lower one counts.

    References
    ----------
    P. Samarati, "Protecting respondents' identities in microdata release", IEEE
    Transactions on Knowledge and Data Engineering 13 (6), 2001.

    Examples
    --------
    >>> from skanon.hierarchies import Hierarchy
    >>> from skanon.metrics import height
    >>> towns = Hierarchy.from_tree({"Rhine": ["Bonn", "Mainz"], "Ruhr": ["Essen"]})
    >>> X = [["Bonn"], ["Mainz"], ["Essen"]]
    >>> height(X, [["Rhine"], ["Rhine"], ["Ruhr"]], hierarchies={0: towns})
    1.0
    """
    recoding = read_recoding(
        X,
        X_anonymized,
        owner="height",
        hierarchies=hierarchies,
        levels=levels,
        suppressed=suppressed,
        sample_weight=sample_weight,
        weights=weights,
    )
    return join_columns(heights_of(recoding), recoding, aggregate, "height")


def precision(
    X: Table,
    X_anonymized: Table | None = None,
    *,
    hierarchies: Mapping[Any, Hierarchy],
    levels: Mapping[Any, int] | None = None,
    suppressed: ArrayLike = None,
    monotonic: bool = False,
    gs_factor: float = 0.5,
    aggregate: Aggregate | None = "arithmetic_mean",
    weights: Mapping[Any, float] | None = None,
    sample_weight: ArrayLike = None,
) -> Any:
    """Return how high the table was generalized, relative to the hierarchies.

    Smaller is better: 0 is the original, 1 has nothing left.

    Parameters
    ----------
    X : DataFrame, Table or array-like of shape (n_samples, n_features)
        The original table.
    X_anonymized : DataFrame, Table or array-like, default=None
        The anonymized table, row by row the same records. Give this or ``levels``.
    hierarchies : dict of column to Hierarchy
        The quasi-identifiers, by name or position, and how their values become
        coarser.
    levels : dict of column to int, default=None
        The level that each quasi-identifier was generalized to. None finds it out
        from ``X_anonymized``.
    suppressed : array-like of bool of shape (n_samples,), default=None
        The suppressed records. None takes the rows of ``X_anonymized`` in which every
        quasi-identifier is missing.
    monotonic : bool, default=False
        Whether suppressed records are ignored; else they count as generalized to the
        top.
    gs_factor : float, default=0.5
        Whether suppression (towards 0) or generalization (towards 1) weighs less, in
        [0, 1]; 0.5 takes both in full.
    aggregate : str or None, default="arithmetic_mean"
        How the columns are joined: "sum", "max", "arithmetic_mean",
        "geometric_mean", or "rank" for the list from the greatest to the least; None
        gives a dict of each column's value.
    weights : dict of column to float, default=None
        How much each column counts; 0.5 where none is given. Only ratios matter.
    sample_weight : array-like of shape (n_samples,), default=None
        How many records each row stands for. None counts each row once.

    Returns
    -------
    float, list or dict
        What ``aggregate`` asks for.

    Raises
    ------
    ColumnError
        If a column that has a hierarchy is not in one of the tables, or a level or a
        weight is given for another column.
    UnknownValueError
        If a hierarchy lacks a value, or has no level with a label for it.
    TypeError
        If ``hierarchies`` is no dict of hierarchies.
    ValueError
        If the tables have different numbers of rows, or if a weight or another
        parameter is out of its range.

    See Also
    --------
    height : The levels themselves.
    loss : The share of the values that a label stands for.

    Notes
    -----
    A column on level g of a hierarchy of height h has g / h. This is 1 - Prec of the
    literature, so that it is a loss like the others.

    References
    ----------
    L. Sweeney, "Achieving k-anonymity privacy protection using generalization and
    suppression", International Journal of Uncertainty, Fuzziness and Knowledge-Based
    Systems 10 (5), 2002.

    Examples
    --------
    >>> from skanon.hierarchies import Hierarchy
    >>> from skanon.metrics import precision
    >>> towns = Hierarchy.from_tree({"Rhine": ["Bonn", "Mainz"], "Ruhr": ["Essen"]})
    >>> X = [["Bonn"], ["Mainz"], ["Essen"]]
    >>> precision(X, [["Rhine"], ["Rhine"], ["Ruhr"]], hierarchies={0: towns})
    0.5
    """
    check_share(gs_factor, "gs_factor", "precision")
    recoding = read_recoding(
        X,
        X_anonymized,
        owner="precision",
        hierarchies=hierarchies,
        levels=levels,
        suppressed=suppressed,
        sample_weight=sample_weight,
        weights=weights,
    )
    values = precisions_of(recoding, gs_factor, monotonic=monotonic)
    return join_columns(values, recoding, aggregate, "precision")
