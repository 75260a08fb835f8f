"""A sensitive column → integer codes in the order of its values."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from skanon._arrow import tried, type_name
from skanon._groups._encoding import (
    as_dictionary,
    comparable,
    encode_column,
    storage_of,
)

__all__ = ["SensitiveColumn", "encode_sensitive"]


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
            The ranks without gaps; a missing value has the last one, unless None
            stands in the order.

        Raises
        ------
        ValueError
            If ``order`` lacks a value of the column or names one twice.
        """
        values, wanted = _in_one_type(self.values, order, self.name)
        if len(wanted.unique()) != len(wanted):
            raise ValueError(
                f"The order given for column {self.name!r} names a value twice."
            )
        places = pc.index_in(values, wanted)
        n_lacking = pc.index_in(values.drop_null(), wanted).null_count
        if n_lacking:
            raise ValueError(
                f"The order given for column {self.name!r} lacks {n_lacking} of the "
                "values in the column. List every value from the least to the greatest."
            )
        known = places.fill_null(len(wanted)).to_numpy(zero_copy_only=False)
        return np.asarray(known.argsort().argsort(), np.int64)


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
    distinct = storage_of(encoded.dictionary)
    ranked = _ranking(distinct, encoded.type.ordered)
    codes, present = _used(encoded, ranked, len(distinct))
    values = distinct.take(pa.array(ranked[present[present < len(ranked)]]))
    if column.null_count or (len(present) and present[-1] == len(ranked)):
        values = pa.concat_arrays([values, pa.nulls(1, values.type)])
    is_ordered = encoded.type.ordered or _has_order(distinct.type)
    return SensitiveColumn(codes, values, is_ordered, name)


def _dictionary_of(column: pa.Array, name: Any) -> pa.DictionaryArray:
    """Return the column dictionary-encoded, no value twice in the dictionary."""
    if pa.types.is_dictionary(column.type):
        if pa.types.is_struct(storage_of(column.dictionary).type):
            return column
        if _is_distinct(column.dictionary):
            return column
        column = column.dictionary_decode()
    column = comparable(column)
    if pa.types.is_struct(column.type):
        codes = encode_column(column, name=name).codes
        _, first, indices = np.unique(codes, return_index=True, return_inverse=True)
        return pa.DictionaryArray.from_arrays(indices, column.take(first))
    return as_dictionary(column, name)


def _is_distinct(dictionary: pa.Array) -> bool:
    values = comparable(dictionary)
    n_hidden = values.null_count - dictionary.null_count  # these are not a number
    distinct = tried(values.unique)
    return not n_hidden and distinct is not None and len(distinct) == len(dictionary)


def _in_one_type(
    values: pa.Array, order: Sequence[Any], name: Any
) -> tuple[pa.Array, pa.Array]:
    """Return both in the column's type; an order of floats may be finer than it."""
    both = tried(_cast_both, values, order)
    if both is None:
        raise ValueError(
            f"The order given for column {name!r} holds values of another type than "
            f"the column's {type_name(values.type)}."
        )
    return both


def _cast_both(values: pa.Array, order: Sequence[Any]) -> tuple[pa.Array, pa.Array]:
    wanted = pa.array(list(order))
    is_finer = pa.types.is_floating(wanted.type) and _has_order(values.type)
    kind = wanted.type if is_finer else values.type
    return values.cast(kind), wanted.cast(kind)


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
    tests = ("integer", "floating", "decimal", "temporal", "boolean", "struct", "null")
    return any(getattr(pa.types, f"is_{name}")(kind) for name in tests)
