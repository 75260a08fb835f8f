"""Arrow columns → integer codes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from skanon._groups._keys import pack_codes
from skanon.exceptions import ColumnTypeError

__all__ = ["EncodedColumn", "SensitiveColumn", "encode_column", "encode_sensitive"]

#: Integers that span at most this many values are coded by their offset; a wider
#: span would make the packed keys long, so those are hashed.
MAX_SPAN = 2**16

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


@dataclass(frozen=True)
class SensitiveColumn:
    """A sensitive column as integer codes in the order of its values.

    Attributes
    ----------
    codes : ndarray of int of shape (n_rows,)
        The rank of each row's value; a missing value has the last rank.
    values : pyarrow.Array
        The distinct values in that order; null at the end if some are missing.
    is_ordered : bool
        Whether that order means something: that of numbers, dates or an ordered
        categorical does, the alphabet does not.
    name : object
        The column's name, for error messages.
    """

    codes: npt.NDArray[Any]
    values: pa.Array
    is_ordered: bool
    name: Any = ""

    @property
    def n_codes(self) -> int:
        """How many distinct values there are."""
        return len(self.values)

    def ranks(self, order: Sequence[Any]) -> npt.NDArray[np.int64]:
        """Return the place of each code's value in another order.

        Parameters
        ----------
        order : sequence
            The values from the least to the greatest; those that do not occur in the
            column are skipped.

        Returns
        -------
        ndarray of int of shape (n_codes,)
            The ranks without gaps; a missing value has the last one.

        Raises
        ------
        ValueError
            If ``order`` lacks a value of the column or names one twice.
        """
        wanted = _as_type(order, self.values.type, self.name)
        if len(wanted.unique()) != len(wanted):
            raise ValueError(
                f"The order given for column {self.name!r} names a value twice."
            )
        places = pc.index_in(self.values, wanted)
        n_lacking = places.null_count - self.values.null_count
        if n_lacking:
            raise ValueError(
                f"The order given for column {self.name!r} lacks {n_lacking} of the "
                "values in the column. List every value from the least to the greatest."
            )
        known = places.fill_null(len(wanted)).to_numpy(zero_copy_only=False)
        return np.asarray(known.argsort().argsort(), np.int64)


def encode_column(column: pa.Array, *, name: Any = "") -> EncodedColumn:
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
        column = _without_nan(column)
    elif pa.types.is_struct(kind):
        return _encode_struct(column, name)
    elif pa.types.is_null(kind):
        return EncodedColumn(np.zeros(len(column), np.int64), 1, 0)
    if pa.types.is_integer(column.type):
        return _encode_integers(column)
    return _encode_hashed(column, name)


def encode_sensitive(column: pa.Array, *, name: Any = "") -> SensitiveColumn:
    """Encode a sensitive column in the order of its values.

    Parameters
    ----------
    column : pyarrow.Array of shape (n_rows,)
        The values.
    name : object, default=""
        The column's name, for error messages.

    Returns
    -------
    SensitiveColumn
        Codes and values.

    Raises
    ------
    ColumnTypeError
        If values of this type cannot be compared.
    """
    encoded = _dictionary_of(column, name)
    distinct = _storage(encoded.dictionary)
    ranked = _ranking(distinct, encoded.type.ordered)
    codes, present = _used(encoded, ranked, len(distinct))
    values = distinct.take(pa.array(ranked[present[present < len(ranked)]]))
    if column.null_count or (len(present) and present[-1] == len(ranked)):
        values = pa.concat_arrays([values, pa.nulls(1, values.type)])
    is_ordered = encoded.type.ordered or _has_order(distinct.type)
    return SensitiveColumn(codes, values, is_ordered, name)


def _encode_dictionary(column: pa.DictionaryArray, name: Any) -> EncodedColumn:
    """Use the indices; a dictionary may repeat values, hold null or be far too long."""
    indices, dictionary = column.indices, _storage(column.dictionary)
    if pa.types.is_struct(dictionary.type):
        merged = encode_column(dictionary, name=name)
    else:
        merged = _encode_hashed(dictionary, name)
    if merged.missing is None and merged.n_codes == len(dictionary):
        return _encode_integers(indices, len(dictionary))
    mapped = pa.array(merged.codes, mask=_is(merged.codes, merged.missing))
    return _encode_integers(mapped.take(indices))


def _encode_integers(column: pa.Array, n_codes: int | None = None) -> EncodedColumn:
    is_known = n_codes is not None and n_codes <= MAX_SPAN
    low, high = (0, n_codes - 1) if is_known and n_codes else _limits(column)
    span = high - low + 1
    if span > MAX_SPAN:
        return _encode_hashed(column, "")
    if not column.null_count:
        values = column.to_numpy(zero_copy_only=False)
        return EncodedColumn(_narrow(values, low, span), span)
    values = column.fill_null(low).to_numpy(zero_copy_only=False)
    codes = _narrow(values, low, span + 1)
    codes[column.is_null().to_numpy(zero_copy_only=False)] = span
    return EncodedColumn(codes, span + 1, span)


def _narrow(values: npt.NDArray[Any], low: int, n_codes: int) -> npt.NDArray[Any]:
    """Return the offsets from ``low`` in the smallest integers that hold them.

    The difference may wrap around on the way, but not at the end.
    """
    codes = values.astype(np.min_scalar_type(max(n_codes - 1, 0)))
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
    encoded = _dictionary_encode(column, name)
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


def _dictionary_encode(column: pa.Array, name: Any) -> pa.DictionaryArray:
    try:
        return column.dictionary_encode()
    except (pa.ArrowNotImplementedError, pa.ArrowInvalid):
        raise ColumnTypeError(
            f"Column {name!r} has type {column.type}, whose values cannot be compared. "
            "Convert it to text, numbers or dates."
        ) from None


def _dictionary_of(column: pa.Array, name: Any) -> pa.DictionaryArray:
    """Return the column dictionary-encoded, no value twice in the dictionary."""
    if pa.types.is_dictionary(column.type):
        if pa.types.is_struct(_storage(column.dictionary).type):
            return column
        if len(column.dictionary.unique()) == len(column.dictionary):
            return column
        column = column.dictionary_decode()
    if pa.types.is_floating(column.type):
        column = _without_nan(column)
    if pa.types.is_struct(column.type):
        indices = _encode_hashed(pa.array(_encode_struct(column, name).codes), name)
        _, first = np.unique(indices.codes, return_index=True)
        return pa.DictionaryArray.from_arrays(indices.codes, column.take(first))
    return _dictionary_encode(column, name)


def _storage(values: pa.Array) -> pa.Array:
    return values.storage if isinstance(values, pa.ExtensionArray) else values


def _without_nan(column: pa.Array) -> pa.Array:
    """Return floats with NaN as null and one zero; whole ones of small span as ints."""
    values = column.to_numpy(zero_copy_only=False)  # null becomes NaN
    missing = np.isnan(values)
    known = np.where(missing, 0.0, values) if missing.any() else values
    is_small = len(known) and known.min() > -MAX_SPAN and known.max() < MAX_SPAN
    if is_small and (known == np.rint(known)).all():
        return pa.array(known.astype(np.int32), mask=missing)
    return pa.array(known + 0.0, mask=missing)


def _as_type(order: Sequence[Any], kind: pa.DataType, name: Any) -> pa.Array:
    try:
        return pa.array(list(order)).cast(kind)
    except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError):
        raise ValueError(
            f"The order given for column {name!r} holds values of another type than "
            f"the column's {kind}."
        ) from None


def _ranking(distinct: pa.Array, is_ordered: bool) -> npt.NDArray[np.int64]:
    """Return the positions of the distinct values in ascending order, null left out."""
    if is_ordered:  # the dictionary stands in the order of its values
        return np.flatnonzero(distinct.is_valid().to_numpy(zero_copy_only=False))
    parts = distinct.flatten() if pa.types.is_struct(distinct.type) else [distinct]
    table = pa.table(parts, names=[str(i) for i in range(len(parts))])
    keys = [(name, "ascending") for name in table.column_names]
    order_of = pc.sort_indices(table, sort_keys=keys).to_numpy().astype(np.int64)
    return np.asarray(order_of[: len(distinct) - distinct.null_count])


def _used(
    encoded: pa.DictionaryArray, ranked: npt.NDArray[np.int64], n_distinct: int
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return codes without gaps, and the rank that each code stands for."""
    rank_of = np.full(n_distinct + 1, len(ranked))  # null in the dictionary, and beyond
    rank_of[ranked] = np.arange(len(ranked))
    indices = encoded.indices.fill_null(n_distinct).to_numpy(zero_copy_only=False)
    ranks = rank_of[indices]
    counts = np.bincount(ranks, minlength=len(ranked) + 1)
    return (np.cumsum(counts > 0) - 1)[ranks], np.flatnonzero(counts)


def _has_order(kind: pa.DataType) -> bool:
    tests = ("integer", "floating", "decimal", "temporal", "boolean", "struct")
    return any(getattr(pa.types, f"is_{name}")(kind) for name in tests)


def _is(codes: npt.NDArray[Any], code: int | None) -> npt.NDArray[np.bool_]:
    return codes == code if code is not None else np.zeros(len(codes), bool)
