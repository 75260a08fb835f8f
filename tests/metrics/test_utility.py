"""What an anonymized table loses: formulas, ways to say it, and bad input."""

import datetime
import decimal
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skanon.exceptions import ColumnError, UnknownValueError
from skanon.hierarchies import Hierarchy
from skanon.metrics import (
    ambiguity,
    average_class_size,
    discernibility,
    entropy_based_loss,
    granularity,
    height,
    kl_divergence,
    loss,
    ncp,
    non_uniform_entropy,
    precision,
)

CITIES = Hierarchy.from_tree(
    {"DE": {"Rhine": ["Bonn", "Mainz"], "Ruhr": ["Essen"]}, "JP": {"Kansai": ["Kobe"]}}
)
AGES = Hierarchy.from_dict({30: "30s", 35: "30s", 40: "40s", 45: "40s"})
HIERARCHIES = {"city": CITIES, "age": AGES}

BEFORE = {
    "city": ["Bonn", "Mainz", "Essen", "Kobe", "Kobe", "Bonn"],
    "age": [30, 35, 40, 45, 40, 30],
    "note": ["a", "b", "c", "d", "e", "f"],
}
#: Cities on level 1 of 3, ages on level 1 of 2, the third record suppressed.
AFTER = {
    "city": ["Rhine", "Rhine", None, "Kansai", "Kansai", "Rhine"],
    "age": ["30s", "30s", None, "40s", "40s", "30s"],
    "note": BEFORE["note"],
}
LEVELS = {"city": 1, "age": 1}
SUPPRESSED = np.arange(6) == 2

H_CITY = -sum(math.log2(p) for p in [2 / 3, 1 / 3, 1, 1, 1, 2 / 3])
H_AGE = -sum(math.log2(p) for p in [2 / 3, 1 / 3, 2 / 3, 1 / 3, 2 / 3, 2 / 3])

H_ALL = -(4 * math.log2(1 / 3) + 2 * math.log2(1 / 6))  # two values twice, two once

#: Each metric, further options, and what AFTER loses. One of six is suppressed; the
#: shares are (3·2 + 2·1)/4 of five records for cities and 1/2 for ages.
CASES = {
    "height": (height, {}, 2.0),
    "height, max": (height, {"aggregate": "max"}, 1.0),
    "height, per column": (height, {"aggregate": None}, {"city": 1.0, "age": 1.0}),
    "precision": (precision, {}, ((5 / 3 + 1) / 6 + (5 / 2 + 1) / 6) / 2),
    "precision, monotonic": (precision, {"monotonic": True}, (1 / 3 + 1 / 2) / 2),
    "precision, suppression": (
        precision,
        {"gs_factor": 0.25},
        ((5 / 3 + 0.5) / 6 + (5 / 2 + 0.5) / 6) / 2,
    ),
    "loss": (
        loss,
        {"aggregate": None},
        {"city": ((2 + 1) - 1.5) / 4.5, "age": ((2.5 + 1) - 1.5) / 4.5},
    ),
    "loss, geometric": (loss, {}, math.sqrt((4 / 3) * (1 + 2 / 4.5)) - 1),
    "loss, rank": (loss, {"aggregate": "rank"}, [2 / 4.5, 1 / 3]),
    "loss, weighted": (
        loss,
        {"aggregate": "sum", "weights": {"city": 3, "age": 1}},
        1 / 3 + 2 / 4.5 / 3,
    ),
    "loss, weight by default": (
        loss,
        {"aggregate": "sum", "weights": {"city": 1}},
        1 / 3 + 2 / 4.5 / 2,
    ),
    "loss, generalization": (  # G = 0.5, so that single values cost 0.5 · 6 / 4
        loss,
        {"aggregate": None, "gs_factor": 0.75},
        {"city": (1 + 1 - 0.75) / 5.25, "age": (1.25 + 1 - 0.75) / 5.25},
    ),
    "entropy, monotonic": (
        non_uniform_entropy,
        {"variant": "monotonic", "aggregate": None},
        {"city": H_CITY, "age": H_AGE},
    ),
    "entropy": (non_uniform_entropy, {}, H_CITY + H_AGE),  # one alone has no bits
    "entropy, normalized": (
        non_uniform_entropy,
        {"variant": "normalized", "aggregate": None},
        {
            "city": H_CITY / H_ALL,
            "age": H_AGE / H_ALL,
        },
    ),
    "ambiguity": (ambiguity, {}, 3 * 2 * 2 + 2 * 1 * 2 + 16),
    "entropy-based loss": (
        entropy_based_loss,
        {},
        3 * (math.log(2 / 16 * 2) / math.log(16) + 1)
        + 2 * (math.log(2 / 16) / math.log(16) + 1)
        + 1,
    ),
    "divergence": (
        kl_divergence,
        {},
        sum(
            f * math.log2(f / g)
            for f, g in [
                (2 / 6, 3 / 6 / 4),
                (1 / 6, 3 / 6 / 4),
                (1 / 6, 1 / 6 / 16),
                (1 / 6, 2 / 6 / 2),
                (1 / 6, 2 / 6 / 2),
                (2 / 6, 3 / 6 / 4),
            ]
        ),
    ),
    "granularity": (
        granularity,
        {},
        1 - ((3 / 6 + 3.5 / 6) / 2 - 0.25) / 0.75,
    ),
    "granularity, per column": (
        granularity,
        {"aggregate": None},
        {"city": 1 - (0.5 - 0.25) / 0.75, "age": 1 - (3.5 / 6 - 0.25) / 0.75},
    ),
    "granularity, geometric": (
        granularity,
        {"aggregate": "geometric_mean"},
        1 - (math.sqrt(1.5 * (1 + 3.5 / 6)) - 1 - 0.25) / 0.75,
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_the_two_tables_tell_what_is_lost(frame, name):
    metric, options, expected = CASES[name]
    got = metric(frame(BEFORE), frame(AFTER), hierarchies=HIERARCHIES, **options)
    assert got == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("name", CASES)
def test_the_levels_and_the_suppressed_records_tell_the_same(name):
    metric, options, expected = CASES[name]
    got = metric(
        pd.DataFrame(BEFORE),
        hierarchies=HIERARCHIES,
        levels=LEVELS,
        suppressed=SUPPRESSED,
        **options,
    )
    assert got == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("name", CASES)
def test_an_ndarray_and_positions_tell_the_same(name):
    metric, options, expected = CASES[name]
    keys = {"city": 0, "age": 1}
    if "weights" in options:
        weights = {keys[k]: w for k, w in options["weights"].items()}
        options = {**options, "weights": weights}
    if isinstance(expected, dict):
        expected = {keys[name]: value for name, value in expected.items()}
    got = metric(
        pd.DataFrame(BEFORE).to_numpy(dtype=object),
        pd.DataFrame(AFTER).to_numpy(dtype=object),
        hierarchies={0: CITIES, 1: AGES},
        **options,
    )
    assert got == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize(
    ("hierarchies", "others"),
    [
        ({0: CITIES, 1: AGES}, {"city": 1, "age": 2}),
        ({"city": CITIES, "age": AGES}, {0: 1, 1: 2}),
        ({-3: CITIES, "age": AGES}, {0: 1, -2: 2}),
    ],
)
def test_a_column_is_the_same_by_its_name_and_by_its_position(hierarchies, others):
    before, after = pd.DataFrame(BEFORE), pd.DataFrame(AFTER)
    options = {"hierarchies": HIERARCHIES, "aggregate": "sum"}
    expected = loss(before, after, weights={"city": 1, "age": 2}, **options)
    options["hierarchies"] = hierarchies
    assert loss(before, after, weights=others, **options) == expected
    options = {"levels": others, "aggregate": None}
    got = height(before, hierarchies=hierarchies, **options)
    assert got == {"city": 1.0, "age": 2.0}


@pytest.mark.parametrize("metric", [height, precision, loss, granularity])
def test_a_column_is_named_where_its_position_was_given(metric):
    tables = pd.DataFrame(BEFORE), pd.DataFrame(AFTER)
    got = metric(*tables, hierarchies={1: AGES, 0: CITIES}, aggregate=None)
    assert list(got) == ["age", "city"]


NOTHING_LOST = {
    height: 0,
    precision: 0,
    loss: 0,
    non_uniform_entropy: 0,
    ambiguity: 6,
    kl_divergence: 0,
    entropy_based_loss: 0,
    granularity: 1,
}


@pytest.mark.parametrize("metric", NOTHING_LOST, ids=lambda metric: metric.__name__)
def test_the_original_table_loses_nothing(frame, metric):
    got = metric(frame(BEFORE), frame(BEFORE), hierarchies=HIERARCHIES)
    assert got == pytest.approx(NOTHING_LOST[metric], abs=1e-12)


@pytest.mark.parametrize(
    ("metric", "expected"),
    [
        (precision, 1),
        (loss, 1),
        (entropy_based_loss, 6),
        (granularity, 0),
        (ambiguity, 6 * 16),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_a_suppressed_table_has_nothing_left(metric, expected):
    before = pd.DataFrame(BEFORE)
    after = before.assign(city=None, age=None)
    got = metric(before, after, hierarchies=HIERARCHIES)
    assert got == pytest.approx(expected)


@settings(deadline=None, max_examples=40)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["Bonn", "Mainz", "Essen", "Kobe"]),
            st.sampled_from([30, 35, 40, 45]),
            st.booleans(),
            st.integers(0, 3),
        ),
        min_size=1,
        max_size=20,
    ).filter(lambda rows: any(row[3] for row in rows)),
    st.sampled_from(sorted(CASES)),
    st.integers(0, 3),
    st.integers(0, 2),
)
def test_distinct_rows_with_counts_give_the_numbers_of_the_full_table(
    rows, name, city, age
):
    metric, options, _ = CASES[name]
    table = pd.DataFrame(rows, columns=["city", "age", "gone", "count"])
    full = table.loc[np.repeat(table.index, table["count"])]
    settings_ = {"hierarchies": HIERARCHIES, "levels": {"city": city, "age": age}}
    few = metric(
        table,
        suppressed=table["gone"],
        sample_weight=table["count"],
        **settings_,
        **options,
    )
    many = metric(full, suppressed=full["gone"], **settings_, **options)
    assert few == pytest.approx(many, abs=1e-9)


def test_labels_of_one_column_may_be_on_different_levels():
    before = pd.DataFrame(BEFORE)
    after = before.assign(city=["Bonn", "Rhine", "DE", "Kobe", "*", None])
    city = {"hierarchies": {"city": CITIES}, "suppressed": np.zeros(6, bool)}
    assert loss(before, after, **city) == pytest.approx(
        ((1 + 2 + 3 + 1 + 4 + 4) / 4 - 1.5) / 4.5
    )
    assert height(before, after, **city) == pytest.approx((0 + 1 + 2 + 0 + 3 + 3) / 6)
    assert ambiguity(before, after, **city) == 1 + 2 + 3 + 1 + 4 + 4


def test_a_single_suppressed_cell_stands_for_all_values():
    before, after = pd.DataFrame(BEFORE), pd.DataFrame(AFTER)
    after.loc[0, "city"] = None
    got = loss(before, after, hierarchies=HIERARCHIES, aggregate=None)
    assert got["city"] == pytest.approx(((2 * 2 + 2 * 1) / 4 + 1 + 1 - 1.5) / 4.5)


def test_a_value_that_was_missing_stands_for_itself():
    before = pd.DataFrame({"city": ["Bonn", None, "Kobe"], "age": [30, 40, 45]})
    after = pd.DataFrame({"city": ["Rhine", None, "Kansai"], "age": [30, 40, 45]})
    assert loss(
        before, after, hierarchies={"city": CITIES}, suppressed=[False] * 3
    ) == (pytest.approx(((2 + 1 + 1) / 4 - 0.75) / 2.25))


def test_discernibility_counts_pairs(frame):
    X = frame(AFTER)
    pairs = {"quasi_identifiers": ["city", "age"]}
    assert discernibility(X, **pairs) == 9 + 4 + 6
    assert discernibility(X, **pairs, monotonic=True) == 9 + 4 + 1
    few = frame({"city": ["Rhine", "Kansai", None]})
    weighted = discernibility(few, quasi_identifiers=["city"], sample_weight=[3, 2, 1])
    assert weighted == 9 + 4 + 6


def test_average_class_size_takes_the_suppressed_for_one_class(frame):
    X = frame(AFTER)
    size = {"quasi_identifiers": ["city", "age"]}
    assert average_class_size(X, **size) == 6 / 3
    assert average_class_size(X, **size, gs_factor=0.25) == 6 / (0.5 * 2 + 1)
    assert average_class_size(X, **size, gs_factor=0.75) == 6 / (2 + 0.5)
    few = frame({"city": ["Rhine", "Kansai", None]})
    assert (
        average_class_size(few, quasi_identifiers=["city"], sample_weight=[3, 2, 1])
        == 2
    )


def test_ncp_is_the_width_of_intervals_and_the_share_of_labels():
    before = pd.DataFrame({"age": [20, 30, 40, 60], "city": list("abcd")})
    before["city"] = ["Bonn", "Mainz", "Essen", "Kobe"]
    after = pd.DataFrame({"age": pd.cut(before["age"], [20, 40, 60], right=False)})
    after["city"] = ["Rhine", "Rhine", "Essen", "*"]
    both = {"quasi_identifiers": ["age", "city"], "hierarchies": {"city": CITIES}}
    widths, shares = (0.5 + 0.5 + 0.5 + 1) / 4, (0.5 + 0.5 + 0 + 1) / 4
    assert ncp(before, after, **both) == pytest.approx((widths + shares) / 2)
    heavy = ncp(before, after, **both, sample_weight=[1, 0, 0, 3])
    assert heavy == pytest.approx((0.5 + 0.5 + 3 * 2) / 2 / 4)
    everything = [True] * 4
    assert ncp(before, after, **both, suppressed=everything) == 1


def test_ncp_counts_of_an_open_interval_what_lies_in_the_range():
    before = pd.DataFrame({"age": [20, 30, 40, 60]})
    ends = [(-np.inf, 30), (25, 35), (30, np.inf), (-np.inf, np.inf)]
    after = pd.DataFrame({"age": pd.arrays.IntervalArray.from_tuples(ends)})
    got = ncp(before, after, quasi_identifiers=["age"])
    assert got == pytest.approx((10 + 10 + 30 + 40) / 40 / 4)


def test_ncp_of_numbers_as_they_were_is_nothing(frame):
    X = frame({"age": [20, 30, 40]})
    assert ncp(X, X, quasi_identifiers=["age"]) == 0
    after = frame({"age": [20, None, 40]})
    got = ncp(X, after, quasi_identifiers=["age"], suppressed=[False] * 3)
    assert got == pytest.approx(1 / 3)


DAY = datetime.date


@pytest.mark.parametrize(
    "values",
    [
        [DAY(1999, 1, 1), DAY(2020, 2, 29), DAY(9999, 12, 31)],
        pd.to_datetime([1, 10**18 + 1, 2 * 10**18], unit="ns"),
        pd.to_datetime(["2020-01-01", "2020-06-01", "2021-01-01"]).tz_localize("CET"),
        pd.to_timedelta([1, 2, 9], unit="D"),
        [datetime.time(1), datetime.time(2), datetime.time(23)],
        [decimal.Decimal("1.5"), decimal.Decimal(2), decimal.Decimal(7)],
        [2**53 + 1, 5, -(2**62)],
        pd.Categorical([20, 30, 40]),
    ],
)
def test_ncp_reads_whatever_has_a_width(values):
    before = pd.DataFrame({"x": values})
    after = before.assign(x=before["x"].where([True, False, True]))
    mask = {"quasi_identifiers": ["x"], "suppressed": [False] * 3}
    assert ncp(before, before, **mask) == 0
    assert ncp(before, after, **mask) == pytest.approx(1 / 3)


def test_ncp_compares_dates_of_two_units():
    moments = pd.to_datetime([1, 10**18 + 1, 2 * 10**18], unit="ns")
    ends = moments.as_unit("ns").floor("D").as_unit("s")
    days = pd.arrays.IntervalArray.from_arrays(ends, ends + pd.Timedelta(days=1))
    before, after = pd.DataFrame({"x": moments}), pd.DataFrame({"x": days})
    got = ncp(before, after, quasi_identifiers=["x"])
    range_ = (moments[2] - moments[0]) / pd.Timedelta(days=1)
    assert got == pytest.approx((1 + 1 + 0) / 3 / range_, abs=1 / range_)


def test_ncp_of_a_table_suppressed_whole_is_one(frame):
    before, after = frame({"age": [20, 30]}), frame({"age": [None, None]})
    assert ncp(before, after, quasi_identifiers=["age"]) == 1


def test_ncp_without_hierarchies_measures_intervals_and_numbers():
    X = pd.DataFrame({"age": [20, 30, 40]})
    after = X.assign(age=[20, None, 40])
    by_age = {"quasi_identifiers": ["age"], "suppressed": [False] * 3}
    without = ncp(X, after, **by_age)
    assert ncp(X, after, **by_age, hierarchies={}) == without == pytest.approx(1 / 3)


@pytest.mark.parametrize("key", ["city", 0])
def test_ncp_refuses_the_hierarchy_of_another_column(key):
    X = pd.DataFrame({"city": BEFORE["city"], "age": BEFORE["age"]})
    with pytest.raises(
        ColumnError, match=rf"'hierarchies' of ncp names \[{key!r}\], which are not"
    ):
        ncp(X, X, quasi_identifiers=["age"], hierarchies={key: CITIES})
    with pytest.raises(TypeError, match="'hierarchies' of ncp must be a dict"):
        ncp(X, X, quasi_identifiers=["age"], hierarchies={"age": "years"})


def test_ncp_needs_finite_numbers():
    with pytest.raises(ValueError, match="Column 'x0' has 1 infinite values; ncp nee"):
        ncp([[np.inf], [1.0]], [[np.inf], [1.0]], quasi_identifiers=[0])


def test_ncp_refuses_labels_around_other_values():
    before = pd.DataFrame({"age": [20, 30, 40]})
    with pytest.raises(ValueError, match="'age' of the anonymized table has 1 cells"):
        ncp(before, before.assign(age=[20, 31, 40]), quasi_identifiers=["age"])
    with pytest.raises(TypeError, match=r"'age' has .*string; ncp without a hier"):
        ncp(before, before.assign(age=["a", "b", "c"]), quasi_identifiers=["age"])


def test_either_the_anonymized_table_or_the_levels_are_given():
    X = pd.DataFrame(BEFORE)
    with pytest.raises(ValueError, match="loss needs either the anonymized table"):
        loss(X, hierarchies=HIERARCHIES)
    with pytest.raises(ValueError, match="loss needs either the anonymized table"):
        loss(X, X, hierarchies=HIERARCHIES, levels=LEVELS)


BAD = [
    ({"hierarchies": {}}, ColumnError, "loss needs the hierarchies of the quasi-id"),
    ({"hierarchies": {"town": CITIES}}, ColumnError, "'town', which X does not have"),
    ({"hierarchies": [CITIES]}, TypeError, "must be a dict from each quasi-identifier"),
    ({"hierarchies": {"city": 1}}, TypeError, "must be a dict from each quasi-identif"),
    (
        {"levels": {"city": 1}},
        ColumnError,
        r"'levels' of loss names no level for \['age",
    ),
    (
        {"levels": {"city": 1, "age": 1, "note": 1}},
        ColumnError,
        r"'levels' of loss names \['note'\], which are not among the quasi-ident",
    ),
    ({"levels": [1, 1]}, TypeError, "'levels' of loss must be a dict .* got list"),
    ({"weights": [1, 1]}, TypeError, "'weights' of loss must be a dict .* got list"),
    ({"levels": {"city": 1, "age": 9}}, ValueError, "Level 9 is not a level"),
    ({"gs_factor": 2}, ValueError, "'gs_factor' of loss must be a number from 0 to 1"),
    ({"aggregate": "median"}, ValueError, "'aggregate' of loss must be one of 'sum'"),
    ({"weights": {"note": 1}}, ColumnError, r"'weights' of loss names \['note'\], wh"),
    ({"weights": {"city": 1, 0: 1}}, ColumnError, "'weights' of loss names a column"),
    ({"weights": {"town": 1}}, ColumnError, "'town', which X does not have"),
    ({"weights": {"age": -1}}, ValueError, "finite numbers of at least 0"),
    ({"weights": {"age": "much"}}, ValueError, "finite numbers of at least 0"),
    ({"aggregate": ["sum"]}, ValueError, "'aggregate' of loss must .* got list"),
    ({"gs_factor": True}, ValueError, "from 0 to 1; got True"),
    ({"sample_weight": [1, 2]}, ValueError, "sample_weight.shape"),
    ({"suppressed": [1, 2]}, ValueError, "'suppressed' of loss must be one bool"),
]


@pytest.mark.parametrize(("options", "error", "message"), BAD)
def test_bad_input_is_refused(options, error, message):
    defaults = {"hierarchies": HIERARCHIES, "levels": LEVELS}
    with pytest.raises(error, match=message):
        loss(pd.DataFrame(BEFORE), **{**defaults, **options})


def test_a_hierarchy_must_have_every_value():
    before = pd.DataFrame(BEFORE)
    before.loc[1, "city"] = "secret town"
    with pytest.raises(
        UnknownValueError, match="'city' lacks the values of 1 row"
    ) as e:
        loss(before, hierarchies=HIERARCHIES, levels=LEVELS)
    assert "secret" not in str(e.value)


def test_a_label_must_be_one_of_the_hierarchy_for_that_value():
    before, after = pd.DataFrame(BEFORE), pd.DataFrame(AFTER)
    after.loc[0, "city"] = "Kansai"
    with pytest.raises(
        UnknownValueError, match="'city' of the anonymized table has 1 "
    ):
        loss(before, after, hierarchies=HIERARCHIES)


def test_the_tables_must_have_the_same_rows_and_columns():
    before, after = pd.DataFrame(BEFORE), pd.DataFrame(AFTER)
    with pytest.raises(
        ValueError, match="original table has 6 rows, the anonymized on"
    ):
        loss(before, after.iloc[1:], hierarchies=HIERARCHIES)
    with pytest.raises(ColumnError, match=r"lacks the columns \['age'\]"):
        loss(before, after.drop(columns="age"), hierarchies=HIERARCHIES)


def test_a_variant_of_the_entropy_is_one_of_three_words():
    with pytest.raises(
        ValueError, match="'variant' of non_uniform_entropy must be one"
    ):
        non_uniform_entropy(
            pd.DataFrame(BEFORE),
            hierarchies=HIERARCHIES,
            levels=LEVELS,
            variant="simple",
        )


@settings(deadline=None, max_examples=30)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["a", "b", None]), st.integers(0, 9), st.integers(0, 3)
        ),
        min_size=1,
        max_size=20,
    ).filter(lambda rows: any(row[2] for row in rows))
)
def test_classes_and_penalties_of_counted_rows_are_those_of_the_full_table(rows):
    table = pd.DataFrame(rows, columns=["city", "age", "count"])
    table["decade"] = pd.arrays.IntervalArray.from_arrays(
        table["age"] // 5 * 5, table["age"] // 5 * 5 + 5, closed="left"
    )
    full = table.loc[np.repeat(table.index, table["count"])]
    for metric in (discernibility, average_class_size):
        few = metric(table, quasi_identifiers=["city"], sample_weight=table["count"])
        assert few == metric(full, quasi_identifiers=["city"])
    few, many = (
        ncp(
            t[["age"]],
            pd.DataFrame({"age": t["decade"].array}),
            quasi_identifiers=["age"],
            sample_weight=weights,
        )
        for t, weights in ((table, table["count"]), (full.reset_index(), None))
    )
    assert few == pytest.approx(many)
