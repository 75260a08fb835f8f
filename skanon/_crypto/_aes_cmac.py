"""AES-CMAC (SP 800-38B, RFC 4493) of a whole column.

For block j the states of all rows are XORed with their j-th block and encrypted
in one ECB call, so the number of Python steps depends on the longest value and
not on the number of rows.
"""

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import ECB
from cryptography.hazmat.primitives.cmac import CMAC

from skanon._arrow import text_bytes
from skanon.exceptions import ColumnTypeError, KeyValueError
from skanon.typing import Bytes1D, Bytes2D

__all__ = ["aes_cmac", "encrypt_blocks"]

BLOCK = 16

#: Rows worked on at a time: their states and blocks stay in the processor's cache.
CHUNK = 16_384

#: A value of more bytes is left to the library, in a call of its own: block after
#: block of one long value would make all rows of its chunk wait.
LONG = 64 * BLOCK

#: keep[i] keeps the first i bytes of a block; keep[17] is of a block that goes on.
KEEP = np.zeros((BLOCK + 2, BLOCK), np.uint8)
for _length in range(BLOCK + 1):
    KEEP[_length, :_length] = 0xFF
KEEP[BLOCK + 1] = 0xFF

#: padding[i] has the bit that ends a message of i bytes in its last block.
PADDING = np.zeros((BLOCK + 2, BLOCK), np.uint8)
PADDING[np.arange(BLOCK), np.arange(BLOCK)] = 0x80


def aes_cmac(column: pa.Array | pa.ChunkedArray, key: bytes) -> Bytes2D:
    """Compute the AES-CMAC of each value of a column.

    Parameters
    ----------
    column : pyarrow.Array or pyarrow.ChunkedArray of shape (n_values,)
        Binary values, or text, which counts as its UTF-8 bytes.
    key : bytes
        An AES key of 16, 24 or 32 bytes.

    Returns
    -------
    ndarray of shape (n_values, 16), dtype uint8
        The MACs; rows of missing values are zero.

    Raises
    ------
    ColumnTypeError
        If the column is neither binary nor text.
    KeyValueError
        If the key is not 16, 24 or 32 bytes long.

    References
    ----------
    NIST SP 800-38B, The CMAC Mode for Authentication, 2005. RFC 4493, 2006.
    """
    column = _large_binary(column)
    encryptor = _encryptor(key)
    last = _last_blocks(encryptor)
    out = np.empty((len(column), BLOCK), np.uint8)
    for start in range(0, len(column), CHUNK):
        piece = column.slice(start, CHUNK)
        here = out[start : start + len(piece)]
        for row in _mac_chunk(piece, encryptor, last, here):
            here[row] = _mac_value(piece[row].as_py() or b"", key)
    if column.null_count:
        out[column.is_null().to_numpy(zero_copy_only=False)] = 0
    return out


def encrypt_blocks(blocks: Bytes2D, key: bytes) -> Bytes2D:
    """Encrypt independent 16-byte blocks with AES; shape (n, 16) in and out."""
    return _encrypt(_encryptor(key), np.ascontiguousarray(blocks))


def _large_binary(column: pa.Array | pa.ChunkedArray) -> pa.Array:
    if isinstance(column, pa.ChunkedArray):
        column = column.combine_chunks()
    if isinstance(column, pa.ChunkedArray):
        column = pa.concat_arrays(column.chunks)
    if pa.types.is_large_binary(column.type):
        return column
    if pa.types.is_fixed_size_binary(column.type):
        return column.cast(pa.binary()).cast(pa.large_binary())
    try:
        large = pa.large_string() if "string" in str(column.type) else pa.large_binary()
        return column.cast(large).view(pa.large_binary())
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        raise ColumnTypeError(
            f"AES-CMAC works on binary or text values, not on Arrow type "
            f"{column.type}. Encode the column first."
        ) from None


def _encryptor(key: bytes) -> Any:
    if len(key) not in (16, 24, 32):
        raise KeyValueError(
            f"An AES key has 16, 24 or 32 bytes; this one has {len(key)}."
        )
    # ECB is only the way to reach the block cipher of many blocks in one call.
    return Cipher(AES(key), ECB()).encryptor()  # noqa: S305


def _encrypt(encryptor: Any, blocks: Bytes2D) -> Bytes2D:
    out = np.empty(blocks.size + BLOCK - 1, np.uint8)
    encryptor.update_into(blocks.reshape(-1), out)
    return out[: blocks.size].reshape(blocks.shape)


def _last_blocks(encryptor: Any) -> Bytes2D:
    """Return what a block of each length is XORed with: padding and sub-key."""
    zero = np.zeros((1, BLOCK), np.uint8)
    first = _doubled(int.from_bytes(_encrypt(encryptor, zero).tobytes(), "big"))
    second = _doubled(first).to_bytes(BLOCK, "big")
    last = PADDING.copy()
    last[:BLOCK] ^= np.frombuffer(second, np.uint8)
    last[BLOCK] = np.frombuffer(first.to_bytes(BLOCK, "big"), np.uint8)
    return last


def _doubled(value: int) -> int:
    """Multiply by x in GF(2**128), the sub-key step of SP 800-38B."""
    return ((value << 1) & (2**128 - 1)) ^ (0x87 if value >> 127 else 0)


def _mac_chunk(
    piece: pa.Array, encryptor: Any, last: Bytes2D, out: Bytes2D
) -> npt.NDArray[np.intp]:
    """Fill ``out``, except the rows that are returned, whose values are long."""
    data, starts, lengths = _padded(piece)
    long = np.flatnonzero(lengths > LONG)
    if len(long):
        lengths[long] = 0
    states = np.zeros((len(piece), BLOCK // 8), np.uint64)
    rows: npt.NDArray[np.intp] | slice = slice(None)
    for j in range(max(1, -(-int(lengths.max()) // BLOCK))):
        if j and lengths.min() <= BLOCK * j:
            rows = np.flatnonzero(lengths > BLOCK * j)
        kinds = np.minimum(lengths[rows] - BLOCK * j, BLOCK + 1)
        blocks = _gather(data, starts[rows] + BLOCK * j)
        blocks &= _pick(KEEP, kinds)
        blocks ^= _pick(last, kinds)
        blocks ^= states[rows]
        states[rows] = _encrypt(encryptor, blocks.view(np.uint8)).view(np.uint64)
    out[:] = states.view(np.uint8)
    return long


def _mac_value(value: bytes, key: bytes) -> Bytes1D:
    mac = CMAC(AES(key))
    mac.update(value)
    return np.frombuffer(mac.finalize(), np.uint8)


def _padded(
    piece: pa.Array,
) -> tuple[Bytes1D, npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Copy a chunk's bytes, so that a block may be read past the last value."""
    content, offsets = text_bytes(piece)
    data = np.zeros(len(content) + BLOCK, np.uint8)
    data[: len(content)] = content
    return data, offsets[:-1], np.diff(offsets)


def _gather(data: Bytes1D, starts: npt.NDArray[np.int64]) -> npt.NDArray[np.uint64]:
    """Read the 16 bytes that begin at each start, shape (n, 2) of words."""
    # Overlapping windows: every byte but the padding begins one.
    blocks = np.ndarray((len(data) - BLOCK + 1,), f"V{BLOCK}", data, 0, (1,))
    return blocks[starts].view(np.uint64).reshape(-1, BLOCK // 8)


def _pick(table: Bytes2D, kinds: npt.NDArray[np.int64]) -> npt.NDArray[np.uint64]:
    return table.view(np.uint64).take(kinds, axis=0, mode="clip")
