"""What survey weights say about single records, households and the whole table."""

from collections.abc import Sequence
from typing import Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from scipy.special import hyp2f1

from skanon._frames import read_frame
from skanon._groups import EquivalenceClasses, encode_column
from skanon._validation import check_weights
from skanon.exceptions import ColumnTypeError
from skanon.metrics._reading import (
    as_numbers,
    check_fraction,
    read_classes,
    read_counts,
    read_sampling_weight,
)
from skanon.typing import ArrayLike, Table

__all__ = [
    "ClassFrequencies",
    "class_frequencies",
    "expected_reidentifications",
    "global_risk",
    "household_risk",
    "individual_risk",
    "risk_threshold",
]

Floats = npt.NDArray[np.float64]
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

    See Also
    --------
    individual_risk : The risk that these frequencies mean.

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
    classes, f, F = _count(
        X,
        quasi_identifiers,
        sampling_weight,
        sample_weight,
        missing,
        suppressed,
        _check_alpha(alpha),
        owner="class_frequencies",
    )
    return ClassFrequencies(classes.to_rows(f, fill=0), classes.to_rows(F, fill=0))


def individual_risk(
    X: Table,
    *,
    quasi_identifiers: Sequence[Any],
    sampling_weight: ArrayLike = None,
    method: Literal["approx", "exact"] = "approx",
    sample_weight: ArrayLike = None,
    missing: Literal["own_category", "wildcard"] = "own_category",
    suppressed: ArrayLike = None,
) -> Floats:
    """Estimate the risk of each record after Benedetti and Franconi.

    Parameters
    ----------
    X : DataFrame, Table or array-like of shape (n_samples, n_features)
        The table.
    quasi_identifiers : list of str or int
        The columns that an attacker may know, by name or position.
    sampling_weight : array-like of shape (n_samples,), default=None
        How many people of the population each record represents: the weight of a
        survey, at least 1. None says that the table is the population.
    method : {"approx", "exact"}, default="approx"
        Whether the risk of records with more than one double is approximated.
    sample_weight : array-like of shape (n_samples,), default=None
        How many records of the table each row stands for; each of them has the
        row's sampling weight.
    missing : {"own_category", "wildcard"}, default="own_category"
        Whether a missing value equals only missing ones, or every value.
    suppressed : array-like of bool of shape (n_samples,), default=None
        The suppressed records, which match none. None takes the rows in which every
        quasi-identifier is missing; as wildcards they are not suppressed, but match
        all.

    Returns
    -------
    ndarray of shape (n_samples,)
        The probability that the record is re-identified; 0 if it is suppressed.

    Raises
    ------
    ColumnError
        If there are no quasi-identifiers, or one is not in X.
    ValueError
        If a weight or another parameter is out of its range.

    See Also
    --------
    global_risk : The mean over the table.
    household_risk : The risk that one of a household is found.
    risk_threshold : From which risk on records have to be treated.
    journalist_risk : With 1 / F as the risk.

    Notes
    -----
    Let f records of the table represent F people, p = f / F and q = 1 - p. The
    population's count is taken as negative binomial given f, and the risk is the
    expectation of its inverse: p / f · ₂F₁(1, 1; f + 1; q). That is
    p / q · ln(1 / p) for f = 1 and p / q - (p / q)² ln(1 / p) for f = 2. From f = 3
    on "approx" takes p / (f - q). Without sampling weights F = f, and the risk is
    1 / f.

    References
    ----------
    R. Benedetti, L. Franconi, "Statistical and technological solutions for
    controlled data dissemination", Pre-proceedings of New Techniques and
    Technologies for Statistics, 1998.
    L. Franconi, S. Polettini, "Individual risk estimation in mu-Argus: a review",
    Privacy in Statistical Databases, LNCS 3050, 2004.

    Examples
    --------
    >>> import pandas as pd
    >>> from skanon.metrics import individual_risk
    >>> X = pd.DataFrame({"sex": ["f", "f", "m"]})
    >>> individual_risk(X, quasi_identifiers=["sex"], sampling_weight=[50, 50, 10])
    array([0.01877883, 0.01877883, 0.25584279])
    """
    if method not in ("approx", "exact"):
        raise ValueError(
            f"'method' of individual_risk must be 'approx' or 'exact'; got {method!r}."
        )
    classes, f, F = _count(
        X,
        quasi_identifiers,
        sampling_weight,
        sample_weight,
        missing,
        suppressed,
        1.0,
        owner="individual_risk",
    )
    return classes.to_rows(_benedetti_franconi(f, F, method), fill=0)


def household_risk(
    risk: ArrayLike, household: ArrayLike, *, sample_weight: ArrayLike = None
) -> Floats:
    """Return the risk that at least one of a record's household is re-identified.

    Parameters
    ----------
    risk : array-like of shape (n_samples,)
        The risk of each record, as from :func:`individual_risk`.
    household : array-like of shape (n_samples,)
        The household of each record; a missing one is a household of its own.
    sample_weight : array-like of shape (n_samples,), default=None
        How many records each row stands for; all are of the row's household.

    Returns
    -------
    ndarray of shape (n_samples,)
        1 - Π (1 - r) over the records of the household.

    See Also
    --------
    individual_risk : The risk of single records.
    global_risk : The mean, which can be taken of this risk too.

    Examples
    --------
    >>> from skanon.metrics import household_risk
    >>> household_risk([0.5, 0.5, 0.1], ["A", "A", "B"])
    array([0.75, 0.75, 0.1 ])
    """
    risks, counts = _check_risk(risk, sample_weight, "household_risk")
    codes = _household_codes(household)
    if len(codes) != len(risks):
        raise ValueError(
            f"household has {len(codes)} values for {len(risks)} risks; one for each "
            "record is needed."
        )
    safe = np.ones(codes.max(initial=0) + 1)
    np.multiply.at(safe, codes, (1 - risks) ** counts)
    return np.asarray(1 - safe[codes])


def expected_reidentifications(
    risk: ArrayLike, *, sample_weight: ArrayLike = None
) -> float:
    """Return how many records one has to expect to be re-identified.

    Parameters
    ----------
    risk : array-like of shape (n_samples,)
        The risk of each record, as from :func:`individual_risk`.
    sample_weight : array-like of shape (n_samples,), default=None
        How many records each row stands for.

    Returns
    -------
    float
        The sum of the risks.

    See Also
    --------
    global_risk : The same per record.

    Examples
    --------
    >>> from skanon.metrics import expected_reidentifications
    >>> expected_reidentifications([0.5, 0.25, 0.25])
    1.0
    """
    risks, counts = _check_risk(risk, sample_weight, "expected_reidentifications")
    return float(risks @ counts)


def global_risk(risk: ArrayLike, *, sample_weight: ArrayLike = None) -> float:
    """Return the share of the records that one has to expect to be re-identified.

    Parameters
    ----------
    risk : array-like of shape (n_samples,)
        The risk of each record, as from :func:`individual_risk` or
        :func:`household_risk`.
    sample_weight : array-like of shape (n_samples,), default=None
        How many records each row stands for.

    Returns
    -------
    float
        The mean of the risks.

    See Also
    --------
    expected_reidentifications : The same as a number of records.
    risk_threshold : What to do if it is too high.

    Examples
    --------
    >>> from skanon.metrics import global_risk
    >>> global_risk([0.5, 0.25, 0.25, 0.0])
    0.25
    """
    risks, counts = _check_risk(risk, sample_weight, "global_risk")
    return float(risks @ counts / counts.sum())


def risk_threshold(
    risk: ArrayLike, *, max_global_risk: float = 0.01, sample_weight: ArrayLike = None
) -> float:
    """Return up to which risk records may stay as they are.

    Parameters
    ----------
    risk : array-like of shape (n_samples,)
        The risk of each record, as from :func:`individual_risk`.
    max_global_risk : float, default=0.01
        What :func:`global_risk` has to stay below.
    sample_weight : array-like of shape (n_samples,), default=None
        How many records each row stands for.

    Returns
    -------
    float
        The greatest risk among the records to which all greater ones have to be
        lowered to keep the promise. The greatest risk of all if it holds as it is; 0
        if even the smallest is too great.

    See Also
    --------
    global_risk : The mean of the risks.

    Examples
    --------
    >>> from skanon.metrics import risk_threshold
    >>> risk_threshold([0.5, 0.25, 0.05, 0.05], max_global_risk=0.2)
    0.25
    """
    limit = check_fraction(max_global_risk, "max_global_risk", "risk_threshold")
    risks, counts = _check_risk(risk, sample_weight, "risk_threshold")
    order = np.argsort(risks)
    risks, counts = risks[order], counts[order]
    lowered = np.cumsum(risks * counts) + risks * (counts.sum() - np.cumsum(counts))
    fine = risks[(lowered < limit * counts.sum()) & (counts > 0)]
    return float(fine.max(initial=0.0))


def _count(
    X: Table,
    quasi_identifiers: Sequence[Any],
    sampling_weight: ArrayLike,
    sample_weight: ArrayLike,
    missing: str,
    suppressed: ArrayLike,
    alpha: float,
    *,
    owner: str,
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


def _benedetti_franconi(f: Numbers, F: Numbers, method: str) -> Floats:
    """Return the expected inverse of the number of people of each class."""
    p = f / F
    exact = p / f * hyp2f1(1, 1, f + 1, 1 - p)
    if method == "exact":
        return np.where(f == F, 1 / f, exact)
    risk = np.where(f <= 2, exact, p / (f - (1 - p)))
    return np.where(f == F, 1 / f, risk)


def _household_codes(household: ArrayLike) -> npt.NDArray[np.int64]:
    """Return a number for each household; a missing one is one of its own."""
    try:
        column = pa.array(np.asarray(household), from_pandas=True)
    except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError):
        raise ColumnTypeError(
            "household must be an array of one dimension whose values are of one "
            "type, such as numbers or texts."
        ) from None
    encoded = encode_column(column, name="household")
    codes = encoded.codes.astype(np.int64)
    if encoded.missing is not None:
        alone = codes == encoded.missing
        codes[alone] = encoded.n_codes + np.arange(alone.sum())
    return codes


def _check_alpha(alpha: Any) -> float:
    if alpha == 0:
        return 0.0
    return check_fraction(alpha, "alpha", "class_frequencies")


def _check_risk(
    risk: ArrayLike, sample_weight: ArrayLike, owner: str
) -> tuple[Floats, Floats]:
    risks = as_numbers(risk, "risk")
    if risks.ndim != 1 or not len(risks):
        raise ValueError(
            f"{owner} needs the risk of each record, an array of one dimension; got "
            f"shape {risks.shape}."
        )
    if not ((risks >= 0) & (risks <= 1)).all():
        raise ValueError(
            f"{owner} is given risks that are missing or outside 0 … 1; a risk is a "
            "probability."
        )
    return risks, check_weights(sample_weight, len(risks))
