"""What is made of a key: sub-keys and a fingerprint; and keys drawn at random."""

import secrets

import numpy as np
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

__all__ = ["derive_key", "draw_key", "fingerprint"]


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
    """Return the key-check value: a sub-key of no other use, in 16 hexadecimal digits.

    Keys that give other tokens have other fingerprints. A bare HMAC would not do: it
    takes a short key and the same key with zeros behind it for one.
    """
    return derive_key(key, purpose="fingerprint", domain="", n_bytes=8).hex()
