"""A column before and after it was recoded by its hierarchy.

The level is given, or found out by comparing the labels with the original values:
which level of the hierarchy has that label for that value?
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from skanon._arrow import missing_mask
from skanon._value_text import as_text
from skanon.exceptions import UnknownValueError
from skanon.hierarchies import Hierarchy
from skanon.metrics._recoding import (
    Floats,
    Mask,
    Numbers,
    OriginalColumn,
    RecodedColumn,
)

__all__ = ["Leaves", "compare", "on_level", "read_leaves"]


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
    n_unknown = int((is_unknown & ~missing_mask(column)).sum())
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


def on_level(leaves: Leaves, level: int) -> RecodedColumn:
    """Recode a whole column to one level."""
    shares = leaves.shares(level)
    return RecodedColumn(
        leaves.original,
        leaves.codes(level)[leaves.original.codes],
        shares,
        np.full(len(shares), float(level)),
    )


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
