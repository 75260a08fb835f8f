"""What a caller gives a utility metric, read as a recoding.

The recoding is known from the levels of the hierarchies, or found out by comparing the
anonymized table with the original one.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from skanon._arrow import missing_mask
from skanon._frames import Frame, read_frame
from skanon._validation import by_place, check_columns
from skanon.exceptions import ColumnError
from skanon.hierarchies import Hierarchy
from skanon.metrics._column_options import (
    check_hierarchies,
    column_weights,
    names_as_given,
)
from skanon.metrics._reading import check_mask, find_columns, read_counts
from skanon.metrics._recoded_columns import (
    Leaves,
    compare,
    on_level,
    read_leaves,
)
from skanon.metrics._recoding import Mask, Recoding
from skanon.typing import ArrayLike, Table

__all__ = ["read_anonymized", "read_recoding"]


def read_recoding(
    X: Table,
    X_anonymized: Table | None,
    *,
    owner: str,
    hierarchies: Mapping[Any, Hierarchy],
    levels: Mapping[Any, int] | None,
    suppressed: ArrayLike,
    sample_weight: ArrayLike,
    weights: Mapping[Any, float] | None = None,
) -> Recoding:
    """Read how a table was recoded, and how much each of its columns counts.

    Raises
    ------
    ColumnError
        If a column is not there.
    UnknownValueError
        If a hierarchy lacks a value, or has no level with a label for it.
    """
    if (X_anonymized is None) == (levels is None):
        raise ValueError(
            f"{owner} needs either the anonymized table, as its second argument, or "
            "the 'levels' of the columns."
        )
    frame = read_frame(X)
    places = _places_of(hierarchies, frame, owner)
    shares = column_weights(weights, places, frame.names, owner=owner)
    mask = check_mask(suppressed, len(frame), "suppressed", owner)
    leaves = _read_all_leaves(frame, places, hierarchies, sample_weight)
    if levels is not None:
        chosen = _read_levels(levels, places, frame.names, owner)
        return Recoding(list(map(on_level, leaves, chosen)), mask, shares)
    names = [frame.names[place] for place in places]
    anonymized, mask = read_anonymized(
        X_anonymized, names, len(frame), mask, owner=owner
    )
    columns = [
        compare(leaf, column, mask)
        for leaf, column in zip(leaves, anonymized, strict=True)
    ]
    return Recoding(columns, mask, shares)


def read_anonymized(
    X_anonymized: Table,
    names: Sequence[Any],
    n_rows: int,
    suppressed: Mask | None,
    *,
    owner: str,
) -> tuple[list[pa.Array], Mask]:
    """Return the columns of the anonymized table, and which records are suppressed."""
    frame = read_frame(X_anonymized)
    if len(frame) != n_rows:
        raise ValueError(
            f"{owner} compares row by row: the original table has {n_rows} rows, the "
            f"anonymized one {len(frame)}. Suppressed records stay as rows of missing "
            "values."
        )
    places = find_columns(names, frame, f"The anonymized table given to {owner}")
    columns = [frame.column(place) for place in places]
    if suppressed is None:
        suppressed = np.ones(n_rows, bool)
        for column in columns:
            suppressed &= missing_mask(column)
    return columns, suppressed


def _places_of(
    hierarchies: Mapping[Any, Hierarchy], frame: Frame, owner: str
) -> list[int]:
    """Return the positions of the columns that have hierarchies."""
    check_hierarchies(hierarchies, owner)
    if not hierarchies:
        raise ColumnError(
            f"{owner} needs the hierarchies of the quasi-identifiers, as in "
            "hierarchies={'age': ages}; got none."
        )
    return check_columns(
        list(hierarchies), frame.names, owner=owner, parameter="hierarchies"
    )


def _read_all_leaves(
    frame: Frame,
    places: Sequence[int],
    hierarchies: Mapping[Any, Hierarchy],
    sample_weight: ArrayLike,
) -> list[Leaves]:
    counts = read_counts(sample_weight, len(frame))
    names = names_as_given(list(hierarchies), places, frame)
    return [
        read_leaves(frame.column(place), hierarchy, name, counts)
        for place, hierarchy, name in zip(
            places, hierarchies.values(), names, strict=True
        )
    ]


def _read_levels(
    levels: object, places: Sequence[int], names: Sequence[Any], owner: str
) -> list[int]:
    """Return the level of each column that has a hierarchy."""
    if not isinstance(levels, Mapping):
        raise TypeError(
            f"'levels' of {owner} must be a dict from each quasi-identifier to its "
            f"level; got {type(levels).__name__}."
        )
    given = by_place(levels, places, names, owner=owner, parameter="levels")
    lacking = [names[place] for place in places if place not in given]
    if lacking:
        raise ColumnError(
            f"'levels' of {owner} names no level for {lacking}; it needs one for each "
            f"column that has a hierarchy, which are {[names[p] for p in places]}."
        )
    return [given[place] for place in places]
