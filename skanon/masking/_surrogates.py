"""What stands in the place of values: surrogates of a pool, or one constant."""

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from skanon._arrow import is_number, is_text, missing_mask
from skanon.masking._pools import Pool

__all__ = ["pick_surrogates", "redact"]

Numbers = npt.NDArray[np.uint64]
Mask = npt.NDArray[np.bool_]

#: Rows given surrogates at a time, so that scratch memory does not grow with the table.
CHUNK = 16_384


def pick_surrogates(
    pool: Pool, numbers: Numbers, missing: Mask, own: pa.Array | None
) -> pa.Array:
    """Return the surrogates that some numbers pick from a pool.

    Parameters
    ----------
    pool : Pool
        The surrogates.
    numbers : ndarray of shape (n_values,), dtype uint64
        Any numbers; they count modulo the size of the pool.
    missing : ndarray of shape (n_values,), dtype bool
        Which values get none.
    own : pyarrow.Array of shape (n_values,) or None
        The values: one that picks itself gets the next surrogate instead. None if
        that cannot be.

    Returns
    -------
    pyarrow.Array of shape (n_values,)
        The surrogates.
    """
    if not len(numbers):
        return pool.take(numbers)
    pieces = []
    for start in range(0, len(numbers), CHUNK):
        rows = slice(start, start + CHUNK)
        values = own.slice(start, CHUNK) if own is not None else None
        pieces.append(_picked(pool, numbers[rows], missing[rows], values))
    return pa.concat_arrays(pieces)


def redact(column: pa.Array, replacement: str | float | None) -> pa.Array:
    """Put one constant in place of all values; None makes them missing."""
    if replacement is None:
        return pa.nulls(len(column), column.type)
    constant = pa.scalar(replacement)
    if isinstance(replacement, str):
        constant = pa.scalar(replacement, pa.large_string())
    elif is_number(column.type):
        constant = _fitting(constant, column.type)
    missing = missing_mask(column)
    places = pa.array(np.zeros(len(column), np.int8), mask=missing)
    return pa.array([constant.as_py()], constant.type).take(places)


def _fitting(constant: pa.Scalar, kind: pa.DataType) -> pa.Scalar:
    """Return the constant in the column's own type, if it holds it."""
    try:
        return constant.cast(kind)
    except pa.ArrowInvalid:
        return constant


def _picked(
    pool: Pool, numbers: Numbers, missing: Mask, own: pa.Array | None
) -> pa.Array:
    """Return surrogates by number, or the next one where it is the value itself."""
    size = np.uint64(pool.size)
    mask = missing if missing.any() else None
    surrogates = pool.take(numbers % size, mask)
    if own is None or not (is_text(own.type) and is_text(surrogates.type)):
        return surrogates
    same = pc.equal(surrogates, own.cast(surrogates.type)).fill_null(False)
    if not pc.any(same).as_py():
        return surrogates
    step = same.to_numpy(zero_copy_only=False).astype(np.uint64)
    return pool.take((numbers % size + step) % size, mask)
