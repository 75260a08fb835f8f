"""Optimal microaggregation of one column, many runs of values at a time."""

import numpy as np
import numpy.typing as npt

from skanon.perturbation._moments import scaled_safely
from skanon.perturbation._numbers import Floats

__all__ = ["optimal_groups"]

Integers = npt.NDArray[np.intp]

#: Distinct values of a run, about, if there are twice as many. Longer runs only
#: lengthen the loop below, shorter ones force more cuts.
RUN = 1024

#: A run is at least so many groups long, so that its two forced ends hardly matter.
GROUPS_PER_RUN = 64


def optimal_groups(values: Floats, counts: Floats, k: int) -> Integers:
    """Group sorted values so that they differ least from the means of their groups.

    The least sum of squared differences by the recursion of Hansen and Mukherjee: the
    best grouping of the first j values is the best one of the first i and a group of
    the values between, for the best i. A table of 2048 distinct values (or 128 ``k``,
    if that is more) is first cut at wide gaps into runs of about half that length, all
    of which advance together.

    Time grows as n ``k``, memory as n.

    Parameters
    ----------
    values : ndarray of shape (n_values,)
        Distinct values in ascending order.
    counts : ndarray of shape (n_values,)
        How many records have each; together at least ``k``.
    k : int
        The fewest records of a group.

    Returns
    -------
    ndarray of int of shape (n_values,)
        The group of each value, numbered from 0 in ascending order.

    References
    ----------
    S. L. Hansen, S. Mukherjee: A polynomial algorithm for optimal univariate
    microaggregation. IEEE Transactions on Knowledge and Data Engineering 15 (2003).
    """
    values, _ = scaled_safely(values, values[0], values[-1])
    shortest = k if (counts == 1).all() else 1
    widest = int(np.ceil(k / min(counts.min(), 1.0)))
    starts = _run_starts(values, max(RUN, GROUPS_PER_RUN * widest))
    lengths = np.diff(starts, append=len(values))
    sums = _running_sums(values, counts, starts, lengths)
    previous = _best_cuts(*sums, k, shortest, 2 * widest - 1)
    begins = np.zeros(len(values), bool)
    cuts = lengths
    while cuts.any():
        cuts = previous[cuts, np.arange(len(cuts))]
        begins[starts + cuts] = True
    return begins.cumsum() - 1


def _run_starts(values: Floats, length: int) -> Integers:
    """Return where runs begin: near each multiple of the length, at the widest gap."""
    n_runs = len(values) // length
    if n_runs < 2:
        return np.zeros(1, np.intp)
    reach = length // 4
    middles = np.arange(1, n_runs) * length
    near = middles[:, np.newaxis] + np.arange(-reach, reach)
    gaps = values[near] - values[near - 1]
    widest = near[np.arange(len(near)), gaps.argmax(axis=1)]
    return np.concatenate([[0], widest])


def _running_sums(
    values: Floats, counts: Floats, starts: Integers, lengths: Integers
) -> tuple[Floats, Floats, Floats]:
    """Return running counts, sums and sums of squares, a column for each run.

    Values are taken from the middle of their run, so that no digits are lost. Short
    runs go on with counts of zero.
    """
    places = np.arange(lengths.max())[:, np.newaxis]
    inside = places < lengths
    which = starts + np.minimum(places, lengths - 1)
    numbers = np.where(inside, counts[which], 0.0)
    centred = values[which] - values[starts + lengths // 2]
    start = np.zeros((1, len(starts)))
    sizes, sums, squares = (
        np.concatenate([start, column.cumsum(axis=0)])
        for column in (numbers, numbers * centred, numbers * centred**2)
    )
    return sizes, sums, squares


def _best_cuts(
    sizes: Floats, sums: Floats, squares: Floats, k: int, shortest: int, longest: int
) -> Integers:
    """Return where the last group begins if the run ended at a place, for each run.

    A group is ``shortest`` to ``longest`` values; the longer ones could be parted.
    """
    losses = np.full(sizes.shape, np.inf)
    losses[0] = 0.0
    previous = np.zeros(sizes.shape, np.intp)
    for end in range(shortest, len(sizes)):
        begin = max(0, end - longest)
        window = slice(begin, end - shortest + 1)
        size = sizes[end] - sizes[window]
        total = sums[end] - sums[window]
        loss = squares[end] - squares[window]
        loss -= total**2 / np.maximum(size, k)
        loss += losses[window]
        loss[size < k] = np.inf
        best = loss.argmin(axis=0)
        previous[end] = begin + best
        losses[end] = np.take_along_axis(loss, best[np.newaxis], axis=0)[0]
    return previous
