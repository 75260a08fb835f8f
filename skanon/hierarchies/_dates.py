"""A hierarchy of dates: ever longer periods of the calendar."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Any, ClassVar, Self

import pyarrow as pa

from skanon._calendar import LEVELS, period_column, read_days

__all__ = ["Dates"]


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

    def __post_init__(self) -> None:
        known = LEVELS[:-1]
        if not self.levels or not set(self.levels) <= set(known):
            raise ValueError(
                f"'levels' must be a list of {', '.join(map(repr, known))}; got "
                f"{list(self.levels)}."
            )
        for level, (lower, upper) in enumerate(pairwise(self.levels), start=1):
            if lower == "week" or known.index(lower) >= known.index(upper):
                raise ValueError(
                    f"Level {level + 1} of the hierarchy is not a coarsening of level "
                    f"{level}: a {lower} may lie in more than one {upper}, or be one."
                )

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


def _days(column: pa.Array) -> pa.Array:
    """Return the days of dates, missing where a value tells none."""
    return read_days(
        column, name="of dates", owner="a hierarchy of dates", errors="coerce"
    )
