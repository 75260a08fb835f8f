"""Losses by the original tuples that a record may stand for."""

from collections.abc import Mapping
from typing import Any

from skanon.hierarchies import Hierarchy
from skanon.metrics._losses import ambiguity_of, divergence_of
from skanon.metrics._read_recoding import read_recoding
from skanon.typing import ArrayLike, Table

__all__ = ["ambiguity", "kl_divergence"]


def ambiguity(
    X: Table,
    X_anonymized: Table | None = None,
    *,
    hierarchies: Mapping[Any, Hierarchy],
    levels: Mapping[Any, int] | None = None,
    suppressed: ArrayLike = None,
    sample_weight: ArrayLike = None,
) -> float:
    """Return how many original tuples the records may stand for, in total.

    Smaller is better: the number of records is the original.

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
    sample_weight : array-like of shape (n_samples,), default=None
        How many records each row stands for. None counts each row once.

    Returns
    -------
    float
        The sum over the records of the number of tuples of the hierarchies' values
        that their labels stand for; a suppressed record may be any.

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
    entropy_based_loss : The logarithm of this, between 0 and 1 per record.
    kl_divergence : Compare the distributions of tuples.

    References
    ----------
    J. Goldberger, T. Tassa, "Efficient anonymizations with enhanced utility",
    Transactions on Data Privacy 3 (2), 2010.

    Examples
    --------
    >>> from skanon.hierarchies import Hierarchy
    >>> from skanon.metrics import ambiguity
    >>> towns = Hierarchy.from_tree({"Rhine": ["Bonn", "Mainz"], "Ruhr": ["Essen"]})
    >>> X = [["Bonn"], ["Mainz"], ["Essen"]]
    >>> ambiguity(X, [["Rhine"], ["Rhine"], ["Ruhr"]], hierarchies={0: towns})
    5.0
    """
    recoding = read_recoding(
        X,
        X_anonymized,
        owner="ambiguity",
        hierarchies=hierarchies,
        levels=levels,
        suppressed=suppressed,
        sample_weight=sample_weight,
    )
    return ambiguity_of(recoding)


def kl_divergence(
    X: Table,
    X_anonymized: Table | None = None,
    *,
    hierarchies: Mapping[Any, Hierarchy],
    levels: Mapping[Any, int] | None = None,
    suppressed: ArrayLike = None,
    sample_weight: ArrayLike = None,
) -> float:
    r"""Return how far the table is from one spread evenly over its labels.

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
    sample_weight : array-like of shape (n_samples,), default=None
        How many records each row stands for. None counts each row once.

    Returns
    -------
    float
        The divergence, weighted as in the notes.

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
    non_uniform_entropy : The bits lost column by column.

    Notes
    -----
    It is :math:`\sum f \log_2(f / g)` over the *records*, as in the ARX software:
    a tuple that occurs several times counts that often. f is the frequency of a
    record's original tuple, g that of its class divided by the number of tuples that
    its labels stand for. All suppressed records are one class, of all tuples.

    References
    ----------
    A. Machanavajjhala, D. Kifer, J. Gehrke, M. Venkitasubramaniam, "l-diversity:
    privacy beyond k-anonymity", ACM Transactions on Knowledge Discovery from Data
    1 (1), 2007.

    Examples
    --------
    >>> from skanon.hierarchies import Hierarchy
    >>> from skanon.metrics import kl_divergence
    >>> towns = Hierarchy.from_tree({"Rhine": ["Bonn", "Mainz"], "Ruhr": ["Essen"]})
    >>> X = [["Bonn"], ["Mainz"], ["Essen"]]
    >>> kl_divergence(X, [["Rhine"], ["Rhine"], ["Ruhr"]], hierarchies={0: towns})
    0.0
    """
    recoding = read_recoding(
        X,
        X_anonymized,
        owner="kl_divergence",
        hierarchies=hierarchies,
        levels=levels,
        suppressed=suppressed,
        sample_weight=sample_weight,
    )
    return divergence_of(recoding)
