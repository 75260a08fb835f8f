"""Cryptography over whole columns: composed here, primitives from a library."""

from skanon._crypto._aes_cmac import aes_cmac, encrypt_blocks
from skanon._crypto._encoding import encode_canonical
from skanon._crypto._macs import MAC_BITS, SUB_KEY_BYTES, column_mac
from skanon._crypto._numbers import keyed_numbers
from skanon._crypto._text import base32_text, fixed_width_text, hex_text, uuid_text

__all__ = [
    "MAC_BITS",
    "SUB_KEY_BYTES",
    "aes_cmac",
    "base32_text",
    "column_mac",
    "encode_canonical",
    "encrypt_blocks",
    "fixed_width_text",
    "hex_text",
    "keyed_numbers",
    "uuid_text",
]
