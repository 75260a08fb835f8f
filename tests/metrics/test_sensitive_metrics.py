"""The metrics of sensitive values, and of a population: what a table reaches."""

import math
from functools import partial

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skanon.exceptions import ColumnError
from skanon.hierarchies import Hierarchy
from skanon.metrics import (
    alpha_k_anonymity,
    beta_likeness,
    delta_disclosure,
    delta_presence,
    k_anonymity,
    k_map,
    l_diversity,
    t_closeness,
)

PEOPLE = {
    "age": [30, 30, 30, 40, 40, 40],
    "city": ["Bonn", "Bonn", "Bonn", "Kobe", "Kobe", "Kobe"],
    "illness": ["flu", "gout", "gout", "flu", "flu", "cold"],
    "visits": [1, 2, 2, 1, 1, 3],
}
ILLNESSES = Hierarchy.from_tree({"breath": ["flu", "cold"], "joints": ["gout"]})
AGE = {"quasi_identifiers": ["age"]}
ILLNESS = {**AGE, "sensitive": "illness"}
VISITS = {**AGE, "sensitive": "visits"}

#: Each metric of a sensitive column, and what PEOPLE reach.
METRICS = {
    "distinct": (partial(l_diversity, **ILLNESS), 2),
    "entropy": (
        partial(l_diversity, **ILLNESS, kind="entropy"),
        math.exp(math.log(3) - 2 / 3 * math.log(2)),
    ),
    "recursive": (partial(l_diversity, **ILLNESS, kind="recursive", c=2.5), 2),
    "recursive, not at all": (
        partial(l_diversity, **ILLNESS, kind="recursive", c=0.5),
        0,
    ),
    "equal": (partial(t_closeness, **ILLNESS), 1 / 3),
    "ordered": (partial(t_closeness, **VISITS, distance="ordered"), 1 / 6),
    "ordered by hand": (
        partial(
            t_closeness, **ILLNESS, distance="ordered", order=["flu", "gout", "cold"]
        ),
        1 / 6,
    ),
    "hierarchical": (
        partial(t_closeness, **ILLNESS, distance="hierarchical", hierarchy=ILLNESSES),
        1 / 3,
    ),
    "delta": (partial(delta_disclosure, **ILLNESS), 1.0),
    "beta": (partial(beta_likeness, **ILLNESS), 1.0),
    "enhanced beta": (partial(beta_likeness, **ILLNESS, enhanced=True), 1.0),
    "alpha": (lambda X, **o: alpha_k_anonymity(X, **ILLNESS, **o)[0], 2 / 3),
    "k": (lambda X, **o: alpha_k_anonymity(X, **ILLNESS, **o)[1], 3),
}


@pytest.mark.parametrize("name", METRICS)
def test_a_metric_is_what_the_worst_class_reaches(frame, name):
    metric, expected = METRICS[name]
    assert metric(frame(PEOPLE)) == pytest.approx(expected)


@pytest.mark.parametrize("name", METRICS)
def test_a_weight_is_a_number_of_copies(name):
    metric, _ = METRICS[name]
    table = pd.DataFrame(PEOPLE)
    counts = [2, 0, 3, 1, 1, 4]
    copies = table.loc[np.repeat(table.index, counts)]
    assert metric(table, sample_weight=counts) == metric(copies)


@settings(deadline=None, max_examples=25)
@given(
    st.lists(
        st.tuples(
            st.sampled_from([30, 40, None]),
            st.sampled_from(["flu", "gout", "cold"]),
            st.integers(1, 3),
            st.integers(0, 3),
        ),
        min_size=1,
        max_size=25,
    ).filter(lambda rows: any(row[3] for row in rows)),
    st.sampled_from(sorted(METRICS)),
    st.sampled_from(["own_category", "wildcard"]),
)
def test_distinct_rows_with_counts_give_the_numbers_of_the_full_table(
    rows, name, missing
):
    metric, _ = METRICS[name]
    *values, counts = zip(*rows, strict=True)
    table = pd.DataFrame(dict(zip(["age", "illness", "visits"], values, strict=True)))
    table["age"] = table["age"].astype("Int64")
    full = table.loc[np.repeat(table.index, counts)]
    few = metric(table, sample_weight=counts, missing=missing)
    assert few == pytest.approx(metric(full, missing=missing), abs=1e-12)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("distinct", math.inf),
        ("recursive", math.inf),
        ("entropy", math.inf),
        ("equal", 0),
        ("delta", 0),
        ("beta", 0),
        ("alpha", 0),
        ("k", math.inf),
    ],
)
def test_a_table_of_suppressed_records_keeps_every_promise(name, expected):
    metric, _ = METRICS[name]
    assert metric(pd.DataFrame(PEOPLE), suppressed=[True] * 6) == expected


@pytest.mark.parametrize("name", ["distinct", "recursive", "k"])
def test_counts_are_integers(name):
    metric, _ = METRICS[name]
    assert isinstance(metric(pd.DataFrame(PEOPLE)), int)


def test_an_ndarray_gives_the_same_numbers():
    X = pd.DataFrame(PEOPLE).to_numpy(dtype=object)
    assert l_diversity(X, quasi_identifiers=[0, 1], sensitive=2) == 2
    assert t_closeness(X, quasi_identifiers=["x0"], sensitive="x2") == pytest.approx(
        1 / 3
    )
    assert k_anonymity(X, quasi_identifiers=[0]) == 3


def test_missing_sensitive_values_are_a_value_of_their_own(frame):
    X = frame({"age": [30, 30, 40, 40], "illness": ["flu", None, "flu", "flu"]})
    assert l_diversity(X, **ILLNESS) == 1
    both = frame({"age": [30, 30], "illness": ["flu", None]})
    assert l_diversity(both, **ILLNESS) == 2
    nothing = frame({"age": [30, 40], "illness": [None, None]})
    assert t_closeness(nothing, **ILLNESS, distance="ordered") == 0


def test_no_beta_will_do_where_a_frequent_value_fills_a_class():
    X = [[0, "flu"], [1, "flu"], [1, "gout"], [1, "flu"], [1, "gout"], [1, "gout"]]
    assert beta_likeness(X, quasi_identifiers=[0], sensitive=1) == pytest.approx(1.0)
    assert (
        beta_likeness(X, quasi_identifiers=[0], sensitive=1, enhanced=True) == math.inf
    )


def test_the_population_tells_among_how_many_a_record_hides(frame):
    population = frame({"city": ["Bonn"] * 4 + ["Kobe"] * 5 + ["Ulm"]})
    X = frame({"city": ["Bonn", "Kobe", "Kobe", None]})
    about = {"quasi_identifiers": ["city"], "population": population}
    assert k_map(X, **about) == 4
    assert delta_presence(X, **about) == (0.0, 0.4)
    weighted = frame({"city": ["Bonn", "Kobe"]})
    assert delta_presence(weighted, **about, sample_weight=[1, 2]) == (0.0, 0.4)
    fractions = frame({"city": ["Bonn", "Bonn", "Bonn", "Kobe"]})
    assert k_map(fractions, **about, sample_weight=[0.1, 0.2, 0.3, 0.1]) == 4
    nobody = frame({"city": ["Bonn", None]})
    assert k_map(nobody, **about, sample_weight=[0, 1]) == math.inf


def test_a_population_suppressed_whole_tells_nothing(frame):
    nothing = frame({"city": [None, None]})
    about = {"quasi_identifiers": ["city"], "population": nothing}
    assert delta_presence(nothing, **about) == (0.0, 0.0)
    assert k_map(nothing, **about) == math.inf


def test_parts_of_a_record_add_up_to_it():
    """0.2 + 0.4 + 0.3 + 0.1 is a little more than 1."""
    about = {"quasi_identifiers": [0], "population": [["Bonn"], ["Kobe"]]}
    parts = {"sample_weight": [0.2, 0.4, 0.3, 0.1]}
    assert k_map([["Bonn"]] * 4, **about, **parts) == 1
    assert delta_presence([["Bonn"]] * 4, **about, **parts) == (0, pytest.approx(1))


@pytest.mark.parametrize("one", ["illness", ["illness"], ("illness",), -2])
def test_one_sensitive_column_may_be_a_list(one):
    X = pd.DataFrame(PEOPLE)
    assert l_diversity(X, quasi_identifiers=["age"], sensitive=one) == 2
    assert l_diversity(X, quasi_identifiers=X.columns[:1], sensitive=X.columns[2:3])


def test_a_name_may_be_a_tuple():
    X = pd.DataFrame(PEOPLE)
    X.columns = pd.MultiIndex.from_product([["person"], X.columns])
    about = {"quasi_identifiers": [("person", "age")]}
    assert l_diversity(X, **about, sensitive=("person", "illness")) == 2


@pytest.mark.parametrize(
    "metric",
    [l_diversity, t_closeness, delta_disclosure, beta_likeness, alpha_k_anonymity],
)
class TestBadInput:
    @pytest.mark.parametrize("cells", [pd.Series, pd.DataFrame, np.atleast_2d])
    def test_cells_in_place_of_a_name_are_refused_without_quoting_one(
        self, metric, cells
    ):
        X, wrong = pd.DataFrame(PEOPLE), cells(["secret", "hidden"])
        for about in (
            {"quasi_identifiers": wrong, "sensitive": "illness"},
            {"quasi_identifiers": [wrong], "sensitive": "illness"},
            {"quasi_identifiers": ["age"], "sensitive": wrong},
            {"quasi_identifiers": ["age"], "sensitive": [wrong]},
        ):
            with pytest.raises(ColumnError, match=r"of (the )?column") as e:
                metric(X, **about)
            assert "secret" not in str(e.value)

    @pytest.mark.parametrize("one", [0, "age"])
    def test_one_column_in_place_of_a_list_is_refused(self, metric, one):
        with pytest.raises(ColumnError, match=r"got one of them. Write \["):
            metric(pd.DataFrame(PEOPLE), quasi_identifiers=one, sensitive="illness")

    def test_no_quasi_identifiers_are_refused(self, metric):
        with pytest.raises(ColumnError, match=f"{metric.__name__} needs quasi-identif"):
            metric(pd.DataFrame(PEOPLE), quasi_identifiers=[], sensitive="illness")

    def test_a_column_that_is_not_there_is_refused(self, metric):
        with pytest.raises(ColumnError, match="'town', which X does not have"):
            metric(pd.DataFrame(PEOPLE), quasi_identifiers=["town"], sensitive="city")
        with pytest.raises(ColumnError, match="'ill', which X does not have"):
            metric(pd.DataFrame(PEOPLE), quasi_identifiers=["age"], sensitive="ill")

    @pytest.mark.parametrize("nothing", [None, [], ["illness", "city"]])
    def test_other_than_one_sensitive_column_is_refused(self, metric, nothing):
        with pytest.raises(ColumnError, match="needs one sensitive column"):
            metric(pd.DataFrame(PEOPLE), quasi_identifiers=["age"], sensitive=nothing)

    def test_a_sensitive_column_among_the_quasi_identifiers_is_refused(self, metric):
        with pytest.raises(
            ColumnError, match=r"'age' is given to .* both as a quasi-id"
        ):
            metric(pd.DataFrame(PEOPLE), quasi_identifiers=["age"], sensitive="age")

    @pytest.mark.parametrize(
        ("weights", "message"), [([1, 2], "expected"), ([-1] * 6, "negative")]
    )
    def test_weights_that_do_not_fit_are_refused(self, metric, weights, message):
        with pytest.raises(ValueError, match=message):
            metric(pd.DataFrame(PEOPLE), **ILLNESS, sample_weight=weights)


def test_an_ordered_distance_needs_an_order():
    with pytest.raises(TypeError, match=r"Column 'illness' .* has no order; distance="):
        t_closeness(pd.DataFrame(PEOPLE), **ILLNESS, distance="ordered")


def test_an_order_must_have_every_value():
    with pytest.raises(ValueError, match="'illness' lacks 1 of the values"):
        t_closeness(
            pd.DataFrame(PEOPLE), **ILLNESS, distance="ordered", order=["flu", "gout"]
        )


def test_a_hierarchy_must_have_every_value():
    with pytest.raises(ValueError, match="lacks 1 of the values in column 'illness'"):
        t_closeness(
            pd.DataFrame(PEOPLE),
            **ILLNESS,
            distance="hierarchical",
            hierarchy=Hierarchy.from_dict({"flu": "a", "gout": "b"}),
        )


def test_a_kind_of_diversity_is_one_of_three_words():
    with pytest.raises(ValueError, match="'kind' of l_diversity must be"):
        l_diversity(pd.DataFrame(PEOPLE), **ILLNESS, kind="simple")
