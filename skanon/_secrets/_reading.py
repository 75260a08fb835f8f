"""Read a key from where it is kept, and check that it can be used."""

import base64
import binascii
import os
import stat
import warnings
from pathlib import Path

from skanon.exceptions import KeyNotFoundError, KeyValueError, PrivacyWarning

__all__ = ["checked", "decode", "read_environment", "read_file"]

#: NIST SP 800-131A asks for 112 bits of strength; AES-128 sets the round number.
MIN_KEY_BYTES = 16


def checked(key: bytes, source: str) -> bytes:
    """Return the key if it is long enough."""
    if len(key) < MIN_KEY_BYTES:
        raise KeyValueError(
            f"The key from {source} has {len(key)} bytes; at least {MIN_KEY_BYTES} "
            "are needed. Make one with 'skanon keygen' or SecretKey.generate()."
        )
    return key


def read_environment(name: str) -> str:
    """Return the text of an environment variable."""
    try:
        return os.environ[name]
    except KeyError:
        raise KeyNotFoundError(
            f"Environment variable {name!r} is not set, but a key refers to it. Set "
            "it to the text that 'skanon keygen' writes."
        ) from None


def read_file(path: Path) -> str:
    """Return the text of a file; warn if others than its owner can read it."""
    try:
        mode = path.stat().st_mode
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise KeyNotFoundError(
            f"Key file {str(path)!r} cannot be read: {error.strerror}. Make one "
            "with 'skanon keygen'."
        ) from None
    except UnicodeDecodeError:
        raise KeyValueError(
            f"Key file {str(path)!r} is not UTF-8 text. Write the key as "
            "'base64:...' or 'hex:...'."
        ) from None
    if os.name == "posix" and mode & (stat.S_IRWXG | stat.S_IRWXO):
        warnings.warn(
            f"Key file {str(path)!r} can be read by users other than its owner "
            f"(mode {stat.S_IMODE(mode):04o}). Run: chmod 600 on it.",
            PrivacyWarning,
            stacklevel=2,
        )
    return text


def decode(text: str, source: str) -> bytes:
    """Return the key that a text stands for."""
    text = text.strip()
    form, _, body = text.partition(":")
    try:
        if form == "base64":
            return base64.b64decode(body, validate=True)
        if form == "hex":
            return bytes.fromhex(body)
    except (binascii.Error, ValueError):
        raise KeyValueError(
            f"The key from {source} says it is {form} but is not valid {form}."
        ) from None
    return text.encode("utf-8")
