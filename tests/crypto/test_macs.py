import gzip
import hashlib
import hmac
import json

import pyarrow as pa
import pytest

from skanon._crypto import column_mac


def macs_of(values, key, algorithm, n_bytes):
    macs = column_mac(pa.array(values, pa.large_binary()), key, algorithm, n_bytes)
    return [row.tobytes() for row in macs]


def test_rfc_4231_vectors(shared):
    path = shared / "vectors" / "rfc" / "rfc4231_hmac_sha256.json"
    for vector in json.loads(path.read_text())["vectors"]:
        key, message = bytes.fromhex(vector["key"]), bytes.fromhex(vector["msg"])
        assert macs_of([message], key, "hmac-sha256", 32)[0].hex() == vector["md"]


def test_rfc_4231_case_2():
    mac = macs_of([b"what do ya want for nothing?"], b"Jefe", "hmac-sha256", 32)[0]
    assert mac.hex() == (
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    )


def test_keyed_blake2b_vectors(shared):
    with gzip.open(shared / "vectors" / "blake2_kat.json.gz") as file:
        vectors = [v for v in json.load(file) if v["hash"] == "blake2b" and v["key"]]
    assert len(vectors) == 256
    for vector in vectors:
        key, message = bytes.fromhex(vector["key"]), bytes.fromhex(vector["in"])
        assert macs_of([message], key, "blake2b", 64)[0].hex() == vector["out"]


def test_hmac_equals_the_standard_library():
    values = [b"", b"a", b"x" * 200]
    expected = [hmac.digest(b"k" * 32, value, "sha256")[:10] for value in values]
    assert macs_of(values, b"k" * 32, "hmac-sha256", 10) == expected


def test_blake2b_length_is_a_parameter_of_the_hash():
    expected = hashlib.blake2b(b"a", key=b"k" * 32, digest_size=12).digest()
    assert macs_of([b"a"], b"k" * 32, "blake2b", 12) == [expected]


@pytest.mark.parametrize("algorithm", ["aes-cmac", "hmac-sha256", "blake2b"])
def test_a_missing_value_does_not_shift_the_others(algorithm):
    with_missing = macs_of([b"a", None, b"b"], bytes(16), algorithm, 16)
    assert with_missing[::2] == macs_of([b"a", b"b"], bytes(16), algorithm, 16)
