"""What a caller gives a utility metric, read as a recoding.

The recoding is known from the levels of the hierarchies, or found out by comparing the
anonymized table with the original one.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from skanon._frames import Frame, read_frame
from skanon.exceptions import ColumnError
from skanon.hierarchies import Hierarchy
from skanon.metrics._reading import (
    check_mask,
    check_quasi_identifiers,
    find_columns,
    read_counts,
)
from skanon.metrics._recoded_columns import (
    compare,
    is_missing,
    on_level,
    read_leaves,
)
from skanon.metrics._recoding import Mask, Recoding
from skanon.typing import ArrayLike, Table

__all__ = ["check_hierarchies", "read_anonymized", "read_recoding"]


def read_recoding(
    X: Table,
    X_anonymized: Table | None,
    *,
    owner: str,
    hierarchies: Mapping[Any, Hierarchy],
    levels: Mapping[Any, int] | None,
    suppressed: ArrayLike,
    sample_weight: ArrayLike,
) -> Recoding:
    """Read how a table was recoded.

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
    keys, places = check_hierarchies(hierarchies, frame, owner)
    weights = read_counts(sample_weight, len(frame))
    leaves = [
        read_leaves(frame.column(place), hierarchies[key], key, weights)
        for key, place in zip(keys, places, strict=True)
    ]
    mask = check_mask(suppressed, len(frame), "suppressed", owner)
    if levels is not None:
        _check_levels(levels, keys, owner)
        columns = [
            on_level(leaf, levels[key]) for leaf, key in zip(leaves, keys, strict=True)
        ]
        return Recoding(columns, mask)
    names = [frame.names[place] for place in places]
    anonymized, mask = read_anonymized(
        X_anonymized, names, len(frame), mask, owner=owner
    )
    columns = [
        compare(leaf, column, mask)
        for leaf, column in zip(leaves, anonymized, strict=True)
    ]
    return Recoding(columns, mask)


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
            suppressed &= is_missing(column)
    return columns, suppressed


def check_hierarchies(
    hierarchies: object, frame: Frame, owner: str
) -> tuple[list[Any], list[int]]:
    """Return the columns that have hierarchies, as given and by their positions.

    Raises
    ------
    TypeError
        If it is not a dict of hierarchies; ColumnError if it is empty, or one of its
        columns is not there.
    """
    if not isinstance(hierarchies, Mapping) or not all(
        isinstance(hierarchy, Hierarchy) for hierarchy in hierarchies.values()
    ):
        raise TypeError(
            f"'hierarchies' of {owner} must be a dict from each quasi-identifier to "
            "its Hierarchy."
        )
    keys = list(hierarchies)
    return keys, check_quasi_identifiers(keys, frame, owner)


def _check_levels(levels: object, keys: Sequence[Any], owner: str) -> None:
    if not isinstance(levels, Mapping):
        raise TypeError(
            f"'levels' of {owner} must be a dict from each quasi-identifier to its "
            f"level; got {type(levels).__name__}."
        )
    lacking = [key for key in keys if key not in levels]
    strange = [key for key in levels if key not in keys]
    if lacking or strange:
        what = f"names no level for {lacking}" if lacking else f"names {strange}"
        raise ColumnError(
            f"'levels' of {owner} {what}; it needs a level for each column that has a "
            f"hierarchy, which are {list(keys)}."
        )
