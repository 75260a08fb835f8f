"""What a kind of hierarchy must be able to do."""

from typing import Any, ClassVar, Protocol, Self

import pyarrow as pa

__all__ = ["TOP", "Rule"]

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
        """Return the label of each value as text; missing where it has no place."""

    def describe(self) -> str:
        """Return the parameters for ``repr``; of listed values only the counts."""

    def state(self) -> dict[str, Any]:
        """Return plain numbers, texts, lists and arrays that say everything."""

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> Self:
        """Return the rule that ``state`` describes."""
