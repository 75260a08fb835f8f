"""The slide negative binomial model, fitted by moments."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from scipy.optimize import brentq

from skanon._uniqueness._histogram import class_count, population_size

__all__ = ["fit_snb", "snb"]

Floats = npt.NDArray[np.float64]


def snb(sizes: Floats, counts: Floats, fraction: float) -> float:
    """Estimate the unique share of the population; NaN if there is no fit."""
    return fit_snb(sizes, counts, fraction)[0]


def fit_snb(sizes: Floats, counts: Floats, fraction: float) -> tuple[float, float]:
    """Return the share of uniques, and the expected over the true number of records."""
    one, two = class_count(sizes, counts, 1), class_count(sizes, counts, 2)
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
    population = population_size(sizes, counts, fraction)
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
    missed = class_count(sizes, counts, 1) * (again / spread) * (unseen / once) ** 2
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
