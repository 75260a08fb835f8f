"""What is made of a key: sub-keys and a fingerprint; and keys drawn at random."""

import hashlib
import hmac
import secrets

import numpy as np
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

__all__ = ["derive_key", "draw_key", "fingerprint"]

#: The constant whose truncated HMAC is the key-check value.
CHECK_CONSTANT = b"skanon key check value v1"


def draw_key(random_state: int | np.random.RandomState | None) -> bytes:
    """Draw 32 key bytes: from the operating system, or repeatably from a seed."""
    if random_state is None:
        return secrets.token_bytes(32)
    if not isinstance(random_state, np.random.RandomState):
        random_state = np.random.RandomState(random_state)
    return random_state.bytes(32)


def derive_key(key: bytes, *, purpose: str, domain: str, n_bytes: int) -> bytes:
    r"""Derive a sub-key with HKDF-SHA256 (RFC 5869).

    There is no salt; ``info`` is ``"skanon/v1/" + purpose + "\0" + domain`` in UTF-8.
    """
    info = f"skanon/v1/{purpose}\0{domain}".encode()
    return HKDF(algorithm=SHA256(), length=n_bytes, salt=None, info=info).derive(key)


def fingerprint(key: bytes) -> str:
    """Return the key-check value of a key: 16 hexadecimal digits."""
    return hmac.digest(key, CHECK_CONSTANT, hashlib.sha256)[:8].hex()
