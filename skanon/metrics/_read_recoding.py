"""What a caller gives a utility metric, read as a recoding.

The recoding is known from the levels of a hierarchy, or found out by comparing the
anonymized table with the original one: which level of the hierarchy has that label
for that value?
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from skanon._frames import Frame, read_frame
from skanon._value_text import as_text
from skanon.exceptions import ColumnError, UnknownValueError
from skanon.hierarchies import Hierarchy
from skanon.metrics._reading import (
    check_mask,
    check_quasi_identifiers,
    find_columns,
    read_counts,
)
from skanon.metrics._recoding import (
    Floats,
    Mask,
    Numbers,
    OriginalColumn,
    RecodedColumn,
    Recoding,
)
from skanon.typing import ArrayLike, Table

__all__ = [
    "check_hierarchies",
    "compare",
    "on_level",
    "read_anonymized",
    "read_leaves",
    "read_recoding",
]


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
            suppressed &= _is_missing(column)
    return columns, suppressed


@dataclass(frozen=True, eq=False)
class Leaves:
    """A column by the values of its hierarchy; a missing value is one more."""

    original: OriginalColumn
    hierarchy: Hierarchy

    def codes(self, level: int) -> Numbers:
        """Return the code on a level of each leaf, the missing value last."""
        codes = self.hierarchy.codes(level)
        return np.append(codes, len(self.hierarchy.labels(level)))

    def shares(self, level: int) -> Floats:
        """Return the share of each code; a missing value stands for itself."""
        return np.append(self.hierarchy.shares(level), 1 / self.original.n_leaves)


def on_level(leaves: Leaves, level: int) -> RecodedColumn:
    """Recode a whole column to one level."""
    shares = leaves.shares(level)
    return RecodedColumn(
        leaves.original,
        leaves.codes(level)[leaves.original.codes],
        shares,
        np.full(len(shares), float(level)),
    )


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


def read_leaves(
    column: pa.Array, hierarchy: Hierarchy, name: Any, weights: Numbers | None = None
) -> Leaves:
    """Look up the values of a column in its hierarchy.

    Raises
    ------
    UnknownValueError
        If the hierarchy lacks a value.
    """
    hierarchy = hierarchy.for_values(column)
    leaves = hierarchy.encode(column).astype(np.int64)
    is_unknown = leaves < 0
    n_unknown = int((is_unknown & ~_is_missing(column)).sum())
    if n_unknown:
        raise UnknownValueError(
            f"The hierarchy of column {name!r} lacks the values of {n_unknown} rows. "
            "Add them to it."
        )
    n_leaves = hierarchy.n_leaves
    leaves[is_unknown] = n_leaves
    original = OriginalColumn(
        name, leaves, n_leaves + 1, n_leaves, hierarchy.height, weights
    )
    return Leaves(original, hierarchy)


def compare(leaves: Leaves, column: pa.Array, suppressed: Mask) -> RecodedColumn:
    """Find the level of each cell: one for the column if there is one that fits."""
    labels = as_text(column).dictionary_encode()
    distinct, n_labels = labels.dictionary, len(labels.dictionary)
    cells = labels.indices.fill_null(n_labels).to_numpy(zero_copy_only=False)
    keys = leaves.original.codes * (n_labels + 1) + cells
    pairs, of_row = np.unique(keys, return_inverse=True)
    leaf, label = np.divmod(pairs, n_labels + 1)
    used = np.zeros(len(pairs), bool)
    used[of_row[~suppressed]] = True
    was_missing = leaf == leaves.original.n_leaves
    is_cell = used & (label == n_labels) & ~was_missing  # a suppressed cell
    fits = _fitting_levels(leaves, distinct, leaf, label)
    whole = np.flatnonzero(fits[:, used & ~is_cell].all(axis=1))
    if len(whole):
        recoded = on_level(leaves, int(whole[0]))
        return _with_missing_cells(recoded, is_cell[of_row] & ~suppressed)
    n_unknown = int((~fits.any(axis=0) & used & ~is_cell)[of_row].sum())
    if n_unknown:
        raise UnknownValueError(
            f"Column {leaves.original.name!r} of the anonymized table has {n_unknown} "
            "labels that the hierarchy has on no level for the original value of "
            "their row."
        )
    level = np.where(used & ~is_cell, fits.argmax(axis=0), leaves.original.height)
    return _on_levels(leaves, level[of_row], is_cell[of_row] & ~suppressed)


def _fitting_levels(
    leaves: Leaves, distinct: pa.Array, leaf: Numbers, label: Numbers
) -> npt.NDArray[np.bool_]:
    """Return for each level and pair whether the level has that label for that leaf."""
    fits = []
    for level in range(leaves.original.height + 1):
        names = pa.array(leaves.hierarchy.labels(level), pa.large_string())
        found = pc.index_in(names, distinct.cast(pa.large_string()))
        wanted = np.append(
            found.fill_null(-1).to_numpy(zero_copy_only=False), len(distinct)
        )
        fits.append(wanted[leaves.codes(level)[leaf]] == label)
    return np.array(fits)


def _with_missing_cells(column: RecodedColumn, is_missing: Mask) -> RecodedColumn:
    """Add a label that stands for all values, and give it to these rows."""
    if not is_missing.any():
        return column
    return RecodedColumn(
        column.original,
        np.where(is_missing, column.n_codes, column.codes),
        np.append(column.shares, 1.0),
        np.append(column.levels, float(column.original.height)),
    )


def _on_levels(leaves: Leaves, levels: Numbers, is_missing: Mask) -> RecodedColumn:
    """Recode each row to a level of its own."""
    codes = np.zeros(len(levels), np.int64)
    shares, of_code, n_codes = [], [], 0
    for level in range(leaves.original.height + 1):
        rows = levels == level
        codes[rows] = leaves.codes(level)[leaves.original.codes[rows]] + n_codes
        shares.append(leaves.shares(level))
        of_code.append(np.full(len(shares[-1]), float(level)))
        n_codes += len(shares[-1])
    column = RecodedColumn(
        leaves.original, codes, np.concatenate(shares), np.concatenate(of_code)
    )
    return _with_missing_cells(column, is_missing)


def _is_missing(column: pa.Array) -> Mask:
    mask: Mask = column.is_null(nan_is_null=True).to_numpy(zero_copy_only=False)
    return mask
