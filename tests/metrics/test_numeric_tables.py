"""il1, il1s and record linkage between numbers and their masked copy."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from skanon.exceptions import ColumnError, ColumnTypeError
from skanon.metrics import il1, il1s, record_linkage_risk

MEASURES = [il1, il1s, record_linkage_risk]

numbers = st.integers(-3, 3)
pairs = st.lists(st.tuples(numbers, numbers, numbers, numbers), min_size=2, max_size=9)


def two_tables(rows: list[Any]) -> tuple[pd.DataFrame, pd.DataFrame]:
    both = np.array(rows, float)
    return pd.DataFrame(both[:, :2]), pd.DataFrame(both[:, 2:])


def test_il1_is_its_formula() -> None:
    X, masked = [[10.0, 0.0], [-4.0, 5.0]], [[11.0, 3.0], [-5.0, np.nan]]
    assert il1(X, masked) == pytest.approx(10 + 25)


def test_il1s_is_its_formula() -> None:
    X, masked = np.array([[1.0], [3.0], [8.0]]), np.array([[2.0], [3.0], [4.0]])
    expected = 5 / (np.sqrt(2) * X.std(ddof=1))
    assert il1s(X, masked) == pytest.approx(expected)


def test_nothing_moved_costs_nothing() -> None:
    X = [[1.0, 7.0], [2.0, 7.0]]
    assert il1(X, X) == il1s(X, X) == 0


def test_a_move_within_a_constant_column_costs_infinitely_much() -> None:
    assert il1s([[7.0], [7.0]], [[7.0], [8.0]]) == np.inf


def test_all_kinds_of_table_give_the_same_numbers(frame: Any) -> None:
    X = frame({"age": [20, 30, 40], "pay": [1.5, None, 3.5], "job": list("abc")})
    masked = frame({"pay": [1.5, 2.5, 3.0], "age": [20, 31, 40]})
    columns = ["age", "pay"]
    assert il1(X, masked, columns=columns) == pytest.approx(100 / 30 + 50 / 3.5)
    expected = (1 / 10 + 0.5 / np.sqrt(2)) / np.sqrt(2)
    assert il1s(X, masked, columns=columns) == pytest.approx(expected)
    assert record_linkage_risk(X, masked, columns=columns) == pytest.approx(1 / 3)


@given(rows=pairs, data=st.data())
def test_counts_are_records(rows: list[Any], data: st.DataObject) -> None:
    n = len(rows)
    count = st.lists(st.integers(0, 3), min_size=n, max_size=n)
    counts = data.draw(count.filter(lambda c: sum(c) > 1))
    X, masked = two_tables(rows)
    place = np.repeat(np.arange(n), counts)
    for measure in MEASURES:
        methods = ["interval", "nearest"] if measure is record_linkage_risk else [None]
        for method in methods:
            options = {} if method is None else {"method": method}
            short = measure(X, masked, sample_weight=counts, **options)
            full = measure(X.iloc[place], masked.iloc[place], **options)
            assert short == pytest.approx(full)


@given(rows=pairs)
def test_interval_linkage_is_its_definition(rows: list[Any]) -> None:
    X, masked = two_tables(rows)
    x, y = X.to_numpy(), masked.to_numpy()
    inside = np.abs(x - y) <= 0.7 * y.std(axis=0, ddof=1) + 1e-12
    found = record_linkage_risk(X, masked, tolerance=0.7)
    assert found == pytest.approx(inside.all(axis=1).mean())


@given(rows=pairs)
def test_nearest_linkage_is_its_definition(rows: list[Any]) -> None:
    X, masked = two_tables(rows)
    scale = X.to_numpy().std(axis=0, ddof=1)
    scale[scale == 0] = 1
    x, y = X.to_numpy() / scale, masked.to_numpy() / scale
    distance = np.sqrt(((y[:, None] - x[None]) ** 2).sum(axis=2))
    is_near = distance <= distance.min(axis=1, keepdims=True) * (1 + 1e-9) + 1e-300
    expected = (np.diag(is_near) / is_near.sum(axis=1)).mean()
    found = record_linkage_risk(X, masked, method="nearest")
    assert found == pytest.approx(expected)


def test_an_unmasked_table_is_found_whole(rng: np.random.Generator) -> None:
    X = rng.normal(size=(200, 3))
    for method in ("interval", "nearest"):
        assert record_linkage_risk(X, X, method=method) == 1


def test_equal_originals_cannot_be_told_apart() -> None:
    X = [[1.0], [1.0], [1.0], [9.0]]
    assert record_linkage_risk(X, X, method="nearest") == pytest.approx(0.5)


def test_a_suppressed_record_is_not_found() -> None:
    X, masked = [[1.0, 2.0], [3.0, 4.0]], [[np.nan, np.nan], [3.0, np.nan]]
    assert record_linkage_risk(X, masked) == 0.5


@pytest.mark.parametrize("masked", [[None, None], pd.Categorical([None, None])])
def test_a_column_suppressed_whole_is_left_out(masked: Any) -> None:
    X, nothing = pd.DataFrame({"age": [20, 30]}), pd.DataFrame({"age": masked})
    assert il1(X, nothing) == il1s(X, nothing) == record_linkage_risk(X, nothing) == 0


class TestBadInput:
    X = pd.DataFrame({"age": [20, 30], "job": ["a", "b"]})

    @pytest.mark.parametrize("measure", MEASURES)
    def test_text_has_no_distance(self, measure: Any) -> None:
        with pytest.raises(
            ColumnTypeError, match=r"Column 'job' has .*string; .* numbers"
        ):
            measure(self.X, self.X)

    @pytest.mark.parametrize("measure", MEASURES)
    def test_no_column_is_nothing_to_compare(self, measure: Any) -> None:
        with pytest.raises(ColumnError, match="names no column to compare"):
            measure(self.X, self.X, columns=[])

    @pytest.mark.parametrize("measure", MEASURES)
    def test_tables_of_other_numbers_of_rows_are_refused(self, measure: Any) -> None:
        with pytest.raises(ValueError, match="X has 2 rows and X_masked 1"):
            measure(self.X, self.X[:1], columns=["age"])

    @pytest.mark.parametrize("measure", MEASURES)
    def test_a_column_that_x_lacks_is_refused(self, measure: Any) -> None:
        with pytest.raises(ColumnError, match="'pay', which X does not have"):
            measure(self.X, self.X, columns=["pay"])

    @pytest.mark.parametrize("measure", MEASURES)
    def test_a_column_that_the_masked_table_lacks_is_refused(
        self, measure: Any
    ) -> None:
        with pytest.raises(ColumnError, match=r"X_masked lacks the columns \['age'\]"):
            measure(self.X, self.X[["job"]], columns=["age"])

    @pytest.mark.parametrize("measure", MEASURES)
    def test_infinite_numbers_have_no_distance(self, measure: Any) -> None:
        for X, masked in (([[np.inf]], [[1.0]]), ([[1.0]], [[-np.inf]])):
            with pytest.raises(ValueError, match="Column 'x0' has 1 infinite values"):
                measure(X, masked)

    @pytest.mark.parametrize("measure", MEASURES)
    def test_negative_weights_are_refused(self, measure: Any) -> None:
        with pytest.raises(ValueError, match="negative, infinite or missing"):
            measure(self.X, self.X, columns=["age"], sample_weight=[-1, 2])

    def test_an_unknown_method_is_refused(self) -> None:
        with pytest.raises(ValueError, match="one of 'interval', 'nearest'; got 'x'"):
            record_linkage_risk([[1.0]], [[1.0]], method="x")

    @pytest.mark.parametrize("tolerance", [0, 2, None])
    def test_a_tolerance_outside_its_range_is_refused(self, tolerance: Any) -> None:
        with pytest.raises(ValueError, match="'tolerance' of record_linkage_risk"):
            record_linkage_risk([[1.0]], [[1.0]], tolerance=tolerance)

    def test_missing_numbers_have_no_distance(self) -> None:
        with pytest.raises(ValueError, match="cannot measure the distance to missing"):
            record_linkage_risk([[np.nan]], [[1.0]], method="nearest")
