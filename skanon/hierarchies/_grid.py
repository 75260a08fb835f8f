"""A hierarchy of numbers: intervals of one width, without end."""

import math
from dataclasses import dataclass
from numbers import Real
from typing import Any, ClassVar, Self

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from skanon._intervals import (
    Numbers,
    grid_cells,
    grid_edges,
    number_texts,
    read_numbers,
)
from skanon._messages import shown
from skanon.hierarchies._cuts import OWNER, check_levels
from skanon.hierarchies._integers import falling_integers

__all__ = ["Grid", "grid_from_decimals", "grid_from_width"]

#: Within so many widths, 12 digits tell neighbouring edges apart, and 32 bits count
#: the intervals.
FURTHEST = 2.0**31


@dataclass(frozen=True, eq=False)
class Grid:
    """Intervals of one width, without end in both directions.

    Attributes
    ----------
    width : float
        The width on level 1.
    origin : float
        One of the edges of all levels.
    multiples : tuple of int
        Per level from 1 on its width, as a multiple of ``width``.
    """

    kind: ClassVar[str] = "grid"

    width: float
    origin: float
    multiples: tuple[int, ...]

    @property
    def height(self) -> int:
        """The top level."""
        return len(self.multiples) + 1

    def knows(self, column: pa.Array) -> pa.Array:
        """Return for each value whether it is a number that the grid can tell."""
        return pa.array(self._reaches(read_numbers(column, owner=OWNER)))

    def labels_of(self, column: pa.Array, level: int) -> pa.Array:
        """Return the interval of each value as text."""
        intervals = self._intervals(column, level).dictionary_encode()
        distinct = intervals.dictionary.to_numpy()
        ends = (number_texts(end) for end in self._ends(distinct, level))
        labels = [f"[{a}, {b})" for a, b in zip(*ends, strict=True)]
        texts = pa.array(labels, pa.large_string())
        return pa.DictionaryArray.from_arrays(intervals.indices, texts)

    def ordinals_of(self, column: pa.Array, level: int) -> pa.Array:
        """Return the number of each value's interval; 0 begins at the origin."""
        return column if level == 0 else self._intervals(column, level)

    def bounds_of(
        self, column: pa.Array, level: int, *, finite: bool
    ) -> tuple[Numbers, Numbers]:
        """Return where each value's interval begins and ends."""
        numbers = read_numbers(column, owner=OWNER)
        if level == 0:
            return numbers, numbers
        if level == self.height:
            end = np.where(np.isnan(numbers), np.nan, 0.0 if finite else np.inf)
            return 0.0 - end, end
        intervals = self._intervals(column, level).to_numpy(zero_copy_only=False)
        return self._ends(intervals, level)

    def describe(self) -> str:
        """Return the parameters."""
        widths = [self.width * multiple for multiple in self.multiples]
        return f"widths=[{', '.join(number_texts(np.array(widths)))}]"

    def state(self) -> dict[str, Any]:
        """Return the parameters."""
        return {
            "width": self.width,
            "origin": self.origin,
            "multiples": list(self.multiples),
        }

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> Self:
        """Return the grid that ``state`` describes."""
        return cls(state["width"], state["origin"], tuple(state["multiples"]))

    def _intervals(self, column: pa.Array, level: int) -> pa.Array:
        """Return the number of each value's interval, counted from the origin."""
        numbers = read_numbers(column, owner=OWNER)
        reached = self._reaches(numbers)
        numbers = np.where(reached, numbers, self.origin)
        cells = grid_cells(numbers, self.width, self.origin)
        # Floats hold multiples of any size, and their quotients are exact enough.
        intervals = np.floor(cells / self.multiples[level - 1])
        return pa.array(intervals.astype(np.int32), mask=~reached)

    def _ends(self, intervals: npt.NDArray[Any], level: int) -> tuple[Numbers, Numbers]:
        cells = intervals * float(self.multiples[level - 1])
        return self._edge(cells), self._edge(cells + self.multiples[level - 1])

    def _reaches(self, numbers: Numbers) -> npt.NDArray[np.bool_]:
        """Return which numbers are near enough for floats to tell cells apart."""
        far = np.maximum(np.abs(numbers), np.abs(numbers - self.origin))
        reached: npt.NDArray[np.bool_] = far < FURTHEST * self.width
        return reached

    def _edge(self, cells: npt.NDArray[Any]) -> Numbers:
        return grid_edges(cells, self.width, self.origin)


def grid_from_width(width: Any, origin: Any, levels: Any) -> Grid:
    """Make a grid from the width of level 1."""
    for name, value in (("width", width), ("origin", origin)):
        is_number = isinstance(value, Real) and not isinstance(value, bool)
        if not is_number or not math.isfinite(value):
            raise ValueError(
                f"The {name} of intervals must be a finite number; got {shown(value)}."
            )
    if width <= 0:
        raise ValueError(f"The width of intervals must be positive; got {width!r}.")
    return Grid(float(width), float(origin), check_levels(levels))


def grid_from_decimals(decimals: Any) -> Grid:
    """Make a grid whose levels keep so many decimals of a coordinate."""
    digits = falling_integers(decimals, "decimals", [2, 1, 0])
    multiples = tuple(10 ** (digits[0] - digit) for digit in digits)
    return Grid(10.0 ** -digits[0], 0.0, multiples)
