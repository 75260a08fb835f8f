"""Bytes to token text, by table look-up into an Arrow buffer."""

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from skanon._arrow import text_of_bytes
from skanon.typing import Bytes2D

__all__ = ["base32_text", "fixed_width_text", "hex_text", "uuid_text"]

HEX = np.frombuffer(b"0123456789abcdef", np.uint8)
BASE32 = np.frombuffer(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", np.uint8)

#: The two hexadecimal digits of each byte, read as one 16-bit word.
HEX_PAIRS = np.stack([HEX.repeat(16), np.tile(HEX, 16)], axis=1).view(np.uint16)[:, 0]

#: The four hexadecimal digits of each two bytes, read as one 32-bit word.
_first, _second = np.arange(2**16, dtype=np.uint16).view(np.uint8).reshape(-1, 2).T
HEX_QUADS = np.stack([HEX_PAIRS[_first], HEX_PAIRS[_second]], axis=1).view(np.uint32)[
    :, 0
]

#: The two base32 digits of each 10-bit number, read as one 16-bit word.
BASE32_PAIRS = np.stack([BASE32.repeat(32), np.tile(BASE32, 32)], axis=1).view(
    np.uint16
)[:, 0]

#: Where the 32 hexadecimal digits of a UUID stand, and where its dashes.
UUID_DIGITS = np.array(
    [*range(8), *range(9, 13), *range(14, 18), *range(19, 23), *range(24, 36)]
)
UUID_DASHES = np.array([8, 13, 18, 23])


def hex_text(rows: Bytes2D) -> Bytes2D:
    """Write bytes as lower-case hexadecimal digits, shape (n, 2 * n_bytes)."""
    rows = np.ascontiguousarray(rows)
    if rows.shape[1] % 2:
        return HEX_PAIRS.take(rows, mode="clip").view(np.uint8)
    return HEX_QUADS.take(rows.view(np.uint16), mode="clip").view(np.uint8)


def base32_text(rows: Bytes2D) -> Bytes2D:
    """Write bytes in base32 (RFC 4648) without padding."""
    n, n_bytes = rows.shape
    n_groups = -(-n_bytes // 5)
    padded = np.zeros((n, n_groups, 8), np.uint8)
    for group in range(n_groups):
        part = rows[:, 5 * group : 5 * group + 5]
        padded[:, group, 3 : 3 + part.shape[1]] = part
    words = padded.view(">u8")[..., 0].astype(np.uint64)
    shifts = np.array([30, 20, 10, 0], np.uint64)
    tens = (words[:, :, None] >> shifts) & np.uint64(1023)
    text = BASE32_PAIRS.take(tens.astype(np.intp), mode="clip").view(np.uint8)
    return text.reshape(n, -1)[:, : -(-n_bytes * 8 // 5)]


def uuid_text(rows: Bytes2D) -> Bytes2D:
    """Write 16 bytes as a UUID of version 8, whose other 122 bits are ours."""
    rows = rows.copy()
    rows[:, 6] = (rows[:, 6] & 0x0F) | 0x80
    rows[:, 8] = (rows[:, 8] & 0x3F) | 0x80
    text = np.empty((len(rows), 36), np.uint8)
    text[:, UUID_DIGITS] = hex_text(rows)
    text[:, UUID_DASHES] = ord("-")
    return text


def fixed_width_text(rows: Bytes2D, missing: npt.NDArray[np.bool_] | None) -> pa.Array:
    """Make an Arrow text column of rows of characters, without a copy.

    Parameters
    ----------
    rows : ndarray of shape (n, width), dtype uint8
        The UTF-8 bytes of each text.
    missing : ndarray of shape (n,), dtype bool, or None
        Which texts are missing.

    Returns
    -------
    pyarrow.Array of shape (n,)
        Large text.
    """
    n, width = rows.shape
    offsets = np.arange(0, (n + 1) * width, width or 1, dtype=np.int64)[: n + 1]
    return text_of_bytes(rows.reshape(-1), offsets, missing)
