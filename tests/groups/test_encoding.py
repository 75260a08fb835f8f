"""Columns of every type become codes that are equal where the values are."""

import datetime
import decimal

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from skanon._frames import read_frame
from skanon._groups import (
    _frame_columns,
    encode_column,
    encode_columns,
    encode_sensitive,
)
from skanon.exceptions import ColumnTypeError

DAY = datetime.date
COLUMNS = {
    "text": pa.array(["b", "a", None, "b"]),
    "integers": pa.array([3, -2, None, 3]),
    "integers of a wide span": pa.array([2**62, -(2**62), None, 2**62]),
    "unsigned": pa.array([2**63 + 1, 5, None, 2**63 + 1], pa.uint64()),
    "whole floats": pa.array([3.0, -2.0, None, 3.0]),
    "floats": pa.array([1e300, 0.5, float("nan"), 1e300]),
    "infinite floats": pa.array([float("inf"), 1.0, None, float("inf")]),
    "booleans": pa.array([True, False, None, True]),
    "dates": pa.array([DAY(2020, 1, 2), DAY(1999, 1, 1), None, DAY(2020, 1, 2)]),
    "times": pa.array([10**18, 5, None, 10**18], pa.timestamp("ns")),
    "decimals": pa.array([decimal.Decimal(2), decimal.Decimal("1.5"), None, None]).take(
        pa.array([0, 1, 2, 0])
    ),
    "dictionary": pa.array(["b", "a", None, "b"]).dictionary_encode(),
    "dictionary that repeats a value": pa.DictionaryArray.from_arrays(
        pa.array([0, 1, None, 2]), pa.array(["b", "a", "b"])
    ),
    "dictionary with a null": pa.DictionaryArray.from_arrays(
        pa.array([0, 1, 2, 0]), pa.array(["b", "a", None])
    ),
    "dictionary of floats with not a number": pa.DictionaryArray.from_arrays(
        pa.array([0, 1, 2, 3]), pa.array([1.5, 0.0, float("nan"), 1.5])
    ),
    "intervals": pa.array(
        [
            {"left": 1, "right": 2},
            {"left": 0, "right": 2},
            None,
            {"left": 1, "right": 2},
        ]
    ),
}


@pytest.mark.parametrize("name", COLUMNS)
def test_codes_are_equal_where_values_are(name):
    encoded = encode_column(COLUMNS[name])
    a, b, missing, again = encoded.codes.tolist()
    assert a == again
    assert len({a, b, missing}) == 3
    assert missing == encoded.missing
    assert 0 <= encoded.codes.min() <= encoded.codes.max() < encoded.n_codes


def test_both_zeros_have_one_code():
    assert len(set(encode_column(pa.array([0.0, -0.0, 0.0])).codes)) == 1
    assert len(set(encode_column(pa.array([0.0, -0.0, 0.5])).codes)) == 2
    categories = pa.array([0.0, -0.0]).dictionary_encode()
    assert len(set(encode_column(categories).codes)) == 1
    assert encode_sensitive(categories).n_codes == 1


@pytest.mark.parametrize("encode", [encode_column, encode_sensitive])
def test_not_a_number_among_the_categories_is_missing(encode):
    categories = pa.array([float("nan"), None, 1.0]).dictionary_encode()
    codes = encode(categories).codes
    assert codes[0] == codes[1] != codes[2]


OBJECTS = {
    "text": ["b", "a", None, "b"],
    "equal texts that are two objects": ["b", "a", None, "".join(["b", ""])],
    "missing in several ways": ["b", "a", float("nan"), "b"],
    "numbers": [10**6, 1, None, 10**6],
    "booleans": [True, False, pd.NA, True],
    "dates": [DAY(2020, 1, 2), DAY(1999, 1, 1), pd.NaT, DAY(2020, 1, 2)],
}


class TestRecurringObjects:
    """Objects that recur are told apart by their addresses, then by their values."""

    @pytest.mark.parametrize("name", OBJECTS)
    @pytest.mark.parametrize("times", [1, 500])
    def test_they_are_codes_like_others(self, name, times):
        values = np.empty((4 * times, 2), object)
        values[:, 1] = OBJECTS[name] * times
        for table, position in ((values, 1), (pd.DataFrame(values, dtype=object), 1)):
            frame = read_frame(table)
            column = frame.categories(position)
            assert pa.types.is_dictionary(column.type) == (times > 1)
            expected = encode_sensitive(frame.column(position))
            assert encode_sensitive(column).codes.tolist() == expected.codes.tolist()
            a, b, missing, again = encode_column(column).codes[-4:]
            assert a == again
            assert len({a, b, missing}) == 3

    def test_mixed_types_are_named_and_not_quoted(self):
        table = pd.DataFrame({"a": ["secret", 12345] * 50}, dtype=object)
        with pytest.raises(
            ColumnTypeError, match="mixes values of types int, str"
        ) as e:
            read_frame(table).categories(0)
        assert "secret" not in str(e.value)

    def test_an_empty_column_has_none(self):
        table = pd.DataFrame({"a": []}, dtype=object)
        assert len(read_frame(table, allow_empty=True).categories(0)) == 0


def test_a_column_without_missing_values_has_no_code_for_them():
    assert encode_column(pa.array([1, 2])).missing is None


def test_a_column_of_nothing_but_missing_values_has_one_code():
    for column in (pa.nulls(3), pa.nulls(3, pa.int64()), pa.nulls(3, pa.string())):
        encoded = encode_column(column)
        assert set(encoded.codes) == {encoded.missing}


def test_unused_categories_do_not_lengthen_the_codes():
    column = pa.DictionaryArray.from_arrays(
        pa.array([99_999, 5, 99_999]), pa.array([str(i) for i in range(100_000)])
    )
    assert encode_column(column).n_codes == 2


def test_pandas_intervals_are_read():
    table = pd.DataFrame({"age": pd.cut(pd.Series([1, 5, 9, 2]), [0, 3, 6, 9])})
    codes = encode_column(read_frame(table).column(0)).codes
    assert codes[0] == codes[3]
    assert len(set(codes)) == 3


def test_values_that_cannot_be_compared_are_named():
    with pytest.raises(
        ColumnTypeError, match=r"Column 'tags' has Arrow type list.*Convert"
    ):
        encode_column(pa.array([["a"], ["b"]]), name="tags")


@pytest.mark.parametrize("name", COLUMNS)
def test_sensitive_codes_follow_the_order_of_the_values(name):
    column = encode_sensitive(COLUMNS[name])
    assert column.codes.tolist() == [1, 0, 2, 1]
    assert column.n_codes == 3
    assert not column.values[2].is_valid


def test_a_given_order_may_name_values_that_do_not_occur():
    column = encode_sensitive(pa.array(["lo", "hi", None]))
    assert column.values.to_pylist() == ["hi", "lo", None]
    assert column.ranks(["lo", "mid", "hi"]).tolist() == [1, 0, 2]


def test_a_given_order_may_say_where_the_missing_value_stands():
    column = encode_sensitive(pa.array(["lo", "hi", None]))
    assert column.ranks(["lo", None, "hi"]).tolist() == [2, 0, 1]


@pytest.mark.parametrize("kind", [pa.int64(), pa.float64()])
def test_a_given_order_of_numbers_may_be_finer_than_the_column(kind):
    column = encode_sensitive(pa.array([1, 3], kind))
    assert column.ranks([3.5, 3, 2.5, 1]).tolist() == [1, 0]


def test_an_ordered_categorical_keeps_its_order():
    values = pd.Categorical(["lo", "hi"], ["lo", "none", "hi"], ordered=True)
    column = encode_sensitive(read_frame(pd.DataFrame({"s": values})).column(0))
    assert column.codes.tolist() == [0, 1]
    assert column.is_ordered


@pytest.mark.parametrize(
    ("column", "is_ordered"),
    [
        (pa.array(["a"]), False),
        (pa.array(["a"]).dictionary_encode(), False),
        (pa.array([1]), True),
        (pa.array([1.5]), True),
        (pa.array([DAY(2020, 1, 1)]), True),
        (pa.array([True]), True),
        (pa.nulls(1), True),
    ],
)
def test_the_alphabet_is_no_order(column, is_ordered):
    assert encode_sensitive(column).is_ordered is is_ordered


def test_an_order_that_does_not_fit_is_refused_without_quoting_a_value():
    column = encode_sensitive(pa.array(["secret", "hi"]), name="s")
    with pytest.raises(ValueError, match=r"'s' lacks 1 of the values") as lacks:
        column.ranks(["hi"])
    assert "secret" not in str(lacks.value)
    with pytest.raises(ValueError, match=r"'s' names a value twice"):
        column.ranks(["hi", "hi"])
    with pytest.raises(ValueError, match=r"another type than the column's int64"):
        encode_sensitive(pa.array([1, 2]), name="s").ranks(["one", "two"])


def test_text_is_ordered_by_code_points():
    values = ["é", "z", "Z", "\U0001f600", "\uffff"]
    assert encode_sensitive(pa.array(values)).values.to_pylist() == sorted(values)


def test_numpy_nan_is_missing():
    frame = read_frame(np.array([[1.0], [np.nan]]))
    assert encode_column(frame.column(0)).missing is not None


@pytest.fixture(params=[1, 3], ids=["one by one", "in threads"])
def n_threads(request, monkeypatch):
    monkeypatch.setattr(_frame_columns, "MANY_ROWS", 1)
    monkeypatch.setattr(pa, "cpu_count", lambda: request.param)
    return request.param


def test_columns_of_a_table_are_encoded_in_their_order(frame, n_threads):
    values = {f"q{i}": [i, None, i + 1, i] for i in range(7)}
    values["text"] = ["b", None, "a", "b"]
    table = read_frame(frame(values))
    found = encode_columns(table, [7, 0, 3])
    for encoded, position in zip(found, [7, 0, 3], strict=True):
        expected = encode_column(table.column(position))
        assert encoded.codes.tolist() == expected.codes.tolist()
        assert encoded.n_codes == expected.n_codes


def test_the_column_that_cannot_be_encoded_is_named(n_threads):
    table = pa.table({"a": [1, 2], "tags": [["x"], ["y"]], "b": [1, 2]})
    with pytest.raises(ColumnTypeError, match="Column 'tags' has Arrow type list"):
        encode_columns(read_frame(table), [0, 1, 2])
