"""Promises asserted: silence if all hold, else one error that names each."""

import numpy as np
import pandas as pd
import pytest

from skanon.exceptions import ColumnError, PrivacyError
from skanon.metrics import assert_privacy, prosecutor_risk
from skanon.privacy import (
    AverageRisk,
    DeltaPresence,
    EntropyLDiversity,
    KAnonymity,
    KMap,
    PopulationUniqueness,
    SampleUniqueness,
    TCloseness,
)

PEOPLE = {
    "age": ["30s", "30s", "30s", "40s", "40s", None],
    "city": ["Bonn", "Bonn", "Bonn", "Kobe", "Kobe", None],
    "illness": ["flu", "gout", "gout", "flu", "flu", "secret"],
}
ABOUT = {"quasi_identifiers": ["age", "city"]}

KEPT = [
    {"k": 2},
    {"max_risk": 0.5},
    {"average_risk": 0.4},
    {"sensitive": "illness", "l": 1},
    {"sensitive": "illness", "t": 0.5},
    {"models": KAnonymity(2)},
    {"models": [KAnonymity(2), SampleUniqueness(0.0)]},
    {"max_suppressed": 1 / 6},
    {"k": 2, "max_risk": 0.5, "sensitive": "illness", "l": 1, "t": 0.5},
]

BROKEN = [
    ({"k": 3}, "- k=3: 2 of 6 records are in 1 class.es. that break it; these reach 2"),
    ({"max_risk": 0.4}, "- max_risk=0.4: 2 of 6 records .* these reach 0.5"),
    ({"average_risk": 0.3}, "- average_risk=0.3: the table reaches 0.4"),
    (
        {"sensitive": "illness", "l": 2},
        "- l=2 of column 'illness': 2 of 6 records .* these reach 1",
    ),
    (
        {"sensitive": "illness", "t": 0.4},
        "- t=0.4 of column 'illness': 2 of 6 .* these reach 0.5",
    ),
    ({"models": [KAnonymity(4)]}, r"- KAnonymity\(k=4\): 5 of 6 .* these reach 2 to 3"),
    (
        {"models": [SampleUniqueness(0.0)], "sample_weight": [1, 0, 0, 1, 1, 1]},
        r"- SampleUniqueness\(threshold=0.0\): the table reaches 0.3333",
    ),
    (
        {"models": AverageRisk(0.5, highest_risk=0.4)},
        "the table reaches 0.4, with a share of 0.4 of its records at a higher risk",
    ),
    (
        {
            "models": PopulationUniqueness(0.1, "pitman", sampling_fraction=0.1),
            "suppressed": [False, True, True, True, True, True],
        },
        "there is no estimate for the table",
    ),
    (
        {"sensitive": "illness", "models": EntropyLDiversity(1.5)},
        r"- EntropyLDiversity\(l=1.5, sensitive=None\): 2 of 6 .* these reach 1\.",
    ),
    (
        {"max_suppressed": 0.1},
        "- max_suppressed=0.1: 1 of 6 records are suppressed, a share of 0.1667",
    ),
]


@pytest.mark.parametrize("promises", KEPT)
def test_nothing_happens_where_all_promises_hold(frame, promises):
    assert assert_privacy(frame(PEOPLE), **ABOUT, **promises) is None


@pytest.mark.parametrize(("promises", "message"), BROKEN)
def test_a_broken_promise_is_named_with_by_how_much(frame, promises, message):
    with pytest.raises(PrivacyError, match=message) as error:
        assert_privacy(frame(PEOPLE), **ABOUT, **promises)
    assert "The table breaks 1 of 1 promises" in str(error.value)
    assert "secret" not in str(error.value)
    assert "Bonn" not in str(error.value)


def test_the_error_says_how_missing_values_were_read():
    holes = pd.DataFrame({"age": ["30s", "30s", None], "city": ["Bonn"] * 3})
    with pytest.raises(PrivacyError, match="breaks 1 of 1") as error:
        assert_privacy(holes, **ABOUT, k=2)
    assert str(error.value).splitlines()[-1] == (
        "missing values in 1 record: a category of their own "
        "(missing='wildcard' lets them match all)"
    )
    assert_privacy(holes, **ABOUT, missing="wildcard", k=2)
    with pytest.raises(PrivacyError, match="missing values in 1 record: they match"):
        assert_privacy(holes, **ABOUT, missing="wildcard", k=4)
    with pytest.raises(PrivacyError) as error:
        assert_privacy(pd.DataFrame(PEOPLE), **ABOUT, k=3)
    assert "missing values" not in str(error.value)


def test_the_table_may_be_a_population_of_which_a_subset_is_published():
    published = [True, False, False, True, True, False]
    options = {**ABOUT, "subset": published}
    assert_privacy(
        pd.DataFrame(PEOPLE), **options, models=[KMap(2), DeltaPresence(0, 1)]
    )
    with pytest.raises(
        PrivacyError, match=r"KMap.*these reach 2\.\n- DeltaP.* reach 1\."
    ):
        assert_privacy(
            pd.DataFrame(PEOPLE), **options, models=[KMap(3), DeltaPresence(0, 0.5)]
        )


def test_a_class_outside_the_subset_has_no_risk():
    some = {"quasi_identifiers": [0], "subset": [True, True, False]}
    assert_privacy([[1], [1], [2]], **some, max_risk=0.5)
    with pytest.raises(PrivacyError, match=r"2 of 2 records .* these reach 0\.5\."):
        assert_privacy([[1], [1], [2]], **some, max_risk=0.4)


def test_the_order_of_sensitive_values_is_not_shown():
    model = TCloseness(0.1, distance="ordered", order=["flu", "gout", "secret"])
    with pytest.raises(PrivacyError, match=r"TCloseness\(t=0.1, .* order=.'…',.") as e:
        assert_privacy(pd.DataFrame(PEOPLE), **ABOUT, sensitive="illness", models=model)
    assert not any(value in str(e.value) for value in ("flu", "gout", "secret"))


def test_all_broken_promises_are_named_at_once():
    with pytest.raises(PrivacyError, match="breaks 3 of 4") as error:
        assert_privacy(
            pd.DataFrame(PEOPLE),
            **ABOUT,
            k=3,
            max_risk=1.0,
            sensitive="illness",
            l=2,
            max_suppressed=0.0,
        )
    first, *rest = str(error.value).splitlines()
    assert first == "The table breaks 3 of 4 promises:"
    assert [line.split(":")[0].split(" ")[1] for line in rest] == [
        "k=3",
        "l=2",
        "max_suppressed=0",
    ]


def test_a_test_runner_takes_it_for_a_failed_assertion():
    with pytest.raises(AssertionError, match="breaks 1 of 1"):
        assert_privacy([[1], [2]], quasi_identifiers=[0], k=2)


def test_l_and_t_are_asked_of_every_sensitive_column():
    table = pd.DataFrame({"q": [0, 0], "a": ["x", "y"], "b": ["x", "x"]})
    with pytest.raises(PrivacyError, match="l=2 of column 'b'") as error:
        assert_privacy(table, quasi_identifiers=["q"], sensitive=["a", "b"], l=2)
    assert "'a'" not in str(error.value)


def test_a_risk_of_one_in_k_is_allowed_where_it_is_the_bound():
    for k in range(1, 50):
        assert_privacy(np.zeros((k, 1)), quasi_identifiers=[0], max_risk=1 / k)


def test_the_risk_of_parts_of_records_is_what_the_prosecutor_has():
    X, options = [[1], [2]], {"quasi_identifiers": [0], "sample_weight": [3.5, 0.5]}
    assert prosecutor_risk(X, **options).highest == 1
    assert_privacy(X, **options, max_risk=1.0)
    assert_privacy(X[:1], quasi_identifiers=[0], sample_weight=[3.5], max_risk=0.3)


@pytest.mark.parametrize(
    ("promises", "error", "message"),
    [
        ({}, ValueError, "given no promise to check"),
        ({"l": 2}, ColumnError, "needs the sensitive column"),
        ({"k": 0}, ValueError, "'k' of KAnonymity must be an integer at least 1"),
        ({"max_risk": 0}, ValueError, "'max_risk' of assert_privacy must be a number"),
        (
            {"average_risk": 2},
            ValueError,
            "'average_risk' of assert_privacy must be a n",
        ),
        ({"max_suppressed": -1}, ValueError, "'max_suppressed' of assert_privacy must"),
        ({"models": ["k"]}, TypeError, "Privacy models are objects such as KAnonymity"),
        ({"models": 5}, TypeError, "Privacy models are given as a list, such as"),
        ({"models": ()}, ValueError, "given no promise to check"),
        (
            {"k": 1, "sensitive": "age"},
            ColumnError,
            "both as a quasi-identifier and as",
        ),
        ({"k": 1, "sample_weight": [1]}, ValueError, "sample_weight.shape"),
    ],
)
def test_bad_input_is_refused(promises, error, message):
    with pytest.raises(error, match=message):
        assert_privacy(pd.DataFrame(PEOPLE), **ABOUT, **promises)
