"""The loss by the shares of the values that labels stand for."""

from collections.abc import Mapping
from typing import Any

from skanon.hierarchies import Hierarchy
from skanon.metrics._losses import Aggregate, join_columns, losses_of
from skanon.metrics._read_recoding import read_recoding
from skanon.metrics._reading import check_share
from skanon.typing import ArrayLike, Table

__all__ = ["loss"]


def loss(
    X: Table,
    X_anonymized: Table | None = None,
    *,
    hierarchies: Mapping[Any, Hierarchy],
    levels: Mapping[Any, int] | None = None,
    suppressed: ArrayLike = None,
    gs_factor: float = 0.5,
    aggregate: Aggregate | None = "geometric_mean",
    weights: Mapping[Any, float] | None = None,
    sample_weight: ArrayLike = None,
) -> Any:
    r"""Return by how much labels stand for more than single values.

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
    gs_factor : float, default=0.5
        Whether suppression (towards 0) or generalization (towards 1) weighs less, in
        [0, 1]; 0.5 takes both in full.
    aggregate : str or None, default="geometric_mean"
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
    granularity : The same as a quality, from 1 down to 0.
    ncp : The normalized certainty penalty, also of intervals.
    precision : The levels instead of the shares.

    Notes
    -----
    A label stands for a share s of the D values of its hierarchy, those that do not
    occur included; a hierarchy by rule, as of intervals, has the values that occur. A
    suppressed cell stands for all of them. The value of a column is
    :math:`(\bar s - 1/D) / (1 - 1/D)`, with the mean share, floored to ten decimals.

    References
    ----------
    V. S. Iyengar, "Transforming data to satisfy privacy constraints", KDD, 2002.

    Examples
    --------
    >>> from skanon.hierarchies import Hierarchy
    >>> from skanon.metrics import loss
    >>> towns = Hierarchy.from_tree({"Rhine": ["Bonn", "Mainz"], "Ruhr": ["Essen"]})
    >>> X = [["Bonn"], ["Mainz"], ["Essen"]]
    >>> loss(X, [["Rhine"], ["Rhine"], ["Ruhr"]], hierarchies={0: towns})
    0.33333...
    """
    check_share(gs_factor, "gs_factor", "loss")
    recoding = read_recoding(
        X,
        X_anonymized,
        owner="loss",
        hierarchies=hierarchies,
        levels=levels,
        suppressed=suppressed,
        sample_weight=sample_weight,
        weights=weights,
    )
    values = losses_of(recoding, gs_factor)
    return join_columns(values, recoding, aggregate, "loss")
