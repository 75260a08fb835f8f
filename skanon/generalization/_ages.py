"""Ages in completed years, in bands, with one band for the oldest."""

import numpy as np
import pyarrow as pa

from skanon._calendar import Integers, completed_years, interval_column
from skanon._intervals import Numbers, midpoints

__all__ = ["AGE_LEVELS", "age_bands"]

#: How many years of age a band has; "*" is one band for all.
AGE_LEVELS = {"year": 1, "5years": 5, "decade": 10, "*": None}


def age_bands(
    births: Integers, reference: int, level: str, top_age: int | None, output: str
) -> pa.Array:
    """Return the band of years in which the age of people lies.

    Parameters
    ----------
    births : ndarray of shape (n,)
        Days of birth, none after the reference.
    reference : int
        The day on which people have these ages.
    level : {"year", "5years", "decade", "*"}
        The width of the bands.
    top_age : int or None
        From which age on all are in one band, which has no end.
    output : {"ordinal", "label", "interval", "midpoint", "bounds"}
        The lowest age of the band, int32; its name, large text; or, as float64, its
        ends, the middle of its bounds, or those. Bounds are ends that a model can
        read: an open band is as wide as its neighbour, and "*" is 0.

    Returns
    -------
    pyarrow.Array of shape (n,)
        The bands.
    """
    width = AGE_LEVELS[level]
    ages = completed_years(births, reference)
    lowest = ages // width * width if width else np.zeros_like(ages)
    if width and top_age is not None:
        lowest = np.where(ages >= top_age, top_age, lowest)
    if output == "ordinal":
        return pa.array(lowest.astype(np.int32))
    bands, codes = np.unique(lowest, return_inverse=True)
    ends = [_end(int(band), width, top_age) for band in bands]
    if output == "label":
        names = map(_label, bands.tolist(), ends)
        values = pa.array(["*"] if width is None else names, pa.large_string())
        return values.take(pa.array(codes))
    left, right = bands.astype(np.float64), np.array(ends, np.float64)
    if output != "interval":
        right = np.where(np.isinf(right), _bound(width, top_age), right)
    return _interval_values(left, right, output).take(pa.array(codes))


def _end(lowest: int, width: int | None, top_age: int | None) -> float:
    """Return the first age above a band."""
    if width is None or lowest == top_age:
        return np.inf
    return min(lowest + width, np.inf if top_age is None else top_age)


def _bound(width: int | None, top_age: int | None) -> float:
    """Return where the open band is taken to end."""
    if width is None or top_age is None:
        return 0.0
    return 2 * top_age - (top_age - 1) // width * width


def _interval_values(left: Numbers, right: Numbers, output: str) -> pa.Array:
    if output == "midpoint":
        return pa.array(midpoints(left, right))
    return interval_column(pa.array(left), pa.array(right))


def _label(lowest: int, end: float) -> str:
    if end == np.inf:
        return f"{lowest}+"
    return f"{lowest}" if end - lowest == 1 else f"{lowest}-{int(end) - 1}"
