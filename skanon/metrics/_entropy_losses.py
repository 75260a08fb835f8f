"""Losses in bits: what the labels say less than the values."""

from collections.abc import Mapping
from typing import Any, Literal

from skanon._validation import check_word
from skanon.hierarchies import Hierarchy
from skanon.metrics._losses import (
    Aggregate,
    entropies_of,
    entropy_based_loss_of,
    join_columns,
)
from skanon.metrics._read_recoding import read_recoding
from skanon.metrics._reading import check_share
from skanon.typing import ArrayLike, Table

__all__ = ["entropy_based_loss", "non_uniform_entropy"]

VARIANTS = ("plain", "monotonic", "normalized")


def non_uniform_entropy(
    X: Table,
    X_anonymized: Table | None = None,
    *,
    hierarchies: Mapping[Any, Hierarchy],
    levels: Mapping[Any, int] | None = None,
    suppressed: ArrayLike = None,
    variant: Literal["plain", "monotonic", "normalized"] = "plain",
    gs_factor: float = 0.5,
    aggregate: Aggregate | None = "sum",
    weights: Mapping[Any, float] | None = None,
    sample_weight: ArrayLike = None,
) -> Any:
    r"""Return the bits that the labels say less than the values.

    Smaller is better: 0 is the original.

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
    variant : {"plain", "monotonic", "normalized"}, default="plain"
        Whether the bits lost by suppression count too; do not; or count, and each
        column's bits are relative to all the bits that it had.
    gs_factor : float, default=0.5
        Whether suppression (towards 0) or generalization (towards 1) weighs less, in
        [0, 1]; 0.5 takes both in full.
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
    loss : The share of the values that a label stands for.
    kl_divergence : Compare the distributions of tuples.

    Notes
    -----
    With the number c(x) of records with a value and c(y) with its label, a column
    loses :math:`-\sum \log_2(c(x) / c(y))` bits over all records. Suppression costs
    another :math:`-\sum \log_2(k(y) / |S|)` over the suppressed records S, of which
    k(y) have a label. So the labels of suppressed records count: they are known from
    the level of their column. Where labels of a column are on different levels, a
    suppressed record counts as on the top.

    References
    ----------
    A. Gionis, T. Tassa, "k-anonymization with minimal loss of information", IEEE
    Transactions on Knowledge and Data Engineering 21 (2), 2009.

    Examples
    --------
    >>> from skanon.hierarchies import Hierarchy
    >>> from skanon.metrics import non_uniform_entropy
    >>> towns = Hierarchy.from_tree({"Rhine": ["Bonn", "Mainz"], "Ruhr": ["Essen"]})
    >>> X = [["Bonn"], ["Mainz"], ["Essen"]]
    >>> non_uniform_entropy(X, [["Rhine"], ["Rhine"], ["Ruhr"]], hierarchies={0: towns})
    2.0
    """
    check_share(gs_factor, "gs_factor", "non_uniform_entropy")
    check_word(variant, VARIANTS, "variant", "non_uniform_entropy")
    recoding = read_recoding(
        X,
        X_anonymized,
        owner="non_uniform_entropy",
        hierarchies=hierarchies,
        levels=levels,
        suppressed=suppressed,
        sample_weight=sample_weight,
        weights=weights,
    )
    values = entropies_of(recoding, gs_factor, variant)
    return join_columns(values, recoding, aggregate, "non_uniform_entropy")


def entropy_based_loss(
    X: Table,
    X_anonymized: Table | None = None,
    *,
    hierarchies: Mapping[Any, Hierarchy],
    levels: Mapping[Any, int] | None = None,
    suppressed: ArrayLike = None,
    gs_factor: float = 0.5,
    sample_weight: ArrayLike = None,
) -> float:
    r"""Return the records, each by how little its labels say.

    Smaller is better: 0 is the original, the number of records has nothing left.

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
    sample_weight : array-like of shape (n_samples,), default=None
        How many records each row stands for. None counts each row once.

    Returns
    -------
    float
        The sum over the records.

    Raises
    ------
    ColumnError
        If a column that has a hierarchy is not in one of the tables.
    UnknownValueError
        If a hierarchy lacks a value, or has no level with a label for it.
    TypeError
        If ``hierarchies`` is no dict of hierarchies.
    ValueError
        If the tables have different numbers of rows, or if a weight or another
        parameter is out of its range.

    See Also
    --------
    ambiguity : The number of tuples that the records may stand for.
    loss : The share of the values that a label stands for.

    Notes
    -----
    A record whose labels stand for shares :math:`s_j` of the :math:`D_j` values of
    each column counts :math:`1 + \log \prod s_j / \log \prod D_j`, a suppressed one
    counts 1.

    References
    ----------
    Z. Wan, Y. Vorobeychik, W. Xia, E. W. Clayton, M. Kantarcioglu, R. Ganta, R.
    Heatherly, B. A. Malin, "A game theoretic framework for analyzing
    re-identification risk", PLOS ONE 10 (3), 2015.

    Examples
    --------
    >>> from skanon.hierarchies import Hierarchy
    >>> from skanon.metrics import entropy_based_loss
    >>> towns = Hierarchy.from_tree({"Rhine": ["Bonn", "Mainz"], "Ruhr": ["Essen"]})
    >>> X = [["Bonn"], ["Mainz"], ["Essen"]]
    >>> entropy_based_loss(X, [["Rhine"], ["Rhine"], ["Ruhr"]], hierarchies={0: towns})
    1.261...
    """
    check_share(gs_factor, "gs_factor", "entropy_based_loss")
    recoding = read_recoding(
        X,
        X_anonymized,
        owner="entropy_based_loss",
        hierarchies=hierarchies,
        levels=levels,
        suppressed=suppressed,
        sample_weight=sample_weight,
    )
    return entropy_based_loss_of(recoding, gs_factor)
