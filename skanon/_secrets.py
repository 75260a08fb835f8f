"""Keys: where they come from, how they are shown, and what is derived from them.

A :class:`SecretKey` is a *reference* to a key. The bytes are fetched when they
are used and dropped afterwards; what travels in a pickle is the reference and a
fingerprint, so that a wrong key is noticed instead of giving wrong tokens.
"""

import base64
import binascii
import hashlib
import hmac
import os
import re
import secrets
import stat
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NoReturn, Self

import numpy as np
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from skanon.exceptions import (
    KeyMismatchError,
    KeyNotFoundError,
    KeyPicklingError,
    KeyTypeError,
    KeyValueError,
    PrivacyWarning,
)

__all__ = [
    "KeyParameter",
    "SecretKey",
    "check_key",
    "current_key",
    "derive_key",
    "draw_key",
    "fingerprint",
    "fitted_key",
]

#: NIST SP 800-131A asks for 112 bits of strength; AES-128 sets the round number.
MIN_KEY_BYTES = 16

#: The constant whose truncated HMAC is the key-check value.
CHECK_CONSTANT = b"skanon key check value v1"

Provider = Callable[[], bytes | str]


class SecretKey:
    """A reference to a secret key, resolved only when it is used.

    Make one with :meth:`from_env`, :meth:`from_file`, :meth:`from_provider`, or
    from bytes at hand with ``SecretKey(data)``. A fresh key is written by
    ``skanon keygen`` or returned by :meth:`generate`.

    Parameters
    ----------
    data : bytes
        The key itself, at least 16 bytes. Such a key lives in memory only: it
        is refused by pickle, because a pickle must never hold a key.

    Attributes
    ----------
    source : str
        Where the key comes from, for example ``"env:SKANON_KEY"``.

    See Also
    --------
    HashPseudonymizer : Replace values by tokens made with a key.

    Notes
    -----
    The text of an environment variable or file is ``base64:...`` or ``hex:...``;
    without such a prefix the key is the text's UTF-8 bytes. White space around
    the text is not part of the key.

    The *fingerprint* is the first 8 bytes of HMAC-SHA256(key, "skanon key check
    value v1") in hexadecimal. It is shown in the ``repr`` once the key has been
    used. It lets anyone test a *guessed* key, so use random keys, not passwords.

    **Protects against** a key that slips into a pickle, a log or a notebook.
    **Does not protect against** code that runs in the same process.
    **Remembers** the reference and the fingerprint; with ``SecretKey(data)`` the
    bytes, in memory.

    Examples
    --------
    >>> from skanon import SecretKey
    >>> SecretKey.from_env("SKANON_KEY")
    SecretKey.from_env('SKANON_KEY')
    >>> SecretKey(bytes(range(32)))
    SecretKey(<32 bytes>, fingerprint='53ab3e2ab6630fb2')
    """

    def __init__(self, data: bytes) -> None:
        if not isinstance(data, bytes | bytearray | memoryview):
            raise KeyTypeError(
                f"SecretKey(data) takes bytes, not {type(data).__name__}. For text "
                "write SecretKey.from_env(name) or SecretKey.from_file(path)."
            )
        self._set("memory", None, checked(bytes(data), "memory"))
        self._fingerprint = fingerprint(bytes(data))

    @classmethod
    def from_env(cls, name: str) -> Self:
        """Refer to the key in an environment variable.

        Parameters
        ----------
        name : str
            Name of the variable, read each time the key is used.

        Returns
        -------
        SecretKey
            The reference; the variable may still be unset.
        """
        if not isinstance(name, str) or not re.fullmatch(r"[A-Za-z_]\w*", name):
            raise KeyTypeError(
                "SecretKey.from_env(name) takes the NAME of an environment variable "
                "(letters, digits, underscores), not the key itself."
            )
        return cls._reference("env", name)

    @classmethod
    def from_file(cls, path: str | os.PathLike[str]) -> Self:
        """Refer to the key in a text file.

        Parameters
        ----------
        path : str or path-like
            The file, read each time the key is used. A warning is given if
            users other than its owner can read it.

        Returns
        -------
        SecretKey
            The reference; the file may not exist yet.
        """
        return cls._reference("file", os.fspath(path))

    @classmethod
    def from_provider(cls, provider: Provider) -> Self:
        """Refer to the key that a callable returns: a KMS, a vault.

        Parameters
        ----------
        provider : callable
            Takes nothing, returns bytes or text. It is called each time the key
            is used, so let it cache if it is slow. To be pickled it must be
            importable (a function of a module, not a lambda).

        Returns
        -------
        SecretKey
            The reference.
        """
        if not callable(provider):
            raise KeyTypeError(
                "SecretKey.from_provider(provider) takes a callable that returns "
                f"the key, not {type(provider).__name__}."
            )
        return cls._reference("provider", provider)

    @classmethod
    def generate(cls, n_bytes: int = 32) -> Self:
        """Draw a new key from the operating system's entropy.

        Parameters
        ----------
        n_bytes : int, default=32
            Length of the key in bytes, at least 16.

        Returns
        -------
        SecretKey
            The key, in memory. Store its :meth:`to_text` in a secret store.
        """
        return cls(secrets.token_bytes(n_bytes))

    @property
    def source(self) -> str:
        """Where the key comes from."""
        if self._kind == "provider":
            return f"provider:{_callable_name(self._reference_to)}"
        return self._kind if self._kind == "memory" else f"{self._kind}:{self._place}"

    @property
    def fingerprint(self) -> str:
        """The key-check value; resolves the key."""
        return fingerprint(self.resolve())

    def resolve(self) -> bytes:
        """Fetch the key.

        Returns
        -------
        bytes
            The key. Do not keep it, print it or write it down.

        Raises
        ------
        KeyNotFoundError
            If the variable is not set or the file cannot be read.
        KeyValueError
            If the text is malformed or the key is shorter than 16 bytes.
        KeyMismatchError
            If this reference was unpickled and another key is found now.
        """
        key = self._data if self._data is not None else self._fetch()
        found = fingerprint(key)
        if self._pinned and self._fingerprint and found != self._fingerprint:
            raise_mismatch(self.source, expected=self._fingerprint, found=found)
        self._fingerprint = found
        return key

    def to_text(self) -> str:
        """Write the key down as text that ``from_env`` and ``from_file`` read.

        Returns
        -------
        str
            ``"base64:..."``: the secret itself.
        """
        return "base64:" + base64.b64encode(self.resolve()).decode("ascii")

    def __repr__(self) -> str:
        seen = f"fingerprint={self._fingerprint!r}" if self._fingerprint else ""
        if self._kind == "memory":
            return f"SecretKey(<{len(self._data or b'')} bytes>, {seen})"
        what = self._place if self._kind != "provider" else None
        shown = repr(what) if what is not None else _callable_name(self._reference_to)
        return f"SecretKey.from_{self._kind}({shown}{', ' if seen else ''}{seen})"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, SecretKey):
            return NotImplemented
        if (self._kind, self._reference_to) != (other._kind, other._reference_to):
            return False
        return hmac.compare_digest(self._data or b"", other._data or b"")

    def __hash__(self) -> int:
        return hash((self._kind, self._reference_to))

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        # A reference never changes, so clone() may share it; the bytes of a key
        # in memory are then never copied either.
        return self

    def __getstate__(self) -> dict[str, Any]:
        if self._kind == "memory":
            raise KeyPicklingError(
                "A SecretKey held in memory is not pickled, because the pickle would "
                "hold the key. Put the key into an environment variable and use "
                "SecretKey.from_env(name), or use from_file or from_provider."
            )
        return {
            "kind": self._kind,
            "reference": self._reference_to,
            "fingerprint": self._fingerprint,
        }

    def __setstate__(self, state: Mapping[str, Any]) -> None:
        self._set(state["kind"], state["reference"], None)
        self._fingerprint = state["fingerprint"]
        self._pinned = True

    @classmethod
    def _reference(cls, kind: str, reference: object) -> Self:
        key = cls.__new__(cls)
        key._set(kind, reference, None)
        return key

    def _set(self, kind: str, reference: Any, data: bytes | None) -> None:
        self._kind = kind
        self._reference_to = reference
        self._data = data
        self._fingerprint = ""
        self._pinned = False

    @property
    def _place(self) -> str:
        return str(self._reference_to)

    def _fetch(self) -> bytes:
        found: object
        if self._kind == "env":
            found = _read_environment(self._place)
        elif self._kind == "file":
            found = _read_file(Path(self._place))
        else:
            found = self._reference_to()
        if isinstance(found, str):
            found = _decode(found, self.source)
        elif not isinstance(found, bytes):
            raise KeyTypeError(
                f"The key's {self.source} returned {type(found).__name__}; it must "
                "return bytes or text."
            )
        return checked(found, self.source)


class RefusedKey:
    """What stands where a key was given as plain text or bytes: not the key."""

    def __init__(self, type_name: str) -> None:
        self.type_name = type_name

    def __repr__(self) -> str:
        return f"<refused {self.type_name}>"


class KeyParameter:
    """The ``key`` of an estimator, which never keeps a key given in the clear.

    ``fit`` refuses such a key, but an estimator may be shown or pickled before.
    """

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        return self if instance is None else vars(instance)[self.name]

    def __set__(self, instance: Any, value: object) -> None:
        if isinstance(value, str | bytes | bytearray | memoryview):
            value = RefusedKey(type(value).__name__)
        vars(instance)[self.name] = value


def check_key(key: object, *, owner: str) -> None:
    """Raise unless ``key`` is a :class:`SecretKey` or None; never show it."""
    if key is None or isinstance(key, SecretKey):
        return
    found = key.type_name if isinstance(key, RefusedKey) else type(key).__name__
    raise KeyTypeError(
        f"The 'key' of {owner} must be a SecretKey or None, not {found}. Write "
        "key=SecretKey.from_env('NAME'), SecretKey.from_file(path), "
        "SecretKey.from_provider(callable) or, for a key in memory, SecretKey(bytes)."
    )


def fitted_key(
    key: SecretKey | None, random_state: int | np.random.RandomState | None
) -> tuple[bytes | None, str]:
    """Return what ``fit`` keeps: the key it drew if given none, and a fingerprint."""
    drawn = draw_key(random_state) if key is None else None
    found = drawn if key is None else key.resolve()
    return drawn, fingerprint(found or b"")


def current_key(key: SecretKey | None, drawn: bytes | None, expected: str) -> bytes:
    """Return the key of a fitted estimator, if it is still the one it was fitted with.

    Parameters
    ----------
    key : SecretKey or None
        The estimator's parameter.
    drawn : bytes or None
        The key that ``fit`` drew if it was given none.
    expected : str
        The fingerprint seen in ``fit``.

    Raises
    ------
    KeyMismatchError
        If the key is another one now.
    """
    found = drawn if key is None else key.resolve()
    shown = "none" if found is None else fingerprint(found)
    if found is None or shown != expected:
        source = "memory" if key is None else key.source
        raise_mismatch(source, expected=expected, found=shown)
    return found


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


def raise_mismatch(source: str, *, expected: str, found: str) -> NoReturn:
    """Raise the error of a wrong key."""
    raise KeyMismatchError(
        f"The key from {source} has fingerprint {found}, but this object was made "
        f"with the key of fingerprint {expected}. Provide that key, or fit again "
        "with a new SecretKey."
    )


def checked(key: bytes, source: str) -> bytes:
    """Return the key if it is long enough."""
    if len(key) < MIN_KEY_BYTES:
        raise KeyValueError(
            f"The key from {source} has {len(key)} bytes; at least {MIN_KEY_BYTES} "
            "are needed. Make one with 'skanon keygen' or SecretKey.generate()."
        )
    return key


def _read_environment(name: str) -> str:
    try:
        return os.environ[name]
    except KeyError:
        raise KeyNotFoundError(
            f"Environment variable {name!r} is not set, but a key refers to it. Set "
            "it to the text that 'skanon keygen' writes."
        ) from None


def _read_file(path: Path) -> str:
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


def _decode(text: str, source: str) -> bytes:
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


def _callable_name(provider: Any) -> str:
    module = getattr(provider, "__module__", "?")
    return f"{module}.{getattr(provider, '__qualname__', type(provider).__name__)}"
