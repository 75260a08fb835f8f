"""Checks of what :class:`HierarchyGeneralizer` is told against what columns hold."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from skanon._arrow import count_missing, missing_mask
from skanon._base import Weights
from skanon._frames import map_values
from skanon._messages import lacks_and_names, listed, shown, warn_of_mistake
from skanon.exceptions import ColumnError, ColumnTypeError, UnknownValueError
from skanon.hierarchies import Hierarchy

__all__ = [
    "BOUNDED",
    "check_fit",
    "check_given",
    "check_known",
    "check_most_known",
    "naming",
    "per_column",
]

#: Outputs that only intervals have.
BOUNDED = ("midpoint", "bounds", "interval")


def per_column(
    given: Any, parameter: str, places: list[tuple[Any, int]], owner: str
) -> dict[str, Any]:
    """Return what is given for each column, by its name or its position."""
    if not isinstance(given, Mapping):
        return {str(name): given for name, _ in places}
    # A name goes before a position, where columns are named by integers.
    names = [name for name, _ in places]
    keys = [
        name if name in given else None if position in names else position
        for name, position in places
    ]
    lacking = [n for key, n in zip(keys, names, strict=True) if key not in given]
    others = [key for key in given if key not in keys]
    if lacking or others:
        raise ColumnError(
            f"'{parameter}' of {owner} {lacks_and_names(lacking, others)}, but it must "
            f"have an entry for each of the columns {listed(names)}, and for no other."
        )
    return {str(name): given[key] for key, name in zip(keys, names, strict=True)}


def check_given(hierarchy: Any, level: Any, name: str) -> None:
    """Check the types of what is given for a column."""
    if not isinstance(hierarchy, Hierarchy | None):
        raise TypeError(
            f"The hierarchy of column {name!r} is of type {type(hierarchy).__name__}. "
            "Make a Hierarchy of it, for example with Hierarchy.from_dict."
        )
    is_integer = isinstance(level, int | np.integer) and not isinstance(level, bool)
    if not is_integer or level < 0:
        raise ValueError(
            f"Level {shown(level)} of column {name!r} is not a level; choose an "
            "integer from 0 to the height of its hierarchy."
        )


def check_fit(hierarchy: Hierarchy, level: int, output: str, name: str) -> None:
    """Check that the hierarchy of a column has the level and the output."""
    if level > hierarchy.height:
        raise ValueError(
            f"Level {level!r} of column {name!r} is not a level of its hierarchy; "
            f"choose an integer from 0 to its height, {hierarchy.height}."
        )
    if output in BOUNDED and not hierarchy.has_bounds:
        raise ValueError(
            f"output={output!r} needs a hierarchy of numbers or dates, such as "
            "Hierarchy.intervals or Hierarchy.dates; that of column "
            f"{name!r} is {hierarchy!r}."
        )


def check_most_known(
    labels: pa.Array,
    values: pa.Array,
    column: pa.Array,
    recode: Callable[[pa.Array], pa.Array],
    weights: Weights,
    name: str,
) -> None:
    """Check by the labels of its distinct values that a hierarchy is the column's."""
    n_unknown = int(_unknown(labels, values).sum())
    if not n_unknown:
        return
    if n_unknown == len(values) - count_missing(values):
        raise UnknownValueError(
            f"The hierarchy of column {name!r} lacks every one of its values. Is "
            "it the hierarchy of another column?"
        )
    counts = np.ones(len(column)) if weights is None else weights
    n_lost = counts[_unknown(map_values(column, recode), column)].sum()
    n_values = counts[~missing_mask(column)].sum()
    if 2 * n_lost > n_values:
        warn_of_mistake(
            f"The hierarchy of column {name!r} lacks {n_lost:.12g} of its "
            f"{n_values:.12g} values, which become missing. Are they written in "
            "another way, such as with blanks?"
        )


def _unknown(labels: pa.Array, values: pa.Array) -> npt.NDArray[np.bool_]:
    """Return which values are there but have no label."""
    return missing_mask(labels) & ~missing_mask(values)


def check_known(out: pa.Array, column: pa.Array, name: str) -> None:
    """Check that no value became missing."""
    n_missing = count_missing(column)
    n_unknown = out.null_count - n_missing
    if n_unknown:
        raise UnknownValueError(
            f"Column {name!r} has {n_unknown} unknown value(s) that its hierarchy "
            "lacks. Add them to it, or make them missing with "
            "handle_unknown='suppress'."
        )


@contextmanager
def naming(name: str) -> Iterator[None]:
    """Say of which column a hierarchy cannot read the values."""
    try:
        yield
    except ColumnTypeError as error:
        raise ColumnTypeError(f"Column {name!r}: {error}") from None
