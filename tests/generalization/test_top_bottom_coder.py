"""The numbers of a tail become one number."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.linear_model import LinearRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline

from skanon import TopBottomCoder
from skanon.exceptions import ColumnTypeError, PrivacyWarning

AGES = [34.0, 52.0, None, 88.0, 91.0, 104.0, 93.0]


def coded(values, **parameters):
    X = pd.DataFrame({"a": values})
    return TopBottomCoder(**parameters).fit_transform(X)["a"].tolist()


def test_a_tail_becomes_its_threshold(frame):
    X = frame({"age": AGES})
    out = TopBottomCoder(top=90, bottom=40, min_count=1).fit_transform(X)
    assert frame.values(out, "age") == [40, 52, None, 88, 90, 90, 90]


def test_a_tail_becomes_the_mean_of_its_fitted_rows(frame):
    X = frame({"age": AGES})
    coder = TopBottomCoder(top=90, replacement="mean").fit(X)
    out = coder.transform(frame({"age": [30.0, 120.0, None]}))
    assert frame.values(out, "age") == [30, 96, None]


def test_the_mean_of_a_tail_is_weighted():
    X = pd.DataFrame({"a": [1, 10, 20]})
    coder = TopBottomCoder(top=10, replacement="mean")
    coder.fit(X, sample_weight=[1, 3, 1])
    assert coder.transform(X)["a"].tolist() == [1, 12.5, 12.5]


def test_a_threshold_moves_inward_until_the_tail_has_its_rows():
    assert coded([1, 2, 3, 4, 5, 99], top=90, min_count=2) == [1, 2, 3, 4, 5, 5]
    assert coded([1, 2, 3, 4, 5, 99], bottom=1, min_count=3) == [3, 3, 3, 4, 5, 99]
    assert coded([1, 2, 2, 2, 99], top=90, min_count=2) == [1, 2, 2, 2, 2]


def test_a_learned_threshold_is_rounder_than_the_numbers_beside_it():
    incomes = [1234.56, 2345.67, 9876.54, 87654.32]
    out = coded(incomes, quantiles=(None, 0.75), min_count=1)
    assert out == [*incomes[:3], 50000]


def test_a_threshold_beyond_all_rows_stays():
    coder = TopBottomCoder(top=90, replacement="mean").fit(pd.DataFrame({"a": [3, 4]}))
    assert coder.thresholds_.tolist() == [[-np.inf, 90]]
    assert coder.transform(pd.DataFrame({"a": [95]}))["a"].tolist() == [90]


def test_quantiles_put_shares_of_the_rows_into_the_tails():
    out = coded(range(1, 101), quantiles=(0.05, 0.9))
    assert out == [*[5] * 5, *range(6, 91), *[91] * 10]
    assert coded(range(1, 101), quantiles=(None, 0.95))[0] == 1
    assert coded(range(1, 101)) == [*[5] * 5, *range(6, 96), *[96] * 5]


@given(
    st.lists(st.integers(-100, 100), min_size=6, max_size=60),
    st.floats(0.01, 0.49),
    st.integers(1, 3),
)
def test_each_tail_holds_its_share_and_its_rows(values, share, min_count):
    quantiles = (share, 1 - share)
    out = np.array(coded(values, quantiles=quantiles, min_count=min_count))
    values = np.array(values)
    for tail in (values <= out.min(), values >= out.max()):
        assert tail.sum() >= max(min_count, share * len(values) - 1e-6)
    inside = (values > out.min()) & (values < out.max())
    np.testing.assert_array_equal(out[inside], values[inside])


@given(
    st.lists(
        st.tuples(st.integers(0, 20), st.integers(0, 5)), min_size=1, max_size=20
    ).filter(lambda rows: sum(count for _, count in rows) >= 6),
    st.sampled_from(["threshold", "mean"]),
)
def test_counts_of_distinct_rows_learn_what_the_full_table_teaches(rows, replacement):
    values, counts = np.array(rows).T
    X = pd.DataFrame({"a": values})
    coder = TopBottomCoder(quantiles=(0.2, 0.8), replacement=replacement)
    by_rows = coder.fit(X.loc[X.index.repeat(counts)]).transform(X)
    by_counts = coder.fit(X, sample_weight=counts).transform(X)
    np.testing.assert_allclose(by_counts, by_rows, rtol=1e-12)


@pytest.mark.parametrize(
    ("values", "parameters", "dtype"),
    [
        ([1, 2, 99], {"top": 90}, "int64"),
        ([1, 2, 99], {"top": 90.5}, "float64"),
        ([1, 2, 99], {"top": 90, "replacement": "mean"}, "float64"),
        ([1.0, 2.0, 99.0], {"top": 90}, "float64"),
        (np.array([1, 2, 99], "int8"), {"bottom": 1000}, "int64"),
        (np.array([1, 2, 99], "uint8"), {"bottom": -5}, "int64"),
    ],
)
def test_whole_numbers_stay_whole_where_they_can(values, parameters, dtype):
    X = pd.DataFrame({"a": values})
    out = TopBottomCoder(min_count=1, **parameters).fit_transform(X)
    assert out["a"].dtype == dtype


def test_no_digit_of_a_large_integer_is_lost():
    column = pa.array([2**63 + 1, 2**64 - 1, 5, None], pa.uint64())
    out = TopBottomCoder(bottom=10, min_count=1).fit_transform(pa.table({"a": column}))
    assert out["a"].to_pylist() == [2**63 + 1, 2**64 - 1, 10, None]
    ids = [2**60 + 1, 2**60 + 2, 3]
    assert coded(ids, bottom=10, min_count=1) == [2**60 + 1, 2**60 + 2, 10]


@pytest.mark.parametrize(
    ("values", "parameters", "expected"),
    [
        (np.array([1, 2], "int64"), {"bottom": 2.0**63}, 2.0**63),
        (np.array([1, 2], "int64"), {"top": -1e30}, -1e30),
        (np.array([1, 2], "uint64"), {"top": -5}, -5),
        (np.array([1, 2], "int64"), {"top": -(2.0**63)}, -(2**63)),
    ],
)
def test_a_threshold_beyond_the_integers_of_a_column_is_reached(
    values, parameters, expected
):
    assert coded(values, min_count=1, **parameters) == [expected, expected]


def test_infinite_numbers_lie_in_the_tails():
    coder = TopBottomCoder(quantiles=(0.25, 0.75), min_count=1)
    out = coder.fit_transform(np.array([[-np.inf], [1], [2], [3], [4], [np.inf]]))
    assert out[:, 0].tolist() == [1, 1, 2, 3, 4, 4]


def test_a_column_without_values_has_no_quantiles_to_let_later_values_pass():
    X = pd.DataFrame({"a": [np.nan, np.nan]})
    coder = TopBottomCoder().fit(X)
    assert coder.transform(pd.DataFrame({"a": [1.0, 2.0]}))["a"].isna().all()
    assert TopBottomCoder(top=1).fit(X.to_numpy()).transform([[5.0]])[0, 0] == 1


def test_a_categorical_column_of_numbers_becomes_numbers():
    X = pd.DataFrame({"a": pd.Categorical([1, 99, None, 99])})
    out = TopBottomCoder(top=90, min_count=2).fit_transform(X)["a"]
    assert out.tolist()[:2] == [1, 90]
    assert out.isna().tolist() == [False, False, True, False]


def test_the_quantiles_can_be_searched(rng):
    X = rng.exponential(size=(200, 1))
    X[::20] *= 1000
    y = np.minimum(X[:, 0], 5)
    pipeline = make_pipeline(TopBottomCoder(), LinearRegression())
    choices = [(None, 0.999), (None, 0.9)]
    search = GridSearchCV(pipeline, {"topbottomcoder__quantiles": choices}, cv=3)
    assert search.fit(X, y).best_params_["topbottomcoder__quantiles"] == (None, 0.9)


def test_shares_may_be_floats_of_numpy():
    X = [[float(i)] for i in range(20)]
    shares = tuple(np.array([0.25, 0.75], np.float32))
    coder = TopBottomCoder(quantiles=shares).fit(X)
    same = TopBottomCoder(quantiles=(0.25, 0.75)).fit(X)
    assert coder.thresholds_.tolist() == same.thresholds_.tolist()


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        (
            {"top": 1, "quantiles": (0.1, 0.9)},
            "takes thresholds .* or 'quantiles', not",
        ),
        ({"top": 1, "bottom": 2}, "'bottom' below 'top'; got bottom=2 and top=1"),
        ({"top": np.nan}, "must be finite"),
        ({"quantiles": (0.9, 0.1)}, "must be two shares between 0 and 1"),
        ({"quantiles": (0, 0.9)}, "must be two shares between 0 and 1"),
        ({"quantiles": (None, None)}, "must be two shares between 0 and 1"),
        ({"quantiles": (0.1,)}, "must be two, of the lower and the upper tail; got 1"),
        ({"min_count": 0}, "The 'min_count' parameter .* must be an int"),
        (
            {"min_count": 5},
            "'a' has values in n_samples=4 rows, fewer than min_count=5",
        ),
        ({"min_count": 3}, "'a' has too few rows for two tails of min_count=3 rows"),
        ({"top": 4, "min_count": 5}, "'a' has values in n_samples=4 rows, fewer than"),
    ],
)
def test_bad_parameters_are_refused(parameters, message):
    with pytest.raises(ValueError, match=message):
        TopBottomCoder(**parameters).fit(pd.DataFrame({"a": [1.0, 2.0, 3.0, 4.0]}))


def test_text_is_refused():
    X = pd.DataFrame({"age": ["a", "b"]})
    with pytest.raises(ColumnTypeError, match=r"Column 'age' .* TopBottomCoder needs"):
        TopBottomCoder().fit(X)


def test_a_threshold_that_is_given_stays_unless_a_tail_must_hold_more_rows():
    ages = [3, 17, 34, 61, 88, 91, 104]
    assert coded(ages, top=90) == [3, 17, 34, 61, 88, 90, 90]
    assert coded(ages, top=90, bottom=5) == [5, 17, 34, 61, 88, 90, 90]
    assert coded(ages, top=90, min_count=3) == [3, 17, 34, 61, 70, 70, 70]


@pytest.mark.parametrize("sign", [1, -1])
def test_a_mean_of_few_rows_beyond_a_threshold_that_is_given_is_warned_of(sign):
    ages = pd.DataFrame({"age": [3, 17, 34, 61, 88, 91, 104]}) * sign
    tail = {"top": 90} if sign > 0 else {"bottom": -90}
    which = "upper" if sign > 0 else "lower"
    coder = TopBottomCoder(**tail, replacement="mean")
    message = rf"The {which} tail of column 'age' has 2 row\(s\), so few .* min_count"
    with pytest.warns(PrivacyWarning, match=message):
        out = coder.fit_transform(ages)["age"]
    assert out.tolist() == [*ages["age"][:5], 97.5 * sign, 97.5 * sign]
    coder.fit(ages, sample_weight=[1, 1, 1, 1, 1, 1, 2])  # three rows: no warning
    assert coder.set_params(min_count=1).fit_transform(ages).equals(out.to_frame())
    moved = coder.set_params(min_count=3).fit_transform(ages)["age"]
    assert moved.tolist()[4:] == pytest.approx([sign * (88 + 91 + 104) / 3] * 3)


def test_a_threshold_that_is_given_stays_however_little_the_rows_weigh():
    coder = TopBottomCoder(top=90).fit([[50], [95]], sample_weight=[0.1, 0.1])
    assert coder.thresholds_.tolist() == [[-np.inf, 90]]


def test_weights_that_make_a_whole_number_count_as_it():
    X = np.repeat([[1.0], [5.0], [90.0]], [20, 20, 10], axis=0)
    coder = TopBottomCoder(top=80, min_count=1).fit(X, sample_weight=[0.1] * 50)
    assert coder.thresholds_.tolist() == [[-np.inf, 80]]
