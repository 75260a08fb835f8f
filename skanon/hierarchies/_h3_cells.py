"""A hierarchy of H3 cells: ever larger hexagons that cover the earth."""

from binascii import hexlify, unhexlify
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from skanon._arrow import (
    at_codes,
    is_coded,
    is_text,
    text_bytes,
    text_of_bytes,
    type_name,
)
from skanon.exceptions import ColumnTypeError, MissingExtraError
from skanon.hierarchies._integers import falling_integers

__all__ = ["H3Cells", "h3_cells_from_resolutions"]

#: The resolution of the smallest cells.
FINEST = 15

#: An id is a number of 64 bits. Four of them, above the last 52, are the resolution.
#: The last 45 are three for each resolution from 1 to 15, which say which child of the
#: cell above it is; those of resolutions finer than its own are ones.
PLACE_OF_RESOLUTION = 52
RESOLUTION = 0b1111 << PLACE_OF_RESOLUTION
BITS_PER_CHILD = 3
ALL_BITS = 2**64 - 1

#: How h3 writes the id of a cell, and what is read in place of other text: no cell.
TEXT = "^8[0-9A-Fa-f]{14}$"
TEXT_LENGTH = 15
NO_CELL = "0" * TEXT_LENGTH


@dataclass(frozen=True)
class H3Cells:
    """The cells in which a cell lies.

    Attributes
    ----------
    resolutions : tuple of int
        Per level from 1 on, the resolution of its cells.
    """

    kind: ClassVar[str] = "h3"

    resolutions: tuple[int, ...]

    @property
    def height(self) -> int:
        """The top level."""
        return len(self.resolutions) + 1

    def knows(self, column: pa.Array) -> pa.Array:
        """Return for each value whether it is a cell no larger than those of level 1.

        A larger one has a place on some level above, but none on level 1.
        """
        values = _distinct(column)
        known = self._cells(values.dictionary).is_valid()
        return known.take(values.indices).fill_null(False)

    def labels_of(self, column: pa.Array, level: int) -> pa.Array:
        """Return the id of the cell in which each cell lies, as text."""
        values = _distinct(column)
        cells = self._cells(values.dictionary)
        above = _parents(cells, self.resolutions[level - 1]).dictionary_encode()
        texts = _texts(above.dictionary)
        labels = pa.DictionaryArray.from_arrays(above.indices, texts)
        return at_codes(labels, values.indices)

    def describe(self) -> str:
        """Return the resolutions."""
        return f"resolutions={list(self.resolutions)}"

    def state(self) -> dict[str, Any]:
        """Return the resolutions."""
        return {"resolutions": list(self.resolutions)}

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> Self:
        """Return the rule that ``state`` describes."""
        return cls(tuple(state["resolutions"]))

    def _cells(self, values: pa.Array) -> pa.Array:
        """Return distinct values as numbers; missing where they have no place."""
        numbers = _numbers(values)
        # h3 judges one cell at a time, which is why it is asked of distinct values.
        is_cell = _h3().is_valid_cell
        judged = [is_cell(number) for number in numbers.fill_null(0).to_pylist()]
        resolutions = pc.shift_right(
            pc.bit_wise_and(numbers, _bits(RESOLUTION)), _bits(PLACE_OF_RESOLUTION)
        )
        fine = pc.greater_equal(resolutions, _bits(self.resolutions[0]))
        return pc.if_else(pc.and_(pa.array(judged, pa.bool_()), fine), numbers, None)


def h3_cells_from_resolutions(resolutions: Any) -> H3Cells:
    """Make a hierarchy of H3 cells whose levels have these resolutions.

    Raises
    ------
    MissingExtraError
        If h3 is not installed.
    ValueError
        If the resolutions do not fall, or h3 has no such resolutions.
    """
    checked = falling_integers(
        resolutions,
        "resolutions",
        [7, 5],
        kind=f"integers from {FINEST} to 0",
        lowest=0,
        highest=FINEST,
    )
    _h3()
    return H3Cells(checked)


def _h3() -> Any:
    """Return the functions of h3 for ids that are integers."""
    try:
        from h3.api import basic_int
    except ImportError:
        raise MissingExtraError(
            "A hierarchy of H3 cells needs the package h3, of the extra [geo]. Run: "
            "pip install h3"
        ) from None
    return basic_int


def _distinct(column: pa.Array) -> pa.DictionaryArray:
    return column if is_coded(column.type) else column.dictionary_encode()


def _numbers(values: pa.Array) -> pa.Array:
    """Return ids as integers of 64 bits; what is no id becomes one of no cell."""
    kind = values.type
    if is_text(kind):
        readable = pc.match_substring_regex(values, TEXT).fill_null(False)
        texts = pc.if_else(readable, values, NO_CELL)
        digits, _ = text_bytes(pc.ascii_lpad(texts, TEXT_LENGTH + 1, "0"))
        numbers = np.frombuffer(unhexlify(digits.data), ">u8")
        return pa.array(numbers.astype(np.uint64))
    if pa.types.is_integer(kind) or pa.types.is_null(kind):
        # What is negative becomes a number that is no cell.
        return values.cast(pa.uint64(), safe=False)
    raise ColumnTypeError(
        f"The column has Arrow type {type_name(kind)}; a hierarchy of H3 cells needs "
        "their ids as text or integers of 64 bits, which floats cannot hold. Read it "
        "as text, or as 'UInt64' if values are missing."
    )


def _parents(cells: pa.Array, resolution: int) -> pa.Array:
    """Return the cells of a resolution in which cells lie that are no larger."""
    below = (1 << BITS_PER_CHILD * (FINEST - resolution)) - 1
    kept = pc.bit_wise_and(cells, _bits(ALL_BITS ^ RESOLUTION))
    return pc.bit_wise_or(kept, _bits(resolution << PLACE_OF_RESOLUTION | below))


def _texts(cells: pa.Array) -> pa.Array:
    """Return the ids of cells as h3 writes them."""
    digits = np.frombuffer(hexlify(cells.to_numpy().astype(">u8")), np.uint8)
    digits = digits.reshape(len(cells), TEXT_LENGTH + 1)[:, 1:]  # without the first 0
    offsets = np.arange(len(cells) + 1, dtype=np.int64) * TEXT_LENGTH
    return text_of_bytes(digits, offsets, None)


def _bits(number: int) -> pa.Scalar:
    return pa.scalar(number, pa.uint64())
