"""Read a key from where it is kept, and check that it can be used."""

import base64
import os
import stat
from pathlib import Path

from skanon._messages import warn_of_privacy
from skanon.exceptions import KeyNotFoundError, KeyValueError

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
        data = path.read_bytes()
    except OSError as error:
        raise KeyNotFoundError(
            f"Key file {str(path)!r} cannot be read: {error.strerror}. Make one "
            "with 'skanon keygen'."
        ) from None
    # Undecodable bytes become surrogates, which decode() refuses.
    text = data.decode("utf-8-sig", "surrogateescape")
    if os.name == "posix" and mode & (stat.S_IRWXG | stat.S_IRWXO):
        warn_of_privacy(
            f"Key file {str(path)!r} can be read by users other than its owner "
            f"(mode {stat.S_IMODE(mode):04o}). Run: chmod 600 on it."
        )
    return text


def decode(text: str, source: str) -> bytes:
    """Return the key that a text stands for."""
    text = text.strip()
    form, _, body = text.partition(":")
    if form not in ("base64", "hex"):
        form, body = "UTF-8 text", text
    key = _decoded(form, body)
    if key is None:
        raise KeyValueError(
            f"The key from {source} is not valid {form}. Write it as 'base64:...' or "
            "'hex:...', as 'skanon keygen' does."
        )
    return key


def _decoded(form: str, body: str) -> bytes | None:
    """Return the key; None, instead of an error that may hold the text, if not."""
    try:
        if form == "base64":
            return base64.b64decode(body, validate=True)
        return bytes.fromhex(body) if form == "hex" else body.encode("utf-8")
    except ValueError:  # binascii's and Unicode's errors among them
        return None
