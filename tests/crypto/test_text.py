import base64
import uuid

import numpy as np
import pytest

from skanon._crypto import base32_text, fixed_width_text, hex_text, uuid_text


def rows_of(rng, n_bytes):
    return rng.integers(0, 256, (50, n_bytes), dtype=np.uint8)


@pytest.mark.parametrize("n_bytes", [8, 9, 16, 32, 63])
def test_hex_and_base32_equal_the_standard_library(rng, n_bytes):
    rows = rows_of(rng, n_bytes)
    assert [r.tobytes().decode() for r in hex_text(rows)] == [
        r.tobytes().hex() for r in rows
    ]
    assert [r.tobytes() for r in base32_text(rows)] == [
        base64.b32encode(r.tobytes()).rstrip(b"=") for r in rows
    ]


def test_uuids_are_valid_and_of_version_8(rng):
    rows = rows_of(rng, 16)
    for row, text in zip(rows, uuid_text(rows), strict=True):
        parsed = uuid.UUID(text.tobytes().decode())
        assert parsed.version == 8
        assert parsed.variant == uuid.RFC_4122
        assert parsed.bytes[:6] == row.tobytes()[:6]


def test_text_columns_hold_each_row_and_the_missing():
    rows = np.frombuffer(b"abcdef", np.uint8).reshape(3, 2)
    column = fixed_width_text(rows, np.array([False, True, False]))
    column.validate(full=True)
    assert column.to_pylist() == ["ab", None, "ef"]


def test_no_rows_make_an_empty_column():
    column = fixed_width_text(np.empty((0, 4), np.uint8), None)
    column.validate(full=True)
    assert column.to_pylist() == []
