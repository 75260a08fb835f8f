"""Arrow columns of numbers, dates and durations ↔ float64, NaN where missing."""

import math
from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from skanon._arrow import type_name, value_type
from skanon._frames import Frame, OutputColumn
from skanon._intervals import is_numeric
from skanon.exceptions import ColumnTypeError

__all__ = [
    "LARGEST",
    "Floats",
    "Unit",
    "read_columns",
    "type_limits",
    "units_of",
    "write_columns",
]

Floats = npt.NDArray[np.float64]

#: What the numbers of a column are, how many of them make a day, if they are dates or
#: durations, and whether all are whole days.
Unit: TypeAlias = tuple[str, float, bool]

PER_DAY = {"s": 86_400, "ms": 86_400e3, "us": 86_400e6, "ns": 86_400e9}

#: The integer that has the bits of a date or duration of that width.
BITS = {32: pa.int32(), 64: pa.int64()}

#: Beyond it, sums of many numbers or of noise might be beyond float64.
LARGEST = 1e290


def units_of(values: Floats, kinds: Sequence[pa.DataType]) -> list[Unit]:
    """Return what the numbers of columns count, to remember it in plain values."""
    columns = zip(values.T, kinds, strict=True)
    return [(*_unit(kind), _are_days(numbers, kind)) for numbers, kind in columns]


def read_columns(
    frame: Frame,
    positions: Sequence[int],
    *,
    owner: str,
    units: Sequence[Unit] | None = None,
) -> tuple[Floats, list[pa.DataType]]:
    """Return some columns of a table as one table of numbers, and their types.

    Dates and durations are counted in the ``units`` that were fitted, or else in
    their own.

    Raises
    ------
    ColumnTypeError
        If a column holds no numbers, dates or durations, or others than were fitted.
    """
    values = np.empty((len(frame), len(positions)), order="F")
    kinds = []
    for i, position in enumerate(positions):
        column, name = frame.column(position), str(frame.names[position])
        values[:, i] = _read_quantities(column, name=name, owner=owner)
        kinds.append(column.type)
        if units is not None:
            _check_family(column.type, units[i], name, owner)
            values[:, i] *= _ratio(column.type, units[i])
    return values, kinds


def write_columns(
    frame: Frame,
    positions: Sequence[int],
    values: Floats,
    kinds: Sequence[pa.DataType],
    units: Sequence[Unit],
) -> list[OutputColumn]:
    """Return all columns of the table, with numbers written in place of some.

    Where all fitted dates and durations were whole days, these are too.
    """
    parts = zip(positions, values.T, kinds, units, strict=True)
    return frame.columns_with(
        {
            i: _write_quantities(_in_own_unit(numbers, kind, unit), kind)
            for i, numbers, kind, unit in parts
        }
    )


def _read_quantities(column: pa.Array, *, name: str, owner: str) -> Floats:
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
        If a number is infinite, or too large to add many of them up.
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
    _check_sizes(values, name, owner)
    return values


def _check_sizes(values: Floats, name: str, owner: str) -> None:
    if np.fmin.reduce(values, initial=0.0) >= -LARGEST and (
        np.fmax.reduce(values, initial=0.0) <= LARGEST
    ):
        return
    n_infinite = int(np.isinf(values).sum())
    if n_infinite:
        raise ValueError(
            f"Column {name!r} has {n_infinite} infinite values; {owner} needs finite "
            "numbers. Make them missing first."
        )
    n_huge = int((np.abs(values) > LARGEST).sum())
    raise ValueError(
        f"Column {name!r} has {n_huge} values beyond {LARGEST:g} or its negative; "
        f"{owner} takes none so large. Write them in a larger unit, or make them "
        "missing first."
    )


def _write_quantities(values: Floats, kind: pa.DataType) -> pa.Array:
    """Return numbers as a column of a type that :func:`_read_quantities` reads.

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
        The column; a number beyond its type becomes the type's last.
    """
    kind = value_type(kind)
    if pa.types.is_null(kind):  # Python objects that are numbers in other rows
        return pa.nulls(len(values), pa.float64())
    missing = np.isnan(values)
    if not pa.types.is_float64(kind):
        values = np.clip(values, *type_limits(kind))
    if pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        numbers = pa.array(values, mask=missing if missing.any() else None)
        return numbers.cast(_widest(kind), safe=False)
    if pa.types.is_date64(kind):
        return _write_quantities(values / PER_DAY["ms"], pa.date32()).cast(kind)
    whole = BITS[kind.bit_width] if _is_date(kind) else kind
    whole = pa.uint8() if pa.types.is_boolean(kind) else whole
    rounded = np.rint(np.where(missing, 0.0, values)).astype(whole.to_pandas_dtype())
    column = pa.array(rounded, whole, mask=missing)
    return column.view(kind) if _is_date(kind) else column.cast(kind)


def type_limits(kind: pa.DataType) -> tuple[float, float]:
    """Return the least and the greatest number that columns of a type may get."""
    kind = value_type(kind)
    if pa.types.is_null(kind) or pa.types.is_float64(kind):
        last = float(np.finfo(np.float64).max)
    elif pa.types.is_floating(kind):
        last = float(np.finfo(kind.to_pandas_dtype()).max)
    elif pa.types.is_decimal(kind):
        last = math.nextafter(10.0 ** (_widest(kind).precision - kind.scale), 0)
    elif pa.types.is_boolean(kind):
        return 0.0, 1.0
    elif _is_date(kind):
        last = _last_below(2.0 ** (kind.bit_width - 1))  # -last - 1 may mean NaT
    else:
        limits = np.iinfo(kind.to_pandas_dtype())
        return float(limits.min), _last_below(float(limits.max) + 1)
    return -last, last


def _last_below(end: float) -> float:
    """Return the greatest whole number below a power of two that float64 has."""
    return min(end - 1, math.nextafter(end, 0))


def _widest(kind: pa.DataType) -> pa.DataType:
    """Return a type with room for larger decimals than the column had; floats keep."""
    if pa.types.is_decimal256(kind):
        return pa.decimal256(76, kind.scale)
    return pa.decimal128(38, kind.scale) if pa.types.is_decimal(kind) else kind


def _is_date(kind: pa.DataType) -> bool:
    """Return whether it is a point on the calendar, or a length of time."""
    is_clock = pa.types.is_time(kind) or pa.types.is_interval(kind)
    return bool(pa.types.is_temporal(kind) and not is_clock)


def _unit(kind: pa.DataType) -> tuple[str, float]:
    kind = value_type(kind)
    if pa.types.is_null(kind):
        return "missing values", 1
    if pa.types.is_date32(kind):
        return "dates", 1
    if pa.types.is_date64(kind):
        return "dates", PER_DAY["ms"]
    if _is_date(kind):
        family = "durations" if pa.types.is_duration(kind) else "dates"
        return family, PER_DAY[kind.unit]
    return "numbers", 1


def _check_family(kind: pa.DataType, unit: Unit, name: str, owner: str) -> None:
    family, fitted = _unit(kind)[0], unit[0]
    if family != fitted and "missing values" not in (family, fitted):
        raise ColumnTypeError(
            f"Column {name!r} holds {family}; {owner} was fitted on {fitted} there. "
            "Convert it, or fit on such a table."
        )


def _ratio(kind: pa.DataType, unit: Unit) -> float:
    """Return how many of the fitted units one unit of a column is."""
    family, per_day = _unit(kind)
    return unit[1] / per_day if family == unit[0] else 1.0


def _in_own_unit(numbers: Floats, kind: pa.DataType, unit: Unit) -> Floats:
    _, per_day, are_days = unit
    if are_days:
        numbers = np.rint(numbers / per_day) * per_day
    ratio = _ratio(kind, unit)
    return numbers if ratio == 1 else numbers / ratio


def _are_days(numbers: Floats, kind: pa.DataType) -> bool:
    family, per_day = _unit(kind)
    if family not in ("dates", "durations"):
        return False
    present = numbers[~np.isnan(numbers)]
    return len(present) > 0 and not np.fmod(present, per_day).any()
