"""Privacy metrics beside pycanon and a group-by of polars, in the same run.

Run ``python benchmarks/bench_metrics.py`` on Linux; it needs polars. pycanon pins old
packages: name the Python of an environment that has it with ``PYCANON_PYTHON``. Adult
is read from ``../shared`` if that holds it, else a table of its shape is invented.
"""

import json
import multiprocessing
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd
import polars as pl
from _comparison import (
    REPEATS,
    Comparison,
    peak_bytes,
    print_table,
    seconds_of,
)

from skanon._groups import group_codes
from skanon.metrics import k_anonymity, l_diversity, t_closeness
from skanon.privacy import KAnonymity, judge

N_ROWS = 1_000_000

#: How many values the eight quasi-identifiers have, in uneven shares.
CARDINALITIES = (2, 90, 5, 7, 16, 40, 8, 14)

ADULT = Path(__file__).parents[2] / "shared/data/arx/adult.csv"

#: The columns of Adult, the last one sensitive, and how many values they have.
ADULT_CARDINALITIES = {
    "sex": 2,
    "age": 72,
    "race": 5,
    "marital-status": 7,
    "education": 16,
    "native-country": 41,
    "workclass": 7,
    "occupation": 14,
    "salary-class": 2,
}
*QUASI_IDENTIFIERS, SENSITIVE = ADULT_CARDINALITIES

#: Few classes, where a loop over classes costs least.
COARSE = ["sex", "race", "marital-status", "workclass"]

PYCANON = """
import json, sys, time, warnings
import pandas as pd
from pycanon import anonymity
warnings.simplefilter("ignore")
table, columns, secret = pd.read_csv(sys.argv[1], sep=";"), *json.loads(sys.argv[2])
runs = {
    "k": lambda: anonymity.k_anonymity(table, columns),
    "l": lambda: anonymity.l_diversity(table, columns, [secret]),
    "t": lambda: anonymity.t_closeness(table, columns, [secret]),
}
seconds, values = {}, {}
for name, run in runs.items():
    start = time.perf_counter()
    values[name] = float(run())
    seconds[name] = time.perf_counter() - start
print(json.dumps([seconds, values]))
"""


@dataclass(frozen=True)
class Measured(Comparison):
    """A comparison whose peer was measured in its own process."""

    peer_seconds: float = 0.0

    def seconds(self) -> tuple[float, float]:
        times = sorted(seconds_of(self.ours) for _ in range(REPEATS))
        return self.peer_seconds, times[REPEATS // 2]


def beside_pycanon() -> Iterator[Comparison]:
    X = adult()
    for columns in (QUASI_IDENTIFIERS, COARSE):
        seconds, values = pycanon(X, columns)
        about = {"quasi_identifiers": columns, "sensitive": SENSITIVE}
        ours = {
            "k": lambda columns=columns: k_anonymity(X, quasi_identifiers=columns),
            "l": lambda about=about: l_diversity(X, **about),
            "t": lambda about=about: t_closeness(X, **about),
        }
        for name, target in (("k", 20), ("l", 100), ("t", 100)):
            assert abs(ours[name]() - values[name]) < 1e-12
            yield Measured(
                f"{name} of {len(X):,} rows, {len(columns)} columns: pycanon",
                target,
                lambda: None,
                ours[name],
                peer_seconds=seconds[name],
            )


def adult() -> pd.DataFrame:
    columns = [*QUASI_IDENTIFIERS, SENSITIVE]
    if ADULT.exists():
        return pd.read_csv(ADULT, sep=";", usecols=columns)[columns]
    rng = np.random.default_rng(0)
    return pd.DataFrame(
        {
            name: rng.choice(n, 30_162, p=uneven(n)).astype(str)
            for name, n in ADULT_CARDINALITIES.items()
        }
    )


def pycanon(
    X: pd.DataFrame, columns: list[str]
) -> tuple[dict[str, float], dict[str, float]]:
    """Return the seconds and the values of pycanon, run by a Python of its own."""
    python = os.environ.get("PYCANON_PYTHON", sys.executable)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "table.csv"
        X.to_csv(path, sep=";", index=False)
        about = json.dumps([columns, SENSITIVE])
        run = [python, "-c", PYCANON, str(path), about]
        done = subprocess.run(run, capture_output=True, text=True, check=True)  # noqa: S603
    seconds, values = json.loads(done.stdout)
    return seconds, values


def beside_polars() -> Iterator[Comparison]:
    for name, X in (tables() | identifiers()).items():
        sizes = X.group_by(X.columns).len()["len"]
        assert k_anonymity(X, quasi_identifiers=X.columns) == sizes.min()
        yield Comparison(
            f"k_anonymity, {name}: group_by().len()",
            1 / 1.5 if "text" in name else 1,
            lambda X=X: X.group_by(X.columns).len(),
            lambda X=X: k_anonymity(X, quasi_identifiers=X.columns),
        )


def tables() -> dict[str, pl.DataFrame]:
    rng = np.random.default_rng(0)
    codes = {
        f"q{i}": rng.choice(n, N_ROWS, p=uneven(n)) for i, n in enumerate(CARDINALITIES)
    }
    integers = pl.DataFrame(codes)
    text = integers.select(pl.all().cast(pl.String))
    return {
        "integers": integers,
        "categories": text.select(pl.all().cast(pl.Categorical)),
        "text": text,
    }


def identifiers() -> dict[str, pl.DataFrame]:
    """Return columns that are no quasi-identifiers: each row has its own value."""
    numbers = np.random.default_rng(0).integers(0, 2**62, N_ROWS)
    wide = pl.DataFrame({"id": numbers})
    return {
        "one column of spread integers": wide,
        "one column of distinct text": wide.select(pl.all().cast(pl.String)),
    }


def uneven(n: int) -> np.ndarray:
    shares = 1 / np.arange(1, n + 1) ** 1.5
    return shares / shares.sum()


def print_memory() -> None:
    """Print by how much a fresh process grows."""
    print(f"\nk_anonymity, memory at {N_ROWS:,} rows, {len(CARDINALITIES)} columns\n")
    print("| table | MB | times the codes as int32 | at most |")
    print("|---|---|---|---|")
    codes = N_ROWS * len(CARDINALITIES) * np.dtype(np.int32).itemsize
    context = multiprocessing.get_context("spawn")
    for name in ("integers", "categories", "text"):
        with context.Pool(1) as pool:
            peak = pool.apply(memory_of, (name,))
        print(f"| {name} | {peak / 1e6:.0f} | {peak / codes:.2g} | 3 |")


def memory_of(name: str) -> int:
    X = tables()[name]
    k_anonymity(X[:1_000], quasi_identifiers=X.columns)
    return peak_bytes(lambda: k_anonymity(X, quasi_identifiers=X.columns))


def print_nodes() -> None:
    """Group and judge codes at hand, as each node of a lattice search does."""
    X = adult()
    codes = [pd.factorize(X[name])[0] for name in QUASI_IDENTIFIERS[:5]]
    n_codes = [int(column.max()) + 1 for column in codes]
    model, n_nodes = KAnonymity(5), 1_000

    def search() -> None:
        for _ in range(n_nodes):
            judge(model, group_codes(codes, n_codes))

    seconds = seconds_of(search)
    print(f"\nA node of {len(X):,} rows: {1000 * seconds / n_nodes:.2g} ms")


if __name__ == "__main__":
    print_table("Privacy of Adult, from the raw table", beside_pycanon())
    print_table(f"Classes of {N_ROWS:,} rows, 8 columns", beside_polars())
    print_memory()
    print_nodes()
