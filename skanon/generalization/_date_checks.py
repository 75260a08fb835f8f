"""Checks of what :class:`DateGeneralizer` is told against what its columns hold."""

import datetime as dt

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from skanon._calendar import check_format, date_kind, read_days
from skanon.exceptions import ColumnTypeError, DateParseError
from skanon.generalization._ages import AGE_LEVELS

__all__ = [
    "born_by",
    "check_ages",
    "check_counts",
    "check_form",
    "check_kind",
    "reference_day",
]

Floats = npt.NDArray[np.float64]

#: Numbers that are hardly ever counts of days: 1990, and 199005.
YEARS = (1800, 2200)
WRITTEN_MONTHS = (180_001, 220_012)

#: How messages name the kinds of columns.
KINDS = {"text": "text", "date": "dates", "number": "numbers"}


def check_form(format: str | None, unit: str | None, owner: str) -> None:
    """Check that a format can be read, and that no unit contradicts it."""
    if format is None:
        return
    check_format(format)
    if unit is not None:
        raise ValueError(
            f"{owner} has format={format!r} and unit={unit!r}, but numbers are either "
            "written dates or counts. Leave one of them None."
        )


def check_ages(level: str, output: str, owner: str) -> None:
    """Check that ages come at this level and in this form."""
    if level not in AGE_LEVELS:
        known = ", ".join(map(repr, AGE_LEVELS))
        raise ValueError(
            f"{owner} has level={level!r}, but ages (reference_date=...) are in bands "
            f"of years. Choose one of {known}."
        )
    if output == "timestamp":
        raise ValueError(
            f"{owner} has output='timestamp', but ages (reference_date=...) are no "
            "dates. Choose 'ordinal', 'label', 'interval', 'midpoint' or 'bounds'."
        )


def reference_day(reference: str | dt.date | np.datetime64, owner: str) -> int:
    """Return the day on which the ages hold."""
    if isinstance(reference, np.datetime64):
        column = pa.array(np.array([reference], "datetime64[D]"))
    else:  # pandas has a date that is missing, which Arrow fails to read
        column = pa.array([reference if reference == reference else None])
    (day,) = read_days(column, name="reference_date", owner=owner, errors="coerce")
    if not day.is_valid:
        raise ValueError(
            f"{owner} has reference_date={reference!r}, which is no date. Write it as "
            "'2026-01-31'."
        )
    return int(day.as_py())


def check_counts(column: pa.Array, name: str, owner: str) -> None:
    """Refuse numbers that are hardly counts of days, where nobody said what they are.

    Written dates (19900503) and seconds since 1970 need no such check: read as days,
    they lie outside the calendar.
    """
    numbers = column.drop_null().cast(pa.float64(), safe=False).to_numpy()
    if _lie_in(numbers, YEARS):
        what, format = "years", "%Y"
    elif _lie_in(numbers, WRITTEN_MONTHS) and _lie_in(numbers % 100, (1, 12)):
        what, format = "written months", "%Y%m"
    else:
        return
    raise ColumnTypeError(
        f"Column {name!r} has numbers that look like {what}, and nobody said what they "
        f"are; {owner} takes numbers for days since 1970-01-01. Set format={format!r}, "
        "or unit='D' if they are such days."
    )


def _lie_in(numbers: Floats, bounds: tuple[int, int]) -> bool:
    """Return whether all numbers are whole and between the bounds."""
    low, high = bounds
    numbers = numbers[~np.isnan(numbers)]
    in_bounds = (numbers >= low) & (numbers <= high) & (np.floor(numbers) == numbers)
    return len(numbers) > 0 and bool(in_bounds.all())


def check_kind(column: pa.Array, name: str, fitted: str | None, owner: str) -> None:
    """Refuse numbers where text or dates were fitted, and the other way round."""
    if fitted is None or column.null_count == len(column):
        return
    kind = date_kind(column.type)
    if kind is not None and (kind == "number") != (fitted == "number"):
        raise ColumnTypeError(
            f"Column {name!r} held {KINDS[fitted]} in fit and holds {KINDS[kind]} now; "
            f"{owner} needs the same kind. Convert the column."
        )


def born_by(days: pa.Array, reference: int, name: str, errors: str) -> pa.Array:
    """Return the days of birth, none of them after the day on which ages hold."""
    unborn = pc.greater(days, reference)
    n_unborn = pc.sum(unborn).as_py() or 0
    if not n_unborn:
        return days
    if errors == "raise":
        date = np.datetime64(reference, "D")
        n = len(days) - days.null_count
        raise DateParseError(
            f"Column {name!r}: {n_unborn} of {n} births lie after "
            f"reference_date={str(date)!r}. Correct them, or let errors='coerce' make "
            "them missing."
        )
    return pc.if_else(unborn, None, days)
