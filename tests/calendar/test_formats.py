"""Text in a format, against Python's ``strptime``."""

import datetime as dt

import pyarrow as pa
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from skanon._calendar import check_format
from skanon._calendar._formats import parse_format

EPOCH = dt.date(1970, 1, 1)

FORMATS = [
    "%Y-%m-%d",
    "%d.%m.%Y",
    "%m/%d/%y",
    "%Y%m%d",
    "%d %B %Y",
    "%b %d, %Y",
    "%A, %d %b %Y",
    "%Y%j",
    "%Y-%m-%dT%H:%M:%S.%f",
    "%d/%m/%Y %I:%M %p",
    "100%% %d-%m-%Y (a+b) [%H]",
    "%Y",
    "%Y%m",
    "%B %Y",
]


def python_days(text, format):
    """Return the day number that Python reads, None if it reads none."""
    try:
        return (dt.datetime.strptime(text, format).date() - EPOCH).days
    except ValueError:
        return None


def parsed(texts, format, kind=None):
    check_format(format)
    days, readable = parse_format(pa.array(texts, kind or pa.large_string()), format)
    assert days.shape == readable.shape == (len(texts),)
    return [
        day if ok else None for day, ok in zip(days.tolist(), readable, strict=True)
    ]


#: Python writes years before 1000 with fewer than four digits on some systems.
MOMENTS = st.datetimes(min_value=dt.datetime(1000, 1, 1))


@pytest.mark.parametrize("format", FORMATS)
@given(moments=st.lists(MOMENTS, max_size=10))
def test_what_python_writes_is_read_as_python_reads_it(format, moments):
    texts = [moment.strftime(format) for moment in moments]
    expected = [python_days(text, format) for text in texts]
    assert None not in expected
    for kind in (pa.string(), pa.large_string()):
        assert parsed(texts, format, kind) == expected


@pytest.mark.parametrize("format", FORMATS)
@given(st.data())
def test_one_wrong_character_is_read_as_python_reads_it(format, data):
    text = data.draw(MOMENTS).strftime(format)
    position = data.draw(st.integers(0, len(text) - 1))
    character = data.draw(st.sampled_from("0123456789abzAB -+./:,%"))
    text = text[:position] + character + text[position + 1 :]
    assume(not ("%j" in format and text.endswith("366")))  # see below
    assert parsed([text], format) == [python_days(text, format)]


@pytest.mark.parametrize(
    ("format", "text"),
    [
        ("%d.%m.%Y", "3.5.1990"),
        ("%d.%m.%Y", "31.02.1990"),
        ("%d.%m.%Y", "29.02.1900"),
        ("%d.%m.%Y", "29.02.2000"),
        ("%d.%m.%Y", "00.01.2000"),
        ("%d.%m.%Y", "01.01.0000"),
        ("%d.%m.%Y", "01.01.0001"),
        ("%d.%m.%Y", "31.12.9999"),
        ("%d.%m.%Y", "01.01.90"),
        ("%d.%m.%Y", " 01.01.1990"),
        ("%d.%m.%Y", "01.01.1990 "),
        ("%d.%m.%Y", "01.01.1990\n"),
        ("%d.%m.%Y", ""),
        ("%y%m%d", "680101"),
        ("%y%m%d", "690101"),
        ("%Y%j", "2024366"),
        ("%Y%j", "2024367"),
        ("%Y%j", "2024000"),
        ("%d %b %Y", "3 mAY 1990"),
        ("%d %b %Y", "03   May\t1990"),
        ("%d %b %Y", "03 Mai 1990"),
        ("%Y-%m-%d %z", "1990-05-03 +02:00"),
        ("%Y-%m-%d %z", "1990-05-03 Z"),
        ("%Y年%m月%d日", "1990年05月03日"),
    ],
)
def test_special_texts_are_read_as_python_reads_them(format, text):
    expected = python_days(text, format)
    assert parsed([text], format) == [expected]
    assert parsed([text, text, "never"], format) == [expected, expected, None]


def test_day_366_of_a_common_year_is_no_date():
    """Python reads the first day of the next year there."""
    assert parsed(["2023366", "2024366"], "%Y%j") == [None, 20_088]


@pytest.mark.parametrize(
    ("format", "message"),
    [
        ("%d.%m.", "must have one year"),
        ("", "must have one year"),
        ("%Y %y", "must have one year"),
        ("%Y %q", "has %q, which is not understood. Write it with %Y %y %m"),
        ("%c", "has %c, which is not understood"),
        ("%Y %", "has %, which is not understood"),
        ("%Y %G %V", "has %G %V, which"),
        ("%Y-%m-%b", "tells a part of the date twice"),
        ("%Y-%j %m", "tells a part of the date twice"),
        ("%Y-%d %j", "tells a part of the date twice"),
        ("%Y-%d-%d", "tells a part of the date twice"),
    ],
)
def test_formats_that_tell_no_date_are_refused(format, message):
    with pytest.raises(ValueError, match=message):
        check_format(format)


def test_no_text_is_no_date():
    assert parsed([], "%Y") == []
