"""Shuffling: the same values in other rows of the stratum, any as likely."""

from collections import Counter

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from skanon import Shuffler
from skanon.exceptions import ColumnError, PrivacyWarning


@given(
    sizes=st.lists(st.integers(2, 9), min_size=1, max_size=9), seed=st.integers(0, 99)
)
def test_values_stay_in_their_stratum(sizes, seed):
    strata = np.repeat(np.arange(len(sizes)), sizes)
    strata = np.random.default_rng(seed).permutation(strata)
    X = pd.DataFrame({"stratum": strata, "value": np.arange(len(strata))})
    out = Shuffler(strata=["stratum"]).fit_transform(X)
    assert (out["stratum"] == X["stratum"]).all()
    assert (X["stratum"][out["value"]].to_numpy() == strata).all()
    assert sorted(out["value"]) == list(range(len(strata)))


def test_all_arrangements_of_a_stratum_are_as_likely():
    state, n_draws = np.random.RandomState(0), 3000
    X = pd.DataFrame({"s": list("aababb"), "v": [0, 1, 10, 2, 11, 12]})
    seen = Counter()
    for _ in range(n_draws):
        out = Shuffler(strata=["s"], random_state=state).fit_transform(X)["v"]
        seen[tuple(out)] += 1
    assert len(seen) == 6 * 6
    share = n_draws / 36
    assert max(abs(n - share) for n in seen.values()) < 5 * np.sqrt(share)


def test_two_rows_may_keep_their_values():
    """Else the one who knows that they never do would send them back."""
    X, state = np.array([[1], [2]]), np.random.RandomState(0)
    firsts = [Shuffler(random_state=state).fit_transform(X)[0, 0] for _ in range(400)]
    assert abs(firsts.count(1) - 200) < 5 * np.sqrt(100)


def test_columns_are_shuffled_independently_unless_together():
    X = np.repeat(np.arange(200)[:, np.newaxis], 2, axis=1)
    apart = Shuffler().fit_transform(X)
    assert (apart[:, 0] == apart[:, 1]).mean() < 0.1
    together = Shuffler(together=True).fit_transform(X)
    assert (together[:, 0] == together[:, 1]).all()
    assert (together != X).mean() > 0.9


def test_shuffles_are_new_each_time_without_a_seed_and_the_same_with_one():
    X = np.arange(100).reshape(50, 2)
    shuffler = Shuffler().fit(X)
    assert (shuffler.transform(X) != shuffler.transform(X)).any()
    shuffler = Shuffler(random_state=1).fit(X)
    np.testing.assert_array_equal(shuffler.transform(X), shuffler.transform(X))


@pytest.mark.parametrize("together", [False, True])
def test_every_kind_of_column_is_shuffled_and_gaps_stay(frame, together):
    X = frame(
        {
            "sex": ["f", "f", None, "m", "m", None, "m"],
            "city": ["A", "B", "C", "D", "E", "F", None],
            "age": [30, 31, 32, 33, 34, 35, None],
        }
    )
    out = Shuffler(strata=["sex"], together=together).fit_transform(X)
    assert type(out) is type(X)
    assert frame.values(out, "sex") == frame.values(X, "sex")
    for name in ("city", "age"):
        before, after = frame.values(X, name), frame.values(out, name)
        assert after[6] is None
        for rows in ((0, 1), (2, 5), (3, 4)):
            assert {after[row] for row in rows} == {before[row] for row in rows}


def test_together_exchanges_with_rows_that_lack_the_same_columns():
    X = pd.DataFrame({"a": [1.0, 2.0, 3.0, np.nan, np.nan], "b": [1.0, 2, 3, 4, 5]})
    out = Shuffler(together=True).fit_transform(X)
    assert sorted(out["b"][3:]) == [4.0, 5.0]
    assert sorted(out["b"][:3]) == [1.0, 2.0, 3.0]
    assert (out["a"][:3] == out["b"][:3]).all()


def test_categories_stay_categories():
    cities = pd.Categorical(["A", "B"], ["A", "B", "C"])
    out = Shuffler().fit_transform(pd.DataFrame({"city": cities}))["city"]
    assert sorted(out) == ["A", "B"]
    assert isinstance(out.dtype, pd.CategoricalDtype)


def test_rows_alone_in_their_stratum_are_warned_of():
    X = pd.DataFrame({"s": [1, 1, 2, 3], "a": [1, 2, 3, 4], "b": [1, 2, 3, None]})
    with pytest.warns(PrivacyWarning, match="^3 values stay as they are"):
        out = Shuffler(strata=["s"]).fit_transform(X)
    assert out["a"].tolist() in ([2, 1, 3, 4], [1, 2, 3, 4])


def test_an_empty_table_is_fine():
    X = pd.DataFrame({"s": ["a", "a"], "a": [1, 2]})
    shuffler = Shuffler(strata=["s"]).fit(X)
    assert shuffler.transform(X.iloc[:0]).shape == (0, 2)


def test_the_columns_worked_on_are_all_but_the_strata():
    X = pd.DataFrame({"a": [1, 2], "s": [1, 1], "b": [3, 4]})
    shuffler = Shuffler(strata=["s"]).fit(X)
    assert shuffler.columns_ == ["a", "b"]
    assert shuffler.strata_ == ["s"]


def test_a_column_among_its_own_strata_is_refused():
    X = pd.DataFrame({"a": [1, 2], "s": [1, 1]})
    with pytest.raises(ColumnError, match="'s' is among both 'columns' and 'strata'"):
        Shuffler(strata=["s"], columns=["a", "s"]).fit(X)


def test_strata_that_do_not_exist_are_refused():
    with pytest.raises(ColumnError, match="'zip'"):
        Shuffler(strata=["zip"]).fit(pd.DataFrame({"a": [1, 2]}))


def test_strata_are_a_list():
    with pytest.raises(ColumnError, match="'strata' of Shuffler must be a list"):
        Shuffler(strata="zip").fit(pd.DataFrame({"zip": [1, 2], "a": [1, 2]}))


@pytest.mark.parametrize("together", [False, True])
@pytest.mark.parametrize("kind", ["polars", "pyarrow"])
def test_nan_is_missing_in_every_kind_of_table(kind, together):
    numbers = [float("nan") if i % 4 == 0 else float(i) for i in range(40)]
    X = pa.table({"a": numbers, "b": numbers})
    X = pytest.importorskip("polars").from_arrow(X) if kind == "polars" else X
    out = np.asarray(Shuffler(together=together).fit_transform(X)["a"])
    np.testing.assert_array_equal(np.isnan(out), np.isnan(numbers))
    assert set(out[~np.isnan(out)]) == {x for x in numbers if x == x}
