"""Columns of dates in any form, read as day numbers."""

from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from skanon._arrow import is_number, is_text, type_name
from skanon._calendar._civil import FIRST_DAY, LAST_DAY
from skanon._calendar._formats import parse_format
from skanon._calendar._iso_text import parse_iso
from skanon._calendar._zones import local_ticks
from skanon.exceptions import ColumnTypeError, DateParseError

__all__ = ["UNITS", "date_kind", "read_days"]

#: How many there are in a day.
UNITS = {"D": 1, "s": 86_400, "ms": 86_400_000, "us": 86_400 * 10**6}
UNITS["ns"] = 86_400 * 10**9

#: Values read at a time, so that 64-bit numbers in between stay in the cache.
CHUNK = 65_536

Days = npt.NDArray[np.int32]
Mask = npt.NDArray[np.bool_]


def date_kind(kind: pa.DataType) -> Literal["text", "date", "number"] | None:
    """Return in which form a column of an Arrow type tells dates, None if in none."""
    if is_text(kind):
        return "text"
    if pa.types.is_date(kind) or pa.types.is_timestamp(kind):
        return "date"
    if is_number(kind):
        return "number"
    return None


def read_days(
    column: pa.Array,
    *,
    name: str,
    owner: str,
    format: str | None = None,
    unit: str | None = None,
    errors: str = "raise",
) -> pa.Array:
    """Read a column of dates as day numbers.

    Parameters
    ----------
    column : pyarrow.Array of shape (n_values,)
        ISO 8601 text, dates, timestamps or numbers; not dictionary-encoded.
    name : str
        The column's name, for error messages.
    owner : str
        The estimator, for error messages.
    format : str, default=None
        How text and numbers are written; None for ISO 8601 and for counts.
    unit : {"D", "s", "ms", "us", "ns"}, default=None
        What numbers count since 1970-01-01; None is "D".
    errors : {"raise", "coerce"}, default="raise"
        Whether values that tell no date are an error or become missing.

    Returns
    -------
    pyarrow.Array of shape (n_values,)
        Days since 1970-01-01, int32. The day of a timestamp is that of the
        calendar in its time zone.

    Raises
    ------
    ColumnTypeError
        If the column has a type that tells no dates.
    DateParseError
        If values tell no date from 0001-01-01 to 9999-12-31, with "raise".
    """
    if pa.types.is_null(column.type):
        return pa.nulls(len(column), pa.int32())
    form = date_kind(column.type)
    if form is None:
        raise ColumnTypeError(
            f"Column {name!r} has Arrow type {type_name(column.type)}; {owner} needs "
            "dates: ISO text, text with a 'format', dates, timestamps or numbers with "
            "a 'unit'. Convert it or leave it out."
        )
    if form == "number":
        column = _as_wide(column)
    present = column.drop_null() if column.null_count else column
    days, readable = _read_present(present, form, format, unit)
    n_unreadable = len(days) - int(np.count_nonzero(readable))
    if n_unreadable and errors == "raise":
        wrong, remedy = _complaint(form, format, unit)
        raise DateParseError(
            f"Column {name!r}: {n_unreadable} of {len(days)} values {wrong}. {remedy}, "
            "or let errors='coerce' make them missing."
        )
    return _beside_missing(days, readable if n_unreadable else None, column)


def _as_wide(column: pa.Array) -> pa.Array:
    """Return numbers of 64 bits; NaN is missing."""
    if pa.types.is_uint64(column.type):
        return column
    if pa.types.is_integer(column.type):
        return column.cast(pa.int64())
    column = column.cast(pa.float64())
    return pc.if_else(pc.is_nan(column), None, column)


def _read_present(
    column: pa.Array, form: str, format: str | None, unit: str | None
) -> tuple[Days, Mask]:
    if form == "date":
        return _read_dates(column)
    if form == "number" and format is None:
        return _in_calendar(_values(column), UNITS[unit or "D"])
    text = _written_numbers(column) if form == "number" else column
    return parse_iso(text) if format is None else parse_format(text, format)


def _read_dates(column: pa.Array) -> tuple[Days, Mask]:
    kind = column.type
    if pa.types.is_date32(kind):
        return _in_calendar(_values(column.view(pa.int32())), 1)
    if pa.types.is_date64(kind):
        return _in_calendar(_values(column.view(pa.int64())), UNITS["ms"])
    return _in_calendar(local_ticks(column), UNITS[kind.unit])


def _values(column: pa.Array) -> npt.NDArray[Any]:
    values: npt.NDArray[Any] = column.to_numpy(zero_copy_only=False)
    return values


def _in_calendar(ticks: npt.NDArray[Any], per_day: int) -> tuple[Days, Mask]:
    """Return the days, rounded down, and which of them the calendar has."""
    if per_day == 1 and ticks.dtype == np.int32:
        return ticks, (ticks >= FIRST_DAY) & (ticks <= LAST_DAY)
    days, readable = np.zeros(len(ticks), np.int32), np.empty(len(ticks), np.bool_)
    for start in range(0, len(ticks), CHUNK):
        here = slice(start, start + CHUNK)
        _fill_days(ticks[here], per_day, days[here], readable[here])
    return days, readable


def _fill_days(
    ticks: npt.NDArray[Any], per_day: int, days: Days, readable: Mask
) -> None:
    wide = np.floor(ticks / per_day) if ticks.dtype.kind == "f" else ticks // per_day
    np.logical_and(wide >= FIRST_DAY, wide <= LAST_DAY, out=readable)
    np.copyto(days, wide, casting="unsafe", where=readable)


def _written_numbers(column: pa.Array) -> pa.Array:
    """Return numbers as text, 19900503.0 as "19900503"."""
    if pa.types.is_floating(column.type):
        values = _values(column)
        whole = (np.floor(values) == values) & (np.abs(values) < 2.0**53)
        column = pa.array(np.where(whole, values, -1.0).astype(np.int64))
    return column.cast(pa.large_string())


def _complaint(form: str, format: str | None, unit: str | None) -> tuple[str, str]:
    """Return what is wrong with unreadable values, and what to do about it."""
    if form == "date":
        return "lie outside the years 1 to 9999", "Correct them"
    if format is not None:
        return (
            f"are not dates of the years 1 to 9999 written as format={format!r}",
            "Correct the format or the values",
        )
    if form == "text":
        return (
            "are not ISO 8601 dates (YYYY-MM-DD) of the years 1 to 9999",
            "Set 'format' if they are written in another way, correct them",
        )
    return (
        f"lie outside the years 1 to 9999, counted in unit={unit or 'D'!r} since "
        "1970-01-01",
        "Set 'unit' if they count something else, or 'format' if they are written "
        "dates such as %Y%m%d",
    )


def _beside_missing(days: Days, readable: Mask | None, column: pa.Array) -> pa.Array:
    """Put the days of the present values back beside the missing ones."""
    if not column.null_count:
        return pa.array(days, mask=None if readable is None else ~readable)
    present = column.is_valid().to_numpy(zero_copy_only=False)
    everywhere = np.zeros(len(column), np.int32)
    everywhere[present] = days
    missing = ~present
    if readable is not None:
        missing[present] = ~readable
    return pa.array(everywhere, mask=missing)
