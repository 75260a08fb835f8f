"""Which cells to hide so that every row is matched by enough others.

The fewest cells are hard to find, so this is a heuristic. A row only loses cells that
it needs to be safe itself. Sets of columns are tried from the cheapest on: a row that
enough records match without these columns is a candidate; of candidates that match
each other, only so many lose their cells that the others are matched by them. What was
hidden later may match a row so well that it needs its hidden cells no more. It shows
them again, and where others had relied on them, these hide cells in turn, until every
hidden cell is needed. In small tables cells are then exchanged for fewer ones.
"""

import numpy as np
import numpy.typing as npt

from skanon.masking._cell_exchange import exchange_cells
from skanon.masking._column_sets import column_sets
from skanon.masking._match_table import MatchTable
from skanon.masking._shown_rows import (
    Codes,
    Integers,
    Numbers,
    group_rows,
    present_cells,
)

__all__ = ["cheapest_views", "hide_cells"]

#: In the first round of settling, this share of the cells that are not needed is shown;
#: of rows that would have to be hidden for each other, some stay as they are.
SHARE = 0.7

#: Each round shows a smaller share, or rows would be shown and hidden in turn forever.
SHRINKAGE = 0.95

#: Rounds of settling; tens are common, and no table is known that takes hundreds.
MOST_ROUNDS = 1000


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
    search = _Search(table, k, costs)
    search.make_safe()
    search.settle()
    exchange_cells(table, k, costs)
    # Sums of fractional weights differ by their order.
    search.look_at(search.light)
    search.make_safe()


def cheapest_views(
    table: MatchTable, codes: Codes, k: float, costs: Numbers
) -> Integers:
    """Return what can be shown of each row so that at least k records match it."""
    present = present_cells(codes)
    crowded = table.crowded(codes, k)
    views = np.zeros(len(codes), np.int64)
    is_open = present != 0
    order = np.argsort(-table.codes.max(axis=0), kind="stable")
    for hidden in column_sets(costs, order, _in_all(present & ~crowded)):
        left = present & ~hidden
        possible = is_open & (hidden & ~present == 0) & (left & ~crowded == 0)
        rows = np.flatnonzero(possible)
        rows = rows[
            (table.count_each(codes[rows], left[rows]) >= k) | (left[rows] == 0)
        ]
        views[rows] = left[rows]
        is_open[rows] = False
        if not is_open.any():
            break
    return views


def _in_all(views: Integers) -> int:
    """Return the columns that are in all views."""
    return int(np.bitwise_and.reduce(views)) if len(views) else 0


class _Search:
    """The records of a table that too few others match."""

    def __init__(self, table: MatchTable, k: float, costs: Numbers) -> None:
        self.table = table
        self.k = k
        self.costs = costs
        self.light = np.flatnonzero(table.weights < k)
        self.present = present_cells(table.codes)
        self.look_at(self.light)
        saved = [self._saved_by(j) for j in range(len(costs))]
        self.order = np.argsort(-np.array(saved), kind="stable")

    def look_at(self, records: Integers) -> None:
        """Find out which of some records are unsafe."""
        self._keep_unsafe(records, self.table.count_own(records))

    def _keep_unsafe(self, records: Integers, counts: Numbers) -> None:
        is_unsafe = (counts < self.k) & (self.table.shown[records] != 0)
        self.unsafe = records[is_unsafe]
        self.counts = counts[is_unsafe]
        codes = self.table.codes[self.unsafe]
        self.crowded = self.table.crowded(codes, self.k)

    def make_safe(self) -> None:
        """Hide cells of the unsafe records, and of all that become unsafe by that."""
        while len(self.unsafe):
            n_left = np.count_nonzero(self.table.shown)
            hopeless = self.table.shown[self.unsafe] & ~self.crowded
            for hidden in column_sets(self.costs, self.order, _in_all(hopeless)):
                while self._hide(hidden):
                    pass
                if not len(self.unsafe):
                    break
            if n_left != np.count_nonzero(self.table.shown):
                # A record that lost its last cell no longer counts for others.
                self.look_at(self.light)

    def settle(self) -> None:
        """Show cells again that records do not need, until each needs all it hides."""
        rng = np.random.default_rng(0)
        records = self.light
        for n_rounds in range(MOST_ROUNDS):
            records, columns = self._needless(records)
            if not len(records):
                return
            before = self.table.shown.copy()
            chances = rng.random(len(records))
            chosen = chances <= max(SHARE * SHRINKAGE**n_rounds, chances.min())
            self._show(records[chosen], columns[chosen])
            self.make_safe()
            changed = np.flatnonzero(self.table.shown != before)
            near = self._matching(self.table.part(changed))
            records = np.unique(np.concatenate([records, changed, near]))

    def _saved_by(self, column: int) -> float:
        """Return how many unsafe rows others save, if only a column may be hidden."""
        weights = self.table.weights[self.unsafe]
        rows, left = self._candidates(1 << column)
        chosen = rows[self._are_needed(rows, left)]
        return float(weights[rows].sum() - weights[chosen].sum())

    def _hide(self, hidden: int) -> bool:
        """Hide columns of as few records as makes others safe; return if of any."""
        rows, left = self._candidates(hidden)
        if not len(rows):
            return False
        is_needed = self._are_needed(rows, left)
        rows, left = rows[is_needed], left[is_needed]
        before = self.table.part(self.unsafe[rows])
        self.table.show(self.unsafe[rows], left)
        after = self.table.part(self.unsafe[rows])
        codes, shown = self.table.codes[self.unsafe], self.table.shown[self.unsafe]
        gained = after.count_each(codes, shown) - before.count_each(codes, shown)
        counts = self.counts + gained
        counts[rows] = self.k  # as found, or suppressed
        self._keep_unsafe(self.unsafe, counts)
        return True

    def _candidates(self, hidden: int) -> tuple[Integers, Integers]:
        """Return which unsafe records are safe without columns, and what is left."""
        shown = self.table.shown[self.unsafe]
        left = shown & ~hidden
        possible = (hidden & ~shown == 0) & (left & ~self.crowded == 0) & (hidden != 0)
        rows = np.flatnonzero(possible)
        counts = self.table.count_each(self.table.codes[self.unsafe[rows]], left[rows])
        rows = rows[(counts >= self.k) | (left[rows] == 0)]
        return rows, left[rows]

    def _are_needed(self, rows: Integers, left: Integers) -> npt.NDArray[np.bool_]:
        """Return which candidates must lose their cells so that all are safe."""
        records = self.unsafe[rows]
        codes = self.table.codes[records]
        is_left = [left >> j & 1 == 1 for j in range(codes.shape[1])]
        groups, _ = group_rows([codes[:, j] * is_left[j] for j in range(len(is_left))])
        order = np.lexsort((self.counts[rows], groups))
        # A record is safe once those before it in its group match it.
        weights = self.table.weights[records[order]]
        before = np.cumsum(weights) - weights
        groups = groups[order]
        before -= before[np.searchsorted(groups, groups)]
        is_needed = np.empty(len(rows), bool)
        is_needed[order] = before + self.counts[rows[order]] < self.k
        is_needed |= left == 0
        return is_needed

    def _needless(self, records: Integers) -> tuple[Integers, Integers]:
        """Return records that would be safe with one more cell, and its column.

        Of several columns it is the dearest.
        """
        shown = self.table.shown[records]
        hidden = self.present[records] & ~shown
        # A record that is suppressed does not count for itself yet.
        own = np.where(shown == 0, self.table.weights[records], 0)
        columns = np.full(len(records), -1)
        for j in np.argsort(self.costs, kind="stable").tolist():
            rows = np.flatnonzero(hidden >> j & 1)
            codes = self.table.codes[records[rows]]
            counts = self.table.count_each(codes, shown[rows] | 1 << j) + own[rows]
            columns[rows[counts >= self.k]] = j
        is_needless = columns >= 0
        return records[is_needless], columns[is_needless]

    def _show(self, records: Integers, columns: Integers) -> None:
        """Show one more cell of each record, and look at all that it matched."""
        before = self.table.part(records)
        self.table.show(records, before.shown | 1 << columns)
        self.look_at(np.union1d(records, self._matching(before)))

    def _matching(self, table: MatchTable) -> Integers:
        """Return the records that some of a table match."""
        codes, shown = self.table.codes[self.light], self.table.shown[self.light]
        matching: Integers = self.light[table.count_each(codes, shown) > 0]
        return matching
