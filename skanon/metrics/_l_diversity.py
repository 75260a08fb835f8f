"""The l that a table reaches."""

import math
from collections.abc import Sequence
from typing import Any, Literal

from skanon._validation import check_word
from skanon.metrics._reading import least, read_classes_with_sensitive
from skanon.privacy import (
    DistinctLDiversity,
    EntropyLDiversity,
    PrivacyModel,
    RecursiveLDiversity,
)
from skanon.typing import ArrayLike, Table

__all__ = ["l_diversity"]


def l_diversity(
    X: Table,
    *,
    quasi_identifiers: Sequence[Any],
    sensitive: Any,
    kind: Literal["distinct", "entropy", "recursive"] = "distinct",
    c: float = 3.0,
    sample_weight: ArrayLike = None,
    missing: Literal["own_category", "wildcard"] = "own_category",
    suppressed: ArrayLike = None,
) -> float:
    """Return how diverse the sensitive values of the least diverse class are.

    The table is l-diverse for this l and for every smaller one.

    Parameters
    ----------
    X : DataFrame, Table or array-like of shape (n_samples, n_features)
        The table.
    quasi_identifiers : list of str or int
        The columns that an attacker may know, by name or position.
    sensitive : str or int
        The column that an attacker must not learn.
    kind : {"distinct", "entropy", "recursive"}, default="distinct"
        What counts: the number of different values; the exponential of their
        entropy; or the greatest l for which the class is recursively (c, l)-diverse.
    c : float, default=3.0
        For ``kind="recursive"``: how often the most frequent value may occur, as a
        multiple of the tail.
    sample_weight : array-like of shape (n_samples,), default=None
        How many records each row stands for. None counts each row once.
    missing : {"own_category", "wildcard"}, default="own_category"
        Whether a missing quasi-identifier equals only missing ones, or every value.
    suppressed : array-like of bool of shape (n_samples,), default=None
        The suppressed records, which are in no class. None takes the rows in which
        every quasi-identifier is missing, which is what record suppression leaves.

    Returns
    -------
    int or float
        The l, a float for ``kind="entropy"``; infinity if all records are suppressed,
        0 if some class is not even recursively (c, 1)-diverse.

    Raises
    ------
    ColumnError
        If there are no quasi-identifiers, a column is not in X, or there is not one
        sensitive column that is none of the quasi-identifiers.
    ValueError
        If a weight or another parameter is out of its range.

    See Also
    --------
    skanon.privacy.DistinctLDiversity : Ask for an l.
    skanon.privacy.EntropyLDiversity : Ask for an l by entropy.
    skanon.privacy.RecursiveLDiversity : Ask for a c and an l.
    t_closeness : Compare with the distribution in the whole table.

    References
    ----------
    A. Machanavajjhala, D. Kifer, J. Gehrke, M. Venkitasubramaniam, "l-diversity:
    privacy beyond k-anonymity", ACM Transactions on Knowledge Discovery from Data
    1 (1), 2007.

    Examples
    --------
    >>> from skanon.metrics import l_diversity
    >>> X = [["8001", "flu"], ["8001", "gout"], ["8001", "flu"]]
    >>> l_diversity(X, quasi_identifiers=[0], sensitive=1)
    2
    >>> l_diversity(X, quasi_identifiers=[0], sensitive=1, kind="entropy")
    1.889...
    """
    model = _model(kind, c)
    classes = read_classes_with_sensitive(
        X,
        quasi_identifiers,
        sensitive,
        owner="l_diversity",
        sample_weight=sample_weight,
        missing=missing,
        suppressed=suppressed,
    )
    reached = least(model.measure(classes), classes, empty=math.inf)
    is_count = kind != "entropy" and classes.n_classes
    return int(reached) if is_count else reached


def _model(kind: str, c: float) -> PrivacyModel:
    check_word(kind, ("distinct", "entropy", "recursive"), "kind", "l_diversity")
    if kind == "distinct":
        return DistinctLDiversity(1)
    if kind == "entropy":
        return EntropyLDiversity(1)
    return RecursiveLDiversity(c, 1)
