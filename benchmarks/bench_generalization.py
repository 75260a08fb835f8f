"""Coarser dates beside what people write with pandas and polars.

Run ``python benchmarks/bench_generalization.py``. The dates are 1,000,000 ISO texts
from a hundred years, in pandas backed by Arrow where nothing else is said.
"""

from collections.abc import Iterator

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
from _comparison import Comparison, print_table

from skanon import DateGeneralizer

N_ROWS = 1_000_000

FIRST, N_DAYS = np.datetime64("1925-01-01"), 36_524

TODAY = pd.Timestamp("2026-01-01")


def comparisons() -> Iterator[Comparison]:
    dates = FIRST + np.random.default_rng(0).integers(N_DAYS, size=N_ROWS)
    texts = pa.array(dates).cast(pa.large_string())
    born = pd.Series(texts, dtype=pd.StringDtype("pyarrow"), name="born")
    X = born.to_frame()
    year = transform_of(X, level="year")
    yield Comparison('apply(x.split("-")[0])', 12, lambda: split(born), year)
    yield Comparison("pandas to_datetime(...).dt.year", 6, lambda: years(born), year)
    polars = pl.DataFrame({"born": texts})
    yield Comparison(
        "polars str.to_date().dt.year(), polars",
        1,
        lambda: polars.select(pl.col("born").str.to_date("%Y-%m-%d").dt.year()),
        transform_of(polars, level="year"),
    )
    yield Comparison(
        "pandas dt.to_period('Q').astype(str), labels",
        6,
        lambda: pd.to_datetime(born).dt.to_period("Q").astype(str),
        transform_of(X, level="quarter", output="label"),
    )
    yield Comparison(
        "pandas ages by dt.year and dt.day_of_year",
        6,
        lambda: ages(born),
        transform_of(X, reference_date=TODAY),
    )
    objects = X.astype(object)
    yield Comparison(
        'apply(x.split("-")[0]), objects',
        4,
        lambda: split(objects["born"]),
        transform_of(objects, level="year"),
    )
    moments = pd.DataFrame({"born": pd.to_datetime(born)})
    yield Comparison(
        "pandas dt.year, datetime64",
        0.5,  # it has no text to read, so is hardly to be beaten
        lambda: moments["born"].dt.year,
        transform_of(moments, level="year"),
    )


def transform_of(X: object, **parameters: object) -> object:
    dates = DateGeneralizer(**parameters).fit(X)
    return lambda: dates.transform(X)


def split(born: pd.Series) -> pd.Series:
    return born.apply(lambda x: x.split("-")[0])


def years(born: pd.Series) -> pd.Series:
    return pd.to_datetime(born).dt.year


def ages(born: pd.Series) -> pd.Series:
    dates = pd.to_datetime(born)
    return TODAY.year - dates.dt.year - (dates.dt.day_of_year > TODAY.day_of_year)


if __name__ == "__main__":
    print_table(f"DateGeneralizer, {N_ROWS:,} rows", comparisons())
