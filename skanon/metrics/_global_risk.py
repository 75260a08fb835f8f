"""From the risks of single records to those of households and of the table."""

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from skanon._arrow import tried
from skanon._groups import encode_column
from skanon._validation import as_numbers, check_weights
from skanon.exceptions import ColumnTypeError
from skanon.metrics._reading import check_fraction
from skanon.typing import ArrayLike

__all__ = [
    "expected_reidentifications",
    "global_risk",
    "household_risk",
    "risk_threshold",
]

#: Relative to a sum: what its rounding may amount to.
ROUNDING = 1e-12

Floats = npt.NDArray[np.float64]


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

    Raises
    ------
    ValueError
        If a risk is no probability, or if households or weights do not fit to the
        risks.
    ColumnTypeError
        If the households are of no type that can be compared.

    See Also
    --------
    individual_risk : The risk of single records.
    global_risk : The mean, which can be taken of this risk too.

    References
    ----------
    L. Franconi, S. Polettini, "Individual risk estimation in mu-Argus: a review",
    Privacy in Statistical Databases, LNCS 3050, 2004.

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
    with np.errstate(divide="ignore", invalid="ignore"):
        # Logarithms keep the digits of small risks; that of a risk of 1 is infinite.
        log_safe = np.where(counts > 0, counts * np.log1p(-risks), 0.0)
    return np.asarray(0 - np.expm1(np.bincount(codes, log_safe)[codes]))


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

    Raises
    ------
    ValueError
        If a risk is no probability, or if weights do not fit to the risks.

    See Also
    --------
    global_risk : The same per record.

    References
    ----------
    L. Franconi, S. Polettini, "Individual risk estimation in mu-Argus: a review",
    Privacy in Statistical Databases, LNCS 3050, 2004.

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

    Raises
    ------
    ValueError
        If a risk is no probability, or if weights do not fit to the risks.

    See Also
    --------
    expected_reidentifications : The same as a number of records.
    risk_threshold : What to do if it is too high.

    References
    ----------
    L. Franconi, S. Polettini, "Individual risk estimation in mu-Argus: a review",
    Privacy in Statistical Databases, LNCS 3050, 2004.

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
        The greatest risk of a record for which this holds: lowering every greater
        risk to it keeps the mean below ``max_global_risk``. That is the greatest of
        all where the mean is below as it is; 0 where no record's risk is low enough.

    Raises
    ------
    ValueError
        If ``max_global_risk`` is not in (0, 1], a risk is no probability, or
        weights do not fit to the risks.

    See Also
    --------
    global_risk : The mean of the risks.

    References
    ----------
    L. Franconi, S. Polettini, "Individual risk estimation in mu-Argus: a review",
    Privacy in Statistical Databases, LNCS 3050, 2004.

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
    is_below = lowered < limit * counts.sum() * (1 - ROUNDING)
    fine = risks[is_below & (counts > 0)]
    return float(fine.max(initial=0.0))


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


def _household_codes(household: ArrayLike) -> npt.NDArray[np.int64]:
    """Return a number for each household; a missing one is one of its own."""
    column = tried(pa.array, np.asarray(household), from_pandas=True)
    if column is None:
        raise ColumnTypeError(
            "household must be an array of one dimension whose values are of one "
            "type, such as numbers or texts."
        )
    encoded = encode_column(column, name="household")
    codes = encoded.codes.astype(np.int64)
    if encoded.missing is not None:
        alone = codes == encoded.missing
        codes[alone] = encoded.n_codes + np.arange(alone.sum())
    return codes
