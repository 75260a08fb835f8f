"""Microaggregation: at least k rows are alike, and little is lost."""

import json
import pickle
import tracemalloc
from datetime import date

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LinearRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.utils.estimator_checks import parametrize_with_checks

from skanon import Microaggregator
from skanon.exceptions import ColumnError, ColumnTypeError

ROWS = ["mdav", "mondrian"]
METHODS = [*ROWS, "univariate"]

MDAV_CASES = [
    "Tarragona.mdav.k3",
    "Tarragona.mdav.k10",
    "CASCrefmicrodata.mdav.k3",
    "CASCrefmicrodata.mdav.k5",
]


def random_table(seed, n=200):
    """Return columns of all kinds: wide, skewed, of few values, constant, missing."""
    rng = np.random.default_rng(seed)
    X = np.column_stack(
        [
            rng.normal(size=n) * 1e6,
            rng.lognormal(sigma=2, size=n),
            rng.integers(0, 4, n),
            np.full(n, 7.0),
        ]
    )
    X[rng.random(X.shape) < 0.03] = np.nan
    return X


def smallest_class(X):
    """Return the size of the smallest class of rows that are not missing as a whole."""
    rows = pd.DataFrame(X).dropna(how="all")
    return rows.groupby(list(rows.columns), dropna=False).size().min()


def sum_of_squares(X, out):
    return float((((X - out) / X.std(ddof=1)) ** 2).to_numpy().sum())


def mdav_by_the_book(X, k):
    """Group rows as the algorithm is usually written down, one pair at a time."""
    Z = (X - X.mean(axis=0)) / X.std(axis=0)
    rest, groups = list(range(len(Z))), []

    def farthest(point):
        return max(rest, key=lambda row: ((Z[row] - point) ** 2).sum())

    def take_around(row):
        nearest = sorted(rest, key=lambda other: ((Z[other] - Z[row]) ** 2).sum())[:k]
        groups.append(nearest)
        for other in nearest:
            rest.remove(other)

    while len(rest) >= 3 * k:
        first = farthest(Z[rest].mean(axis=0))
        second = farthest(Z[first])
        take_around(first)
        take_around(second)
    if len(rest) >= 2 * k:
        take_around(farthest(Z[rest].mean(axis=0)))
    groups.append(rest)
    return groups


@parametrize_with_checks(
    [Microaggregator(method="mondrian"), Microaggregator(method="univariate")]
)
def test_scikit_learn_checks_of_the_other_methods(estimator, check):
    check(estimator)


# -- what is promised -----------------------------------------------------------------


@pytest.mark.parametrize("method", ROWS)
@pytest.mark.parametrize("k", [2, 3, 10])
@pytest.mark.parametrize("seed", range(5))
def test_each_combination_occurs_at_least_k_times(method, k, seed):
    X = random_table(seed)
    for aggregate in ("mean", "median", "mode"):
        microaggregator = Microaggregator(k=k, method=method, aggregate=aggregate)
        assert smallest_class(microaggregator.fit_transform(X)) >= k
        assert smallest_class(microaggregator.transform(X)) >= k


@pytest.mark.parametrize("k", [2, 5])
def test_univariate_promises_k_for_each_column_alone(k):
    X = random_table(0)
    out = Microaggregator(k=k, method="univariate").fit_transform(X)
    for column in pd.DataFrame(out):
        assert pd.Series(out[:, column]).value_counts().min() >= k
    assert smallest_class(out) == 1  # as the docstring says: rows are not alike


@pytest.mark.parametrize("case", MDAV_CASES)
def test_mdav_loses_what_sdcmicro_loses(shared, case):
    cases = json.loads((shared / "sdcmicro" / "cases.json").read_text())["cases"]
    expected = next(c for c in cases if c["id"] == case)
    X = pd.read_csv(shared / "sdcmicro" / "data" / expected["data_file"])
    k = expected["aggr"]
    out = Microaggregator(k=k).fit_transform(X.astype(float))
    assert sum_of_squares(X, out) / expected["SST"] == pytest.approx(
        expected["standardized_SSE"] / expected["SST"], rel=1e-3
    )
    assert smallest_class(out) >= k


@pytest.mark.parametrize(
    ("file", "k", "most"),
    [
        ("Tarragona.csv", 3, 0.205),
        ("Tarragona.csv", 5, 0.305),
        ("CASCrefmicrodata.csv", 3, 0.07),
        ("CASCrefmicrodata.csv", 5, 0.112),
    ],
)
def test_transform_of_the_fitted_table_loses_little_more(shared, file, k, most):
    """Where whatever was nearest of fewer than k went, it lost up to 0.28 and 0.37."""
    X = pd.read_csv(shared / "sdcmicro" / "data" / file).astype(float)
    out = Microaggregator(k=k).fit(X).transform(X)
    assert sum_of_squares(X, out) / ((len(X) - 1) * X.shape[1]) < most
    assert smallest_class(out) >= k


@pytest.mark.parametrize("k", [2, 3, 7])
@pytest.mark.parametrize("n", [9, 14, 40, 61])
def test_mdav_forms_the_groups_of_the_book(k, n, rng):
    X = rng.normal(size=(n, 3)) * [1, 100, 1e-3]
    expected = np.empty_like(X)
    for rows in mdav_by_the_book(X, k):
        expected[rows] = X[rows].mean(axis=0)
    np.testing.assert_allclose(Microaggregator(k=k).fit_transform(X), expected)


def test_mondrian_cuts_at_the_median_of_the_widest_column():
    X = np.array([[0, 1], [1, 0], [2, 1], [100, 0], [101, 9], [102, 8]], float)
    microaggregator = Microaggregator(k=3, method="mondrian", columns=[0, 1])
    out = microaggregator.fit_transform(X)
    assert [*out[:, 0]] == [1, 1, 1, 101, 101, 101]
    assert microaggregator.transform([[51, 0], [51.1, 0]])[:, 0].tolist() == [1, 101]


@pytest.mark.parametrize("method", METHODS)
def test_groups_have_fewer_than_twice_k_rows_where_rows_are_distinct(method, rng):
    X = rng.normal(size=(333, 1 if method == "univariate" else 4))
    out = Microaggregator(k=4, method=method).fit_transform(X)
    sizes = pd.DataFrame(out).value_counts()
    assert 4 <= sizes.min() <= sizes.max() < 8


@pytest.mark.parametrize("aggregate", ["mean", "median", "mode"])
def test_aggregates_are_those_of_the_group(aggregate):
    X = np.array([[1.0], [1.0], [4.0], [8.0], [101.0], [103.0], [103.0], [120.0]])
    out = Microaggregator(k=4, aggregate=aggregate).fit_transform(X)
    expected = {"mean": [3.5, 106.75], "median": [2.5, 103.0], "mode": [1.0, 103.0]}
    assert out[:, 0].tolist() == np.repeat(expected[aggregate], 4).tolist()


# -- the frozen recoding --------------------------------------------------------------


def test_new_rows_get_the_nearest_centroid(rng):
    X, new = rng.normal(size=(100, 3)) * [1, 10, 100], rng.normal(size=(50, 3)) * 50
    microaggregator = Microaggregator(k=5).fit(X)
    centroids, scale = microaggregator.centroids_, X.std(axis=0)
    differences = (new[:, None] - centroids) / scale
    nearest = (differences**2).sum(axis=2).argmin(axis=1)
    np.testing.assert_array_equal(microaggregator.transform(new), centroids[nearest])


@pytest.mark.parametrize("method", METHODS)
def test_a_row_alone_gets_what_it_gets_in_the_table(method):
    grid = np.stack(np.meshgrid(range(12), range(12)), axis=-1).reshape(-1, 2)
    microaggregator = Microaggregator(k=3, method=method).fit(grid)
    halves = np.stack(np.meshgrid(np.arange(0, 12, 0.5), range(12)), axis=-1)
    new = halves.reshape(-1, 2)  # many are as near to one centroid as to another
    alone = [microaggregator.transform(row[np.newaxis])[0] for row in new]
    assert (microaggregator.transform(new) == alone).all()


@pytest.mark.parametrize("method", METHODS)
def test_weighted_rows_are_repeated_rows(method):
    X = random_table(3)
    weights = np.random.default_rng(0).integers(0, 4, len(X))
    rows = np.repeat(np.arange(len(X)), weights)
    weighted = Microaggregator(k=6, method=method)
    repeated = Microaggregator(k=6, method=method)
    out = weighted.fit_transform(X, sample_weight=weights)
    np.testing.assert_array_equal(out[rows], repeated.fit_transform(X[rows]))
    np.testing.assert_array_equal(weighted.transform(X), repeated.transform(X))


@pytest.mark.parametrize("method", METHODS)
def test_fractional_weights_are_added_up(method, rng):
    X, weights = rng.normal(size=(60, 2)), rng.random(60)
    out = Microaggregator(k=3, method=method).fit_transform(X, sample_weight=weights)
    classes = pd.Series(weights).groupby(out[:, 0]).sum()
    assert classes.min() >= 3 - 1e-9


def test_rows_of_weight_zero_are_transformed_like_new_ones(rng):
    X = rng.normal(size=(50, 2))
    weights = np.arange(50) % 5 > 0
    microaggregator = Microaggregator(k=3)
    out = microaggregator.fit_transform(X, sample_weight=weights)
    np.testing.assert_array_equal(out[::5], microaggregator.transform(X[::5]))


@pytest.mark.parametrize("method", METHODS)
def test_the_order_of_rows_does_not_matter(method):
    X = np.round(random_table(1), 1)
    order = np.random.default_rng(0).permutation(len(X))
    out = Microaggregator(k=4, method=method).fit_transform(X)
    shuffled = Microaggregator(k=4, method=method).fit_transform(X[order])
    np.testing.assert_array_equal(shuffled, out[order])


@pytest.mark.parametrize("method", METHODS)
def test_counts_tell_how_many_fitted_rows_get_each_centroid(method):
    X = random_table(2)
    microaggregator = Microaggregator(k=4, method=method).fit(X)
    out = microaggregator.transform(X)
    if method != "univariate":
        rows = ~microaggregator.suppression_mask(X)
        counts = pd.DataFrame(out[rows]).value_counts(dropna=False)
        assert sorted(counts) == sorted(microaggregator.counts_)
        return
    for column, counts in zip(out.T, microaggregator.counts_, strict=True):
        assert sorted(pd.Series(column).value_counts()) == sorted(counts)


@pytest.mark.parametrize("method", METHODS)
def test_no_value_of_a_row_is_remembered(method, rng):
    X = rng.normal(size=(300, 3))
    microaggregator = Microaggregator(k=3, method=method)
    out = microaggregator.fit_transform(X)
    assert not np.isin(out, X).any()
    state = pickle.dumps(microaggregator)
    assert not [value for value in X.ravel() if value.tobytes() in state]


def test_k_can_be_searched_in_a_pipeline(rng):
    X = rng.normal(size=(120, 3))
    y = X[:, 0] + 0.1 * rng.normal(size=120)
    pipeline = make_pipeline(Microaggregator(), LinearRegression())
    search = GridSearchCV(pipeline, {"microaggregator__k": [2, 30]}, cv=3)
    assert search.fit(X, y).best_params_ == {"microaggregator__k": 2}
    assert search.predict(X[:1]).shape == (1,)


# -- kinds of columns -----------------------------------------------------------------


@pytest.mark.parametrize("method", METHODS)
def test_numbers_and_dates_keep_their_kind(method, frame):
    X = frame(
        {
            "age": [30, 31, 33, 60, 61, 64],
            "born": [date(1990, 1, day) for day in (1, 2, 6, 29, 30, 31)],
            "name": ["a", "b", "c", "d", "e", "f"],
        }
    )
    microaggregator = Microaggregator(k=3, method=method, columns=["age", "born"])
    out = microaggregator.fit_transform(X)
    assert type(out) is type(X)
    assert frame.values(out, "age") == [31, 31, 31, 62, 62, 62]
    days = [pd.Timestamp(day).day for day in frame.values(out, "born")]
    assert days == [3, 3, 3, 30, 30, 30]
    assert frame.values(out, "name") == ["a", "b", "c", "d", "e", "f"]
    types = [type(value) for value in frame.values(out, "age")]
    assert types == [type(value) for value in frame.values(X, "age")]


def test_truth_values_go_with_the_majority(frame):
    X = frame({"x": [1.0, 1.1, 1.2, 9.0, 9.1, 9.2], "is": [True] * 2 + [False] * 4})
    out = Microaggregator(k=3).fit_transform(X)
    assert frame.values(out, "is") == [True] * 3 + [False] * 3


def test_decimals_keep_their_places():
    from decimal import Decimal

    prices = [Decimal(text) for text in ("1.25", "1.50", "9.75", "9.99")]
    X = pd.DataFrame({"price": pd.Series(prices, dtype=object)})
    out = Microaggregator(k=2).fit_transform(X)
    assert out["price"].tolist() == [Decimal("1.38")] * 2 + [Decimal("9.87")] * 2


def test_constant_columns_and_tables_of_one_group_are_fine():
    X = np.array([[1.0, 5.0], [2.0, 5.0], [6.0, 5.0]])
    for method in METHODS:
        out = Microaggregator(k=2, method=method).fit_transform(X)
        np.testing.assert_array_equal(out, [[3.0, 5.0]] * 3)


def test_equal_rows_are_never_parted():
    X = np.repeat([[1.0, 1.0], [2.0, 2.0], [9.0, 9.0]], [7, 1, 4], axis=0)
    out = Microaggregator(k=3).fit_transform(X)
    assert pd.DataFrame(out).value_counts().tolist() == [8, 4]


# -- missing values -------------------------------------------------------------------


@pytest.mark.parametrize("method", ROWS)
def test_rows_are_grouped_with_rows_that_lack_the_same_columns(method):
    X = np.array([[1, 1], [2, 2], [1, np.nan], [9, np.nan], [8, np.nan], [5, 5]], float)
    microaggregator = Microaggregator(k=3, method=method)
    out = microaggregator.fit_transform(X)
    together, apart = [8 / 3, 8 / 3], [6, np.nan]
    expected = [together, together, apart, apart, apart, together]
    np.testing.assert_allclose(out, expected)
    assert not microaggregator.suppression_mask(X).any()


@pytest.mark.parametrize("method", ROWS)
def test_rows_whose_gaps_are_rare_are_suppressed(method, rng):
    X = rng.normal(size=(12, 2))
    X[0, 0] = X[1, 1] = X[2, 1] = X[3] = np.nan
    microaggregator = Microaggregator(k=3, method=method)
    out = microaggregator.fit_transform(X)
    assert np.isnan(out[:4]).all()
    assert not np.isnan(out[4:]).any()
    assert microaggregator.suppression_mask(X).tolist() == [True] * 3 + [False] * 9
    assert microaggregator.suppression_mask([[np.nan, 1.0]]).tolist() == [True]


@pytest.mark.parametrize("method", METHODS)
def test_suppressed_rows_do_not_change_the_dtype(method):
    X = pd.DataFrame({"n": range(9), "x": [np.nan, *range(8)], "full": range(9)})
    full = Microaggregator(k=2, method=method, columns=["n", "full"])
    assert full.fit_transform(X).dtypes.tolist() == X.dtypes.tolist()
    microaggregator = Microaggregator(k=2, method=method, columns=["n", "x"])
    whole = microaggregator.fit_transform(X)
    assert whole["n"].isna().tolist() == [method in ROWS] + [False] * 8
    for part in (X, X[1:], X[:0]):
        out = microaggregator.transform(part)
        assert out.dtypes.tolist() == whole.dtypes.tolist()


def test_univariate_suppresses_a_column_of_fewer_than_k_values():
    X = np.array([[1, 1], [2, np.nan], [3, np.nan], [6, 2]], float)
    out = Microaggregator(k=3, method="univariate").fit_transform(X)
    np.testing.assert_array_equal(out, [[3, np.nan]] * 4)


@pytest.mark.parametrize("method", METHODS)
def test_a_column_of_nothing_stays_so(method, frame):
    X = frame({"a": [0.5, 1.5, 3.5, 5.5], "b": [None] * 4})
    out = Microaggregator(k=2, method=method).fit_transform(X)
    assert frame.values(out, "a") == [1.0, 1.0, 4.5, 4.5]
    assert frame.values(out, "b") == [None] * 4


def test_a_table_of_nothing_stays_so():
    X = pd.DataFrame({"a": [None] * 6, "b": [np.nan] * 6})
    for method in METHODS:
        out = Microaggregator(method=method).fit_transform(X)
        assert out.isna().all(axis=None)


# -- cost -----------------------------------------------------------------------------


def test_mdav_needs_memory_in_proportion_to_the_table(rng):
    X = rng.normal(size=(4000, 5))
    microaggregator = Microaggregator(k=100)
    tracemalloc.start()
    microaggregator.fit(X)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 20 * X.nbytes  # all distances of pairs would be 800 times as much


# -- bad input ------------------------------------------------------------------------


@pytest.mark.parametrize("method", METHODS)
def test_k_larger_than_the_table_is_refused(method):
    with pytest.raises(ValueError, match=r"k=4 is larger than the table.*n_samples=3"):
        Microaggregator(k=4, method=method).fit([[1.0], [2.0], [3.0]])
    with pytest.raises(ValueError, match=r"k=4 is larger.*stand for 3"):
        Microaggregator(k=4, method=method).fit([[1.0], [2.0]], sample_weight=[1, 2])


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"k": 1}, "'k' parameter"),
        ({"k": 2.5}, "'k' parameter"),
        ({"method": "kmeans"}, "'method' parameter"),
        ({"aggregate": "max"}, "'aggregate' parameter"),
    ],
)
def test_bad_parameters_are_refused(parameters, message):
    with pytest.raises(ValueError, match=message):
        Microaggregator(**parameters).fit([[1.0], [2.0], [3.0]])


def test_text_is_refused_without_quoting_it():
    X = pd.DataFrame({"name": ["marker"] * 6})
    with pytest.raises(
        ColumnTypeError, match=r"'name' has Arrow type.*needs numbers"
    ) as info:
        Microaggregator().fit(X)
    assert "marker" not in str(info.value)


def test_infinite_numbers_are_refused():
    with pytest.raises(ValueError, match="'x0' has 2 infinite values"):
        Microaggregator(k=2).fit([[1.0], [np.inf], [-np.inf]])


def test_columns_that_do_not_exist_are_refused():
    with pytest.raises(ColumnError, match="'height'"):
        Microaggregator(columns=["height"]).fit(pd.DataFrame({"age": [1] * 6}))


@pytest.mark.parametrize("method", ROWS)
def test_a_table_of_which_nothing_would_be_left_is_refused(method):
    X = [[1.0, np.nan], [np.nan, 1.0], [1.0, 1.0]]
    with pytest.raises(ValueError, match="No k=2 rows have the same columns missing"):
        Microaggregator(k=2, method=method).fit(X)
