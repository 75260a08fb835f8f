"""The parameter ``key`` of an estimator."""

from typing import Any

import numpy as np

from skanon._secrets._secret_key import SecretKey, raise_mismatch
from skanon._secrets._sub_keys import draw_key, fingerprint
from skanon.exceptions import KeyTypeError

__all__ = ["KeyParameter", "check_key", "current_key", "fitted_key"]


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
        if instance is None:
            return self
        try:
            return vars(instance)[self.name]
        except KeyError:
            raise AttributeError(self.name) from None

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
    if key is not None:
        return None, key.fingerprint
    drawn = draw_key(random_state)
    return drawn, fingerprint(drawn)


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
