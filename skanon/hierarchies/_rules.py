"""What a kind of hierarchy must be able to do."""

from typing import Any, ClassVar, Protocol, Self, TypeAlias, runtime_checkable

import numpy.typing as npt
import pyarrow as pa

__all__ = ["TOP", "BoundedRule", "Ends", "OrderedRule", "Rule"]

#: Where intervals begin, or where they end: numbers or timestamps, shape (n_samples,).
Ends: TypeAlias = npt.NDArray[Any]

#: The label of the top level: any value at all.
TOP = "*"


class Rule(Protocol):
    """How one kind of hierarchy makes values coarser.

    Levels run from 0, the value, to ``height``, where every value is ``TOP``. The
    methods are only asked about the levels between.
    """

    kind: ClassVar[str]

    @property
    def height(self) -> int:
        """The top level."""

    def knows(self, column: pa.Array) -> pa.Array:
        """Return for each value whether the hierarchy has a place for it."""

    def labels_of(self, column: pa.Array, level: int) -> pa.Array:
        """Return the label of each value; missing where it has no place.

        As text, or as a dictionary of all labels of the level if they can be listed.
        """

    def describe(self) -> str:
        """Return the parameters for ``repr``; of listed values only the counts."""

    def state(self) -> dict[str, Any]:
        """Return plain numbers, texts, lists and arrays that say everything."""

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> Self:
        """Return the rule that ``state`` describes."""


@runtime_checkable
class OrderedRule(Rule, Protocol):
    """A rule whose labels have an order of their own."""

    def ordinals_of(self, column: pa.Array, level: int) -> pa.Array:
        """Return the place of each value's label, for all levels below the top."""


@runtime_checkable
class BoundedRule(OrderedRule, Protocol):
    """A rule whose labels are intervals of numbers, or of dates."""

    def bounds_of(
        self, column: pa.Array, level: int, *, finite: bool
    ) -> tuple[Ends, Ends]:
        """Return where each value's interval begins and ends, for all levels.

        Open ends are infinite, or with ``finite`` bounds that a model can read. Where
        a value has no place they are NaN or NaT.
        """
