"""Keyed MACs of whole columns, by the name of the algorithm."""

import hashlib

import numpy as np
import pyarrow as pa

from skanon._crypto._aes_cmac import aes_cmac
from skanon.typing import Bytes2D

__all__ = ["MAC_BITS", "SUB_KEY_BYTES", "column_mac"]

#: The longest token of each algorithm, in bits.
MAC_BITS = {"aes-cmac": 128, "hmac-sha256": 256, "blake2b": 512}

#: The length of the sub-key that each algorithm is given, in bytes.
SUB_KEY_BYTES = {"aes-cmac": 16, "hmac-sha256": 32, "blake2b": 32}

HMAC_BLOCK = 64


def column_mac(column: pa.Array, key: bytes, algorithm: str, n_bytes: int) -> Bytes2D:
    """Compute a MAC of each value of a column.

    Parameters
    ----------
    column : pyarrow.Array of shape (n_values,)
        Large binary values.
    key : bytes
        The key of the algorithm; 16, 24 or 32 bytes for AES-CMAC.
    algorithm : {"aes-cmac", "hmac-sha256", "blake2b"}
        SP 800-38B; RFC 2104 with SHA-256; keyed BLAKE2b (RFC 7693).
    n_bytes : int
        Length of the MACs. AES-CMAC and HMAC are cut to their first bytes, as
        their standards say; for BLAKE2b it is a parameter of the hash.

    Returns
    -------
    ndarray of shape (n_values, n_bytes), dtype uint8
        The MACs; those of missing values mean nothing.
    """
    if algorithm == "aes-cmac":
        return aes_cmac(column, key)[:, :n_bytes]
    values = column.to_pylist() if column.null_count == 0 else _filled(column)
    if algorithm == "hmac-sha256":
        macs = _hmac_sha256(values, key)
        return np.frombuffer(macs, np.uint8).reshape(-1, 32)[:, :n_bytes]
    macs = _blake2b(values, key, n_bytes)
    return np.frombuffer(macs, np.uint8).reshape(-1, n_bytes)


def _filled(column: pa.Array) -> list[bytes]:
    filled: list[bytes] = column.fill_null(b"").to_pylist()
    return filled


def _hmac_sha256(values: list[bytes], key: bytes) -> bytes:
    """Loop over values: no library hashes a column with SHA-256 in one call.

    The two keyed states of HMAC are made once and copied for each value, which
    takes a third of the time of ``hmac.digest``.
    """
    if len(key) > HMAC_BLOCK:
        key = hashlib.sha256(key).digest()
    padded = key.ljust(HMAC_BLOCK, b"\0")
    inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in padded))
    outer = hashlib.sha256(bytes(byte ^ 0x5C for byte in padded))
    macs = []
    for value in values:
        first, second = inner.copy(), outer.copy()
        first.update(value)
        second.update(first.digest())
        macs.append(second.digest())
    return b"".join(macs)


def _blake2b(values: list[bytes], key: bytes, n_bytes: int) -> bytes:
    """Loop over values, for the same reason, copying the keyed state."""
    keyed = hashlib.blake2b(key=key, digest_size=n_bytes)
    macs = []
    for value in values:
        state = keyed.copy()
        state.update(value)
        macs.append(state.digest())
    return b"".join(macs)
