"""Which columns identify: by definition, and by ARX."""

import json
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from skanon.exceptions import ColumnError
from skanon.metrics import quasi_identifier_ranking

PEOPLE = {
    "age": [20, 30, 40, 20, 40],
    "sex": ["f", "f", "f", "m", "m"],
    "state": ["CA", "CA", "TX", "NY", "CA"],
}

cells = st.one_of(st.none(), st.integers(0, 2))
tables = st.lists(st.tuples(cells, cells, cells), min_size=1, max_size=12)


def test_ranking_equals_arx(shared: Path) -> None:
    cases = json.loads((shared / "arx" / "cases.json").read_text())["risk_cases"]
    (case,) = [c for c in cases if c["id"].startswith("TestRiskQuasiIdentifiers")]
    table = pd.DataFrame(case["table"]["rows"], columns=case["table"]["header"])
    found = quasi_identifier_ranking(table, max_size=3).to_frame()
    assert len(found) == len(case["expect_sorted"])
    for names, distinction, separation in case["expect_sorted"]:
        (row,) = [r for r in found.itertuples() if set(r.columns) == set(names)]
        assert row.distinction == pytest.approx(distinction, 1e-12)
        assert row.separation == pytest.approx(separation, 1e-12)


def test_order_is_by_size_and_then_by_how_well_a_set_identifies(frame: Any) -> None:
    found = quasi_identifier_ranking(frame(PEOPLE), max_size=2)
    assert found.column_sets == [
        ("age",),
        ("state",),
        ("sex",),
        ("age", "sex"),
        ("age", "state"),
        ("sex", "state"),
    ]


@given(rows=tables, data=st.data())
def test_numbers_are_their_definitions_and_counts_are_records(
    rows: list[Any], data: st.DataObject
) -> None:
    n = len(rows)
    count = st.lists(st.integers(0, 3), min_size=n, max_size=n)
    counts = data.draw(count.filter(any))
    X = pd.DataFrame(rows, columns=list("abc"), dtype="Int64")
    found = quasi_identifier_ranking(X, max_size=3, sample_weight=counts)
    records = [
        row
        for row, times in zip(rows, counts, strict=True)
        for _ in range(times)
        if any(cell is not None for cell in row)
    ]
    for names, distinction, separation in zip(
        found.column_sets, found.distinction, found.separation, strict=True
    ):
        parts = [tuple(row["abc".index(name)] for name in names) for row in records]
        pairs = list(combinations(parts, 2))
        expected = np.mean([a != b for a, b in pairs]) if pairs else len(parts)
        assert separation == pytest.approx(expected)
        assert distinction == pytest.approx(
            len(set(parts)) / len(parts) if parts else 0
        )


def test_an_identifier_tells_all_apart() -> None:
    table = pd.DataFrame(PEOPLE).assign(id=range(5))
    found = quasi_identifier_ranking(table, columns=["sex", "id"], max_size=1)
    assert found.column_sets == [("id",), ("sex",)]
    assert found.distinction[0] == found.separation[0] == 1


def test_ranking_as_a_table_and_as_text() -> None:
    found = quasi_identifier_ranking(pd.DataFrame(PEOPLE), max_size=5)
    frame = found.to_frame()
    assert list(frame) == ["columns", "n_columns", "distinction", "separation"]
    assert frame["n_columns"].tolist() == [1, 1, 1, 2, 2, 2, 3]
    assert repr(found).splitlines()[:2] == [
        "columns            distinction  separation",
        "age                     0.6000      0.8000",
    ]


def test_a_long_ranking_is_cut_in_text() -> None:
    table = pd.DataFrame(np.arange(20).reshape(2, 10))
    text = repr(quasi_identifier_ranking(table))
    assert text.splitlines()[-1] == "… and 45 more sets of columns"
    assert len(text.splitlines()) == 12


class TestBadInput:
    X = pd.DataFrame(PEOPLE)

    def test_a_column_that_x_lacks_is_refused(self) -> None:
        with pytest.raises(ColumnError, match="'zip', which X does not have"):
            quasi_identifier_ranking(self.X, columns=["zip"])

    def test_no_column_is_nothing_to_rank(self) -> None:
        with pytest.raises(ColumnError, match="names no column; there is nothing to r"):
            quasi_identifier_ranking(self.X, columns=[])

    @pytest.mark.parametrize("max_size", [0, 1.5, None])
    def test_a_size_that_is_no_whole_number_from_one_is_refused(
        self, max_size: Any
    ) -> None:
        with pytest.raises(ValueError, match="'max_size' of quasi_identifier_ranking"):
            quasi_identifier_ranking(self.X, max_size=max_size)

    def test_negative_weights_are_refused(self) -> None:
        with pytest.raises(ValueError, match="negative, infinite or missing"):
            quasi_identifier_ranking(self.X, sample_weight=[-1] * 5)
