"""Days, the periods they lie in, and columns that tell them in any form."""

from skanon._calendar._civil import (
    FIRST_DAY,
    LAST_DAY,
    Integers,
    civil_from_days,
    completed_years,
    days_from_civil,
)
from skanon._calendar._columns import UNITS, date_kind, read_days
from skanon._calendar._formats import check_format
from skanon._calendar._period_columns import by_day, interval_column, period_column
from skanon._calendar._periods import (
    LEVELS,
    period_ends,
    period_labels,
    period_ordinals,
    period_starts,
)

__all__ = [
    "FIRST_DAY",
    "LAST_DAY",
    "LEVELS",
    "UNITS",
    "Integers",
    "by_day",
    "check_format",
    "civil_from_days",
    "completed_years",
    "date_kind",
    "days_from_civil",
    "interval_column",
    "period_column",
    "period_ends",
    "period_labels",
    "period_ordinals",
    "period_starts",
    "read_days",
]
