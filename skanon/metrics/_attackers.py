"""Three attackers who look for people in a table, and how far each would get."""

from collections.abc import Sequence
from typing import Any, Literal

from skanon.metrics._attacker_risk import AttackerRisk
from skanon.metrics._hiding_places import attack, read_hiding_places
from skanon.metrics._reading import read_classes
from skanon.typing import ArrayLike, Table

__all__ = ["journalist_risk", "marketer_risk", "prosecutor_risk"]


def prosecutor_risk(
    X: Table,
    *,
    quasi_identifiers: Sequence[Any],
    sample_weight: ArrayLike = None,
    missing: Literal["own_category", "wildcard"] = "own_category",
    suppressed: ArrayLike = None,
) -> AttackerRisk:
    """Measure the risk from somebody who knows that a person is in the table.

    Parameters
    ----------
    X : DataFrame, Table or array-like of shape (n_samples, n_features)
        The table.
    quasi_identifiers : list of str or int
        The columns that an attacker may know, by name or position.
    sample_weight : array-like of shape (n_samples,), default=None
        How many records each row stands for.
    missing : {"own_category", "wildcard"}, default="own_category"
        Whether a missing quasi-identifier equals only missing ones, or every value.
    suppressed : array-like of bool of shape (n_samples,), default=None
        The suppressed records, which are in no class. None takes the rows in which
        every quasi-identifier is missing, which is what record suppression leaves.

    Returns
    -------
    AttackerRisk
        ``highest``, ``average``, ``records_at_risk(threshold)``, ``success_rate``.

    Raises
    ------
    ColumnError
        If there are no quasi-identifiers, or one is not in X.
    ValueError
        If a weight or another parameter is out of its range.

    See Also
    --------
    journalist_risk : The attacker who does not know who is in the table.
    marketer_risk : The attacker who wants to find as many as possible.
    risk_summary : All three attackers at once.

    Notes
    -----
    A record in a class of f records has the risk 1 / f. The success rate is the
    average: the number of classes per record.

    References
    ----------
    K. El Emam, "Guide to the De-Identification of Personal Health Information", CRC
    Press, 2013.

    Examples
    --------
    >>> import pandas as pd
    >>> from skanon.metrics import prosecutor_risk
    >>> X = pd.DataFrame({"sex": ["f", "f", "m"], "town": ["Ulm", "Ulm", "Ulm"]})
    >>> prosecutor_risk(X, quasi_identifiers=["sex", "town"])
    AttackerRisk('prosecutor', highest=1, average=0.6667, success_rate=0.6667)
    """
    classes = read_classes(
        X,
        quasi_identifiers,
        owner="prosecutor_risk",
        sample_weight=sample_weight,
        missing=missing,
        suppressed=suppressed,
    )
    return attack("prosecutor", classes, classes.sizes)


def journalist_risk(
    X: Table,
    *,
    quasi_identifiers: Sequence[Any],
    population: Table = None,
    sampling_weight: ArrayLike = None,
    sample_weight: ArrayLike = None,
    missing: Literal["own_category", "wildcard"] = "own_category",
    suppressed: ArrayLike = None,
) -> AttackerRisk:
    """Measure the risk from somebody who wants to find anybody at all.

    He does not know whether a person is in the table, and so has to tell her from
    everybody of the population that the table was sampled from.

    Parameters
    ----------
    X : DataFrame, Table or array-like of shape (n_samples, n_features)
        The table.
    quasi_identifiers : list of str or int
        The columns that an attacker may know, by name or position.
    population : DataFrame, Table or array-like, default=None
        The whole population, X's records included, with the same quasi-identifiers
        generalized alike. Without it, and without ``sampling_weight``, the table
        counts as the population, and the risk is the prosecutor's.
    sampling_weight : array-like of shape (n_samples,), default=None
        How many people of the population each record represents: the weight of a
        survey. Not to be confused with ``sample_weight``.
    sample_weight : array-like of shape (n_samples,), default=None
        How many records of the table each row stands for.
    missing : {"own_category", "wildcard"}, default="own_category"
        Whether a missing quasi-identifier equals only missing ones, or every value.
    suppressed : array-like of bool of shape (n_samples,), default=None
        The suppressed records, which are in no class. None takes the rows in which
        every quasi-identifier is missing, which is what record suppression leaves.

    Returns
    -------
    AttackerRisk
        ``highest``, ``average``, ``records_at_risk(threshold)``, ``success_rate``.

    Raises
    ------
    ColumnError
        If there are no quasi-identifiers, or one is not in X or in the population.
    ValueError
        If the population holds fewer records of a class than X, or if a weight or
        another parameter is out of its range.

    See Also
    --------
    prosecutor_risk : The attacker who knows that a person is in the table.
    marketer_risk : The attacker who wants to find as many as possible.
    individual_risk : What survey weights say about single records.

    Notes
    -----
    A record whose class has f of the n records of the table and F of the population
    has the risk 1 / F. The success rate is the greater of u / Σ F over the u classes
    and Σ (f / F) / n.

    References
    ----------
    K. El Emam, "Guide to the De-Identification of Personal Health Information", CRC
    Press, 2013.

    Examples
    --------
    >>> import pandas as pd
    >>> from skanon.metrics import journalist_risk
    >>> everybody = pd.DataFrame({"sex": list("ffffmmmmmm")})
    >>> survey = everybody.iloc[[0, 5, 6]]
    >>> journalist_risk(survey, quasi_identifiers=["sex"], population=everybody)
    AttackerRisk('journalist', highest=0.25, average=0.1944, success_rate=0.2)
    """
    classes, sizes = read_hiding_places(
        X,
        quasi_identifiers,
        owner="journalist_risk",
        population=population,
        sampling_weight=sampling_weight,
        sample_weight=sample_weight,
        missing=missing,
        suppressed=suppressed,
    )
    return attack("journalist", classes, sizes)


def marketer_risk(
    X: Table,
    *,
    quasi_identifiers: Sequence[Any],
    population: Table = None,
    sampling_weight: ArrayLike = None,
    sample_weight: ArrayLike = None,
    missing: Literal["own_category", "wildcard"] = "own_category",
    suppressed: ArrayLike = None,
) -> AttackerRisk:
    """Measure the risk from somebody who wants to find as many as possible.

    Parameters
    ----------
    X : DataFrame, Table or array-like of shape (n_samples, n_features)
        The table.
    quasi_identifiers : list of str or int
        The columns that an attacker may know, by name or position.
    population : DataFrame, Table or array-like, default=None
        The whole population, X's records included, with the same quasi-identifiers
        generalized alike. Without it, and without ``sampling_weight``, the table
        counts as the population.
    sampling_weight : array-like of shape (n_samples,), default=None
        How many people of the population each record represents: the weight of a
        survey. Not to be confused with ``sample_weight``.
    sample_weight : array-like of shape (n_samples,), default=None
        How many records of the table each row stands for.
    missing : {"own_category", "wildcard"}, default="own_category"
        Whether a missing quasi-identifier equals only missing ones, or every value.
    suppressed : array-like of bool of shape (n_samples,), default=None
        The suppressed records, which are in no class. None takes the rows in which
        every quasi-identifier is missing, which is what record suppression leaves.

    Returns
    -------
    AttackerRisk
        ``success_rate`` is the risk; ``average`` is the same number.

    Raises
    ------
    ColumnError
        If there are no quasi-identifiers, or one is not in X or in the population.
    ValueError
        If the population holds fewer records of a class than X, or if a weight or
        another parameter is out of its range.

    See Also
    --------
    prosecutor_risk : The attacker who knows that a person is in the table.
    journalist_risk : The attacker who does not know who is in the table.

    Notes
    -----
    The success rate is Σ (f / F) / n, where a class has f of the n records of the
    table and F of the population.

    References
    ----------
    F. K. Dankar, K. El Emam, "A method for evaluating marketer re-identification
    risk", EDBT/ICDT Workshops, 2010.

    Examples
    --------
    >>> import pandas as pd
    >>> from skanon.metrics import marketer_risk
    >>> X = pd.DataFrame({"sex": ["f", "f", "m", "m"]})
    >>> weights = [10, 10, 25, 25]
    >>> marketer_risk(X, quasi_identifiers=["sex"], sampling_weight=weights)
    AttackerRisk('marketer', highest=0.05, average=0.035, success_rate=0.035)
    """
    classes, sizes = read_hiding_places(
        X,
        quasi_identifiers,
        owner="marketer_risk",
        population=population,
        sampling_weight=sampling_weight,
        sample_weight=sample_weight,
        missing=missing,
        suppressed=suppressed,
    )
    return attack("marketer", classes, sizes)
