"""The nearest centroid of each row, the same whatever other rows come with it."""

import numpy as np
import numpy.typing as npt

from skanon.perturbation._numbers import Floats

__all__ = ["nearest_centroids"]

Integers = npt.NDArray[np.intp]

#: Multiplications done at a time: as many as OpenBLAS does without waking threads,
#: which for so little work cost more than they bring, and much more on a busy machine.
CHUNK = 2**18

#: Rows compared at a time, at least.
LEAST_ROWS = 16

#: What the fast distances may be off, relative to the squares they are made of.
TOLERANCE = 1e-12


def nearest_centroids(
    points: Floats, centroids: Floats, *, without: Integers | None = None
) -> Integers:
    """Return the index of the nearest centroid of each row; the first if several are.

    The fast way to many distances, by a product of matrices, rounds differently with
    the number of rows. It is used to find the centroids that may be the nearest;
    where these are several, the exact distances decide.

    Parameters
    ----------
    points : ndarray of shape (n_rows, n_columns)
        The rows.
    centroids : ndarray of shape (n_centroids, n_columns)
        The centroids, at least one.
    without : ndarray of int of shape (n_rows,), default=None
        The index of a centroid that is not for this row, so that there must be two.

    Returns
    -------
    ndarray of int of shape (n_rows,)
        The index of each row's centroid.
    """
    nearest = np.empty(len(points), np.intp)
    squares = np.einsum("ij,ij->i", centroids, centroids)
    factors = -2.0 * centroids.T
    step = max(LEAST_ROWS, CHUNK // max(1, centroids.size))
    for start in range(0, len(points), step):
        part = slice(start, start + step)
        barred = None if without is None else without[part]
        nearest[part] = _nearest(points[part], centroids, factors, squares, barred)
    return nearest


def _nearest(
    points: Floats,
    centroids: Floats,
    factors: Floats,
    squares: Floats,
    barred: Integers | None,
) -> Integers:
    distances = np.empty((len(points), len(centroids)))
    width = max(1, CHUNK // max(1, points.size))
    for start in range(0, len(centroids), width):
        part = slice(start, start + width)
        np.matmul(points, factors[:, part], out=distances[:, part])
    distances += squares
    if barred is not None:
        distances[np.arange(len(points)), barred] = np.inf
    size = np.einsum("ij,ij->i", points, points) + squares.max()
    bound = distances.min(axis=1) + TOLERANCE * size
    rows, candidates = np.nonzero(distances <= bound[:, np.newaxis])
    if len(rows) == len(points):
        return candidates
    differences = points[rows] - centroids[candidates]
    exact = np.einsum("ij,ij->i", differences, differences)
    order = np.lexsort((candidates, exact, rows))
    first = np.searchsorted(rows, np.arange(len(points)))
    return candidates[order[first]]
