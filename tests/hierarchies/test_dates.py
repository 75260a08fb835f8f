"""Hierarchies of dates: ever longer periods of the calendar."""

import datetime as dt
import pickle

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from skanon import HierarchyGeneralizer
from skanon.exceptions import ColumnTypeError, UnknownValueError
from skanon.hierarchies import Hierarchy

PERIODS = Hierarchy.dates(["month", "quarter", "year", "decade"])


@pytest.mark.parametrize(
    ("level", "label", "ordinal"),
    [
        (1, "1990-05", 199005),
        (2, "1990-Q2", 19902),
        (3, "1990", 1990),
        (4, "1990s", 1990),
        (5, "*", 0),
    ],
)
@pytest.mark.parametrize(
    "column",
    [
        np.array(["1990-05-03"], object),
        np.array(["1990-05-03"], "datetime64[s]"),
        [dt.date(1990, 5, 3)],
    ],
    ids=["text", "timestamp", "date"],
)
def test_dates_become_their_period(column, level, label, ordinal):
    assert PERIODS.generalize(column, level).tolist() == [label]
    assert PERIODS.ordinals(column, level).tolist() == [ordinal]


@pytest.mark.parametrize("numbers", [[1984, 1950], [39, 17], [39.5, None]])
def test_numbers_are_refused_which_may_be_years_or_ages(numbers):
    with pytest.raises(ColumnTypeError, match="numbers may be years or ages"):
        PERIODS.generalize(numbers, 1)
    generalizer = HierarchyGeneralizer(hierarchies=PERIODS)
    with pytest.raises(ColumnTypeError, match=r"Column 'a': .* may be years or ages"):
        generalizer.fit(pd.DataFrame({"a": numbers}))


@pytest.mark.parametrize("values", [[np.nan], [np.nan, None], []])
def test_numbers_that_are_all_missing_are_missing_dates(values):
    """A batch without any date has numbers in pandas, whatever was fitted."""
    column = np.array(values, np.float64)
    out = PERIODS.generalize(column, 3)
    assert len(out) == len(column)
    assert pd.isna(out).all()
    generalizer = HierarchyGeneralizer(hierarchies=PERIODS, handle_unknown="error")
    generalizer.fit(pd.DataFrame({"a": ["1990-05-03", None]}))
    assert generalizer.transform(pd.DataFrame({"a": column}))["a"].isna().all()


def test_numbers_say_how_they_become_dates():
    with pytest.raises(ColumnTypeError, match=r"such as pandas.to_datetime\(.*'%Y'\)"):
        PERIODS.generalize([1984], 1)


def test_level_0_is_the_date_itself():
    column = pa.array([dt.date(1990, 5, 3), None])
    assert PERIODS.generalize(column, 0).equals(column)
    assert PERIODS.ordinals(column, 0).to_pylist() == [19900503, None]


@given(st.lists(st.dates(), min_size=1, max_size=20))
def test_every_level_is_a_coarsening(dates):
    below = dates
    for level in range(1, PERIODS.height + 1):
        labels = PERIODS.generalize(pa.array(dates), level).to_pylist()
        assert len(set(zip(below, labels, strict=True))) == len(set(below))
        below = labels


def test_the_top_may_be_named():
    assert Hierarchy.dates(["year", "*"]) == Hierarchy.dates(["year"])


def test_what_tells_no_date_has_no_place():
    with pytest.raises(UnknownValueError, match=r"1 value\(s\) have no place"):
        PERIODS.generalize(["1990-05-03", "soon"], 1)
    out = PERIODS.generalize(["1990-05-03", "soon"], 3, handle_unknown="suppress")
    assert out[0] == "1990"
    assert out[1] != out[1]
    with pytest.raises(
        ColumnTypeError, match=r"^The column has .* bool; a hierarchy of dates needs"
    ):
        PERIODS.generalize([True], 1)


@pytest.mark.parametrize("finite", [False, True])
@pytest.mark.parametrize(
    ("level", "left", "right"),
    [
        (0, "1990-05-03", "1990-05-04"),
        (1, "1990-05-01", "1990-06-01"),
        (4, "1990-01-01", "2000-01-01"),
        (5, "0001-01-01", "9999-12-31T23:59:59"),
    ],
)
def test_the_bounds_of_a_date_are_the_ends_of_its_period(level, left, right, finite):
    assert PERIODS.has_bounds
    assert not PERIODS.is_numeric
    ends = PERIODS.bounds(["1990-05-03", "soon", None], level, finite=finite)
    for end, expected in zip(ends, (left, right), strict=True):
        assert end.dtype == "datetime64[s]"
        assert end[0] == np.datetime64(expected)
        assert np.isnat(end[1:]).all()


def test_its_dates_can_be_listed():
    listed = PERIODS.for_values(pa.array([dt.date(1990, 5, 3), dt.date(1989, 1, 1)]))
    assert listed.labels(0) == ["1989-01-01", "1990-05-03"]
    assert listed.labels(4) == ["1980s", "1990s"]


def test_it_survives_pickling():
    assert pickle.loads(pickle.dumps(PERIODS)) == PERIODS
    assert (
        repr(Hierarchy.dates(["year"])) == "Hierarchy(dates, height=2, levels=['year'])"
    )


@pytest.mark.parametrize(
    ("levels", "message"),
    [
        ([], "'levels' must be a list of 'day', 'week', 'month'"),
        ("year", "'levels' must be a list of 'day', 'week', 'month'.*; got 'year'"),
        (None, "'levels' must be a list of 'day', 'week', 'month'"),
        ([["year"]], "'levels' must be a list of 'day', 'week', 'month'"),
        (["year", "era"], "got list, whose item at position 1 is none of these"),
        (["week", "*", "*"], "got list, whose item at position 1 is none of these"),
        (["year", "month"], "Level 2 .* is not a coarsening of level 1: a year may"),
        (["week", "year"], "Level 2 .* is not a coarsening of level 1: a week may"),
        (["year", "year"], "Level 2 .* is not a coarsening of level 1"),
    ],
)
def test_periods_that_do_not_nest_are_refused(levels, message):
    with pytest.raises(ValueError, match=message):
        Hierarchy.dates(levels)
