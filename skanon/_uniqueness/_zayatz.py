"""Zayatz's estimator: Bayes's rule on the sample's own class sizes."""

import numpy as np
import numpy.typing as npt
from scipy.special import gammaln

from skanon._uniqueness._histogram import class_count, population_size

__all__ = ["zayatz"]

Floats = npt.NDArray[np.float64]


def zayatz(sizes: Floats, counts: Floats, fraction: float) -> float:
    """Estimate the unique share of the population."""
    population = population_size(sizes, counts, fraction)
    chances = counts * _one_of(sizes, float(counts @ sizes), population)
    share = chances[sizes == 1].sum() / chances.sum()
    uniques = class_count(sizes, counts, 1) * share / fraction
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
