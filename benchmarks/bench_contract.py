"""What holds for every column-wise estimator: one row, memory, growth.

Run ``python benchmarks/bench_contract.py`` on Linux. Memory is that of a fresh process
for each estimator: by how much it grows at most during ``transform``, in multiples
of the column's own size.
"""

import multiprocessing
from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd
import pyarrow as pa
from _comparison import Comparison, peak_bytes, print_table, seconds_of
from sklearn.base import BaseEstimator
from sklearn.preprocessing import OrdinalEncoder

from skanon import (
    DateGeneralizer,
    HashPseudonymizer,
    HierarchyGeneralizer,
    MaskingTransformer,
    NumericGeneralizer,
    RareCategoryGrouper,
    Rounder,
    SecretKey,
    TopBottomCoder,
    ZipCodeGeneralizer,
)
from skanon.hierarchies import Hierarchy

KEY = SecretKey(bytes(range(16)))

N_ROWS = 1_000_000
N_CALLS = 300

ESTIMATORS: Mapping[str, BaseEstimator] = {
    "HashPseudonymizer": HashPseudonymizer(key=KEY),
    "Masking, fake": MaskingTransformer(strategy="fake", key=KEY),
    "Masking, partial": MaskingTransformer(keep_last=4),
    "Masking, template": MaskingTransformer(strategy="template", key=KEY),
    "Masking, label": MaskingTransformer(strategy="label", key=KEY),
    "Masking, redact": MaskingTransformer(strategy="redact"),
    "DateGeneralizer, ordinal": DateGeneralizer(level="year"),
    "DateGeneralizer, label": DateGeneralizer(level="month", output="label"),
    "HierarchyGeneralizer": HierarchyGeneralizer(
        hierarchies=Hierarchy.redaction(), level=4
    ),
    "RareCategoryGrouper": RareCategoryGrouper(min_count=1),
    "ZipCodeGeneralizer": ZipCodeGeneralizer(),
    "Numeric, midpoint": NumericGeneralizer(n_bins=20, output="midpoint"),
    "Numeric, label": NumericGeneralizer(n_bins=20, output="label"),
    "TopBottomCoder": TopBottomCoder(quantiles=(0.05, 0.95)),
    "Rounder": Rounder(),
}

#: Those of numbers.
NUMERIC = ("Numeric", "TopBottom", "Rounder")


def column_for(name: str, n: int) -> pa.Array:
    """Return numbers, ISO dates, ZIP codes, categories, or texts of 16 characters."""
    numbers = np.random.default_rng(0).permutation(n)
    if name.startswith(NUMERIC):
        return pa.array(numbers / 7)
    if name.startswith("Rare"):
        numbers %= 1_000
    if name.startswith("Zip"):
        return pa.array([f"{i % 100_000:05d}" for i in numbers], pa.large_string())
    if name.startswith("Date"):
        days = (numbers % 36_000 - 18_000).astype("datetime64[D]")
        return pa.array(days).cast(pa.large_string())
    return pa.array([f"{i:016d}" for i in numbers], pa.large_string())


def table_for(name: str, n: int) -> pd.DataFrame:
    column = column_for(name, n)
    is_text = pa.types.is_large_string(column.type)
    dtype = pd.StringDtype("pyarrow") if is_text else np.float64
    return pd.DataFrame({"x": pd.Series(column, dtype=dtype)})


def one_row() -> Iterator[Comparison]:
    for name, estimator in ESTIMATORS.items():
        column = table_for(name, 1_000)["x"]
        X = pd.DataFrame({"a": column, "b": column[::-1].to_numpy(), "c": column})
        fitted = estimator.fit(X)
        encoder = OrdinalEncoder(
            handle_unknown="use_encoded_value", unknown_value=-1
        ).fit(X)
        row = X[:1]
        yield Comparison(
            f"{name}: OrdinalEncoder",
            1,
            lambda encoder=encoder, row=row: repeat(encoder, row),
            lambda fitted=fitted, row=row: repeat(fitted, row),
        )


def repeat(estimator: BaseEstimator, row: pd.DataFrame) -> None:
    for _ in range(N_CALLS):
        estimator.transform(row)


def print_memory() -> None:
    print(f"\nPeak memory of transform, {N_ROWS:,} rows\n")
    print("| estimator | column, MB | peak, MB | times the column | at most |")
    print("|---|---|---|---|---|")
    context = multiprocessing.get_context("spawn")
    for name in ESTIMATORS:
        # Labels take more room than the numbers they are made of.
        limit = 6 if name == "Numeric, label" else 3
        with context.Pool(1) as pool:
            size, peak = pool.apply(measured, (name,))
        print(
            f"| {name} | {size / 1e6:.1f} | {peak / 1e6:.1f} | {peak / size:.2f} "
            f"| {limit} |"
        )


def measured(name: str) -> tuple[int, int]:
    X = table_for(name, N_ROWS)
    fitted = ESTIMATORS[name].fit(X)
    fitted.transform(X[:1_000])
    return pa.array(X["x"]).nbytes, peak_bytes(lambda: fitted.transform(X))


def print_growth() -> None:
    print("\nSeconds of transform by rows\n")
    sizes = (100_000, 1_000_000, 10_000_000)
    print("| estimator | " + " | ".join(f"{n:,}" for n in sizes) + " |")
    print("|---|" + "---|" * len(sizes))
    for name, estimator in ESTIMATORS.items():
        seconds = []
        for n in sizes:
            X = table_for(name, n)
            fitted = estimator.fit(X[:1_000])
            runs = [seconds_of(lambda: fitted.transform(X)) for _ in range(3)]  # noqa: B023
            seconds.append(min(runs))
        print(f"| {name} | " + " | ".join(f"{s:.4g}" for s in seconds) + " |")


if __name__ == "__main__":
    print_table(f"{N_CALLS} times one row of three columns", one_row())
    print_memory()
    print_growth()
