"""ISO 8601 text, against Python's own reading of it."""

import datetime as dt

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from skanon._calendar._iso_text import CHUNK, parse_iso

EPOCH = dt.date(1970, 1, 1)

TYPES = [pa.string(), pa.large_string()]


def python_days(text):
    """Return the day number of the date that is written, None if there is none."""
    try:
        return (dt.date.fromisoformat(text[:10]) - EPOCH).days
    except ValueError:
        return None


def parsed(texts, kind=None):
    days, readable = parse_iso(pa.array(texts, kind or pa.large_string()))
    assert days.shape == readable.shape == (len(texts),)
    return [
        day if ok else None for day, ok in zip(days.tolist(), readable, strict=True)
    ]


@pytest.mark.parametrize("kind", TYPES, ids=str)
@given(dates=st.lists(st.dates(), max_size=20))
def test_dates_are_read_as_python_reads_them(kind, dates):
    texts = [date.isoformat() for date in dates]
    assert parsed(texts, kind) == [python_days(text) for text in texts]


def test_every_day_of_a_400_year_era_is_read():
    days = np.arange(
        python_days("1800-01-01"), python_days("2200-01-01"), dtype=np.int32
    )
    assert len(days) > 4 * CHUNK
    text = pa.array(days).view(pa.date32()).cast(pa.string())
    found, readable = parse_iso(text)
    np.testing.assert_array_equal(found, days)
    assert readable.all()


def test_every_year_month_and_day_number_is_checked():
    years = ["0000", "0001", "1600", "1700", "1900", "2000", "2023", "2024", "9999"]
    numbers = [f"{number:02}" for number in range(100)]
    texts = [f"{y}-{m}-{d}" for y in years for m in numbers for d in numbers]
    assert parsed(texts) == [python_days(text) for text in texts]


@given(st.data())
def test_one_wrong_character_is_noticed(data):
    text = data.draw(st.dates()).isoformat()
    position = data.draw(st.integers(0, 9))
    character = data.draw(st.characters(max_codepoint=127))
    text = text[:position] + character + text[position + 1 :]
    expected = python_days(text) if is_plain(text) else None
    assert parsed([text, "1970-01-02"]) == [expected, 1]


def is_plain(text):
    digits = text[:4] + text[5:7] + text[8:]
    return text[4] == text[7] == "-" and digits.isdigit() and digits.isascii()


@given(st.lists(st.binary(min_size=10, max_size=10), min_size=1))
def test_ten_bytes_of_any_kind_are_read_or_refused(values):
    texts = [value.decode("latin-1") for value in values]
    ten = [text for text in texts if len(text.encode()) == 10]
    assert parsed(ten) == [python_days(t) if is_plain(t) else None for t in ten]


@pytest.mark.parametrize(
    "rest",
    [
        "T00:00:00",
        " 23:59:59",
        "t12:00",
        "T12",
        "T1234",
        "T123456.789",
        "T12:34:56.123456789",
        "T12:34:56,5",
        "T23:59:60",
        "T12:00:00Z",
        "T12:00:00+02:00",
        "T12:00:00-1130",
        " 12:00:00+00",
        " 12:00:00 +00:00",
        "Z",
        "+01:00",
    ],
)
def test_the_date_before_a_time_or_zone_counts(rest):
    texts = [f"1990-05-03{rest}", f"1990-02-30{rest}", "1970-01-02"]
    assert parsed(texts) == [python_days("1990-05-03"), None, 1]


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "1990",
        "1990-05",
        "90-05-03",
        "1990-5-3",
        "19900503",
        "1990/05/03",
        "03.05.1990",
        " 1990-05-03",
        "1990-05-03 ",
        "1990-05-03\n",
        "1990-05-03T",
        "1990-05-03T24:00",
        "1990-05-03T12:60",
        "1990-05-03T12:00:61",
        "1990-05-03T12:00:00+2",
        "1990-05-03x",
        "-1990-05-03",
        "+11990-05-03",
        "\u0660\u0660\u0660\u0661-\u0660\u0661-\u0660\u0661",
        "1990-05-03, or so",
        "NaT",
        "1990-123",
        "1990-W18-4",
    ],
)
def test_other_text_is_no_date(text):
    assert parsed([text]) == [None]
    assert parsed([text, "1970-01-02"]) == [None, 1]


@pytest.mark.parametrize("kind", TYPES, ids=str)
def test_slices_are_read_from_where_they_begin(kind):
    column = pa.array(["1970-01-01", "1970-01-02", "1970-01-03", "x"], kind)
    days, readable = parse_iso(column.slice(1, 2))
    assert days.tolist() == [1, 2]
    assert readable.all()


def test_no_text_is_no_date():
    days, readable = parse_iso(pa.array([], pa.string()))
    assert len(days) == len(readable) == 0
