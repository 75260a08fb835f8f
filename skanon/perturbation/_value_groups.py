"""Groups of values, column by column: learned, and given to new values."""

from typing import Any

import numpy as np

from skanon.perturbation._aggregation import add_up, aggregate_groups
from skanon.perturbation._numbers import Floats
from skanon.perturbation._univariate import optimal_groups

__all__ = ["learn_value_groups", "recode_values"]


def learn_value_groups(
    values: Floats, counts: Floats, k: int, aggregate: str
) -> dict[str, Any]:
    """Learn groups of at least ``k`` records for each column.

    Returns
    -------
    dict of list
        For each column the ``bounds`` between its groups, the groups' ``centroids``
        and ``counts``; none if the column has fewer than ``k`` values.
    """
    columns = [_learn_column(column, counts, k, aggregate) for column in values.T]
    return {name: [c[name] for c in columns] for name in columns[0]}


def recode_values(groups: dict[str, Any], values: Floats) -> Floats:
    """Give each value the centroid of the group between whose bounds it lies."""
    out = np.full_like(values, np.nan)
    for i, column in enumerate(values.T):
        centroids = groups["centroids"][i]
        present = ~np.isnan(column)
        if len(centroids):
            group = np.searchsorted(groups["bounds"][i], column[present])
            out[present, i] = centroids[group]
    return out


def _learn_column(
    column: Floats, counts: Floats, k: int, aggregate: str
) -> dict[str, Floats]:
    present = ~np.isnan(column)
    distinct, rows = np.unique(column[present], return_inverse=True)
    counts = add_up(rows, counts[present])
    if counts.sum() < k:
        nothing = np.empty(0)
        return {"bounds": nothing, "centroids": nothing, "counts": nothing}
    labels = optimal_groups(distinct, counts, k)
    last = np.flatnonzero(np.diff(labels))
    low, high = distinct[last], distinct[last + 1]
    middle = low + (high - low) / 2
    return {
        "bounds": np.where(middle < high, middle, low),
        "centroids": aggregate_groups(
            distinct[:, np.newaxis], counts, labels, aggregate
        )[:, 0],
        "counts": add_up(labels, counts),
    }
