"""Patients who do not exist: what the table holds, and what predicts the target."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import roc_auc_score

from skanon import DateGeneralizer
from skanon.datasets import make_patients

COLUMNS = [
    "name",
    "email",
    "phone",
    "client_id",
    "ssn",
    "birth_date",
    "zip_code",
    "sex",
    "city",
    "admission_date",
    "diagnosis",
]

#: From fine to coarse, and by how much each costs in area under the curve at least.
LEVELS = {"year": 0.0, "5years": 0.02, "decade": 0.01, "*": 0.01}


@pytest.fixture(scope="module")
def patients():
    return make_patients(20_000, random_state=0)


@pytest.mark.parametrize("n_samples", [1, 2, 1000, np.int64(7)])
def test_the_table_has_the_rows_asked_for(n_samples):
    X, y = make_patients(n_samples, random_state=0)
    assert X.shape == (n_samples, len(COLUMNS))
    assert y.shape == (n_samples,)
    assert list(X.columns) == COLUMNS
    assert not X.isna().any(axis=None)


def test_the_default_is_a_thousand_rows():
    assert len(make_patients(random_state=0)[0]) == 1000


def test_a_seed_makes_the_same_table_again():
    first, second = (
        make_patients(500, random_state=3),
        make_patients(500, random_state=3),
    )
    pd.testing.assert_frame_equal(first[0], second[0])
    assert first[1].tolist() == second[1].tolist()
    other, _ = make_patients(500, random_state=np.random.RandomState(3))
    pd.testing.assert_frame_equal(first[0], other)
    assert not first[0].equals(make_patients(500, random_state=4)[0])
    assert not first[0].equals(make_patients(500)[0])


def test_identifiers_are_distinct_and_of_their_type(patients):
    X, y = patients
    assert X["client_id"].is_unique
    assert X["ssn"].is_unique
    assert X["client_id"].dtype == np.int64
    assert X["client_id"].between(100_000_000, 999_999_999).all()
    assert y.dtype == np.int64
    assert set(y) == {0, 1}


def test_numbers_come_from_ranges_that_belong_to_nobody(patients):
    X, _ = patients
    assert X["phone"].str.fullmatch(r"\([2-9]\d\d\) 555-01\d\d").all()
    ssn = X["ssn"].str.extract(r"^(9\d\d)-(\d\d)-(\d{4})$").astype(int)
    assert ssn[1].between(1, 49).all()
    assert ssn[2].between(1, 9999).all()
    domain = X["email"].str.extract(r"^[a-z.]+\d{1,4}@(.+)$")[0]
    assert set(domain) == {"example.com", "example.net", "example.org"}


def test_an_address_is_made_of_the_name(patients):
    X, _ = patients
    plain = X[X["name"].map(str.isascii)]
    assert len(plain) > 10_000
    names = plain["name"].str.lower().str.replace("'", "").str.replace(" ", ".")
    assert (plain["email"].str.replace(r"\d+@.*", "", regex=True) == names).all()
    assert X["email"].map(str.isascii).all()


def test_dates_are_iso_text_in_their_ranges(patients):
    X, _ = patients
    born = X["birth_date"].map(dt.date.fromisoformat)
    admitted = X["admission_date"].map(dt.date.fromisoformat)
    assert born.between(dt.date(1930, 1, 1), dt.date(2019, 12, 31)).all()
    assert admitted.between(dt.date(2023, 1, 1), dt.date(2025, 12, 31)).all()


def test_places_agree(patients):
    X, _ = patients
    assert X["zip_code"].str.fullmatch(r"[1-8][0-3]\d{3}").all()
    assert X.groupby("city")["zip_code"].apply(lambda z: z.str[:2].nunique()).max() == 1
    assert X["city"].nunique() == 32
    assert set(X["sex"]) == {"female", "male"}


def test_women_and_men_are_told_apart_by_their_first_names(patients):
    X, _ = patients
    first = X["name"].str.split().str[0]
    assert X.groupby(first)["sex"].nunique().max() == 1


def rates(y, by):
    grouped = pd.Series(y).groupby(np.asarray(by))
    return grouped.mean()[grouped.size() > 200]


def test_the_target_depends_on_age_region_and_diagnosis(patients):
    X, y = patients
    decade = X["birth_date"].str[:3]
    for by in (decade, X["zip_code"].str[0], X["diagnosis"]):
        spread = rates(y, by)
        assert spread.max() - spread.min() > 0.15


def test_the_target_does_not_depend_on_who_somebody_is(patients):
    X, y = patients
    for by in (X["sex"], X["client_id"] % 10, X["phone"].str[-1]):
        spread = rates(y, by)
        assert spread.max() - spread.min() < 0.06


def area_under_curve(X, y):
    model = HistGradientBoostingClassifier(random_state=0, max_iter=60)
    half = len(X) // 2
    scores = model.fit(X[:half], y[:half]).predict_proba(X[half:])[:, 1]
    return roc_auc_score(y[half:], scores)


def test_each_coarser_level_of_the_birth_date_costs_accuracy(patients):
    X, y = patients
    codes = X[["city", "diagnosis"]].apply(lambda column: pd.factorize(column)[0])
    before = None
    for level, cost in LEVELS.items():
        period = DateGeneralizer(level=level).fit_transform(X[["birth_date"]])
        table = codes.assign(born=pd.factorize(period["birth_date"], sort=True)[0])
        score = area_under_curve(table, y)
        assert before is None or score < before - cost
        before = score


@pytest.mark.parametrize("n_samples", [0, -1, 1.0, "10", None, True, 48_995_101])
def test_a_bad_number_of_rows_is_refused(n_samples):
    with pytest.raises(ValueError, match="'n_samples' of make_patients must be an int"):
        make_patients(n_samples)
