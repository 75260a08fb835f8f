"""k-anonymity as a model: which classes hold at least k records."""

import numpy as np
import pytest

from skanon.metrics import equivalence_classes
from skanon.privacy import KAnonymity


def test_a_class_of_k_records_satisfies_k(frame):
    X = frame({"city": ["Bonn", "Bonn", "Kobe", "Bonn"]})
    classes = equivalence_classes(X, quasi_identifiers=["city"])
    assert KAnonymity(3).check(classes).tolist() == [True, False]
    assert KAnonymity(3).measure(classes).tolist() == [3, 1]


def test_only_records_of_the_subset_count():
    classes = equivalence_classes(
        [[1], [1], [2]], quasi_identifiers=[0], subset=[True, False, False]
    )
    assert KAnonymity(2).check(classes).tolist() == [False, True]


def test_it_implies_the_size_of_a_class():
    model = KAnonymity(3)
    assert model.min_class_size == 3
    assert model.is_monotone
    assert model.is_monotone_with_suppression


@pytest.mark.parametrize("k", [0, -1])
def test_k_is_at_least_one(k):
    with pytest.raises(ValueError, match="'k' of KAnonymity must be an integer at lea"):
        KAnonymity(k)


@pytest.mark.parametrize("k", [2.5, "2", True, None])
def test_k_is_an_integer(k):
    with pytest.raises(TypeError, match="'k' of KAnonymity must be an integer; got"):
        KAnonymity(k)


def test_numpy_integers_are_integers():
    assert KAnonymity(np.int64(2)) == KAnonymity(2)
