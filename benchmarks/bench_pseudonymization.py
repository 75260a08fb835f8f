"""Tokens: HashPseudonymizer beside what people write by hand, and a Rust peer.

Run ``python benchmarks/bench_pseudonymization.py``; it needs polars-hash.
"""

import hashlib
import hmac
from collections.abc import Iterator

import numpy as np
import pandas as pd
import polars as pl
import polars_hash as plh
from _comparison import Comparison, print_table

from skanon import HashPseudonymizer, SecretKey

N_ROWS = 1_000_000
KEY = SecretKey(bytes(range(16)))
RAW_KEY = bytes(range(16))


def distinct_texts(n: int) -> list[str]:
    return [f"{i:016d}" for i in np.random.default_rng(0).permutation(n)]


def comparisons() -> Iterator[Comparison]:
    texts = distinct_texts(N_ROWS)
    arrow = pd.Series(texts, dtype=pd.StringDtype("pyarrow"))
    polars = pl.Series("x", texts)
    objects = pd.Series(texts, dtype=object)
    categories = pd.Series(pd.Categorical([text[-3:] for text in texts]))
    for name, series, target in (
        ("pandas str", arrow, 10),
        ("pandas object", objects, 4),
        ("categorical of 1,000", categories, 100),
    ):
        yield versus_apply(name, series, target)
    yield versus_loop("pandas str", arrow, texts, "aes-cmac", 25)
    yield versus_loop("polars", polars, texts, "aes-cmac", 25)
    yield versus_rust(polars)
    yield versus_apply("polars", polars, 10, peer=arrow)
    yield versus_loop("pandas str", arrow, texts, "hmac-sha256", 2)


def versus_apply(name: str, series, target: float, peer=None) -> Comparison:
    ours = table_of(series)
    pseudonymizer = HashPseudonymizer(key=KEY).fit(ours)
    column = (series if peer is None else peer).astype(object)
    return Comparison(
        f"{name}: md5 by Series.apply",
        target,
        lambda: column.apply(lambda x: hashlib.md5(x.encode()).hexdigest()),
        lambda: pseudonymizer.transform(ours),
    )


def versus_loop(name, series, texts, algorithm: str, target: float) -> Comparison:
    ours = table_of(series)
    pseudonymizer = HashPseudonymizer(key=KEY, algorithm=algorithm).fit(ours)
    return Comparison(
        f"{name}, {algorithm}: hmac.digest in a list comprehension",
        target,
        lambda: [hmac.digest(RAW_KEY, x.encode(), "sha256").hex() for x in texts],
        lambda: pseudonymizer.transform(ours),
    )


def versus_rust(series: pl.Series) -> Comparison:
    ours = table_of(series)
    pseudonymizer = HashPseudonymizer(key=KEY).fit(ours)
    expression = plh.col("x").chash.hmac_sha256(key=RAW_KEY.hex())
    return Comparison(
        "polars: polars-hash hmac_sha256",
        3,
        lambda: ours.select(expression),
        lambda: pseudonymizer.transform(ours),
    )


def table_of(series):
    return series.to_frame("x") if isinstance(series, pd.Series) else series.to_frame()


if __name__ == "__main__":
    print_table(f"HashPseudonymizer, {N_ROWS:,} rows", comparisons())
