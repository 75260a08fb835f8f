import numpy as np
import pyarrow as pa
import pytest

from skanon.cli import _scan
from skanon.cli._scan import find_texts


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-32-le"])
@pytest.mark.parametrize("text", ["Ada Lovelace", "Zoë", "Ó Grianáin, Fergus"])
def test_a_text_is_found_in_every_encoding(text, encoding):
    data = b"\x01\x02" + text.encode(encoding) + b"\xff"
    texts = pa.array([text, "somebody else"])
    assert find_texts(data, texts) == {text}
    assert (find_texts(data, texts, ["utf-8"]) == {text}) == (encoding == "utf-8")


def test_texts_that_only_begin_alike_are_told_apart():
    texts = pa.array(["Katarzyna Nowak", "Katarzyna Kowal", "Katarzyn"])
    found = find_texts(b"..Katarzyna Nowa..Katarzyna Kowal", texts)
    assert found == {"Katarzyn", "Katarzyna Kowal"}


def test_missing_and_empty_texts_are_not_searched():
    assert find_texts(b"abc", pa.array([None, ""], pa.string())) == set()


@pytest.mark.parametrize("data", [b"", b"a", b"ab"])
def test_data_may_be_shorter_than_a_text(data):
    assert find_texts(data, pa.array(["abc"])) == set()


@pytest.mark.parametrize("chunk", [1, 3, 1 << 20])
def test_the_search_equals_a_plain_one(rng, monkeypatch, chunk):
    monkeypatch.setattr(_scan, "CHUNK", chunk)
    data = bytes(rng.choice(np.frombuffer(b"abc", np.uint8), 300))
    texts = ["".join(rng.choice(list("abc"), rng.integers(1, 12))) for _ in range(200)]
    expected = {text for text in texts if text.encode() in data}
    assert 0 < len(expected) < len(set(texts))
    assert find_texts(data, pa.array(texts)) == expected
