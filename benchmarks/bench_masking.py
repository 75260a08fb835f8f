"""Fictional names: MaskingTransformer beside the generators that people install.

Run ``python benchmarks/bench_masking.py``; it needs Faker, mimesis, faker2 and
async-batch-faker, and dataforge-py where Python is 3.12 or newer. None of the peers
is consistent: each call draws another name. All give a column of names: a list, or
for those that give an array a DataFrame.
"""

from collections.abc import Callable, Iterator
from importlib.util import find_spec

import faker2
import numpy as np
import pandas as pd
from _comparison import Comparison, print_table
from async_batch_faker import AsyncBatchFaker
from faker import Faker
from mimesis import Person

from skanon import MaskingTransformer, SecretKey

N_ROWS = 1_000_000

#: A slow peer is asked this often, and the time is scaled up.
N_CALLS = 20_000

KEY = SecretKey(bytes(range(16)))


def comparisons() -> Iterator[Comparison]:
    X = table()
    masker = MaskingTransformer(strategy="fake", key=KEY).fit(X)
    for name, (target, draw) in one_by_one().items():
        yield Comparison(
            name,
            target,
            lambda draw=draw: [draw() for _ in range(N_CALLS)],
            lambda: masker.transform(X),
            peer_share=N_CALLS / N_ROWS,
        )
    for name, draw_all in at_once().items():
        yield Comparison(name, 1, draw_all, lambda: masker.transform(X))


def one_by_one() -> dict[str, tuple[float, Callable[[], str]]]:
    return {
        "Faker().name()": (300, Faker().name),
        "mimesis Person().full_name()": (1, Person().full_name),
        "faker2 Faker().name()": (1, faker2.Faker().name),
    }


def at_once() -> dict[str, Callable[[], object]]:
    vectorized = AsyncBatchFaker()
    peers = {
        "async-batch-faker full_name()": lambda: pd.DataFrame(
            {"name": vectorized.full_name(N_ROWS)}
        )
    }
    if find_spec("dataforge"):
        from dataforge import DataForge

        person = DataForge().person
        peers["dataforge-py full_name()"] = lambda: person.full_name(count=N_ROWS)
    return peers


def table() -> pd.DataFrame:
    texts = [f"{i:016d}" for i in np.random.default_rng(0).permutation(N_ROWS)]
    return pd.DataFrame({"name": pd.Series(texts, dtype=pd.StringDtype("pyarrow"))})


if __name__ == "__main__":
    print_table(f"strategy='fake', names, {N_ROWS:,} rows", comparisons())
