"""What a population's table says about a sample drawn from it."""

import math
from collections.abc import Sequence
from typing import Any, Literal

from skanon.metrics._population import read_classes_in_population
from skanon.metrics._reading import least
from skanon.typing import ArrayLike, Table

__all__ = ["delta_presence", "k_map"]


def k_map(
    X: Table,
    *,
    quasi_identifiers: Sequence[Any],
    population: Table,
    sample_weight: ArrayLike = None,
    missing: Literal["own_category", "wildcard"] = "own_category",
    suppressed: ArrayLike = None,
) -> float:
    """Return the least number of people of the population that a record fits.

    The table keeps k-map for this k and for every smaller one.

    Parameters
    ----------
    X : DataFrame, Table or array-like of shape (n_samples, n_features)
        The table.
    quasi_identifiers : list of str or int
        The columns that an attacker may know, by name or position.
    population : DataFrame, Table or array-like
        The whole population, the records of X included, with the same
        quasi-identifiers generalized alike.
    sample_weight : array-like of shape (n_samples,), default=None
        How many records each row of X stands for. None counts each row once.
    missing : {"own_category", "wildcard"}, default="own_category"
        Whether a missing quasi-identifier equals only missing ones, or every value.
    suppressed : array-like of bool of shape (n_samples,), default=None
        The suppressed records of X, which are in no class. None takes the rows in
        which every quasi-identifier is missing, which is what record suppression
        leaves.

    Returns
    -------
    int or float
        The size in the population of the smallest class that has a record in X;
        infinity if all records are suppressed.

    Raises
    ------
    ColumnError
        If there are no quasi-identifiers, or one is not in X or in the population.
    ValueError
        If the population holds fewer records of a class than X, or if a weight or
        another parameter is out of its range.

    See Also
    --------
    skanon.privacy.KMap : Ask for a k, also with an estimate of the population.
    k_anonymity : Count the records of the table itself.
    delta_presence : The share of the population that is in the table.

    References
    ----------
    K. El Emam, F. K. Dankar, "Protecting privacy using k-anonymity", Journal of the
    American Medical Informatics Association 15 (5), 2008.

    Examples
    --------
    >>> from skanon.metrics import k_map
    >>> population = [["8001"], ["8001"], ["8001"], ["8004"]]
    >>> k_map([["8001"]], quasi_identifiers=[0], population=population)
    3
    """
    classes, sizes = read_classes_in_population(
        X,
        population,
        quasi_identifiers,
        owner="k_map",
        sample_weight=sample_weight,
        missing=missing,
        suppressed=suppressed,
    )
    return least(sizes, classes, empty=math.inf)


def delta_presence(
    X: Table,
    *,
    quasi_identifiers: Sequence[Any],
    population: Table,
    sample_weight: ArrayLike = None,
    missing: Literal["own_category", "wildcard"] = "own_category",
    suppressed: ArrayLike = None,
) -> tuple[float, float]:
    """Return between which bounds the chance lies that a person is in the table.

    The table keeps δ-presence for these bounds and for all wider ones.

    Parameters
    ----------
    X : DataFrame, Table or array-like of shape (n_samples, n_features)
        The table.
    quasi_identifiers : list of str or int
        The columns that an attacker may know, by name or position.
    population : DataFrame, Table or array-like
        The whole population, the records of X included, with the same
        quasi-identifiers generalized alike.
    sample_weight : array-like of shape (n_samples,), default=None
        How many records each row of X stands for. None counts each row once.
    missing : {"own_category", "wildcard"}, default="own_category"
        Whether a missing quasi-identifier equals only missing ones, or every value.
    suppressed : array-like of bool of shape (n_samples,), default=None
        The suppressed records of X, which are in no class. None takes the rows in
        which every quasi-identifier is missing, which is what record suppression
        leaves.

    Returns
    -------
    delta_min : float
        The least share of a class of the population that is in the table.
    delta_max : float
        The greatest share. Both are 0 if the population's records are suppressed too.

    Raises
    ------
    ColumnError
        If there are no quasi-identifiers, or one is not in X or in the population.
    ValueError
        If the population holds fewer records of a class than X, or if a weight or
        another parameter is out of its range.

    See Also
    --------
    skanon.privacy.DeltaPresence : Ask for bounds.
    k_map : The size of the classes in the population.

    References
    ----------
    M. E. Nergiz, M. Atzori, C. Clifton, "Hiding the presence of individuals from
    shared databases", ACM SIGMOD, 2007.

    Examples
    --------
    >>> from skanon.metrics import delta_presence
    >>> population = [["8001"], ["8001"], ["8004"], ["8004"]]
    >>> X = [["8001"], ["8004"], ["8004"]]
    >>> delta_presence(X, quasi_identifiers=[0], population=population)
    (0.5, 1.0)
    """
    classes, sizes = read_classes_in_population(
        X,
        population,
        quasi_identifiers,
        owner="delta_presence",
        sample_weight=sample_weight,
        missing=missing,
        suppressed=suppressed,
    )
    is_there = sizes > 0
    if not is_there.any():
        return 0.0, 0.0
    shares = classes.sizes[is_there] / sizes[is_there]
    return float(shares.min()), float(shares.max())
