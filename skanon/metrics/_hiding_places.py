"""Among how many people the records of a table hide, and who finds them."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from skanon._groups import EquivalenceClasses
from skanon.metrics._attacker_risk import AttackerRisk
from skanon.metrics._population import read_classes_in_population
from skanon.metrics._reading import (
    read_classes,
    read_counts,
    read_sampling_weight,
    sum_by,
)
from skanon.typing import ArrayLike, Table

__all__ = ["attack", "read_hiding_places"]

Numbers = npt.NDArray[Any]


def read_hiding_places(
    X: Table,
    quasi_identifiers: Sequence[Any],
    *,
    owner: str,
    population: Table = None,
    sampling_weight: ArrayLike = None,
    sample_weight: ArrayLike = None,
    missing: Literal["own_category", "wildcard"] = "own_category",
    suppressed: ArrayLike = None,
) -> tuple[EquivalenceClasses, Numbers]:
    """Return the classes and among how many people of the population each hides."""
    if population is not None and sampling_weight is not None:
        raise ValueError(
            f"{owner} is given both a population and a sampling_weight; each alone "
            "tells how many people a record hides among. Leave one out."
        )
    options: dict[str, Any] = {
        "owner": owner,
        "sample_weight": sample_weight,
        "missing": missing,
        "suppressed": suppressed,
    }
    if population is not None:
        return read_classes_in_population(X, population, quasi_identifiers, **options)
    classes = read_classes(X, quasi_identifiers, **options)
    if sampling_weight is None:
        return classes, classes.sizes
    represented = read_sampling_weight(sampling_weight, classes.n_rows)
    counts = read_counts(sample_weight, classes.n_rows)
    return classes, classes.sum(represented if counts is None else represented * counts)


def attack(attacker: str, classes: EquivalenceClasses, sizes: Numbers) -> AttackerRisk:
    """Collect the records of all classes by the number of people they hide among."""
    is_here = classes.members > 0
    sizes = sizes[is_here]
    distinct, records = sum_by(sizes, classes.members[is_here])
    risk = AttackerRisk(attacker, distinct, records, 0.0)
    rate = risk.average
    if attacker == "journalist" and len(sizes):
        rate = max(rate, float(len(sizes) / np.maximum(sizes, 1).sum()))
    return replace(risk, success_rate=rate)
