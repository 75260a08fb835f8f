"""Prosecutor, journalist and marketer: by hand, by brute force, and by ARX."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from skanon.exceptions import ColumnError, ColumnTypeError
from skanon.metrics import journalist_risk, marketer_risk, prosecutor_risk

ATTACKS = [prosecutor_risk, journalist_risk, marketer_risk]
QIS = ["sex", "town"]

PEOPLE = {
    "sex": ["f", "f", "f", "m", "m", "m", "m", "x"],
    "town": ["Ulm", "Ulm", "Bonn", "Ulm", "Ulm", "Ulm", "Bonn", "Bonn"],
}

rows = st.lists(
    st.tuples(st.integers(0, 2), st.sampled_from("ab")), min_size=1, max_size=30
)


@pytest.fixture(scope="module")
def arx_cases(shared: Path) -> dict[str, Any]:
    cases = json.loads((shared / "arx" / "cases.json").read_text())["risk_cases"]
    return {case["id"]: case for case in cases}


def test_prosecutor_by_hand(frame: Any) -> None:
    risk = prosecutor_risk(frame(PEOPLE), quasi_identifiers=QIS)
    assert risk.highest == 1
    assert risk.lowest == 1 / 3
    assert risk.average == risk.success_rate == 5 / 8
    assert risk.records_at_risk(0.4) == 5 / 8
    assert risk.records_at_risk(0.5) == 3 / 8


def test_an_ndarray_gives_the_same_numbers() -> None:
    risk = prosecutor_risk(
        np.array(list(zip(*PEOPLE.values(), strict=True))), quasi_identifiers=[0, 1]
    )
    assert risk.average == 5 / 8
    assert risk.highest == 1


def test_records_at_risk_are_those_strictly_above() -> None:
    table = pd.DataFrame({"sex": list("ffffff")})
    for size in range(2, 7):
        risk = prosecutor_risk(table[:size], quasi_identifiers=["sex"])
        assert risk.records_at_risk(1 / size) == 0
        assert risk.records_at_risk(1 / (size + 1)) == 1


def test_small_tables_equal_arx(arx_cases: dict[str, Any]) -> None:
    case = arx_cases["TestRiskMetrics.testAverageRisk.input"]
    table = pd.DataFrame(case["table"]["rows"], columns=case["table"]["header"])
    risk = prosecutor_risk(table, quasi_identifiers=case["quasi_identifiers"])
    assert risk.average == case["expect"]["average_prosecutor_risk"]
    assert risk.highest == case["expect"]["highest_risk"]


def test_adult_equals_arx(arx_cases: dict[str, Any], shared: Path) -> None:
    expected = arx_cases["TestRiskMetrics.adult.input"]["expect"]
    adult = pd.read_csv(shared / "arx" / "adult.csv", sep=";")
    risk = prosecutor_risk(adult, quasi_identifiers=list(adult))
    assert risk.average == pytest.approx(expected["average_prosecutor_risk"], 1e-12)
    assert risk.highest == expected["highest_risk"]
    uniques = expected["sample_uniques_fraction"]
    assert risk.records_at_risk(0.5) == pytest.approx(uniques, 1e-12)


def test_wildcards_equal_arx(arx_cases: dict[str, Any]) -> None:
    case = arx_cases["TestWildcardMatching.2"]
    table = pd.DataFrame(case["table"]["rows"], columns=case["table"]["header"])
    risk = prosecutor_risk(
        table.replace("*", None), quasi_identifiers=list(table), missing="wildcard"
    )
    frequencies = Counter(case["expected_wildcard_frequencies"])
    assert dict(zip(risk.sizes, risk.records, strict=True)) == frequencies
    assert risk.highest == case["expected_highest_risk"]
    assert risk.average == pytest.approx(case["expected_average_risk"], 1e-15)


@given(population=rows, data=st.data())
def test_risks_are_their_formulas(population: list[Any], data: st.DataObject) -> None:
    taken = data.draw(
        st.lists(
            st.integers(0, len(population) - 1),
            min_size=1,
            max_size=len(population),
            unique=True,
        )
    )
    sample = [population[i] for i in taken]
    f, big = Counter(sample), Counter(population)
    shares = [1 / big[row] for row in sample]
    everybody = pd.DataFrame(population, columns=QIS)
    options = {"quasi_identifiers": QIS, "population": everybody}
    journalist = journalist_risk(everybody.iloc[taken], **options)
    assert journalist.highest == max(shares)
    assert journalist.lowest == min(shares)
    assert journalist.average == pytest.approx(np.mean(shares))
    rate = max(len(f) / sum(big[row] for row in f), np.mean(shares))
    assert journalist.success_rate == pytest.approx(rate)
    at_risk = np.mean([share > 0.3 for share in shares])
    assert journalist.records_at_risk(0.3) == pytest.approx(at_risk)
    marketer = marketer_risk(everybody.iloc[taken], **options)
    assert marketer.success_rate == pytest.approx(np.mean(shares))


@given(
    table=rows,
    counts=st.lists(st.integers(0, 4), min_size=30, max_size=30),
    weights=st.lists(st.integers(1, 9), min_size=30, max_size=30),
)
def test_counts_are_records(
    table: list[Any], counts: list[int], weights: list[int]
) -> None:
    """A row with count 3 gives what three such rows give; a row with count 0, none."""
    n = len(table)
    counts, weights = [*counts[: n - 1], 1], weights[:n]
    X = pd.DataFrame(table, columns=QIS)
    repeated = X.loc[X.index.repeat(counts)]
    long_weights = np.repeat(weights, counts)
    for attack in ATTACKS:
        options = [{}, {}]
        if attack is not prosecutor_risk:
            options = [{"sampling_weight": weights}, {"sampling_weight": long_weights}]
        short = attack(X, quasi_identifiers=QIS, sample_weight=counts, **options[0])
        full = attack(repeated, quasi_identifiers=QIS, **options[1])
        assert short.sizes.tolist() == full.sizes.tolist()
        assert short.records.tolist() == full.records.tolist()
        assert short.success_rate == full.success_rate


def test_without_a_population_the_table_is_one() -> None:
    table = pd.DataFrame(PEOPLE)
    prosecutor = prosecutor_risk(table, quasi_identifiers=QIS)
    journalist = journalist_risk(table, quasi_identifiers=QIS)
    assert journalist.sizes.tolist() == prosecutor.sizes.tolist()
    assert journalist.success_rate == prosecutor.success_rate


def test_suppressed_records_are_at_no_risk() -> None:
    table = pd.DataFrame({"sex": ["f", "f", None], "town": ["Ulm", "Ulm", None]})
    risk = prosecutor_risk(table, quasi_identifiers=QIS)
    assert risk.records.tolist() == [2]
    assert risk.highest == 0.5


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_table_suppressed_whole_has_no_risk(attack: Any) -> None:
    table = pd.DataFrame({"sex": [None, None], "town": [None, None]})
    risk = attack(table, quasi_identifiers=QIS)
    assert risk.highest == risk.lowest == risk.average == risk.success_rate == 0
    assert risk.records_at_risk(0.1) == 0


def test_population_may_be_another_kind_of_table(frame: Any) -> None:
    sample = pd.DataFrame({"sex": pd.Categorical(["f", "m"]), "born": [1980, 1990]})
    everybody = frame({"born": [1980.0, 1980.0, 1990.0], "sex": ["f", "f", "m"]})
    risk = journalist_risk(
        sample, quasi_identifiers=["sex", "born"], population=everybody
    )
    assert risk.average == 0.75


def test_repr_shows_the_three_numbers() -> None:
    risk = prosecutor_risk(pd.DataFrame(PEOPLE), quasi_identifiers=QIS)
    assert repr(risk) == (
        "AttackerRisk('prosecutor', highest=1, average=0.625, success_rate=0.625)"
    )


@pytest.mark.parametrize("attack", ATTACKS)
class TestBadInput:
    @pytest.mark.parametrize("nothing", [None, [], ()])
    def test_no_quasi_identifiers_are_refused(self, attack: Any, nothing: Any) -> None:
        with pytest.raises(ColumnError, match=r"_risk needs quasi-identifiers: name"):
            attack(pd.DataFrame(PEOPLE), quasi_identifiers=nothing)

    def test_a_column_that_x_lacks_is_refused(self, attack: Any) -> None:
        with pytest.raises(ColumnError, match=r"'age', which X does not have"):
            attack(pd.DataFrame(PEOPLE), quasi_identifiers=["sex", "age"])

    def test_a_name_instead_of_a_list_is_refused(self, attack: Any) -> None:
        with pytest.raises(ColumnError, match=r"Write \['sex'\]"):
            attack(pd.DataFrame(PEOPLE), quasi_identifiers="sex")

    def test_a_column_given_twice_is_refused(self, attack: Any) -> None:
        with pytest.raises(ColumnError, match=r"'quasi_identifiers' of .* twice"):
            attack(pd.DataFrame(PEOPLE), quasi_identifiers=["sex", "sex"])

    def test_weights_of_a_wrong_length_are_refused(self, attack: Any) -> None:
        with pytest.raises(ValueError, match=r"sample_weight.shape == \(2,\)"):
            attack(
                pd.DataFrame(PEOPLE), quasi_identifiers=QIS, sample_weight=[1.0, 2.0]
            )

    def test_negative_weights_are_refused(self, attack: Any) -> None:
        with pytest.raises(ValueError, match="sample_weight has negative"):
            attack(pd.DataFrame(PEOPLE), quasi_identifiers=QIS, sample_weight=[-1] * 8)

    def test_an_unknown_word_for_missing_is_refused(self, attack: Any) -> None:
        with pytest.raises(ValueError, match="'own_category', 'wildcard'; got 'no'"):
            attack(pd.DataFrame(PEOPLE), quasi_identifiers=QIS, missing="no")


@pytest.mark.parametrize("attack", [journalist_risk, marketer_risk])
class TestBadPopulation:
    def test_not_both_of_population_and_sampling_weight_are_taken(
        self, attack: Any
    ) -> None:
        table = pd.DataFrame(PEOPLE)
        with pytest.raises(ValueError, match="Leave one out"):
            attack(
                table,
                quasi_identifiers=QIS,
                population=table,
                sampling_weight=[2] * 8,
            )

    def test_a_population_that_lacks_the_sample_is_refused(self, attack: Any) -> None:
        table = pd.DataFrame(PEOPLE)
        with pytest.raises(ValueError, match="fewer records than X in 2 classes"):
            attack(table, quasi_identifiers=QIS, population=table[1:7])

    def test_a_population_without_a_column_is_refused(self, attack: Any) -> None:
        table = pd.DataFrame(PEOPLE)
        with pytest.raises(ColumnError, match=r"population lacks .* \['town'\]"):
            attack(table, quasi_identifiers=QIS, population=table[["sex"]])

    def test_a_population_of_another_type_is_refused(self, attack: Any) -> None:
        table = pd.DataFrame(PEOPLE)
        with pytest.raises(
            ColumnTypeError, match=r"'sex' has Arrow type .* in X and int64"
        ):
            attack(table, quasi_identifiers=QIS, population=table.assign(sex=1))

    def test_sampling_weights_below_one_are_refused(self, attack: Any) -> None:
        with pytest.raises(ValueError, match="3 weights that are missing, infinite"):
            attack(
                pd.DataFrame(PEOPLE),
                quasi_identifiers=QIS,
                sampling_weight=[0.5, np.nan, np.inf, 1, 1, 1, 1, 1],
            )

    def test_sampling_weights_of_a_wrong_length_are_refused(self, attack: Any) -> None:
        with pytest.raises(ValueError, match=r"sampling_weight.shape == \(1,\)"):
            attack(pd.DataFrame(PEOPLE), quasi_identifiers=QIS, sampling_weight=[2.0])


@pytest.mark.parametrize("threshold", [0, -0.1, 1.5, "0.2", None, float("nan")])
def test_a_threshold_is_a_risk(threshold: Any) -> None:
    risk = prosecutor_risk(pd.DataFrame(PEOPLE), quasi_identifiers=QIS)
    with pytest.raises(ValueError, match="'threshold' of records_at_risk must be"):
        risk.records_at_risk(threshold)
