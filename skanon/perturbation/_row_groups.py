"""Groups of rows, by several columns together: learned, and given to new rows."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from skanon._groups import as_counts, group_codes, group_columns
from skanon.perturbation._aggregation import aggregate_groups
from skanon.perturbation._mdav import mdav
from skanon.perturbation._moments import moments, standardized, sum_by_group
from skanon.perturbation._mondrian import cell_of, mondrian
from skanon.perturbation._nearest import nearest_centroids
from skanon.perturbation._numbers import Floats
from skanon.perturbation._safe_centroids import safe_centroids

__all__ = ["learn_row_groups", "recode_rows"]

Integers = npt.NDArray[np.intp]
Mask = npt.NDArray[np.bool_]


def learn_row_groups(
    values: Floats, counts: Floats, k: int, method: str, aggregate: str
) -> tuple[dict[str, Any], Floats]:
    """Learn groups of at least ``k`` records that lack the same columns.

    Parameters
    ----------
    values : ndarray of shape (n_rows, n_columns)
        The rows, NaN where a value is missing.
    counts : ndarray of shape (n_rows,)
        How many records each stands for.
    k : int
        The fewest records of a group.
    method : {"mdav", "mondrian"}
        How groups are formed.
    aggregate : {"mean", "median", "mode"}
        What stands for a group.

    Returns
    -------
    groups : dict
        The ``centroids``, one below the other, NaN in the columns that a group lacks,
        and the ``counts`` of records that :func:`recode_rows` gives each; ``center``
        and ``scale`` of each column; and ``patterns``: for each set of columns
        ``present`` the places of its centroids, from ``first`` to before ``stop``,
        and the ``tree`` that leads to them, or None if the nearest one is taken.
    own : ndarray of shape (n_rows, n_columns)
        The average of each row's own group; NaN for a row that is in none.

    Raises
    ------
    ValueError
        If no set of columns is missing from ``k`` records.
    """
    points, sizes, labels = _distinct_rows(values, counts)
    center, scale = moments(points, sizes)
    scale[scale == 0] = 1.0
    parts = []
    # The label -1, of rows that are missing as a whole, leads to the last row, of NaN.
    own = np.full((len(points) + 1, values.shape[1]), np.nan)
    for rows, present in _patterns(points, sizes, k):
        known, units = points[rows][:, present], (center[present], scale[present])
        part, averages = _learn_pattern(known, sizes[rows], units, k, method, aggregate)
        parts.append({"present": present, **part})
        own[np.ix_(rows, present)] = averages
    groups = _one_below_the_other(parts, len(center))
    return {**groups, "center": center, "scale": scale}, own[labels]


def recode_rows(groups: dict[str, Any], values: Floats) -> Floats:
    """Give each row the centroid of its group; NaN if it is in none."""
    out = np.full_like(values, np.nan)
    present = ~np.isnan(values)
    for pattern in groups["patterns"]:
        columns = pattern["present"]
        rows = np.flatnonzero((present == columns).all(axis=1))
        if not len(rows):
            continue
        center, scale = groups["center"][columns], groups["scale"][columns]
        scaled = standardized(values[rows][:, columns], center, scale)
        centroids = groups["centroids"][pattern["first"] : pattern["stop"]]
        if pattern["tree"] is None:
            group = nearest_centroids(
                scaled, standardized(centroids[:, columns], center, scale)
            )
        else:
            group = cell_of(pattern["tree"], scaled)
        out[rows] = centroids[group]
    return out


def _distinct_rows(values: Floats, counts: Floats) -> tuple[Floats, Floats, Integers]:
    """Return the distinct rows in order, their counts, and the place of each row.

    Rows that are missing as a whole are not among them; their place is -1.
    """
    if not values.shape[1]:
        return values[:0], counts[:0], np.full(len(values), -1)
    classes = group_columns(
        [pa.array(column, from_pandas=True) for column in values.T],
        weights=None if (counts == 1).all() else as_counts(counts),
    )
    points = values[classes.first_rows]
    order = np.lexsort(points.T[::-1])
    places = np.append(order.argsort(), -1)
    return (
        points[order],
        classes.members[order].astype(np.float64),
        places[classes.labels],
    )


def _patterns(
    points: Floats, counts: Floats, k: int
) -> Iterator[tuple[Integers, Mask]]:
    """Yield the rows that have the same columns, if they are enough records."""
    if not len(points):
        return
    present = ~np.isnan(points)
    classes = group_codes(
        list(present.T.astype(np.int64)), [2] * points.shape[1], weights=counts
    )
    if classes.members.max() < k:
        raise ValueError(
            f"No k={k} rows have the same columns missing, so every row would be "
            "suppressed. Fill in missing values first, choose fewer 'columns', or "
            "method='univariate'."
        )
    order = np.argsort(classes.labels, kind="stable")
    ends = np.bincount(classes.labels).cumsum()
    for rows, size in zip(np.split(order, ends[:-1]), classes.members, strict=True):
        if size >= k:
            yield rows, present[rows[0]]


def _learn_pattern(
    points: Floats,
    counts: Floats,
    units: tuple[Floats, Floats],
    k: int,
    method: str,
    aggregate: str,
) -> tuple[dict[str, Any], Floats]:
    """Learn groups of rows without gaps; return the average of each row's group too."""
    scaled = standardized(points, *units)
    tree = mondrian(scaled, counts, k) if method == "mondrian" else None
    labels = mdav(scaled, counts, k) if tree is None else cell_of(tree, scaled)
    averages = aggregate_groups(points, counts, labels, aggregate)
    own, sizes = averages[labels], sum_by_group(labels, counts)
    if tree is None:
        kept, sizes = safe_centroids(scaled, counts, standardized(averages, *units), k)
        averages = averages[kept]
    return {"centroids": averages, "counts": sizes, "tree": tree}, own


def _one_below_the_other(parts: list[dict[str, Any]], n_columns: int) -> dict[str, Any]:
    """Return the groups of all patterns as one table, NaN where a pattern has gaps."""
    ends = np.cumsum([0, *(len(part["counts"]) for part in parts)])
    centroids = np.full((ends[-1], n_columns), np.nan)
    patterns = []
    for part, first, stop in zip(parts, ends[:-1], ends[1:], strict=True):
        centroids[first:stop, part["present"]] = part["centroids"]
        place = {"first": int(first), "stop": int(stop)}
        patterns.append({"present": part["present"], **place, "tree": part["tree"]})
    counts = np.concatenate([np.empty(0), *(part["counts"] for part in parts)])
    return {"centroids": centroids, "counts": counts, "patterns": patterns}
