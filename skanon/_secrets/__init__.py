"""Keys: where they come from, how they are shown, and what is derived from them."""

from skanon._secrets._parameter import (
    KeyParameter,
    check_key,
    current_key,
    fitted_key,
)
from skanon._secrets._secret_key import SecretKey
from skanon._secrets._sub_keys import derive_key, draw_key, fingerprint

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
