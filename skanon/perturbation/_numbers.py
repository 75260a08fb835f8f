"""Arrow columns of numbers, dates and durations ↔ float64, NaN where missing."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from skanon._arrow import type_name
from skanon._frames import Frame, OutputColumn
from skanon._intervals import is_numeric
from skanon.exceptions import ColumnTypeError

__all__ = ["Floats", "read_columns", "read_numbers", "write_columns", "write_numbers"]

Floats = npt.NDArray[np.float64]

#: The integer that has the bits of a date or duration of that width.
BITS = {32: pa.int32(), 64: pa.int64()}

#: Room for whatever a number of decimal places is moved to.
MAX_DIGITS = 38


def read_columns(
    frame: Frame, positions: Sequence[int], *, owner: str
) -> tuple[Floats, list[pa.DataType]]:
    """Return some columns of a table as one table of numbers, and their types."""
    values = np.empty((len(frame), len(positions)), order="F")
    kinds = []
    for i, position in enumerate(positions):
        column, name = frame.column(position), str(frame.names[position])
        values[:, i] = read_numbers(column, name=name, owner=owner)
        kinds.append(column.type)
    return values, kinds


def write_columns(
    frame: Frame, positions: Sequence[int], values: Floats, kinds: list[pa.DataType]
) -> list[OutputColumn]:
    """Return all columns of the table, with numbers written in place of some."""
    parts = zip(positions, values.T, kinds, strict=True)
    return frame.columns_with({i: write_numbers(x, kind) for i, x, kind in parts})


def read_numbers(column: pa.Array, *, name: str, owner: str) -> Floats:
    """Return the values of a column as numbers; dates in their own unit.

    Parameters
    ----------
    column : pyarrow.Array of shape (n_rows,)
        Numbers, booleans, dates or durations, or nothing but missing values.
    name, owner : str
        The column and the estimator, for error messages.

    Returns
    -------
    ndarray of float64 of shape (n_rows,)
        The numbers, NaN where a value is missing.

    Raises
    ------
    ColumnTypeError
        If the column holds something else.
    ValueError
        If a number is infinite.
    """
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    kind = column.type
    if _is_date(kind):
        column = column.view(BITS[kind.bit_width])
    elif pa.types.is_boolean(kind):
        column = column.cast(pa.uint8())
    elif not is_numeric(kind) and not pa.types.is_null(kind):
        raise ColumnTypeError(
            f"Column {name!r} has Arrow type {type_name(kind)}; {owner} needs numbers, "
            "dates or durations. Convert it, or leave it out of 'columns'."
        )
    numbers = column.cast(pa.float64(), safe=False)
    values: Floats = numbers.to_numpy(zero_copy_only=False)
    n_infinite = int(np.isinf(values).sum())
    if n_infinite:
        raise ValueError(
            f"Column {name!r} has {n_infinite} infinite values; {owner} needs finite "
            "numbers. Make them missing first."
        )
    return values


def write_numbers(values: Floats, kind: pa.DataType) -> pa.Array:
    """Return numbers as a column of a type that :func:`read_numbers` reads.

    Whole numbers, booleans and dates are rounded to the nearest, decimals to their
    places.

    Parameters
    ----------
    values : ndarray of float64 of shape (n_rows,)
        The numbers, NaN where missing.
    kind : pyarrow.DataType
        The type of the column read.

    Returns
    -------
    pyarrow.Array of shape (n_rows,)
        The column; an integer beyond its type becomes the type's last.
    """
    if pa.types.is_dictionary(kind):
        return write_numbers(values, kind.value_type)
    if pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        numbers = pa.array(values, mask=np.isnan(values))
        is_decimal = pa.types.is_decimal(kind)
        kind = pa.decimal128(MAX_DIGITS, kind.scale) if is_decimal else kind
        return numbers.cast(kind, safe=False)
    if pa.types.is_null(kind):  # Python objects that are numbers in other rows
        return pa.nulls(len(values), pa.float64())
    if pa.types.is_date64(kind):
        days = write_numbers(values / 86_400_000, pa.int32()).view(pa.date32())
        return days.cast(kind)
    if pa.types.is_boolean(kind):
        return write_numbers(values, pa.uint8()).cast(kind)
    if _is_date(kind):
        return write_numbers(values, BITS[kind.bit_width]).view(kind)
    return _integers(values, kind)


def _is_date(kind: pa.DataType) -> bool:
    """Return whether it is a point on the calendar, or a length of time."""
    is_clock = pa.types.is_time(kind) or pa.types.is_interval(kind)
    return bool(pa.types.is_temporal(kind) and not is_clock)


def _integers(values: Floats, kind: pa.DataType) -> pa.Array:
    limits = np.iinfo(kind.to_pandas_dtype())
    missing = np.isnan(values)
    rounded = np.rint(np.where(missing, 0.0, values))
    # float64 has no 2**63 - 1, and its neighbour 2**63 is beyond the type.
    last = float(limits.max)
    last = np.nextafter(last, 0) if last > limits.max else last
    whole = np.clip(rounded, limits.min, last).astype(limits.dtype)
    return pa.array(whole, kind, mask=missing)
