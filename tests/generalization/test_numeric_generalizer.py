"""Numbers become intervals whose edges are learned once."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.tree import DecisionTreeClassifier

from skanon import NumericGeneralizer
from skanon.exceptions import ColumnError, ColumnTypeError

AGES = [23.0, 37.0, 61.0, None, 94.0]

BIN_COUNTS = st.integers(1, 12)


def edges_of(values, **parameters):
    X = np.array(values, float).reshape(-1, 1)
    return NumericGeneralizer(**parameters).fit(X).edges_[0].tolist()


def sizes_of(values, edges):
    return np.bincount(np.searchsorted(edges, values, "right"))


@pytest.mark.parametrize(
    ("output", "expected"),
    [
        ("midpoint", [30, 30, 70, None, 90]),
        ("ordinal", [0, 0, 2, None, 3]),
        ("label", ["<40", "<40", "[60, 80)", None, ">=80"]),
    ],
)
def test_numbers_become_intervals(frame, output, expected):
    X = frame({"age": AGES})
    out = NumericGeneralizer(width=20, output=output).fit_transform(X)
    assert frame.values(out, "age") == expected


def test_bounds_are_two_columns(frame):
    X = frame({"age": AGES, "name": list("abcde")})
    generalizer = NumericGeneralizer(width=20, output="bounds", columns=["age"])
    out = generalizer.fit_transform(X)
    assert frame.values(out, "age_lower") == [20, 20, 60, None, 80]
    assert frame.values(out, "age_upper") == [40, 40, 80, None, 100]
    names = ["age_lower", "age_upper", "name"]
    assert list(generalizer.get_feature_names_out()) == names


@pytest.mark.parametrize("outputs", [("bounds", "midpoint"), ("label", "bounds")])
def test_an_output_that_is_set_later_counts_from_the_next_fit(outputs):
    X = pd.DataFrame({"age": AGES})
    first, second = (NumericGeneralizer(width=20, output=o) for o in outputs)
    before = first.fit_transform(X)
    first.set_params(output=outputs[1])
    pd.testing.assert_frame_equal(first.transform(X), before)
    assert list(first.get_feature_names_out()) == list(before)
    pd.testing.assert_frame_equal(first.fit_transform(X), second.fit_transform(X))


def test_an_interval_is_a_pandas_interval():
    X = pd.DataFrame({"age": AGES})
    out = NumericGeneralizer(width=20, output="interval").fit_transform(X)["age"]
    assert out[2] == pd.Interval(60, 80, closed="left")
    assert out[4] == pd.Interval(80, np.inf, closed="left")
    assert out.isna().tolist() == [False, False, False, True, False]


@pytest.mark.parametrize("output", ["midpoint", "ordinal", "label", "interval"])
@pytest.mark.parametrize("values", [[1, 2, 3], [1.5, 2, 3], [np.nan, 2, 3], [np.nan]])
def test_the_dtype_of_a_fold_does_not_depend_on_what_is_in_it(output, values):
    generalizer = NumericGeneralizer(edges=[2, 5], output=output)
    expected = generalizer.fit_transform(pd.DataFrame({"a": [1.0, 7.0]})).dtypes["a"]
    dtype = generalizer.transform(pd.DataFrame({"a": values})).dtypes["a"]
    is_missing = output == "ordinal" and np.isnan(values).any()
    assert dtype == (np.float64 if is_missing else expected)


def test_numbers_beyond_the_fitted_ones_fall_into_the_outermost_intervals():
    generalizer = NumericGeneralizer(width=20, output="label").fit([[23], [94]])
    out = generalizer.transform([[-1e9], [200], [np.inf], [-np.inf]])
    assert out[:, 0].tolist() == ["<40", ">=80", ">=80", "<40"]


def test_edges_that_change_later_do_not_change_what_was_fitted():
    edges = np.array([1.0, 2.0])
    generalizer = NumericGeneralizer(edges=edges).fit([[0.0]])
    edges[0] = -9.0
    assert generalizer.edges_[0].tolist() == [1.0, 2.0]


def test_a_width_makes_multiples():
    assert edges_of([23, 94], width=20) == [40, 60, 80]
    assert edges_of([0.05, 0.32], width=0.1) == [0.1, 0.2, 0.3]
    assert edges_of([20, 40], width=20) == [40]
    assert edges_of([0.3, 0.4], width=0.1) == [0.4]
    assert edges_of([1, 2], width=20) == []


def test_limits_stand_for_the_extremes_of_the_column():
    assert edges_of([23, 94], width=25, limits=(0, 75)) == [25, 50, 75]
    assert edges_of([23, 94], n_bins=4, limits=(0, 10)) == [2.5, 5, 7.5]
    assert edges_of([23, 94], n_bins=8, limits=(0, 100))[:3] == [12.5, 25, 37.5]
    assert edges_of([23, 94], n_bins=10, limits=(0, 1))[:3] == [0.1, 0.2, 0.3]


@given(
    st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=30),
    BIN_COUNTS,
    st.sampled_from(["uniform", "quantile", "kmeans"]),
)
def test_edges_increase_and_make_at_most_the_bins_wanted(values, n_bins, strategy):
    values = np.round(values, 3)
    if strategy == "kmeans":
        n_bins = min(n_bins, len(np.unique(values)))
    edges = edges_of(values, n_bins=n_bins, strategy=strategy)
    assert len(edges) < n_bins
    assert (np.diff(edges) > 0).all()
    assert all(values.min() < edge <= values.max() for edge in edges)


@pytest.mark.parametrize("strategy", ["uniform", "quantile", "kmeans"])
@pytest.mark.parametrize("output", ["midpoint", "bounds"])
@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=2))
@example([-1.7e308, 0.0, 1.7e308])
@example([5e-324, 0.0, 1e-323])
@example([1e-300, 2e-300, 3e-300])
@example([1.0, np.nextafter(1.0, 2.0)])
def test_numbers_may_be_as_large_and_small_as_floats_are(output, strategy, values):
    generalizer = NumericGeneralizer(n_bins=3, strategy=strategy, output=output)
    out = generalizer.fit_transform(np.array(values)[:, np.newaxis])
    assert np.isfinite(out).all()
    (edges,) = generalizer.edges_
    assert (edges[1:] > edges[:-1]).all()
    assert len(edges) <= 2
    low, high = min(values), max(values)
    has_room = np.nextafter(low, high) < high if strategy == "uniform" else low < high
    assert len(edges) or not has_room
    assert np.logical_and(edges > low, edges <= high).all()


@pytest.mark.parametrize(
    ("low", "high", "n_bins", "edges"),
    [
        (0, 100, 2, [50]),
        (0, 100, 4, [25, 50, 75]),
        (0, 100, 5, [20, 40, 60, 80]),
        (1, 10, 2, [5.5]),
        (17, 94, 5, [32, 48, 63, 79]),
        (-1, 1, 3, [-0.3, 0.3]),
        (1_002_345, 7_998_765, 3, [3_300_000, 5_700_000]),
        (0, 1, 10, [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]),
    ],
)
def test_uniform_edges_are_round(low, high, n_bins, edges):
    assert edges_of([low, high], n_bins=n_bins) == edges


@given(
    st.integers(-(10**6), 10**6), st.integers(1, 10**6), st.integers(-8, 8), BIN_COUNTS
)
def test_uniform_intervals_are_as_many_as_wanted_and_nearly_as_wide(
    low, gap, exponent, n_bins
):
    low, high = low * 10.0**exponent, (low + gap) * 10.0**exponent
    edges = np.array(edges_of([low, high], n_bins=n_bins))
    width = (high - low) / n_bins
    expected = low + width * np.arange(1, n_bins)
    np.testing.assert_allclose(edges, expected, rtol=0, atol=0.1001 * width)
    assert [float(f"{edge:.14g}") for edge in edges] == edges.tolist()


def test_no_uniform_interval_is_made_for_the_highest_number_alone():
    values = np.arange(101)
    for n_bins in (2, 4, 5, 10):
        edges = edges_of(values, n_bins=n_bins)
        counts = sizes_of(values, edges)
        assert len(counts) == n_bins
        assert np.ptp(counts) <= 1


def test_quantile_intervals_hold_equally_many_rows(rng):
    values = rng.lognormal(size=1000)
    edges = edges_of(values, n_bins=8, strategy="quantile")
    assert sizes_of(values, edges).tolist() == [125] * 8


@pytest.mark.parametrize(
    ("counts", "edges"),
    [
        ([30, 69, 1], [1]),
        ([1, 69, 30], [2]),
        ([49, 51], [1]),
        ([51, 49], [1]),
        ([1, 99], [1]),
        ([99, 1], [1]),
    ],
)
def test_a_quantile_edge_is_on_the_nearer_side_of_a_value(counts, edges):
    values = np.repeat(np.arange(len(counts)), counts)
    assert edges_of(values, n_bins=2, strategy="quantile") == edges


@given(st.lists(st.integers(-9, 9), min_size=1, max_size=60))
def test_two_quantile_intervals_are_as_equal_as_one_edge_makes_them(values):
    edges = edges_of(values, n_bins=2, strategy="quantile")
    choices = [[edge] for edge in np.unique(values)[1:]] or [[]]
    least = min(sizes_of(values, choice).max() for choice in choices)
    assert sizes_of(values, edges).max() == least


@given(st.lists(st.integers(-9, 9), min_size=1, max_size=60), BIN_COUNTS)
@example(np.repeat([0, 1, 2, 3], [21, 19, 39, 11]), 3)
def test_no_quantile_interval_is_larger_than_with_edges_above_the_shares(
    values, n_bins
):
    edges = edges_of(values, n_bins=n_bins, strategy="quantile")
    ranked = np.sort(values)
    positions = np.ceil(len(values) * np.arange(1, n_bins) / n_bins).astype(int)
    above = np.searchsorted(ranked, ranked[positions - 1], "right")
    above = np.unique(ranked[above[above < len(values)]])
    assert sizes_of(values, edges).max() <= sizes_of(values, above).max()


def test_quantile_edges_are_rounder_than_the_values_beside_them():
    assert edges_of([1234.56, 4321.98], n_bins=2, strategy="quantile") == [3000]
    assert edges_of([37, 38], n_bins=2, strategy="quantile") == [38]
    assert edges_of([38, 39], n_bins=2, strategy="quantile") == [39]
    assert edges_of([-0.5, 0.26], n_bins=2, strategy="quantile") == [-0.1]
    above = np.nextafter(1.0, 2)
    assert edges_of([1.0, above], n_bins=2, strategy="quantile") == [above]


def test_kmeans_cuts_between_clusters():
    values = [1, 2, 3, 101, 102, 103, 501, 502]
    assert edges_of(values, n_bins=3, strategy="kmeans") == [50, 300]


@pytest.mark.parametrize("strategy", ["uniform", "quantile", "kmeans"])
def test_a_column_of_one_value_or_none_has_one_interval(strategy):
    X = pd.DataFrame({"one": [3.0, 3.0], "none": [np.nan, np.nan]})
    generalizer = NumericGeneralizer(strategy=strategy, output="label").fit(X)
    assert [len(edges) for edges in generalizer.edges_] == [0, 0]
    assert generalizer.transform(X)["one"].tolist() == ["*", "*"]
    assert generalizer.set_params(output="midpoint").fit_transform(X)["one"][0] == 0


@given(
    st.lists(
        st.tuples(st.integers(-50, 50), st.integers(0, 5)), min_size=1, max_size=20
    ).filter(lambda rows: any(count for _, count in rows)),
    st.sampled_from(["uniform", "quantile", "kmeans"]),
)
def test_counts_of_distinct_rows_learn_the_edges_of_the_full_table(rows, strategy):
    values, counts = np.array(rows).T
    n_bins = min(3, len(np.unique(values[counts > 0])))
    generalizer = NumericGeneralizer(n_bins=n_bins, strategy=strategy)
    full = generalizer.fit(np.repeat(values, counts)[:, None]).edges_[0]
    counted = generalizer.fit(values[:, None], sample_weight=counts).edges_[0]
    np.testing.assert_array_equal(counted, full)


def test_infinite_values_teach_nothing():
    assert edges_of([-np.inf, 1, 2, np.inf], n_bins=2, strategy="quantile") == [2]


def test_a_categorical_column_of_numbers_is_transformed_on_its_categories():
    X = pd.DataFrame({"a": pd.Categorical([30, 10, None, 30])})
    out = NumericGeneralizer(edges=[20], output="label").fit_transform(X)["a"]
    assert isinstance(out.dtype, pd.CategoricalDtype)
    assert out.tolist()[:2] == [">=20", "<20"]


def test_many_edges_give_what_few_do(rng):
    values = rng.uniform(-10, 110, (500, 1))
    values[7] = np.nan
    values[8:10, 0] = np.inf, -np.inf
    many = NumericGeneralizer(width=0.5, limits=(0, 100), output="ordinal").fit(values)
    assert len(many.edges_[0]) == 200
    few = NumericGeneralizer(edges=many.edges_[0][90:110], output="ordinal")
    codes = many.transform(values)
    expected = np.clip(codes - 90, 0, 20)
    np.testing.assert_array_equal(few.fit_transform(values), expected)


@given(
    st.lists(st.floats(-1e3, 1e3), min_size=100, max_size=150, unique=True),
    st.sampled_from([1, 1e6, 1e300]),
)
def test_every_number_lies_in_its_interval(edges, last):
    edges = np.unique([*edges, 1e3 + last])
    numbers = np.concatenate([edges, np.nextafter(edges, -np.inf), [1e308, -1e308]])
    codes = NumericGeneralizer(edges=edges, output="ordinal").fit_transform(
        numbers[:, None]
    )
    expected = np.searchsorted(edges, numbers, side="right")
    np.testing.assert_array_equal(codes[:, 0], expected)


def test_the_number_of_bins_can_be_searched(rng):
    X = rng.uniform(0, 100, (200, 1))
    y = X[:, 0] > 50
    pipeline = make_pipeline(NumericGeneralizer(), DecisionTreeClassifier())
    search = GridSearchCV(pipeline, {"numericgeneralizer__n_bins": [1, 4]}, cv=3)
    assert search.fit(X, y).best_params_ == {"numericgeneralizer__n_bins": 4}


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"width": 1, "n_bins": 2}, "takes one of .* got 'width' and 'n_bins'"),
        ({"edges": [1, 1]}, "The 'edges' of NumericGeneralizer must increase"),
        ({"edges": []}, "must be a list of finite numbers, at least one"),
        ({"limits": [1, 2, 3]}, "must be two numbers, the lowest and the highest"),
        ({"limits": [2, 1]}, "The 'limits' of NumericGeneralizer must increase"),
        ({"width": 1e-6}, "Column 'x0': width=1e-06 cuts its numbers into 1000000"),
        ({"width": -1}, "The 'width' parameter .* must be a float in the range"),
        ({"n_bins": 0}, "The 'n_bins' parameter .* must be an int in the range"),
    ],
)
def test_bad_parameters_are_refused(parameters, message):
    with pytest.raises(ValueError, match=message):
        NumericGeneralizer(**parameters).fit([[1.0], [2.0]])


def test_text_is_refused():
    X = pd.DataFrame({"age": ["a", "b"]})
    with pytest.raises(
        ColumnTypeError, match=r"Column 'age' .* NumericGeneralizer needs"
    ):
        NumericGeneralizer().fit(X)


def test_bounds_must_not_collide_with_another_column():
    X = pd.DataFrame({"age": [1], "age_lower": [2]})
    with pytest.raises(ColumnError, match="the name 'age_lower', which X has already"):
        NumericGeneralizer(output="bounds", columns=["age"]).fit(X)
