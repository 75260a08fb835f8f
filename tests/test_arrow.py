"""Kinds of Arrow types, and the bytes of texts as arrays."""

import itertools

import numpy as np
import pyarrow as pa
import pytest

from skanon._arrow import (
    at_codes,
    count_missing,
    decoded,
    is_binary,
    is_coded,
    is_number,
    is_text,
    missing_mask,
    text_bytes,
    text_of_bytes,
    type_name,
    value_type,
)


@pytest.mark.parametrize(
    ("kind", "is_kind"),
    [
        (pa.string(), is_text),
        (pa.large_string(), is_text),
        (pa.binary(), is_binary),
        (pa.large_binary(), is_binary),
        (pa.binary(3), is_binary),
        (pa.binary_view(), is_binary),
        (pa.int8(), is_number),
        (pa.uint64(), is_number),
        (pa.float16(), is_number),
        (pa.float64(), is_number),
        (pa.bool_(), None),
        (pa.decimal128(5), None),
        (pa.date32(), None),
        (pa.list_(pa.string()), None),
        (pa.dictionary(pa.int8(), pa.string()), None),
    ],
    ids=lambda part: getattr(part, "__name__", str(part)),
)
def test_a_type_is_of_one_kind_at_most(kind, is_kind):
    for test in (is_text, is_binary, is_number):
        assert test(kind) is (test is is_kind)


def test_the_type_of_values_is_that_of_categories():
    assert value_type(pa.dictionary(pa.int8(), pa.int16())) == pa.int16()
    assert value_type(pa.string()) == pa.string()


TEXTS = ["", "Zoë", None, "x" * 20, ""]


@pytest.mark.parametrize(
    "kind", [pa.string(), pa.large_string(), pa.binary(), pa.large_binary()], ids=str
)
@pytest.mark.parametrize("start", range(len(TEXTS) + 1))
def test_bytes_are_read_where_a_column_stands(kind, start):
    encode = (lambda text: text) if is_text(kind) else (lambda text: text.encode())
    values = [None if text is None else encode(text) for text in TEXTS]
    data, offsets = text_bytes(pa.array(values, kind)[start:])
    found = [bytes(data[i:j]) for i, j in itertools.pairwise(offsets)]
    assert found == [(text or "").encode() for text in TEXTS[start:]]
    assert len(data) == offsets[-1]


def test_an_empty_column_has_no_bytes():
    for column in (pa.array([], pa.string()), pa.array([None], pa.large_binary())):
        data, offsets = text_bytes(column)
        assert not len(data)
        assert not offsets.any()
        assert len(offsets) == len(column) + 1


def test_text_is_made_of_the_bytes_that_it_has():
    column = pa.array(TEXTS, pa.large_string())
    data, offsets = text_bytes(column)
    missing = np.array([text is None for text in TEXTS])
    assert text_of_bytes(data, offsets, missing).equals(column)
    assert text_of_bytes(data, offsets, None).to_pylist() == [t or "" for t in TEXTS]


def test_codes_are_decoded_with_room_for_all_texts():
    codes = pa.array([3, None, 0, 1, 0, 2])
    texts = decoded(pa.DictionaryArray.from_arrays(codes, ["a", "", "b", "zü"]))
    assert texts.equals(pa.array(["zü", None, "a", "", "a", "b"], pa.large_string()))
    numbers = decoded(pa.DictionaryArray.from_arrays(codes, [7, 8, 9, 10]))
    assert numbers.to_pylist() == [10, None, 7, 8, 7, 9]


def test_texts_at_codes_are_codes_and_equal_ones_are_one():
    texts = at_codes(pa.array(["a", "b", "a", None]), pa.array([2, 0, 3, None, 1]))
    assert is_coded(texts.type)
    assert texts.dictionary.to_pylist() == ["a", "b"]
    assert texts.to_pylist() == ["a", "a", None, None, "b"]


def test_labels_that_a_value_could_have_stay_beside_those_it_has():
    labels = pa.array(["low", "mid", "high"])
    values = pa.DictionaryArray.from_arrays(pa.array([2, 0], pa.uint8()), labels)
    found = at_codes(values, pa.array([1, 1, None]))
    assert found.to_pylist() == ["low", "low", None]
    assert found.dictionary.equals(labels)
    assert found.type.index_type == pa.int32()


def test_numbers_at_codes_are_numbers():
    assert at_codes(pa.array([7, 8]), pa.array([1, None])).to_pylist() == [8, None]


@pytest.mark.parametrize("wrap", [lambda kind: kind, pa.list_, pa.large_list])
@pytest.mark.parametrize("is_coded", [False, True])
def test_the_name_of_a_type_tells_no_field(wrap, is_coded):
    kind = wrap(pa.struct({"a person's name": pa.int64()}))
    if is_coded:
        kind = pa.dictionary(pa.int32(), kind)
    assert "person" not in type_name(kind)


@pytest.mark.parametrize(
    "column",
    [
        pa.array([1.0, None, np.nan]),
        pa.DictionaryArray.from_arrays(pa.array([0, None, 1]), pa.array(["a", None])),
    ],
    ids=["numbers", "codes"],
)
def test_missing_values_and_nan_are_counted_and_told(column):
    assert missing_mask(column).tolist() == [False, True, True]
    assert count_missing(column) == 2
    assert count_missing(column[:0]) == 0
