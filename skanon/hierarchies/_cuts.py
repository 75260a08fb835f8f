"""A hierarchy of numbers: intervals between given edges."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import prod
from typing import Any, ClassVar, Self

import numpy as np
import pyarrow as pa

from skanon._intervals import (
    Edges,
    Numbers,
    check_edges,
    interval_bounds,
    interval_codes,
    interval_ends,
    interval_labels,
    number_texts,
    read_numbers,
)
from skanon._messages import shown
from skanon.hierarchies._integers import integers_of, is_integer

__all__ = ["OWNER", "Cuts", "check_levels", "cuts_from_edges"]

#: Who needs numbers, for error messages.
OWNER = "a hierarchy of intervals"

#: The most edges that ``repr`` shows.
MOST_EDGES = 20


@dataclass(frozen=True, eq=False)
class Cuts:
    """Intervals between given edges; the outermost are open.

    Attributes
    ----------
    edges : tuple of ndarray
        Per level from 1 on its edges, each a part of those of the level below.
    """

    kind: ClassVar[str] = "intervals"

    edges: tuple[Edges, ...]

    def __post_init__(self) -> None:
        for edges in self.edges:
            edges.flags.writeable = False

    @property
    def height(self) -> int:
        """The top level."""
        return len(self.edges) + 1

    def knows(self, column: pa.Array) -> pa.Array:
        """Return for each value whether it is a number."""
        return pa.array(~np.isnan(read_numbers(column, owner=OWNER)))

    def labels_of(self, column: pa.Array, level: int) -> pa.Array:
        """Return the interval of each value as text."""
        labels = pa.array(interval_labels(self.edges[level - 1]), pa.large_string())
        return pa.DictionaryArray.from_arrays(self._codes(column, level), labels)

    def ordinals_of(self, column: pa.Array, level: int) -> pa.Array:
        """Return the number of each value's interval, 0 for the first."""
        return column if level == 0 else self._codes(column, level)

    def bounds_of(
        self, column: pa.Array, level: int, *, finite: bool
    ) -> tuple[Numbers, Numbers]:
        """Return where each value's interval begins and ends."""
        numbers = read_numbers(column, owner=OWNER)
        if level == 0:
            return numbers, numbers
        edges = np.empty(0) if level == self.height else self.edges[level - 1]
        left, right = (interval_bounds if finite else interval_ends)(edges)
        codes, missing = interval_codes(numbers, edges), np.isnan(numbers)
        return (
            np.where(missing, np.nan, left[codes]),
            np.where(missing, np.nan, right[codes]),
        )

    def describe(self) -> str:
        """Return the edges of the lowest level, the middle of very many left out."""
        texts = number_texts(self.edges[0])
        if len(texts) > MOST_EDGES:
            texts = [*texts[:2], "...", *texts[-2:]]
        return f"edges=[{', '.join(texts)}]"

    def state(self) -> dict[str, Any]:
        """Return the edges as arrays."""
        return {"edges": list(self.edges)}

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> Self:
        """Return the cuts that ``state`` describes."""
        return cls(tuple(state["edges"]))

    def _codes(self, column: pa.Array, level: int) -> pa.Array:
        numbers = read_numbers(column, owner=OWNER)
        codes = interval_codes(numbers, self.edges[level - 1]).astype(np.int32)
        return pa.array(codes, mask=np.isnan(numbers))


def cuts_from_edges(edges: Any, levels: Any) -> Cuts:
    """Make cuts from the edges of level 1, or of every level.

    Raises
    ------
    ValueError
        If edges do not increase, or those of a level are not edges of the one below.
    """
    if _are_nested(edges):
        if not is_integer(levels) or levels != 1:
            raise ValueError(
                "The edges of each level are given, so that 'levels' cannot be told as "
                "well. Leave it out."
            )
        return Cuts(_checked_levels(edges))
    lowest = check_edges(edges, what="The edges of a hierarchy")
    # The last edge stays on all levels, so that what lies beyond it stays apart.
    kept = [
        np.unique(np.append(lowest[::multiple], lowest[-1]))
        for multiple in check_levels(levels)
    ]
    return Cuts(tuple(kept))


def check_levels(levels: Any) -> tuple[int, ...]:
    """Return how many intervals of level 1 an interval of each level has."""
    is_one = is_integer(levels) and levels >= 1
    joined = [2] * (int(levels) - 1) if is_one else integers_of(levels)
    if not is_one and (not joined or min(joined) < 2):
        raise ValueError(
            "'levels' must be the number of levels with intervals, at least 1, or a "
            "list of integers from 2 on: how many intervals of the level below each "
            f"further level joins; got {shown(levels)}."
        )
    return tuple(prod(joined[:i]) for i in range(len(joined) + 1))


def _are_nested(edges: Any) -> bool:
    """Return whether these are the edges of each level, rather than of level 1."""
    is_list = isinstance(edges, Sequence | np.ndarray) and not isinstance(edges, str)
    return is_list and any(isinstance(e, Sequence | np.ndarray) for e in edges)


def _checked_levels(levels: Any) -> tuple[Edges, ...]:
    checked = [
        check_edges(edges, what=f"The edges of level {level}")
        for level, edges in enumerate(levels, start=1)
    ]
    for level, (lower, upper) in enumerate(pairwise(checked), start=1):
        n_new = len(np.setdiff1d(upper, lower))
        if n_new:
            raise ValueError(
                f"Level {level + 1} of the hierarchy is not a coarsening of level "
                f"{level}: {n_new} of its edge(s) are no edges of level {level}."
            )
    return tuple(checked)
