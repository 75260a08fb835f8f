"""Random bytes that nobody can foresee, as many as a table needs."""

import os
from collections.abc import Callable

import numpy as np
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CTR

from skanon.typing import Bytes1D

__all__ = ["open_keystream"]

KEY_BYTES = 32
BLOCK = 16

#: Zeros encrypted at a time, so that they stay in the processor's cache.
ZEROS = bytes(65_536)


def open_keystream() -> Callable[[int], Bytes1D]:
    """Return what draws bytes: AES-256 in counter mode, under a key of its own.

    The key is drawn from the operating system and known to nobody, so that whoever
    tells the bytes from random ones has broken AES; the system makes its own random
    bytes in the same way, at a tenth of the speed.
    """
    cipher = Cipher(AES(os.urandom(KEY_BYTES)), CTR(bytes(BLOCK)))
    encryptor = cipher.encryptor()

    def draw(n_bytes: int) -> Bytes1D:
        # The cipher asks for room behind what it writes.
        out = np.empty(n_bytes + BLOCK - 1, np.uint8)
        room = out.data
        for start in range(0, n_bytes, len(ZEROS)):
            zeros = ZEROS[: n_bytes - start]
            encryptor.update_into(zeros, room[start : start + len(zeros) + BLOCK - 1])
        return out[:n_bytes]

    return draw
