"""Coarser dates, against Python's own calendar."""

import datetime as dt

import pytest

from skanon import DateGeneralizer

DATES = ["1990-05-03", "0001-01-01", "9999-12-31", "1969-12-31", "2024-02-29"]


def test_year_is_that_of_the_date(frame):
    table = frame({"born": [*DATES, None]})
    years = [dt.date.fromisoformat(date).year for date in DATES]
    out = DateGeneralizer(level="year").fit_transform(table)
    assert frame.values(out, "born") == [*years, None]


@pytest.mark.parametrize(
    "text", ["1990-02-30", "1990/05/03", "", "1990-05", "03.05.90"]
)
def test_unreadable_text_is_counted_but_not_shown(frame, text):
    from skanon.exceptions import DateParseError

    table = frame({"born": ["1990-05-03", text, None]})
    with pytest.raises(DateParseError, match="Column 'born': 1 of 2 values"):
        DateGeneralizer().fit_transform(table)
    out = DateGeneralizer(errors="coerce").fit_transform(table)
    assert frame.values(out, "born") == [1990, None, None]
