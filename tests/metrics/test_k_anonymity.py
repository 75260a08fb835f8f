"""k-anonymity as a number."""

import math

import numpy as np
import pytest

from skanon.exceptions import ColumnError
from skanon.metrics import k_anonymity

PEOPLE = {
    "age": [30, 30, 40, None, 30],
    "city": ["Bonn", "Bonn", "Kobe", "Kobe", None],
    "illness": ["flu", "flu", "gout", "flu", "gout"],
}


def test_k_is_the_size_of_the_smallest_class(frame):
    X = frame(PEOPLE)
    assert k_anonymity(X, quasi_identifiers=["age", "city"]) == 1
    assert k_anonymity(X, quasi_identifiers=["illness"]) == 2


def test_a_missing_value_may_match_all(frame):
    X = frame(PEOPLE)
    k = k_anonymity(X, quasi_identifiers=["age", "city"], missing="wildcard")
    assert k == 2


def test_suppressed_records_do_not_count(frame):
    X = frame({"age": [30, 30, None], "city": ["Bonn", "Bonn", None]})
    assert k_anonymity(X, quasi_identifiers=["age", "city"]) == 2
    nobody = [False, False, False]
    assert k_anonymity(X, quasi_identifiers=["age", "city"], suppressed=nobody) == 1
    assert k_anonymity(X, quasi_identifiers=["age"], suppressed=[True] * 3) == math.inf


def test_weights_are_counts():
    k = k_anonymity([[1], [2]], quasi_identifiers=[0], sample_weight=[3, 5])
    assert k == 3
    assert isinstance(k, int)
    half = k_anonymity([[1], [2]], quasi_identifiers=[0], sample_weight=[2.5, 5])
    assert half == 2.5


def test_quasi_identifiers_may_be_positions():
    X = np.array([["a", "x"], ["a", "y"]])
    assert k_anonymity(X, quasi_identifiers=[0]) == 2
    assert k_anonymity(X, quasi_identifiers=["x1"]) == 1


@pytest.mark.parametrize("nothing", [None, []])
def test_quasi_identifiers_are_needed(frame, nothing):
    with pytest.raises(ColumnError, match="k_anonymity needs quasi-identifiers"):
        k_anonymity(frame(PEOPLE), quasi_identifiers=nothing)


def test_a_column_that_is_not_there_is_named(frame):
    with pytest.raises(ColumnError, match="column 'town', which X does not have"):
        k_anonymity(frame(PEOPLE), quasi_identifiers=["age", "town"])


def test_one_name_is_not_a_list(frame):
    with pytest.raises(ColumnError, match="'quasi_identifiers' of k_anonymity must be"):
        k_anonymity(frame(PEOPLE), quasi_identifiers="age")


@pytest.mark.parametrize(
    ("weights", "message"),
    [([1, 1], "expected"), ([-1, 1, 1, 1, 1], "negative"), ([0] * 5, "zero for all")],
)
def test_weights_that_do_not_fit_are_refused(frame, weights, message):
    with pytest.raises(ValueError, match=message):
        k_anonymity(frame(PEOPLE), quasi_identifiers=["age"], sample_weight=weights)


def test_a_mask_is_one_bool_per_row():
    with pytest.raises(
        ValueError, match="'suppressed' of k_anonymity must be one bool"
    ):
        k_anonymity([[1], [2]], quasi_identifiers=[0], suppressed=[True])


def test_missing_is_one_of_two_words():
    with pytest.raises(ValueError, match="'missing' of k_anonymity must be"):
        k_anonymity([[1], [2]], quasi_identifiers=[0], missing="ignore")
    with pytest.raises(ValueError, match=r"one of 'own_category', .*; got ndarray"):
        k_anonymity([[1], [2]], quasi_identifiers=[0], missing=np.array([1, 2]))
