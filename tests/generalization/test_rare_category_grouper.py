"""Rare categories become one group, or missing."""

import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder
from sklearn.tree import DecisionTreeClassifier

from skanon import RareCategoryGrouper
from skanon.exceptions import ColumnTypeError, PrivacyWarning

JOBS = [*["baker"] * 5, *["smith"] * 3, "queen", "bishop", "pope", None]


def test_rare_categories_become_one_group(frame):
    X = frame({"job": JOBS})
    out = RareCategoryGrouper(min_count=3).fit_transform(X)
    expected = [*["baker"] * 5, *["smith"] * 3, *["other"] * 3, None]
    assert frame.values(out, "job") == expected


def test_rare_categories_become_missing(frame):
    X = frame({"job": JOBS})
    out = RareCategoryGrouper(min_count=4, group_label=None).fit_transform(X)
    assert frame.values(out, "job") == [*["baker"] * 5, *[None] * 7]


@pytest.mark.parametrize(("share", "n_kept"), [(0.2, 2), (0.28, 1), (0.5, 0)])
def test_a_frequency_is_a_share_of_the_rows_that_are_not_missing(share, n_kept):
    grouper = RareCategoryGrouper(min_frequency=share).fit(pd.DataFrame({"job": JOBS}))
    assert grouper.n_kept_ == [n_kept]


@pytest.mark.parametrize("count", range(1, 100))
def test_a_category_of_just_the_share_is_kept(count):
    X = pd.DataFrame({"a": ["x"] * (100 - count) + ["y"] * count})
    share = count / 100
    shares = X["a"].value_counts(normalize=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PrivacyWarning)
        out = RareCategoryGrouper(min_frequency=share).fit_transform(X)["a"]
    kept = shares.index[shares >= share]
    assert out.tolist() == X["a"].where(X["a"].isin(kept), "other").tolist()


def test_weights_that_make_a_whole_number_count_as_it():
    X = pd.DataFrame({"a": ["x"] * 10})
    grouper = RareCategoryGrouper(min_count=1).fit(X, sample_weight=[0.1] * 10)
    assert grouper.n_kept_ == [1]


def test_a_category_seen_for_the_first_time_is_rare(frame):
    grouper = RareCategoryGrouper(min_count=3).fit(frame({"job": JOBS}))
    out = grouper.transform(frame({"job": ["clown", "smith", "pope", None]}))
    assert frame.values(out, "job") == ["other", "smith", "other", None]


def test_rare_numbers_become_missing_and_numbers_stay_numbers():
    X = pd.DataFrame({"n": [1, 1, 2], "b": [True, True, False]})
    out = RareCategoryGrouper(min_count=2).fit_transform(X)
    assert out["n"].tolist()[:2] == [1, 1]
    assert out.isna().to_numpy().tolist() == [[False] * 2, [False] * 2, [True] * 2]
    kept = RareCategoryGrouper(min_count=1).fit_transform(X)
    pd.testing.assert_frame_equal(kept, X, check_dtype=False)


def test_rare_numbers_do_not_change_the_dtype():
    grouper = RareCategoryGrouper(min_count=2).fit(pd.DataFrame({"n": [1, 1, 2]}))
    folds = ([1, 1], [1, 2], [3])
    dtypes = {grouper.transform(pd.DataFrame({"n": fold}))["n"].dtype for fold in folds}
    assert dtypes == {pd.Int64Dtype()}


def test_a_number_is_found_again_in_another_dtype():
    grouper = RareCategoryGrouper(min_count=2).fit(pd.DataFrame({"n": [1, 1, 2]}))
    out = grouper.transform(pd.DataFrame({"n": [1.0, np.nan, 2.0]}))
    np.testing.assert_array_equal(out["n"], [1, np.nan, np.nan])
    tenths = pd.DataFrame({"n": [0.1, 0.1, 0.5]})
    out = grouper.fit(tenths).transform(tenths.astype(np.float32))["n"]
    np.testing.assert_array_equal(out.isna(), [False, False, True])


def test_a_categorical_column_is_grouped_by_its_categories():
    X = pd.DataFrame({"job": pd.Categorical(JOBS, categories=[*set(JOBS[:-1]), "x"])})
    out = RareCategoryGrouper(min_count=3).fit_transform(X)["job"]
    assert set(out.cat.categories) == {"baker", "smith", "other"}


@pytest.mark.parametrize("label", ["other", "smith", None])
def test_the_categories_are_those_that_fit_knows(label):
    X = pd.DataFrame({"job": pd.Categorical(JOBS)})
    grouper = RareCategoryGrouper(min_count=3, group_label=label).fit(X)
    dtype = grouper.transform(X)["job"].dtype
    assert set(dtype.categories) == {"baker", "smith", label} - {None}
    for jobs in (["baker"], ["clown", None], [None]):
        batch = pd.DataFrame({"job": pd.Categorical(jobs, ["baker", "clown"])})
        assert grouper.transform(batch)["job"].dtype == dtype


def test_no_category_is_kept_of_which_no_row_was_seen():
    X = pd.DataFrame({"a": pd.Categorical([None], categories=["x"])})
    grouper = RareCategoryGrouper(min_frequency=0.1).fit(X)
    assert grouper.n_kept_ == [0]


def test_a_label_that_is_set_later_counts_from_the_next_fit():
    X = pd.DataFrame({"job": JOBS})
    grouper = RareCategoryGrouper(min_count=3).fit(X).set_params(group_label="rest")
    assert set(grouper.transform(X)["job"].dropna()) == {"baker", "smith", "other"}
    assert set(grouper.fit_transform(X)["job"].dropna()) == {"baker", "smith", "rest"}


def test_a_small_group_is_warned_of():
    X = pd.DataFrame({"job": ["baker"] * 4 + ["pope"]})
    with pytest.warns(
        PrivacyWarning, match="'job': the group of rare .* has fewer rows"
    ):
        RareCategoryGrouper(min_count=3).fit(X)
    RareCategoryGrouper(min_count=3, group_label=None).fit(X)


@given(
    st.lists(
        st.tuples(st.sampled_from("abcde"), st.integers(0, 6)), min_size=1, max_size=12
    ).filter(lambda rows: any(count for _, count in rows)),
    st.integers(1, 8),
)
def test_counts_of_distinct_rows_group_what_the_full_table_groups(rows, least):
    values, counts = zip(*rows, strict=True)
    X = pd.DataFrame({"a": values})
    full = X.loc[X.index.repeat(list(counts))]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PrivacyWarning)
        by_counts = RareCategoryGrouper(min_count=least).fit(X, sample_weight=counts)
        by_rows = RareCategoryGrouper(min_count=least).fit(full)
    pd.testing.assert_frame_equal(by_counts.transform(X), by_rows.transform(X))


@given(st.lists(st.sampled_from("abcdefgh"), min_size=1), st.integers(1, 6))
def test_every_category_that_is_left_has_its_rows_or_a_warning_came(values, least):
    X = pd.DataFrame({"a": values})
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        out = RareCategoryGrouper(min_count=least).fit_transform(X)["a"]
    assert caught or out.value_counts().min() >= least


def test_rare_categories_are_not_remembered():
    state = str(vars(RareCategoryGrouper(min_count=3).fit(pd.DataFrame({"a": JOBS}))))
    assert "baker" in state
    assert "bishop" not in state


def test_the_count_can_be_searched():
    X = pd.DataFrame({"job": ["baker"] * 30 + ["smith"] * 15})
    pipeline = make_pipeline(
        RareCategoryGrouper(), OneHotEncoder(), DecisionTreeClassifier()
    )
    search = GridSearchCV(pipeline, {"rarecategorygrouper__min_count": [25, 2]}, cv=3)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PrivacyWarning)
        search.fit(X, X["job"] == "baker")
    assert search.best_params_ == {"rarecategorygrouper__min_count": 2}


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"min_count": 2, "min_frequency": 0.1}, "takes one of 'min_count' and"),
        ({"min_count": 0}, "The 'min_count' parameter .* must be an int"),
        ({"min_frequency": 1.5}, "The 'min_frequency' parameter .* must be a float"),
    ],
)
def test_bad_parameters_are_refused(parameters, message):
    with pytest.raises(ValueError, match=message):
        RareCategoryGrouper(**parameters).fit(pd.DataFrame({"job": JOBS}))


def test_values_that_have_no_text_are_refused():
    X = pd.DataFrame({"a": [b"x", b"y"]})
    fitted = RareCategoryGrouper(min_count=1).fit(pd.DataFrame({"a": ["x", "y"]}))
    for method in (fitted.transform, fitted.fit):
        with pytest.raises(
            ColumnTypeError, match=r"Column 'a': values of Arrow type .*binary"
        ):
            method(X)
