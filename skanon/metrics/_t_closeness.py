"""The t that a table reaches."""

from collections.abc import Sequence
from typing import Any, Literal

from skanon.metrics._reading import greatest, read_classes_with_sensitive
from skanon.privacy import TCloseness
from skanon.typing import ArrayLike, Table

__all__ = ["t_closeness"]


def t_closeness(
    X: Table,
    *,
    quasi_identifiers: Sequence[Any],
    sensitive: Any,
    distance: Literal["equal", "ordered", "hierarchical"] = "equal",
    order: Sequence[Any] | None = None,
    hierarchy: Any = None,
    sample_weight: ArrayLike = None,
    missing: Literal["own_category", "wildcard"] = "own_category",
    suppressed: ArrayLike = None,
) -> float:
    """Return how far the sensitive values of a class are from those of the table.

    The table is t-close for this t and for every greater one.

    Parameters
    ----------
    X : DataFrame, Table or array-like of shape (n_samples, n_features)
        The table.
    quasi_identifiers : list of str or int
        The columns that an attacker may know, by name or position.
    sensitive : str or int
        The column that an attacker must not learn.
    distance : {"equal", "ordered", "hierarchical"}, default="equal"
        How far one value is from another: all equally far; by their rank among the
        values; or by the height at which a hierarchy joins them.
    order : sequence, default=None
        For ``distance="ordered"``: the values from the least to the greatest. None
        takes the order of numbers, dates or an ordered categorical; text has none. A
        missing value comes last, or where None stands.
    hierarchy : Hierarchy, default=None
        For ``distance="hierarchical"``: the hierarchy of the sensitive values.
    sample_weight : array-like of shape (n_samples,), default=None
        How many records each row stands for. None counts each row once.
    missing : {"own_category", "wildcard"}, default="own_category"
        Whether a missing quasi-identifier equals only missing ones, or every value.
    suppressed : array-like of bool of shape (n_samples,), default=None
        The suppressed records, which are in no class. None takes the rows in which
        every quasi-identifier is missing, which is what record suppression leaves.

    Returns
    -------
    float
        The greatest earth mover's distance of a class, in [0, 1]; 0 if all records
        are suppressed.

    Raises
    ------
    ColumnError
        If there are no quasi-identifiers, a column is not in X, or there is not one
        sensitive column that is none of the quasi-identifiers.
    ColumnTypeError
        If values without an order are to be ordered.
    UnknownValueError
        If the hierarchy lacks a value.
    ValueError
        If a weight or another parameter is out of its range.

    See Also
    --------
    skanon.privacy.TCloseness : Ask for a t.
    l_diversity : Count the values instead.
    beta_likeness : Bound how much more frequent a value is.

    References
    ----------
    N. Li, T. Li, S. Venkatasubramanian, "t-closeness: privacy beyond k-anonymity and
    l-diversity", IEEE International Conference on Data Engineering, 2007.

    Examples
    --------
    >>> from skanon.metrics import t_closeness
    >>> X = [["8001", 1], ["8001", 2], ["8004", 1], ["8004", 3]]
    >>> t_closeness(X, quasi_identifiers=[0], sensitive=1, distance="ordered")
    0.125
    """
    model = TCloseness(1, distance=distance, order=order, hierarchy=hierarchy)
    classes = read_classes_with_sensitive(
        X,
        quasi_identifiers,
        sensitive,
        owner="t_closeness",
        sample_weight=sample_weight,
        missing=missing,
        suppressed=suppressed,
    )
    return greatest(model.measure(classes), classes)
