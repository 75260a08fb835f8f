"""Records of which some cells are hidden, and how many of them match a row.

A hidden or missing cell matches every value. Which cells of a record are shown is an
integer, whose bit j stands for column j. A record of which nothing is shown is
suppressed: it matches nothing and counts for nobody.
"""

import numpy as np

from skanon.masking._shown_rows import (
    Codes,
    Integers,
    Numbers,
    ShownRows,
    count_by_keys,
    count_by_pairs,
    present_cells,
)

__all__ = ["MatchTable"]

#: Looking up rows by their keys costs as much as comparing this many pairs.
PAIRS_PER_LOOKUP = 30_000


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
        self._rows: ShownRows | None = None

    def part(self, records: Integers) -> "MatchTable":
        """Return a table of some records as they are now."""
        return MatchTable(
            self.codes[records], self.weights[records], self.shown[records]
        )

    def show(self, records: Integers, shown: int | Integers) -> None:
        """Change what is shown of some records."""
        self.shown[records] = shown
        self._rows = None

    def count_each(self, codes: Codes, views: Integers) -> Numbers:
        """Return how many records match each row, if its own view of it is shown.

        Rows that look alike are counted once, and so are records: most records look
        like others once their cells are hidden.
        """
        asked = ShownRows(codes, views)
        if self._rows is None:
            left = np.flatnonzero(self.shown)
            self._rows = ShownRows(
                self.codes[left], self.shown[left], self.weights[left]
            )
        n_lookups = len(asked.by_view) * len(self._rows.by_view)
        n_pairs = len(asked.views) * len(self._rows.views)
        is_quick = n_pairs <= n_lookups * PAIRS_PER_LOOKUP
        count = count_by_pairs if is_quick else count_by_keys
        return count(asked, self._rows)[asked.labels]

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
