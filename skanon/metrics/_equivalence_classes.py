"""From a table of any kind to its equivalence classes."""

from collections.abc import Sequence
from typing import Any, Literal

from skanon._groups import EquivalenceClasses
from skanon.metrics._reading import read_classes
from skanon.typing import ArrayLike, Table

__all__ = ["equivalence_classes"]


def equivalence_classes(
    X: Table,
    *,
    quasi_identifiers: Sequence[Any],
    sensitive: Any = None,
    sample_weight: ArrayLike = None,
    missing: Literal["own_category", "wildcard"] = "own_category",
    suppressed: ArrayLike = None,
    subset: ArrayLike = None,
) -> EquivalenceClasses:
    """Group the rows of a table that agree in all quasi-identifiers.

    The privacy models of :mod:`skanon.privacy` judge what this returns. For a single
    number there is a function of its own, such as :func:`k_anonymity`.

    Parameters
    ----------
    X : DataFrame, Table or array-like of shape (n_samples, n_features)
        The table.
    quasi_identifiers : list of str or int
        The columns that an attacker may know, by name or position.
    sensitive : str, int or list, default=None
        The column or columns that an attacker must not learn.
    sample_weight : array-like of shape (n_samples,), default=None
        How many records each row stands for. None counts each row once.
    missing : {"own_category", "wildcard"}, default="own_category"
        Whether a missing quasi-identifier equals only missing ones, or every value.
    suppressed : array-like of bool of shape (n_samples,), default=None
        The suppressed records, which are in no class. None takes the rows in which
        every quasi-identifier is missing, which is what record suppression leaves.
    subset : array-like of bool of shape (n_samples,), default=None
        The rows that are published, if X is the population they were drawn from.

    Returns
    -------
    EquivalenceClasses
        The classes: ``labels`` of the rows, ``sizes``, ``members``, and more.

    Raises
    ------
    ColumnError
        If there are no quasi-identifiers, a column is not in X, or a sensitive
        column is among the quasi-identifiers.
    ValueError
        If a weight or another parameter is out of its range.

    See Also
    --------
    k_anonymity : The size of the smallest class.

    Examples
    --------
    >>> from skanon.metrics import equivalence_classes
    >>> X = [["30-39", "8001"], ["40-49", "8001"], ["30-39", "8001"]]
    >>> classes = equivalence_classes(X, quasi_identifiers=[0, 1])
    >>> classes.labels
    array([0, 1, 0])
    >>> classes.sizes
    array([2, 1])
    """
    return read_classes(
        X,
        quasi_identifiers,
        sensitive=sensitive,
        sample_weight=sample_weight,
        missing=missing,
        suppressed=suppressed,
        subset=subset,
        owner="equivalence_classes",
    )
