"""Day numbers and the years, months and days that people write.

A day is the number of days since 1970-01-01. The calendar is the Gregorian one,
also for the centuries before it was introduced, as ISO 8601 and Python have it.
"""

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

__all__ = [
    "FIRST_DAY",
    "LAST_DAY",
    "Integers",
    "civil_from_days",
    "completed_years",
    "days_from_civil",
]

Integers: TypeAlias = npt.NDArray[np.int64]

#: 0001-01-01 and 9999-12-31, the dates that ISO 8601, SQL and Python can write.
FIRST_DAY, LAST_DAY = -719_162, 2_932_896

#: Years are counted from March, so that the leap day is the last of its year. An
#: era is the 400 years after which the calendar repeats; it has 146,097 days.
DAYS_OF_ERA = 146_097
MARCH_OF_YEAR_0 = -719_468


def civil_from_days(days: Integers) -> tuple[Integers, Integers, Integers]:
    """Return the year, month and day of each day number."""
    era, day = np.divmod(days - MARCH_OF_YEAR_0, DAYS_OF_ERA)
    year = (day - day // 1460 + day // 36_524 - day // 146_096) // 365
    day -= 365 * year + year // 4 - year // 100
    month = (5 * day + 2) // 153
    day -= (153 * month + 2) // 5
    january = month >= 10
    return 400 * era + year + january, month + 3 - 12 * january, day + 1


def days_from_civil(year: Integers, month: Integers, day: Integers) -> Integers:
    """Return the day number of each year, month and day, which must exist."""
    january = month <= 2
    era, year = np.divmod(year - january, 400)
    day = day + (153 * (month - 3 + 12 * january) + 2) // 5 - 1
    day += 365 * year + year // 4 - year // 100
    return DAYS_OF_ERA * era + day + MARCH_OF_YEAR_0


def completed_years(births: Integers, reference: int) -> Integers:
    """Return how many birthdays lie between each day of birth and a day.

    Somebody born on 29 February has the birthday on 1 March in common years. Births
    after the day give negative numbers.
    """
    year, month, day = civil_from_days(births)
    on = civil_from_days(np.array([reference]))
    later_in_year = 100 * month + day > 100 * on[1] + on[2]
    return on[0] - year - later_in_year
