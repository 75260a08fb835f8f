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

from skanon import MaskingTransformer, metrics
from skanon.metrics import (
    alpha_k_anonymity,
    beta_likeness,
    k_anonymity,
    k_map,
    l_diversity,
    make_privacy_scorer,
    prosecutor_risk,
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


SOME = pd.DataFrame(
    {
        "zip": ["D80331", "D80332", "D80339", "D80339", "D10115", "D10117", "D10117"],
        "illness": ["flu", "gout", "flu", "gout", "flu", "gout", "gout"],
    }
)
ABOUT = {"sensitive": "illness"}
PART = {"sampling_fraction": 0.1}


def among_all(transformer):
    """Return the table twice as the population, recoded alike."""
    return {"population": transformer.transform(pd.concat([SOME, SOME]))}


#: Each metric of one table and one number, or with one among the attributes of its
#: result, and what options it needs, given the recoding.
SCORED = [
    ("k_anonymity", None, {}),
    ("l_diversity", None, ABOUT),
    ("t_closeness", None, ABOUT),
    ("beta_likeness", None, ABOUT),
    ("delta_disclosure", None, ABOUT),
    ("sample_uniqueness", None, {}),
    ("population_uniqueness", None, PART),
    ("k_map", None, among_all),
    ("prosecutor_risk", "highest", {}),
    ("prosecutor_risk", "lowest", {}),
    ("prosecutor_risk", "average", {}),
    ("prosecutor_risk", "success_rate", {}),
    ("journalist_risk", "average", among_all),
    ("marketer_risk", "success_rate", among_all),
    ("model_risk", "sample_uniques", PART),
    ("model_risk", "population_uniques", PART),
    ("model_risk", "correct_matches", PART),
    ("risk_summary", "smallest_class", {}),
    ("risk_summary", "sample_uniqueness", {}),
    ("risk_summary", "population_uniqueness", PART),
]

#: What is no privacy of one table in one number, and why.
NOT_SCORED = {
    "no measure": "assert_privacy equivalence_classes make_privacy_scorer",
    "a pair": "alpha_k_anonymity delta_presence",
    "one number for each record, class or set of columns": (
        "class_frequencies individual_risk quasi_identifier_ranking suda2"
    ),
    "of risks, not of a table": (
        "expected_reidentifications global_risk household_risk risk_threshold"
    ),
    "a loss": (
        "ambiguity average_class_size discernibility entropy_based_loss granularity "
        "height il1 il1s kl_divergence loss ncp non_uniform_entropy precision "
        "record_linkage_risk"
    ),
}


def test_every_metric_is_known_to_be_a_scorer_or_not():
    public = {name for name in metrics.__all__ if name.islower()}
    others = {name for names in NOT_SCORED.values() for name in names.split()}
    assert {name for name, _, _ in SCORED} | others == public


@pytest.mark.parametrize(("name", "attribute", "options"), SCORED)
def test_greater_is_better_for_every_scorer(name, attribute, options):
    def score(transformer):
        given = options(transformer) if callable(options) else options
        metric = getattr(metrics, name)
        scorer = make_privacy_scorer(metric, **ZIP, attribute=attribute, **given)
        return scorer(transformer, SOME)

    coarse, middle = zip_digits(0).fit(SOME), zip_digits(2).fit(SOME)
    fine = FunctionTransformer().fit(SOME)
    assert score(coarse) >= score(middle) >= score(fine)
    assert score(coarse) > score(fine)


def test_a_result_of_several_numbers_is_scored_by_the_one_that_is_named():
    scorer = make_privacy_scorer(prosecutor_risk, **ZIP, attribute="average")
    masked = zip_digits(2).fit(SOME)
    assert (
        scorer(masked, SOME) == -prosecutor_risk(masked.transform(SOME), **ZIP).average
    )
    assert repr(scorer) == (
        "make_privacy_scorer(prosecutor_risk, quasi_identifiers=['zip'], "
        "attribute='average')"
    )


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


def test_a_fold_that_no_beta_fits_has_a_finite_score():
    about = {**ZIP, **ABOUT, "enhanced": True}
    assert beta_likeness(SOME, **about) == np.inf
    scorer = make_privacy_scorer(beta_likeness, **about)
    assert scorer(FunctionTransformer().fit(SOME), SOME) == -len(SOME)


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


def test_a_scorer_shows_no_cell_of_a_population():
    scorer = make_privacy_scorer(k_map, **ZIP, population=SOME)
    assert repr(scorer) == (
        "make_privacy_scorer(k_map, quasi_identifiers=['zip'], population=<DataFrame>)"
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
    with pytest.raises(TypeError, match=r"alpha_k_anonymity returned tuple\. Name"):
        scorer(zip_digits(3).fit(PEOPLE), PEOPLE)
    scorer = make_privacy_scorer(prosecutor_risk, **ZIP, attribute="records_at_risk")
    with pytest.raises(TypeError, match="AttackerRisk, whose 'records_at_risk' is no"):
        scorer(zip_digits(3).fit(PEOPLE), PEOPLE)
    with pytest.raises(
        TypeError, match="'metric' of make_privacy_scorer must be a fun"
    ):
        make_privacy_scorer("k_anonymity", **ZIP)
