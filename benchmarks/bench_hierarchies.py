"""Values and numbers made coarser: skanon beside what people write with pandas.

Run ``python benchmarks/bench_hierarchies.py``.
"""

from collections.abc import Iterator

import numpy as np
import pandas as pd
from _comparison import Comparison, print_table

from skanon import HierarchyGeneralizer, NumericGeneralizer
from skanon.hierarchies import Hierarchy

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
        "text as objects": (1, column.astype(object)),
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
            for output, target in (("midpoint", 2), ("ordinal", 2), ("label", 1)):
                generalizer = NumericGeneralizer(edges=edges, output=output).fit(X)
                yield Comparison(
                    f"pandas.cut, {kind}, {n_bins} intervals, to {output}",
                    target,
                    lambda series=series, bins=bins: pd.cut(series, bins, right=False),
                    lambda X=X, generalizer=generalizer: generalizer.transform(X),
                )


if __name__ == "__main__":
    print_table(f"HierarchyGeneralizer, {N_ROWS:,} rows", hierarchies())
    print_table(f"NumericGeneralizer, {N_ROWS:,} rows", numbers())
