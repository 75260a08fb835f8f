"""How often the quasi-identifiers of a row occur, with survey weights."""

from collections.abc import Sequence
from typing import Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from skanon._frames import read_frame
from skanon._groups import EquivalenceClasses
from skanon.metrics._reading import (
    check_share,
    read_classes,
    read_counts,
    read_sampling_weight,
)
from skanon.typing import ArrayLike, Table

__all__ = ["ClassFrequencies", "class_frequencies", "count_people"]

Numbers = npt.NDArray[Any]


class ClassFrequencies(NamedTuple):
    """How often each row's quasi-identifiers occur.

    A row that is suppressed or has weight 0 has the frequency 0.

    Parameters
    ----------
    sample : ndarray of shape (n_samples,)
        Records of the table that match the row, the row itself included.
    population : ndarray of shape (n_samples,)
        People of the population that they represent.

    See Also
    --------
    class_frequencies : Count them.

    Examples
    --------
    >>> import pandas as pd
    >>> from skanon.metrics import class_frequencies
    >>> X = pd.DataFrame({"sex": ["f", "f", "m"]})
    >>> class_frequencies(X, quasi_identifiers=["sex"]).sample
    array([2, 2, 1])
    """

    sample: Numbers
    population: Numbers


def class_frequencies(
    X: Table,
    *,
    quasi_identifiers: Sequence[Any],
    sampling_weight: ArrayLike = None,
    sample_weight: ArrayLike = None,
    missing: Literal["own_category", "wildcard"] = "own_category",
    alpha: float = 1.0,
    suppressed: ArrayLike = None,
) -> ClassFrequencies:
    """Count how often each row's quasi-identifiers occur.

    Parameters
    ----------
    X : DataFrame, Table or array-like of shape (n_samples, n_features)
        The table.
    quasi_identifiers : list of str or int
        The columns that an attacker may know, by name or position.
    sampling_weight : array-like of shape (n_samples,), default=None
        How many people of the population each record represents: the weight of a
        survey. None says that the table is the population.
    sample_weight : array-like of shape (n_samples,), default=None
        How many records of the table each row stands for.
    missing : {"own_category", "wildcard"}, default="own_category"
        Whether a missing value equals only missing ones, or every value.
    alpha : float, default=1.0
        With ``missing="wildcard"``: how much a record counts that matches only
        because it lacks a value which the row has, in [0, 1].
    suppressed : array-like of bool of shape (n_samples,), default=None
        The suppressed records, which match none. None takes the rows in which every
        quasi-identifier is missing; as wildcards they are not suppressed, but match
        all.

    Returns
    -------
    ClassFrequencies
        ``sample`` and ``population``: f and F of each row.

    Raises
    ------
    ColumnError
        If there are no quasi-identifiers, or one is not in X.
    ValueError
        If a weight or another parameter is out of its range.

    See Also
    --------
    individual_risk : The risk that these frequencies mean.

    References
    ----------
    L. Franconi, S. Polettini, "Individual risk estimation in mu-Argus: a review",
    Privacy in Statistical Databases, LNCS 3050, 2004.

    Examples
    --------
    >>> import pandas as pd
    >>> from skanon.metrics import class_frequencies
    >>> X = pd.DataFrame({"sex": ["f", "f", None], "age": [30, 41, 30]})
    >>> class_frequencies(
    ...     X,
    ...     quasi_identifiers=["sex", "age"],
    ...     sampling_weight=[100, 80, 20],
    ...     missing="wildcard",
    ... )
    ClassFrequencies(sample=array([2, 1, 2]), population=array([120.,  80., 120.]))
    """
    classes, f, F = count_people(
        X,
        quasi_identifiers,
        owner="class_frequencies",
        sampling_weight=sampling_weight,
        sample_weight=sample_weight,
        missing=missing,
        suppressed=suppressed,
        alpha=check_share(alpha, "alpha", "class_frequencies"),
    )
    return ClassFrequencies(classes.to_rows(f, fill=0), classes.to_rows(F, fill=0))


def count_people(
    X: Table,
    quasi_identifiers: Any,
    *,
    owner: str,
    sampling_weight: ArrayLike,
    sample_weight: ArrayLike,
    missing: str,
    suppressed: ArrayLike,
    alpha: float = 1.0,
) -> tuple[EquivalenceClasses, Numbers, Numbers]:
    """Return the classes, and of each its records and the people they represent."""
    n_rows = len(read_frame(X))
    if suppressed is None and missing == "wildcard":
        suppressed = np.zeros(n_rows, bool)
    classes = read_classes(
        X,
        quasi_identifiers,
        owner=owner,
        sample_weight=sample_weight,
        missing=missing,
        suppressed=suppressed,
    )
    counts = read_counts(sample_weight, n_rows)
    counts = np.ones(n_rows, np.int64) if counts is None else counts
    sample = classes.sum(counts, alpha=alpha)
    if sampling_weight is None:
        return classes, sample, sample
    represented = read_sampling_weight(sampling_weight, n_rows)
    return classes, sample, classes.sum(represented * counts, alpha=alpha)
