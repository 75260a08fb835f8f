"""A hierarchy of dates: ever longer periods of the calendar."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, ClassVar, Self

import pyarrow as pa

from skanon._arrow import count_missing, type_name
from skanon._calendar import LEVELS, date_kind, period_column, read_days
from skanon._messages import shown
from skanon.exceptions import ColumnTypeError
from skanon.hierarchies._rules import TOP, Ends

__all__ = ["Dates", "dates_from_levels"]


@dataclass(frozen=True)
class Dates:
    """The periods that a date lies in.

    Attributes
    ----------
    levels : tuple of str
        Per level from 1 on its periods, a coarsening of those of the level below.
    """

    kind: ClassVar[str] = "dates"

    levels: tuple[str, ...]

    @property
    def height(self) -> int:
        """The top level."""
        return len(self.levels) + 1

    def knows(self, column: pa.Array) -> pa.Array:
        """Return for each value whether it tells a date."""
        return _days(column).is_valid()

    def labels_of(self, column: pa.Array, level: int) -> pa.Array:
        """Return the name of the period of each date."""
        return period_column(_days(column), self.levels[level - 1], "label")

    def ordinals_of(self, column: pa.Array, level: int) -> pa.Array:
        """Return a number that grows with the period of each date."""
        period = "day" if level == 0 else self.levels[level - 1]
        return period_column(_days(column), period, "ordinal")

    def bounds_of(
        self, column: pa.Array, level: int, *, finite: bool
    ) -> tuple[Ends, Ends]:
        """Return where each date's period begins and ends, in seconds.

        The top is a period as long as the calendar, so that no end is open.
        """
        period = ("day", *self.levels, TOP)[level]
        left, right = period_column(_days(column), period, "bounds").flatten()
        return left.to_numpy(zero_copy_only=False), right.to_numpy(zero_copy_only=False)

    def describe(self) -> str:
        """Return the periods."""
        return f"levels={list(self.levels)}"

    def state(self) -> dict[str, Any]:
        """Return the periods."""
        return {"levels": list(self.levels)}

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> Self:
        """Return the rule that ``state`` describes."""
        return cls(tuple(state["levels"]))


def dates_from_levels(levels: Any) -> Dates:
    """Make a hierarchy of dates from its periods; the last may be the top.

    Raises
    ------
    ValueError
        If a period is unknown, or may lie in more than one of the next.
    """
    known = LEVELS[:-1]
    is_many = isinstance(levels, Iterable) and not isinstance(levels, str)
    # What is no text may be a column, which cannot be compared at once.
    given = [p if isinstance(p, str) else "" for p in levels] if is_many else []
    periods = given[:-1] if given[-1:] == [TOP] else given
    unknown = [period not in known for period in periods]
    if not periods or any(unknown):
        found = shown(levels)
        if any(unknown):
            found += f", whose item at position {unknown.index(True)} is none of these"
        raise ValueError(
            f"'levels' must be a list of {', '.join(map(repr, known))}; got {found}."
        )
    for level, (lower, upper) in enumerate(pairwise(periods), start=1):
        if lower == "week" or known.index(lower) >= known.index(upper):
            raise ValueError(
                f"Level {level + 1} of the hierarchy is not a coarsening of level "
                f"{level}: a {lower} may lie in more than one {upper}, or be one."
            )
    return Dates(tuple(map(str, periods)))


def _days(column: pa.Array) -> pa.Array:
    """Return the days of dates, missing where a value tells none."""
    kind = date_kind(column.type)
    if kind == "number":
        if count_missing(column) == len(column):
            return pa.nulls(len(column), pa.int32())
        raise ColumnTypeError(
            f"The column has Arrow type {type_name(column.type)}, and numbers may be "
            "years or ages as well as counts of days. Make dates of them for a "
            "hierarchy of dates, such as pandas.to_datetime(years.astype(str), "
            "format='%Y'), or take one of numbers (Hierarchy.intervals)."
        )
    if kind is None and not pa.types.is_null(column.type):
        raise ColumnTypeError(
            f"The column has Arrow type {type_name(column.type)}; a hierarchy of "
            "dates needs dates, timestamps or ISO 8601 text. Convert it or leave it "
            "out."
        )
    # The names are for errors, of which there are none left.
    return read_days(column, name="", owner="", errors="coerce")
