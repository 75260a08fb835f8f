"""Arrow columns → integer codes."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from skanon._arrow import tried, type_name
from skanon._groups._keys import MAX_BOUND, pack_codes
from skanon.exceptions import ColumnTypeError

__all__ = [
    "EncodedColumn",
    "as_dictionary",
    "comparable",
    "encode_column",
    "storage_of",
]

#: Integers that span at most this many values are coded by their offset; a wider
#: span would make the packed keys long, so those are hashed.
MAX_SPAN = 2**16

#: Whether integers are nearly all different is judged from about this many.
LOOKED_AT = 1024

#: The signed integer that has the bits of a date or time of that width.
BITS = {32: pa.int32(), 64: pa.int64()}


@dataclass(frozen=True)
class EncodedColumn:
    """A quasi-identifier as integer codes.

    Attributes
    ----------
    codes : ndarray of int of shape (n_rows,)
        Equal for two rows if and only if their values are.
    n_codes : int
        The codes lie in 0 … ``n_codes`` - 1; not every code need occur.
    missing : int or None
        The code of missing values; None if none is missing.
    """

    codes: npt.NDArray[Any]
    n_codes: int
    missing: int | None = None


def encode_column(
    column: pa.Array, *, name: Any = "", wide: bool = False
) -> EncodedColumn:
    """Encode a quasi-identifier.

    A dictionary-encoded column gives its indices, integers and dates of a small
    span their offset; anything else is hashed. NaN counts as missing, and -0.0
    equals 0.0.

    Parameters
    ----------
    column : pyarrow.Array of shape (n_rows,)
        The values.
    name : object, default=""
        The column's name, for error messages.
    wide : bool, default=False
        Whether integers that are nearly all different may give their offset whatever
        their span: keys of such codes are sorted faster than each is hashed.

    Returns
    -------
    EncodedColumn
        The codes.

    Raises
    ------
    ColumnTypeError
        If values of this type cannot be compared, as lists.
    """
    kind = column.type
    if pa.types.is_dictionary(kind):
        return _encode_dictionary(column, name)
    if pa.types.is_boolean(kind):
        column = column.cast(pa.uint8())
    elif pa.types.is_temporal(kind) and kind.bit_width in BITS:
        column = column.view(BITS[kind.bit_width])
    elif pa.types.is_floating(kind):
        column = comparable(column)
    elif pa.types.is_struct(kind):
        return _encode_struct(column, name)
    elif pa.types.is_null(kind):
        return EncodedColumn(np.zeros(len(column), np.int64), 1, 0)
    if pa.types.is_integer(column.type):
        return _encode_integers(column, wide=wide)
    return _encode_hashed(column, name)


def _encode_dictionary(column: pa.DictionaryArray, name: Any) -> EncodedColumn:
    """Use the indices; a dictionary may repeat values, hold null or be far too long."""
    indices, dictionary = column.indices, comparable(storage_of(column.dictionary))
    if pa.types.is_struct(dictionary.type):
        merged = encode_column(dictionary, name=name)
    else:
        merged = _encode_hashed(dictionary, name)
    if merged.missing is None and merged.n_codes == len(dictionary):
        return _encode_integers(indices, len(dictionary))
    mapped = pa.array(merged.codes, mask=_is(merged.codes, merged.missing))
    return _encode_integers(mapped.take(indices))


def _encode_integers(
    column: pa.Array, n_codes: int | None = None, *, wide: bool = False
) -> EncodedColumn:
    is_known = n_codes is not None and n_codes <= MAX_SPAN
    low, high = (0, n_codes - 1) if is_known and n_codes else _limits(column)
    span = high - low + 1
    is_offset = span <= MAX_SPAN or (
        wide and span < MAX_BOUND and _is_nearly_distinct(column)
    )
    if not is_offset:
        return _encode_hashed(column, "")
    if not column.null_count:
        values = column.to_numpy(zero_copy_only=False)
        return EncodedColumn(_narrow(values, low, span), span)
    values = column.fill_null(low).to_numpy(zero_copy_only=False)
    codes = _narrow(values, low, span + 1)
    codes[column.is_null().to_numpy(zero_copy_only=False)] = span
    return EncodedColumn(codes, span + 1, span)


def _is_nearly_distinct(column: pa.Array) -> bool:
    sample = column.take(pa.array(range(0, len(column), len(column) // LOOKED_AT + 1)))
    return 2 * len(sample.unique()) > len(sample)


def _narrow(values: npt.NDArray[Any], low: int, n_codes: int) -> npt.NDArray[Any]:
    """Return the offsets from ``low`` in the smallest integers that hold them.

    The difference may wrap around on the way, but not at the end.
    """
    highest = max(n_codes - 1, 0)
    # An unsigned 64-bit integer would make a float of the key that it is added to.
    codes = values.astype(np.int64 if highest >= 2**32 else np.min_scalar_type(highest))
    if low:
        with np.errstate(over="ignore"):
            codes -= np.array(low).astype(codes.dtype)
    return codes


def _limits(column: pa.Array) -> tuple[int, int]:
    if column.null_count == len(column):
        return 0, 0
    if column.null_count:
        limits = pc.min_max(column)
        return limits["min"].as_py(), limits["max"].as_py()
    values = column.to_numpy(zero_copy_only=False)
    return int(values.min()), int(values.max())


def _encode_hashed(column: pa.Array, name: Any) -> EncodedColumn:
    encoded = as_dictionary(column, name)
    n_values = len(encoded.dictionary)
    has_missing = encoded.indices.null_count > 0
    indices = encoded.indices.fill_null(n_values) if has_missing else encoded.indices
    n_codes = n_values + has_missing
    codes = _narrow(indices.to_numpy(zero_copy_only=False), 0, n_codes)
    return EncodedColumn(codes, n_codes, n_values if has_missing else None)


def _encode_struct(column: pa.StructArray, name: Any) -> EncodedColumn:
    """Encode the fields, as the two ends of an interval, and pack their codes."""
    fields = [encode_column(field, name=name) for field in column.flatten()]
    keys, _ = pack_codes([f.codes for f in fields], [f.n_codes for f in fields])
    packed = pa.array(keys, mask=column.is_null().to_numpy(zero_copy_only=False))
    return _encode_integers(packed)


def as_dictionary(column: pa.Array, name: Any) -> pa.DictionaryArray:
    """Return a column dictionary-encoded.

    Raises
    ------
    ColumnTypeError
        If values of this type cannot be compared.
    """
    encoded = tried(column.dictionary_encode)
    if encoded is None:
        raise ColumnTypeError(
            f"Column {name!r} has Arrow type {type_name(column.type)}, whose values "
            "cannot be compared. Convert it to text, numbers or dates."
        )
    return encoded


def storage_of(values: pa.Array) -> pa.Array:
    """Return the values of an extension type, such as pandas' intervals, as stored."""
    return values.storage if isinstance(values, pa.ExtensionArray) else values


def comparable(column: pa.Array) -> pa.Array:
    """Return floats with NaN as null and one zero; whole ones of small span as ints."""
    if not pa.types.is_floating(column.type):
        return column
    values = column.to_numpy(zero_copy_only=False)  # null becomes NaN
    missing = np.isnan(values)
    known = np.where(missing, 0.0, values) if missing.any() else values
    is_small = len(known) and known.min() > -MAX_SPAN and known.max() < MAX_SPAN
    if is_small and (known == np.rint(known)).all():
        return pa.array(known.astype(np.int32), mask=missing)
    return pa.array(known + 0.0, mask=missing)


def _is(codes: npt.NDArray[Any], code: int | None) -> npt.NDArray[np.bool_]:
    return codes == code if code is not None else np.zeros(len(codes), bool)
