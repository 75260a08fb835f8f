"""What holds for every measure of risk, whatever it measures."""

import traceback
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from skanon.metrics import (
    class_frequencies,
    equivalence_classes,
    household_risk,
    individual_risk,
    journalist_risk,
    k_anonymity,
    l_diversity,
    marketer_risk,
    model_risk,
    population_uniqueness,
    prosecutor_risk,
    quasi_identifier_ranking,
    risk_summary,
    sample_uniqueness,
    suda2,
    t_closeness,
)
from skanon.privacy import AverageRisk, SampleUniqueness

MARKER = "Qzmarkervaluexj"
NUMBER = "9007199254740993"  # no float has it

PEOPLE = {
    "sex": ["f", "f", "f", "m", "m", "f", None, None],
    "town": ["Ulm", "Ulm", "Bonn", "Ulm", MARKER, "Ulm", "Bonn", None],
    "age": [30, 30, 41, 30, 41, 30, 30, None],
}
QIS = ["sex", "town", "age"]
COUNTS = [2, 1, 1, 3, 1, 0, 1, 2]

Numbers = Callable[..., list[float]]


def numbers_of_ranking(
    X: Any, *, quasi_identifiers: Any, **options: Any
) -> list[float]:
    found = quasi_identifier_ranking(X, columns=quasi_identifiers, **options)
    return [*found.distinction, *found.separation]


def numbers_of_suda2(X: Any, **options: Any) -> list[float]:
    found = suda2(X, **options)
    return [*found.score, *found.dis_score, *found.contribution.ravel()]


MEASURES: dict[str, Numbers] = {
    "prosecutor": lambda X, **o: [prosecutor_risk(X, **o).average],
    "journalist": lambda X, **o: [journalist_risk(X, **o).average],
    "marketer": lambda X, **o: [marketer_risk(X, **o).success_rate],
    "summary": lambda X, **o: (
        risk_summary(X, sampling_fraction=0.1, **o).to_frame()["risk"].tolist()
    ),
    "sample uniqueness": lambda X, **o: [sample_uniqueness(X, **o)],
    "population uniqueness": lambda X, **o: [
        population_uniqueness(X, sampling_fraction=0.1, **o)
    ],
    "model": lambda X, **o: list(model_risk(X, sampling_fraction=0.1, **o)),
    "frequencies": lambda X, **o: list(class_frequencies(X, **o).sample),
    "individual": lambda X, **o: list(individual_risk(X, sampling_weight=[9] * 8, **o)),
    "ranking": numbers_of_ranking,
    "suda2": numbers_of_suda2,
}


@pytest.fixture(params=MEASURES)
def measure(request: pytest.FixtureRequest) -> Numbers:
    return MEASURES[request.param]


def test_every_kind_of_table_gives_the_same_numbers(
    measure: Numbers, frame: Any
) -> None:
    expected = measure(pd.DataFrame(PEOPLE), quasi_identifiers=QIS)
    assert measure(frame(PEOPLE), quasi_identifiers=QIS) == expected


def test_arrays_and_lists_give_the_same_numbers(measure: Numbers) -> None:
    expected = measure(pd.DataFrame(PEOPLE), quasi_identifiers=QIS)
    rows = [list(row) for row in zip(*PEOPLE.values(), strict=True)]
    for X in (np.array(rows, dtype=object), rows):
        found = measure(X, quasi_identifiers=[0, 1, 2])
        assert found == expected


def test_categories_give_the_same_numbers(measure: Numbers) -> None:
    table = pd.DataFrame(PEOPLE)
    expected = measure(table, quasi_identifiers=QIS)
    assert measure(table.astype("category"), quasi_identifiers=QIS) == expected


def test_the_order_of_rows_does_not_matter(measure: Numbers) -> None:
    table = pd.DataFrame(PEOPLE)
    expected = measure(table, quasi_identifiers=QIS, sample_weight=COUNTS)
    found = measure(table[::-1], quasi_identifiers=QIS, sample_weight=COUNTS[::-1])
    assert sorted(found) == pytest.approx(sorted(expected), rel=1e-12, nan_ok=True)


def test_the_table_is_left_as_it_is(measure: Numbers) -> None:
    table = pd.DataFrame(PEOPLE)
    measure(table, quasi_identifiers=QIS, sample_weight=COUNTS)
    pd.testing.assert_frame_equal(table, pd.DataFrame(PEOPLE))


def test_weights_that_are_no_numbers_are_not_quoted(measure: Numbers) -> None:
    with pytest.raises(ValueError, match="sample_weight has dtype") as caught:
        measure(pd.DataFrame(PEOPLE), quasi_identifiers=QIS, sample_weight=[MARKER] * 8)
    assert MARKER not in "".join(traceback.format_exception(caught.value))


def test_columns_of_mixed_types_are_not_quoted(measure: Numbers) -> None:
    table = pd.DataFrame({"a": pd.Series([MARKER, 1, 2.5, object()] * 2)})
    with pytest.raises(TypeError, match="mixes values of types") as caught:
        measure(table, quasi_identifiers=["a"])
    assert MARKER not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize(
    ("call", "what"),
    [
        (
            lambda: individual_risk(
                pd.DataFrame(PEOPLE),
                quasi_identifiers=QIS,
                sampling_weight=[MARKER] * 8,
            ),
            "sampling_weight has dtype",
        ),
        (
            lambda: household_risk([0.5, 0.5], pd.Series([MARKER, 1.5])),
            "household must be an array",
        ),
        (lambda: household_risk([MARKER], [1]), "risk has dtype"),
        (
            lambda: journalist_risk(
                pd.DataFrame({"town": [MARKER]}),
                quasi_identifiers=["town"],
                population=pd.DataFrame({"town": ["Ulm"]}),
            ),
            "The population holds fewer records than X",
        ),
        (
            lambda: journalist_risk(
                pd.DataFrame({"income": [int(NUMBER)]}),
                quasi_identifiers=["income"],
                population=pd.DataFrame({"income": [0.5]}),
            ),
            "Column 'income' has Arrow type int64 in X and double in the population",
        ),
    ],
)
def test_no_error_quotes_a_cell(call: Callable[[], Any], what: str) -> None:
    with pytest.raises((TypeError, ValueError), match=what) as caught:
        call()
    said = "".join(traceback.format_exception(caught.value))
    said += repr(caught.value.__context__)
    assert MARKER not in said
    assert NUMBER not in said


LISTS = pa.table({"a": [[{MARKER: 1}]] * 3, "b": [1, 1, 2]})
CODED_LISTS = LISTS.set_column(
    0, "a", pa.DictionaryArray.from_arrays(pa.array([0] * 3), pa.array([[{MARKER: 1}]]))
)
STRUCTS = pa.table({"a": [{MARKER: 1}] * 3, "b": [1, 1, 2]})
TEXT_STRUCTS = pa.table({"a": [{MARKER: "x"}] * 3})
BY_A: dict[str, Any] = {"quasi_identifiers": ["a"]}
ABOUT_A: dict[str, Any] = {"quasi_identifiers": ["b"], "sensitive": "a"}


@pytest.mark.parametrize(
    "call",
    [
        lambda: k_anonymity(LISTS, **BY_A),
        lambda: k_anonymity(CODED_LISTS, **BY_A),
        lambda: l_diversity(LISTS, **ABOUT_A),
        lambda: l_diversity(CODED_LISTS, **ABOUT_A),
        lambda: journalist_risk(LISTS, **BY_A, population=STRUCTS),
        lambda: journalist_risk(STRUCTS, **BY_A, population=TEXT_STRUCTS),
        lambda: t_closeness(STRUCTS, **ABOUT_A, distance="ordered", order=["x"]),
    ],
)
def test_no_error_names_the_fields_of_a_nested_column(call: Callable[[], Any]) -> None:
    """They may be named for what cells hold, as those of a parsed JSON object are."""
    with pytest.raises((TypeError, ValueError), match=r"column 'a'|Column 'a'") as err:
        call()
    said = "".join(traceback.format_exception(err.value))
    assert MARKER not in said + repr(err.value.__context__)


def test_no_result_shows_a_cell() -> None:
    table = pd.DataFrame(PEOPLE)
    options: dict[str, Any] = {"quasi_identifiers": QIS}
    for found in (
        risk_summary(table, **options),
        prosecutor_risk(table, **options),
        suda2(table, **options),
        quasi_identifier_ranking(table, columns=QIS),
        class_frequencies(table, **options),
    ):
        assert MARKER not in repr(found)


def test_a_part_of_a_record_is_alone_as_a_whole_one_is() -> None:
    """As weights are that were scaled to a mean of 1."""
    X, options = [[0, 0], [0, 1], [1, 1], [1, 1]], {"sample_weight": [0.5, 1, 2, 0.5]}
    about: Any = {"quasi_identifiers": [0, 1], **options}
    assert sample_uniqueness(X, **about) == 1.5 / 4
    assert SampleUniqueness(0).reached(equivalence_classes(X, **about)) == 1.5 / 4
    assert (suda2(X, **about).score > 0).tolist() == [True, True, False, False]
    assert model_risk(X, **about, sampling_fraction=0.1).sample_uniques == 2


@pytest.mark.parametrize("unit", [1, 0.25])
def test_no_share_is_above_one(unit: float) -> None:
    """A quarter of a record is found with certainty, and no more than that."""
    X, options = [[0, 0], [0, 1], [1, 1]], {"sample_weight": [unit] * 3}
    about: Any = {"quasi_identifiers": [0, 1], **options}
    for attack in (prosecutor_risk, journalist_risk, marketer_risk):
        risk = attack(X, **about)
        assert risk.highest == risk.lowest == risk.average == risk.success_rate == 1
        assert risk.records_at_risk(1.0) == 0
    assert AverageRisk(1).reached(equivalence_classes(X, **about)) == 1
    assert individual_risk(X, **about).tolist() == [1, 1, 1]
    found = quasi_identifier_ranking(X, **options)
    assert found.distinction.max() == found.separation.max() == 1
