"""A reference to a key.

The bytes are fetched when they are used and dropped afterwards; what travels in a
pickle is the reference and a fingerprint, so that a wrong key is noticed instead of
giving wrong tokens.
"""

import base64
import hmac
import os
import re
import secrets
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NoReturn, Self

from skanon._secrets._reading import checked, decode, read_environment, read_file
from skanon._secrets._sub_keys import fingerprint
from skanon.exceptions import KeyMismatchError, KeyPicklingError, KeyTypeError

__all__ = ["SecretKey", "raise_mismatch"]

Provider = Callable[[], bytes | str]


class SecretKey:
    r"""A reference to a secret key, resolved only when it is used.

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

    The *fingerprint* is HKDF-SHA256(key, info="skanon/v1/fingerprint\0"), 8 bytes in
    hexadecimal. It is shown in the ``repr`` once the key has been used. It lets
    anyone test a *guessed* key, so use random keys, not passwords.

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
    SecretKey(<32 bytes>, fingerprint='ca9b2dc54cb2f774')
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
            The file, read each time the key is used; ``~`` is the home folder then.
            A warning is given if users other than its owner can read it.

        Returns
        -------
        SecretKey
            The reference; the file may not exist yet.
        """
        is_path = isinstance(path, str | os.PathLike)
        if not is_path or os.fspath(path).startswith(("base64:", "hex:")):
            raise KeyTypeError(
                "SecretKey.from_file(path) takes the PATH of a file that holds the "
                "key, not the key itself."
            )
        return cls._reference("file", os.fspath(path))

    @classmethod
    def from_provider(cls, provider: Provider) -> Self:
        """Refer to the key that a callable returns: a KMS, a vault.

        Parameters
        ----------
        provider : callable
            Takes nothing, returns bytes or text. It is called in each fit and
            transform, so let it cache if it is slow. To be pickled it must be a
            function of an importable module: a lambda, an object, or a function of
            a notebook could take the key along, and is refused by pickle.

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
        is_provider = self._kind == "provider"
        place = _callable_name(self._reference_to) if is_provider else repr(self._place)
        shown = f"{place}, {seen}" if seen else place
        return f"SecretKey.from_{self._kind}({shown})"

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
        # What it refers to never changes, so clone() may share it; the bytes of a key
        # in memory are then never copied either.
        return self

    def __getstate__(self) -> dict[str, Any]:
        if self._kind == "memory":
            raise KeyPicklingError(
                "A SecretKey held in memory is not pickled, because the pickle would "
                "hold the key. Put the key into an environment variable and use "
                "SecretKey.from_env(name), or use from_file or from_provider."
            )
        if self._kind == "provider" and not _is_importable(self._reference_to):
            raise KeyPicklingError(
                f"The key's {self.source} is not pickled, because the pickle could "
                "hold the key. Make the provider a function of an importable module, "
                "or use SecretKey.from_env(name) or from_file."
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
            found = read_environment(self._place)
        elif self._kind == "file":
            found = read_file(Path(os.path.expanduser(self._place)))
        else:
            found = self._reference_to()
        if isinstance(found, str):
            found = decode(found, self.source)
        elif not isinstance(found, bytes):
            raise KeyTypeError(
                f"The key's {self.source} returned {type(found).__name__}; it must "
                "return bytes or text."
            )
        return checked(found, self.source)


def raise_mismatch(source: str, *, expected: str, found: str) -> NoReturn:
    """Raise the error of a wrong key."""
    raise KeyMismatchError(
        f"The key from {source} has fingerprint {found}, but this object was made "
        f"with the key of fingerprint {expected}. Provide that key, or fit again "
        "with a new SecretKey."
    )


def _callable_name(provider: Any) -> str:
    module = getattr(provider, "__module__", "?")
    return f"{module}.{getattr(provider, '__qualname__', type(provider).__name__)}"


def _is_importable(provider: Any) -> bool:
    """Return whether pickle writes down no more than where to import it from.

    What belongs to ``__main__``, to a function or to an object, cloudpickle (and so
    joblib) writes down with all that it refers to.
    """
    name = getattr(provider, "__module__", None)
    found: Any = sys.modules.get(name or "__main__")
    for part in getattr(provider, "__qualname__", "?").split("."):
        found = getattr(found, part, None)
    return name != "__main__" and found is not None and bool(found == provider)
