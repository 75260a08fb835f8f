"""Two ways to find the classes that match where missing values match every value."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from skanon._groups import _pair_matcher
from skanon._groups._matching import make_matcher
from skanon._groups._pair_matcher import PairMatcher
from skanon._groups._pattern_matcher import PatternMatcher

#: The codes of classes in three columns; 2 is missing in the first two.
CLASSES = st.lists(
    st.tuples(st.integers(0, 2), st.integers(0, 2), st.integers(0, 1)),
    min_size=1,
    max_size=12,
    unique=True,
)
MISSING = [2, 2, None]


def matchers(rows):
    codes = [np.array(column) for column in zip(*rows, strict=True)]
    return PatternMatcher(codes, [3, 3, 2], MISSING), PairMatcher(codes, MISSING)


def match(row, other):
    pairs = zip(row, other, MISSING, strict=True)
    return all(a == b or gap in (a, b) for a, b, gap in pairs)


def lacks(row, other):
    pairs = zip(row, other, MISSING, strict=True)
    return any(a != gap and b == gap for a, b, gap in pairs if gap is not None)


@given(CLASSES, st.sampled_from([0, 0.3, 1]), st.sampled_from([1, 0.25]))
def test_both_sum_over_the_classes_that_match(rows, alpha, unit):
    numbers = unit * np.arange(1, len(rows) + 1)
    expected = [
        sum(
            number * (alpha if lacks(row, other) else 1)
            for number, other in zip(numbers, rows, strict=True)
            if match(row, other)
        )
        for row in rows
    ]
    for matcher in matchers(rows):
        found = matcher.sum(numbers, alpha)
        assert found == pytest.approx(expected)
        is_whole = numbers.dtype.kind == "i" and alpha in (0, 1)
        assert (found.dtype.kind == "i") == is_whole


@given(CLASSES, st.data())
def test_both_join_the_histograms_of_the_classes_that_match(rows, data):
    n = len(rows)
    values = np.array(data.draw(st.lists(st.integers(0, 4), min_size=n, max_size=n)))
    counts = np.arange(1, n + 1)
    expected = {}
    for i, row in enumerate(rows):
        for other, value, count in zip(rows, values, counts, strict=True):
            if match(row, other):
                expected[i, value] = expected.get((i, value), 0) + count
    for matcher in matchers(rows):
        classes, joined, sums = matcher.join(np.arange(n), values, counts, 5)
        found = dict(zip(zip(classes, joined, strict=True), sums, strict=True))
        assert found == expected
        assert list(found) == sorted(found)
        assert sums.dtype == counts.dtype


def test_pairs_are_compared_in_blocks(monkeypatch):
    rng = np.random.default_rng(0)
    codes = list(rng.integers(0, 3, (3, 50)))
    whole = PairMatcher(codes, [2, 2, None]).sum(np.arange(50))
    monkeypatch.setattr(_pair_matcher, "MAX_PAIRS", 120)
    assert (
        PairMatcher(codes, [2, 2, None]).sum(np.arange(50)).tolist() == whole.tolist()
    )


def test_few_patterns_are_grouped_and_many_are_compared():
    rng = np.random.default_rng(0)
    few = list(rng.integers(0, 3, (2, 1000)))
    assert isinstance(make_matcher(few, [3, 3], [2, 2]), PatternMatcher)
    many = list(rng.integers(0, 3, (20, 1000)))
    assert isinstance(make_matcher(many, [3] * 20, [2] * 20), PairMatcher)
