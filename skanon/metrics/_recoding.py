"""A recoded table as codes: what the utility metrics are computed from.

What depends on one column alone is kept with the column, so that several recodings can
share it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from skanon._groups import EquivalenceClasses, group_codes

__all__ = ["OriginalColumn", "RecodedColumn", "Recoding"]

Mask = npt.NDArray[np.bool_]
Numbers = npt.NDArray[Any]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class OriginalColumn:
    """A quasi-identifier before it was recoded.

    Attributes
    ----------
    name : object
        The column's name.
    codes : ndarray of int of shape (n_rows,)
        The code of each row's value.
    n_codes : int
        The codes lie in 0 … ``n_codes`` - 1.
    n_leaves : int
        How many values the hierarchy has, whether they occur or not: D.
    height : int
        The highest level of the hierarchy.
    weights : ndarray of shape (n_rows,) or None
        How many records each row stands for; 0 outside a research subset.
    """

    name: Any
    codes: Numbers
    n_codes: int
    n_leaves: int
    height: int
    weights: Numbers | None = None

    @cached_property
    def counts(self) -> Numbers:
        """The number of records with each value."""
        return np.bincount(self.codes, self.weights, self.n_codes)


@dataclass(frozen=True, eq=False)
class RecodedColumn:
    """A quasi-identifier after it was recoded.

    Attributes
    ----------
    original : OriginalColumn
        What it was.
    codes : ndarray of int of shape (n_rows,)
        The code of each row's label, also where the record is suppressed.
    shares : ndarray of shape (n_codes,)
        The share of the hierarchy's values that each label stands for.
    levels : ndarray of shape (n_codes,)
        The level that each label is on.
    """

    original: OriginalColumn
    codes: Numbers
    shares: Floats
    levels: Floats

    @property
    def n_codes(self) -> int:
        """How many labels there are."""
        return len(self.shares)

    @cached_property
    def counts(self) -> Numbers:
        """The number of records with each label, suppressed ones included."""
        return np.bincount(self.codes, self.original.weights, self.n_codes)

    @cached_property
    def entropy(self) -> float:
        """The bits by which the labels say less than the values, over all records."""
        return _n_log_n(self.counts) - _n_log_n(self.original.counts)


@dataclass(frozen=True, eq=False)
class Recoding:
    """A table whose quasi-identifiers were recoded, and some records suppressed.

    Attributes
    ----------
    columns : sequence of RecodedColumn
        The quasi-identifiers.
    suppressed : ndarray of bool of shape (n_rows,) or None
        The suppressed records.
    column_weights : ndarray of shape (n_columns,), default=1
        How much each column counts, relative to the one that counts most.
    """

    columns: Sequence[RecodedColumn]
    suppressed: Mask | None = None
    column_weights: Floats | float = 1.0

    @property
    def weights(self) -> Numbers | None:
        """How many records each row stands for."""
        return self.columns[0].original.weights

    @cached_property
    def n_records(self) -> float:
        """The number of records, suppressed ones included."""
        return float(self.columns[0].original.counts.sum())

    @cached_property
    def n_suppressed(self) -> float:
        """The number of suppressed records."""
        if self.suppressed is None:
            return 0.0
        if self.weights is None:
            return float(np.count_nonzero(self.suppressed))
        return float(self.weights[self.suppressed].sum())

    def suppressed_counts(self, column: RecodedColumn) -> Numbers:
        """Return the number of suppressed records with each label of a column."""
        if self.suppressed is None:
            return np.zeros(column.n_codes)
        rows = np.flatnonzero(self.suppressed)
        weights = None if self.weights is None else self.weights[rows]
        return np.bincount(column.codes[rows], weights, column.n_codes)

    def kept_counts(self, column: RecodedColumn) -> Numbers:
        """Return the number of other records with each label of a column."""
        return np.asarray(column.counts - self.suppressed_counts(column))

    @cached_property
    def classes(self) -> EquivalenceClasses:
        """The classes of all records by their labels, suppressed ones included."""
        return group_codes(
            [column.codes for column in self.columns],
            [column.n_codes for column in self.columns],
            weights=self.weights,
        )

    @cached_property
    def kept_members(self) -> Numbers:
        """The number of records of each class that are not suppressed."""
        if self.suppressed is None:
            return self.classes.members
        return self.classes.sum(self._ones * ~self.suppressed)

    def class_shares(self) -> list[Floats]:
        """Return for each column the share that each class's label stands for."""
        rows = self.classes.first_rows
        return [column.shares[column.codes[rows]] for column in self.columns]

    @cached_property
    def original_sizes(self) -> Numbers:
        """For each row, the number of records with its original values."""
        originals = [column.original for column in self.columns]
        classes = group_codes(
            [original.codes for original in originals],
            [original.n_codes for original in originals],
            weights=self.weights,
        )
        return classes.to_rows(classes.members, fill=1)

    @cached_property
    def _ones(self) -> Numbers:
        n_rows = len(self.columns[0].codes)
        return np.ones(n_rows, np.int64) if self.weights is None else self.weights


def _n_log_n(counts: Numbers) -> float:
    counts = counts[counts > 0]
    return float(counts @ np.log2(counts))
