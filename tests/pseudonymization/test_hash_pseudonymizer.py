"""Tokens: what they are to the byte, where they agree, and where they are refused."""

import base64
import datetime as dt
import hashlib
import hmac
import struct
import unicodedata
import uuid

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.cmac import CMAC
from public_estimators import values_of

from skanon import HashPseudonymizer, SecretKey
from skanon.exceptions import ColumnError, ColumnTypeError, PrivacyWarning

KEY = bytes(range(32))
ALGORITHMS = ["aes-cmac", "hmac-sha256", "blake2b"]
OUTPUTS = ["hex", "base32", "uuid", "int64", "bytes"]

TEXTS = ["Ada", None, "", "Zu\u0308rich", "x" * 100, "Ada", "東京"]


def pseudonymizer(**parameters):
    return HashPseudonymizer(key=SecretKey(KEY), **parameters)


def tokens(values, **parameters):
    """Return the tokens of one column called "id"."""
    X = pd.DataFrame({"id": values})
    return values_of(pseudonymizer(**parameters).fit_transform(X))[0]


def independent(value, *, algorithm="aes-cmac", output="hex", length=128, domain="id"):
    """The token of the docstrings, value by value, in plain Python."""
    if isinstance(value, str):
        encoded = unicodedata.normalize("NFC", value).encode()
    elif isinstance(value, int):
        encoded = b"\xffi" + struct.pack(">q", value)
    else:
        encoded = b"\xfff" + struct.pack(">d", value)
    info = f"skanon/v1/hash/{algorithm}\0{domain}".encode()
    extracted = hmac.digest(bytes(32), KEY, "sha256")
    sub_key = hmac.digest(extracted, info + b"\x01", "sha256")
    n_bytes = 8 if output == "int64" else length // 8
    if algorithm == "aes-cmac":
        cmac = CMAC(AES(sub_key[:16]))
        cmac.update(encoded)
        mac = cmac.finalize()[:n_bytes]
    elif algorithm == "hmac-sha256":
        mac = hmac.digest(sub_key, encoded, "sha256")[:n_bytes]
    else:
        mac = hashlib.blake2b(encoded, key=sub_key, digest_size=n_bytes).digest()
    return written(mac, output)


def written(mac, output):
    if output == "hex":
        return mac.hex()
    if output == "base32":
        return base64.b32encode(mac).decode().rstrip("=")
    if output == "int64":
        return int.from_bytes(mac, "big", signed=True)
    if output == "uuid":
        number = int.from_bytes(mac, "big")
        number = number & ~(0xF << 76) | 8 << 76
        return str(uuid.UUID(int=number & ~(0b11 << 62) | 0b10 << 62))
    return mac


@pytest.mark.parametrize("output", OUTPUTS)
@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_tokens_of_text_equal_an_independent_implementation(frame, algorithm, output):
    X = frame({"id": TEXTS})
    made = pseudonymizer(algorithm=algorithm, output=output).fit(X)
    expected = [
        None if v is None else independent(v, algorithm=algorithm, output=output)
        for v in TEXTS
    ]
    assert frame.values(made.transform(X), "id") == expected


@pytest.mark.parametrize("output", OUTPUTS)
@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_tokens_of_an_array_equal_those_of_a_table(algorithm, output):
    X = np.array(TEXTS, dtype=object)[:, None]
    made = pseudonymizer(algorithm=algorithm, output=output, domain="id")
    out = values_of(made.fit_transform(X))[0]
    expected = tokens(TEXTS, algorithm=algorithm, output=output)
    assert [None if v is None else v for v in out] == expected


@pytest.mark.parametrize("algorithm", ALGORITHMS)
@pytest.mark.parametrize("length", [64, 72, 128])
def test_length_is_in_bits(algorithm, length):
    for output in ("hex", "base32", "bytes"):
        made = tokens(["a"], algorithm=algorithm, output=output, length=length)
        expected = independent("a", algorithm=algorithm, output=output, length=length)
        assert made == [expected]


@pytest.mark.parametrize(
    ("algorithm", "longest"),
    [("aes-cmac", 128), ("hmac-sha256", 256), ("blake2b", 512)],
)
def test_length_has_bounds(algorithm, longest):
    (longest_token,) = tokens(["a"], algorithm=algorithm, length=longest)
    assert longest_token == independent("a", algorithm=algorithm, length=longest)
    for length in (0, 56, 65, longest + 8, 128.0, "128", None, True):
        message = f"multiple of 8 from 64 to {longest} bits for algorithm '{algorithm}'"
        with pytest.raises(ValueError, match=message):
            tokens(["a"], algorithm=algorithm, length=length)


def test_auto_gives_numbers_for_numbers_and_text_for_all_else():
    assert tokens([1, 2]) == [independent(v, output="int64") for v in (1, 2)]
    assert tokens([1.5]) == [independent(1.5, output="int64")]
    assert isinstance(tokens([True])[0], int)
    for value in (
        "a",
        b"a",
        dt.date(1990, 5, 3),
        pd.Timestamp(0),
        pd.Timedelta(1, "s"),
    ):
        (token,) = tokens([value])
        assert len(token) == 32


@pytest.mark.parametrize(
    "column",
    [
        pd.Series([123, 456], dtype="int64"),
        pd.Series([123, 456], dtype="uint16"),
        pd.Series([123, 456, None], dtype="Int64"),
        pd.Series([123, 456, np.nan], dtype="float64"),
        pd.Series([123, 456, None], dtype="Float32"),
        pd.Series([123, 456, None], dtype=object),
        pd.Series([123, 456, None], dtype=pd.ArrowDtype(pa.int32())),
        pd.Series([123, 456, None], dtype=pd.ArrowDtype(pa.decimal128(8, 2))),
        pd.Series([123, 456, None]).astype("category"),
        pd.Series([123, 456]).astype("category"),
    ],
    ids=lambda s: str(s.dtype),
)
def test_a_number_has_one_token_whatever_its_pandas_dtype(column):
    expected = [independent(v, output="int64") for v in (123, 456)]
    made = tokens(column)
    assert made[:2] == expected
    assert made[2:] == [None] * (len(column) - 2)


@pytest.mark.parametrize("kind", ["Int8", "UInt64", "Float64"])
def test_a_number_has_one_token_in_polars(kind):
    pl = pytest.importorskip("polars", reason="polars is not installed")
    X = pl.DataFrame({"id": pl.Series([123, None], dtype=getattr(pl, kind))})
    made = pseudonymizer().fit_transform(X)["id"].to_list()
    assert made == [independent(123, output="int64"), None]


@pytest.mark.parametrize("dtype", [np.int64, np.uint8, np.float32, np.float64, object])
def test_a_number_has_one_token_in_numpy(dtype):
    made = pseudonymizer(domain="id").fit_transform(np.array([[123]], dtype=dtype))
    assert made.tolist() == [[independent(123, output="int64")]]


def test_a_number_has_one_token_in_pyarrow():
    for kind in (pa.int16(), pa.uint64(), pa.float64(), pa.decimal128(22, 3)):
        X = pa.table({"id": pa.array([123, None]).cast(kind)})
        made = pseudonymizer().fit_transform(X).column("id").to_pylist()
        assert made == [independent(123, output="int64"), None]


def test_integers_beside_missing_values_keep_all_their_digits(frame):
    if frame.name in ("pandas", "pandas-nullable", "pandas-arrow"):
        pytest.skip("pandas itself makes float64 of such a list")
    X = frame({"id": [2**62 + 1, None, 1]})
    made = frame.values(pseudonymizer().fit_transform(X), "id")
    assert made == [
        independent(2**62 + 1, output="int64"),
        None,
        independent(1, output="int64"),
    ]


def test_a_number_and_its_text_have_unrelated_tokens():
    assert tokens([1], output="hex") != tokens(["1"], output="hex")


def test_dates_are_canonical_whatever_their_type():
    date, midnight = dt.date(1990, 5, 3), pd.Timestamp("1990-05-03")
    made = {
        tokens(pd.Series([date], dtype=object))[0],
        tokens([midnight])[0],
        tokens(pd.Series([midnight]).astype("datetime64[s]"))[0],
        tokens(pd.Series([date], dtype=pd.ArrowDtype(pa.date32())))[0],
    }
    assert len(made) == 1
    assert made != set(tokens(["1990-05-03"]))


def test_columns_of_one_domain_join_and_others_do_not():
    X = pd.DataFrame({"a": ["x", "y"], "b": ["y", "z"], "c": ["x", "y"]})
    alone = pseudonymizer().fit_transform(X)
    assert not set(alone["a"]) & set(alone["b"]) | set(alone["a"]) & set(alone["c"])
    joined = pseudonymizer(domain="person").fit_transform(X)
    assert joined["a"].tolist() == joined["c"].tolist()
    assert joined.loc[1, "a"] == joined.loc[0, "b"]
    partly = pseudonymizer(domain={"a": "person", "b": "person"}).fit(X)
    assert partly.domains_ == ["person", "person", "c"]
    out = partly.transform(X)
    assert out.loc[1, "a"] == out.loc[0, "b"] == joined.loc[0, "b"]
    assert out["c"].tolist() == alone["c"].tolist()


@pytest.mark.parametrize("name", [5, ("person", "id")], ids=["integer", "tuple"])
def test_a_domain_is_given_to_a_column_by_its_name_whatever_that_is(name):
    X = pd.DataFrame({name: ["x"]})
    made = pseudonymizer(domain={name: "person"}).fit_transform(X)
    assert made[name].tolist() == [independent("x", domain="person")]


def test_a_transform_asks_for_the_key_once():
    calls = []
    key = SecretKey.from_provider(lambda: calls.append("call") or KEY)
    X = pd.DataFrame({"a": ["x"], "b": ["y"], "c": [1]})
    fitted = HashPseudonymizer(key=key).fit(X)
    assert len(calls) == 1
    fitted.transform(X)
    assert len(calls) == 2


def test_tables_join_on_tokens():
    patients = pd.DataFrame({"id": [1, 2, 3], "name": ["a", "b", "c"]})
    visits = pd.DataFrame({"patient": [3, 1, 3, np.nan], "cost": [5, 6, 7, 8]})
    ids = pseudonymizer(domain="patient", columns=["id"]).fit_transform(patients)
    made = pseudonymizer(domain="patient", columns=["patient"]).fit_transform(visits)
    merged = made.merge(ids, left_on="patient", right_on="id")
    assert sorted(zip(merged["cost"], merged["name"], strict=True)) == [
        (5, "c"),
        (6, "a"),
        (7, "c"),
    ]


def test_other_keys_and_algorithms_give_unrelated_tokens():
    other = HashPseudonymizer(key=SecretKey(bytes(32)))
    X = pd.DataFrame({"id": ["a"]})
    made = {tokens(["a"], algorithm=a)[0] for a in ALGORITHMS}
    assert len({*made, other.fit_transform(X)["id"].iloc[0]}) == 4


@pytest.mark.parametrize("output", ["hex", "base32", "uuid", "auto"])
def test_a_prefix_stands_before_each_token(output):
    plain = tokens(["a", None], output=output)
    assert tokens(["a", None], output=output, prefix="Pät-") == [
        f"Pät-{plain[0]}",
        None,
    ]


def test_a_prefix_makes_text_of_the_tokens_of_numbers():
    assert tokens([1, 2], prefix="P-") == [f"P-{independent(v)}" for v in (1, 2)]


@pytest.mark.parametrize("output", ["int64", "bytes"])
def test_a_prefix_needs_text(output):
    with pytest.raises(
        ValueError, match=f"output='{output}' has no text to put a prefix"
    ):
        tokens(["a"], output=output, prefix="P-")


def test_a_uuid_needs_128_bits():
    with pytest.raises(ValueError, match="output='uuid' needs length=128"):
        tokens(["a"], output="uuid", length=64)


def test_collisions_that_are_not_unlikely_are_warned_of():
    X = pd.DataFrame({"id": np.arange(6_100_000)})
    with pytest.warns(PrivacyWarning, match="Column 'id': with 6100000 rows.*64-bit"):
        pseudonymizer().fit(X)
    with pytest.warns(
        PrivacyWarning, match="64-bit token with probability up to 1e-06"
    ):
        pseudonymizer(output="hex", length=np.int64(64)).fit(X)
    for parameters in ({"output": "hex"}, {"output": "hex", "length": 72}):
        pseudonymizer(**parameters).fit(X)
    pseudonymizer().fit(X.iloc[:6_000_000])


def test_categories_count_once_in_the_bound_of_collisions():
    codes = np.zeros(6_100_000, np.int8)
    X = pd.DataFrame({"id": pd.Categorical.from_codes(codes, ["a"])})
    pseudonymizer(output="int64").fit(X)


def test_only_the_chosen_columns_change():
    X = pd.DataFrame({"a": ["x"], "b": ["x"], "c": [1.5]})
    out = pseudonymizer(columns=["b"]).fit_transform(X)
    assert out.columns.tolist() == ["a", "b", "c"]
    assert out[["a", "c"]].equals(X[["a", "c"]])
    assert out["b"].tolist() == [independent("x", domain="b")]
    by_position = pseudonymizer(columns=[1]).fit_transform(X)
    assert by_position.equals(out)


def test_the_form_of_a_token_is_that_of_fit_also_for_other_batches():
    fitted = pseudonymizer().fit(pd.DataFrame({"id": [1, 2, None]}))
    nothing = fitted.transform(pd.DataFrame({"id": [None, None]}, dtype=object))
    assert nothing["id"].isna().all()
    text = fitted.transform(pd.DataFrame({"id": ["a"]}))
    assert text["id"].tolist() == [independent("a", output="int64")]
    empty = pseudonymizer().fit(pd.DataFrame({"id": [None, None]}, dtype=object))
    assert empty.transform(pd.DataFrame({"id": [1]}))["id"].tolist() == [
        independent(1, output="int64")
    ]


def test_without_a_key_each_fit_draws_one():
    X = pd.DataFrame({"id": ["a"]})
    made = HashPseudonymizer()
    first = made.fit_transform(X)["id"].iloc[0]
    assert made.transform(X)["id"].iloc[0] == first
    assert made.fit_transform(X)["id"].iloc[0] != first
    seeded = [HashPseudonymizer(random_state=3).fit_transform(X) for _ in range(2)]
    assert seeded[0].equals(seeded[1])


@pytest.mark.parametrize("algorithm", ["md5", "sha1", "sha256", None, 3])
def test_unknown_and_unkeyed_algorithms_are_refused(algorithm):
    with pytest.raises(ValueError, match="'algorithm' parameter of HashPseudonymizer"):
        tokens(["a"], algorithm=algorithm)


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"output": "md5"}, "'output' parameter of HashPseudonymizer"),
        ({"prefix": 3}, "'prefix' parameter of HashPseudonymizer"),
        ({"domain": 3}, "'domain' parameter of HashPseudonymizer"),
        ({"domain": {"born": "x"}}, r"names \['born'\], which are not among"),
        ({"columns": ["born"]}, r"column 'born', which X does not have.*\['id'\]"),
        ({"columns": [1]}, "column 1, which X does not have"),
        ({"columns": "id"}, "must be a list of column names or positions"),
        ({"columns": ["id", 0]}, "names a column twice"),
        ({"random_state": "x"}, "'random_state' parameter of HashPseudonymizer"),
    ],
)
def test_bad_parameters_are_named(parameters, message):
    with pytest.raises(ValueError, match=message):
        tokens(["a"], **parameters)


@pytest.mark.parametrize(
    "values",
    [
        pa.array([[1, 2], [3]]),
        pa.array([{"a": 1}]),
        pa.array([1.5]).cast(pa.decimal128(3, 1)),
    ],
    ids=["list", "struct", "decimal"],
)
def test_columns_without_canonical_bytes_are_refused_in_fit(values):
    with pytest.raises(ColumnTypeError, match="Column 'id'"):
        pseudonymizer().fit(pa.table({"id": values}))


def test_nested_lists_in_objects_are_refused():
    with pytest.raises(ColumnTypeError, match="Column 'id' has Arrow type list"):
        tokens([["a"], ["b", "c"]])


def test_transform_wants_the_columns_of_fit():
    X = pd.DataFrame({"a": ["x"], "b": ["y"], "c": ["z"]})
    fitted = pseudonymizer().fit(X)
    with pytest.raises(ValueError, match="must be in the same order"):
        fitted.transform(X[["b", "a", "c"]])
    with pytest.raises(ValueError, match="missing"):
        fitted.transform(X[["a", "b"]])
    with pytest.raises(ValueError, match="unseen at fit time"):
        fitted.transform(X.assign(d=1))
    with pytest.raises(ColumnError, match="more than one column named 'a'"):
        fitted.transform(X.set_axis(["a", "a", "b"], axis=1))
    by_array = pseudonymizer().fit(X.to_numpy())
    with pytest.raises(ValueError, match="expecting 3 features"):
        by_array.transform(X.to_numpy()[:, :2])


def test_rows_are_tokenized_in_pieces_that_do_not_show():
    values = [f"v{i % 5000}" if i % 7 else None for i in range(40_000)]
    made = tokens(values)
    some = range(0, 40_000, 997)
    assert [made[i] for i in some] == [
        None if values[i] is None else independent(values[i]) for i in some
    ]
    assert len(set(made)) == len(set(values))
