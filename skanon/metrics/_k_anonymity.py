"""The k that a table reaches."""

import math
from collections.abc import Sequence
from typing import Any, Literal

from skanon.metrics._reading import least, read_classes
from skanon.typing import ArrayLike, Table

__all__ = ["k_anonymity"]


def k_anonymity(
    X: Table,
    *,
    quasi_identifiers: Sequence[Any],
    sample_weight: ArrayLike = None,
    missing: Literal["own_category", "wildcard"] = "own_category",
    suppressed: ArrayLike = None,
) -> float:
    """Return the size of the smallest equivalence class.

    The table is k-anonymous for this k and for every smaller one.

    Parameters
    ----------
    X : DataFrame, Table or array-like of shape (n_samples, n_features)
        The table.
    quasi_identifiers : list of str or int
        The columns that an attacker may know, by name or position.
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
        The smallest class size; infinity if all records are suppressed. It is an
        int unless weights are fractions.

    Raises
    ------
    ColumnError
        If there are no quasi-identifiers, or one is not in X.
    ValueError
        If a weight or another parameter is out of its range.

    See Also
    --------
    skanon.privacy.KAnonymity : Ask for a k.
    equivalence_classes : Look at the classes themselves.

    References
    ----------
    L. Sweeney, "k-anonymity: a model for protecting privacy", International Journal
    of Uncertainty, Fuzziness and Knowledge-Based Systems 10 (5), 2002.

    Examples
    --------
    >>> from skanon.metrics import k_anonymity
    >>> X = [["30-39", "8001"], ["40-49", "8001"], ["30-39", "8001"]]
    >>> k_anonymity(X, quasi_identifiers=[0, 1])
    1
    >>> k_anonymity(X, quasi_identifiers=[1])
    3
    """
    classes = read_classes(
        X,
        quasi_identifiers,
        owner="k_anonymity",
        sample_weight=sample_weight,
        missing=missing,
        suppressed=suppressed,
    )
    return least(classes.sizes, classes, empty=math.inf)
