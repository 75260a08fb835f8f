"""Fictional names: MaskingTransformer beside the generators that people install.

Run ``python benchmarks/bench_masking.py``; it needs Faker, mimesis and faker2. None
of the peers is consistent: each call draws another name.
"""

from collections.abc import Iterator

import faker2
import numpy as np
import pandas as pd
from _comparison import Comparison, print_table
from faker import Faker
from mimesis import Person

from skanon import MaskingTransformer, SecretKey

N_ROWS = 1_000_000

#: A slow peer is asked this often, and the time is scaled up.
N_CALLS = 20_000

KEY = SecretKey(bytes(range(16)))


def comparisons() -> Iterator[Comparison]:
    peers = {
        "Faker().name()": (300, Faker().name),
        "mimesis Person().full_name()": (1, Person().full_name),
        "faker2 Faker().name()": (1, faker2.Faker().name),
    }
    X = table()
    masker = MaskingTransformer(strategy="fake", key=KEY).fit(X)
    for name, (target, draw) in peers.items():
        yield Comparison(
            name,
            target,
            lambda draw=draw: [draw() for _ in range(N_CALLS)],
            lambda: masker.transform(X),
            peer_share=N_CALLS / N_ROWS,
        )


def table() -> pd.DataFrame:
    texts = [f"{i:016d}" for i in np.random.default_rng(0).permutation(N_ROWS)]
    return pd.DataFrame({"name": pd.Series(texts, dtype=pd.StringDtype("pyarrow"))})


if __name__ == "__main__":
    print_table(f"strategy='fake', names, {N_ROWS:,} rows", comparisons())
