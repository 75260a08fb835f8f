"""The periods that a day lies in: their starts, ends, ordinals and labels."""

from collections.abc import Callable, Mapping

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from skanon._calendar._civil import (
    FIRST_DAY,
    LAST_DAY,
    Integers,
    civil_from_days,
    days_from_civil,
)
from skanon.typing import Bytes2D

__all__ = [
    "LEVELS",
    "period_ends",
    "period_labels",
    "period_ordinals",
    "period_starts",
]

#: From fine to coarse. Each is a coarsening of the one before, except that a week
#: may lie in two months, quarters, halves and years.
LEVELS = (
    "day",
    "week",
    "month",
    "quarter",
    "half",
    "year",
    "5years",
    "decade",
    "century",
    "*",
)

#: How many months the periods last that are made of whole months.
MONTHS = {
    "month": 1,
    "quarter": 3,
    "half": 6,
    "year": 12,
    "5years": 60,
    "decade": 120,
    "century": 1200,
}

#: A week belongs to the year of its Thursday (ISO 8601). 1970-01-01 was one.
THURSDAY = 3

Civil = tuple[Integers, Integers, Integers]


def period_starts(days: Integers, level: str) -> Integers:
    """Return the first day of the period that each day lies in.

    That of "*" is the first day of the calendar, 0001-01-01.
    """
    if level == "day":
        return days
    if level == "week":
        return days - (days + THURSDAY) % 7
    if level == "*":
        return np.full(len(days), FIRST_DAY)
    return np.maximum(days_from_civil(*_first_of_period(days, level)), FIRST_DAY)


def period_ends(days: Integers, level: str) -> Integers:
    """Return the first day after the period that each day lies in."""
    if level == "day":
        return days + 1
    if level == "week":
        return period_starts(days, level) + 7
    if level == "*":
        return np.full(len(days), LAST_DAY + 1)
    year, month, day = _first_of_period(days, level)
    years, month = np.divmod(month - 1 + MONTHS[level], 12)
    return days_from_civil(year + years, month + 1, day)


def period_ordinals(days: Integers, level: str) -> npt.NDArray[np.int32]:
    """Return a number that grows with the period that each day lies in.

    =======  =============================
    day      19900503
    week     199018, ISO year and week
    month    199005
    quarter  19902
    half     19901
    year     1990
    5years   1990, the first of the years
    decade   1990
    century  1900
    "*"      0
    =======  =============================
    """
    if level == "*":
        return np.zeros(len(days), np.int32)
    if level == "week":
        year, week = _iso_week(days)
        return (year * 100 + week).astype(np.int32)
    year, month, day = _first_of_period(days, level)
    return _ordinals(level, year, month, day).astype(np.int32)


def period_labels(days: Integers, level: str) -> pa.Array:
    """Return the name of the period that each day lies in, as large text.

    =======  ============
    day      "1990-05-03"
    week     "1990-W18"
    month    "1990-05"
    quarter  "1990-Q2"
    half     "1990-H1"
    year     "1990"
    5years   "1990-1994"
    decade   "1990s"
    century  "1900-1999"
    "*"      "*"
    =======  ============

    Within a level, labels sort as the periods do.
    """
    if level == "*":
        return pa.repeat(pa.scalar("*", pa.large_string()), len(days))
    if level == "week":
        year, week = _iso_week(days)
        return _text(_digits(year, 4), b"-W", _digits(week, 2))
    return _text(*LABEL_PARTS[level](*_first_of_period(days, level)))


def _ordinals(level: str, year: Integers, month: Integers, day: Integers) -> Integers:
    if level == "day":
        return year * 10_000 + month * 100 + day
    if level == "month":
        return year * 100 + month
    if level in ("quarter", "half"):
        return year * 10 + (month - 1) // MONTHS[level] + 1
    return year


def _first_of_period(days: Integers, level: str) -> Civil:
    """Return year, month and day of the start; the year may be 0."""
    year, month, day = civil_from_days(days)
    if level == "day":
        return year, month, day
    months = 12 * year + month - 1
    year, month = np.divmod(months - months % MONTHS[level], 12)
    return year, month + 1, np.ones_like(day)


def _iso_week(days: Integers) -> tuple[Integers, Integers]:
    thursdays = period_starts(days, "week") + THURSDAY
    year, _, _ = civil_from_days(thursdays)
    one = np.ones_like(year)
    return year, (thursdays - days_from_civil(year, one, one)) // 7 + 1


LABEL_PARTS: Mapping[str, Callable[..., tuple[Bytes2D | bytes, ...]]] = {
    "day": lambda y, m, d: (_digits(y, 4), b"-", _digits(m, 2), b"-", _digits(d, 2)),
    "month": lambda y, m, d: (_digits(y, 4), b"-", _digits(m, 2)),
    "quarter": lambda y, m, d: (_digits(y, 4), b"-Q", _digits((m + 2) // 3, 1)),
    "half": lambda y, m, d: (_digits(y, 4), b"-H", _digits((m + 5) // 6, 1)),
    "year": lambda y, m, d: (_digits(y, 4),),
    "5years": lambda y, m, d: (_digits(y, 4), b"-", _digits(y + 4, 4)),
    "decade": lambda y, m, d: (_digits(y, 4), b"s"),
    "century": lambda y, m, d: (_digits(y, 4), b"-", _digits(y + 99, 4)),
}


def _digits(values: Integers, width: int) -> Bytes2D:
    powers = 10 ** np.arange(width - 1, -1, -1)
    digits = values[:, np.newaxis] // powers % 10 + ord("0")
    return digits.astype(np.uint8)


def _text(*parts: Bytes2D | bytes) -> pa.Array:
    """Write texts of one width, whose parts are digits or the same for all."""
    n = max(len(part) for part in parts if not isinstance(part, bytes))
    rows = np.hstack(
        [
            np.broadcast_to(np.frombuffer(part, np.uint8), (n, len(part)))
            if isinstance(part, bytes)
            else part
            for part in parts
        ]
    )
    width = rows.shape[1]
    # pyarrow 17 makes no large binary of an ndarray.
    return pa.array(rows.view(f"S{width}")[:, 0], pa.binary()).cast(pa.large_string())
