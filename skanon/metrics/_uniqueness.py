"""How many records are alone: in the table, and in the population."""

from collections.abc import Sequence
from typing import Any, Literal

from skanon._groups import EquivalenceClasses
from skanon._uniqueness import (
    UNIQUENESS_MODELS,
    estimate_uniqueness,
    population_of,
)
from skanon._validation import check_word
from skanon.metrics._reading import read_classes, sum_by
from skanon.typing import ArrayLike, Table

__all__ = [
    "population_uniqueness",
    "sample_uniqueness",
    "uniqueness_in_population",
    "uniqueness_in_sample",
]

OWNER = "population_uniqueness"


def sample_uniqueness(
    X: Table,
    *,
    quasi_identifiers: Sequence[Any],
    sample_weight: ArrayLike = None,
    missing: Literal["own_category", "wildcard"] = "own_category",
    suppressed: ArrayLike = None,
) -> float:
    """Return the share of records that are alone in their class.

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
        The suppressed records, which do not count. None takes the rows in which
        every quasi-identifier is missing, which is what record suppression leaves.

    Returns
    -------
    float
        The share, in [0, 1]; 0 if all records are suppressed.

    Raises
    ------
    ColumnError
        If there are no quasi-identifiers, or one is not in X.
    ValueError
        If a weight or another parameter is out of its range.

    See Also
    --------
    population_uniqueness : How many are alone among all people.
    skanon.privacy.SampleUniqueness : Ask for a share.
    suda2 : Which few columns single out a record.

    References
    ----------
    C. Skinner, C. Marsh, S. Openshaw, C. Wymer, "Disclosure control for census
    microdata", J. Off. Stat. 10(1), 1994.

    Examples
    --------
    >>> from skanon.metrics import sample_uniqueness
    >>> X = [["8001"], ["8001"], ["8001"], ["8004"]]
    >>> sample_uniqueness(X, quasi_identifiers=[0])
    0.25
    """
    classes = read_classes(
        X,
        quasi_identifiers,
        owner="sample_uniqueness",
        sample_weight=sample_weight,
        missing=missing,
        suppressed=suppressed,
    )
    return uniqueness_in_sample(classes)


def population_uniqueness(
    X: Table,
    *,
    quasi_identifiers: Sequence[Any],
    sampling_fraction: float | None = None,
    population_size: float | None = None,
    model: Literal["pitman", "zayatz", "snb", "dankar"] = "dankar",
    sample_weight: ArrayLike = None,
    suppressed: ArrayLike = None,
) -> float:
    """Estimate the share of the population that its quasi-identifiers make unique.

    Parameters
    ----------
    X : DataFrame, Table or array-like of shape (n_samples, n_features)
        The table: a simple random sample of the population.
    quasi_identifiers : list of str or int
        The columns that an attacker may know, by name or position.
    sampling_fraction : float, default=None
        Records of the table per person of the population, in (0, 1].
    population_size : float, default=None
        The number of people; give either this or ``sampling_fraction``.
    model : {"pitman", "zayatz", "snb", "dankar"}, default="dankar"
        The estimator; "dankar" chooses among the others.
    sample_weight : array-like of shape (n_samples,), default=None
        How many records each row stands for. None counts each row once.
    suppressed : array-like of bool of shape (n_samples,), default=None
        The suppressed records, which do not count. None takes the rows in which
        every quasi-identifier is missing, which is what record suppression leaves.

    Returns
    -------
    float
        The share, in [0, 1]. NaN if the model has no estimate for this table, which
        "zayatz" and "dankar" always have.

    Raises
    ------
    ColumnError
        If there are no quasi-identifiers, or one is not in X.
    ValueError
        If not just one of ``sampling_fraction`` and ``population_size`` is given, or a
        weight or another parameter is out of its range.
    TypeError
        If the one that is given is no number.

    See Also
    --------
    sample_uniqueness : How many are alone in the table.
    skanon.privacy.PopulationUniqueness : Ask for a share.

    Notes
    -----
    "zayatz" applies Bayes's rule to the table's class sizes, "pitman" fits Pitman's
    sampling model by maximum likelihood, and "snb" a negative binomial model by
    moments. "dankar" is the rule that was found best in simulations: up to a fraction
    of 0.1 Pitman (Zayatz where that has no estimate), above it the smaller of Zayatz
    and SNB. Here an SNB fit only counts if the number of records that it expects is
    right to 5 %; otherwise it would promise less uniqueness than the table supports.
    A missing value is a category of its own. Suppressed records are no part of the
    sample, but stay part of the population.

    Results equal those of ARX, but for "snb": ARX 3.9.2 solves other equations than
    the published ones, and for most tables finds no solution.

    References
    ----------
    F. K. Dankar, K. El Emam, A. Neisa, T. Roffey, "Estimating the re-identification
    risk of clinical data sets", BMC Med. Inform. Decis. Mak. 12:66, 2012.
    N. Hoshino, "Applying Pitman's sampling formula to microdata disclosure risk
    assessment", J. Off. Stat. 17(4), 2001.
    G. Chen, S. Keller-McNulty, "Estimation of identification disclosure risk in
    microdata", J. Off. Stat. 14(1), 1998.

    Examples
    --------
    >>> from skanon.metrics import population_uniqueness
    >>> X = [["8001"]] * 30 + [["8004"]] * 29 + [["8005"]]
    >>> share = population_uniqueness(X, quasi_identifiers=[0], population_size=600)
    >>> round(share, 4)
    0.0043
    """
    check_word(model, UNIQUENESS_MODELS, "model", OWNER)
    classes = read_classes(
        X,
        quasi_identifiers,
        owner=OWNER,
        sample_weight=sample_weight,
        suppressed=suppressed,
    )
    people = population_of(
        float(classes.n_records), population_size, sampling_fraction, OWNER
    )
    return uniqueness_in_population(classes, people, model)


def uniqueness_in_sample(classes: EquivalenceClasses) -> float:
    """Return the share of the classes' records that are alone."""
    n_records = classes.members.sum()
    if not n_records:
        return 0.0
    return float(classes.members[classes.sizes <= 1].sum() / n_records)


def uniqueness_in_population(
    classes: EquivalenceClasses, population_size: float, model: str
) -> float:
    """Estimate the share of the population that is alone.

    Suppressed records are no part of the sample, but stay part of the population.
    """
    members = classes.members[classes.members > 0]
    if not len(members):
        return 0.0
    sizes, records = sum_by(members, members)
    fraction = float(records.sum() / population_size)
    return estimate_uniqueness(sizes, records / sizes, fraction, model)
