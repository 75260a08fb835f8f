"""Day numbers, against Python's calendar."""

import datetime as dt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from skanon._calendar import (
    FIRST_DAY,
    LAST_DAY,
    civil_from_days,
    completed_years,
    days_from_civil,
)

EPOCH = dt.date(1970, 1, 1)


def days_of(dates):
    return np.array([(date - EPOCH).days for date in dates], np.int64)


def test_the_calendar_is_that_of_python():
    assert tuple(days_of([dt.date.min, dt.date.max])) == (FIRST_DAY, LAST_DAY)


@given(st.lists(st.dates(), min_size=1))
def test_days_become_year_month_and_day(dates):
    parts = civil_from_days(days_of(dates))
    expected = [(date.year, date.month, date.day) for date in dates]
    assert list(zip(*(part.tolist() for part in parts), strict=True)) == expected


@pytest.mark.parametrize("first", [FIRST_DAY - 800, LAST_DAY - 149_200])
def test_every_day_of_an_era_survives_the_way_there_and_back(first):
    days = np.arange(first, first + 150_000)
    year, month, day = civil_from_days(days)
    np.testing.assert_array_equal(days_from_civil(year, month, day), days)
    months = 12 * year + month
    assert (np.diff(months * 32 + day) > 0).all()
    assert set(np.unique(np.diff(months))) == {0, 1}


def python_age(birth, today):
    """Count the birthdays, one after the other."""
    age = 0
    while True:
        year = birth.year + age + 1
        try:
            birthday = birth.replace(year=year)
        except ValueError:  # 29 February
            birthday = dt.date(year, 3, 1)
        if birthday > today:
            return age
        age += 1


@given(st.dates(min_value=dt.date(1880, 1, 1), max_value=dt.date(2030, 1, 1)))
def test_age_is_the_number_of_birthdays(birth):
    for today in (birth, dt.date(2030, 1, 1), dt.date(2032, 2, 29)):
        reference = int(days_of([today])[0])
        assert completed_years(days_of([birth]), reference) == python_age(birth, today)


@pytest.mark.parametrize(
    ("birth", "today", "age"),
    [
        ("1990-05-03", "2020-05-02", 29),
        ("1990-05-03", "2020-05-03", 30),
        ("2000-02-29", "2001-02-28", 0),
        ("2000-02-29", "2001-03-01", 1),
        ("2000-02-29", "2004-02-28", 3),
        ("2000-02-29", "2004-02-29", 4),
        ("2000-12-31", "2001-01-01", 0),
        ("2001-01-01", "2000-12-31", -1),
        ("0001-01-01", "9999-12-31", 9998),
    ],
)
def test_birthdays_at_the_edge(birth, today, age):
    dates = [dt.date.fromisoformat(text) for text in (birth, today)]
    first, reference = days_of(dates)
    assert completed_years(np.array([first]), int(reference)) == age
