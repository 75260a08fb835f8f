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

#: Looking up records by their keys costs as much as comparing this many cells.
CELLS_PER_LOOKUP = 30_000

#: Pairs of a row and a record that are compared at once, for the sake of memory.
PAIRS_AT_ONCE = 2**18

#: Up to this many counters per key a table of counters is faster than a sort.
COUNTERS_PER_KEY = 2


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

    def part(self, records: Integers) -> "MatchTable":
        """Return a table of some records as they are now."""
        return MatchTable(
            self.codes[records], self.weights[records], self.shown[records]
        )

    def show(self, records: Integers, shown: int | Integers) -> None:
        """Change what is shown of some records."""
        self.shown[records] = shown
        self._set_records()

    def _set_records(self) -> None:
        """Sort the records by what is shown of them."""
        self._records = _rows_by_view(self.shown)
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
            counts += _sum_equal(*_pack(both), weights)
        return counts

    def count_each(self, codes: Codes, views: Integers) -> Numbers:
        """Return how many records match each row, if its own view of it is shown."""
        by_view = _rows_by_view(views)
        n_lookups = len(by_view) * len(self._records)
        n_pairs = len(codes) * len(self.codes)
        if n_pairs * codes.shape[1] <= n_lookups * CELLS_PER_LOOKUP:
            return self._count_pairs(codes, views)
        counts = np.zeros(len(codes))
        for view, rows in by_view.items():
            counts[rows] = self.count(codes[rows], view)
        return counts

    def _count_pairs(self, codes: Codes, views: Integers) -> Numbers:
        """Count matches by comparing each row with each record."""
        left = np.flatnonzero(self.shown)
        asked = _cells(codes, views)
        given = _cells(self.codes[left], self.shown[left])
        weights = self.weights[left]
        counts = np.empty(len(codes))
        step = PAIRS_AT_ONCE // max(len(left), 1) + 1
        for start in range(0, len(codes), step):
            rows = slice(start, start + step)
            misses = np.zeros((len(counts[rows]), len(left)), bool)
            for (codes_j, is_asked), (others, is_given) in zip(
                asked, given, strict=True
            ):
                differs = codes_j[rows, np.newaxis] != others
                differs &= is_asked[rows, np.newaxis]
                differs &= is_given
                misses |= differs
            counts[rows] = ~misses @ weights
        return counts

    def count_own(self, records: Integers) -> Numbers:
        """Return how many records match each of some records as it is shown."""
        return self.count_each(self.codes[records], self.shown[records])

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
    return rank_keys(*_pack(columns))


def _cells(
    codes: Codes, views: Integers
) -> list[tuple[npt.NDArray[np.int32], npt.NDArray[np.bool_]]]:
    """Return for each column the code of each row, and if it is shown."""
    return [
        (column.astype(np.int32), views >> j & 1 == 1)
        for j, column in enumerate(codes.T)
    ]


def _rows_by_view(views: Integers) -> dict[int, Integers]:
    """Return the rows of each view."""
    order = np.argsort(views, kind="stable")
    distinct, starts = np.unique(views[order], return_index=True)
    return dict(zip(distinct.tolist(), np.split(order, starts)[1:], strict=True))


def _pack(columns: Sequence[Integers]) -> tuple[Integers, int]:
    """Return one key per row for its codes, and a bound of the keys."""
    n_codes = [int(column.max(initial=0)) + 1 for column in columns]
    return pack_codes(columns, n_codes)


def _sum_equal(keys: Integers, bound: int, weights: Numbers) -> Numbers:
    """Return for each of the first keys the weights of the last ones that equal it."""
    asked, given = np.split(keys, [len(keys) - len(weights)])
    if bound <= COUNTERS_PER_KEY * len(keys):
        return _sums(given, weights, bound)[asked]
    # The shorter side is sorted, so that the longer one is looked up in it.
    if len(given) < len(asked):
        known, place = np.unique(given, return_inverse=True)
        return _sums(place, weights, len(known) + 1)[_find(known, asked)]
    known, place = np.unique(asked, return_inverse=True)
    return _sums(_find(known, given), weights, len(known) + 1)[place]


def _sums(places: Integers, weights: Numbers, n_places: int) -> Numbers:
    return np.bincount(places, weights, n_places).astype(np.float64, copy=False)


def _find(known: Integers, keys: Integers) -> Integers:
    """Return where each key is among sorted ones; if nowhere, how many there are."""
    if not len(known):
        return np.zeros(len(keys), np.int64)
    place = np.searchsorted(known, keys)
    is_known = known[np.minimum(place, len(known) - 1)] == keys
    return np.where(is_known, place, len(known))
