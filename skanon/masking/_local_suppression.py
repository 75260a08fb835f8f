"""Which cells to hide so that every row is matched by enough others.

The fewest cells are hard to find, so this is a heuristic. Sets of columns are tried
from the cheapest on. A row that enough records match without these columns is a
candidate; of candidates that match each other, only so many lose their cells that the
others are matched by them. In the end, cells that are not needed are given back.
"""

import heapq
import itertools
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from skanon.masking._match_table import (
    Codes,
    Integers,
    MatchTable,
    Numbers,
    columns_of,
    group_rows,
    present_cells,
)

__all__ = ["cheapest_views", "hide_cells"]

#: Pairs of records that are compared to give cells back; beyond, cheap ones stay.
MOST_PAIRS = 20_000_000

#: Sets of columns that are tried; all there are of up to 11 columns.
MOST_SETS = 2048


def hide_cells(table: MatchTable, k: float, costs: Numbers) -> None:
    """Hide cells of a table until at least k records match each that is left.

    Parameters
    ----------
    table : MatchTable
        The records; it is changed.
    k : float
        How many records, itself included, must match each.
    costs : ndarray of shape (n_columns,)
        What a hidden cell costs in each column.
    """
    search = _Search(table, k)
    while len(search.unsafe):
        hopeless = table.shown[search.unsafe] & ~search.crowded
        for hidden in _column_sets(table, costs, hopeless):
            while search.hide(hidden):
                pass
        # Where a record lost its last cell, it no longer counts for others.
        search.look_at(np.arange(len(table.weights)))
    _give_back(table, k, costs)


def cheapest_views(
    table: MatchTable, codes: Codes, k: float, costs: Numbers
) -> Integers:
    """Return what can be shown of each row so that at least k records match it."""
    present = present_cells(codes)
    crowded = table.crowded(codes, k)
    views = np.zeros(len(codes), np.int64)
    is_open = present != 0
    for hidden in _column_sets(table, costs, present & ~crowded):
        left = present & ~hidden
        possible = is_open & (hidden & ~present == 0) & (left & ~crowded == 0)
        for view in np.unique(left[possible]).tolist():
            rows = np.flatnonzero(possible & (left == view))
            rows = rows[table.count(codes[rows], view) >= k] if view else rows
            views[rows] = view
            is_open[rows] = False
        if not is_open.any():
            break
    return views


def _column_sets(
    table: MatchTable, costs: Numbers, hopeless: Integers
) -> Iterator[int]:
    """Yield sets of columns to hide, as bits, by cost; the last one is of all.

    Columns that are ``hopeless`` for all rows, because too few records match there,
    are in every set. Where there are very many sets, the rest of them is passed over:
    then the columns with most values are hidden, one more each time.
    """
    all_columns = range(len(costs))
    always = int(np.bitwise_and.reduce(hopeless)) if len(hopeless) else 0
    free = [j for j in np.argsort(costs, kind="stable").tolist() if not always >> j & 1]
    sets = _subsets(free, costs[free].tolist())
    for chosen in itertools.islice(sets, MOST_SETS):
        yield always | chosen
    hidden = 0
    n_values = table.codes.max(axis=0)
    for j in sorted(all_columns, key=lambda j: -n_values[j]):
        hidden |= 1 << j
        yield always | hidden


def _subsets(columns: list[int], costs: list[float]) -> Iterator[int]:
    """Yield all subsets of columns, which are in the order of their costs, by cost."""
    yield 0
    queue: list[tuple[float, tuple[int, ...]]] = [(c, (0,)) for c in costs[:1]]
    while queue:
        cost, chosen = heapq.heappop(queue)
        yield sum(1 << columns[i] for i in chosen)
        last = chosen[-1]
        if last + 1 < len(columns):
            step = costs[last + 1]
            heapq.heappush(queue, (cost + step, (*chosen, last + 1)))
            swapped = cost - costs[last] + step
            heapq.heappush(queue, (swapped, (*chosen[:-1], last + 1)))


class _Search:
    """The records of a table that too few others match."""

    def __init__(self, table: MatchTable, k: float) -> None:
        self.table = table
        self.k = k
        self.look_at(np.arange(len(table.weights)))

    def look_at(self, records: Integers) -> None:
        """Find out which of some records are unsafe."""
        counts = self.table.count_own(records)
        is_unsafe = (counts < self.k) & (self.table.shown[records] != 0)
        self.unsafe = records[is_unsafe]
        self.counts = counts[is_unsafe]
        codes = self.table.codes[self.unsafe]
        self.crowded = self.table.crowded(codes, self.k)

    def hide(self, hidden: int) -> bool:
        """Hide columns of as few records as makes others safe; return if of any."""
        shown = self.table.shown[self.unsafe]
        left = shown & ~hidden
        possible = (hidden & ~shown == 0) & (left & ~self.crowded == 0) & (hidden != 0)
        new = shown.copy()
        for view in np.unique(left[possible]).tolist():
            rows = np.flatnonzero(possible & (left == view))
            new[self._chosen(rows, view)] = view
        if (new == shown).all():
            return False
        self.table.show(self.unsafe, new)
        self.look_at(self.unsafe)
        return True

    def _chosen(self, rows: Integers, view: int) -> Integers:
        """Return which of the unsafe records are to be left with a view."""
        if not view:
            return rows
        codes = self.table.codes[self.unsafe]
        rows = rows[self.table.count(codes[rows], view) >= self.k]
        if not len(rows):
            return rows
        groups, _ = group_rows([codes[rows, j] for j in columns_of(view)])
        order = np.lexsort((self.counts[rows], groups))
        rows, groups = rows[order], groups[order]
        # A record is safe once those before it in its group match it.
        weights = self.table.weights[self.unsafe[rows]]
        before = np.cumsum(weights) - weights
        first = np.searchsorted(groups, groups)
        chosen: Integers = rows[before - before[first] + self.counts[rows] < self.k]
        return chosen


def _give_back(table: MatchTable, k: float, costs: Numbers) -> None:
    """Show hidden cells again wherever all records stay safe."""
    fragile = np.flatnonzero(_are_fragile(table, k))
    if not len(fragile):
        return
    pairs = _Pairs(table, fragile, k)
    lost = present_cells(pairs.codes) & ~pairs.shown
    price = ((lost[:, np.newaxis] >> np.arange(len(costs)) & 1) * costs).sum(axis=1)
    dearest = np.argsort(-price * pairs.weights, kind="stable")
    dearest = dearest[: min(np.count_nonzero(lost), MOST_PAIRS // len(fragile))]
    by_cost = np.argsort(-costs, kind="stable").tolist()
    while pairs.give_back(dearest, by_cost):
        pass
    table.show(fragile, pairs.shown)


def _are_fragile(table: MatchTable, k: float) -> npt.NDArray[np.bool_]:
    """Return which records have hidden cells, or are safe by those of others only."""
    present = present_cells(table.codes)
    left = MatchTable(
        table.codes, table.weights, np.where(table.shown != 0, present, 0)
    )
    counts = left.count_own(np.arange(len(present)))
    fragile: npt.NDArray[np.bool_] = (table.shown != present) | (counts < k)
    return fragile


class _Pairs:
    """Fragile records, compared with each other one by one."""

    def __init__(self, table: MatchTable, fragile: Integers, k: float) -> None:
        self.k = k
        self.codes = np.asfortranarray(table.codes[fragile])
        self.weights = table.weights[fragile]
        self.shown = table.shown[fragile]
        self.counts = table.count_own(fragile)
        safe = np.delete(np.arange(len(table.weights)), fragile)
        self.safe = MatchTable(
            table.codes[safe], table.weights[safe], table.shown[safe]
        )

    def give_back(self, records: Integers, columns: list[int]) -> bool:
        """Show one more cell of each record where one can be shown."""
        lost = present_cells(self.codes) & ~self.shown
        from_safe = {j: self._count_safe(records, j) for j in columns}
        given = False
        # Each cell that is given back changes what the next record may show.
        for i, record in enumerate(records.tolist()):
            differs = np.zeros(len(self.codes), np.int64)
            for j, column in enumerate(self.codes.T):
                differs |= (column != column[record]).astype(np.int64) << j
            candidates = (j for j in columns if lost[record] >> j & 1)
            given |= any(
                self._show(record, j, from_safe[j][i], differs) for j in candidates
            )
        return given

    def _count_safe(self, records: Integers, column: int) -> Numbers:
        """Return how many safe records match each with one more column shown."""
        views = self.shown[records] | 1 << column
        counts = np.zeros(len(records))
        for view in np.unique(views).tolist():
            these = views == view
            counts[these] = self.safe.count(self.codes[records[these]], view)
        return counts

    def _show(
        self, record: int, column: int, from_safe: float, differs: Integers
    ) -> bool:
        """Show one more cell of a record, if all records stay safe."""
        view = self.shown[record]
        more = view | 1 << column
        is_left = self.shown != 0
        matched = is_left & (differs & self.shown & view == 0) & (view != 0)
        matches = is_left & (differs & self.shown & more == 0)
        matches[record] = True
        own = from_safe + self.weights[matches].sum()
        change = matches.astype(np.int64) - matched
        counts = self.counts + change * self.weights[record]
        counts[record] = own
        is_left[record] = True
        if (counts[is_left] < self.k).any():
            return False
        self.shown[record], self.counts = more, counts
        return True
