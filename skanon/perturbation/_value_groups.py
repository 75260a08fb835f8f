"""Groups of values, column by column: learned, and given to new values."""

from typing import Any

import numpy as np
import numpy.typing as npt

from skanon._intervals import interval_codes
from skanon.perturbation._aggregation import aggregate_groups
from skanon.perturbation._moments import sum_by_group
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
        For each column the ``edges`` at which its groups begin, but for the first; the
        groups' ``centroids`` and ``counts``; none if the column has fewer than ``k``
        values.
    """
    columns = [_learn_column(column, counts, k, aggregate) for column in values.T]
    return {
        name: [c[name] for c in columns] for name in ("edges", "centroids", "counts")
    }


def recode_values(groups: dict[str, Any], values: Floats) -> Floats:
    """Give each value the centroid of the group between whose edges it lies."""
    out = np.full_like(values, np.nan)
    for i, column in enumerate(values.T):
        centroids = groups["centroids"][i]
        present = ~np.isnan(column)
        if len(centroids):
            out[present, i] = centroids[_group_of(column[present], groups["edges"][i])]
    return out


def _group_of(values: Floats, edges: Floats) -> npt.NDArray[np.integer[Any]]:
    if len(values) < len(edges):  # a table to look edges up in would not pay
        return np.searchsorted(edges, values, side="right")
    return interval_codes(values, edges)


def _distinct_values(values: Floats, counts: Floats) -> tuple[Floats, Floats]:
    """Return the distinct values in ascending order, and their counts."""
    if (counts == 1).all():  # a sort is all that is needed
        distinct, frequencies = np.unique(values, return_counts=True)
        return distinct, frequencies.astype(np.float64)
    distinct, places = np.unique(values, return_inverse=True)
    return distinct, sum_by_group(places, counts)


def _learn_column(
    column: Floats, counts: Floats, k: int, aggregate: str
) -> dict[str, Floats]:
    present = ~np.isnan(column)
    distinct, counts = _distinct_values(column[present], counts[present])
    if counts.sum() < k:
        nothing = np.empty(0)
        return {"edges": nothing, "centroids": nothing, "counts": nothing}
    labels = optimal_groups(distinct, counts, k)
    last = np.flatnonzero(np.diff(labels))
    low, high = distinct[last], distinct[last + 1]
    middle = low + (high - low) / 2
    return {
        "edges": np.where(middle > low, middle, high),
        "centroids": aggregate_groups(
            distinct[:, np.newaxis], counts, labels, aggregate
        )[:, 0],
        "counts": sum_by_group(labels, counts),
    }
