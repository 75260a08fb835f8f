"""MDAV: groups of near rows, formed from the outside of the table inwards."""

import numpy as np
import numpy.typing as npt

from skanon.perturbation._aggregation import aggregate_groups
from skanon.perturbation._nearest import nearest_centroids
from skanon.perturbation._numbers import Floats

__all__ = ["mdav"]

Integers = npt.NDArray[np.intp]


def mdav(points: Floats, counts: Floats, k: int) -> Integers:
    """Group rows by maximum distance to the average vector.

    The row farthest from the mean of all rows left and the rows nearest to it are a
    group; then the row farthest from that one and the rows nearest to it; and so on,
    until fewer than 2 ``k`` records are left, which are the last group. Equal rows
    are never parted.

    Time grows as n² / k, memory as the table.

    Parameters
    ----------
    points : ndarray of shape (n_rows, n_columns)
        Distinct rows.
    counts : ndarray of shape (n_rows,)
        How many records each stands for; together at least ``k``.
    k : int
        The fewest records of a group.

    Returns
    -------
    ndarray of int of shape (n_rows,)
        The group of each row, numbered from 0.

    References
    ----------
    J. Domingo-Ferrer, V. Torra: Ordinal, continuous and heterogeneous k-anonymity
    through microaggregation. Data Mining and Knowledge Discovery 11 (2005).
    """
    labels = np.full(len(points), -1, np.intp)
    rest = _Rest(points, counts, k)
    n_groups = 0
    while rest.size >= 2 * k:
        for rows in rest.take_two():
            labels[rows] = n_groups
            n_groups += 1
    left = labels < 0
    if rest.size >= k:
        labels[left] = n_groups
    elif left.any():
        labels[left] = _nearest_group(points, counts, labels)
    return labels


class _Rest:
    """The rows that are in no group yet, kept together at the front of arrays."""

    def __init__(self, points: Floats, counts: Floats, k: int) -> None:
        self.size = counts.sum()
        self._k = k
        self._n = len(points)
        self._rows = np.arange(self._n)
        # Each point, and its square behind it.
        squares = np.einsum("ij,ij->i", points, points)
        self._points = np.asfortranarray(np.column_stack([points, squares]))
        self._distances = np.empty(self._n)
        self._sum = counts @ points
        # With counts of one, the k nearest rows are a group as they come.
        self._counts = None if (counts == 1).all() else counts.copy()
        self._widest = int(np.ceil(k / counts.min()))

    def take_two(self) -> list[Integers]:
        """Take out two groups, at opposite ends; one if no two more can be formed."""
        distances = self._distances_from(self._sum / self.size)
        distances = self._distances_from(self._points[distances.argmax(), :-1])
        first, size = self._nearest(distances)
        if self.size - size < 2 * self._k:
            return [self._remove(first, size)]
        distances[first] = -np.inf
        distances = self._distances_from(self._points[distances.argmax(), :-1])
        distances[first] = np.inf
        second, more = self._nearest(distances)
        groups = [self._rows[first], self._rows[second]]
        self._remove(np.concatenate([first, second]), size + more)
        return groups

    def _distances_from(self, point: Floats) -> Floats:
        """Return the squared distances, less the square of the point, which is one."""
        distances = self._distances[: self._n]
        factors = np.append(-2.0 * point, 1.0)
        # No BLAS: the same sums everywhere, and no threads to wake for so little.
        np.einsum("ij,j->i", self._points[: self._n], factors, out=distances)
        return distances

    def _nearest(self, distances: Floats) -> tuple[Integers, float]:
        """Return the positions of the nearest rows that are k records, and how many."""
        if self._counts is None:
            return np.argpartition(distances, self._k - 1)[: self._k], self._k
        n = min(self._widest, self._n)
        nearest = np.argpartition(distances, n - 1)[:n]
        nearest = nearest[np.argsort(distances[nearest], kind="stable")]
        sizes = self._counts[nearest].cumsum()
        n = int(np.searchsorted(sizes, self._k)) + 1
        return nearest[:n], float(sizes[n - 1])

    def _remove(self, positions: Integers, size: float) -> Integers:
        """Take rows out by moving the last ones into their places."""
        rows = self._rows[positions]
        counts = None if self._counts is None else self._counts[positions]
        taken = self._points[positions, :-1]
        self._sum -= taken.sum(axis=0) if counts is None else counts @ taken
        self.size -= size
        end = self._n - len(positions)
        is_taken = np.zeros(len(positions), bool)
        is_taken[positions[positions >= end] - end] = True
        holes, movers = positions[positions < end], end + np.flatnonzero(~is_taken)
        self._points[holes] = self._points[movers]
        self._rows[holes] = self._rows[movers]
        if self._counts is not None:
            self._counts[holes] = self._counts[movers]
        self._n = end
        return rows


def _nearest_group(points: Floats, counts: Floats, labels: Integers) -> Integers:
    """Return for the rows without a group that whose mean is nearest."""
    grouped = labels >= 0
    means = aggregate_groups(points[grouped], counts[grouped], labels[grouped], "mean")
    return nearest_centroids(points[~grouped], means)
