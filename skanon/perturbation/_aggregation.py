"""One value for each group and column: mean, median or mode of its records."""

import numpy as np
import numpy.typing as npt

from skanon.perturbation._moments import sum_by_group
from skanon.perturbation._numbers import Floats

__all__ = ["AGGREGATES", "aggregate_groups"]

Integers = npt.NDArray[np.intp]


def aggregate_groups(
    points: Floats, counts: Floats, labels: Integers, aggregate: str
) -> Floats:
    """Return the aggregate of each group.

    Parameters
    ----------
    points : ndarray of shape (n_rows, n_columns)
        The rows, without missing values.
    counts : ndarray of shape (n_rows,)
        How many records each stands for.
    labels : ndarray of int of shape (n_rows,)
        The group of each row; every group from 0 on has rows.
    aggregate : {"mean", "median", "mode"}
        What to take of the records of a group. The median is the middle between the
        two middle values, the mode the least of the most frequent values.

    Returns
    -------
    ndarray of shape (n_groups, n_columns)
        The aggregates.
    """
    columns = [AGGREGATES[aggregate](column, counts, labels) for column in points.T]
    return np.column_stack(columns)


def _means(values: Floats, counts: Floats, labels: Integers) -> Floats:
    # Sums of what lies near 0 lose no digits.
    middle = values[len(values) // 2]
    means = sum_by_group(labels, counts * (values - middle)) / sum_by_group(
        labels, counts
    )
    return np.asarray(means + middle)


def _medians(values: Floats, counts: Floats, labels: Integers) -> Floats:
    order = np.lexsort((values, labels))
    values, sizes = values[order], sum_by_group(labels, counts)
    ends = sizes.cumsum()
    up_to = counts[order].cumsum()
    middle = ends - sizes / 2
    low = values[np.searchsorted(up_to, middle, side="left")]
    high = values[np.searchsorted(up_to, middle, side="right")]
    return low + (high - low) / 2


def _modes(values: Floats, counts: Floats, labels: Integers) -> Floats:
    order = np.lexsort((values, labels))
    values, labels = values[order], labels[order]
    is_new = np.ones(len(values), bool)
    is_new[1:] = (values[1:] != values[:-1]) | (labels[1:] != labels[:-1])
    starts = np.flatnonzero(is_new)
    frequency = np.add.reduceat(counts[order], starts)
    most_frequent_first = np.lexsort((-frequency, labels[starts]))
    _, first = np.unique(labels[starts], return_index=True)
    return values[starts[most_frequent_first[first]]]


#: What becomes of the values of a column, for each group.
AGGREGATES = {"mean": _means, "median": _medians, "mode": _modes}
