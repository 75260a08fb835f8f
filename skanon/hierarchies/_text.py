"""The text by which a value is found in a hierarchy."""

import pyarrow as pa
import pyarrow.compute as pc

from skanon.exceptions import ColumnTypeError

__all__ = ["as_text"]

#: Integral floats below this are exact, so that they read like the integer.
EXACT = 2.0**63


def as_text(column: pa.Array) -> pa.Array:
    """Return each value as text, so that 39, 39.0 and "39" are one value.

    Missing values stay missing; NaN is missing.

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
    if pa.types.is_nested(kind) or pa.types.is_binary(kind):
        raise ColumnTypeError(
            f"A hierarchy cannot look up values of type {kind}. Convert them to text "
            "or numbers."
        )
    return column.cast(pa.large_string())


def _float_text(column: pa.Array) -> pa.Array:
    column = pc.if_else(pc.is_nan(column), None, column.cast(pa.float64()))
    whole = pc.and_(pc.equal(column, pc.floor(column)), pc.less(pc.abs(column), EXACT))
    integers = pc.if_else(whole, column, None).cast(pa.int64())
    return pc.coalesce(integers.cast(pa.large_string()), column.cast(pa.large_string()))
