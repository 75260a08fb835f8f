"""Earth mover's distances between each class's sensitive values and the table's.

All work on the pairs (class, value) that occur, never on a dense table of classes by
values: what a class lacks contributes sums of the table's shares alone.
"""

from typing import Any

import numpy as np

from skanon._groups import Histogram, SensitiveColumn
from skanon.exceptions import UnknownValueError
from skanon.privacy._privacy_model import Numbers

__all__ = ["equal_distances", "hierarchical_distances", "ordered_distances"]

#: Classes, values or nodes, and the share that these have in those.
Pairs = tuple[Numbers, Numbers, Numbers]


def equal_distances(histogram: Histogram) -> Numbers:
    """Return the total variation: what a class has too much must move."""
    excess = histogram.shares - histogram.overall_shares[histogram.values]
    return histogram.sum(np.maximum(excess, 0))


def ordered_distances(histogram: Histogram, ranks: Numbers) -> Numbers:
    """Return the distance where neighbours in the order are one step apart.

    Parameters
    ----------
    histogram : Histogram
        The counts.
    ranks : ndarray of int of shape (n_values,)
        The place of each value in the order.

    Returns
    -------
    ndarray of shape (n_classes,)
        The distances, in [0, 1].
    """
    occurs = np.zeros(len(ranks), bool)
    occurs[ranks] = histogram.overall > 0
    n_steps = occurs.sum() - 1
    if n_steps < 1:
        return np.zeros(len(histogram.class_sizes), np.float64)
    place = (np.cumsum(occurs) - 1)[ranks]  # among the values that occur
    occurring = histogram.overall > 0
    shares = np.zeros(n_steps + 1)
    shares[place[occurring]] = histogram.overall_shares[occurring]
    area = _area_between(histogram, place[histogram.values], np.cumsum(shares))
    return np.asarray(area / n_steps)


def _area_between(histogram: Histogram, places: Numbers, overall: Numbers) -> Numbers:
    """Sum the difference between the cumulative shares of each class and ``overall``.

    The cumulative share of a class is a step function: constant from one of its
    values to the next. In between that of the table rises, and crosses it once.
    """
    order = np.lexsort((places, histogram.classes))
    classes, starts = histogram.classes[order], places[order]
    is_first = np.diff(classes, prepend=-1) > 0
    ends = np.append(starts[1:], 0)
    ends[np.append(is_first[1:], True)] = len(overall)
    level = _cumulative_shares(histogram, order, classes)
    crossing = np.clip(np.searchsorted(overall, level, side="right"), starts, ends)
    below = np.append(0.0, np.cumsum(overall))
    area = level * (2 * crossing - starts - ends)
    area += below[starts] + below[ends] - 2 * below[crossing]
    area[is_first] += below[starts[is_first]]  # up to its first value a class has none
    return np.asarray(np.bincount(classes, area, len(histogram.class_sizes)))


def _cumulative_shares(
    histogram: Histogram, order: Numbers, classes: Numbers
) -> Numbers:
    counts = np.cumsum(histogram.counts[order])
    of_classes_before = np.cumsum(histogram.class_sizes) - histogram.class_sizes
    sizes = histogram.class_sizes[classes]
    return np.asarray((counts - of_classes_before[classes]) / sizes)


def hierarchical_distances(
    histogram: Histogram, column: SensitiveColumn, hierarchy: Any
) -> Numbers:
    """Return the distance where values are as far as the node that joins them is high.

    Parameters
    ----------
    histogram : Histogram
        The counts.
    column : SensitiveColumn
        The column that was counted.
    hierarchy : Hierarchy
        The hierarchy of its values.

    Returns
    -------
    ndarray of shape (n_classes,)
        The distances, in [0, 1].
    """
    hierarchy = hierarchy.for_values(column.values)
    leaves = _leaves(column, hierarchy)
    codes = np.arange(hierarchy.n_leaves)
    overall = np.bincount(leaves, histogram.overall_shares, len(codes))
    pairs = histogram.classes, leaves[histogram.values], histogram.shares
    total = np.zeros(len(histogram.class_sizes))
    for level in range(1, hierarchy.height + 1):
        parent_of = np.zeros(len(overall), np.int64)
        parent_of[codes] = hierarchy.codes(level)
        codes = hierarchy.codes(level)
        above = np.bincount(parent_of, overall)
        pairs, moved = _climb(pairs, parent_of, overall, above)
        total += level / hierarchy.height * np.bincount(pairs[0], moved, len(total))
        overall = above
    return total


def _leaves(column: SensitiveColumn, hierarchy: Any) -> Numbers:
    leaves = np.asarray(hierarchy.encode(column.values))
    n_unknown = int((leaves < 0).sum())
    if n_unknown:
        also = ", of which one is the missing value" if column.values.null_count else ""
        raise UnknownValueError(
            f"The hierarchy lacks {n_unknown} of the values in column "
            f"{column.name!r}{also}. Add what is lacking to the hierarchy."
        )
    return leaves


def _climb(
    pairs: Pairs, parent_of: Numbers, overall: Numbers, above: Numbers
) -> tuple[Pairs, Numbers]:
    """Move what can be moved between the children of each node, one level up.

    Returns
    -------
    pairs : tuple of (classes, nodes, shares)
        The shares of each class on the nodes above.
    moved : ndarray
        The mass that each of them moved between its children.
    """
    classes, nodes, shares = pairs
    lacks = overall[nodes] - shares
    keys, of_key = np.unique(
        classes * len(above) + parent_of[nodes], return_inverse=True
    )
    classes, parents = np.divmod(keys, len(above))
    too_much = np.bincount(of_key, np.maximum(-lacks, 0), len(keys))
    # A child without a record of the class lacks all that the table has there.
    lacking = above[parents] - np.bincount(of_key, overall[nodes], len(keys))
    lacking += np.bincount(of_key, np.maximum(lacks, 0), len(keys))
    shares = np.bincount(of_key, shares, len(keys))
    return (classes, parents, shares), np.minimum(too_much, lacking)
