"""Records of which some cells are hidden, and how many of them match a row.

A hidden or missing cell matches every value. Which cells of a record are shown is an
integer, whose bit j stands for column j. A record of which nothing is shown is
suppressed: it matches nothing and counts for nobody.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from skanon._groups import pack_codes, rank_keys

__all__ = [
    "Codes",
    "Integers",
    "MatchTable",
    "Numbers",
    "columns_of",
    "group_rows",
    "present_cells",
]

Integers = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.float64]

#: The code of each row in each column, 0 where missing; shape (n_rows, n_columns).
Codes = npt.NDArray[np.int64]


class MatchTable:
    """Distinct records, how often each occurs, and what is shown of it.

    Parameters
    ----------
    codes : ndarray of int of shape (n_records, n_columns)
        The records; 0 where a value is missing.
    weights : ndarray of shape (n_records,)
        How often each occurs.
    shown : ndarray of int of shape (n_records,), default=None
        Which cells are shown; None shows all that are not missing.
    """

    def __init__(
        self, codes: Codes, weights: Numbers, shown: Integers | None = None
    ) -> None:
        self.codes = codes
        self.weights = weights
        self.shown = present_cells(codes) if shown is None else shown
        self._set_records()

    def show(self, records: Integers, shown: int | Integers) -> None:
        """Change what is shown of some records."""
        self.shown[records] = shown
        self._set_records()

    def _set_records(self) -> None:
        """Sort the records by what is shown of them."""
        order = np.argsort(self.shown, kind="stable")
        views, starts = np.unique(self.shown[order], return_index=True)
        parts = np.split(order, starts)[1:]
        self._records = dict(zip(views.tolist(), parts, strict=True))
        self._records.pop(0, None)

    def count(self, codes: Codes, view: int) -> Numbers:
        """Return how many records match each row, if only a view of it is shown."""
        counts = np.zeros(len(codes))
        for shown, records in self._records.items():
            columns = columns_of(view & shown)
            weights = self.weights[records]
            if not columns:
                counts += weights.sum()
                continue
            both = [
                np.concatenate([codes[:, j], self.codes[records, j]]) for j in columns
            ]
            labels, n_labels = group_rows(both)
            sums = np.bincount(labels[len(codes) :], weights, n_labels)
            counts = counts + sums[labels[: len(codes)]]
        return counts

    def count_own(self, records: Integers) -> Numbers:
        """Return how many records match each of some records as it is shown."""
        counts = np.zeros(len(records))
        views = self.shown[records]
        for view in np.unique(views).tolist():
            these = views == view
            counts[these] = self.count(self.codes[records[these]], view)
        return counts

    def crowded(self, codes: Codes, least: float) -> Integers:
        """Return in which columns enough records match each row, column by column."""
        is_record = self.shown != 0
        bits = np.zeros(len(codes), np.int64)
        for j in range(codes.shape[1]):
            column = self.codes[:, j]
            shows = (self.shown >> j) & 1 == 1
            n_codes = int(max(column.max(initial=0), codes[:, j].max(initial=0))) + 1
            sums = np.bincount(column[shows], self.weights[shows], n_codes)
            counts = sums[codes[:, j]] + self.weights[is_record & ~shows].sum()
            bits |= (counts >= least).astype(np.int64) << j
        return bits


def columns_of(view: int) -> list[int]:
    """Return the columns whose bits are set."""
    return [j for j in range(view.bit_length()) if view >> j & 1]


def present_cells(codes: Codes) -> Integers:
    """Return which cells of each row are not missing."""
    bits = np.arange(codes.shape[1])
    present: Integers = ((codes != 0) << bits).sum(axis=1)
    return present


def group_rows(columns: Sequence[Integers]) -> tuple[Integers, int]:
    """Return the group of each row by its codes, and how many groups there are."""
    n_codes = [int(column.max(initial=0)) + 1 for column in columns]
    return rank_keys(*pack_codes(columns, n_codes))
