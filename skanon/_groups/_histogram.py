"""How often each sensitive value occurs in each class."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from skanon._groups._keys import Integers, rank_keys

__all__ = ["Histogram", "count_pairs"]

Numbers = npt.NDArray[Any]


@dataclass(frozen=True)
class Histogram:
    """Sparse counts of (class, value) pairs.

    Attributes
    ----------
    classes, values : ndarray of int of shape (n_pairs,)
        The pairs that occur, sorted by class, then by value.
    counts : ndarray of shape (n_pairs,)
        How many records have that class and that value.
    class_sizes : ndarray of shape (n_classes,)
        The counts of each class summed.
    overall : ndarray of shape (n_values,)
        How many records of the whole table have each value; suppressed ones count.
    """

    classes: Integers
    values: Integers
    counts: Numbers
    class_sizes: Numbers
    overall: Numbers

    @property
    def shares(self) -> npt.NDArray[np.float64]:
        """For each pair, the value's share of its class: p."""
        return np.asarray(self.counts / self.class_sizes[self.classes])

    @property
    def overall_shares(self) -> npt.NDArray[np.float64]:
        """For each value, its share of the whole table: q."""
        return np.asarray(self.overall / self.overall.sum())

    def sum(self, pair_numbers: Numbers) -> Numbers:
        """Sum a number per pair over each class."""
        return np.bincount(self.classes, pair_numbers, len(self.class_sizes))

    def n_distinct(self) -> npt.NDArray[np.int64]:
        """Count the distinct values of each class."""
        return np.bincount(self.classes, minlength=len(self.class_sizes))

    def max(self, pair_numbers: Numbers, *, empty: float = 0) -> Numbers:
        """Return the greatest number per pair of each class."""
        out = np.full(len(self.class_sizes), empty, pair_numbers.dtype)
        if len(self.classes):
            is_start = np.diff(self.classes, prepend=-1) > 0
            starts = np.flatnonzero(is_start)
            out[self.classes[starts]] = np.maximum.reduceat(pair_numbers, starts)
        return out


def count_pairs(
    classes: Integers, values: Integers, weights: Numbers | None, n_values: int
) -> tuple[Integers, Integers, Numbers]:
    """Return the distinct pairs, sorted, and the summed weights of each.

    A pair that occurs only with weight 0 does not occur.
    """
    keys = classes.astype(np.int64) * n_values + values
    bound = (int(classes.max(initial=-1)) + 1) * n_values
    ranks, n_pairs = rank_keys(keys, bound)
    pairs = np.empty(n_pairs, np.int64)
    pairs[ranks] = keys
    counts = add_up(ranks, weights, n_pairs)
    if weights is not None:
        pairs, counts = pairs[counts > 0], counts[counts > 0]
    return pairs // n_values, pairs % n_values, counts


def add_up(labels: Integers, weights: Numbers | None, n_labels: int) -> Numbers:
    """Sum the weights of each label; whole weights give whole sums."""
    sums = np.bincount(labels, weights, n_labels)
    if weights is None or weights.dtype.kind == "f":
        return sums
    return np.rint(sums).astype(np.int64)
