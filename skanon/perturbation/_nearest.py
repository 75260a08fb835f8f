"""The nearest centroid of each row, the same whatever other rows come with it."""

import numpy as np
import numpy.typing as npt

from skanon.perturbation._numbers import Floats

__all__ = ["nearest_centroids"]

#: Multiplications done at a time: as many as OpenBLAS does without waking threads,
#: which for so little work cost more than they bring, and much more on a busy machine.
CHUNK = 2**18

#: Rows compared at a time, at least.
LEAST_ROWS = 16

#: What the fast distances may be off, relative to the squares they are made of.
TOLERANCE = 1e-12


def nearest_centroids(points: Floats, centroids: Floats) -> npt.NDArray[np.intp]:
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

    Returns
    -------
    ndarray of int of shape (n_rows,)
        The index of each row's centroid.
    """
    nearest = np.empty(len(points), np.intp)
    squares = np.einsum("ij,ij->i", centroids, centroids)
    step = max(LEAST_ROWS, CHUNK // max(1, centroids.size))
    for start in range(0, len(points), step):
        chunk = points[start : start + step]
        nearest[start : start + step] = _nearest(chunk, centroids, squares)
    return nearest


def _nearest(
    points: Floats, centroids: Floats, squares: Floats
) -> npt.NDArray[np.intp]:
    distances = points @ (-2.0 * centroids.T)
    distances += squares
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
