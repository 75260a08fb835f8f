"""Columns of periods, made from columns of days."""

from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from skanon._calendar._civil import LAST_DAY, Integers
from skanon._calendar._periods import (
    period_ends,
    period_labels,
    period_ordinals,
    period_starts,
)

__all__ = ["by_day", "interval_column", "period_column"]

SECONDS_PER_DAY = 86_400

#: 9999-12-31T23:59:59, the last second that Python can write.
LAST_SECOND = (LAST_DAY + 1) * SECONDS_PER_DAY - 1


def period_column(days: pa.Array, level: str, output: str) -> pa.Array:
    """Return the period that each day lies in.

    Parameters
    ----------
    days : pyarrow.Array of shape (n_values,)
        Days since 1970-01-01, int32, as :func:`read_days` gives them.
    level : str
        One of ``LEVELS``.
    output : {"ordinal", "timestamp", "label", "interval", "midpoint", "bounds"}
        Number, int32; start, in seconds; name, large text; both ends, in seconds; what
        lies halfway between them; or the ends once more. They are cut to 0001-01-01
        and 9999-12-31T23:59:59.

    Returns
    -------
    pyarrow.Array of shape (n_values,)
        The periods; missing where the day is.
    """
    return by_day(days, lambda distinct: _periods(distinct, level, output))


def by_day(days: pa.Array, recode: Callable[[Integers], pa.Array]) -> pa.Array:
    """Recode each day that occurs, or might occur, once and look the rows up."""
    bounds = pc.min_max(days)
    low, high = bounds["min"].as_py(), bounds["max"].as_py()
    if low is None:
        return pa.nulls(len(days), recode(np.empty(0, np.int64)).type)
    if high - low < len(days):
        values = recode(np.arange(low, high + 1))
        return values.take(pc.subtract(days, pa.scalar(low, pa.int32())))
    encoded = days.dictionary_encode()
    distinct = encoded.dictionary.to_numpy().astype(np.int64)
    return recode(distinct).take(encoded.indices)


def interval_column(left: pa.Array, right: pa.Array) -> pa.Array:
    """Return intervals as structs, which go out as Intervals in pandas."""
    return pa.StructArray.from_arrays([left, right], ["left", "right"])


def _periods(days: Integers, level: str, output: str) -> pa.Array:
    if output == "ordinal":
        return pa.array(period_ordinals(days, level))
    if output == "label":
        return period_labels(days, level)
    starts = period_starts(days, level) * SECONDS_PER_DAY
    if output == "timestamp":
        return _moments(starts)
    ends = np.minimum(period_ends(days, level) * SECONDS_PER_DAY, LAST_SECOND)
    if output == "midpoint":
        return _moments((starts + ends) // 2)
    return interval_column(_moments(starts), _moments(ends))


def _moments(seconds: Integers) -> pa.Array:
    return pa.array(seconds, pa.timestamp("s"))
