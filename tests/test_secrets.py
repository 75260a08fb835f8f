"""A key is a reference: fetched when used, shown masked, never pickled as bytes."""

import base64
import copy
import functools
import hmac
import json
import os
import pickle
import stat
from hashlib import sha256

import cloudpickle
import numpy as np
import pytest
from sklearn.base import clone

from skanon import HashPseudonymizer, SecretKey
from skanon._secrets import KeyParameter, derive_key, draw_key
from skanon.exceptions import (
    KeyMismatchError,
    KeyNotFoundError,
    KeyPicklingError,
    KeyTypeError,
    KeyValueError,
    PrivacyWarning,
)

KEY = bytes(range(100, 132))
OTHER_KEY = bytes(range(50, 82))
BASE64, HEX = base64.b64encode(KEY).decode(), KEY.hex()
NAME = "SKANON_TEST_KEY"

#: What the provider below returns; a test changes it.
VAULT = {"key": KEY}


def fetch():
    return VAULT["key"]


class Vault:
    def __init__(self, key):
        self.key = key

    def fetch(self):
        return self.key

    __call__ = fetch

    @classmethod
    def fetch_for_all(cls):
        return KEY


@pytest.fixture
def key_file(tmp_path):
    path = tmp_path / "key"
    path.write_text(f"base64:{BASE64}\n")
    path.chmod(0o600)
    return path


def expected_fingerprint(key):
    """The fingerprint as documented, by the standard library."""
    return independent_hkdf(key, b"", b"skanon/v1/fingerprint\0", 8).hex()


@pytest.mark.parametrize(
    ("text", "key"),
    [
        (f"base64:{BASE64}", KEY),
        (f"  base64:{BASE64}\n", KEY),
        (f"hex:{HEX}", KEY),
        (f"hex:{HEX.upper()}", KEY),
        ("correct horse battery", b"correct horse battery"),
        ("pässwörter sind lang", "pässwörter sind lang".encode()),
        ("with:a colon but no prefix", b"with:a colon but no prefix"),
    ],
)
def test_text_of_variables_files_and_providers_is_decoded(
    text, key, monkeypatch, key_file
):
    monkeypatch.setenv(NAME, text)
    key_file.write_text(text, encoding="utf-8")
    monkeypatch.setitem(VAULT, "key", text)
    assert SecretKey.from_env(NAME).resolve() == key
    assert SecretKey.from_file(key_file).resolve() == key
    assert SecretKey.from_file(str(key_file)).resolve() == key
    assert SecretKey.from_provider(fetch).resolve() == key


def test_bytes_are_the_key_itself():
    assert SecretKey(KEY).resolve() == KEY
    assert SecretKey(bytearray(KEY)).resolve() == KEY
    assert SecretKey.from_provider(fetch).resolve() == KEY


def test_text_written_down_is_read_again(monkeypatch):
    key = SecretKey.generate()
    monkeypatch.setenv(NAME, key.to_text())
    assert SecretKey.from_env(NAME).resolve() == key.resolve()


def test_generated_keys_are_long_and_differ():
    assert len(SecretKey.generate().resolve()) == 32
    assert len(SecretKey.generate(16).resolve()) == 16
    assert SecretKey.generate().resolve() != SecretKey.generate().resolve()
    with pytest.raises(KeyValueError, match="8 bytes; at least 16"):
        SecretKey.generate(8)


def test_a_reference_is_resolved_only_when_used(monkeypatch):
    monkeypatch.delenv(NAME, raising=False)
    key = SecretKey.from_env(NAME)
    assert repr(key) == f"SecretKey.from_env('{NAME}')"
    pseudonymizer = HashPseudonymizer(key=key)
    with pytest.raises(KeyNotFoundError, match=f"'{NAME}' is not set"):
        pseudonymizer.fit([["a"]])
    monkeypatch.setenv(NAME, "a" * 16)
    assert key.resolve() == b"a" * 16
    monkeypatch.setenv(NAME, "b" * 16)
    assert key.resolve() == b"b" * 16


def test_repr_shows_source_and_fingerprint_alone(monkeypatch, key_file):
    monkeypatch.setenv(NAME, f"hex:{HEX}")
    shown = expected_fingerprint(KEY)
    for key, source in [
        (SecretKey(KEY), "memory"),
        (SecretKey.from_env(NAME), f"env:{NAME}"),
        (SecretKey.from_file(key_file), f"file:{key_file}"),
        (SecretKey.from_provider(fetch), f"provider:{fetch.__module__}.fetch"),
    ]:
        assert key.source == source
        assert key.fingerprint == shown
        assert f"fingerprint='{shown}'" in repr(key)
        assert source.rpartition(":")[2] in repr(key) or source == "memory"
        assert repr(key) == str(key)


def test_the_documented_fingerprint():
    assert SecretKey(KEY).fingerprint == expected_fingerprint(KEY)
    assert SecretKey(KEY).fingerprint != SecretKey(OTHER_KEY).fingerprint


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (KEY, KEY + b"\0"),
        (bytes(16), bytes(32)),
        (b"k" * 65, sha256(b"k" * 65).digest()),
    ],
    ids=["a zero more", "zeros", "its hash"],
)
def test_keys_that_hmac_does_not_tell_apart_have_other_fingerprints(
    first, second, monkeypatch
):
    """HMAC fills a short key with zeros and hashes a long one; the tokens differ."""
    assert SecretKey(first).fingerprint != SecretKey(second).fingerprint
    monkeypatch.setenv(NAME, f"hex:{first.hex()}")
    fitted = HashPseudonymizer(key=SecretKey.from_env(NAME)).fit([["a"]])
    monkeypatch.setenv(NAME, f"hex:{second.hex()}")
    with pytest.raises(KeyMismatchError, match="fit again"):
        fitted.transform([["a"]])


@pytest.mark.parametrize("given", [HEX, KEY, bytearray(KEY), memoryview(KEY)], ids=type)
def test_a_key_in_the_clear_is_refused_and_forgotten(given):
    pseudonymizer = HashPseudonymizer(key=given)
    with pytest.raises(KeyTypeError, match=r"must be a SecretKey or None.*from_env"):
        pseudonymizer.fit([["a"]])
    for shown in (
        repr(pseudonymizer),
        str(vars(pseudonymizer)),
        str(pseudonymizer.key),
    ):
        assert HEX not in shown
        assert repr(KEY)[2:-1] not in shown
    assert type(given).__name__ in repr(pseudonymizer.key)
    assert KEY not in pickle.dumps(pseudonymizer)
    assert HEX.encode() not in pickle.dumps(pseudonymizer.set_params(key=given))


@pytest.mark.parametrize("given", [1, ["a"], object, 1.5], ids=repr)
def test_a_key_of_another_type_is_refused(given):
    with pytest.raises(KeyTypeError, match=f"not {type(given).__name__}"):
        HashPseudonymizer(key=given).fit([["a"]])


def test_key_parameters_are_found_on_the_class():
    assert isinstance(HashPseudonymizer.key, KeyParameter)


def test_an_estimator_without_a_key_yet_lacks_the_attribute():
    assert not hasattr(HashPseudonymizer.__new__(HashPseudonymizer), "key")


@pytest.mark.parametrize("length", [0, 1, 15])
def test_a_key_too_short_is_refused_wherever_it_comes_from(
    length, monkeypatch, key_file
):
    monkeypatch.setenv(NAME, "hex:" + "ab" * length)
    monkeypatch.setitem(VAULT, "key", b"a" * length)
    key_file.write_text("a" * length)
    message = f"has {length} bytes; at least 16 are needed"
    for key in (
        SecretKey.from_env(NAME),
        SecretKey.from_file(key_file),
        SecretKey.from_provider(fetch),
    ):
        with pytest.raises(KeyValueError, match=message):
            key.resolve()
    with pytest.raises(KeyValueError, match=message):
        SecretKey(b"a" * length)


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("base64:not base64 at all!", "base64"),
        ("base64:abc", "base64"),
        ("base64:äöü", "base64"),
        ("hex:xyz", "hex"),
        ("hex:abc", "hex"),
    ],
)
def test_malformed_text_is_refused_without_showing_it(text, form, monkeypatch):
    monkeypatch.setenv(NAME, text)
    with pytest.raises(KeyValueError, match=f"env:{NAME} .*not valid {form}") as caught:
        SecretKey.from_env(NAME).resolve()
    assert text.partition(":")[2] not in str(caught.value)


def test_a_key_file_that_cannot_be_read_is_named(tmp_path):
    path = tmp_path / "absent"
    with pytest.raises(KeyNotFoundError, match="absent' cannot be read: No such file"):
        SecretKey.from_file(path).resolve()
    with pytest.raises(KeyNotFoundError, match="cannot be read: Is a directory"):
        SecretKey.from_file(tmp_path).resolve()


def test_the_home_folder_can_be_written_as_a_tilde(key_file, monkeypatch):
    monkeypatch.setenv("HOME", str(key_file.parent))
    monkeypatch.setenv("USERPROFILE", str(key_file.parent))
    key = SecretKey.from_file(f"~/{key_file.name}")
    assert key.resolve() == SecretKey.from_file(key_file).resolve()
    assert key.source == f"file:~/{key_file.name}"  # on another machine too


def test_a_key_file_that_is_not_text_is_refused(key_file):
    key_file.write_bytes(b"\xff\xfe" * 16)
    with pytest.raises(KeyValueError, match=r"from file:.* is not valid UTF-8 text"):
        SecretKey.from_file(key_file).resolve()


def test_a_byte_order_mark_is_no_part_of_the_key(key_file):
    key_file.write_text(f"hex:{HEX}", encoding="utf-8-sig")
    assert SecretKey.from_file(key_file).resolve() == KEY


def test_a_variable_that_is_not_text_is_refused(monkeypatch):
    monkeypatch.setitem(os.environ, NAME, "\udcff\udcfe" * 16)
    with pytest.raises(KeyValueError, match=f"from env:{NAME} is not valid UTF-8 text"):
        SecretKey.from_env(NAME).resolve()


@pytest.mark.skipif(os.name != "posix", reason="only POSIX files have a mode")
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644])
def test_a_key_file_that_others_can_read_is_warned_of(mode, key_file):
    key_file.chmod(mode)
    with pytest.warns(PrivacyWarning, match=rf"can be read by .*\(mode {mode:04o}\)"):
        assert SecretKey.from_file(key_file).resolve() == KEY
    key_file.chmod(stat.S_IRUSR)
    assert SecretKey.from_file(key_file).resolve() == KEY


@pytest.mark.parametrize("given", [3, None, object()], ids=type)
def test_a_provider_must_return_bytes_or_text(given, monkeypatch):
    monkeypatch.setitem(VAULT, "key", given)
    with pytest.raises(KeyTypeError, match=f"fetch returned {type(given).__name__}"):
        SecretKey.from_provider(fetch).resolve()


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: SecretKey("text of a key that is long"), "takes bytes, not str"),
        (lambda: SecretKey(None), "takes bytes, not NoneType"),
        (lambda: SecretKey.from_env("base64:AAAA"), "NAME of an environment variable"),
        (lambda: SecretKey.from_env(b"NAME"), "NAME of an environment variable"),
        (lambda: SecretKey.from_env(""), "NAME of an environment variable"),
        (lambda: SecretKey.from_file(f"hex:{HEX}"), "PATH of a file"),
        (lambda: SecretKey.from_file(f"base64:{BASE64}"), "PATH of a file"),
        (lambda: SecretKey.from_file(3), "PATH of a file"),
        (lambda: SecretKey.from_provider(KEY), "takes a callable"),
    ],
)
def test_a_key_where_its_place_is_asked_for_is_refused(make, message):
    with pytest.raises(KeyTypeError, match=message) as caught:
        make()
    assert HEX not in str(caught.value)
    assert BASE64 not in str(caught.value)


def test_keys_are_equal_if_their_references_are():
    assert SecretKey.from_env("A") == SecretKey.from_env("A")
    assert SecretKey.from_env("A") != SecretKey.from_env("B")
    assert SecretKey.from_env("A") != SecretKey.from_file("A")
    assert SecretKey(KEY) == SecretKey(KEY)
    assert SecretKey(KEY) != SecretKey(OTHER_KEY)
    assert SecretKey(KEY) != KEY
    assert len({SecretKey.from_env("A"), SecretKey.from_env("A"), SecretKey(KEY)}) == 2


def test_copies_and_clones_share_the_reference():
    key = SecretKey(KEY)
    assert copy.copy(key) is key
    assert copy.deepcopy(key) is key
    assert clone(HashPseudonymizer(key=key)).key is key


@pytest.mark.parametrize("dumps", [pickle.dumps, cloudpickle.dumps])
def test_a_key_in_memory_is_not_pickled(dumps):
    with pytest.raises(KeyPicklingError, match="from_env"):
        dumps(SecretKey(KEY))
    with pytest.raises(KeyPicklingError, match="from_env"):
        dumps(HashPseudonymizer(key=SecretKey(KEY)))


@pytest.mark.parametrize(
    "provider",
    [
        lambda: KEY,
        functools.partial(bytes, KEY),
        Vault(KEY),
        Vault(KEY).fetch,
    ],
    ids=["lambda", "partial", "object", "method"],
)
@pytest.mark.parametrize("dumps", [pickle.dumps, cloudpickle.dumps])
def test_a_provider_that_would_carry_a_key_is_not_pickled(provider, dumps):
    """Pickled by value, as cloudpickle does, it would take the key along."""
    key = SecretKey.from_provider(provider)
    assert key.resolve() == KEY
    with pytest.raises(KeyPicklingError, match="function of an importable module"):
        dumps(key)


def test_a_provider_of_the_main_module_is_not_pickled(monkeypatch):
    """Notebooks and scripts: cloudpickle would write such a function down whole."""
    monkeypatch.setattr(fetch, "__module__", "__main__")
    monkeypatch.setattr("__main__.fetch", fetch, raising=False)
    with pytest.raises(KeyPicklingError, match="function of an importable module"):
        cloudpickle.dumps(SecretKey.from_provider(fetch))


@pytest.mark.parametrize("provider", [os.getcwd, Vault.fetch_for_all], ids=repr)
def test_a_provider_of_a_module_is_pickled_by_name(provider):
    loaded = pickle.loads(pickle.dumps(SecretKey.from_provider(provider)))
    assert loaded == SecretKey.from_provider(provider)


def test_an_unpickled_reference_refuses_another_key(monkeypatch):
    monkeypatch.setenv(NAME, f"hex:{HEX}")
    key = SecretKey.from_env(NAME)
    fingerprint = key.fingerprint
    loaded = pickle.loads(pickle.dumps(key))
    assert loaded == key
    assert loaded.resolve() == KEY
    monkeypatch.setenv(NAME, f"hex:{OTHER_KEY.hex()}")
    with pytest.raises(KeyMismatchError) as caught:
        loaded.resolve()
    assert fingerprint in str(caught.value)
    assert expected_fingerprint(OTHER_KEY) in str(caught.value)
    assert f"env:{NAME}" in str(caught.value)


def test_a_fitted_estimator_refuses_another_key(monkeypatch):
    monkeypatch.setenv(NAME, f"hex:{HEX}")
    pseudonymizer = HashPseudonymizer(key=SecretKey.from_env(NAME)).fit([["a"]])
    assert pseudonymizer.key_fingerprint_ == expected_fingerprint(KEY)
    tokens = pseudonymizer.transform([["a"]])
    for fitted in (pseudonymizer, pickle.loads(pickle.dumps(pseudonymizer))):
        assert np.array_equal(fitted.transform([["a"]]), tokens)
        with monkeypatch.context() as context:
            context.setenv(NAME, f"hex:{OTHER_KEY.hex()}")
            match = f"{expected_fingerprint(OTHER_KEY)}.*{expected_fingerprint(KEY)}"
            with pytest.raises(KeyMismatchError, match=match):
                fitted.transform([["a"]])
    assert pseudonymizer.fit([["a"]]).key_fingerprint_ == expected_fingerprint(KEY)


def test_an_estimator_given_no_key_refuses_one_given_later():
    pseudonymizer = HashPseudonymizer().fit([["a"]])
    pseudonymizer.set_params(key=SecretKey(KEY))
    with pytest.raises(KeyMismatchError, match="fit again"):
        pseudonymizer.transform([["a"]])
    with pytest.raises(KeyMismatchError, match="fingerprint none"):
        HashPseudonymizer(key=SecretKey(KEY)).fit([["a"]]).set_params(
            key=None
        ).transform([["a"]])


def independent_hkdf(key, salt, info, length):
    """RFC 5869, in the standard library."""
    prk = hmac.new(salt or bytes(32), key, sha256).digest()
    block, out = b"", b""
    for i in range(1, -(-length // 32) + 1):
        block = hmac.new(prk, block + info + bytes([i]), sha256).digest()
        out += block
    return out[:length]


def test_rfc_5869_vectors(shared):
    path = shared / "vectors" / "rfc" / "rfc5869_hkdf_sha256.json"
    for vector in json.loads(path.read_text())["vectors"]:
        key, salt, info = (bytes.fromhex(vector[n]) for n in ("ikm", "salt", "info"))
        okm = independent_hkdf(key, salt, info, int(vector["l"]))
        assert okm.hex() == vector["okm"]


@pytest.mark.parametrize("n_bytes", [16, 32, 64])
@pytest.mark.parametrize("domain", ["", "name", "Zürich\0"])
def test_sub_keys_are_hkdf_of_purpose_and_domain(domain, n_bytes):
    info = b"skanon/v1/hash/aes-cmac\0" + domain.encode()
    found = derive_key(KEY, purpose="hash/aes-cmac", domain=domain, n_bytes=n_bytes)
    assert found == independent_hkdf(KEY, b"", info, n_bytes)


def test_sub_keys_of_other_purposes_domains_and_keys_differ():
    found = {
        derive_key(key, purpose=purpose, domain=domain, n_bytes=16)
        for key in (KEY, OTHER_KEY)
        for purpose in ("hash/aes-cmac", "hash/blake2b", "mask")
        for domain in ("a", "b", "")
    }
    assert len(found) == 18


def test_drawn_keys_repeat_with_a_seed_alone():
    assert draw_key(None) != draw_key(None)
    assert draw_key(3) == draw_key(3) != draw_key(4)
    assert draw_key(np.random.RandomState(3)) == draw_key(3)
    assert len(draw_key(None)) == len(draw_key(0)) == 32
