"""Hierarchies of codes: ever fewer of their characters stay readable."""

from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from skanon._messages import shown
from skanon._value_text import as_text
from skanon.hierarchies._integers import falling_integers, is_integer

__all__ = ["Prefix", "Redaction", "prefix_from_lengths"]


@dataclass(frozen=True)
class Prefix:
    """The first characters of a code, fewer on each level.

    Attributes
    ----------
    lengths : tuple of int
        Per level from 1 on, how many characters are kept.
    """

    kind: ClassVar[str] = "prefix"

    lengths: tuple[int, ...]

    @property
    def height(self) -> int:
        """The top level."""
        return len(self.lengths) + 1

    def knows(self, column: pa.Array) -> pa.Array:
        """Return for each value that it has a place, if it is one."""
        return as_text(column).is_valid()

    def labels_of(self, column: pa.Array, level: int) -> pa.Array:
        """Return the first characters of each value."""
        return pc.utf8_slice_codeunits(as_text(column), 0, self.lengths[level - 1])

    def describe(self) -> str:
        """Return the lengths."""
        return f"lengths={list(self.lengths)}"

    def state(self) -> dict[str, Any]:
        """Return the lengths."""
        return {"lengths": list(self.lengths)}

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> Self:
        """Return the rule that ``state`` describes."""
        return cls(tuple(state["lengths"]))


@dataclass(frozen=True)
class Redaction:
    """One more character hidden on each level.

    Attributes
    ----------
    char : str
        What stands for a hidden character.
    from_end : bool
        Whether the last character is hidden first, or the first.
    height : int
        The top level.
    """

    kind: ClassVar[str] = "redaction"

    char: str
    from_end: bool
    height: int

    def __post_init__(self) -> None:
        if not isinstance(self.char, str) or len(self.char) != 1:
            raise ValueError("'char' must be a single character.")
        if not is_integer(self.height) or self.height < 1:
            raise ValueError(
                f"'height' must be a positive integer; got {shown(self.height)}."
            )
        if not isinstance(self.from_end, bool | np.bool_):
            raise ValueError(
                f"'from_end' must be True or False; got {shown(self.from_end)}."
            )

    def knows(self, column: pa.Array) -> pa.Array:
        """Return for each value that it has a place, if it is one."""
        return as_text(column).is_valid()

    def labels_of(self, column: pa.Array, level: int) -> pa.Array:
        """Return each value with ``level`` characters hidden, its length kept.

        A value that is not longer than ``level`` becomes as many mask characters.
        """
        start, stop = (-level, None) if self.from_end else (0, level)
        hidden = self.char * level
        stop = stop if stop is not None else np.iinfo(np.int64).max
        return pc.utf8_replace_slice(as_text(column), start, stop, hidden)

    def describe(self) -> str:
        """Return the parameters."""
        return f"char={self.char!r}, from_end={self.from_end}"

    def state(self) -> dict[str, Any]:
        """Return the parameters."""
        return {"char": self.char, "from_end": self.from_end, "height": self.height}

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> Self:
        """Return the rule that ``state`` describes."""
        return cls(state["char"], state["from_end"], state["height"])


def prefix_from_lengths(lengths: Any) -> Prefix:
    """Make a hierarchy of prefixes whose levels keep so many characters."""
    kind = "positive integers"
    return Prefix(falling_integers(lengths, "lengths", [3, 2], kind=kind, lowest=1))
