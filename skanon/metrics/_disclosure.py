"""How much more, or less, frequent a value is in a class than in the table."""

from collections.abc import Sequence
from typing import Any, Literal

from skanon.metrics._reading import greatest, read_classes_with_sensitive
from skanon.privacy import BetaLikeness, DeltaDisclosure
from skanon.typing import ArrayLike, Table

__all__ = ["beta_likeness", "delta_disclosure"]


def delta_disclosure(
    X: Table,
    *,
    quasi_identifiers: Sequence[Any],
    sensitive: Any,
    sample_weight: ArrayLike = None,
    missing: Literal["own_category", "wildcard"] = "own_category",
    suppressed: ArrayLike = None,
) -> float:
    """Return by which power of two a value is more or less frequent in a class.

    The table keeps δ-disclosure privacy for every greater delta.

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
    float
        The greatest absolute logarithm, to base 2, of a value's share in a class over
        its share in the table; 0 if all records are suppressed.

    Raises
    ------
    ColumnError
        If there are no quasi-identifiers, a column is not in X, or there is not one
        sensitive column that is none of the quasi-identifiers.
    ValueError
        If a weight or another parameter is out of its range.

    See Also
    --------
    skanon.privacy.DeltaDisclosure : Ask for a delta.
    beta_likeness : Look only at what becomes more frequent.
    t_closeness : Measure the distance between the distributions.

    References
    ----------
    J. Brickell, V. Shmatikov, "The cost of privacy: destruction of data-mining
    utility in anonymized data publishing", KDD, 2008.

    Examples
    --------
    >>> from skanon.metrics import delta_disclosure
    >>> X = [["8001", "flu"], ["8001", "gout"], ["8004", "flu"], ["8004", "flu"]]
    >>> delta_disclosure(X, quasi_identifiers=[0], sensitive=1)
    1.0
    """
    classes = read_classes_with_sensitive(
        X,
        quasi_identifiers,
        sensitive,
        owner="delta_disclosure",
        sample_weight=sample_weight,
        missing=missing,
        suppressed=suppressed,
    )
    return greatest(DeltaDisclosure(1).measure(classes), classes)


def beta_likeness(
    X: Table,
    *,
    quasi_identifiers: Sequence[Any],
    sensitive: Any,
    enhanced: bool = False,
    sample_weight: ArrayLike = None,
    missing: Literal["own_category", "wildcard"] = "own_category",
    suppressed: ArrayLike = None,
) -> float:
    """Return by which multiple a value is more frequent in a class.

    The table keeps β-likeness for this beta and for every greater one.

    Parameters
    ----------
    X : DataFrame, Table or array-like of shape (n_samples, n_features)
        The table.
    quasi_identifiers : list of str or int
        The columns that an attacker may know, by name or position.
    sensitive : str or int
        The column that an attacker must not learn.
    enhanced : bool, default=False
        Whether the growth of a value with the share q must also be at most -ln q.
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
        The greatest relative growth of a value's share from the table to a class; 0
        if all records are suppressed, infinity if no beta will do for the enhanced
        model.

    Raises
    ------
    ColumnError
        If there are no quasi-identifiers, a column is not in X, or there is not one
        sensitive column that is none of the quasi-identifiers.
    ValueError
        If a weight or another parameter is out of its range.

    See Also
    --------
    skanon.privacy.BetaLikeness : Ask for a beta.
    delta_disclosure : Look also at what becomes rarer.
    t_closeness : Measure the distance between the distributions.

    References
    ----------
    J. Cao, P. Karras, "Publishing microdata with a robust privacy guarantee",
    Proceedings of the VLDB Endowment 5 (11), 2012.

    Examples
    --------
    >>> from skanon.metrics import beta_likeness
    >>> X = [["8001", "flu"], ["8001", "gout"], ["8004", "flu"], ["8004", "flu"]]
    >>> beta_likeness(X, quasi_identifiers=[0], sensitive=1)
    1.0
    """
    classes = read_classes_with_sensitive(
        X,
        quasi_identifiers,
        sensitive,
        owner="beta_likeness",
        sample_weight=sample_weight,
        missing=missing,
        suppressed=suppressed,
    )
    return greatest(BetaLikeness(1, enhanced=enhanced).measure(classes), classes)
