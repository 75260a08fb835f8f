"""Which centroids to keep, so that each is the nearest of at least k records."""

import numpy as np
import numpy.typing as npt

from skanon.perturbation._moments import sum_by_group
from skanon.perturbation._nearest import nearest_centroids
from skanon.perturbation._numbers import Floats

__all__ = ["safe_centroids"]

Integers = npt.NDArray[np.intp]
Mask = npt.NDArray[np.bool_]


def safe_centroids(
    points: Floats, counts: Floats, centroids: Floats, k: int
) -> tuple[Integers, Floats]:
    """Leave out centroids until each of the others is the nearest of ``k`` records.

    The records of a centroid that is left out take their second nearest one. What
    this adds to the squared distances is the price of leaving it out; what centroids
    lack of ``k`` records, and lack no more without it, is the gain. Again and again
    those of the least price for their gain are left out, each round all that do not
    touch each other: so a centroid of few records may be left out, or one beside it
    whose records it takes.

    Parameters
    ----------
    points : ndarray of shape (n_rows, n_columns)
        The rows.
    counts : ndarray of shape (n_rows,)
        How many records each stands for; together at least ``k``.
    centroids : ndarray of shape (n_centroids, n_columns)
        The centroids, at least one.
    k : int
        The fewest records of a centroid.

    Returns
    -------
    kept : ndarray of int
        The positions of the centroids kept, in ascending order.
    sizes : ndarray of shape (n_kept,)
        Of how many records each is the nearest.
    """
    kept = np.arange(len(centroids))
    nearest = nearest_centroids(points, centroids)
    sizes = sum_by_group(nearest, counts, len(centroids))
    second, again = nearest.copy(), np.ones(len(points), bool)
    near = _squares(points - centroids[nearest])
    far = near.copy()
    # The weights of a centroid alone may add up to a little less than k.
    while len(kept) > 1 and (sizes[kept] < k).any():
        rows, own = points[again], np.searchsorted(kept, nearest[again])
        second[again] = kept[nearest_centroids(rows, centroids[kept], without=own)]
        far[again] = _squares(rows - centroids[second[again]])
        added = counts * (far - near)
        lacks = np.zeros(len(centroids))
        lacks[kept] = np.maximum(k - sizes[kept], 0.0)
        is_out = _apart(_prices(counts, added, nearest, second, lacks), nearest, second)
        moved = is_out[nearest]
        again = moved | is_out[second]
        nearest[moved], near[moved] = second[moved], far[moved]
        sizes = sum_by_group(nearest, counts, len(centroids))
        kept = kept[~is_out[kept]]
    return kept, sizes[kept]


def _prices(
    counts: Floats, added: Floats, nearest: Integers, second: Integers, lacks: Floats
) -> Floats:
    """Return the price of leaving each centroid out, for its gain; inf without one."""
    n = len(lacks)
    takers = np.flatnonzero(lacks[second] > 0)
    pairs, which = np.unique(nearest[takers] * n + second[takers], return_inverse=True)
    taken = np.minimum(sum_by_group(which, counts[takers]), lacks[pairs % n])
    gains = lacks + sum_by_group(pairs // n, taken, n)
    prices = np.full(n, np.inf)
    np.divide(sum_by_group(nearest, added, n), gains, prices, where=gains > 0)
    return prices


def _apart(prices: Floats, nearest: Integers, second: Integers) -> Mask:
    """Return the centroids of the least price among those that they touch.

    Two touch where rows have one as the nearest, the other as the second nearest.
    """
    ranks = np.empty(len(prices), np.intp)
    ranks[prices.argsort(kind="stable")] = np.arange(len(prices))
    least = ranks.copy()
    np.minimum.at(least, nearest, ranks[second])
    np.minimum.at(least, second, ranks[nearest])
    return np.asarray(np.isfinite(prices) & (least == ranks))


def _squares(differences: Floats) -> Floats:
    return np.asarray(np.einsum("ij,ij->i", differences, differences))
