"""Fewer hidden cells in small tables, by trial and error.

Time and again a few records that match each other show all their cells. Those that are
not safe then hide cells one after the other, in random order, until all are safe and
every hidden cell is needed by its own record. What costs more is undone.
"""

import numpy as np
import numpy.typing as npt

from skanon.masking._match_table import MatchTable
from skanon.masking._shown_rows import Codes, Integers, Numbers, present_cells

__all__ = ["exchange_cells"]

#: Counts of matches, one for each record and set of columns; beyond, all stays.
MOST_COUNTS = 2**16

#: Pairs of records that are compared; beyond, all stays.
MOST_PAIRS = 2**23

#: Records that show all their cells in one trial, at most.
MOST_SHOWN = 8

#: The share of trials in which one of these records matches the others.
NEAR = 0.5

#: Of sets of columns, one that costs this many times more is drawn e times less often.
SCALE = 2

#: Steps of one trial, for each record; it is given up beyond.
MOST_STEPS = 20

#: Trials for any table, and more for each record.
TRIALS = 100
TRIALS_PER_RECORD = 10

#: All trials together may take so much time, in which a step takes as much as updating
#: some counts, and then updates all of them.
MOST_UPDATES = 2**25
UPDATES_PER_STEP = 2**14


def exchange_cells(table: MatchTable, k: float, costs: Numbers) -> None:
    """Hide fewer cells of a table that is safe, if it is small.

    Parameters
    ----------
    table : MatchTable
        The records; it is changed.
    k : float
        How many records, itself included, must match each.
    costs : ndarray of shape (n_columns,)
        What a hidden cell costs in each column.
    """
    # All others are safe by themselves.
    records = np.flatnonzero(table.weights < k)
    n_counts = len(records) << len(costs)
    n_pairs = len(records) * len(table.weights)
    if not 0 < n_counts <= MOST_COUNTS or n_pairs > MOST_PAIRS:
        return
    trials = _Trials(table, records, k, costs)
    n_trials = TRIALS + TRIALS_PER_RECORD * len(records)
    trials.run(min(n_trials, MOST_UPDATES // (UPDATES_PER_STEP + n_counts)))
    table.show(records, trials.present & ~trials.hidden)


class _Trials:
    """Records, compared with each other, and how many match them in every way."""

    def __init__(
        self, table: MatchTable, records: Integers, k: float, costs: Numbers
    ) -> None:
        n_columns = len(costs)
        self.k = k
        self.rng = np.random.default_rng(0)
        self.rows = np.arange(len(records))
        self.weights = table.weights[records]
        self.present = present_cells(table.codes[records])
        self.hidden = self.present & ~table.shown[records]
        self.bits = 1 << np.arange(n_columns)
        self.sets = np.arange(1 << n_columns)
        self.smaller = self.sets[:, np.newaxis] & ~self.bits
        self.is_smaller = self.smaller != self.sets[:, np.newaxis]
        self.costs = (self.sets[:, np.newaxis] & self.bits != 0) @ costs
        #: In which columns each differs from each.
        self.differs = np.empty((len(records), len(records)), np.int64)
        #: How many records match each, if it hid each set of columns.
        self.counts = np.empty((len(records), len(self.sets)))
        for row, record in enumerate(records.tolist()):
            differs = _differences(table.codes, record)
            self.differs[row] = differs[records]
            weights = np.where(table.shown != 0, table.weights, 0)
            weights[record] = table.weights[record]
            self.counts[row] = _subset_sums(differs & table.shown, weights, n_columns)

    def run(self, n_trials: int) -> None:
        """Try to hide fewer cells, so many times."""
        kept, cost = (self.hidden.copy(), self.counts.copy()), self._cost()
        for _ in range(n_trials):
            if not self.hidden.any():
                break
            for row in self._shown_again().tolist():
                self._hide(row, 0)
            is_settled = self._settle()
            if is_settled and self._cost() <= cost:
                kept, cost = (self.hidden.copy(), self.counts.copy()), self._cost()
            else:
                self.hidden, self.counts = kept[0].copy(), kept[1].copy()

    def _cost(self) -> float:
        return float(self.weights @ self.costs[self.hidden])

    def _shown_again(self) -> Integers:
        """Choose records with hidden cells, of which often one matches the others."""
        rows = np.flatnonzero(self.hidden)
        if self.rng.random() < NEAR:
            row = self._any_of(rows)
            missed = self.differs[row, rows] & ~self.hidden[row]
            rows = rows[missed & ~self.hidden[rows] == 0]
        n_rows = self.rng.integers(1, MOST_SHOWN, endpoint=True)
        return self.rng.permutation(rows)[:n_rows]

    def _settle(self) -> bool:
        """Hide and show cells until all is safe and needed; return if that is so."""
        for _ in range(MOST_STEPS * len(self.rows)):
            row = self._next()
            if row is None:
                return True
            self._hide(row, self._choice(row))
        return False

    def _next(self) -> int | None:
        """Return an unsafe record; if there is none, one that needs less hidden."""
        is_left = self.hidden != self.present
        counts = self.counts[self.rows, self.hidden]
        rows = np.flatnonzero(is_left & (counts < self.k))
        if len(rows):
            able = rows[self._need_less(rows, self.present[rows])]
            rows = able if len(able) else rows
        else:
            rows = np.flatnonzero(self.hidden)
            rows = rows[self._need_less(rows, self.hidden[rows])]
        return self._any_of(rows) if len(rows) else None

    def _need_less(self, rows: Integers, hidden: Integers) -> npt.NDArray[np.bool_]:
        """Return if records would be safe with one column less hidden."""
        hidden = hidden[:, np.newaxis]
        is_safe = self.counts[rows[:, np.newaxis], hidden ^ self.bits] >= self.k
        needless: npt.NDArray[np.bool_] = (is_safe & (hidden & self.bits != 0)).any(1)
        return needless

    def _choice(self, row: int) -> int:
        """Return which columns to hide of a record."""
        counts, present, hidden = self.counts[row], self.present[row], self.hidden[row]
        possible = (self.sets & ~present == 0) & (self.sets != present)
        is_safe = possible & (counts >= self.k)
        if is_safe[hidden]:
            is_safe &= self.sets & ~hidden == 0
        if is_safe.any():
            has_safe_part = (is_safe[self.smaller] & self.is_smaller).any(axis=1)
            return self._cheap(np.flatnonzero(is_safe & ~has_safe_part))
        # Others may still match it later; without hope it is suppressed.
        best = np.flatnonzero(possible & (counts == counts[possible].max()))
        is_better = counts[best[0]] > counts[hidden]
        return int(best[np.argmin(self.costs[best])]) if is_better else int(present)

    def _cheap(self, sets: Integers) -> int:
        """Draw one of some sets; the more it costs, the more seldom."""
        if len(sets) == 1:
            return int(sets[0])
        dearness = self.costs[sets] / self.costs[sets].min() - 1
        times = self.rng.standard_exponential(len(sets)) * np.exp(dearness / SCALE)
        return int(sets[np.argmin(times)])

    def _any_of(self, rows: Integers) -> int:
        return int(rows[self.rng.integers(len(rows))])

    def _hide(self, row: int, hidden: int) -> None:
        """Hide columns of a record, and no others."""
        before = self._matched(row)
        self.hidden[row] = hidden
        change = self._matched(row).astype(np.float64) - before
        # It counts for itself in any case.
        change[row] = 0
        self.counts += change * self.weights[row]

    def _matched(self, row: int) -> npt.NDArray[np.bool_]:
        """Return which records a record matches, if they hide each set of columns."""
        if self.hidden[row] == self.present[row]:
            return np.zeros(self.counts.shape, bool)
        missed = self.differs[row] & ~self.hidden[row]
        matched: npt.NDArray[np.bool_] = missed[:, np.newaxis] & ~self.sets == 0
        return matched


def _differences(codes: Codes, record: int) -> Integers:
    """Return in which columns all records differ from one."""
    differs = np.zeros(len(codes), np.int64)
    for j, column in enumerate(codes.T):
        is_other = (column != column[record]) & (column != 0) & (column[record] != 0)
        differs |= is_other.astype(np.int64) << j
    return differs


def _subset_sums(sets: Integers, weights: Numbers, n_columns: int) -> Numbers:
    """Return for each set of columns the weights of all that are subsets of it."""
    sums = np.bincount(sets, weights, 1 << n_columns).reshape([2] * n_columns)
    for axis in range(n_columns):
        sums = np.cumsum(sums, axis=axis)
    return sums.ravel().astype(np.float64)
