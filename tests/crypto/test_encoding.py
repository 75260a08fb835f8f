"""The canonical encoding, against vectors made by an independent encoder."""

import datetime as dt
import json
import math
import struct
import unicodedata
from decimal import Decimal
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from skanon._crypto import encode_canonical
from skanon._crypto._encoding import UNSURE_BYTES
from skanon.exceptions import ColumnTypeError

VECTORS = json.loads((Path(__file__).parent / "encoding_vectors.json").read_text())


def independent(value):
    """The encoder of the docstring, value by value, in plain Python."""
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value).encode()
    if isinstance(value, bytes):
        return b"\xffb" + value
    if isinstance(value, bool):
        return b"\xff?" + bytes([value])
    if isinstance(value, float) and value.is_integer() and -(2**63) <= value < 2**64:
        value = int(value)
    if isinstance(value, int):
        return (
            b"\xffi" + struct.pack(">q", value)
            if value < 2**63
            else (b"\xffu" + struct.pack(">Q", value))
        )
    if isinstance(value, float):
        return b"\xfff" + struct.pack(">d", value)
    if isinstance(value, dt.time):
        seconds = (value.hour * 60 + value.minute) * 60 + value.second
        return b"\xffc" + struct.pack(">q", seconds * 10**9 + value.microsecond * 1000)
    if isinstance(value, dt.timedelta):
        tag, micro = b"\xffD", value // dt.timedelta(microseconds=1)
    else:
        if not isinstance(value, dt.datetime):
            value = dt.datetime(value.year, value.month, value.day)
        tag = b"\xfft" if value.tzinfo is None else b"\xffz"
        start = dt.datetime(1970, 1, 1, tzinfo=value.tzinfo and dt.UTC)
        micro = (value - start) // dt.timedelta(microseconds=1)
    return tag + struct.pack(">qi", micro // 10**6, micro % 10**6 * 1000)


def encoded(values, kind=None):
    return encode_canonical(pa.array(values, kind)).to_pylist()


def parsed(kind, text):
    """Read a vector's value, which JSON holds as text."""
    readers = {
        "text": str,
        "integer": int,
        "float": float.fromhex,
        "binary": bytes.fromhex,
        "boolean": lambda t: t == "true",
        "date": dt.date.fromisoformat,
        "datetime": dt.datetime.fromisoformat,
        "time": dt.time.fromisoformat,
        "microseconds": lambda t: dt.timedelta(microseconds=int(t)),
    }
    return readers[kind](text)


@pytest.mark.parametrize("vector", VECTORS, ids=lambda v: f"{v['kind']}-{v['value']}")
def test_vectors(vector):
    value = parsed(vector["kind"], vector["value"])
    assert independent(value).hex() == vector["bytes"]
    kind = pa.uint64() if vector["bytes"].startswith("ff75") else None
    assert (
        encoded([value], kind if isinstance(value, int) else None)[0].hex()
        == (vector["bytes"])
    )


@given(
    st.one_of(
        st.lists(st.text()),
        st.lists(st.binary()),
        st.lists(st.booleans()),
        st.lists(st.integers(-(2**63), 2**63 - 1)),
        st.lists(st.floats(allow_nan=False)),
        st.lists(st.dates()),
        st.lists(st.datetimes()),
        st.lists(st.times()),
        st.lists(st.timedeltas(dt.timedelta(-(10**6)), dt.timedelta(10**6))),
    )
)
def test_any_values_equal_the_independent_encoder(values):
    assert encoded(values) == [independent(value) for value in values]


@pytest.mark.parametrize(
    "kind",
    [
        pa.int8(),
        pa.uint16(),
        pa.int32(),
        pa.int64(),
        pa.uint64(),
        pa.float32(),
        pa.float64(),
        pa.decimal128(21, 2),
    ],
    ids=str,
)
def test_a_whole_number_has_one_encoding_whatever_its_type(kind):
    column = pa.array([123, None]).cast(kind)
    assert encode_canonical(column).to_pylist() == [b"\xffi" + bytes(7) + b"{", None]


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_a_date_and_its_midnight_have_one_encoding(unit):
    midnight = pa.array([dt.datetime(1990, 5, 3)], pa.timestamp(unit))
    date = encoded([dt.date(1990, 5, 3)])
    assert encode_canonical(midnight).to_pylist() == date
    assert encoded([dt.date(1990, 5, 3)], pa.date64()) == date


def test_an_instant_has_one_encoding_in_every_time_zone():
    instant = dt.datetime(2024, 7, 1, 12, tzinfo=dt.UTC)
    zones = [pa.timestamp("us", zone) for zone in ("UTC", "Europe/Zurich")]
    here, there = (encoded([instant], zone) for zone in zones)
    assert here == there
    assert here != encoded([instant.replace(tzinfo=None)])


def test_values_of_different_kinds_never_meet():
    kinds = [
        ["1"],
        [b"1"],
        [1],
        [True],
        [dt.date(1970, 1, 2)],
        [dt.time(0, 0, 1)],
        [dt.timedelta(seconds=1)],
        [1.5],
        ["1.0"],
    ]
    codes = [encoded(values)[0] for values in kinds]
    assert len(set(codes)) == len(codes)


def test_composed_and_decomposed_text_is_one_text():
    assert encoded(["Zu\u0308rich"]) == encoded(["Z\u00fcrich"])


def test_text_without_unsure_bytes_is_its_own_normal_form():
    """Every character that is safe alone is safe among others that are."""
    letters = [chr(i) for i in range(0x110000) if not 0xD800 <= i < 0xE000]
    safe = [c for c in letters if c.encode()[0] not in UNSURE_BYTES]
    assert not any(unicodedata.combining(c) for c in safe)
    assert all(unicodedata.is_normalized("NFC", c) for c in safe)
    seconds = {unicodedata.normalize("NFD", c)[1:] for c in letters}
    assert not set("".join(seconds)) & set(safe) - set(map(chr, range(0x80)))


def test_normal_forms_of_a_column_with_missing_values_and_a_slice():
    values = [
        "skip",
        "Zu\u0308rich",
        None,
        "\u0142\u00f3d\u017a",
        "",
        "\u1100\u1161",
        "a",
    ]
    column = pa.array(values, pa.string()).slice(1)
    expected = [None if v is None else independent(v) for v in values[1:]]
    assert encode_canonical(column).to_pylist() == expected


def test_missing_stays_missing():
    assert encoded([None, "a"])[0] is None
    assert encoded([math.nan, 1.5])[0] is None
    assert encoded([None, None]) == [None, None]


def test_slices_are_read_where_they_stand():
    column = pa.array(["skip", "é", None, "b"]).slice(1)
    assert encode_canonical(column).to_pylist() == ["é".encode(), None, b"b"]
    numbers = pa.array([9, 1, None, 2]).slice(1)
    assert encode_canonical(numbers).to_pylist() == encoded([1, None, 2])


@pytest.mark.parametrize(
    "column",
    [
        pa.array([[1, 2]]),
        pa.array([{"a": 1}]),
        pa.array([Decimal("1.50")]),
    ],
    ids=["list", "struct", "decimal"],
)
def test_types_without_canonical_bytes_are_refused(column):
    with pytest.raises(ColumnTypeError, match="Column 'born'"):
        encode_canonical(column, name="born")


def test_float32_counts_as_the_float64_that_it_equals():
    value = np.float32(0.1)
    assert encoded([value], pa.float32()) == [independent(float(value))]
