"""The alpha and the k that a table reaches."""

import math
from collections.abc import Sequence
from typing import Any, Literal

from skanon.metrics._reading import greatest, least, read_classes_with_sensitive
from skanon.privacy import AlphaKAnonymity
from skanon.typing import ArrayLike, Table

__all__ = ["alpha_k_anonymity"]


def alpha_k_anonymity(
    X: Table,
    *,
    quasi_identifiers: Sequence[Any],
    sensitive: Any,
    sample_weight: ArrayLike = None,
    missing: Literal["own_category", "wildcard"] = "own_category",
    suppressed: ArrayLike = None,
) -> tuple[float, float]:
    """Return the greatest share of a sensitive value in a class, and the least size.

    The table is (alpha, k)-anonymous for these, for a greater alpha and a smaller k.

    Parameters
    ----------
    X : DataFrame, Table or array-like of shape (n_samples, n_features)
        The table.
    quasi_identifiers : list of str or int
        The columns that an attacker may know, by name or position.
    sensitive : str or int
        The column that an attacker must not learn.
    sample_weight : array-like of shape (n_samples,), default=None
        How many records each row stands for. None counts each row once.
    missing : {"own_category", "wildcard"}, default="own_category"
        Whether a missing quasi-identifier equals only missing ones, or every value.
    suppressed : array-like of bool of shape (n_samples,), default=None
        The suppressed records, which are in no class. None takes the rows in which
        every quasi-identifier is missing, which is what record suppression leaves.

    Returns
    -------
    alpha : float
        The greatest share; 0 if all records are suppressed.
    k : int or float
        The smallest class size; infinity if all records are suppressed.

    Raises
    ------
    ColumnError
        If there are no quasi-identifiers, a column is not in X, or there is not one
        sensitive column that is none of the quasi-identifiers.
    ValueError
        If a weight or another parameter is out of its range.

    See Also
    --------
    skanon.privacy.AlphaKAnonymity : Ask for an alpha and a k.
    k_anonymity : The size alone.
    l_diversity : Count the values instead.

    References
    ----------
    R. Wong, J. Li, A. Fu, K. Wang, "(alpha, k)-anonymity: an enhanced k-anonymity
    model for privacy preserving data publishing", KDD, 2006.

    Examples
    --------
    >>> from skanon.metrics import alpha_k_anonymity
    >>> X = [["8001", "flu"], ["8001", "gout"], ["8004", "flu"], ["8004", "flu"]]
    >>> alpha_k_anonymity(X, quasi_identifiers=[0], sensitive=1)
    (1.0, 2)
    """
    classes = read_classes_with_sensitive(
        X,
        quasi_identifiers,
        sensitive,
        owner="alpha_k_anonymity",
        sample_weight=sample_weight,
        missing=missing,
        suppressed=suppressed,
    )
    shares = AlphaKAnonymity(1, 1).measure(classes)
    alpha = greatest(shares, classes)
    return alpha, least(classes.sizes, classes, empty=math.inf)
