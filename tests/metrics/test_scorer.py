"""Metrics of privacy as scorers of transformers and pipelines."""

import pickle
from functools import partial

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.base import clone
from sklearn.compose import ColumnTransformer
from sklearn.model_selection import GridSearchCV, KFold, cross_validate
from sklearn.naive_bayes import MultinomialNB
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder

from skanon import MaskingTransformer
from skanon.metrics import (
    alpha_k_anonymity,
    k_anonymity,
    l_diversity,
    make_privacy_scorer,
    t_closeness,
)

PEOPLE = pd.DataFrame(
    {
        "zip": ["D80331", "D80332", "D80339", "D10115", "D10117", "D10119"] * 4,
        "illness": ["flu", "gout", "flu", "gout", "flu", "cold"] * 4,
    }
)
TARGET = np.arange(24) % 2
ZIP = {"quasi_identifiers": ["zip"]}


def zip_digits(keep_first, **parameters):
    return MaskingTransformer(columns=["zip"], keep_first=keep_first, **parameters)


def pipeline(keep_first=3):
    return Pipeline(
        [
            ("mask", zip_digits(keep_first)),
            ("encode", OneHotEncoder(handle_unknown="ignore")),
            ("predict", MultinomialNB()),
        ]
    )


def test_a_transformer_is_applied_before_the_table_is_measured():
    scorer = make_privacy_scorer(k_anonymity, **ZIP)
    assert scorer(FunctionTransformer().fit(PEOPLE), PEOPLE) == 4
    assert scorer(zip_digits(3).fit(PEOPLE), PEOPLE) == 12


def test_a_pipeline_is_applied_up_to_its_last_anonymizing_step():
    scorer = make_privacy_scorer(k_anonymity, **ZIP)
    assert scorer(pipeline().fit(PEOPLE, TARGET), PEOPLE, TARGET) == 12


@pytest.mark.parametrize("steps", ["mask", 1])
def test_the_last_step_may_be_named_or_counted(steps):
    scorer = make_privacy_scorer(k_anonymity, **ZIP, steps=steps)
    assert scorer(pipeline().fit(PEOPLE, TARGET), PEOPLE) == 12


def test_an_anonymizer_inside_a_column_transformer_is_found():
    inside = ColumnTransformer(
        [("mask", zip_digits(3), ["zip"])], remainder="passthrough"
    ).set_output(transform="pandas")
    model = make_pipeline(inside, OneHotEncoder(), MultinomialNB()).fit(PEOPLE, TARGET)
    scorer = make_privacy_scorer(k_anonymity, quasi_identifiers=["mask__zip"])
    assert scorer(model, PEOPLE) == 12


def test_passthrough_steps_are_skipped():
    model = Pipeline(
        [("nothing", "passthrough"), ("mask", zip_digits(3)), ("after", "passthrough")]
    )
    assert make_privacy_scorer(k_anonymity, **ZIP)(model.fit(PEOPLE), PEOPLE) == 12


def test_greater_is_better_for_every_scorer():
    about = {**ZIP, "sensitive": "illness"}
    coarse = zip_digits(0).fit(PEOPLE)
    fine = FunctionTransformer().fit(PEOPLE)
    for metric in (k_anonymity, l_diversity, t_closeness):
        options = ZIP if metric is k_anonymity else about
        scorer = make_privacy_scorer(metric, **options)
        assert scorer(coarse, PEOPLE) > scorer(fine, PEOPLE)


def test_a_metric_with_options_bound_keeps_its_direction():
    bound = partial(partial(t_closeness, sensitive="illness"), distance="equal")
    scorer = make_privacy_scorer(bound, **ZIP)
    assert scorer(FunctionTransformer().fit(PEOPLE), PEOPLE) < 0
    assert repr(scorer).startswith("make_privacy_scorer(t_closeness")


def test_the_direction_of_another_metric_can_be_said():
    def records(X, *, quasi_identifiers):
        return len(X)

    assert make_privacy_scorer(records, **ZIP)(zip_digits(3).fit(PEOPLE), PEOPLE) == 24
    less = make_privacy_scorer(records, **ZIP, greater_is_better=False)
    assert less(zip_digits(3).fit(PEOPLE), PEOPLE) == -24


def test_further_options_reach_the_metric():
    scorer = make_privacy_scorer(
        l_diversity, **ZIP, sensitive="illness", kind="entropy"
    )
    masked = zip_digits(3).fit(PEOPLE)
    expected = l_diversity(
        masked.transform(PEOPLE), **ZIP, sensitive="illness", kind="entropy"
    )
    assert scorer(masked, PEOPLE) == expected


def test_a_grid_search_reports_privacy_beside_accuracy():
    search = GridSearchCV(
        pipeline(),
        {"mask": [zip_digits(1), zip_digits(3), FunctionTransformer()]},
        scoring={
            "k": make_privacy_scorer(k_anonymity, **ZIP, steps="mask"),
            "accuracy": "accuracy",
        },
        refit="accuracy",
        cv=KFold(2),
    ).fit(PEOPLE, TARGET)
    assert search.cv_results_["mean_test_k"].tolist() == [12, 6, 2]


def search_of(n_jobs):
    """Return a search over an anonymizer inside a ColumnTransformer."""
    inside = ColumnTransformer(
        [("zip", zip_digits(3), ["zip"])],
        remainder="passthrough",
        verbose_feature_names_out=False,
    ).set_output(transform="pandas")
    about = {**ZIP, "sensitive": "illness"}
    return GridSearchCV(
        make_pipeline(inside, OneHotEncoder(handle_unknown="ignore"), MultinomialNB()),
        {"columntransformer__zip__keep_first": [1, 3]},
        scoring={
            "k": make_privacy_scorer(k_anonymity, **ZIP),
            "l": make_privacy_scorer(l_diversity, **about),
            "t": make_privacy_scorer(t_closeness, **about),
            "accuracy": "accuracy",
        },
        refit="k",
        cv=KFold(2),
        n_jobs=n_jobs,
    )


def test_a_search_in_other_processes_finds_the_same():
    here, there = search_of(1), search_of(2)
    for search in (here, there):
        clone(search).fit(PEOPLE, TARGET)
        search.fit(PEOPLE, TARGET)
    for name in ("k", "l", "t", "accuracy"):
        column = f"mean_test_{name}"
        assert here.cv_results_[column].tolist() == there.cv_results_[column].tolist()
    assert there.cv_results_["mean_test_k"].tolist() == [12, 6]
    assert there.best_params_ == {"columntransformer__zip__keep_first": 1}


def test_a_fold_without_a_record_left_has_a_finite_score():
    hidden = FunctionTransformer(lambda X: X.assign(zip=None))
    search = GridSearchCV(
        Pipeline([("hide", hidden)]),
        {"hide": [hidden, FunctionTransformer()]},
        scoring={"k": make_privacy_scorer(k_anonymity, **ZIP, steps="hide")},
        refit="k",
        cv=KFold(2),
    ).fit(PEOPLE)
    assert search.cv_results_["mean_test_k"].tolist() == [12, 2]


def test_what_a_search_found_is_measured_on_the_whole_table():
    search = search_of(1).fit(PEOPLE, TARGET)
    scorer = make_privacy_scorer(k_anonymity, **ZIP)
    assert scorer(search, PEOPLE) == scorer(search.best_estimator_, PEOPLE) == 24
    folds = cross_validate(search, PEOPLE, TARGET, cv=2, scoring={"k": scorer})
    assert folds["test_k"].tolist() == [12, 12]


@settings(deadline=None, max_examples=30)
@given(
    st.lists(
        st.tuples(st.sampled_from(["a1", "a2", "b1", "b2"]), st.sampled_from("xyz")),
        min_size=4,
        max_size=40,
    ),
    st.integers(2, 4),
    st.integers(0, 2),
)
def test_the_smallest_k_over_folds_never_exceeds_that_of_the_table(rows, n, kept):
    table = pd.DataFrame(rows, columns=["zip", "illness"])
    recoding = zip_digits(kept).fit(table)
    folds = [test for _, test in KFold(n).split(table)]
    for metric, options in (
        (k_anonymity, ZIP),
        (l_diversity, {**ZIP, "sensitive": "illness"}),
    ):
        scorer = make_privacy_scorer(metric, **options)
        smallest = min(scorer(recoding, table.iloc[fold]) for fold in folds)
        assert smallest <= scorer(recoding, table)


def test_a_scorer_can_be_pickled_and_says_what_it_is():
    scorer = make_privacy_scorer(
        t_closeness, **ZIP, sensitive="illness", steps="mask", distance="equal"
    )
    assert pickle.loads(pickle.dumps(scorer)) == scorer
    assert repr(scorer) == (
        "make_privacy_scorer(t_closeness, quasi_identifiers=['zip'], "
        "sensitive='illness', distance='equal', steps='mask')"
    )


def test_what_cannot_anonymize_is_refused():
    scorer = make_privacy_scorer(k_anonymity, **ZIP)
    counts = np.ones((4, 2))
    with pytest.raises(TypeError, match="MultinomialNB has no method transform"):
        scorer(MultinomialNB().fit(counts, [0, 1, 0, 1]), counts)
    other = make_pipeline(FunctionTransformer(), OneHotEncoder()).fit(PEOPLE)
    with pytest.raises(
        ValueError, match=r"None of the steps .* of the pipeline is ska"
    ):
        scorer(other, PEOPLE)


@pytest.mark.parametrize("steps", ["unmask", 0, 4, 1.5])
def test_a_step_that_is_not_there_is_refused(steps):
    scorer = make_privacy_scorer(k_anonymity, **ZIP, steps=steps)
    with pytest.raises(ValueError, match="'steps' of a privacy scorer must be one of"):
        scorer(pipeline().fit(PEOPLE, TARGET), PEOPLE)


def test_a_metric_returns_a_number():
    scorer = make_privacy_scorer(alpha_k_anonymity, **ZIP, sensitive="illness")
    with pytest.raises(TypeError, match="alpha_k_anonymity returned tuple"):
        scorer(zip_digits(3).fit(PEOPLE), PEOPLE)
    with pytest.raises(
        TypeError, match="'metric' of make_privacy_scorer must be a fun"
    ):
        make_privacy_scorer("k_anonymity", **ZIP)
