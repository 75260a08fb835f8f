"""Individual, household and global risk: their formulas and their promises."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad

from skanon.exceptions import ColumnError
from skanon.metrics import (
    class_frequencies,
    expected_reidentifications,
    global_risk,
    household_risk,
    individual_risk,
    risk_threshold,
)

QIS = ["sex", "town"]
PEOPLE = {"sex": ["f", "f", "f", "m"], "town": ["Ulm", "Ulm", "Ulm", "Bonn"]}

cells = st.one_of(st.none(), st.integers(0, 1))
tables = st.lists(st.tuples(cells, cells, cells), min_size=1, max_size=12)


def table_of(rows: list[Any]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["a", "b", "c"], dtype="Int64")


def risk_of(f: int, total: float, method: str) -> float:
    """Return the risk in a class of f records that represent ``total`` people."""
    return float(
        individual_risk(
            pd.DataFrame({"a": [0] * f}),
            quasi_identifiers=["a"],
            sampling_weight=[total / f] * f,
            method=method,
        )[0]
    )


@pytest.mark.parametrize("total", [1.5, 10.0, 1e6])
def test_risk_of_a_single_record_is_its_formula(total: float) -> None:
    p = 1 / total
    expected = p / (1 - p) * np.log(1 / p)
    assert risk_of(1, total, "approx") == pytest.approx(expected, 1e-12)
    assert risk_of(1, total, "exact") == pytest.approx(expected, 1e-12)


@pytest.mark.parametrize("total", [2.5, 10.0, 1e6])
def test_risk_of_a_pair_is_its_formula(total: float) -> None:
    p = 2 / total
    q = 1 - p
    expected = p / q - (p / q) ** 2 * np.log(1 / p)
    assert risk_of(2, total, "approx") == pytest.approx(expected, 1e-9)
    assert risk_of(2, total, "exact") == pytest.approx(expected, 1e-9)


@pytest.mark.parametrize("f", [3, 10, 60])
@pytest.mark.parametrize("share", [0.001, 0.3, 0.999])
def test_risk_of_many_is_the_expected_inverse(f: int, share: float) -> None:
    """E[1 / F] of the negative binomial, as an integral over its generating function.

    The alternating series in the literature loses all digits from about f = 60 on.
    """
    q = 1 - share
    expected, _ = quad(
        lambda t: share * (1 - t) ** (f - 1) / (1 - q * t), 0, 1, epsabs=0, epsrel=1e-11
    )
    assert risk_of(f, f / share, "exact") == pytest.approx(expected, 1e-9)
    assert risk_of(f, f / share, "approx") == pytest.approx(share / (f - q), 1e-12)


@pytest.mark.parametrize("f", [1, 2, 29, 30, 1_000, 100_000])
@pytest.mark.parametrize("weight", [1 + 1e-9, 100.0, 1e9, 1e15])
def test_large_classes_and_weights_have_a_risk(f: int, weight: float) -> None:
    """It lies between 1 / F and the inverse of the expectation without one record."""
    risk = individual_risk(
        [[0]],
        quasi_identifiers=[0],
        sampling_weight=[weight],
        sample_weight=[f],
        method="exact",
    )[0]
    q = 1 - 1 / weight
    assert 1 / (f * weight) <= risk <= (1 - q + 1e-15) / max(f - 1, 0.01)
    if f > 2:
        approximate = 1 / weight / (f - q)
        assert risk == pytest.approx(approximate, rel=1 / f)


def test_half_a_record_has_the_risk_of_the_formula() -> None:
    """The approximation divides by zero for half a record of one person."""
    about = {"quasi_identifiers": [0], "sample_weight": [0.5]}
    risk = individual_risk([[0]], **about, sampling_weight=[20])
    expected, _ = quad(lambda t: 0.05 * t**-0.5 / (1 - 0.95 * (1 - t)), 0, 1)
    assert risk[0] == pytest.approx(expected, 1e-9)
    for weight in (1, 2):  # of half a person, or one
        assert individual_risk([[0]], **about, sampling_weight=[weight])[0] == 1


def test_a_record_that_stands_for_itself_has_the_risk_one() -> None:
    for f in (1, 2, 7):
        assert risk_of(f, f, "exact") == risk_of(f, f, "approx") == 1 / f


def test_without_sampling_weights_the_table_is_the_population(frame: Any) -> None:
    risk = individual_risk(frame(PEOPLE), quasi_identifiers=QIS)
    assert risk.tolist() == [1 / 3, 1 / 3, 1 / 3, 1]


def test_all_kinds_of_table_give_the_same_frequencies(frame: Any) -> None:
    found = class_frequencies(
        frame(PEOPLE), quasi_identifiers=QIS, sampling_weight=[10, 20, 30, 5]
    )
    assert found.sample.tolist() == [3, 3, 3, 1]
    assert found.population.tolist() == [60, 60, 60, 5]


@given(rows=tables, data=st.data(), alpha=st.sampled_from([0.0, 0.3, 1.0]))
def test_wildcard_frequencies_are_those_of_comparing_all_pairs(
    rows: list[Any], data: st.DataObject, alpha: float
) -> None:
    """A row's own gaps match freely; another's gap where it has a value, alpha-fold."""
    weight = st.lists(st.integers(1, 9), min_size=len(rows), max_size=len(rows))
    weights = data.draw(weight)

    def share(row: Any, other: Any) -> float:
        pairs = [(a, b) for a, b in zip(row, other, strict=True) if a is not None]
        if any(b is not None and a != b for a, b in pairs):
            return 0
        return alpha if any(b is None for _, b in pairs) else 1

    found = class_frequencies(
        table_of(rows),
        quasi_identifiers=["a", "b", "c"],
        sampling_weight=weights,
        missing="wildcard",
        alpha=alpha,
    )
    for i, row in enumerate(rows):
        shares = [share(row, other) for other in rows]
        assert found.sample[i] == pytest.approx(sum(shares))
        expected = np.dot(shares, weights)
        assert found.population[i] == pytest.approx(expected)


@given(
    rows=tables, data=st.data(), missing=st.sampled_from(["own_category", "wildcard"])
)
def test_counts_are_records(rows: list[Any], data: st.DataObject, missing: str) -> None:
    n = len(rows)
    counts = data.draw(st.lists(st.integers(0, 3), min_size=n, max_size=n).filter(any))
    weights = data.draw(st.lists(st.integers(1, 9), min_size=n, max_size=n))
    options: dict[str, Any] = {"quasi_identifiers": ["a", "b", "c"], "missing": missing}
    short = individual_risk(
        table_of(rows), sampling_weight=weights, sample_weight=counts, **options
    )
    repeated = table_of(rows).loc[np.repeat(np.arange(n), counts)]
    full = individual_risk(
        repeated, sampling_weight=np.repeat(weights, counts), **options
    )
    assert np.repeat(short, counts) == pytest.approx(full)
    short_global = global_risk(short, sample_weight=counts)
    assert short_global == pytest.approx(global_risk(full))
    total = expected_reidentifications(short, sample_weight=counts)
    assert total == pytest.approx(expected_reidentifications(full))
    for limit in (0.05, 0.3, 1.0):
        short_limit = risk_threshold(short, max_global_risk=limit, sample_weight=counts)
        assert short_limit == pytest.approx(risk_threshold(full, max_global_risk=limit))
    households = data.draw(st.lists(st.integers(0, 3), min_size=n, max_size=n))
    assert np.repeat(
        household_risk(short, households, sample_weight=counts), counts
    ) == pytest.approx(household_risk(full, np.repeat(households, counts)))


def test_a_risk_that_equals_the_limit_is_not_below_it():
    """Ten tenths are added up to a little less than one."""
    assert risk_threshold([0.1] * 10, max_global_risk=0.1) == 0
    assert risk_threshold([0.1], max_global_risk=0.1, sample_weight=[10]) == 0


def test_suppressed_records_have_no_risk() -> None:
    X = pd.DataFrame({"sex": ["f", None], "town": ["Ulm", None]})
    assert individual_risk(X, quasi_identifiers=QIS).tolist() == [1, 0]
    risk = individual_risk(X, quasi_identifiers=QIS, missing="wildcard")
    assert risk.tolist() == [0.5, 0.5]


def test_household_risk_is_its_formula() -> None:
    risk = household_risk([0.5, 0.2, 0.1, 0.3, 1.0], [7, 8, 7, None, 9])
    assert risk == pytest.approx([0.55, 0.2, 0.55, 0.3, 1.0])


def test_household_risk_keeps_the_digits_of_small_risks() -> None:
    risk = household_risk([1e-14] * 3 + [1.0, 0.5], list("AAABB"))
    assert risk == pytest.approx([3e-14] * 3 + [1.0] * 2, rel=1e-9, abs=0)


def test_a_record_without_weight_is_no_member_of_its_household() -> None:
    risk = household_risk([1.0, 0.5], ["A", "A"], sample_weight=[0, 2])
    assert risk.tolist() == [0.75, 0.75]


def test_missing_households_are_not_one_household() -> None:
    risk = household_risk([0.5, 0.2, 0.1], pd.Series([None, "A", None]))
    assert risk == pytest.approx([0.5, 0.2, 0.1])


@given(
    risk=st.lists(st.floats(0, 1), min_size=1, max_size=20),
    limit=st.floats(0.001, 1),
)
def test_lowering_to_the_threshold_keeps_the_promise(
    risk: list[float], limit: float
) -> None:
    threshold = risk_threshold(risk, max_global_risk=limit)
    if threshold > 0:
        assert np.minimum(risk, threshold).mean() <= limit
    greater = [r for r in risk if r > threshold]
    if greater:
        assert np.minimum(risk, min(greater)).mean() >= limit * (1 - 1e-12)


class TestBadInput:
    X = pd.DataFrame(PEOPLE)

    @pytest.mark.parametrize("measure", [individual_risk, class_frequencies])
    def test_no_quasi_identifiers_are_refused(self, measure: Any) -> None:
        with pytest.raises(ColumnError, match="needs quasi-identifiers: name"):
            measure(self.X, quasi_identifiers=None)

    def test_an_unknown_method_is_refused(self) -> None:
        with pytest.raises(ValueError, match="one of 'approx', 'exact'; got 'x'"):
            individual_risk(self.X, quasi_identifiers=QIS, method="x")

    def test_a_sampling_weight_below_one_is_refused(self) -> None:
        with pytest.raises(ValueError, match="pass counts of records as sample_weight"):
            individual_risk(self.X, quasi_identifiers=QIS, sampling_weight=[0.5] * 4)

    @pytest.mark.parametrize("alpha", [-1, 2, None])
    def test_an_alpha_outside_0_to_1_is_refused(self, alpha: Any) -> None:
        with pytest.raises(ValueError, match="'alpha' of class_frequencies must be"):
            class_frequencies(self.X, quasi_identifiers=QIS, alpha=alpha)

    def test_households_of_another_length_are_refused(self) -> None:
        with pytest.raises(ValueError, match="household has 1 values for 2 risks"):
            household_risk([0.1, 0.2], ["A"])

    @pytest.mark.parametrize("risk", [[1.5], [-0.1], [np.nan]])
    @pytest.mark.parametrize(
        "measure", [global_risk, expected_reidentifications, risk_threshold]
    )
    def test_a_risk_that_is_no_probability_is_refused(
        self, measure: Any, risk: list[float]
    ) -> None:
        with pytest.raises(ValueError, match="a risk is a probability"):
            measure(risk)

    @pytest.mark.parametrize("risk", [[], [[0.1]], 0.1])
    def test_risks_of_another_shape_are_refused(self, risk: Any) -> None:
        with pytest.raises(ValueError, match="an array of one dimension; got shape"):
            global_risk(risk)

    def test_weights_of_another_length_are_refused(self) -> None:
        with pytest.raises(ValueError, match="one weight for each row"):
            global_risk([0.1, 0.2], sample_weight=[1])

    @pytest.mark.parametrize("limit", [0, 1.5])
    def test_a_bound_that_is_no_risk_is_refused(self, limit: float) -> None:
        with pytest.raises(ValueError, match="'max_global_risk' of risk_threshold"):
            risk_threshold([0.1], max_global_risk=limit)
