"""Numbers of dates and durations mean the same in whatever unit a table has them."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from skanon import Microaggregator
from skanon.exceptions import ColumnTypeError

UNITS = ("s", "ms", "us", "ns")


@pytest.fixture
def days(rng):
    return pd.Series(rng.integers(0, 9000, 60).astype("timedelta64[D]"))


@pytest.mark.parametrize("later", UNITS)
@pytest.mark.parametrize("fitted", UNITS)
def test_dates_come_out_alike_in_any_unit(estimator, days, fitted, later):
    instants = (pd.Timestamp("1990-01-01 12:30") + days).to_frame("a")
    X, Z = (instants.astype(f"datetime64[{unit}]") for unit in (fitted, later))
    estimator.fit(X)
    expected, out = estimator.transform(X)["a"], estimator.transform(Z)["a"]
    assert out.dtype == Z["a"].dtype
    assert (out - expected).abs().max() <= pd.Timedelta("1s")


@pytest.mark.parametrize("later", UNITS)
def test_durations_come_out_alike_in_any_unit(estimator, days, later):
    X = days.astype("timedelta64[us]").to_frame("a")
    expected = estimator.fit(X).transform(X)["a"]
    out = estimator.transform(X.astype(f"timedelta64[{later}]"))["a"]
    assert out.dtype == f"timedelta64[{later}]"
    assert (out - expected).abs().max() <= pd.Timedelta("1s")


def test_dates_and_their_midnights_are_alike(estimator, days):
    pl = pytest.importorskip("polars")
    X = pl.DataFrame({"a": list((pd.Timestamp("1990-01-01") + days).dt.date)})
    expected = estimator.fit(X).transform(X)["a"]
    assert expected.dtype == pl.Date
    midnights = X.with_columns(pl.col("a").cast(pl.Datetime("ms")))
    out = estimator.transform(midnights)["a"]
    assert out.dtype == pl.Datetime("ms")
    assert (out.cast(pl.Date) == expected).all()
    objects = pd.DataFrame({"a": X["a"].to_list()}, dtype=object)
    out = pd.to_datetime(estimator.transform(objects)["a"])
    assert out.dt.date.tolist() == expected.to_list()


def test_dates_without_a_time_of_day_stay_such(estimator, days):
    X = (pd.Timestamp("1990-01-01") + days).to_frame("a")
    out = estimator.fit(X).transform(X)["a"]
    assert (out == out.dt.normalize()).all()
    assert (out != X["a"]).any()


@pytest.mark.parametrize(
    ("fitted", "later", "message"),
    [
        (np.arange(9.0), np.arange(9) * np.timedelta64(1, "D"), "holds durations; .*"),
        (np.arange(9), np.datetime64("2020-01-01") + np.arange(9), "holds dates; .*"),
        (np.datetime64("2020-01-01") + np.arange(9), np.arange(9), "holds numbers; .*"),
    ],
)
def test_numbers_and_dates_are_not_mistaken_for_each_other(
    estimator, fitted, later, message
):
    estimator.fit(pd.DataFrame({"a": fitted}))
    with pytest.raises(ColumnTypeError, match=f"Column 'a' {message} was fitted on"):
        estimator.transform(pd.DataFrame({"a": later}))


def test_a_column_of_nothing_but_missing_values_is_read_after_any(estimator):
    born = [dt.date(2020, 1, day) for day in range(1, 10)]
    estimator.fit(pd.DataFrame({"a": born}, dtype=object))
    out = estimator.transform(pd.DataFrame({"a": [None, None]}, dtype=object))
    assert out["a"].isna().all()


@pytest.mark.parametrize("method", ["mdav", "mondrian", "univariate"])
def test_dates_beyond_a_unit_become_its_last_ones_not_missing(method):
    born = pd.Series(np.datetime64("1200-01-01", "us") + np.arange(9) * 10**15)
    microaggregator = Microaggregator(k=3, method=method).fit(born.to_frame("a"))
    X = pd.DataFrame({"a": pd.to_datetime(["1700-01-01"] * 3).astype("M8[ns]")})
    out = microaggregator.transform(X)["a"]
    assert out.dtype == "datetime64[ns]"
    assert (out.dt.year == 1677).all()
