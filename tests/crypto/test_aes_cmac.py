import json

import numpy as np
import pyarrow as pa
import pytest
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.cmac import CMAC

from skanon._crypto import aes_cmac, encrypt_blocks
from skanon._crypto._aes_cmac import CHUNK, LONG, _encrypt
from skanon.exceptions import ColumnTypeError, KeyValueError

KEY = bytes(range(16))

#: RFC 4493, section 4: the examples of AES-128-CMAC.
RFC_KEY = bytes.fromhex("2b7e151628aed2a6abf7158809cf4f3c")
RFC_MESSAGE = bytes.fromhex(
    "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"
    "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710"
)
RFC_MACS = {
    0: "bb1d6929e95937287fa37d129b756746",
    16: "070a16b46b4d4144f79bdd9dd04a287c",
    40: "dfa66747de9ae63030ca32611497c827",
    64: "51f0bebf7e3b9d92fc49741779363cfe",
}


def library_cmac(value, key=KEY):
    mac = CMAC(AES(key))
    mac.update(value)
    return mac.finalize()


@pytest.mark.parametrize("length", RFC_MACS)
def test_rfc_4493_examples(length):
    column = pa.array([RFC_MESSAGE[:length]], pa.binary())
    assert aes_cmac(column, RFC_KEY)[0].tobytes().hex() == RFC_MACS[length]


@pytest.mark.parametrize(
    "name",
    ["rfc4493_sp800_38b_aes128_cmac", "sp800_38b_aes192_cmac", "sp800_38b_aes256_cmac"],
)
def test_published_vectors_of_all_key_sizes(shared, name):
    vectors = json.loads((shared / "vectors" / "rfc" / f"{name}.json").read_text())
    for vector in vectors["vectors"]:
        column = pa.array([bytes.fromhex(vector["message"])], pa.binary())
        mac = aes_cmac(column, bytes.fromhex(vector["key"]))
        assert mac[0].tobytes().hex() == vector["output"]


@pytest.mark.parametrize("n_key_bytes", [16, 24, 32])
def test_a_column_of_mixed_lengths_equals_the_library_value_by_value(rng, n_key_bytes):
    key = bytes(range(n_key_bytes))
    values = [rng.bytes(int(length)) for length in rng.integers(0, 90, 300)]
    macs = aes_cmac(pa.array(values, pa.binary()), key)
    assert [row.tobytes() for row in macs] == [library_cmac(v, key) for v in values]


def test_long_values_equal_the_library_too(rng):
    lengths = [0, LONG - 1, LONG, LONG + 1, 3, 5 * LONG, 16]
    values = [None, *(rng.bytes(length) for length in lengths)]
    macs = aes_cmac(pa.array([b"skip", *values]).slice(1), KEY)
    assert [m.tobytes() for m in macs[1:]] == [library_cmac(v) for v in values[1:]]


def test_what_stands_at_a_long_missing_value_does_not_matter():
    buffers = pa.array([bytes(2 * LONG), b"a"]).buffers()
    validity = pa.py_buffer(bytes([0b10]))
    column = pa.Array.from_buffers(pa.binary(), 2, [validity, *buffers[1:]])
    macs = aes_cmac(column, KEY)
    assert not macs[0].any()
    assert macs[1].tobytes() == library_cmac(b"a")


def test_a_long_value_does_not_make_the_other_rows_wait(monkeypatch):
    """As many calls as a short column takes, not one for each block."""
    calls = []
    monkeypatch.setattr(
        "skanon._crypto._aes_cmac._encrypt",
        lambda encryptor, blocks: calls.append(1) or _encrypt(encryptor, blocks),
    )
    aes_cmac(pa.array([bytes(1_000_000), b"a", b"b"]), KEY)
    assert len(calls) < 5


@pytest.mark.parametrize("n", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1])
def test_every_row_gets_its_own_mac_whatever_the_number_of_rows(n):
    values = [str(i).encode() for i in range(n)]
    macs = aes_cmac(pa.array(values, pa.binary()), KEY)
    assert macs.shape == (n, 16)
    assert [m.tobytes() for m in macs[-2:]] == [library_cmac(v) for v in values[-2:]]


@pytest.mark.parametrize(
    "kind", [pa.string(), pa.large_string(), pa.binary(), pa.large_binary()]
)
def test_every_arrow_text_and_binary_type_gives_the_same_macs(kind):
    text = kind in (pa.string(), pa.large_string())
    values = ["", "Zürich", "x" * 33] if text else [b"", "Zürich".encode(), b"x" * 33]
    macs = aes_cmac(pa.array(values, kind), KEY)
    expected = [library_cmac(v.encode() if text else v) for v in values]
    assert [m.tobytes() for m in macs] == expected


def test_slices_and_chunks_are_read_where_they_stand():
    values = [b"a", b"bb" * 20, None, b"", b"ccc"]
    whole = aes_cmac(pa.array(values), KEY)
    sliced = aes_cmac(pa.array([b"skip", *values]).slice(1), KEY)
    chunked = aes_cmac(pa.chunked_array([values[:2], values[2:]], pa.binary()), KEY)
    assert np.array_equal(whole, sliced)
    assert np.array_equal(whole, chunked)


def test_missing_values_get_a_row_of_zeros():
    macs = aes_cmac(pa.array([None, b"a"]), KEY)
    assert not macs[0].any()
    assert macs[1].any()


def test_fixed_size_binary_counts_as_its_bytes():
    macs = aes_cmac(pa.array([b"ab"], pa.binary(2)), KEY)
    assert macs[0].tobytes() == library_cmac(b"ab")


def test_other_types_are_refused():
    with pytest.raises(ColumnTypeError, match="not on Arrow type int64"):
        aes_cmac(pa.array([1]), KEY)


def test_a_key_of_another_length_is_refused():
    with pytest.raises(KeyValueError, match="this one has 15"):
        aes_cmac(pa.array([b"a"]), bytes(15))


def test_fips_197_example():
    """FIPS 197, appendix C.1."""
    block = np.frombuffer(bytes.fromhex("00112233445566778899aabbccddeeff"), np.uint8)
    cipher = encrypt_blocks(block[None, :], bytes(range(16)))
    assert cipher.tobytes().hex() == "69c4e0d86a7b0430d8cdb78070b4c55a"
