"""Microaggregation and random perturbation: skanon beside its peers.

Run ``python benchmarks/bench_perturbation.py`` with the peers installed
(``pip install anonypyx microagg1d``). Tarragona and Census, the tables that the
literature measures MDAV on, are read from the folder of reference data; where that
is absent, random tables of their size stand in, which the printed names say.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd
from _comparison import Comparison, peak_bytes, print_table, seconds_of
from anonypyx import Anonymiser
from microagg1d import univariate_microaggregation

from skanon import PRAM, Microaggregator, NoiseAdder, RankSwapper, Shuffler

SDCMICRO = Path(__file__).parents[1].parent / "shared" / "data" / "sdcmicro" / "data"

N_ROWS = 1_000_000
N_STRATA = 1_000


def reference_tables() -> Iterator[tuple[str, pd.DataFrame]]:
    for name, file, n in (
        ("Tarragona", "Tarragona.csv", 834),
        ("Census", "CASCrefmicrodata.csv", 1080),
    ):
        if (SDCMICRO / file).is_file():
            yield name, pd.read_csv(SDCMICRO / file).astype(float)
        else:
            X = np.random.default_rng(0).lognormal(size=(n, 13))
            yield f"random like {name}", pd.DataFrame(X).add_prefix("column_")


def loss(X: pd.DataFrame, out: pd.DataFrame) -> float:
    """Return the sum of squared standardized differences, as a share of all."""
    squares = (((X - out) / X.std()) ** 2).to_numpy().sum()
    return float(squares / ((len(X) - 1) * X.shape[1]))


def anonypyx(X: pd.DataFrame, k: int, algorithm: str) -> pd.DataFrame:
    peer = Anonymiser(
        X, k=k, algorithm=algorithm, generalisation_strategy="microaggregation"
    )
    return pd.DataFrame(peer.anonymise())


def mdav() -> Iterator[Comparison]:
    for name, X in reference_tables():
        for k in (3, 5, 10):
            microaggregator = Microaggregator(k=k)
            out = microaggregator.fit_transform(X)
            again = microaggregator.transform(X)
            print(
                f"{name}, k={k}: lost {loss(X, out):.2%} of the sum of squares; "
                f"transform of the same rows {loss(X, again):.2%}"
            )
            yield Comparison(
                f"anonypyx MDAV, {name} {len(X)} by {X.shape[1]}, k={k}",
                20,
                lambda X=X, k=k: anonypyx(X.copy(), k, "MDAV-generic"),
                lambda X=X, m=microaggregator: m.fit_transform(X),
            )


def mondrian() -> Iterator[Comparison]:
    for name, X in reference_tables():
        microaggregator = Microaggregator(k=5, method="mondrian")
        yield Comparison(
            f"anonypyx Mondrian, {name} {len(X)} by {X.shape[1]}, k=5",
            20,
            lambda X=X: anonypyx(X.copy(), 5, "Mondrian"),
            lambda X=X, m=microaggregator: m.fit_transform(X),
        )


def univariate() -> Iterator[Comparison]:
    x = np.random.default_rng(0).normal(size=N_ROWS)
    X = x[:, np.newaxis]
    univariate_microaggregation(x[:1000], 3)  # compiles it
    for k in (3, 10, 100):
        microaggregator = Microaggregator(k=k, method="univariate")
        out = microaggregator.fit_transform(X)[:, 0]
        labels = univariate_microaggregation(x, k)
        means = np.bincount(labels, x) / np.bincount(labels)
        ratio = ((x - out) ** 2).sum() / ((x - means[labels]) ** 2).sum()
        print(f"k={k}: the loss is {ratio:.9f} times that of microagg1d")
        yield Comparison(
            f"microagg1d (numba) and its means, {N_ROWS:,} values, k={k}",
            1,
            lambda k=k: by_means(x, univariate_microaggregation(x, k)),
            lambda m=microaggregator: m.fit_transform(X),
        )
    yield Comparison(
        f"qcut and groupby (not optimal), {N_ROWS:,} values, k=10",
        1,
        lambda: by_quantiles(pd.Series(x), 10),
        lambda: Microaggregator(k=10, method="univariate").fit_transform(X),
    )


def by_means(x: np.ndarray, labels: np.ndarray) -> np.ndarray:
    means = np.bincount(labels, x) / np.bincount(labels)
    return means[labels]


def by_quantiles(x: pd.Series, k: int) -> pd.Series:
    return x.groupby(pd.qcut(x, len(x) // k, labels=False)).transform("mean")


def random_perturbation() -> Iterator[Comparison]:
    rng = np.random.default_rng(0)
    numbers = pd.DataFrame(rng.normal(size=(N_ROWS, 3)), columns=["a", "b", "c"])
    covariance, deviations = numbers.cov().to_numpy(), 0.5 * numbers.std().to_numpy()
    # The next numbers of numpy can be told from others, those of skanon from nothing.
    yield Comparison(
        "numpy: values + rng.normal * deviations, 3 columns",
        0.8,
        lambda: numbers + rng.normal(size=numbers.shape) * deviations,
        lambda: NoiseAdder().fit_transform(numbers),
    )
    yield Comparison(
        "numpy: values + rng.multivariate_normal, 3 columns",
        0.4,
        lambda: numbers + rng.multivariate_normal(np.zeros(3), covariance, N_ROWS),
        lambda: NoiseAdder(method="correlated").fit_transform(numbers),
    )
    strata = pd.Series(rng.integers(0, N_STRATA, N_ROWS), name="stratum")
    X = numbers[["a"]].assign(stratum=strata)
    yield Comparison(
        f"groupby(...).transform(rng.permutation), {N_STRATA:,} strata",
        0.8,
        lambda: X.groupby("stratum")["a"].transform(rng.permutation),
        lambda: Shuffler(strata=["stratum"]).fit_transform(X),
    )
    cities = pd.DataFrame({"city": rng.choice(list("ABCDEFGH"), N_ROWS)})
    pram = PRAM().fit(cities)
    matrix, names = pram.transition_matrices_[0], np.array(list("ABCDEFGH"))
    yield Comparison(
        "rng.choice(..., p=row) for each value, 8 categories (a hundredth of it)",
        20,
        lambda: by_choice(cities["city"][: N_ROWS // 100], matrix, names, rng),
        lambda: pram.transform(cities),
        peer_share=0.01,
    )
    column = numbers[["a"]]
    yield Comparison(
        "a swap with a random later rank, one by one (a hundredth of it)",
        5,
        lambda: by_swaps(column["a"].to_numpy()[: N_ROWS // 100], 0.05, rng),
        lambda: RankSwapper(p=0.05).fit_transform(column),
        peer_share=0.01,
    )


def by_choice(
    column: pd.Series, matrix: np.ndarray, names: np.ndarray, rng: np.random.Generator
) -> list[str]:
    codes = np.searchsorted(names, column.to_numpy().astype(str))
    return [rng.choice(names, p=matrix[code]) for code in codes]


def by_swaps(x: np.ndarray, p: float, rng: np.random.Generator) -> np.ndarray:
    order, out = np.argsort(x), x.copy()
    swapped = np.zeros(len(x), bool)
    for i in range(len(x)):
        if not swapped[i]:
            j = min(i + rng.integers(1, int(p * len(x)) + 1), len(x) - 1)
            if not swapped[j]:
                first, second = order[i], order[j]
                out[first], out[second] = x[second], x[first]
                swapped[i] = swapped[j] = True
    return out


def print_growth(
    title: str,
    run: Callable[[np.ndarray], object],
    sizes: list[int],
    n_columns: int,
    work: Callable[[int], float],
) -> None:
    """Show the time for each size, and for a unit of what it is meant to grow as."""
    print(f"\n{title}\n")
    print("| rows | seconds | seconds per unit of work, against the first |")
    print("|---|---|---|")
    first = None
    for n in sizes:
        X = np.random.default_rng(0).normal(size=(n, n_columns))
        seconds = min(seconds_of(lambda X=X: run(X)) for _ in range(3))
        first = first or seconds / work(n)
        print(
            f"| {n:,} | {seconds:.4g} | {seconds / work(n) / first:.2f} |", flush=True
        )


def print_memory() -> None:
    print("\nPeak memory of MDAV, 20,000 by 10, k=100\n")
    X = np.random.default_rng(0).normal(size=(20_000, 10))
    Microaggregator(k=100).fit(X)
    peak = peak_bytes(lambda: Microaggregator(k=100).fit(X))
    print(f"{peak / X.nbytes:.1f} times the table; distances of all pairs: 2000 times")


if __name__ == "__main__":
    print_table("MDAV", mdav())
    print_table("Mondrian", mondrian())
    print_table("Univariate", univariate())
    print_table(f"Random perturbation, {N_ROWS:,} rows", random_perturbation())
    print_growth(
        "Growth of MDAV, 5 columns, k=10: n²",
        Microaggregator(k=10).fit_transform,
        [2_500, 5_000, 10_000, 20_000],
        5,
        lambda n: n**2,
    )
    print_growth(
        "Growth of Mondrian, 5 columns, k=10: n log² n",
        Microaggregator(k=10, method="mondrian").fit_transform,
        [10_000, 100_000, 1_000_000],
        5,
        lambda n: n * np.log(n) ** 2,
    )
    print_growth(
        "Growth of univariate, k=10: n log n",
        Microaggregator(k=10, method="univariate").fit_transform,
        [10_000, 100_000, 1_000_000, 10_000_000],
        1,
        lambda n: n * np.log(n),
    )
    print_memory()
