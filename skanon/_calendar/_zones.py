"""The local time of instants, also in the years that Arrow gets wrong."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

__all__ = ["local_ticks"]

PER_SECOND = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}

#: From 2037-01-01T00:00:00Z on, Arrow knows no summer time: it reads the list of
#: changes in a zone file, which ends there, but not the rule behind the list.
ARROW_ENDS = 2_114_380_800

#: Clocks change on quarters of an hour (in seconds), and not after the last day that
#: Python can tell in every zone.
QUARTER = 900
LAST_CHANGE = 253_402_128_000

Ticks = npt.NDArray[np.int64]


def local_ticks(column: pa.Array) -> Ticks:
    """Return what clocks showed, as ticks since 1970-01-01T00:00:00 on the same clock.

    Parameters
    ----------
    column : pyarrow.Array of shape (n,)
        Timestamps, with or without a zone, none missing.

    Returns
    -------
    ndarray of shape (n,), dtype int64
        Ticks in the unit of the column.
    """
    zone = column.type.tz
    ticks = _as_ticks(column)
    if zone is None:
        return ticks
    per_second = PER_SECOND[column.type.unit]
    if zone[0] in "+-":  # which Arrow knows as zones from pyarrow 18 on
        hours, minutes = int(zone[:3]), int(zone[0] + zone[-2:])
        return ticks + (hours * 60 + minutes) * 60 * per_second
    local = _as_ticks(pc.local_timestamp(column))
    late = ticks >= ARROW_ENDS * per_second
    if late.any():
        local = local.copy()
        local[late] = (
            ticks[late] + _offsets(ticks[late] // per_second, zone) * per_second
        )
    return local


def _offsets(seconds: Ticks, zone: str) -> Ticks:
    """Return how many seconds local time is ahead of UTC."""
    # A call for each quarter of an hour that occurs: zoneinfo has no whole columns.
    quarters, codes = np.unique(seconds // QUARTER, return_inverse=True)
    moments = np.minimum(quarters * QUARTER, LAST_CHANGE).tolist()
    return np.array([_offset(moment, zone) for moment in moments]).take(codes)


def _offset(seconds: int, zone: str) -> int:
    offset: Any = dt.datetime.fromtimestamp(seconds, ZoneInfo(zone)).utcoffset()
    return int(offset.total_seconds())


def _as_ticks(column: pa.Array) -> Ticks:
    ticks: Ticks = column.view(pa.int64()).to_numpy()
    return ticks
