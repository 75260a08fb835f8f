"""Keyed numbers: where in a pool, or in which order, a value comes."""

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from skanon._crypto._aes_cmac import CHUNK, aes_cmac
from skanon._crypto._encoding import encode_canonical

__all__ = ["keyed_numbers"]

#: 64-bit numbers, shape (n_values,).
Numbers = npt.NDArray[np.uint64]


def keyed_numbers(
    column: pa.Array, key: bytes, *, name: str = "", n_numbers: int = 1
) -> Numbers:
    """Draw numbers that depend on the value and the key alone.

    Parameters
    ----------
    column : pyarrow.Array of shape (n_values,)
        Values of one type; not dictionary-encoded.
    key : bytes
        An AES key of 16, 24 or 32 bytes.
    name : str, default=""
        The column's name, for error messages.
    n_numbers : {1, 2}, default=1
        How many numbers are wanted of each value.

    Returns
    -------
    ndarray of shape (n_values,) or (n_values, 2), dtype uint64
        The AES-CMAC of the value's canonical encoding, read as big-endian numbers;
        those of missing values mean nothing.

    Raises
    ------
    ColumnTypeError
        If the type has no canonical bytes.
    """
    out = np.empty((len(column), n_numbers), np.uint64)
    for start in range(0, len(column), CHUNK):
        encoded = encode_canonical(column.slice(start, CHUNK), name=name)
        macs = aes_cmac(encoded, key)
        out[start : start + len(macs)] = macs.view(">u8")[:, :n_numbers]
    return out[:, 0] if n_numbers == 1 else out
