"""Where to cut a column of numbers into intervals."""

import math
from functools import partial

import numpy as np
import numpy.typing as npt

from skanon._intervals import Edges, Numbers, grid_edges

__all__ = [
    "kmeans_edges",
    "quantile_edges",
    "round_number",
    "uniform_edges",
    "width_edges",
]

#: More intervals than this are hardly a generalization, and would fill the memory.
MOST_EDGES = 10_000

#: Edges are rounded to a power of ten that is at most this share of the width: so that
#: they are far from telling the extremes, or so that 0.3 does not become 0.30…04.
ROUND, EXACT = 1 / 5, 1e-12

#: Lloyd's algorithm is nearly always done after far fewer.
MOST_ROUNDS = 300

#: Round numbers are looked for within gaps whose powers of ten are floats.
SMALLEST_GAP, LARGEST_GAP = 1e-290, 1e300

#: Numbers whose squares are.
SMALLEST_SQUARE, LARGEST_SQUARE = 1e-140, 1e140

#: Below this, floats have all integers.
LARGEST_WHOLE = 2.0**53

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
    # Minute widths may make neighbours equal.
    return np.unique(edges[(edges > low) & (edges <= high)])


def uniform_edges(
    low: float, high: float, n_bins: int, *, exact: bool = False
) -> Edges:
    """Return edges between two numbers that make ``n_bins`` intervals of one width.

    Unless they are to be exact, rounding moves each by up to a tenth of the width.
    """
    gap = float(high) - float(low)
    shares = np.arange(1, n_bins) / n_bins
    is_finite = gap < LARGEST_GAP
    edges = low + gap * shares if is_finite else low * (1 - shares) + high * shares
    if SMALLEST_GAP < gap < LARGEST_GAP:
        grain = gap / n_bins * (EXACT if exact else ROUND)
        edges = _nearest_round(edges, math.floor(math.log10(grain)))
    edges = np.unique(edges)
    return edges[(edges > low) & (edges < high)]


def quantile_edges(values: Numbers, counts: Numbers, n_bins: int) -> Edges:
    """Return edges between distinct values that split their counts as evenly as may be.

    Where a value lies across a wanted share, the edge is on its nearer side; or on the
    same side of all such values, if that makes the largest interval smaller.
    """
    if not len(values):
        return NONE
    total = np.insert(np.cumsum(counts), 0, 0)
    wanted = total[-1] * np.arange(1, n_bins) / n_bins
    above = np.searchsorted(total, wanted)
    below = above - 1
    is_below = wanted - total[below] < total[above] - wanted
    choices = [
        np.unique(positions[(positions > 0) & (positions < len(values))])
        for positions in (np.where(is_below, below, above), above, below)
    ]
    return _between(values, min(choices, key=partial(_largest_part, total)))


def _largest_part(total: Numbers, positions: npt.NDArray[np.intp]) -> float:
    """Return the largest count between positions, of running sums from 0 on."""
    return float(np.diff(total[[0, *positions, -1]]).max())


def kmeans_edges(values: Numbers, counts: Numbers, n_bins: int) -> Edges:
    """Return edges between clusters of values, as Lloyd's algorithm finds them.

    The clustering is the better of two that are started from evenly spaced numbers
    and from evenly spaced ranks.
    """
    n_clusters = min(n_bins, len(values))
    middles = (np.arange(n_clusters) + 0.5) / n_clusters
    # Neither the squares of the numbers nor their sums are to overflow.
    unit = np.abs(values).max() or 1.0
    numbers = values if SMALLEST_SQUARE < unit < LARGEST_SQUARE else values / unit
    centered = numbers - np.average(numbers, weights=counts)
    starts = (
        centered[0] + (centered[-1] - centered[0]) * middles,
        centered[(len(values) * middles).astype(np.intp)],
    )
    clusterings = [_clusters(centered, counts, centers) for centers in starts]
    positions, _ = max(clusterings, key=lambda clustering: clustering[1])
    return _between(values, positions)


def _clusters(
    values: Numbers, counts: Numbers, centers: Numbers
) -> tuple[npt.NDArray[np.intp], float]:
    """Return where each cluster but the first begins, and how much is explained.

    Sorted numbers lie nearest to one center between two positions, so that running
    sums give the new centers without a look at each number.
    """
    sums = np.insert(np.cumsum([counts, counts * values], axis=1), 0, 0, axis=1)
    positions = np.array([-1])
    for _ in range(MOST_ROUNDS):
        before, middles = positions, (centers[1:] + centers[:-1]) / 2
        positions = np.unique(np.searchsorted(values, middles))
        positions = positions[(positions > 0) & (positions < len(values))]
        if np.array_equal(positions, before):
            break
        bounds = np.concatenate([[0], positions, [len(values)]])
        weights, totals = np.diff(sums[:, bounds], axis=1)
        centers = totals / weights
    return positions, float(np.sum(weights * centers**2))


def _between(values: Numbers, positions: npt.NDArray[np.intp]) -> Edges:
    """Return a round number between the value at each position and the one before."""
    pairs = zip(values[positions - 1].tolist(), values[positions].tolist(), strict=True)
    return np.array([round_number(low, high) for low, high in pairs], np.float64)


def round_number(low: float, high: float) -> float:
    """Return a round number near the middle, above ``low`` and up to ``high``.

    So an edge is a value of the column only if nothing rounder divides the rows.
    """
    gap = high - low
    if math.isinf(gap):
        return low / 2 + high / 2
    if gap < SMALLEST_GAP:
        return high
    coarsest = math.floor(math.log10(gap))
    for exponent in (coarsest, coarsest - 1):
        number = float(_nearest_round(low + gap / 2, exponent))
        if low < number <= high:
            return number
    # Neighbouring floats, with nothing between them.
    return high


def _nearest_round(numbers: Numbers | float, exponent: int) -> Numbers:
    """Return the nearest multiples of a power of ten, such as 0.3, not 0.30…04.

    Numbers that are so large that floats lie farther apart stay as they are.
    """
    power = 10.0 ** abs(exponent)
    step, steps = (power, 1.0) if exponent >= 0 else (1.0, power)
    scaled = numbers * steps / step
    rounded = np.floor(scaled + 0.5) * step / steps
    return np.where(np.abs(scaled) < LARGEST_WHOLE, rounded, numbers)
