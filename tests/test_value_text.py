"""A value has one text, whatever the dtype of its column."""

import datetime as dt
import math
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pytest

from skanon._value_text import are_among, as_text, find_values
from skanon.exceptions import ColumnTypeError

NOON = dt.datetime(2020, 1, 2, 12, 30)
MIDNIGHT = dt.datetime(2020, 1, 2)
HALF = dt.datetime(2020, 1, 2, 0, 0, 0, 500_000)


@pytest.mark.parametrize(
    ("array", "expected"),
    [
        (pa.array(["a", "39", None]), ["a", "39", None]),
        (pa.array([39, None], pa.int8()), ["39", None]),
        (pa.array([39.0, -0.5, None, math.nan]), ["39", "-0.5", None, None]),
        (pa.array([1e300, math.inf]), ["1e+300", "inf"]),
        (pa.array([2**63], pa.uint64()), ["9223372036854775808"]),
        (pa.array([True, False, None]), ["True", "False", None]),
        (pa.array([Decimal("1.50"), Decimal("-10.00")]), ["1.5", "-10"]),
        (pa.array([Decimal("100")]), ["100"]),
        (pa.array([dt.date(2020, 1, 2)]), ["2020-01-02"]),
        (pa.array(["b", None, "b"]).dictionary_encode(), ["b", None, "b"]),
        (pa.nulls(2), [None, None]),
    ],
)
def test_values_have_a_text(array, expected):
    assert as_text(array).to_pylist() == expected


def test_a_number_of_32_bits_has_the_text_of_the_one_of_64_that_it_was_made_of(rng):
    digits = rng.integers(-(10**6), 10**6, 2_000)
    numbers = np.r_[digits / 1e6, digits / 1e3, digits / 1e12, digits, np.nan, 1e30]
    singles = as_text(pa.array(numbers.astype(np.float32)))
    assert singles.to_pylist() == as_text(pa.array(numbers)).to_pylist()


def test_whole_numbers_of_32_bits_keep_all_their_digits():
    numbers = pa.array([2.0**24 + 2, 123456792.0], pa.float32())
    assert as_text(numbers).to_pylist() == ["16777218", "123456792"]


def test_numbers_of_16_bits_have_the_text_of_those_of_32_that_pandas_makes_of_them():
    numbers = np.array([0.1, -2.5, np.nan], np.float16)
    wide = as_text(pa.array(numbers.astype(np.float32)))
    assert as_text(pa.array(numbers)).to_pylist() == wide.to_pylist()


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_the_unit_of_a_timestamp_does_not_show(unit):
    column = pa.array([NOON, MIDNIGHT, None], pa.timestamp(unit))
    assert as_text(column).to_pylist() == ["2020-01-02 12:30:00", "2020-01-02", None]


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_the_unit_of_a_duration_does_not_show(unit):
    column = pa.array([0, 86_400, -1, None], pa.duration("s")).cast(pa.duration(unit))
    texts = ["0 ns", "86400000000000 ns", "-1000000000 ns", None]
    assert as_text(column).to_pylist() == texts


def test_fractions_of_a_second_show():
    for unit in ("ms", "us", "ns"):
        text = as_text(pa.array([HALF], pa.timestamp(unit)))
        assert text.to_pylist() == ["2020-01-02 00:00:00.5"]


@pytest.mark.parametrize(
    "array", [pa.array([[1]]), pa.array([b"a"]), pa.array([b"a"], pa.binary(1))]
)
def test_what_has_no_text_is_refused(array):
    with pytest.raises(ColumnTypeError, match="cannot be looked up"):
        as_text(array)


@pytest.mark.parametrize(
    "column",
    [
        pa.array(["39", None, "a", "39"]),
        pa.array([39, None, 7, 39], pa.uint64()),
        pa.array([39.0, math.nan, 0.5, 39.0]),
        pa.array([Decimal(39), None, Decimal(4), Decimal(39)]),
    ],
)
def test_values_are_found_among_texts_by_their_own(column):
    texts = pa.array(["x", "39"], pa.large_string())
    assert are_among(column, texts).to_pylist() == [True, False, False, True]
    assert find_values(column, texts).to_pylist() == [1, None, None, 1]
