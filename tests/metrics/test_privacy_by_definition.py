"""Every metric of privacy beside its definition, row by row in plain Python.

Weights are fractions too, rows are suppressed at will, and missing values are a
category of their own or match every value.
"""

import math
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from skanon import metrics
from skanon.hierarchies import Hierarchy
from skanon.metrics import equivalence_classes
from skanon.privacy import DeltaPresence, KMap

#: The paths of the sensitive values through a hierarchy that is not balanced.
PATHS = {
    "u": ("u", "breath", "body", "*"),
    "v": ("v", "breath", "body", "*"),
    "w": ("w", "joints", "body", "*"),
    "x": ("x", "x", "mind", "*"),
}
HIERARCHY = Hierarchy.from_frame(pd.DataFrame(list(PATHS.values())))
ORDER = ["w", "u", "x", "v"]
QIS = ["a", "b"]

Shares = dict[Any, float]


@dataclass(frozen=True)
class Case:
    """A table and how it is read."""

    rows: list[tuple[Any, Any, str]]
    counts: list[float]
    suppressed: list[bool]
    missing: str

    @property
    def table(self) -> pd.DataFrame:
        frame = pd.DataFrame(self.rows, columns=[*QIS, "secret"])
        return frame.astype({"a": "Int64", "b": "boolean"})

    @property
    def options(self) -> dict[str, Any]:
        return {
            "quasi_identifiers": QIS,
            "sample_weight": self.counts,
            "suppressed": self.suppressed,
            "missing": self.missing,
        }

    def here(self) -> list[int]:
        both = enumerate(zip(self.counts, self.suppressed, strict=True))
        return [i for i, (count, gone) in both if count > 0 and not gone]

    def match(self, i: int, j: int) -> bool:
        pairs = list(zip(self.rows[i][:2], self.rows[j][:2], strict=True))
        if self.missing == "own_category":
            return all(x == y for x, y in pairs)
        return all(x is None or y is None or x == y for x, y in pairs)

    def near(self, i: int) -> list[int]:
        return [j for j in self.here() if self.match(i, j)]

    def size(self, i: int) -> float:
        return sum(self.counts[j] for j in self.near(i))

    def tally(self, rows: list[int]) -> Shares:
        counts: Shares = defaultdict(float)
        for i in rows:
            counts[self.rows[i][2]] += self.counts[i]
        return {value: count for value, count in counts.items() if count}

    def p(self, i: int) -> Shares:
        return as_shares(self.tally(self.near(i)))

    @property
    def q(self) -> Shares:
        """The shares in the whole table; suppressed records count."""
        return as_shares(self.tally(list(range(len(self.rows)))))


def as_shares(counts: Shares) -> Shares:
    total = sum(counts.values())
    return {value: count / total for value, count in counts.items()}


def entropy(case: Case, i: int) -> float:
    return math.exp(-sum(p * math.log(p) for p in case.p(i).values()))


def recursive(case: Case, i: int) -> int:
    counts = sorted(case.tally(case.near(i)).values(), reverse=True)
    ranks = range(1, len(counts) + 1)
    return max((r for r in ranks if counts[0] < 1.5 * sum(counts[r - 1 :])), default=0)


def equal_distance(case: Case, i: int) -> float:
    p = case.p(i)
    return sum(abs(p.get(x, 0) - q) for x, q in case.q.items()) / 2


def ordered_distance(case: Case, i: int) -> float:
    p, q = case.p(i), case.q
    values = [x for x in ORDER if x in q]
    heights = [sum(p.get(x, 0) - q[x] for x in values[:n]) for n in range(len(values))]
    return sum(map(abs, heights)) / max(len(values) - 1, 1)


def hierarchical_distance(case: Case, i: int) -> float:
    p, q = case.p(i), case.q
    extras = {(0, x): q.get(x, 0) - p.get(x, 0) for x in PATHS}
    cost = 0.0
    for level in (1, 2, 3):
        above = defaultdict(list)
        for path in PATHS.values():
            below = (level - 1, path[level - 1])
            if below in extras:
                above[level, path[level]].append(extras.pop(below))
        for node, parts in above.items():
            needs, has = (sum(max(s * e, 0) for e in parts) for s in (1, -1))
            cost += level / 3 * min(needs, has)
            extras[node] = needs - has
    return cost


def delta(case: Case, i: int) -> float:
    return max(abs(math.log2(p / case.q[x])) for x, p in case.p(i).items())


def beta(case: Case, i: int) -> float:
    return max(0.0, *((p - case.q[x]) / case.q[x] for x, p in case.p(i).items()))


def enhanced_beta(case: Case, i: int) -> float:
    grown = [(p / case.q[x] - 1, -math.log(case.q[x])) for x, p in case.p(i).items()]
    return max(
        0.0, *(growth if growth <= most + 1e-12 else math.inf for growth, most in grown)
    )


Definition = Callable[[Case, int], float]
SECRET: dict[str, Any] = {"sensitive": "secret"}

#: The value of a class; whether the least or the greatest counts; the metric.
METRICS: dict[str, tuple[Definition, Callable[..., Any], Any, dict[str, Any]]] = {
    "k": (Case.size, min, metrics.k_anonymity, {}),
    "distinct l": (
        lambda case, i: len(case.p(i)),
        min,
        metrics.l_diversity,
        SECRET,
    ),
    "entropy l": (entropy, min, metrics.l_diversity, {**SECRET, "kind": "entropy"}),
    "recursive l": (
        recursive,
        min,
        metrics.l_diversity,
        {**SECRET, "kind": "recursive", "c": 1.5},
    ),
    "equal t": (equal_distance, max, metrics.t_closeness, SECRET),
    "ordered t": (
        ordered_distance,
        max,
        metrics.t_closeness,
        {**SECRET, "distance": "ordered", "order": ORDER},
    ),
    "hierarchical t": (
        hierarchical_distance,
        max,
        metrics.t_closeness,
        {**SECRET, "distance": "hierarchical", "hierarchy": HIERARCHY},
    ),
    "delta": (delta, max, metrics.delta_disclosure, SECRET),
    "beta": (beta, max, metrics.beta_likeness, SECRET),
    "enhanced beta": (
        enhanced_beta,
        max,
        metrics.beta_likeness,
        {**SECRET, "enhanced": True},
    ),
    "alpha": (
        lambda case, i: max(case.p(i).values()),
        max,
        lambda X, **options: metrics.alpha_k_anonymity(X, **options)[0],
        SECRET,
    ),
}


@st.composite
def cases(draw: st.DrawFn) -> Case:
    row = st.tuples(
        st.sampled_from([1, 2, None]),
        st.sampled_from([True, False, None]),
        st.sampled_from(sorted(PATHS)),
    )
    rows = draw(st.lists(row, min_size=1, max_size=10))
    n = len(rows)
    counts = st.sampled_from([0, 1, 1, 2, 0.25])
    return Case(
        rows,
        draw(st.lists(counts, min_size=n, max_size=n).filter(any)),
        draw(st.lists(st.booleans(), min_size=n, max_size=n)),
        draw(st.sampled_from(["own_category", "wildcard"])),
    )


@pytest.mark.parametrize("name", METRICS)
@given(case=cases())
def test_a_metric_is_its_definition_in_the_worst_class(name: str, case: Case) -> None:
    definition, worst, metric, options = METRICS[name]
    found = metric(case.table, **case.options, **options)
    nothing = math.inf if worst is min else 0
    expected = worst((definition(case, i) for i in case.here()), default=nothing)
    assert found == pytest.approx(expected, abs=1e-9)


@given(case=cases(), data=st.data())
def test_classes_of_a_subset_know_their_population(
    case: Case, data: st.DataObject
) -> None:
    n = len(case.rows)
    subset = data.draw(st.lists(st.booleans(), min_size=n, max_size=n))
    classes = equivalence_classes(case.table, **case.options, subset=subset)
    presence, k_map = DeltaPresence(0.2, 0.7).check(classes), KMap(2).check(classes)
    for i in case.here():
        label = classes.labels[i]
        members = [j for j in case.near(i) if subset[j]]
        share = sum(case.counts[j] for j in members) / case.size(i)
        assert classes.population_sizes[label] == pytest.approx(case.size(i))
        assert classes.sizes[label] / case.size(i) == pytest.approx(share)
        assert presence[label] == (0.2 - 1e-12 <= share <= 0.7 + 1e-12)
        is_empty = classes.members[label] == 0
        assert k_map[label] == (is_empty or case.size(i) >= 2)
