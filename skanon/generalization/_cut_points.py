"""Where to cut a column of numbers into intervals."""

import itertools
import math

import numpy as np
import numpy.typing as npt
from sklearn.cluster import KMeans

from skanon._intervals import Edges, Numbers, grid_edges

__all__ = ["kmeans_edges", "quantile_edges", "uniform_edges", "width_edges"]

#: More intervals than this are hardly a generalization, and would fill the memory.
MOST_EDGES = 10_000

#: Widths that people count in, as multiples of a power of ten.
ROUND = (1, 2, 2.5, 5)

NONE: Edges = np.empty(0)


def width_edges(low: float, high: float, width: float) -> Edges:
    """Return the multiples of a width that lie above one number and up to another.

    Raises
    ------
    ValueError
        If there are too many.
    """
    first, last = math.floor(low / width), math.ceil(high / width)
    if last - first > MOST_EDGES:
        raise ValueError(
            f"width={width} cuts its numbers into {last - first} intervals; choose a "
            "larger width."
        )
    edges = grid_edges(np.arange(first, last + 1), width)
    return edges[(edges > low) & (edges <= high)]


def uniform_edges(low: float, high: float, n_bins: int) -> Edges:
    """Return multiples of the least round width that makes at most ``n_bins``."""
    if low == high or n_bins == 1:
        return NONE
    exponent = math.floor(math.log10((high - low) / n_bins))
    widths = (m * 10.0**e for e in itertools.count(exponent) for m in ROUND)
    choices = (width_edges(low, high, width) for width in widths)
    return next(edges for edges in choices if len(edges) < n_bins)


def quantile_edges(values: Numbers, counts: Numbers, n_bins: int) -> Edges:
    """Return edges between distinct values that split their counts evenly."""
    total = np.cumsum(counts)
    wanted = total[-1] * np.arange(1, n_bins) / n_bins
    # The first value that begins after the wanted share of the rows.
    positions = np.unique(np.searchsorted(total, wanted, side="left") + 1)
    return _between(values, positions[positions < len(values)])


def kmeans_edges(values: Numbers, counts: Numbers, n_bins: int) -> Edges:
    """Return edges between clusters of values.

    The clustering is the better of two that are started from evenly spaced numbers
    and from evenly spaced ranks.
    """
    n_clusters = min(n_bins, len(values))
    middles = (np.arange(n_clusters) + 0.5) / n_clusters
    starts = (
        values[0] + (values[-1] - values[0]) * middles,
        values[(len(values) * middles).astype(np.intp)],
    )
    column = values[:, np.newaxis]
    clusterings = [
        KMeans(n_clusters, init=start[:, np.newaxis], n_init=1).fit(
            column, sample_weight=counts
        )
        for start in starts
    ]
    best = min(clusterings, key=lambda clustering: clustering.inertia_)
    return _between(values, np.flatnonzero(np.diff(best.labels_)) + 1)


def _between(values: Numbers, positions: npt.NDArray[np.intp]) -> Edges:
    """Return a round number between the value at each position and the one before."""
    pairs = zip(values[positions - 1].tolist(), values[positions].tolist(), strict=True)
    return np.array([_round_number(low, high) for low, high in pairs], np.float64)


def _round_number(low: float, high: float) -> float:
    """Return a round number near the middle, above ``low`` and up to ``high``.

    So an edge is a value of the column only if nothing rounder divides the rows.
    """
    gap = high - low
    coarsest = math.floor(math.log10(gap))
    for exponent in (coarsest, coarsest - 1):
        power = 10.0 ** abs(exponent)
        step, steps = (power, 1.0) if exponent >= 0 else (1.0, power)
        number = math.floor((low + gap / 2) * steps / step + 0.5) * step / steps
        if low < number <= high:
            return number
    # Neighbouring floats, with nothing between them.
    return high
