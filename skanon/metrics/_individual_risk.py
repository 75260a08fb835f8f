"""What survey weights say about single records."""

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
from scipy.special import hyp2f1

from skanon._validation import check_word
from skanon.metrics._class_frequencies import count_people
from skanon.typing import ArrayLike, Table

__all__ = ["individual_risk"]

Floats = npt.NDArray[np.float64]
Numbers = npt.NDArray[Any]

#: From this many records on ``TERMS`` terms of the hypergeometric series are enough:
#: the next one is the inverse of a binomial coefficient, less than 1e-17.
LARGE = 30
TERMS = 40


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
    check_word(method, ("approx", "exact"), "method", "individual_risk")
    classes, f, F = count_people(
        X,
        quasi_identifiers,
        owner="individual_risk",
        sampling_weight=sampling_weight,
        sample_weight=sample_weight,
        missing=missing,
        suppressed=suppressed,
    )
    return classes.to_rows(_benedetti_franconi(f, F, method), fill=0)


def _benedetti_franconi(f: Numbers, F: Numbers, method: str) -> Floats:
    """Return the expected inverse of the number of people of each class."""
    q = (F - f) / F
    if method == "exact":
        risk = _expected_inverse(f, F, q)
    else:
        few = f <= 2
        risk = np.asarray(f / F / (np.maximum(f, 2) - q))
        risk[few] = _expected_inverse(f[few], F[few], q[few])
    risk = np.where(f == F, 1 / f, risk)
    return np.minimum(risk, 1)  # a part of a record is found as a whole one


def _expected_inverse(f: Numbers, F: Numbers, q: Floats) -> Floats:
    """Return ₂F₁(1, 1; f + 1; q) / F.

    The library's function has no value for large f, nor for f = 1 near q = 1.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        risk = np.log(F) / (F - 1)  # that of f = 1
    some = (f != 1) & (f < LARGE)
    risk[some] = hyp2f1(1, 1, f[some] + 1, q[some]) / F[some]
    many = f >= LARGE
    risk[many] = _series(f[many], q[many]) / F[many]
    return np.asarray(risk)


def _series(f: Numbers, q: Floats) -> Floats:
    """Sum the hypergeometric series; for large f the terms vanish whatever q is."""
    total, term = np.ones(len(f)), np.ones(len(f))
    for k in range(1, TERMS):
        term = term * (k * q / (f + k))
        total += term
    return total
