"""What is given for single columns, by name or position, such as their weights."""

from collections.abc import Mapping, Sequence
from numbers import Real
from typing import Any

import numpy as np
import numpy.typing as npt

from skanon._frames import Frame
from skanon._validation import by_place
from skanon.hierarchies import Hierarchy

__all__ = ["check_hierarchies", "column_weights", "names_as_given"]

Floats = npt.NDArray[np.float64]

#: What a column weighs that no weight is given for.
DEFAULT_WEIGHT = 0.5


def check_hierarchies(hierarchies: object, owner: str) -> None:
    """Raise TypeError unless it is a dict of hierarchies."""
    if not isinstance(hierarchies, Mapping) or not all(
        isinstance(hierarchy, Hierarchy) for hierarchy in hierarchies.values()
    ):
        raise TypeError(
            f"'hierarchies' of {owner} must be a dict from each quasi-identifier to "
            "its Hierarchy."
        )


def column_weights(
    weights: Mapping[Any, float] | None,
    places: Sequence[int],
    names: Sequence[Any],
    *,
    owner: str,
) -> Floats:
    """Return the weight of each quasi-identifier, relative to the largest.

    Raises
    ------
    ColumnError
        If a weight is given for another column; ValueError if one is no number of at
        least 0.
    """
    weights = {} if weights is None else weights
    if not isinstance(weights, Mapping):
        raise TypeError(
            f"'weights' of {owner} must be a dict from a column to its weight; got "
            f"{type(weights).__name__}."
        )
    given = by_place(weights, places, names, owner=owner, parameter="weights")
    found = [given.get(place, DEFAULT_WEIGHT) for place in places]
    if not all(isinstance(weight, Real) and 0 <= weight < np.inf for weight in found):
        raise ValueError(f"'weights' of {owner} must be finite numbers of at least 0.")
    return np.array(found, np.float64) / (max(found) or 1)


def names_as_given(
    keys: Sequence[Any], places: Sequence[int], frame: Frame
) -> list[Any]:
    """Return the names of columns; those of an array have none but what is given."""
    if frame.container == "numpy":
        return list(keys)
    return [frame.names[place] for place in places]
