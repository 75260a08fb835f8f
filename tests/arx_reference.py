"""The reference cases of the ARX software as objects of skanon.

A table is read once; its columns are recoded once per level. ``node`` puts together
what one transformation gives: classes, verdict of the models, recoding.
"""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from skanon._frames import read_column
from skanon._groups import EquivalenceClasses, encode_sensitive, group_codes
from skanon.hierarchies import Hierarchy
from skanon.metrics._column_options import column_weights
from skanon.metrics._losses import (
    aggregate_values,
    ambiguity_of,
    average_class_size_of,
    discernibility_of,
    divergence_of,
    entropies_of,
    entropy_based_loss_of,
    heights_of,
    losses_of,
    precisions_of,
)
from skanon.metrics._recoded_columns import on_level, read_leaves
from skanon.metrics._recoding import Recoding
from skanon.privacy import (
    AverageRisk,
    BetaLikeness,
    DeltaDisclosure,
    DeltaPresence,
    DistinctLDiversity,
    EntropyLDiversity,
    KAnonymity,
    KMap,
    PopulationUniqueness,
    RecursiveLDiversity,
    SampleUniqueness,
    TCloseness,
    judge,
)

__all__ = ["ArxTable", "Node", "cases", "loss_of", "models_of", "read_arx", "subset_of"]

AGGREGATES = {
    "SUM": "sum",
    "MAXIMUM": "max",
    "ARITHMETIC_MEAN": "arithmetic_mean",
    "GEOMETRIC_MEAN": "geometric_mean",
    "RANK": "rank",
}


class ArxTable:
    """A table of text with the hierarchies of its columns."""

    def __init__(self, table: pd.DataFrame, hierarchies: Mapping[str, Hierarchy]):
        self.table = table
        self.hierarchies = dict(hierarchies)
        self._columns: dict[Any, Any] = {}
        self._secrets: dict[str, Any] = {}

    def column(self, name: str, level: int, subset: Any = None) -> Any:
        """Return a column on a level; made once."""
        key = (name, level, id(subset))
        if key not in self._columns:
            weights = None if subset is None else subset.astype(np.int64)
            leaves_key = (name, id(subset))
            if leaves_key not in self._columns:
                values = read_column(self.table[name])
                self._columns[leaves_key] = read_leaves(
                    values, self.hierarchies[name], name, weights
                )
            self._columns[key] = on_level(self._columns[leaves_key], level)
        return self._columns[key]

    def secret(self, name: str) -> Any:
        """Return a sensitive column; made once."""
        if name not in self._secrets:
            values = read_column(self.table[name])
            self._secrets[name] = encode_sensitive(values, name=name)
        return self._secrets[name]


class Node:
    """What one transformation gives: classes, verdict, recoding."""

    def __init__(
        self,
        table: ArxTable,
        quasi_identifiers: Sequence[str],
        levels: Sequence[int],
        models: Sequence[Any],
        *,
        sensitive: Sequence[str] = (),
        subset: Any = None,
        aggregate: str | None = None,
    ):
        columns = [
            table.column(name, level, subset)
            for name, level in zip(quasi_identifiers, levels, strict=True)
        ]
        self.classes: EquivalenceClasses = group_codes(
            [column.codes for column in columns],
            [column.n_codes for column in columns],
            subset=subset,
            sensitive={name: table.secret(name) for name in sensitive},
        )
        costs = None
        if aggregate is not None:
            costs = class_losses(self.classes, columns, AGGREGATES[aggregate])
        self.verdict = judge(models, self.classes, costs=costs)
        suppressed = ~self.verdict.satisfied[self.classes.labels]
        self.recoding = Recoding(columns, suppressed)

    def is_anonymous(self, suppression_limit: float) -> bool:
        """Return whether the transformation keeps to the limit."""
        limit = np.floor(suppression_limit * self.recoding.n_records)
        return self.verdict.is_repairable and self.verdict.n_violating <= limit


def class_losses(
    classes: EquivalenceClasses, columns: Sequence[Any], aggregate: str
) -> Any:
    """Return for each class what it would lose if it is kept.

    Where a privacy model about the whole table must drop some of equally large
    classes, ARX drops those first that lose least.
    """
    rows = classes.first_rows
    shares = np.column_stack([column.shares[column.codes[rows]] for column in columns])
    values = classes.members[:, None] * shares
    if aggregate == "geometric_mean":
        return np.prod((values + 1) ** (1 / len(columns)), axis=1) - 1
    return values.max(axis=1) if aggregate == "max" else values.sum(axis=1)


@cache
def cases(folder: Path) -> Mapping[str, Any]:
    """Return the cases of the reference."""
    return json.loads((folder / "arx" / "cases.json").read_text(encoding="utf-8"))


@cache
def read_arx(folder: Path, name: str) -> ArxTable:
    """Read a table of the reference and its hierarchies."""
    arx = folder / "arx"
    table = pd.read_csv(arx / f"{name}.csv", sep=";", dtype=str)
    hierarchies = {
        path.stem.removeprefix(f"{name}_hierarchy_"): _read_hierarchy(path)
        for path in sorted(arx.glob(f"{name}_hierarchy_*.csv"))
    }
    return ArxTable(table, hierarchies)


def _read_hierarchy(path: Path) -> Hierarchy:
    """Read a hierarchy file; one of them lists a value twice."""
    levels = pd.read_csv(path, sep=";", header=None, dtype=str, keep_default_na=False)
    return Hierarchy.from_frame(levels.drop_duplicates())


@cache
def _subset(path: Path, n_rows: int) -> Any:
    mask = np.zeros(n_rows, bool)
    mask[np.loadtxt(path, dtype=int)] = True
    return mask


def subset_of(case: Mapping[str, Any], folder: Path, n_rows: int) -> Any:
    """Return the mask of a case's research subset; None without one."""
    if case["subset"] is None:
        return None
    return _subset(folder / "arx" / case["subset"]["rows_file"], n_rows)


def models_of(
    case: Mapping[str, Any], hierarchies: Mapping[str, Hierarchy]
) -> list[Any]:
    """Return the privacy models of a case; KeyError for one that skanon lacks."""
    models = []
    for model in case["privacy_models"]:
        make = MODELS[model["name"]]
        if make is not None:
            models.append(make(model["params"], hierarchies))
    return models


def loss_of(node: Node, case: Mapping[str, Any]) -> Any:
    """Return the loss of a node under the case's metric."""
    metric = case["metric"]
    value = LOSSES[metric["name"]](node, metric)
    if not isinstance(value, np.ndarray):
        return value
    names = [column.original.name for column in node.recoding.columns]
    given = case.get("attribute_weights") or {}
    given = {name: given[name] for name in names if name in given}
    weights = column_weights(given, range(len(names)), names, owner="ARX")
    return aggregate_values(value, weights, AGGREGATES[metric["aggregate"]])


def _entropy(node: Node, metric: Mapping[str, Any]) -> Any:
    variant = "monotonic" if metric["monotonic_variant"] else "plain"
    return entropies_of(node.recoding, metric["gs_factor"], variant)


def _discernibility(node: Node, metric: Mapping[str, Any]) -> float:
    recoding = node.recoding
    if metric["monotonic_variant"]:
        return discernibility_of(recoding.classes.members, recoding.n_records, 0)
    return discernibility_of(
        recoding.kept_members, recoding.n_records, recoding.n_suppressed
    )


def _average_class_size(node: Node, metric: Mapping[str, Any]) -> float:
    recoding = node.recoding
    return average_class_size_of(
        recoding.kept_members,
        recoding.n_records,
        recoding.n_suppressed,
        metric["gs_factor"],
    )


LOSSES: Mapping[str, Any] = {
    "Height": lambda node, _: heights_of(node.recoding),
    "Precision": lambda node, metric: precisions_of(
        node.recoding, metric["gs_factor"], monotonic=metric["monotonic_variant"]
    ),
    "Loss": lambda node, metric: losses_of(node.recoding, metric["gs_factor"]),
    "Non-uniform entropy": _entropy,
    "Normalized non-uniform entropy": lambda node, metric: entropies_of(
        node.recoding, metric["gs_factor"], "normalized"
    ),
    "Discernability": _discernibility,
    "Average equivalence class size": _average_class_size,
    "Ambiguity": lambda node, _: ambiguity_of(node.recoding),
    "KL-Divergence": lambda node, _: divergence_of(node.recoding),
    "Entropy-based information loss": lambda node, metric: entropy_based_loss_of(
        node.recoding, metric["gs_factor"]
    ),
}

#: None for a model that only says what the research subset is.
MODELS: Mapping[str, Any] = {
    "Inclusion": None,
    "KAnonymity": lambda p, _: KAnonymity(p["k"]),
    "DistinctLDiversity": lambda p, _: DistinctLDiversity(p["l"], p["attribute"]),
    "EntropyLDiversity": lambda p, _: EntropyLDiversity(p["l"], p["attribute"]),
    "RecursiveCLDiversity": lambda p, _: RecursiveLDiversity(
        p["c"], p["l"], p["attribute"]
    ),
    "EqualDistanceTCloseness": lambda p, _: TCloseness(
        p["t"], sensitive=p["attribute"]
    ),
    "OrderedDistanceTCloseness": lambda p, h: TCloseness(
        p["t"],
        distance="ordered",
        sensitive=p["attribute"],
        order=sorted(h[p["attribute"]].labels(0)),
    ),
    "HierarchicalDistanceTCloseness": lambda p, h: TCloseness(
        p["t"],
        distance="hierarchical",
        sensitive=p["attribute"],
        hierarchy=h[p["attribute"]],
    ),
    "DDisclosurePrivacy": lambda p, _: DeltaDisclosure(p["delta"], p["attribute"]),
    "BasicBLikeness": lambda p, _: BetaLikeness(p["beta"], sensitive=p["attribute"]),
    "EnhancedBLikeness": lambda p, _: BetaLikeness(
        p["beta"], enhanced=True, sensitive=p["attribute"]
    ),
    "DPresence": lambda p, _: DeltaPresence(p["dMin"], p["dMax"]),
    "KMap": lambda p, _: KMap(
        p["k"],
        p.get("population_size"),
        p["significanceLevel"],
        p.get("estimator", "POISSON").lower(),
    ),
    "AverageReidentificationRisk": lambda p, _: AverageRisk(p["threshold"]),
    "SampleUniqueness": lambda p, _: SampleUniqueness(p["threshold"]),
    "PopulationUniqueness": lambda p, _: PopulationUniqueness(
        p["threshold"],
        p["statisticalModel"].lower(),
        population_size=p["population_size"],
    ),
}
