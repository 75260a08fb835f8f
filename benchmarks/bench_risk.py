"""Risk of a table: risk_summary beside a group-by, SUDA2 beside a search in Python.

Run ``python benchmarks/bench_risk.py``; it needs polars. SUDA2 runs on sdcMicro's
testdata if ``../shared`` holds it, else on an invented table of its shape.
"""

from collections import Counter
from collections.abc import Iterator
from itertools import combinations
from math import factorial
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
from _comparison import Comparison, print_table, seconds_of

from skanon.metrics import population_uniqueness, risk_summary, suda2

N_ROWS = 1_000_000

#: How many values the eight quasi-identifiers have; in uneven shares, so that the
#: rows fall into 450,600 classes.
CARDINALITIES = (2, 90, 5, 7, 16, 40, 8, 14)

TESTDATA = Path(__file__).parents[2] / "shared/data/sdcmicro/data/testdata.csv"
KEYS = ["urbrur", "roof", "walls", "relat", "sex"]

#: How many values the keys of testdata have.
KEY_CARDINALITIES = (2, 5, 4, 9, 2)

#: SUDA2 of how many times the rows of testdata.
GROWTH = (1, 4, 16, 64)


def summaries() -> Iterator[Comparison]:
    for name, X in tables().items():
        yield Comparison(
            f"risk_summary, {name}",
            0.5,
            lambda X=X: X.group_by(X.columns).len(),
            lambda X=X: risk_summary(X, quasi_identifiers=X.columns),
        )


def tables() -> dict[str, pl.DataFrame]:
    rng = np.random.default_rng(0)
    codes = {
        f"q{i}": rng.choice(n, N_ROWS, p=uneven(n, 1.5))
        for i, n in enumerate(CARDINALITIES)
    }
    integers = pl.DataFrame(codes)
    text = integers.select(pl.all().cast(pl.String))
    return {
        "integers": integers,
        "categories": text.select(pl.all().cast(pl.Categorical)),
        "text": text,
    }


def searches() -> Iterator[Comparison]:
    X = testdata()
    rows = list(X.itertuples(index=False, name=None))
    expected = search_by_record(rows)
    found = suda2(X, quasi_identifiers=KEYS).score
    assert found.tolist() == expected
    yield Comparison(
        f"suda2, {len(X):,} rows, {len(KEYS)} keys",
        10,
        lambda: search_by_record(rows),
        lambda: suda2(X, quasi_identifiers=KEYS),
    )


def testdata() -> pd.DataFrame:
    if TESTDATA.exists():
        return pd.read_csv(TESTDATA)[KEYS]
    return invented(4_580)


def invented(n_rows: int) -> pd.DataFrame:
    """Make keys whose values are as uneven as those of people."""
    rng = np.random.default_rng(0)
    return pd.DataFrame(
        {
            name: rng.choice(n, n_rows, p=uneven(n, 3))
            for name, n in zip(KEYS, KEY_CARDINALITIES, strict=True)
        }
    )


def uneven(n: int, power: float) -> np.ndarray:
    """Return the shares of n values, as uneven as those of people often are."""
    shares = 1 / np.arange(1, n + 1) ** power
    return shares / shares.sum()


def search_by_record(rows: list[tuple[int, ...]]) -> list[int]:
    """Score each record by itself; how often each key occurs is counted before."""
    m = len(rows[0])
    subsets = [s for size in range(1, m + 1) for s in combinations(range(m), size)]
    counts = {s: Counter(tuple(row[j] for j in s) for row in rows) for s in subsets}
    scores = []
    for row in rows:
        found: list[tuple[int, ...]] = []
        for subset in subsets:
            if any(set(part) <= set(subset) for part in found):
                continue
            if counts[subset][tuple(row[j] for j in subset)] == 1:
                found.append(subset)
        scores.append(sum(factorial(m - len(subset)) for subset in found))
    return scores


def print_growth() -> None:
    print("\nsuda2 with more rows; linear growth keeps the last column\n")
    print("| rows | s | µs per row |\n|---|---|---|")
    for factor in GROWTH:
        X = invented(4_580 * factor)
        seconds = min(
            seconds_of(lambda X=X: suda2(X, quasi_identifiers=KEYS)) for _ in range(3)
        )
        print(f"| {len(X):,} | {seconds:.4f} | {seconds / len(X) * 1e6:.3f} |")


def print_wide() -> None:
    """Time what has no peer: many uniques, many columns, a population model."""
    X = tables()["integers"]
    rng = np.random.default_rng(0)
    wide = rng.integers(0, 4, (10_000, 20))
    runs = {
        "suda2, 1,000,000 rows, 8 keys": lambda: suda2(X, quasi_identifiers=X.columns),
        "suda2, 10,000 rows, 20 keys, max_size=3": lambda: suda2(
            wide, quasi_identifiers=list(range(20)), max_size=3
        ),
        "population_uniqueness, 1,000,000 rows": lambda: population_uniqueness(
            X, quasi_identifiers=X.columns, sampling_fraction=0.01
        ),
    }
    print("\nwithout a peer\n\n| what | s |\n|---|---|")
    for name, run in runs.items():
        print(f"| {name} | {seconds_of(run):.3f} |")


if __name__ == "__main__":
    print_table(f"{N_ROWS:,} rows, 8 quasi-identifiers, peer polars", summaries())
    print_table("special uniques, peer a search record by record", searches())
    print_growth()
    print_wide()
