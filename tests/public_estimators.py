"""Every public estimator, found by walking skanon, with a table that suits it."""

import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from sklearn.base import BaseEstimator

import skanon

__all__ = [
    "ESTIMATORS",
    "N_ROWS",
    "columns_of",
    "rows_of",
    "same",
    "sample_of",
    "values_of",
]

N_ROWS = 24

Columns = Mapping[str, Sequence[Any]]


def _columns(*kinds: Sequence[Any]) -> Columns:
    """Repeat each kind of value in another rhythm, with a missing value in each."""
    table = {}
    for i, values in enumerate(kinds):
        column = [values[row // (i + 1) % len(values)] for row in range(N_ROWS)]
        column[5 + i] = None
        table[f"column_{i}"] = column
    return table


TEXT = _columns(["Ada", "Bob", "Zoë", "Eve"], ["red", "blue"], ["8001", "8004", "9000"])
DATES = _columns(
    ["1962-03-01", "1962-09-30", "1990-12-31", "2024-02-29"],
    ["2023-01-01", "2023-07-04"],
    ["1899-12-31", "1970-01-01", "2101-05-06"],
)
NUMBERS = _columns(
    [1.5, -20.25, 3.0, 1000.0, 7.75], [0.0, 12.5, 100.0], list(np.arange(24) * 1.5)
)

ZIPS = _columns(
    ["02139", "03601", "94110-1234", "501"],
    ["87901", "60601"],
    ["10203", "10001", "60601"],
)

#: What an estimator works on, if not on text.
SAMPLES: Mapping[str, Columns] = {
    "DateGeneralizer": DATES,
    "Microaggregator": NUMBERS,
    "NoiseAdder": NUMBERS,
    "NumericGeneralizer": NUMBERS,
    "Rounder": NUMBERS,
    "TopBottomCoder": NUMBERS,
    "ZipCodeGeneralizer": ZIPS,
}

#: How to make an estimator that has required parameters or needs other settings to
#: do its work on its sample table: its name, and what makes it.
MAKERS: Mapping[str, Callable[[type[Any]], Any]] = {
    # Less noise would round to nothing on the small whole numbers of some checks.
    "NoiseAdder": lambda class_: class_(scale=2.0),
    # A larger count would leave a group that is too small to go without a warning.
    "RareCategoryGrouper": lambda class_: class_(min_count=2),
}


def _classes() -> list[type[BaseEstimator]]:
    public = (getattr(skanon, name) for name in skanon.__all__)
    return [
        thing
        for thing in public
        if inspect.isclass(thing) and issubclass(thing, BaseEstimator)
    ]


def _made(class_: type[Any]) -> Any:
    """Return an instance whose draws, if any, can be repeated."""
    make = MAKERS.get(class_.__name__)
    estimator = class_() if make is None else make(class_)
    if "random_state" in estimator.get_params():
        estimator.set_params(random_state=0)
    return estimator


#: One instance of each; clone it before use.
ESTIMATORS = [_made(class_) for class_ in _classes()]


def columns_of(estimator: Any) -> Columns:
    """Return columns of plain values that the estimator works on, None if missing."""
    return SAMPLES.get(type(estimator).__name__, TEXT)


def sample_of(estimator: Any) -> pd.DataFrame:
    """Return them as a table whose index tells apart positions from labels."""
    labels = [f"row {i // 2}" for i in range(N_ROWS)]
    return pd.DataFrame(columns_of(estimator), index=labels)


def rows_of(table: Any, rows: Sequence[int]) -> Any:
    """Return some rows of a table of any kind."""
    if isinstance(table, pd.DataFrame):
        return table.iloc[list(rows)]
    if isinstance(table, pa.Table):
        return table.take(pa.array(rows, pa.int64()))
    return table[list(rows)]


def values_of(table: Any) -> list[list[Any]]:
    """Return the columns of a table of any kind as Python values, None if missing."""
    if isinstance(table, pd.DataFrame):
        return [_plain(table.iloc[:, i].tolist()) for i in range(table.shape[1])]
    if isinstance(table, np.ndarray):
        return [_plain(column.tolist()) for column in table.T]
    if isinstance(table, pa.Table):
        return [_plain(column.to_pylist()) for column in table.columns]
    return [_plain(column.to_list()) for column in table.get_columns()]


def same(first: Any, second: Any) -> bool:
    """Return whether two tables hold the same values, missing ones in one place."""
    return values_of(first) == values_of(second)


def _plain(values: Sequence[Any]) -> list[Any]:
    return [None if _is_missing(value) else value for value in values]


def _is_missing(value: Any) -> bool:
    return value is None or value is pd.NA or value is pd.NaT or value != value
