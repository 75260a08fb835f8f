"""One door to the four estimators, and the rule that chooses among them."""

from collections.abc import Callable, Mapping

import numpy as np
import numpy.typing as npt

from skanon._uniqueness._pitman import pitman
from skanon._uniqueness._snb import fit_snb, snb
from skanon._uniqueness._zayatz import zayatz

__all__ = ["UNIQUENESS_MODELS", "estimate_uniqueness"]

Floats = npt.NDArray[np.float64]

#: An estimator: sizes, counts and sampling fraction → unique share of the population.
Estimator = Callable[[Floats, Floats, float], float]

#: Dankar's rule trusts Pitman's model up to this sampling fraction.
SMALL_FRACTION = 0.1

#: A fitted negative binomial model that misses the number of records by more than
#: this share does not describe the table; Dankar's rule then does without it.
SNB_TOLERANCE = 0.05


def estimate_uniqueness(
    sizes: npt.ArrayLike, counts: npt.ArrayLike, sampling_fraction: float, model: str
) -> float:
    """Estimate the share of the population that is unique in its classes.

    Parameters
    ----------
    sizes : array-like of shape (n_sizes,)
        The class sizes that occur, ascending and distinct.
    counts : array-like of shape (n_sizes,)
        The number of classes of each size.
    sampling_fraction : float
        Records of the sample per record of the population, in (0, 1].
    model : {"pitman", "zayatz", "snb", "dankar"}
        The estimator.

    Returns
    -------
    float
        Unique records of the population per record of the population; 0 if no class
        of the sample has one record; NaN if the model has no estimate for this table.

    Raises
    ------
    ValueError
        If a class has a fraction of a record.

    Notes
    -----
    With N the population size, n_i the number of classes of size i, u their number
    and π the sampling fraction:

    **zayatz**: of the sample's uniques the share P is unique in the population too,
    P = n₁ h(1) / Σ n_i h(i), where h(i) is the hypergeometric probability that a
    sample holds exactly one of i records. Uniques are n₁ P / π.

    **pitman**: maximum likelihood of Pitman's (theta, alpha) sampling model. Uniques
    are Γ(theta + 1) / Γ(theta + alpha) · N^alpha.

    **snb**: class sizes are 1 plus a negative binomial (alpha, beta). The parameters
    make the expected number of sample classes of sizes 1 and 2 equal to those seen,
    given the number K of population classes by the modified Shlosser estimator.
    Uniques are K · beta^alpha. ARX 3.9.2 differs: its Shlosser sum subtracts 1 per
    size where it should per class, and its second equation multiplies by
    (1 - (1 - π)(1 - beta))^(alpha + 2) where the model divides; that system has no
    solution for most tables.

    **dankar**: pitman up to π = 0.1, zayatz where that has no estimate; above, the
    smaller of zayatz and snb. An snb fit is only trusted if it explains the table:
    if the number of records that it expects is right to 5 %. Where it is not, ARX
    usually has no snb estimate at all, so both fall back on zayatz.

    References
    ----------
    F. K. Dankar, K. El Emam, A. Neisa, T. Roffey, "Estimating the re-identification
    risk of clinical data sets", BMC Med. Inform. Decis. Mak. 12:66, 2012.
    N. Hoshino, "Applying Pitman's sampling formula to microdata disclosure risk
    assessment", J. Off. Stat. 17(4), 2001.
    G. Chen, S. Keller-McNulty, "Estimation of identification disclosure risk in
    microdata", J. Off. Stat. 14(1), 1998.
    L. Zayatz, "Estimation of the percent of unique population elements on a
    microdata file using the sample", US Bureau of the Census, 1991.
    P. J. Haas, L. Stokes, "Estimating the number of classes in a finite
    population", JASA 93(444), 1998.
    """
    size = np.asarray(sizes, dtype=np.float64)
    count = np.asarray(counts, dtype=np.float64)
    if (size != np.rint(size)).any():
        raise ValueError(
            "Uniqueness in the population is estimated from how many records a class "
            "has. Give weights that are whole numbers."
        )
    if not count[size == 1].any():
        return 0.0
    return UNIQUENESS_MODELS[model](size, count, float(sampling_fraction))


def _dankar(sizes: Floats, counts: Floats, fraction: float) -> float:
    by_zayatz = zayatz(sizes, counts, fraction)
    if fraction <= SMALL_FRACTION:
        by_pitman = pitman(sizes, counts, fraction)
        return by_zayatz if np.isnan(by_pitman) else by_pitman
    by_snb, explained = fit_snb(sizes, counts, fraction)
    fits = abs(explained - 1) <= SNB_TOLERANCE
    return min(by_zayatz, by_snb) if fits else by_zayatz


#: The estimators by name.
UNIQUENESS_MODELS: Mapping[str, Estimator] = {
    "pitman": pitman,
    "zayatz": zayatz,
    "snb": snb,
    "dankar": _dankar,
}
