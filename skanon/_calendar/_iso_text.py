"""ISO 8601 dates in text, eight characters of each in one machine word."""

from functools import cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from skanon._arrow import text_bytes
from skanon._calendar._civil import days_from_civil

__all__ = ["parse_iso"]

#: What may follow the date: a time, a zone or both. The date that is written
#: counts, whatever the zone.
ISO = (
    r"^[0-9]{4}-[0-9]{2}-[0-9]{2}"
    r"([Tt ]([01][0-9]|2[0-3])(:?[0-5][0-9](:?([0-5][0-9]|60)([.,][0-9]+)?)?)?)?"
    r"( ?([Zz]|[+-][0-9]{2}(:?[0-9]{2})?))?$"
)

#: The length of YYYY-MM-DD.
WIDTH = 10

#: Values parsed at a time, so that the words stay in the processor's cache.
CHUNK = 32_768

#: XOR with these turns digits into their values and dashes into 0. Adding the
#: others then sets the top bit of each byte that is no digit (> 9) or no dash (> 0).
YEAR_MONTH = np.uint64(int.from_bytes(b"0000-00-", "little"))
YEAR_MONTH_ABOVE = np.uint64(0x7F76_767F_7676_7676)
YEAR_MONTH_TOPS = np.uint64(0x8080_8080_8080_8080)
DAY = np.uint16(int.from_bytes(b"00", "little"))
DAY_ABOVE, DAY_TOPS = np.uint16(0x7676), np.uint16(0x8080)

#: With two digits in each of the bytes 0 (century), 2 (year) and 5 (month), one
#: multiplication puts 1200 * century + 12 * year + month in the 17 top bits.
PAIRS = np.uint64(0x0000_FF00_00FF_00FF)
MONTHS_TO_TOP = np.uint64((1200 << 47) + (12 << 31) + (1 << 7))


def parse_iso(column: pa.Array) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.bool_]]:
    """Read dates written YYYY-MM-DD, also where a time or a zone follows.

    Parameters
    ----------
    column : pyarrow.Array of shape (n,)
        Text or large text without missing values.

    Returns
    -------
    days : ndarray of shape (n,), dtype int32
        The day numbers; those of unreadable texts mean nothing.
    readable : ndarray of shape (n,), dtype bool
        Which texts are such dates, from 0001-01-01 to 9999-12-31.
    """
    data = _of_one_width(column)
    if data is not None:
        return _parse_dates(data, len(column))
    matches = pc.match_substring_regex(column, ISO)
    dates = pc.utf8_slice_codeunits(column.filter(matches), 0, WIDTH)
    readable = matches.to_numpy(zero_copy_only=False).copy()
    days = np.zeros(len(column), np.int32)
    days[readable], exists = _parse_dates(text_bytes(dates)[0], len(dates))
    readable[readable] = exists
    return days, readable


def _of_one_width(column: pa.Array) -> npt.NDArray[np.uint8] | None:
    """Return the bytes of the texts, if all are as long as a date."""
    data, offsets = text_bytes(column)
    if len(data) != WIDTH * len(column) or (np.diff(offsets) != WIDTH).any():
        return None
    return data


def _parse_dates(
    data: npt.NDArray[np.uint8], n: int
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.bool_]]:
    days, readable = np.empty(n, np.int32), np.empty(n, np.bool_)
    for start in range(0, n, CHUNK):
        stop = min(start + CHUNK, n)
        _parse_chunk(
            data[WIDTH * start : WIDTH * stop], days[start:stop], readable[start:stop]
        )
    return days, readable


def _parse_chunk(
    data: npt.NDArray[np.uint8],
    days: npt.NDArray[np.int32],
    readable: npt.NDArray[np.bool_],
) -> None:
    """Fill ``days`` and ``readable``, reading bytes 0 to 7 as one word, 8 and 9 too."""
    shape = (len(days),)
    words = np.ndarray(shape, "<u8", data, 0, (WIDTH,)) ^ YEAR_MONTH
    wrong = (words + YEAR_MONTH_ABOVE | words) & YEAR_MONTH_TOPS
    pairs = words * np.uint64(10) + (words >> np.uint64(8))
    month = (pairs >> np.uint64(40)).astype(np.uint8)
    months = ((pairs & PAIRS) * MONTHS_TO_TOP >> np.uint64(47)).view(np.int64)

    words = np.ndarray(shape, "<u2", data, 8, (WIDTH,)) ^ DAY
    wrong_day = (words + DAY_ABOVE | words) & DAY_TOPS
    day = (words * np.uint16(10) + (words >> np.uint16(8))).astype(np.uint8)

    starts, lengths = _months()
    np.logical_and(wrong == 0, wrong_day == 0, out=readable)
    readable &= month - np.uint8(1) < 12
    readable &= day - np.uint8(1) < lengths.take(months, mode="clip")
    starts.take(months, mode="clip", out=days)
    days += day


@cache
def _months() -> tuple[npt.NDArray[np.int32], npt.NDArray[np.uint8]]:
    """Return the day before each month and its length, from 12 * year + month."""
    year, month = np.divmod(np.arange(12 * 10_000 + 2) - 1, 12)
    starts = days_from_civil(year, month + 1, np.ones_like(month))
    lengths = np.diff(starts, append=starts[-1:])
    lengths[:13] = 0  # there is no year 0
    return (starts - 1).astype(np.int32), lengths.astype(np.uint8)
