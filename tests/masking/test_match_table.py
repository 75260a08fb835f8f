"""How many records match a row, if some cells are hidden."""

import numpy as np
import pytest

from skanon.masking import _match_table, _shown_rows
from skanon.masking._match_table import MatchTable
from skanon.masking._shown_rows import present_cells


def matching(codes, view, table):
    """Count the records that match a row, cell by cell."""
    return sum(
        weight
        for record, shown, weight in zip(
            table.codes, table.shown, table.weights, strict=True
        )
        if shown
        and not any(
            view & shown & 1 << j and a != b
            for j, (a, b) in enumerate(zip(codes, record, strict=True))
        )
    )


@pytest.mark.parametrize("pairs_per_lookup", [0, 10**9])
@pytest.mark.parametrize("highest", [2, 5, 10**5])
def test_matches_are_the_same_however_they_are_counted(
    monkeypatch, rng, pairs_per_lookup, highest
):
    monkeypatch.setattr(_match_table, "PAIRS_PER_LOOKUP", pairs_per_lookup)
    monkeypatch.setattr(_shown_rows, "PAIRS_AT_ONCE", 200)
    codes = np.unique(rng.integers(0, highest, (40, 4)), axis=0)
    shown = present_cells(codes) & rng.integers(0, 16, len(codes))
    table = MatchTable(codes, rng.integers(1, 9, len(codes)) / 4, shown)
    rows = rng.integers(0, highest, (60, 4))
    rows[::2] = codes[rng.integers(0, len(codes), 30)]
    views = present_cells(rows) & rng.integers(0, 16, len(rows))
    expected = [matching(*row, table) for row in zip(rows, views, strict=True)]
    np.testing.assert_array_equal(table.count_each(rows, views), expected)
