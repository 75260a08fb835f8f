"""Tables of every kind, so that a promise is tested on all of them."""

import importlib.util
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, settings

SHARED = Path(__file__).parents[1].parent / "shared" / "data"

# No test has a time limit, and two runs of one state in CI agree.
settings.register_profile(
    "skanon",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize="CI" in os.environ,
)
settings.load_profile("skanon")

HAS_POLARS = importlib.util.find_spec("polars") is not None


@dataclass(frozen=True)
class FrameKind:
    """How to make a table of one kind, and how to read a column back."""

    name: str
    make: Callable[[Mapping[str, Sequence[Any]]], Any]

    def __call__(self, columns: Mapping[str, Sequence[Any]]) -> Any:
        return self.make(columns)

    def values(self, table: Any, column: str) -> list[Any]:
        """Return a column as Python values, None where missing."""
        return as_values(table[column])


def as_values(column: Any) -> list[Any]:
    """Return any column as Python values, None where missing."""
    if hasattr(column, "to_pylist"):
        values = column.to_pylist()
    else:
        values = column.to_list() if hasattr(column, "to_list") else list(column)
    return [
        None
        if value is None or value is pd.NaT or value is pd.NA or value != value
        else value
        for value in values
    ]


def _nullable(columns: Mapping[str, Sequence[Any]]) -> pd.DataFrame:
    return pd.DataFrame(columns).convert_dtypes(dtype_backend="numpy_nullable")


def _arrow_backed(columns: Mapping[str, Sequence[Any]]) -> pd.DataFrame:
    return pd.DataFrame(columns).convert_dtypes(dtype_backend="pyarrow")


def _object(columns: Mapping[str, Sequence[Any]]) -> pd.DataFrame:
    return pd.DataFrame(
        {name: pd.Series(list(v), dtype=object) for name, v in columns.items()}
    )


def _polars(columns: Mapping[str, Sequence[Any]]) -> Any:
    import polars as pl

    return pl.DataFrame(columns)


KINDS = [
    FrameKind("pandas", pd.DataFrame),
    FrameKind("pandas-object", _object),
    FrameKind("pandas-nullable", _nullable),
    FrameKind("pandas-arrow", _arrow_backed),
    FrameKind("pyarrow", pa.table),
    *([FrameKind("polars", _polars)] if HAS_POLARS else []),
]


@pytest.fixture(params=KINDS, ids=lambda kind: kind.name)
def frame(request: pytest.FixtureRequest) -> FrameKind:
    """Run the test on every kind of table."""
    kind: FrameKind = request.param
    return kind


@pytest.fixture(scope="session")
def shared() -> Path:
    """Return the folder of reference data, or skip where it is absent."""
    if not SHARED.is_dir():
        pytest.skip("the reference data in ../shared/data is absent")
    return SHARED


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(0)
