"""What is given for single columns, by name or position, such as their weights."""

from collections.abc import Mapping, Sequence
from numbers import Real
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from skanon._frames import Frame
from skanon._validation import check_columns
from skanon.exceptions import ColumnError
from skanon.hierarchies import Hierarchy

__all__ = ["by_place", "check_hierarchies", "column_weights", "names_as_given"]

Floats = npt.NDArray[np.float64]
Value = TypeVar("Value")

#: What a column weighs that no weight is given for.
DEFAULT_WEIGHT = 0.5


def by_place(
    given: Mapping[Any, Value],
    places: Sequence[int],
    names: Sequence[Any],
    *,
    owner: str,
    parameter: str,
) -> dict[int, Value]:
    """Return what is given for some of the quasi-identifiers by their positions.

    ``places`` are those of all quasi-identifiers, ``names`` those of all columns.

    Raises
    ------
    ColumnError
        If something is given for a column that is no quasi-identifier.
    """
    found = check_columns(list(given), names, owner=owner, parameter=parameter)
    strange = [
        key for key, place in zip(given, found, strict=True) if place not in places
    ]
    if strange:
        raise ColumnError(
            f"'{parameter}' of {owner} names {strange}, which are not among the "
            f"quasi-identifiers {[names[place] for place in places]}."
        )
    return dict(zip(found, given.values(), strict=True))


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
