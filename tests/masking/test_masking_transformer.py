import datetime as dt
import pickle
import sys
import tracemalloc

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from sklearn.compose import ColumnTransformer
from sklearn.pipeline import make_pipeline

from skanon import MaskingTransformer, SecretKey
from skanon.exceptions import (
    ColumnTypeError,
    KeyMismatchError,
    KeyTypeError,
    MissingExtraError,
    PoolTooSmallError,
    UnknownValueError,
)
from skanon.masking._characters import CHUNK_BYTES, _flat_pieces

KEY = SecretKey(bytes(range(16)))

NAMES = ["Ada Lovelace", "Emmy Noether", "Ada Lovelace", None, "Sofia Kovalevskaya"]


def masked(values, **parameters):
    X = pd.DataFrame({"x": values})
    return MaskingTransformer(**parameters).fit_transform(X)["x"].tolist()


# -- partial ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("parameters", "value", "expected"),
    [
        ({}, "Ada", "***"),
        ({"keep_last": 4}, "4539 1488", "*****1488"),
        ({"keep_first": 1}, "Ada", "A**"),
        ({"keep_first": 1, "keep_last": 1}, "Ada", "A*a"),
        ({"keep_first": 2, "keep_last": 1}, "Ada", "***"),
        ({"keep_chars": "- "}, "12-3 4", "**-* *"),
        ({"keep_last": 2, "keep_chars": "-"}, "123-45-6789", "***-**-**89"),
        ({"mask_char": "•"}, "Ada", "•••"),
        ({"mask_char": "•", "keep_first": 1}, "Zoë", "Z••"),
        ({"keep_last": 1}, "Zoë", "**ë"),
        ({"keep_chars": "ë"}, "Zoë", "**ë"),
        ({"keep_email_domain": True}, "ada@example.com", "***@example.com"),
        (
            {"keep_email_domain": True, "keep_first": 1, "keep_last": 1},
            "ada@example.com",
            "a*a@example.com",
        ),
        ({"keep_email_domain": True, "keep_first": 3}, "ada@x.org", "***@x.org"),
        ({"keep_email_domain": True}, 'a"@"b@x.org', "*****@x.org"),
        ({"keep_email_domain": True, "keep_first": 1}, "not an address", "*" * 14),
        ({"keep_email_domain": True}, "@", "@"),
        ({}, "", ""),
    ],
)
def test_partial_hides_all_but_what_it_is_told_to_keep(parameters, value, expected):
    assert masked(["", value, "", value], **parameters)[1::2] == [expected, expected]


def test_partial_equals_a_plain_loop_on_random_text(rng):
    letters = np.array(list("abcXYZ019-@.ëß漢"))
    values = ["".join(rng.choice(letters, n)) for n in rng.integers(0, 12, 500)]

    def loop(text):
        if len(text) <= 3:
            return "".join(c if c in "-." else "*" for c in text)
        return "".join(
            c if c in "-." or i < 1 or i >= len(text) - 2 else "*"
            for i, c in enumerate(text)
        )

    parameters = {"keep_first": 1, "keep_last": 2, "keep_chars": "-."}
    assert masked(values, **parameters) == [loop(value) for value in values]


@pytest.mark.parametrize(
    ("keep_first", "keep_last", "expected"),
    [
        (0, 0, [0, 0, 0, 0]),
        (2, 0, [12000, 98000, 0, 0]),
        (0, 2, [45, 21, 0, 0]),
        (1, 1, [10005, 90001, 0, 0]),
        (3, 2, [0, 0, 0, 0]),
    ],
)
def test_partial_keeps_a_number_a_number(keep_first, keep_last, expected):
    values = np.array([[12345], [98721], [7], [0]])
    masker = MaskingTransformer(keep_first=keep_first, keep_last=keep_last)
    for X in (values, -values, values.astype(float) + 0.25):
        sign = -1 if X.min() < 0 else 1
        out = masker.fit_transform(X)
        assert out.dtype == X.dtype
        assert out[:, 0].tolist() == [sign * number for number in expected]


def test_partial_handles_the_ends_of_integer_types():
    X = pa.table({"x": pa.array([-(2**63), 2**63 - 1], pa.int64())})
    kept = MaskingTransformer(keep_first=1).fit_transform(X)["x"].to_pylist()
    assert kept == [-9 * 10**18, 9 * 10**18]
    X = pa.table({"x": pa.array([2**64 - 1], pa.uint64())})
    kept = MaskingTransformer(keep_last=2).fit_transform(X)["x"].to_pylist()
    assert kept == [15]


# -- template -----------------------------------------------------------------------


def test_template_keeps_the_form_of_a_text():
    (out,) = masked(["Zoë O'Neil-42, ÅB 漢字"], strategy="template", key=KEY)
    form = [
        "A" if c.isupper() else "a" if c.isalpha() else "0" if c.isdigit() else c
        for c in out
    ]
    assert "".join(form) == "Aaa A'Aaaa-00, AA aa"
    assert out.isascii()


def test_template_replaces_all_letters_alike():
    """Each letter comes as often as any other: chi-squared with 25 degrees."""
    values = [f"{i:05d}" + "a" * 20 for i in range(2_000)]
    out = masked(values, strategy="template", key=KEY)
    counts = np.bincount([ord(c) - 97 for text in out for c in text[5:]], minlength=26)
    expected = counts.sum() / 26
    assert ((counts - expected) ** 2 / expected).sum() < 60  # p < 1e-4


@pytest.mark.parametrize("dtype", ["int8", "int16", "int64", "uint64", "float64"])
def test_template_keeps_sign_and_number_of_digits(dtype):
    values = np.array([0, 5, 12, 99, 100, 127], dtype)[:, None]
    masker = MaskingTransformer(strategy="template", key=KEY)
    out = masker.fit_transform(values)
    assert out.dtype == values.dtype
    assert [len(str(int(v))) for v in out[:, 0]] == [1, 1, 2, 2, 3, 3]
    if dtype.startswith("u"):
        return
    negative = masker.transform(-values[1:])
    assert (negative < 0).sum() + (negative == 0).sum() == len(negative)


def test_template_gives_an_integer_and_its_float_the_same_number():
    values = np.array([[1], [20], [4_567]])
    masker = MaskingTransformer(strategy="template", key=KEY).fit(values)
    assert masker.transform(values.astype(float)).tolist() == (
        masker.transform(values).tolist()
    )


def test_template_changes_fractions():
    X = np.array([[12.25], [12.5]])
    out = MaskingTransformer(strategy="template", key=KEY).fit_transform(X)
    assert ((out >= 10) & (out < 100)).all()
    assert len(np.unique(out % 1)) == 2


# -- long texts ---------------------------------------------------------------------

LONG_TEXTS = ["Zoë " * 75_000, "b", "", None, "漢字" * 200_000, "a1" * 600_000, "c"]


@pytest.mark.parametrize("strategy", ["partial", "template"])
def test_long_texts_are_masked_as_each_alone(strategy):
    parameters = {"strategy": strategy, "keep_first": 1, "key": KEY}
    out = masked(LONG_TEXTS, **parameters)
    alone = [masked([text], **parameters)[0] for text in LONG_TEXTS if text]
    assert [text for text in out if isinstance(text, str) and text] == alone
    assert out[2] == ""
    assert pd.isna(out[3])


@pytest.mark.parametrize("strategy", ["partial", "template"])
def test_a_long_text_does_not_make_memory_grow_with_the_rows(strategy):
    X = pd.DataFrame({"x": ["a" * 100_000, *map(str, range(5_000))]})
    masker = MaskingTransformer(strategy=strategy, key=KEY).fit(X)
    tracemalloc.start()
    try:
        masker.transform(X)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 100 * 100_000


def test_the_memory_of_many_long_texts_does_not_grow_with_their_bytes():
    text = pa.array([f"{i:05d}" * 2_000 for i in range(2_000)], pa.large_string())
    pieces = [piece for piece, _ in _flat_pieces(text, wide=False)]
    assert pa.chunked_array(pieces).combine_chunks().equals(text)
    assert max(piece.nbytes for piece in pieces) < 1.1 * CHUNK_BYTES


# -- label and redact ---------------------------------------------------------------


def test_labels_number_the_values_in_keyed_order():
    labels = masked(NAMES, strategy="label", label="Person_{:03d}!", key=KEY)
    assert labels[0] == labels[2]
    assert pd.isna(labels[3])
    assert {*labels} - {labels[3]} == {"Person_001!", "Person_002!", "Person_003!"}
    many = [str(i) for i in range(50)]
    by_key = [
        masked(many, strategy="label", key=SecretKey(bytes([byte] * 16)))
        for byte in range(2)
    ]
    assert by_key[0] != by_key[1]
    assert sorted(by_key[0]) == sorted(by_key[1]) != by_key[0]


@pytest.mark.parametrize(
    "label", ["Value", "{} {}", "{:x}", "{:3d}", "{:.2f}", "{", ""]
)
def test_a_label_needs_one_place_for_the_number(label):
    with pytest.raises(ValueError, match="one place for the number"):
        masked(NAMES, strategy="label", label=label)


def test_label_braces_can_be_text():
    assert masked(["a"], strategy="label", label="{{{}}}") == ["{1}"]


def test_redact_puts_one_constant_and_keeps_missing_values(frame):
    X = frame({"name": NAMES, "n": [1, 2, 3, 4, 5]})
    out = MaskingTransformer(strategy="redact").fit_transform(X)
    assert frame.values(out, "name") == ["[REDACTED]"] * 3 + [None, "[REDACTED]"]
    out = MaskingTransformer(strategy="redact", replacement=0).fit_transform(X)
    assert frame.values(out, "n") == [0] * 5
    out = MaskingTransformer(strategy="redact", replacement=None).fit_transform(X)
    assert frame.values(out, "name") == frame.values(out, "n") == [None] * 5


# -- fake ---------------------------------------------------------------------------


@pytest.fixture
def faker():
    return pytest.importorskip("faker", reason="Faker is not installed")


@pytest.mark.usefixtures("faker")
class TestFake:
    def test_surrogates_are_the_same_on_all_tables(self, frame):
        masker = MaskingTransformer(strategy="fake", key=KEY)
        out = frame.values(masker.fit_transform(frame({"name": NAMES})), "name")
        assert out[0] == out[2] != out[1]
        assert out[3] is None
        expected = masker.fit_transform(pd.DataFrame({"name": NAMES}))["name"]
        assert [value for value in out if value] == expected.dropna().tolist()

    def test_columns_of_one_domain_share_surrogates(self):
        X = pd.DataFrame({"doctor": NAMES, "patient": NAMES[::-1]})
        together = MaskingTransformer(strategy="fake", key=KEY, domain="person")
        out = together.fit_transform(X)
        assert out["doctor"].tolist()[:3] == out["patient"].tolist()[:1:-1]
        apart = MaskingTransformer(strategy="fake", key=KEY).fit_transform(X)
        assert apart["doctor"][0] != apart["patient"][4]
        mixed = MaskingTransformer(
            strategy="fake", key=KEY, domain={"doctor": "person"}
        )
        assert mixed.fit_transform(X)["doctor"][0] == out["doctor"][0]

    def test_two_fits_with_one_key_agree_and_other_keys_do_not(self):
        first = masked(NAMES, strategy="fake", key=KEY)
        assert masked(NAMES[:1], strategy="fake", key=KEY) == first[:1]
        other = masked(NAMES, strategy="fake", key=SecretKey(bytes(16)))
        assert other[:3] != first[:3]

    def test_full_names_reach_a_million_without_being_generated(self):
        masker = MaskingTransformer(strategy="fake", key=KEY).fit([["a"]])
        assert masker.pool_size_ >= 1_000_000
        assert len(pickle.dumps(masker.set_params(key=None))) < 1_000_000
        values = [[str(i)] for i in range(20_000)]
        assert len(np.unique(masker.set_params(key=KEY).transform(values))) > 19_500

    @pytest.mark.parametrize("locale", ["en_US", "de_DE", "ja_JP", "cs_CZ", "fr_FR"])
    def test_names_are_names_of_the_locale(self, locale, faker):
        masker = MaskingTransformer(strategy="fake", locale=locale, key=KEY)
        for name in masker.fit_transform([["a"], ["b"], ["c"]])[:, 0]:
            assert len(name.split()) >= 2
        assert masker.pool_size_ > 1_000

    @pytest.mark.parametrize(
        "provider",
        """name first_name last_name email phone_number street_address city company job
        ssn iban credit_card_number user_name url ipv4 license_plate uuid4""".split(),
    )
    def test_provider(self, provider, faker):
        masker = MaskingTransformer(strategy="fake", provider=provider, pool_size=50)
        out = masker.fit_transform([["a"], ["b"], [None]])
        assert all(isinstance(value, str) and value for value in out[:2, 0])
        assert out[2, 0] is None

    def test_provider_takes_arguments(self):
        parameters = {"provider": "bothify", "provider_args": {"text": "##-??"}}
        (value,) = masked(["a"], strategy="fake", **parameters)
        assert value[:2].isdigit()
        assert value[2] == "-"
        assert value[3:].isalpha()

    @pytest.mark.parametrize(
        ("provider", "kind"),
        [("random_int", np.integer), ("date_of_birth", dt.date), ("pyfloat", float)],
    )
    def test_values_need_not_be_text(self, provider, kind):
        masker = MaskingTransformer(strategy="fake", provider=provider, pool_size=20)
        out = masker.fit_transform(pa.table({"x": ["a", None]}))["x"]
        assert isinstance(out.to_pylist()[0], int if kind is np.integer else kind)
        assert out.null_count == 1

    def test_values_of_mixed_types_become_text(self):
        out = masked(["a"], strategy="fake", provider="random_digit_or_empty")
        assert out[0] in {"", *map(str, range(10))}

    def test_surrogate_numbers_keep_their_dtype_when_a_value_is_unknown(self):
        masker = MaskingTransformer(
            strategy="fake", provider="random_int", unique=True, key=KEY
        )
        X = pd.DataFrame({"x": ["a", "b"]})
        known = masker.fit(X).transform(X)
        unknown = masker.transform(pd.DataFrame({"x": ["a", "z"]}))
        assert known["x"].dtype == unknown["x"].dtype

    def test_no_value_is_its_own_surrogate(self):
        colours = ["red", "green", "blue"]
        parameters = {
            "provider": "random_element",
            "provider_args": {"elements": tuple(colours)},
        }
        for byte in range(30):
            key = SecretKey(bytes([byte] * 16))
            for unique in (False, True):
                out = masked(
                    colours, strategy="fake", key=key, unique=unique, **parameters
                )
                assert not any(a == b for a, b in zip(out, colours, strict=True))
                assert set(out) <= set(colours)
                assert not unique or len(set(out)) == 3

    def test_unique_gives_distinct_values_distinct_surrogates(self):
        X = pd.DataFrame({"a": [f"a{i}" for i in range(900)], "b": ["z"] * 900})
        masker = MaskingTransformer(
            strategy="fake", provider="email", pool_size=901, unique=True, domain="d"
        ).fit(X)
        assert masker.pool_size_ == 901
        out = masker.transform(X)
        assert out["a"].nunique() == 900
        assert out["b"].nunique() == 1
        assert not set(out["a"]) & set(out["b"])

    def test_unique_surrogates_mostly_survive_more_values(self):
        few, more = ([f"v{i}" for i in range(n)] for n in (1_000, 1_100))
        parameters = {"strategy": "fake", "unique": True, "key": KEY}
        first = masked(few, **parameters)
        second = masked(more, **parameters)[:1_000]
        assert np.mean([a == b for a, b in zip(first, second, strict=True)]) > 0.99

    def test_unique_needs_a_large_enough_pool(self):
        masker = MaskingTransformer(strategy="fake", provider="job", unique=True)
        X = pd.DataFrame({"job": [f"secret{i}" for i in range(2_000)]})
        with pytest.raises(PoolTooSmallError, match=r"'job' has 2000 .* unique=False"):
            masker.fit(X)
        assert "secret" not in repr(vars(masker))

    def test_a_fitted_pool_needs_no_faker(self, monkeypatch):
        masker = MaskingTransformer(strategy="fake").fit([["a"]])
        monkeypatch.setitem(sys.modules, "faker", None)
        again = pickle.loads(pickle.dumps(masker))
        assert again.transform([["b"]]).tolist() == masker.transform([["b"]]).tolist()

    @pytest.mark.parametrize(
        ("parameters", "message"),
        [
            ({"provider": "nmae"}, "no provider 'nmae'.*Did you mean 'name'"),
            ({"provider": "seed_instance"}, "no provider 'seed_instance'"),
            ({"locale": "en_XX"}, "no locale 'en_XX'.*Did you mean"),
            ({"locale": "klingon"}, "no locale 'klingon'"),
            ({"provider_args": {"colour": 1}}, r"with provider_args \['colour'\]"),
            ({"provider_args": 1}, "'provider_args' parameter"),
            ({"provider": "words"}, "'words' cannot be used"),
            ({"provider": "xml"}, "'xml' cannot be used"),
            (
                {"provider": "random_int", "provider_args": {"min": 2, "max": 1}},
                r"with provider_args \['max', 'min'\]",
            ),
            ({"pool_size": 0}, "'pool_size' parameter"),
        ],
    )
    def test_what_faker_does_not_know_is_refused(self, parameters, message):
        with pytest.raises(ValueError, match=message):
            masked(["a"], strategy="fake", **parameters)


def test_without_faker_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "faker", None)
    with pytest.raises(
        MissingExtraError, match=r"extra \[fake\]. Run: pip install Faker"
    ):
        masked(["a"], strategy="fake", pool_size=7)


# -- what was not fitted, keys, types -----------------------------------------------


@pytest.mark.parametrize("strategy", ["label", "fake"])
def test_an_unknown_value_is_suppressed_or_an_error(strategy):
    if strategy == "fake":
        pytest.importorskip("faker", reason="Faker is not installed")
    X, new = pd.DataFrame({"x": ["a", None]}), pd.DataFrame({"x": ["a", "b", None]})
    masker = MaskingTransformer(strategy=strategy, unique=True, key=KEY).fit(X)
    out = masker.transform(new)["x"]
    assert out.isna().tolist() == [False, True, True]
    masker.set_params(handle_unknown="error")
    with pytest.raises(UnknownValueError, match="'x' has 1 values that were not seen"):
        masker.transform(new)
    assert masker.transform(X)["x"][0] == out[0]


def test_a_row_of_weight_zero_is_not_seen():
    X = [["a"], ["b"], ["c"]]
    masker = MaskingTransformer(strategy="label", key=KEY)
    masker.fit(X, sample_weight=[1, 0, 3])
    assert [value is None or value != value for value in masker.transform(X)[:, 0]] == [
        False,
        True,
        False,
    ]
    without = MaskingTransformer(strategy="label", key=KEY).fit([["a"], ["c"]])
    assert masker.transform([["a"]]) == without.transform([["a"]])


@pytest.mark.parametrize("strategy", ["label", "fake"])
def test_categories_without_rows_are_neither_learned_nor_unknown(strategy):
    if strategy == "fake":
        pytest.importorskip("faker", reason="Faker is not installed")
    X = pd.DataFrame({"x": pd.Categorical(["a", "b"], categories=["a", "b", "c"])})
    masker = MaskingTransformer(
        strategy=strategy, unique=True, handle_unknown="error", key=KEY
    )
    assert masker.fit(X[:1]).transform(X[:1])["x"].notna().all()
    with pytest.raises(UnknownValueError):
        masker.transform(X)


@pytest.mark.parametrize("strategy", ["partial", "template"])
def test_dates_are_refused_where_characters_are_needed(strategy):
    X = pa.table({"born": [dt.date(1990, 1, 1)]})
    with pytest.raises(ColumnTypeError, match=r"Column 'born' .* DateGeneralizer"):
        MaskingTransformer(strategy=strategy).fit(X)


@pytest.mark.parametrize("strategy", ["partial", "template", "label", "redact", "fake"])
def test_lists_are_refused_whatever_the_strategy(strategy):
    if strategy == "fake":
        pytest.importorskip("faker", reason="Faker is not installed")
    X = pa.table({"tags": [["secret"], ["b", "c"]]})
    masker = MaskingTransformer(strategy=strategy, unique=True)
    with pytest.raises(ColumnTypeError, match="'tags' has Arrow type list") as caught:
        masker.fit(X)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("strategy", ["partial", "template", "label", "redact"])
def test_a_column_of_only_missing_values_stays_missing(frame, strategy):
    X = frame({"x": [None, None], "y": ["a", "b"]})
    out = MaskingTransformer(strategy=strategy).fit_transform(X)
    assert frame.values(out, "x") == [None, None]


def test_plain_text_is_no_key():
    with pytest.raises(KeyTypeError, match=r"SecretKey\.from_env"):
        MaskingTransformer(strategy="label", key="secret").fit([["a"]])


@pytest.mark.parametrize("strategy", ["template", "label"])
def test_a_transform_asks_for_the_key_once(strategy):
    calls = []
    key = SecretKey.from_provider(lambda: calls.append("call") or bytes(16))
    X = pd.DataFrame({"a": ["x"], "b": ["y"], "c": ["z"]})
    fitted = MaskingTransformer(strategy=strategy, key=key).fit(X)
    calls.clear()
    fitted.transform(X)
    assert len(calls) == 1


def test_another_key_is_noticed():
    masker = MaskingTransformer(strategy="template", key=KEY).fit([["a"]])
    masker.set_params(key=SecretKey(bytes(16)))
    with pytest.raises(KeyMismatchError, match="fingerprint"):
        masker.transform([["a"]])


@pytest.mark.parametrize("mask_char", ["", "**"])
def test_the_mask_is_one_character(mask_char):
    with pytest.raises(ValueError, match="must be one character"):
        masked(["a"], mask_char=mask_char)


def test_no_fitted_value_is_remembered_in_the_clear():
    for strategy in ("partial", "template", "label"):
        masker = MaskingTransformer(strategy=strategy).fit([["Hypatia"]])
        assert b"Hypatia" not in pickle.dumps(masker)


def test_strategies_drop_into_a_column_transformer():
    X = pd.DataFrame({"name": ["Ada", "Bob"], "mail": ["a@x.org", "b@x.org"]})
    masking = ColumnTransformer(
        [
            ("name", MaskingTransformer(strategy="label"), ["name"]),
            ("mail", MaskingTransformer(keep_email_domain=True), ["mail"]),
        ],
        verbose_feature_names_out=False,
    ).set_output(transform="pandas")
    out = make_pipeline(masking).fit_transform(X)
    assert out["mail"].tolist() == ["*@x.org", "*@x.org"]
    assert sorted(out["name"]) == ["Value_001", "Value_002"]


def test_what_another_strategy_learned_does_not_stay():
    pytest.importorskip("faker", reason="Faker is not installed")
    X = pd.DataFrame({"name": ["Ada", "Bob"]})
    masking = MaskingTransformer(strategy="fake").fit(X)
    masking.set_params(strategy="partial").fit(X)
    assert not hasattr(masking, "pool_size_")
    assert not hasattr(masking, "key_fingerprint_")
