"""The text by which a value is found again, whatever dtype its column has then."""

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from skanon._arrow import is_text, type_name
from skanon.exceptions import ColumnTypeError

__all__ = ["are_among", "as_text", "check_findable", "count_values", "find_values"]

#: Integral floats below this are exact, so that they read like the integer.
EXACT = 2.0**63

#: What a timestamp ends on that a coarser unit, or a date, does not write; the first
#: is what a decimal of fewer places does not write.
TRAILING_ZEROS = r"(\.\d*?)0+$"
MIDNIGHT = r"( 00:00:00)?\.?$"

#: What makes nanoseconds of a number of units.
ZEROS = {"s": "000000000 ns", "ms": "000000 ns", "us": "000 ns", "ns": " ns"}


def as_text(column: pa.Array) -> pa.Array:
    """Return each value as text, so that 39, 39.0 and "39" are one value.

    So are a date and its midnight, in any unit, or a duration, and 0.1 in 32 bits and
    in 64. Missing values stay missing; NaN is missing.

    Raises
    ------
    ColumnTypeError
        If the values are bytes, lists or the like.
    """
    kind = column.type
    if pa.types.is_large_string(kind):
        return column
    if pa.types.is_dictionary(kind):
        return as_text(column.dictionary).take(column.indices)
    if pa.types.is_boolean(kind):
        words = pa.array(["False", "True"], pa.large_string())
        return words.take(column.cast(pa.int8()))
    if pa.types.is_floating(kind):
        return _float_text(column)
    check_findable(kind)
    if pa.types.is_timestamp(kind) or pa.types.is_date64(kind):
        return pc.replace_substring_regex(_fraction_text(column), MIDNIGHT, "")
    if pa.types.is_duration(kind):
        return _duration_text(column)
    if pa.types.is_decimal(kind):
        return pc.replace_substring_regex(_fraction_text(column), r"\.$", "")
    return column.cast(pa.large_string())


def _duration_text(column: pa.Array) -> pa.Array:
    """Return durations in nanoseconds, by digits, which may be more than 64 bits."""
    digits = column.cast(pa.int64()).cast(pa.large_string())
    end, glue = (pa.scalar(t, pa.large_string()) for t in (ZEROS[column.type.unit], ""))
    text = pc.binary_join_element_wise(digits, end, glue)
    return pc.replace_substring_regex(text, "^0+", "0")


def check_findable(kind: pa.DataType, *, name: str | None = None) -> None:
    """Check that the values of an Arrow type have a text.

    Raises
    ------
    ColumnTypeError
        If they are bytes, lists or the like.
    """
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    if pa.types.is_nested(kind) or "binary" in str(kind):
        values = "Values" if name is None else f"Column {name!r}: values"
        raise ColumnTypeError(
            f"{values} of Arrow type {type_name(kind)} cannot be looked up. "
            "Convert them to text or numbers."
        )


def find_values(column: pa.Array, texts: pa.Array) -> pa.Array:
    """Return the position of each value among distinct texts, missing if absent."""
    if pa.types.is_dictionary(column.type):
        return find_values(column.dictionary, texts).take(column.indices)
    if is_text(column.type):
        return pc.index_in(as_text(column), value_set=texts)
    # Far fewer texts are made from the distinct values than from the rows.
    distinct = column.dictionary_encode()
    return find_values(as_text(distinct.dictionary), texts).take(distinct.indices)


def are_among(column: pa.Array, texts: pa.Array) -> pa.Array:
    """Return which values are among some texts; a missing one is not."""
    if is_text(column.type):
        return pc.is_in(as_text(column), value_set=texts)
    distinct = column.dictionary_encode()
    found = are_among(as_text(distinct.dictionary), texts).take(distinct.indices)
    return found.fill_null(False)


def count_values(
    column: pa.Array, weights: npt.NDArray[np.float64] | None
) -> tuple[pa.Array, npt.NDArray[np.float64]]:
    """Return the distinct texts of a column, and how often each occurs."""
    if not pa.types.is_dictionary(column.type):
        column = column.dictionary_encode()
    texts = as_text(column.dictionary).dictionary_encode()
    codes = texts.indices.take(column.indices)
    present = codes.is_valid().to_numpy(zero_copy_only=False)
    counts = np.bincount(
        codes.drop_null().to_numpy(),
        None if weights is None else weights[present],
        minlength=len(texts.dictionary),
    )
    return texts.dictionary, counts.astype(np.float64)


def _fraction_text(column: pa.Array) -> pa.Array:
    """Return text without the zeros at the end of a fraction."""
    text = column.cast(pa.large_string())
    return pc.replace_substring_regex(text, TRAILING_ZEROS, r"\1")


def _float_text(column: pa.Array) -> pa.Array:
    """Return the shortest text of each number among those of its own width."""
    if pa.types.is_float16(column.type):
        column = column.cast(pa.float32())
    column = pc.if_else(pc.is_nan(column), None, column)
    numbers = column.cast(pa.float64())
    is_whole = pc.equal(numbers, pc.floor(numbers))
    is_whole = pc.and_(is_whole, pc.less(pc.abs(numbers), EXACT))
    integers = pc.if_else(is_whole, numbers, None).cast(pa.int64())
    return pc.coalesce(integers.cast(pa.large_string()), column.cast(pa.large_string()))
