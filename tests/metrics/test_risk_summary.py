"""risk_summary: the numbers of its parts, as text and as a table."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from skanon.exceptions import ColumnError
from skanon.metrics import (
    equivalence_classes,
    journalist_risk,
    k_anonymity,
    marketer_risk,
    population_uniqueness,
    prosecutor_risk,
    risk_summary,
    sample_uniqueness,
)
from skanon.privacy import PopulationUniqueness

QIS = ["sex", "town"]
PEOPLE = {
    "sex": ["f", "f", "f", "m", "m", None],
    "town": ["Ulm", "Ulm", "Ulm", "Ulm", "Bonn", None],
}
UNIQUENESS = {"sample_uniqueness", "population_uniqueness"}

rows = st.lists(
    st.tuples(st.integers(0, 2), st.sampled_from(["a", "b", None])),
    min_size=1,
    max_size=25,
)


def test_summary_holds_the_numbers_of_its_parts(frame: Any) -> None:
    table = frame(PEOPLE)
    options: dict[str, Any] = {"quasi_identifiers": QIS}
    weights = [10, 20, 30, 40, 50, 60]
    found = risk_summary(
        table,
        threshold=0.4,
        sampling_fraction=0.05,
        sampling_weight=weights,
        **options,
    )
    assert (found.n_records, found.n_suppressed, found.n_classes) == (5, 1, 3)
    assert found.class_sizes.tolist() == [1, 3]
    assert found.class_counts.tolist() == [2, 1]
    assert found.smallest_class == k_anonymity(table, **options)
    assert found.sample_uniqueness == sample_uniqueness(table, **options) == 0.4
    assert found.population_uniqueness == population_uniqueness(
        table, sampling_fraction=0.05, **options
    )
    attackers = {
        "prosecutor": prosecutor_risk(table, **options),
        "journalist": journalist_risk(table, sampling_weight=weights, **options),
        "marketer": marketer_risk(table, sampling_weight=weights, **options),
    }
    for name, risk in attackers.items():
        part = getattr(found, name)
        assert part.attacker == name
        assert part.sizes.tolist() == risk.sizes.tolist()
        assert part.success_rate == risk.success_rate


def test_summary_as_text() -> None:
    found = risk_summary(
        pd.DataFrame(PEOPLE), quasi_identifiers=QIS, sampling_fraction=0.5
    )
    assert repr(found).splitlines() == [
        "5 records in 3 classes by sex, town (suppressed: 1)",
        "            highest  average  at risk (> 0.2)  success rate",
        "prosecutor   1.0000   0.6000           1.0000        0.6000",
        "journalist   1.0000   0.6000           1.0000        0.6000",
        "marketer     1.0000   0.6000           1.0000        0.6000",
        "smallest class: 1",
        "unique in the table: 0.4000",
        "unique in the population: 0.2543",
    ]


GAPS = {
    "sex": ["f", "f", None, "m", None],
    "age": [30.0, np.nan, 30.0, 41.0, np.nan],
}


def reading(found: Any) -> list[str]:
    return [line for line in repr(found).splitlines() if "missing" in line]


def test_text_says_how_missing_values_were_read(frame: Any) -> None:
    table, options = frame(GAPS), {"quasi_identifiers": ["sex", "age"]}
    found = risk_summary(table, **options)
    assert (found.missing, found.n_incomplete) == ("own_category", 2)
    assert found.n_suppressed == 1  # lacks both, and is in no class
    assert repr(found).splitlines()[1] == (
        "missing values in 2 records: a category of their own "
        "(missing='wildcard' lets them match all)"
    )
    found = risk_summary(table, missing="wildcard", **options)
    assert (found.missing, found.n_incomplete) == ("wildcard", 2)
    assert reading(found) == [
        "missing values in 2 records: they match all "
        "(missing='own_category' makes them a category)"
    ]
    found = risk_summary(table, sample_weight=[1, 0, 1, 1, 1], **options)
    assert reading(found)[0].startswith("missing values in 1 record: ")


def test_text_says_nothing_of_missing_values_where_none_matters() -> None:
    table = pd.DataFrame({**GAPS, "town": "Ulm"})
    suppressed = table.isna().any(axis=1).to_numpy()
    for missing in ("own_category", "wildcard"):
        options: dict[str, Any] = {"missing": missing}
        assert not reading(risk_summary(table, quasi_identifiers=["town"], **options))
        found = risk_summary(
            table, quasi_identifiers=["sex", "age"], suppressed=suppressed, **options
        )
        assert not reading(found)


def test_missing_values_of_the_population_are_not_counted() -> None:
    everybody = pd.DataFrame({"sex": ["f", "f", "m", None]})
    found = risk_summary(everybody[:3], quasi_identifiers=["sex"], population=everybody)
    assert found.n_incomplete == 0


def test_text_says_what_is_not_estimated() -> None:
    table, options = pd.DataFrame(PEOPLE), {"quasi_identifiers": QIS}
    assert "population: not estimated" in repr(risk_summary(table, **options))
    found = risk_summary(
        table, sampling_fraction=0.5, uniqueness_model="snb", **options
    )
    assert np.isnan(found.population_uniqueness)
    assert "population: no estimate" in repr(found)


@pytest.mark.parametrize("quasi_identifiers", [[0, 1], ["sex", -1]])
def test_a_column_is_named_where_its_position_was_given(quasi_identifiers: Any) -> None:
    found = risk_summary(pd.DataFrame(PEOPLE), quasi_identifiers=quasi_identifiers)
    assert found.quasi_identifiers == QIS
    assert "by sex, town (" in repr(found)


def test_columns_without_names_are_called_by_their_positions() -> None:
    rows = pd.DataFrame(PEOPLE).to_numpy(dtype=object)
    for X in (rows, rows.tolist()):
        assert "by 0, 1 (" in repr(risk_summary(X, quasi_identifiers=[0, 1]))


def test_text_never_says_anonymous() -> None:
    found = risk_summary(pd.DataFrame(PEOPLE), quasi_identifiers=QIS)
    assert "anonym" not in repr(found).lower()


def test_summaries_join_as_tables() -> None:
    table = pd.DataFrame(PEOPLE)
    before = risk_summary(table, quasi_identifiers=QIS)
    after = risk_summary(table, quasi_identifiers=["sex"])
    joined = before.to_frame("before").join(after.to_frame("after"))
    assert joined.loc["classes"].tolist() == [3, 2]
    assert joined.loc["prosecutor_highest"].tolist() == [1, 0.5]
    assert joined.loc["journalist_records_at_risk"].tolist() == [1, 1]
    assert joined.index.name == "measure"
    assert joined.loc["population_uniqueness"].isna().all()


@given(
    table=rows,
    counts=st.lists(st.integers(0, 4), min_size=25, max_size=25),
    fraction=st.sampled_from([0.05, 0.5, 1.0]),
    missing=st.sampled_from(["own_category", "wildcard"]),
)
def test_counts_are_records(
    table: list[Any], counts: list[int], fraction: float, missing: str
) -> None:
    counts = [*counts[: len(table) - 1], 1]
    X = pd.DataFrame(table, columns=QIS)
    options = {
        "quasi_identifiers": QIS,
        "sampling_fraction": fraction,
        "missing": missing,
    }
    short = risk_summary(X, sample_weight=counts, **options)
    full = risk_summary(X.loc[X.index.repeat(counts)], **options)
    pd.testing.assert_frame_equal(short.to_frame(), full.to_frame())
    assert short.class_sizes.tolist() == full.class_sizes.tolist()
    assert short.class_counts.tolist() == full.class_counts.tolist()


def test_a_population_is_for_journalist_and_marketer() -> None:
    everybody = pd.DataFrame({"sex": list("ffffmmm")})
    found = risk_summary(
        everybody[2:5], quasi_identifiers=["sex"], population=everybody
    )
    assert found.prosecutor.highest == 1
    assert found.journalist.highest == 1 / 3
    assert found.n_records == 3
    assert found.class_sizes.tolist() == [1, 2]


def test_suppressed_records_can_be_named() -> None:
    table = pd.DataFrame({"sex": list("ffm")})
    options = {"quasi_identifiers": ["sex"], "suppressed": [False, False, True]}
    found = risk_summary(table, **options)
    assert (found.n_records, found.n_suppressed) == (2, 1)
    assert found.prosecutor.highest == 0.5
    assert sample_uniqueness(table, **options) == 0
    journalist = journalist_risk(table, population=table, **options)
    assert journalist.records.tolist() == [2]


def test_a_table_suppressed_whole() -> None:
    table = pd.DataFrame({"sex": [None, None]})
    found = risk_summary(table, quasi_identifiers=["sex"], sampling_fraction=0.1)
    assert (found.n_records, found.n_suppressed, found.n_classes) == (0, 2, 0)
    assert found.smallest_class == 0
    assert found.sample_uniqueness == found.population_uniqueness == 0
    assert "0 records in 0 classes" in repr(found)


def test_wildcards_make_fewer_uniques() -> None:
    table = pd.DataFrame({"sex": ["f", None, "m"], "town": ["Ulm", "Ulm", "Bonn"]})
    options = {"quasi_identifiers": QIS}
    assert sample_uniqueness(table, **options) == 1
    assert sample_uniqueness(table, missing="wildcard", **options) == 1 / 3


def test_population_size_and_sampling_fraction_say_the_same() -> None:
    table = pd.DataFrame({"sex": list("ffmmmx")})
    options = {"quasi_identifiers": ["sex"], "model": "zayatz"}
    by_size = population_uniqueness(table, population_size=60, **options)
    by_fraction = population_uniqueness(table, sampling_fraction=0.1, **options)
    assert by_size == pytest.approx(by_fraction)
    assert 0 < by_size < 1 / 6


def test_suppressed_records_stay_part_of_the_population() -> None:
    """Five of twelve people are left in the sample; h(1) = 5/12, h(3) = 21/44."""
    found = risk_summary(
        pd.DataFrame(PEOPLE), quasi_identifiers=QIS, sampling_fraction=0.5
    )
    share = 2 * 5 / 12 / (2 * 5 / 12 + 21 / 44)
    uniques = 2 * share / (5 / 12)
    assert found.population_uniqueness == pytest.approx(uniques / 12)


@pytest.mark.parametrize(
    "part",
    [{"sampling_fraction": 0.1}, {"sampling_fraction": 0.07}, {"population_size": 60}],
)
def test_the_privacy_model_judges_by_the_same_estimate(part: Any) -> None:
    table = pd.DataFrame(PEOPLE)
    options = {"quasi_identifiers": QIS}
    classes = equivalence_classes(table, **options)
    for model in ("zayatz", "dankar"):
        reached = PopulationUniqueness(0.1, model, **part).reached(classes)
        found = population_uniqueness(table, model=model, **part, **options)
        assert reached == found


class TestBadInput:
    X = pd.DataFrame(PEOPLE)

    @pytest.mark.parametrize(
        "measure", [risk_summary, sample_uniqueness, population_uniqueness]
    )
    def test_no_quasi_identifiers_are_refused(self, measure: Any) -> None:
        with pytest.raises(ColumnError, match="needs quasi-identifiers: name"):
            measure(self.X, quasi_identifiers=[])

    @pytest.mark.parametrize("threshold", [0, 2, "x"])
    def test_a_threshold_that_is_no_risk_is_refused(self, threshold: Any) -> None:
        with pytest.raises(ValueError, match="'threshold' of risk_summary must be"):
            risk_summary(self.X, quasi_identifiers=QIS, threshold=threshold)

    def test_a_fraction_above_one_is_refused(self) -> None:
        with pytest.raises(ValueError, match="'sampling_fraction' of risk_summary"):
            risk_summary(self.X, quasi_identifiers=QIS, sampling_fraction=2)

    @pytest.mark.parametrize("measure", [risk_summary, population_uniqueness])
    def test_uniqueness_of_fractions_of_records_is_not_estimated(
        self, measure: Any
    ) -> None:
        with pytest.raises(ValueError, match="Give weights that are whole numbers"):
            measure(
                self.X,
                quasi_identifiers=QIS,
                sampling_fraction=0.1,
                sample_weight=[0.5] * len(self.X),
            )

    def test_a_model_that_does_not_exist_is_refused(self) -> None:
        with pytest.raises(ValueError, match="'uniqueness_model' of risk_summary must"):
            risk_summary(self.X, quasi_identifiers=QIS, uniqueness_model="x")

    def test_population_uniqueness_refuses_it_too(self) -> None:
        with pytest.raises(ValueError, match="must be one of 'pitman', 'zayatz'"):
            population_uniqueness(
                self.X, quasi_identifiers=QIS, sampling_fraction=0.1, model="x"
            )

    def test_weights_of_another_length_are_refused(self) -> None:
        with pytest.raises(ValueError, match="one weight for each row"):
            risk_summary(self.X, quasi_identifiers=QIS, sample_weight=[1])


OWNERS = {"metric": "population_uniqueness", "model": "PopulationUniqueness"}


def estimate(kind: str, **part: Any) -> Any:
    """Estimate by the metric or by the privacy model."""
    table = pd.DataFrame(PEOPLE)
    if kind == "metric":
        return population_uniqueness(table, quasi_identifiers=QIS, **part)
    classes = equivalence_classes(table, quasi_identifiers=QIS)
    return PopulationUniqueness(0.1, **part).reached(classes)


@pytest.mark.parametrize("kind", OWNERS)
@pytest.mark.parametrize(
    ("part", "error", "message"),
    [
        ({}, ValueError, "needs either 'population_size' or 'sampling_fraction'"),
        (
            {"population_size": 60, "sampling_fraction": 0.1},
            ValueError,
            "needs either 'population_size' or 'sampling_fraction'",
        ),
        ({"population_size": 5}, ValueError, "is 5, less than the 6 records"),
        ({"population_size": np.inf}, ValueError, "must be a finite number"),
        ({"population_size": np.nan}, ValueError, "must be a finite number"),
        ({"population_size": 0}, ValueError, "must be a finite number of at least 1"),
        ({"population_size": "6"}, TypeError, "must be a number; got str"),
        ({"population_size": True}, TypeError, "must be a number; got bool"),
        ({"sampling_fraction": 0}, ValueError, "above 0 and at most 1; got 0"),
        ({"sampling_fraction": np.nan}, ValueError, "above 0 and at most 1; got nan"),
        ({"sampling_fraction": "0.1"}, TypeError, "must be a number; got str"),
    ],
)
def test_metric_and_model_refuse_the_same_populations(
    kind: str, part: Any, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message) as caught:
        estimate(kind, **part)
    assert OWNERS[kind] in str(caught.value)


@pytest.mark.parametrize("size", [100, 100.0, np.float32(100), np.int64(100)])
def test_metric_and_model_take_any_number_of_people(size: Any) -> None:
    expected = estimate("metric", sampling_fraction=0.06)
    assert estimate("metric", population_size=size) == expected
    assert estimate("model", population_size=size) == expected
