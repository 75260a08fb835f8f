"""Rank swapping: the same values, in other rows, not far away."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from skanon import RankSwapper
from skanon.exceptions import ColumnTypeError, PrivacyWarning


def moves(ranks, **parameters):
    """Return by how many ranks each value of a column of ranks moved."""
    out = RankSwapper(**parameters).fit_transform(ranks[:, np.newaxis])[:, 0]
    assert sorted(out) == sorted(ranks)
    return np.abs(out - ranks)


@given(
    n=st.integers(2, 300),
    p=st.floats(0.001, 1),
    seed=st.integers(0, 2**31),
)
def test_each_value_moves_but_not_too_far(n, p, seed):
    ranks = np.random.default_rng(seed).permutation(n)
    distances = moves(ranks, p=p)
    assert distances.min() >= 1
    assert distances.max() <= max(2, int(p * n))


def test_values_move_a_third_of_the_way_on_average():
    distances = moves(np.arange(20_000), p=0.01)
    assert distances.mean() == pytest.approx(200 / 3, rel=0.1)
    assert 190 < distances.max() <= 200


def test_runs_begin_anywhere():
    """Values next to each other are parted as often, wherever they are."""
    exchanged, state = np.zeros(30, bool), np.random.RandomState(0)
    X = np.arange(30.0)[:, np.newaxis]
    for _ in range(200):
        out = RankSwapper(p=0.1, random_state=state).fit_transform(X)[:, 0]
        exchanged[np.flatnonzero(out == np.arange(30) + 1)] = True
    assert exchanged[:-1].all()


def test_columns_are_swapped_independently(rng):
    X = np.repeat(rng.normal(size=(500, 1)), 2, axis=1)
    out = RankSwapper(p=0.1).fit_transform(X)
    assert (out[:, 0] == out[:, 1]).mean() < 0.2
    assert np.corrcoef(out.T)[0, 1] > 0.9


def test_swaps_are_new_each_time_without_a_seed_and_the_same_with_one(rng):
    X = rng.normal(size=(50, 2))
    swapper = RankSwapper().fit(X)
    assert (swapper.transform(X) != swapper.transform(X)).any()
    swapper = RankSwapper(random_state=1).fit(X)
    np.testing.assert_array_equal(swapper.transform(X), swapper.transform(X))


def test_every_kind_of_column_is_swapped_and_gaps_stay(frame):
    X = frame(
        {
            "age": [30, None, 50, 60, 70],
            "name": ["e", "d", None, "b", "a"],
            "kept": [1, 2, 3, 4, 5],
        }
    )
    out = RankSwapper(columns=["age", "name"]).fit_transform(X)
    assert type(out) is type(X)
    for column, gap in (("age", 1), ("name", 2)):
        before, after = frame.values(X, column), frame.values(out, column)
        assert after[gap] is None
        del before[gap], after[gap]
        assert sorted(after) == sorted(before)
        assert all(a != b for a, b in zip(before, after, strict=True))
    assert frame.values(out, "kept") == [1, 2, 3, 4, 5]


def test_ordered_categories_are_swapped_in_their_order():
    order = ["none", "low", "middle", "high", "top"]
    grades = pd.Categorical(np.repeat(order, 40), order, ordered=True)
    out = RankSwapper(p=0.05).fit_transform(pd.DataFrame({"grade": grades}))["grade"]
    assert out.dtype == grades.dtype
    assert np.abs(out.cat.codes.to_numpy() - grades.codes).max() == 1


@pytest.mark.parametrize("ordered", [False, True])
def test_missing_categories_stay_where_they_are(ordered):
    codes, words = pa.array([0, 1, 2, None, 1, 2]), pa.array(["low", None, "high"])
    grades = pa.DictionaryArray.from_arrays(codes, words, ordered=ordered)
    out = RankSwapper().fit_transform(pa.table({"grade": grades}))["grade"]
    expected = ["high", None, "low", None, None, "high"]
    assert out.to_pylist() in (expected, [*expected[:2], "high", *expected[3:5], "low"])


def test_a_value_alone_stays_and_is_warned_of():
    X = pd.DataFrame({"a": [5.0, np.nan], "b": [1.0, 2.0]})
    with pytest.warns(PrivacyWarning, match="'a' has one value") as caught:
        out = RankSwapper().fit_transform(X)
    assert len(caught) == 1
    assert out["a"][0] == 5.0
    assert out["b"].tolist() == [2.0, 1.0]


@pytest.mark.parametrize("p", [0, -0.1, 1.1])
def test_a_share_outside_0_to_1_is_refused(p):
    with pytest.raises(ValueError, match="'p' parameter"):
        RankSwapper(p=p).fit([[1.0], [2.0]])


def test_values_without_an_order_are_refused():
    X = pa.table({"pair": [[1, 2], [3]]})
    with pytest.raises(ColumnTypeError, match="'pair' has Arrow type list"):
        RankSwapper().fit(X)


@pytest.mark.parametrize("kind", ["polars", "pyarrow"])
def test_nan_is_missing_in_every_kind_of_table(kind):
    numbers = [float("nan") if i % 4 == 0 else float(i) for i in range(40)]
    X = pa.table({"a": numbers})
    X = pytest.importorskip("polars").from_arrow(X) if kind == "polars" else X
    out = np.asarray(RankSwapper(p=1.0).fit_transform(X)["a"])
    np.testing.assert_array_equal(np.isnan(out), np.isnan(numbers))
    assert set(out[~np.isnan(out)]) == {x for x in numbers if x == x}
