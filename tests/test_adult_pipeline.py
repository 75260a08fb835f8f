"""The demo's pipeline on real people: Adult, from the census of 1994."""

import pickle

import numpy as np
import pandas as pd
import pytest

from skanon import SecretKey
from skanon.cli._demo_pipeline import (
    LEVELS,
    QUASI_IDENTIFIERS,
    make_pipeline,
    search_level,
    smallest_classes,
)
from skanon.datasets import make_patients
from skanon.metrics import k_anonymity

pytest.importorskip("faker", reason="the demo needs the extra [fake]")

CENSUS_YEAR = 1994


@pytest.fixture(scope="module")
def adult(shared):
    """Return Adult with the columns of patients; invented are its identifiers only."""
    found = pd.read_csv(shared / "arx" / "adult.csv", sep=";")
    X, _ = make_patients(len(found), random_state=0)
    X["birth_date"] = (CENSUS_YEAR - found["age"]).astype(str) + "-07-01"
    X["sex"] = found["sex"]
    X["city"] = found["native-country"]
    X["diagnosis"] = found["occupation"]
    return X, (found["salary-class"] == ">50K").to_numpy()


@pytest.fixture(scope="module")
def search(adult):
    X, y = adult
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ADULT_KEY", SecretKey(bytes(range(32))).to_text())
        pipeline = make_pipeline(SecretKey.from_env("ADULT_KEY"))
        smallest = smallest_classes(X)
        yield search_level(pipeline, X, y, smallest=smallest, k=5)


def test_every_level_predicts_income_and_coarser_ones_worse(search):
    scores = search.cv_results_["mean_test_score"]
    assert 0.6 < scores[-1] < scores[0] < 0.9
    assert (np.diff(scores) < 0.002).all()


def test_the_classes_are_those_that_pandas_counts(adult, search):
    X, _ = adult
    table = search.best_estimator_["anonymize"].transform(X)
    sizes = table.groupby(list(QUASI_IDENTIFIERS)).size()
    k = k_anonymity(table, quasi_identifiers=QUASI_IDENTIFIERS)
    assert k == sizes.min() == smallest_classes(X)[search.best_index_]
    # One man and one woman alone come from some countries: no level reaches 5.
    assert LEVELS[search.best_index_] == "*"


def test_no_identifier_survives_but_rows_can_be_joined(adult, search):
    X, _ = adult
    table = search.best_estimator_["anonymize"].transform(X)
    for name in ("name", "email", "client_id", "ssn"):
        assert not set(table[name]) & set(X[name])
    assert table["ssn"].nunique() == len(X)
    assert table["diagnosis"].tolist() == X["diagnosis"].tolist()


def test_the_pickled_pipeline_predicts_the_same(adult, search):
    X, _ = adult
    pipeline = pickle.loads(pickle.dumps(search.best_estimator_))
    expected = search.best_estimator_.predict_proba(X)
    assert (pipeline.predict_proba(X) == expected).all()
