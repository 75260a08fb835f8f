"""The canonical typed encoding: the bytes of a value before any MAC.

A token must not depend on the container or on an accident of its dtype. So each
value is turned into bytes by its *kind*, as follows; ``FF`` never starts a UTF-8
text, so no text and no other value share an encoding.

====================  =====================================================
value                 bytes (hexadecimal tag, then the payload)
====================  =====================================================
text                  its NFC normal form in UTF-8, no tag
binary                ``FF 62`` + the bytes
integer, integral     ``FF 69`` + 8 bytes, big-endian two's complement,
float or decimal      if -2**63 <= value < 2**63
integer >= 2**63      ``FF 75`` + 8 bytes, big-endian unsigned
other float           ``FF 66`` + 8 bytes, big-endian IEEE 754 binary64
boolean               ``FF 3F`` + ``00`` or ``01``
date, naive datetime  ``FF 74`` + 8 bytes: seconds since 1970-01-01T00:00:00,
                      big-endian two's complement, rounded down, + 4 bytes:
                      the nanoseconds beyond, big-endian. A date is its midnight.
zoned datetime        ``FF 7A`` + the same of its instant in UTC
time of day           ``FF 63`` + 8 bytes: nanoseconds since midnight, big-endian
duration              ``FF 44`` + seconds and nanoseconds as for a datetime
missing, NaN, NaT     none: missing stays missing
====================  =====================================================

So 123, 123.0 and a decimal 123.00 agree whatever the width; ``-0.0`` is 0; the
text "123", the bytes b"123" and ``True`` differ from them; a float32 counts as
the binary64 number that it equals.
"""

import unicodedata
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from skanon._arrow import is_binary, is_text, text_bytes, tried, type_name
from skanon._crypto._text import fixed_width_text
from skanon.exceptions import ColumnTypeError
from skanon.typing import Bytes2D

__all__ = ["encode_canonical"]

#: The UTF-8 lead bytes of the characters that NFC replaces, composes or reorders.
#: Text without them, such as ASCII and all precomposed letters of Europe's Latin and
#: Cyrillic alphabets, Chinese and Korean, is in NFC.
UNSURE_BYTES = bytes.fromhex("cc cd ce d2 d6 d7 d8 d9 db dc dd df e0 e1 e2 e3 ea ef f0")
IS_UNSURE = np.isin(np.arange(256), list(UNSURE_BYTES))

NANOSECONDS = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}


def encode_canonical(column: pa.Array, *, name: str = "") -> pa.Array:
    """Encode the values of a column as bytes.

    Parameters
    ----------
    column : pyarrow.Array of shape (n_values,)
        Values of one type; not dictionary-encoded.
    name : str, default=""
        The column's name, for error messages.

    Returns
    -------
    pyarrow.Array of shape (n_values,)
        Large binary; missing values (and NaN) are null.

    Raises
    ------
    ColumnTypeError
        If the type has no canonical bytes (lists, structs, fractional decimals).
    """
    kind = column.type
    if pa.types.is_decimal(kind):
        column = _integral_decimals(column, name)
        kind = column.type
    if is_text(kind):
        return _as_large(_normalised(column))
    if pa.types.is_null(kind):
        return pa.nulls(len(column), pa.large_binary())
    if is_binary(kind):
        return _with_tag(b"\xffb", column.cast(pa.large_binary()))
    for is_kind, encode in ENCODERS:
        if is_kind(kind):
            return _as_large(fixed_width_text(encode(column), _missing(column)))
    raise ColumnTypeError(
        f"Column {name!r} has Arrow type {type_name(kind)}, which has no canonical "
        "bytes. Tokens are made of text, numbers, booleans, dates and times; convert "
        "the column or leave it out."
    )


def _normalised(column: pa.Array) -> pa.Array:
    """Return the NFC form; text that is its own, such as ASCII, is not touched."""
    column = column.cast(pa.large_string())
    rows = _unsure_rows(column)
    if not len(rows):
        return column
    # A call per value: pyarrow's utf8_normalize leaves NFC decomposed before 26.
    texts = column.take(pa.array(rows)).to_pylist()
    normal = [text and unicodedata.normalize("NFC", text) for text in texts]
    if normal == texts:
        return column
    replaced = np.zeros(len(column), np.bool_)
    replaced[rows] = True
    return pc.replace_with_mask(
        column, pa.array(replaced), pa.array(normal, pa.large_string())
    )


def _unsure_rows(column: pa.Array) -> npt.NDArray[np.intp]:
    """Return the rows that hold a byte which text in NFC need not hold."""
    text, offsets = text_bytes(column)
    if not len(text) or text.max() < UNSURE_BYTES[0]:
        return np.empty(0, np.intp)
    places = np.flatnonzero(IS_UNSURE[text])
    rows: npt.NDArray[np.intp] = np.unique(
        np.searchsorted(offsets, places, side="right") - 1
    )
    return rows


def _as_large(text: pa.Array) -> pa.Array:
    """View text as bytes without a copy."""
    return text.view(pa.large_binary())


def _with_tag(tag: bytes, column: pa.Array) -> pa.Array:
    return pc.binary_join_element_wise(
        pa.scalar(tag, pa.large_binary()), column, pa.scalar(b"", pa.large_binary())
    )


def _missing(column: pa.Array) -> npt.NDArray[np.bool_] | None:
    nulls: npt.NDArray[np.bool_] | None = None
    if column.null_count:
        nulls = column.is_null().to_numpy(zero_copy_only=False)
    if pa.types.is_floating(column.type):
        nan = np.isnan(_floats(column))
        if nan.any():
            nulls = nan if nulls is None else nulls | nan
    return nulls


def _integral_decimals(column: pa.Array, name: str) -> pa.Array:
    integers = tried(column.cast, pa.int64())
    if integers is None:
        raise ColumnTypeError(
            f"Column {name!r} has decimals with a fraction or above 2**63, which "
            "have no canonical bytes. Cast the column to text or to float64."
        )
    return integers


def _tagged(tag: str, *parts: npt.NDArray[Any]) -> Bytes2D:
    """Put a two-byte tag before the big-endian bytes of each part."""
    n = len(parts[0])
    rows = np.empty((n, 2 + sum(part.itemsize for part in parts)), np.uint8)
    rows[:, 0], rows[:, 1] = 0xFF, ord(tag)
    start = 2
    for part in parts:
        big = part.astype(part.dtype.newbyteorder(">"))
        stop = start + part.itemsize
        rows[:, start:stop] = big.view(np.uint8).reshape(n, part.itemsize)
        start = stop
    return rows


def _integers(column: pa.Array) -> Bytes2D:
    unsigned = pa.types.is_uint64(column.type)
    values = _values(column, np.dtype(np.uint64 if unsigned else np.int64))
    rows = _tagged("i", values)
    if unsigned:
        rows[values >= np.uint64(2**63), 1] = ord("u")
    return rows


def _floats(column: pa.Array) -> npt.NDArray[np.float64]:
    return _values(column, np.dtype(np.float64))


def _encode_floats(column: pa.Array) -> Bytes2D:
    values = _floats(column)
    rows = _tagged("f", values)
    with np.errstate(invalid="ignore"):
        small = (np.floor(values) == values) & (values >= -(2.0**63))
        integral = small & (values < 2.0**63)
        above = small & (values >= 2.0**63) & (values < 2.0**64)
    rows[integral] = _tagged("i", values[integral].astype(np.int64))
    rows[above] = _tagged("u", values[above].astype(np.uint64))
    return rows


def _booleans(column: pa.Array) -> Bytes2D:
    return _tagged("?", _values(column.cast(pa.uint8()), np.dtype(np.uint8)))


def _dates(column: pa.Array) -> Bytes2D:
    days = _values(column.cast(pa.date32()).view(pa.int32()), np.dtype(np.int64))
    return _tagged("t", days * 86_400, np.zeros(len(days), np.int32))


def _timestamps(column: pa.Array) -> Bytes2D:
    tag = "t" if column.type.tz is None else "z"
    return _tagged(tag, *_seconds(column))


def _durations(column: pa.Array) -> Bytes2D:
    return _tagged("D", *_seconds(column))


def _times(column: pa.Array) -> Bytes2D:
    return _tagged(
        "c", _values(column.cast(pa.time64("ns")).view(pa.int64()), np.dtype(np.int64))
    )


def _seconds(column: pa.Array) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int32]]:
    per_second = NANOSECONDS[column.type.unit]
    ticks = _values(column.view(pa.int64()), np.dtype(np.int64))
    seconds, rest = np.divmod(ticks, per_second)
    return seconds, (rest * (10**9 // per_second)).astype(np.int32)


def _values(column: pa.Array, dtype: np.dtype[Any]) -> npt.NDArray[Any]:
    """Return the raw values; what stands at a missing value does not matter."""
    if column.null_count:
        column = column.fill_null(0)
    values: npt.NDArray[Any] = column.to_numpy(zero_copy_only=False)
    return values.astype(dtype, copy=False)


ENCODERS = (
    (pa.types.is_boolean, _booleans),
    (pa.types.is_integer, _integers),
    (pa.types.is_floating, _encode_floats),
    (pa.types.is_date, _dates),
    (pa.types.is_timestamp, _timestamps),
    (pa.types.is_time, _times),
    (pa.types.is_duration, _durations),
)
