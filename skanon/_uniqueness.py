"""How many records of a table are unique in the population it was sampled from.

Four published estimators. Each reads only the class sizes of the sample (as a
histogram: sizes and how many classes have them) and the sampling fraction.
"""

from collections.abc import Callable, Mapping

import numpy as np
import numpy.typing as npt
from scipy.optimize import brentq
from scipy.special import digamma, gammaln, polygamma

__all__ = ["UNIQUENESS_MODELS", "estimate_uniqueness"]

Floats = npt.NDArray[np.float64]

#: An estimator: sizes, counts and sampling fraction → unique share of the population.
Estimator = Callable[[Floats, Floats, float], float]

#: Dankar's rule trusts Pitman's model up to this sampling fraction.
SMALL_FRACTION = 0.1

#: A fitted negative binomial model that misses the number of records by more than
#: this share does not describe the table; Dankar's rule then does without it.
SNB_TOLERANCE = 0.05

#: Below this alpha Pitman's likelihood is flat and Newton's method only drifts away.
LOWEST_ALPHA = -1e3

#: Sums over classes are taken term by term up to this many.
DIRECT = 2**15

#: Newton's method either converges in a few steps, or it drifts.
MAX_STEPS = 50
DAMPINGS = 0.5 ** np.arange(12)

#: Where the population size is worked out as n / fraction, this much of a record is
#: rounding.
ROUNDING = 1e-6


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
    if not count[size == 1].any():
        return 0.0
    return UNIQUENESS_MODELS[model](size, count, float(sampling_fraction))


def _zayatz(sizes: Floats, counts: Floats, fraction: float) -> float:
    population = _population_size(sizes, counts, fraction)
    chances = counts * _one_of(sizes, float(counts @ sizes), population)
    share = chances[sizes == 1].sum() / chances.sum()
    uniques = _class_count(sizes, counts, 1) * share / fraction
    return float(min(uniques / population, 1.0))


def _one_of(sizes: Floats, n: float, population: float) -> Floats:
    """Return the chance that n of the population hold exactly one of size records."""
    rest = population - sizes - n + 1
    with np.errstate(invalid="ignore"):
        log_chance = (
            np.log(sizes)
            + gammaln(population - sizes + 1)
            - gammaln(n)
            - gammaln(rest + 1)
            - _log_binomial(population, n)
        )
    chance: Floats = np.where(rest >= 0, np.exp(np.where(rest >= 0, log_chance, 0)), 0)
    return chance


def _log_binomial(n: float, k: float) -> float:
    return float(gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1))


def _pitman(sizes: Floats, counts: Floats, fraction: float) -> float:
    population = _population_size(sizes, counts, fraction)
    nodes = _nodes(int(counts.sum()) - 1)
    for start in _pitman_starts(sizes, counts):
        solution = _solve_pitman(sizes, counts, nodes, start)
        if solution is not None:
            theta, alpha = solution
            log_uniques = (
                gammaln(theta + 1) - gammaln(theta + alpha) + alpha * np.log(population)
            )
            if log_uniques <= np.log(population):
                return float(np.exp(log_uniques - np.log(population)))
    return np.nan


def _pitman_starts(sizes: Floats, counts: Floats) -> list[Floats]:
    """Return the moment estimate of (theta, alpha), then places further off."""
    n, u = counts @ sizes, counts.sum()
    one, two = _class_count(sizes, counts, 1), max(_class_count(sizes, counts, 2), 1)
    ratio = one * (one - 1) / two
    starts = [np.array([1.0, 0.5]), np.array([0.1 * u, 0.9])]
    scale = 2 * one * u + one * ratio - n * ratio
    if scale != 0:
        theta = (n * u * ratio - one * (n - 1) * (2 * u + ratio)) / scale
        alpha = (theta * (one - n) + (n - 1) * one) / (n * u)
        starts.insert(0, np.array([theta, alpha]))
    return starts


def _nodes(n: int) -> tuple[Floats, Floats]:
    """Return nodes and weights that sum a smooth function over 1 … n.

    Beyond ``DIRECT`` terms the sum is an integral, taken by Gauss and Legendre's rule
    over the logarithm; what that leaves out is less than 1e-10 of the sum.
    """
    direct = np.arange(1.0, min(n, DIRECT) + 1)
    if n <= DIRECT:
        return direct, np.ones(len(direct))
    low, high = np.log(DIRECT + 0.5), np.log(n + 0.5)
    x, w = np.polynomial.legendre.leggauss(40)
    far = np.exp((high - low) / 2 * x + (high + low) / 2)
    weights = (high - low) / 2 * w * far
    return np.append(direct, far), np.append(np.ones(len(direct)), weights)


def _solve_pitman(
    sizes: Floats, counts: Floats, nodes: tuple[Floats, Floats], start: Floats
) -> Floats | None:
    """Set the gradient of the log-likelihood to zero by damped Newton steps."""
    u = counts.sum()
    if not _in_domain(start, u):
        return None
    point, (slope, curvature) = start, _pitman_slope(sizes, counts, nodes, start)
    for _ in range(MAX_STEPS):
        if _steepness(slope, point).max() < 1e-9 * u:
            return point
        step = _newton_step(slope, curvature)
        for damping in DAMPINGS:
            there = point + damping * step
            if not _in_domain(there, u):
                continue
            slope_there, curvature_there = _pitman_slope(sizes, counts, nodes, there)
            if _steepness(slope_there, point).sum() < _steepness(slope, point).sum():
                break
        else:
            # No step helps: at the limit of rounding, or nowhere.
            return point if _steepness(slope, point).max() < 1e-6 * u else None
        point, slope, curvature = there, slope_there, curvature_there
    return None


def _in_domain(point: Floats, u: float) -> bool:
    theta, alpha = point
    inside = LOWEST_ALPHA < alpha < 1 and theta > -1 and theta + alpha > 0
    return bool(inside and theta + (u - 1) * alpha > 0)


def _steepness(slope: Floats, point: Floats) -> Floats:
    steepness: Floats = np.abs(slope) * [max(1.0, abs(point[0])), 1.0]
    return steepness


def _newton_step(slope: Floats, curvature: Floats) -> Floats:
    step: Floats = np.asarray(np.linalg.lstsq(curvature, -slope)[0], np.float64)
    return step


def _pitman_slope(
    sizes: Floats, counts: Floats, nodes: tuple[Floats, Floats], point: Floats
) -> tuple[Floats, Floats]:
    """Return gradient and Hessian of the log-likelihood in (theta, alpha)."""
    theta, alpha = point
    n = counts @ sizes
    i, weight = nodes
    inverse = 1 / (theta + i * alpha)
    ratio = i * inverse
    slope = [
        weight @ inverse - (digamma(theta + n) - digamma(theta + 1)),
        weight @ ratio - counts @ (digamma(sizes - alpha) - digamma(1 - alpha)),
    ]
    mixed = -(weight @ (inverse * ratio))
    curvature = [
        [
            -(weight @ inverse**2) + polygamma(1, theta + 1) - polygamma(1, theta + n),
            mixed,
        ],
        [
            mixed,
            -(weight @ ratio**2)
            - counts @ (polygamma(1, 1 - alpha) - polygamma(1, sizes - alpha)),
        ],
    ]
    return np.array(slope), np.array(curvature)


def _snb(sizes: Floats, counts: Floats, fraction: float) -> float:
    return _fit_snb(sizes, counts, fraction)[0]


def _fit_snb(sizes: Floats, counts: Floats, fraction: float) -> tuple[float, float]:
    """Return the share of uniques, and the expected over the true number of records."""
    one, two = _class_count(sizes, counts, 1), _class_count(sizes, counts, 2)
    classes = _shlosser(sizes, counts, fraction)
    if two == 0 or not np.isfinite(classes):
        return np.nan, np.nan

    def surplus(log_rest: float) -> float:
        beta = -np.expm1(log_rest)
        alpha = _snb_alpha(beta, two / one, fraction)
        return classes * _snb_singles(alpha, beta, fraction) - one

    beta = -np.expm1(_root(surplus))
    if np.isnan(beta):
        return np.nan, np.nan
    alpha = _snb_alpha(beta, two / one, fraction)
    population = _population_size(sizes, counts, fraction)
    expected = classes * (1 + alpha * (1 - beta) / beta)
    uniques = min(classes * beta**alpha / population, 1)
    return float(uniques), float(expected / population)


def _snb_alpha(beta: float, ratio: float, fraction: float) -> float:
    """Solve E[n2] = ratio * E[n1] for alpha: the positive root of a quadratic."""
    seen, missed = fraction * (1 - beta), (1 - fraction) * (1 - beta)
    a = seen * missed
    b = seen * (2 - missed) - 2 * ratio * (1 - missed) * missed
    c = -2 * ratio * (1 - missed) ** 2
    root = np.sqrt(b * b - 4 * a * c)
    return float(-2 * c / (b + root) if b > 0 else (root - b) / (2 * a))


def _snb_singles(alpha: float, beta: float, fraction: float) -> float:
    """Return the chance that a population class has one record in the sample."""
    missed = (1 - fraction) * (1 - beta)
    share = np.exp(alpha * (np.log(beta) - np.log1p(-missed)))
    return float(fraction * share * (1 + alpha * missed / (1 - missed)))


def _shlosser(sizes: Floats, counts: Floats, fraction: float) -> float:
    """Estimate the number of classes of the population (modified Shlosser)."""
    if fraction == 1:
        return float(counts.sum())
    log_kept, log_twice = np.log1p(-fraction), np.log1p(-(fraction**2))
    unseen = counts @ np.exp(sizes * log_kept)
    once = counts @ (fraction * sizes * np.exp((sizes - 1) * log_kept))
    again = counts @ (fraction**2 * sizes * np.exp((sizes - 1) * log_twice))
    spread = counts @ (np.exp(sizes * log_twice) - np.exp(sizes * log_kept))
    missed = _class_count(sizes, counts, 1) * (again / spread) * (unseen / once) ** 2
    return float(counts.sum() + missed)


def _root(function: Callable[[float], float]) -> float:
    """Find a root of a function of ln(1 - beta), NaN if there is none."""
    grid = np.concatenate(
        [np.linspace(-27, -0.7, 80), np.log1p(-np.geomspace(0.5, 1e-12, 60))]
    )
    signs = np.sign([function(x) for x in grid])
    changes = np.flatnonzero(signs[1:] != signs[:-1])
    if not len(changes):
        return np.nan
    return float(brentq(function, grid[changes[0]], grid[changes[0] + 1], xtol=1e-14))


def _dankar(sizes: Floats, counts: Floats, fraction: float) -> float:
    zayatz = _zayatz(sizes, counts, fraction)
    if fraction <= SMALL_FRACTION:
        pitman = _pitman(sizes, counts, fraction)
        return zayatz if np.isnan(pitman) else pitman
    snb, explained = _fit_snb(sizes, counts, fraction)
    fits = abs(explained - 1) <= SNB_TOLERANCE
    return min(zayatz, snb) if fits else zayatz


def _population_size(sizes: Floats, counts: Floats, fraction: float) -> float:
    return float(np.floor(counts @ sizes / fraction + ROUNDING))


def _class_count(sizes: Floats, counts: Floats, size: int) -> float:
    return float(counts[sizes == size].sum())


#: The estimators by name.
UNIQUENESS_MODELS: Mapping[str, Estimator] = {
    "pitman": _pitman,
    "zayatz": _zayatz,
    "snb": _snb,
    "dankar": _dankar,
}
