"""The periods of days, against Python's calendar."""

import datetime as dt
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from skanon._calendar import (
    FIRST_DAY,
    LAST_DAY,
    LEVELS,
    period_ends,
    period_labels,
    period_ordinals,
    period_starts,
)

EPOCH = dt.date(1970, 1, 1)

EXAMPLES = {
    "day": (19900503, "1990-05-03", "1990-05-03", "1990-05-04"),
    "week": (199018, "1990-W18", "1990-04-30", "1990-05-07"),
    "month": (199005, "1990-05", "1990-05-01", "1990-06-01"),
    "quarter": (19902, "1990-Q2", "1990-04-01", "1990-07-01"),
    "half": (19901, "1990-H1", "1990-01-01", "1990-07-01"),
    "year": (1990, "1990", "1990-01-01", "1991-01-01"),
    "5years": (1990, "1990-1994", "1990-01-01", "1995-01-01"),
    "decade": (1990, "1990s", "1990-01-01", "2000-01-01"),
    "century": (1900, "1900-1999", "1900-01-01", "2000-01-01"),
}

#: More than 400 years, after which the calendar repeats; all levels start on its
#: first day.
EVERY_DAY = np.arange(FIRST_DAY, FIRST_DAY + 150_000)


def days_of(dates):
    return np.array([(date - EPOCH).days for date in dates], np.int64)


def python_label(date, level):
    """Name the period in another way than the library does."""
    year = f"{date.year:04}"
    iso = date.isocalendar()
    first = {"5years": 5, "decade": 10, "century": 100}
    since = date.year - date.year % first.get(level, 1)
    return {
        "day": date.isoformat(),
        "week": f"{iso.year:04}-W{iso.week:02}",
        "month": date.isoformat()[:7],
        "quarter": f"{year}-Q{'111222333444'[date.month - 1]}",
        "half": f"{year}-H{1 if date.month <= 6 else 2}",
        "year": year,
        "5years": f"{since:04}-{since + 4:04}",
        "decade": f"{year[:3]}0s",
        "century": f"{year[:2]}00-{year[:2]}99",
        "*": "*",
    }[level]


def python_ordinal(date, level):
    label = python_label(date, level)
    if level == "*":
        return 0
    if level in ("5years", "century"):
        label = label[:4]
    return int("".join(letter for letter in label if letter.isdigit()))


@pytest.mark.parametrize("level", EXAMPLES)
def test_the_third_of_may_1990(level):
    days = days_of([dt.date(1990, 5, 3)])
    ordinal, label, start, end = EXAMPLES[level]
    assert period_ordinals(days, level).tolist() == [ordinal]
    assert period_labels(days, level).to_pylist() == [label]
    bounds = [period_starts(days, level)[0], period_ends(days, level)[0]]
    assert [str(np.datetime64(int(day), "D")) for day in bounds] == [start, end]


@pytest.mark.parametrize("level", LEVELS)
@given(dates=st.lists(st.dates(), min_size=1))
def test_labels_and_ordinals_are_those_of_python(level, dates):
    labels = period_labels(days_of(dates), level).to_pylist()
    assert labels == [python_label(date, level) for date in dates]
    ordinals = period_ordinals(days_of(dates), level).tolist()
    assert ordinals == [python_ordinal(date, level) for date in dates]


@pytest.mark.parametrize("level", LEVELS)
def test_periods_cover_the_calendar_without_gaps(level):
    starts, ends = period_starts(EVERY_DAY, level), period_ends(EVERY_DAY, level)
    assert (starts <= EVERY_DAY).all()
    assert (ends > EVERY_DAY).all()
    first = np.append(True, np.diff(starts) > 0)
    np.testing.assert_array_equal(starts[first], EVERY_DAY[first])
    np.testing.assert_array_equal(ends[:-1][first[1:]], EVERY_DAY[1:][first[1:]])


@pytest.mark.parametrize("level", LEVELS)
def test_the_last_day_ends_the_calendar(level):
    end = period_ends(np.array([LAST_DAY]), level)[0]
    assert end == LAST_DAY + (3 if level == "week" else 1)  # a Friday


@pytest.mark.parametrize("level", LEVELS)
def test_ordinals_grow_from_period_to_period(level):
    ordinals = period_ordinals(EVERY_DAY, level)
    grows = np.diff(ordinals.astype(np.int64))
    assert (grows >= 0).all()
    np.testing.assert_array_equal(
        grows > 0, np.diff(period_starts(EVERY_DAY, level)) > 0
    )


@pytest.mark.parametrize("level", LEVELS)
def test_labels_sort_as_the_periods_do(level):
    days = np.arange(FIRST_DAY, LAST_DAY, 389)
    labels = np.array(period_labels(days, level).to_pylist())
    assert (labels[:-1] <= labels[1:]).all()
    np.testing.assert_array_equal(
        labels[:-1] == labels[1:], np.diff(period_ordinals(days, level)) == 0
    )


@pytest.mark.parametrize(("fine", "coarse"), list(combinations(LEVELS, 2)))
def test_a_coarser_level_never_splits_a_period(fine, coarse):
    """Weeks are the exception: one may lie in two months, and so on."""
    of_fine = period_ordinals(EVERY_DAY, fine)
    of_coarse = period_ordinals(EVERY_DAY, coarse)
    splits = (np.diff(of_fine) == 0) & (np.diff(of_coarse) != 0)
    assert splits.any() == (fine == "week" and coarse != "*")
