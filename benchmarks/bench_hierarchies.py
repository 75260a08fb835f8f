"""Values and numbers made coarser: skanon beside what people write with pandas.

Run ``python benchmarks/bench_hierarchies.py``. Adult and sdcMicro's cases are read from
the folder of reference data, if it is there.
"""

import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
from _comparison import Comparison, print_table, seconds_of

from skanon import (
    CellSuppressor,
    HierarchyGeneralizer,
    NumericGeneralizer,
    RareCategoryGrouper,
    Rounder,
    TopBottomCoder,
    ZipCodeGeneralizer,
)
from skanon.hierarchies import Hierarchy

REFERENCE = Path(__file__).parents[1].parent / "shared" / "data"

N_ROWS = 1_000_000

#: Distinct values of the text column.
N_VALUES = 10_000

TEXT = pd.StringDtype("pyarrow")


def hierarchies() -> Iterator[Comparison]:
    values = [f"value {i:06d}" for i in range(N_VALUES)]
    groups = {value: f"group {i // 100}" for i, value in enumerate(values)}
    rows = np.random.default_rng(0).integers(0, N_VALUES, N_ROWS)
    column = pd.Series(values, dtype=TEXT).take(rows).reset_index(drop=True)
    targets = {
        "text": (5, column),
        # Readers of files make one object for each text, other code one for each row.
        "an object for each text": (5, pd.Series(values, dtype=object).take(rows)),
        "an object for each row": (5, column.astype(object)),
        "categorical": (1, column.astype("category")),
    }
    for kind, (target, series) in targets.items():
        X = series.to_frame("value")
        generalizer = HierarchyGeneralizer(hierarchies=Hierarchy.from_dict(groups))
        generalizer.fit(X)
        assert generalizer.transform(X.head(9))["value"].tolist() == [
            groups[value] for value in X["value"].head(9)
        ]
        yield Comparison(
            f"Series.map(dict), {kind}",
            target,
            lambda series=series: series.map(groups),
            lambda X=X, generalizer=generalizer: generalizer.transform(X),
        )


def numbers() -> Iterator[Comparison]:
    rng = np.random.default_rng(0)
    columns = {
        "floats": pd.Series(rng.normal(50, 20, N_ROWS)),
        "integers": pd.Series(rng.integers(0, 100, N_ROWS)),
    }
    for kind, series in columns.items():
        X = series.to_frame("value")
        for n_bins in (5, 20, 200):
            edges = np.linspace(0, 100, n_bins + 1)[1:-1]
            bins = [-np.inf, *edges, np.inf]
            for output, target in (("midpoint", 2), ("ordinal", 2), ("label", 2)):
                generalizer = NumericGeneralizer(edges=edges, output=output).fit(X)
                yield Comparison(
                    f"pandas.cut, {kind}, {n_bins} intervals, to {output}",
                    target,
                    lambda series=series, bins=bins: pd.cut(series, bins, right=False),
                    lambda X=X, generalizer=generalizer: generalizer.transform(X),
                )


def others() -> Iterator[Comparison]:
    rng = np.random.default_rng(0)
    incomes = pd.Series(rng.lognormal(10, 1, N_ROWS))
    coder = TopBottomCoder(bottom=5_000, top=100_000).fit(incomes.to_frame("value"))
    yield Comparison(
        "Series.clip, TopBottomCoder",
        1,
        lambda: incomes.clip(5_000, 100_000),
        lambda: coder.transform(incomes.to_frame("value")),
    )
    jobs = pd.Series(rng.zipf(1.3, N_ROWS).clip(max=5_000)).astype(str).astype(TEXT)
    grouper = RareCategoryGrouper(min_count=100).fit(jobs.to_frame("value"))
    counts = jobs.value_counts()
    kept = list(counts.index[counts >= 100])
    yield Comparison(
        "Series.where(isin), RareCategoryGrouper",
        1,
        lambda: jobs.where(jobs.isin(kept), "other"),
        lambda: grouper.transform(jobs.to_frame("value")),
    )
    zips = pd.Series(rng.integers(10_000, 99_999, N_ROWS)).astype(str).astype(TEXT)
    generalizer = ZipCodeGeneralizer().fit(zips.to_frame("value"))
    yield Comparison(
        "Series.str[:3], ZipCodeGeneralizer",
        1,
        lambda: zips.str[:3],
        lambda: generalizer.transform(zips.to_frame("value")),
    )
    amounts = pd.Series(rng.integers(0, 100_000, N_ROWS))
    for kind, series in (("integers", amounts), ("floats", amounts / 7)):
        X = series.to_frame("value")
        # The peer's multiples are 0.30000000000000004, and draws can be foreseen.
        rounder, nearest = Rounder().fit(X), Rounder(method="nearest").fit(X)
        yield Comparison(
            f"(x / 5).round() * 5, Rounder to the nearest, {kind}",
            0.1,
            lambda series=series: (series / 5).round() * 5,
            lambda X=X, rounder=nearest: rounder.transform(X),
        )
        yield Comparison(
            f"np.floor(x / 5 + rng.random()) * 5, Rounder at random, {kind}",
            0.1,
            lambda series=series: np.floor(series / 5 + rng.random(N_ROWS)) * 5,
            lambda X=X, rounder=rounder: rounder.transform(X),
        )


def suppression() -> None:
    print("\nCellSuppressor(k=3), 6 columns\n")
    print("| rows | fit, s | transform, s | cells made missing |\n|---|---|---|---|")
    rng = np.random.default_rng(0)
    for n in (10_000, 100_000, 1_000_000):
        X = pd.DataFrame(
            {
                "age": rng.integers(0, 18, n),
                "sex": rng.integers(0, 2, n),
                "region": rng.zipf(1.5, n).clip(max=50),
                "job": rng.zipf(1.4, n).clip(max=80),
                "education": rng.integers(0, 6, n),
                "family": rng.integers(0, 4, n),
            }
        )
        suppressor = CellSuppressor(k=3)
        fit = seconds_of(partial(suppressor.fit, X))
        transform = seconds_of(partial(suppressor.transform, X))
        share = suppressor.n_suppressed_.sum() / X.size
        print(f"| {n:,} | {fit:.3g} | {transform:.3g} | {share:.2%} |", flush=True)


def wide_suppression() -> None:
    print("\nCellSuppressor of 30,000 rows, long-tailed columns\n")
    print("| columns | k | fit, s | cells made missing |\n|---|---|---|---|")
    rng = np.random.default_rng(0)
    columns = [rng.zipf(1.3 + j / 10, 30_000).clip(max=50) for j in range(12)]
    for n_columns, k in ((6, 5), (8, 5), (8, 50), (12, 5)):
        X = np.column_stack(columns[:n_columns])
        suppressor = CellSuppressor(k=k)
        fit = seconds_of(partial(suppressor.fit, X))
        share = suppressor.n_suppressed_.sum() / X.size
        print(f"| {n_columns} | {k} | {fit:.3g} | {share:.2%} |", flush=True)


def adult_suppression() -> None:
    file = REFERENCE / "arx" / "adult.csv"
    if not file.is_file():
        print("\nAdult is not there to be suppressed: no folder of reference data")
        return
    print("\nCellSuppressor of Adult, 30,162 rows\n")
    print("| columns | k | fit, s | cells made missing |\n|---|---|---|---|")
    X = pd.read_csv(file, sep=";")
    for n_columns, k in ((8, 5), (8, 10), (8, 25), (9, 5)):
        suppressor = CellSuppressor(k=k)
        fit = seconds_of(partial(suppressor.fit, X.iloc[:, :n_columns]))
        n_cells = suppressor.n_suppressed_.sum()
        print(f"| {n_columns} | {k} | {fit:.3g} | {n_cells:,} |", flush=True)


def cells_of_sdcmicro() -> None:
    folder = REFERENCE / "sdcmicro"
    if not (folder / "cases.json").is_file():
        print("\nsdcMicro's cases are not there: no folder of reference data")
        return
    print("\nCells made missing\n")
    print("| case | sdcMicro | skanon |\n|---|---|---|")
    for case in json.loads((folder / "cases.json").read_text())["cases"]:
        if "localSuppression" in case["id"]:
            X = pd.read_csv(folder / "data" / case["data_file"])[case["key_vars"]]
            ours = CellSuppressor(k=case["k"]).fit(X).n_suppressed_.sum()
            theirs = sum(case["n_suppressed"].values())
            print(f"| {case['id']} | {theirs} | {ours} |")


if __name__ == "__main__":
    print_table(f"HierarchyGeneralizer, {N_ROWS:,} rows", hierarchies())
    print_table(f"NumericGeneralizer, {N_ROWS:,} rows", numbers())
    print_table(f"Others, {N_ROWS:,} rows", others())
    suppression()
    wide_suppression()
    adult_suppression()
    cells_of_sdcmicro()
