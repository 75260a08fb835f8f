"""Columns of dates in every form that Arrow has."""

import datetime as dt
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from skanon._calendar import UNITS, date_kind, read_days
from skanon.exceptions import ColumnTypeError, DateParseError

EPOCH = dt.date(1970, 1, 1)

#: The dates that 64 bits of each unit can hold, if not all of the calendar.
NANOSECONDS = st.datetimes(dt.datetime(1678, 1, 1), dt.datetime(2262, 1, 1))

#: Numbers that count what each unit stands for.
COUNTED = {"D": dt.timedelta(days=1), "s": dt.timedelta(seconds=1)}
COUNTED |= {"ms": dt.timedelta(milliseconds=1), "us": dt.timedelta(microseconds=1)}


def read(column, **options):
    days = read_days(column, name="born", owner="DateGeneralizer", **options)
    assert days.type == pa.int32()
    days.validate(full=True)
    return days.to_pylist()


def python_days(dates):
    return [None if date is None else (date - EPOCH).days for date in dates]


def with_missing(values):
    return st.lists(values | st.none(), max_size=20)


@given(with_missing(st.dates()))
def test_dates_and_text_give_the_days_of_python(dates):
    days = python_days(dates)
    texts = [None if date is None else date.isoformat() for date in dates]
    assert read(pa.array(dates, pa.date32())) == days
    assert read(pa.array(dates, pa.date64())) == days
    assert read(pa.array(texts, pa.string())) == days
    assert read(pa.array(texts, pa.large_string())) == days


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
@given(st.data())
def test_timestamps_give_the_days_of_python(unit, data):
    moments = data.draw(with_missing(NANOSECONDS if unit == "ns" else st.datetimes()))
    dates = [None if moment is None else moment.date() for moment in moments]
    column = pa.array(moments, pa.timestamp("us")).cast(pa.timestamp(unit), safe=False)
    assert read(column) == python_days(dates)


@pytest.mark.parametrize(
    "zone", ["UTC", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "+05:30"]
)
@given(with_missing(st.datetimes(dt.datetime(1, 1, 2), dt.datetime(9999, 12, 30))))
def test_the_date_in_the_zone_counts(zone, moments):
    offset = dt.timezone(dt.timedelta(hours=5, minutes=30))
    info = offset if zone.startswith("+") else ZoneInfo(zone)
    column = pa.array(moments, pa.timestamp("us")).cast(pa.timestamp("us", zone))
    dates = [
        None if m is None else m.replace(tzinfo=dt.UTC).astimezone(info).date()
        for m in moments
    ]
    assert read(column) == python_days(dates)


@pytest.mark.parametrize("year", [2036, 2037, 2038, 2100, 9998])
def test_summer_time_does_not_end_with_the_zone_files(year):
    moment = dt.datetime(year, 7, 1, 4, 0, tzinfo=dt.UTC)  # midnight in New York
    moments = [moment - dt.timedelta(microseconds=1), moment]
    days = read(pa.array(moments, pa.timestamp("us", "America/New_York")))
    assert days == python_days([dt.date(year, 6, 30), dt.date(year, 7, 1)])


def test_the_ends_of_the_calendar_depend_on_the_zone():
    edges = [-62_135_596_800, 253_402_300_799]  # in UTC
    for zone, expected in (
        ("UTC", [-719_162, 2_932_896]),
        ("America/New_York", [None, 2_932_896]),
        ("Asia/Tokyo", [-719_162, None]),
    ):
        column = pa.array(edges, pa.timestamp("s", zone))
        assert read(column, errors="coerce") == expected


@pytest.mark.parametrize("unit", COUNTED)
@given(with_missing(st.datetimes()))
def test_numbers_count_units_since_1970(unit, moments):
    start = dt.datetime(1970, 1, 1)
    counts = [None if m is None else (m - start) // COUNTED[unit] for m in moments]
    days = python_days([None if m is None else m.date() for m in moments])
    assert read(pa.array(counts, pa.int64()), unit=unit) == days
    if unit == "D":
        assert read(pa.array(counts, pa.int32())) == days
    floats = [None if n is None else n + 0.25 for n in counts]
    if unit in ("D", "s"):
        assert read(pa.array(floats, pa.float64()), unit=unit) == days


def test_nanoseconds_are_rounded_down_too():
    counts = pa.array([-1, 0, 86_400 * 10**9 - 1, 86_400 * 10**9])
    assert read(counts, unit="ns") == [-1, 0, 0, 1]


@pytest.mark.parametrize(
    "kind", ["int8", "uint8", "int16", "uint16", "uint32", "uint64"]
)
def test_numbers_of_any_width_count_days(kind):
    assert read(pa.array([0, 127, None], kind)) == [0, 127, None]
    assert read(pa.array([0, 127, None], kind), unit="s") == [0, 0, None]


def test_unsigned_numbers_beyond_the_calendar_are_no_dates():
    assert read(pa.array([2**64 - 1, 0], pa.uint64()), errors="coerce") == [None, 0]


@pytest.mark.parametrize("kind", [pa.float16(), pa.float32(), pa.float64()], ids=str)
def test_nan_is_missing_and_infinity_is_no_date(kind):
    numbers = np.array([np.nan, -0.5, 1.5, np.inf, -np.inf], kind.to_pandas_dtype())
    expected = [None, -1, 1, None, None]
    assert read(pa.array(numbers, kind), errors="coerce") == expected
    with pytest.raises(DateParseError, match="2 of 4 values lie outside"):
        read(pa.array(numbers, kind))


@pytest.mark.parametrize("kind", [pa.int32(), pa.int64(), pa.float64(), pa.uint64()])
def test_numbers_can_be_written_dates(kind):
    column = pa.array([19_900_503, None, 19_900_230], kind)
    expected = [*python_days([dt.date(1990, 5, 3)]), None, None]
    assert read(column, format="%Y%m%d", errors="coerce") == expected
    years = pa.array([1990, 2000, None], kind)
    expected = python_days([dt.date(1990, 1, 1), dt.date(2000, 1, 1), None])
    assert read(years, format="%Y") == expected


def test_fractions_are_no_written_dates():
    column = pa.array([1990.5, 1e300, -1990.0, 1990.0])
    assert read(column, format="%Y", errors="coerce")[:3] == [None, None, None]


def test_a_format_does_not_matter_to_dates():
    assert read(pa.array([EPOCH]), format="%d.%m.%Y") == [0]


@pytest.mark.parametrize(
    "kind", [pa.null(), pa.string(), pa.date32(), pa.timestamp("ns", "UTC"), pa.int64()]
)
@pytest.mark.parametrize("n", [0, 3])
def test_columns_without_a_value_have_no_days(kind, n):
    assert read(pa.nulls(n, kind)) == [None] * n


def test_slices_are_read_from_where_they_begin():
    dates = pa.array([dt.date(1990, 1, 1), None, EPOCH, None])
    for kind in (pa.date32(), pa.date64(), pa.timestamp("s"), pa.string(), pa.int32()):
        column = dates.cast(kind)
        assert read(column.slice(1, 2)) == [None, 0]
        assert read(column.slice(2, 1)) == [0]


@pytest.mark.parametrize(
    ("column", "options", "message"),
    [
        (
            pa.array(["1990-05-03", "secret", None, "1990-02-30"]),
            {},
            r"Column 'born': 2 of 3 values are not ISO 8601 dates \(YYYY-MM-DD\) of "
            r"the years 1 to 9999. Set 'format' if they are written in another way, "
            r"correct them, or let errors='coerce' make them missing\.",
        ),
        (
            pa.array(["1990-05-03", "03.05.1990"]),
            {"format": "%d.%m.%Y"},
            r"1 of 2 values are not dates of the years 1 to 9999 written as "
            r"format='%d.%m.%Y'. Correct the format or the values, or let",
        ),
        (
            pa.array([10**15, -(10**14), 0]),
            {"unit": "ms"},
            r"2 of 3 values lie outside the years 1 to 9999, counted in unit='ms' "
            r"since 1970-01-01. Set 'unit' if they count something else, or",
        ),
        (
            pa.array([641_692_800]),
            {},
            "counted in unit='D' since 1970-01-01. Set 'unit' if they count something",
        ),
        (
            pa.array([10**12, 0], pa.timestamp("s")),
            {},
            "1 of 2 values lie outside the years 1 to 9999. Correct them, or let",
        ),
    ],
    ids=["text", "format", "unit", "no-unit", "timestamp"],
)
def test_unreadable_values_are_counted_but_not_shown(column, options, message):
    with pytest.raises(DateParseError, match=message) as caught:
        read(column, **options)
    assert "secret" not in str(caught.value)
    assert read(column, errors="coerce", **options).count(None) > 0


@pytest.mark.parametrize(
    "column",
    [
        pa.array([True]),
        pa.array([[1]]),
        pa.array([b"1990-05-03"]),
        pa.array([{"a": 1}]),
        pa.array([dt.time(12)]),
        pa.array([dt.timedelta(1)]),
        pa.array([1990]).cast(pa.decimal128(20)),
    ],
    ids=lambda column: str(column.type),
)
def test_columns_of_other_types_are_refused(column):
    message = "Column 'born' has Arrow type .*; DateGeneralizer needs dates: ISO text"
    for part in (column, column[:0]):
        assert date_kind(part.type) is None
        with pytest.raises(ColumnTypeError, match=message):
            read(part, errors="coerce")


def test_units_are_those_of_numpy():
    for unit, per_day in UNITS.items():
        assert np.timedelta64(1, "D") == np.timedelta64(per_day, unit)
