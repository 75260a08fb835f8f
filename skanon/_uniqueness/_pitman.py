"""Pitman's sampling model, fitted by maximum likelihood."""

import numpy as np
import numpy.typing as npt
from scipy.special import digamma, gammaln, polygamma

from skanon._uniqueness._histogram import class_count, population_size

__all__ = ["pitman"]

Floats = npt.NDArray[np.float64]

#: Below this alpha Pitman's likelihood is flat and Newton's method only drifts away.
LOWEST_ALPHA = -1e3

#: Sums over classes are taken term by term up to this many.
DIRECT = 2**15

#: Newton's method either converges in a few steps, or it drifts.
MAX_STEPS = 50
DAMPINGS = 0.5 ** np.arange(12)


def pitman(sizes: Floats, counts: Floats, fraction: float) -> float:
    """Estimate the unique share of the population; NaN if there is no fit."""
    if counts.sum() == 1:
        return np.nan  # one class alone is equally likely whatever the parameters
    population = population_size(sizes, counts, fraction)
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
    one, two = class_count(sizes, counts, 1), max(class_count(sizes, counts, 2), 1)
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
