"""What Arrow leaves to us: kinds of types, and the bytes of texts as arrays."""

from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from skanon.typing import Bytes1D

__all__ = [
    "at_codes",
    "count_missing",
    "decoded",
    "is_binary",
    "is_coded",
    "is_number",
    "is_text",
    "missing_mask",
    "text_bytes",
    "text_of_bytes",
    "tried",
    "type_name",
    "value_type",
]

Made = TypeVar("Made")

#: The type of all codes that we make, however few values they stand for.
CODES = pa.int32()


def is_text(kind: pa.DataType) -> bool:
    """Return whether a type is one of text."""
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def is_binary(kind: pa.DataType) -> bool:
    """Return whether a type is one of bytes that are no text."""
    tests = (
        pa.types.is_binary,
        pa.types.is_large_binary,
        pa.types.is_fixed_size_binary,
        pa.types.is_binary_view,
    )
    return any(test(kind) for test in tests)


def is_number(kind: pa.DataType) -> bool:
    """Return whether a type is one of integers or floats."""
    return bool(pa.types.is_integer(kind) or pa.types.is_floating(kind))


def is_coded(kind: pa.DataType) -> bool:
    """Return whether a type is that of codes and the values they stand for."""
    return bool(pa.types.is_dictionary(kind))


def type_name(kind: pa.DataType) -> str:
    """Return how messages call a type; fields may be named for what cells hold."""
    values = value_type(kind)
    return str(values).partition("<")[0] if pa.types.is_nested(values) else str(kind)


def value_type(kind: pa.DataType) -> pa.DataType:
    """Return the type of the values, for a categorical that of its categories."""
    return kind.value_type if pa.types.is_dictionary(kind) else kind


def missing_mask(column: pa.Array) -> npt.NDArray[np.bool_]:
    """Return which values are missing, NaN among them, as an array of one's own."""
    return np.array(_is_missing(column).to_numpy(zero_copy_only=False), bool)


def count_missing(column: pa.Array) -> int:
    """Return how many values are missing, NaN among them."""
    return int(pc.sum(_is_missing(column)).as_py() or 0)


def _is_missing(column: pa.Array) -> pa.Array:
    if not is_coded(column.type):
        return column.is_null(nan_is_null=True)
    # Older versions of Arrow do not look at the values of codes.
    values = column.dictionary.is_null(nan_is_null=True)
    return values.take(column.indices).fill_null(True)


def tried(make: Callable[..., Made], *args: Any, **kwargs: Any) -> Made | None:
    """Return what Arrow makes of values, None if it cannot.

    Its errors quote values. An error of our own that is raised while one of them is
    handled keeps it as its context, even if raised ``from None``: so raise it later.
    """
    try:
        return make(*args, **kwargs)
    except (pa.ArrowException, OverflowError, UnicodeEncodeError):
        return None


def at_codes(values: pa.Array, codes: pa.Array) -> pa.Array:
    """Return the value of each code; text as a dictionary, each distinct text once."""
    if is_text(values.type):
        n_values, values = len(values), values.dictionary_encode()
        if len(values.dictionary) == n_values:
            return pa.DictionaryArray.from_arrays(codes.cast(CODES), values.dictionary)
    if not is_coded(values.type):
        return values.take(codes)
    codes = values.indices.cast(CODES).take(codes)
    return pa.DictionaryArray.from_arrays(codes, values.dictionary)


def decoded(column: pa.DictionaryArray) -> pa.Array:
    """Return the values that the codes of a column stand for.

    Texts get 64-bit offsets, which they may need once each is written out.
    """
    values = column.dictionary
    if is_text(values.type):
        values = values.cast(pa.large_string())
    return values.take(column.indices)


def text_bytes(column: pa.Array) -> tuple[Bytes1D, npt.NDArray[Any]]:
    """Return the bytes of all values, and where each begins and the last one ends.

    Parameters
    ----------
    column : pyarrow.Array of shape (n_values,)
        Text or binary, of 32-bit or 64-bit offsets.

    Returns
    -------
    data : ndarray of shape (n_bytes,), dtype uint8
        A view of the bytes, those of missing values included.
    offsets : ndarray of shape (n_values + 1,), dtype int32 or int64
        Where in ``data`` the values begin, and at last where it ends.
    """
    kind = column.type
    wide = pa.types.is_large_string(kind) or pa.types.is_large_binary(kind)
    _, positions, data = column.buffers()
    if positions is None:  # an array of no values may have no offsets
        return np.empty(0, np.uint8), np.zeros(1, np.int64)
    offsets = np.frombuffer(positions, np.int64 if wide else np.int32)
    offsets = offsets[column.offset : column.offset + len(column) + 1]
    first, last = int(offsets[0]), int(offsets[-1])
    if data is None:
        return np.empty(0, np.uint8), offsets
    content = np.frombuffer(data, np.uint8, last - first, first)
    return content, offsets - first if first else offsets


def text_of_bytes(
    data: npt.NDArray[np.uint8],
    offsets: npt.NDArray[np.int64],
    missing: npt.NDArray[np.bool_] | None,
) -> pa.Array:
    """Make an Arrow text column of UTF-8 bytes, without a copy.

    Parameters
    ----------
    data : ndarray, dtype uint8
        The bytes of all texts.
    offsets : ndarray of shape (n_values + 1,), dtype int64
        Where each text begins and the last one ends.
    missing : ndarray of shape (n_values,), dtype bool, or None
        Which texts are missing.

    Returns
    -------
    pyarrow.Array of shape (n_values,)
        Large text.
    """
    validity = None
    if missing is not None:
        validity = pa.py_buffer(np.packbits(~missing, bitorder="little"))
    buffers = [pa.py_buffer(offsets), pa.py_buffer(np.ascontiguousarray(data))]
    return pa.LargeStringArray.from_buffers(len(offsets) - 1, *buffers, validity)
