"""What a kind of hierarchy must be able to do."""

from typing import Any, ClassVar, Protocol, Self, runtime_checkable

import pyarrow as pa

from skanon._intervals import Numbers

__all__ = ["TOP", "NumericRule", "OrderedRule", "Rule"]

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
class NumericRule(OrderedRule, Protocol):
    """A rule whose labels are intervals of numbers."""

    def bounds_of(
        self, column: pa.Array, level: int, *, finite: bool
    ) -> tuple[Numbers, Numbers]:
        """Return where each value's interval begins and ends, NaN where missing.

        Open ends are infinite, or with ``finite`` bounds that a model can read.
        """
