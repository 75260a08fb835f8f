"""Every loss beside its definition, record by record in plain Python.

Weights are fractions too, records of weight 0 are in no count, and all weights of
suppression and of columns are drawn; so no reference data is needed.
"""

import math
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from skanon import metrics
from skanon.hierarchies import Hierarchy

LEVELS = {
    "town": [["Bonn", "Rhine", "*"], ["Mainz", "Rhine", "*"], ["Essen", "Essen", "*"]],
    "age": [
        [str(i), f"{i // 3 * 3}+", "low" if i < 6 else "high", "*"] for i in range(8)
    ],
    "sex": [["f", "*"], ["m", "*"]],
    "land": [["here"]],
}
HIERARCHIES = {
    name: Hierarchy.from_frame(pd.DataFrame(rows)) for name, rows in LEVELS.items()
}
AGGREGATES = ("sum", "max", "arithmetic_mean", "geometric_mean", "rank")


@dataclass(frozen=True)
class Case:
    """A table, how it is recoded, and what is asked."""

    rows: list[dict[str, str]]
    levels: dict[str, int]
    suppressed: list[bool]
    counts: list[float]
    gs_factor: float
    weights: dict[str, float]

    def label(self, name: str, row: Mapping[str, str]) -> str:
        return self._path(name, row[name])[self.levels[name]]

    def share(self, name: str, row: Mapping[str, str]) -> float:
        label, rows = self.label(name, row), LEVELS[name]
        return sum(path[self.levels[name]] == label for path in rows) / len(rows)

    def tuples(self, row: Mapping[str, str]) -> float:
        return math.prod(self.share(name, row) * self.size(name) for name in row)

    def size(self, name: str) -> int:
        return len(LEVELS[name])

    def height(self, name: str) -> int:
        return len(LEVELS[name][0]) - 1

    def relative(self, name: str) -> float:
        return self.levels[name] / self.height(name) if self.height(name) else 0.0

    @property
    def names(self) -> list[str]:
        return list(self.levels)

    @property
    def everything(self) -> int:
        return math.prod(map(self.size, self.names))

    @property
    def n(self) -> float:
        return sum(self.counts)

    @property
    def n_suppressed(self) -> float:
        return sum(count for _, count in self.of(True))

    @property
    def generalization(self) -> float:
        return 1.0 if self.gs_factor <= 0.5 else 1 - 2 * (self.gs_factor - 0.5)

    @property
    def suppression(self) -> float:
        return 2 * self.gs_factor if self.gs_factor < 0.5 else 1.0

    def of(self, *kinds: bool) -> list[tuple[dict[str, str], float]]:
        """Return the records, with counts, that are suppressed or not."""
        both = zip(self.rows, self.suppressed, self.counts, strict=True)
        return [(row, count) for row, gone, count in both if gone in kinds and count]

    def frequencies(self, key: Callable[[Any], Any], *kinds: bool) -> Counter[Any]:
        counter: Counter[Any] = Counter()
        for row, count in self.of(*kinds or (True, False)):
            counter[key(row)] += count
        return counter

    def values(self, row: Mapping[str, str]) -> tuple[str, ...]:
        return tuple(row[name] for name in self.names)

    def labels(self, row: Mapping[str, str]) -> tuple[str, ...]:
        return tuple(self.label(name, row) for name in self.names)

    @staticmethod
    def _path(name: str, value: str) -> list[str]:
        return next(path for path in LEVELS[name] if path[0] == value)


def floored(value: float) -> float:
    return math.floor(value * 1e10) / 1e10


def height(case: Case, name: str) -> float:
    return case.levels[name]


def precision(case: Case, name: str) -> float:
    kept = (case.n - case.n_suppressed) * case.relative(name) * case.generalization
    return (kept + case.n_suppressed * case.suppression) / case.n


def monotonic_precision(case: Case, name: str) -> float:
    return case.generalization * case.relative(name)


def loss(case: Case, name: str) -> float:
    lost = sum(c * case.share(name, row) for row, c in case.of(False))
    lost *= case.generalization
    for row, count in case.of(True):
        share = case.share(name, row)
        lost += count * (share + case.suppression * (1 - share))
    least = case.generalization * case.n / case.size(name)
    room = case.n - least
    return floored(max(0.0, (lost - least) / room)) if room > 1e-12 else 0.0


def monotonic_entropy(case: Case, name: str) -> float:
    return floored(_generalized_bits(case, name))


def entropy(case: Case, name: str) -> float:
    bits = _generalized_bits(case, name)
    gone = case.frequencies(lambda row: case.label(name, row), True)
    for count in gone.values():
        bits -= case.suppression * count * math.log2(count / case.n_suppressed)
    return floored(bits)


def normalized_entropy(case: Case, name: str) -> float:
    values = case.frequencies(lambda row: row[name])
    bits = -sum(c * math.log2(c / case.n) for c in values.values())
    whole = floored(case.generalization * bits)
    return entropy(case, name) / whole if whole else 0.0


def _generalized_bits(case: Case, name: str) -> float:
    values = case.frequencies(lambda row: row[name])
    labels = case.frequencies(lambda row: case.label(name, row))
    return -case.generalization * sum(
        count * math.log2(values[row[name]] / labels[case.label(name, row)])
        for row, count in case.of(True, False)
    )


BY_COLUMN: dict[str, tuple[Any, Any, dict[str, Any]]] = {
    "height": (height, metrics.height, {}),
    "precision": (precision, metrics.precision, {}),
    "monotonic precision": (
        monotonic_precision,
        metrics.precision,
        {"monotonic": True},
    ),
    "loss": (loss, metrics.loss, {}),
    "entropy": (entropy, metrics.non_uniform_entropy, {}),
    "monotonic entropy": (
        monotonic_entropy,
        metrics.non_uniform_entropy,
        {"variant": "monotonic"},
    ),
    "normalized entropy": (
        normalized_entropy,
        metrics.non_uniform_entropy,
        {"variant": "normalized"},
    ),
}


def ambiguity(case: Case) -> float:
    kept = sum(count * case.tuples(row) for row, count in case.of(False))
    return kept + case.n_suppressed * case.everything


def kl_divergence(case: Case) -> float:
    originals = case.frequencies(case.values)
    classes = case.frequencies(case.labels, False)
    total = 0.0
    for gone in (True, False):
        for row, count in case.of(gone):
            before = originals[case.values(row)] / case.n
            after = (
                case.n_suppressed / case.n / case.everything
                if gone
                else classes[case.labels(row)] / case.n / case.tuples(row)
            )
            total += count * before * math.log2(before / after)
    return total


def entropy_based_loss(case: Case) -> float:
    total = case.suppression * case.n_suppressed
    for row, count in case.of(False):
        if case.everything > 1:
            share = case.tuples(row) / case.everything
            said = math.log(share) / math.log(case.everything) + 1
            total += count * case.generalization * said
    return total


OF_TABLES = {
    "ambiguity": (ambiguity, metrics.ambiguity, False),
    "kl divergence": (kl_divergence, metrics.kl_divergence, False),
    "entropy-based loss": (entropy_based_loss, metrics.entropy_based_loss, True),
}


def joined(values: list[float], case: Case, aggregate: str) -> Any:
    given = [case.weights.get(name, 0.5) for name in case.names]
    largest = max(given) or 1
    weights = [weight / largest for weight in given]
    weighted = [v * w for v, w in zip(values, weights, strict=True)]
    return {
        "sum": sum(weighted),
        "max": max(0.0, *weighted),
        "arithmetic_mean": sum(weighted) / len(values),
        "geometric_mean": math.prod((x + 1) ** (1 / len(values)) for x in weighted) - 1,
        "rank": sorted(weighted, reverse=True),
    }[aggregate]


@st.composite
def cases(draw: st.DrawFn) -> Case:
    names = draw(st.lists(st.sampled_from(sorted(LEVELS)), min_size=1, unique=True))
    row = {name: st.sampled_from([path[0] for path in LEVELS[name]]) for name in names}
    rows = draw(st.lists(st.fixed_dictionaries(row), min_size=1, max_size=9))
    n = len(rows)
    counts = st.sampled_from([0, 1, 1, 2, 0.5])
    weights = st.dictionaries(st.sampled_from(names), st.sampled_from([0, 0.5, 1, 3]))
    return Case(
        rows,
        {name: draw(st.integers(0, len(LEVELS[name][0]) - 1)) for name in names},
        draw(st.lists(st.booleans(), min_size=n, max_size=n)),
        draw(st.lists(counts, min_size=n, max_size=n).filter(any)),
        draw(st.sampled_from([0.0, 0.25, 0.5, 0.75, 1.0])),
        draw(weights),
    )


def asked(case: Case, takes_gs: bool) -> dict[str, Any]:
    gs = {"gs_factor": case.gs_factor} if takes_gs else {}
    return {
        "hierarchies": {name: HIERARCHIES[name] for name in case.names},
        "levels": case.levels,
        "suppressed": case.suppressed,
        "sample_weight": case.counts,
        **gs,
    }


def labels_of(case: Case) -> pd.DataFrame:
    return pd.DataFrame([case.labels(row) for row in case.rows], columns=case.names)


@given(case=cases(), name=st.sampled_from(sorted(BY_COLUMN)))
def test_a_loss_of_columns_is_its_definition(case: Case, name: str) -> None:
    definition, function, words = BY_COLUMN[name]
    X = pd.DataFrame(case.rows)
    options = asked(case, takes_gs=name != "height") | words
    values = [definition(case, column) for column in case.names]
    found = function(X, **options, aggregate=None)
    assert list(found.values()) == pytest.approx(values, abs=2e-10)
    for aggregate in AGGREGATES:
        found = function(X, **options, aggregate=aggregate, weights=case.weights)
        expected = joined(values, case, aggregate)
        assert found == pytest.approx(expected, abs=2e-9), aggregate


@given(case=cases(), name=st.sampled_from(sorted(OF_TABLES)))
def test_a_loss_of_a_table_is_its_definition(case: Case, name: str) -> None:
    definition, function, takes_gs = OF_TABLES[name]
    found = function(pd.DataFrame(case.rows), **asked(case, takes_gs))
    assert found == pytest.approx(definition(case), abs=1e-9)


@given(case=cases())
def test_losses_by_class_sizes_are_their_definitions(case: Case) -> None:
    sizes = case.frequencies(case.labels, False).values()
    options: dict[str, Any] = {
        "quasi_identifiers": case.names,
        "suppressed": case.suppressed,
        "sample_weight": case.counts,
    }
    pairs = sum(size**2 for size in sizes) + case.n * case.n_suppressed
    found = metrics.discernibility(labels_of(case), **options)
    assert found == pytest.approx(pairs)
    of_all = case.frequencies(case.labels).values()
    found = metrics.discernibility(labels_of(case), **options, monotonic=True)
    assert found == pytest.approx(sum(size**2 for size in of_all))
    n_classes = case.suppression * len(sizes)
    n_classes += case.generalization * bool(case.n_suppressed)
    found = metrics.average_class_size(
        labels_of(case), **options, gs_factor=case.gs_factor
    )
    assert found == pytest.approx(case.n / n_classes if n_classes else np.inf)


@given(case=cases())
def test_granularity_and_ncp_are_their_definitions(case: Case) -> None:
    options = asked(case, takes_gs=False)
    X = pd.DataFrame(case.rows)
    shares = [
        sum(c * case.share(name, row) for row, c in case.of(False)) + case.n_suppressed
        for name in case.names
    ]
    for name, share in zip(case.names, shares, strict=True):
        least = 1 / case.size(name)
        room = 1 - least
        expected = 1 - (share / case.n - least) / room if room else 1
        found = metrics.granularity(X, **options, aggregate=None)[name]
        assert found == pytest.approx(expected)
    penalty = case.n_suppressed * len(case.names)
    for row, count in case.of(False):
        of_row = [case.share(name, row) for name in case.names]
        single = [1 / case.size(name) for name in case.names]
        penalty += count * sum(
            s for s, one in zip(of_row, single, strict=True) if s > one
        )
    found = metrics.ncp(
        X,
        labels_of(case),
        quasi_identifiers=case.names,
        hierarchies=options["hierarchies"],
        suppressed=case.suppressed,
        sample_weight=case.counts,
    )
    assert found == pytest.approx(penalty / case.n / len(case.names))
