"""Numbers masked digit by digit: a number stays a number."""

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from skanon._arrow import missing_mask
from skanon._crypto import keyed_numbers

__all__ = ["mask_digits", "replace_digits"]

Magnitudes = npt.NDArray[np.uint64]

#: 1, 10, 100 … 10**19, the powers of ten that 64 bits hold.
POWERS = np.array([10**i for i in range(20)], np.uint64)

#: Floats from here on are taken for this one: their digits are not exact.
LARGEST = 2.0**53


def mask_digits(column: pa.Array, keep_first: int, keep_last: int) -> pa.Array:
    """Replace the digits of the integer part by 0, except some first and last.

    A number that has not more digits than are kept becomes 0; a fraction goes.
    """
    magnitude, negative, _ = _magnitudes(column)
    n_digits = _n_digits(magnitude)
    masked = n_digits - keep_first
    high = magnitude - magnitude % POWERS[np.clip(masked, 0, 19)]
    low = magnitude % POWERS[np.minimum(keep_last, 19)]
    kept = np.where(n_digits > keep_first + keep_last, 1, 0).astype(np.uint64)
    first = high if keep_first else np.zeros_like(high)
    return _numbers((first + low) * kept, negative, None, column)


def replace_digits(column: pa.Array, key: bytes, *, name: str = "") -> pa.Array:
    """Replace a number by another of as many digits and the same sign, by a key.

    A float with a fraction gets another fraction.
    """
    draws = keyed_numbers(column, key, name=name, n_numbers=2)
    magnitude, negative, has_fraction = _magnitudes(column)
    n_digits = _n_digits(magnitude)
    lowest = np.where(n_digits > 1, POWERS[n_digits - 1], 0).astype(np.uint64)
    above = np.where(n_digits < 20, POWERS[np.minimum(n_digits, 19)] - 1, 2**64 - 1)
    highest = np.minimum(above.astype(np.uint64), np.uint64(_largest(column.type)))
    span = highest - lowest
    # The whole range of 64 bits has no room for span + 1; it is drawn as it is.
    drawn = draws[:, 0] % np.where(span < 2**64 - 1, span + 1, span).astype(np.uint64)
    fraction = None
    if pa.types.is_floating(column.type):
        fraction = np.where(has_fraction, (draws[:, 1] >> np.uint64(11)) / 2.0**53, 0.0)
    return _numbers(lowest + drawn, negative, fraction, column)


def _largest(kind: pa.DataType) -> int:
    if pa.types.is_floating(kind):
        return int(LARGEST)
    return int(np.iinfo(kind.to_pandas_dtype()).max)


def _magnitudes(
    column: pa.Array,
) -> tuple[Magnitudes, npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Return the integer parts without sign, the signs, and where a fraction is."""
    values = column.fill_null(0).to_numpy(zero_copy_only=False)
    negative = values < 0
    if values.dtype.kind == "f":
        size = np.minimum(np.nan_to_num(np.abs(values), nan=0.0, posinf=0.0), LARGEST)
        return size.astype(np.uint64), negative, size != np.floor(size)
    wide = values.astype(np.uint64)
    # Two's complement: the most negative integer has a magnitude too.
    magnitude = np.where(negative, ~wide + np.uint64(1), wide)
    return magnitude, negative, np.zeros(len(wide), np.bool_)


def _n_digits(magnitude: Magnitudes) -> npt.NDArray[np.int64]:
    digits = np.searchsorted(POWERS, magnitude, side="right")
    return np.maximum(digits, 1).astype(np.int64)


def _numbers(
    magnitude: Magnitudes,
    negative: npt.NDArray[np.bool_],
    fraction: npt.NDArray[np.float64] | None,
    column: pa.Array,
) -> pa.Array:
    dtype = np.dtype(column.type.to_pandas_dtype())
    if dtype.kind == "f":
        size = magnitude.astype(np.float64) + (0.0 if fraction is None else fraction)
        values = np.where(negative, -size, size).astype(dtype)
    else:
        values = np.where(negative, ~magnitude + np.uint64(1), magnitude).astype(dtype)
    missing = missing_mask(column)
    return pa.array(values, column.type, mask=missing if missing.any() else None)
