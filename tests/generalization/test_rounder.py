"""Numbers become multiples of a base, in expectation themselves."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from skanon import Rounder
from skanon.exceptions import ColumnTypeError

METHODS = pytest.mark.parametrize("method", ["random", "nearest"])


def test_the_nearest_multiple_is_taken(frame):
    X = frame({"n": [3, 4, None, 12, -3, 20], "t": list("abcdef")})
    out = Rounder(method="nearest", columns=["n"]).fit_transform(X)
    assert frame.values(out, "n") == [5, 5, None, 10, -5, 20]
    assert frame.values(out, "t") == list("abcdef")


def test_halves_go_up():
    X = [[0.5], [1.5], [-0.5]]
    out = Rounder(base=1, method="nearest").fit_transform(X)
    assert out[:, 0].tolist() == [1, 2, 0]


@METHODS
@given(
    st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=20),
    st.sampled_from([0.1, 0.25, 1, 5, 7.5, 1000]),
)
def test_every_number_becomes_a_neighbouring_multiple(method, numbers, base):
    numbers = np.array(numbers)
    out = Rounder(base=base, method=method).fit_transform(numbers[:, None])[:, 0]
    np.testing.assert_allclose(out / base, np.rint(out / base), atol=1e-6)
    assert (np.abs(out - numbers) <= base * (1 + 1e-6)).all()
    again = Rounder(base=base, method=method).fit_transform(out[:, None])[:, 0]
    np.testing.assert_array_equal(again, out)


@pytest.mark.parametrize("dtype", [float, int])
@pytest.mark.parametrize("number", [0, 1, 4, 13, -3])
def test_random_rounding_has_the_formulas_mean_and_variance(number, dtype):
    n, base = 40_000, 5
    rounder = Rounder(base=base, random_state=7)
    out = rounder.fit_transform(np.full((n, 1), number, dtype))[:, 0].astype(float)
    rest = number % base
    variance = rest * (base - rest)
    assert abs(out.mean() - number) <= 4 * np.sqrt(variance / n)
    assert abs(out.var() - variance) <= 0.1 * variance


def test_random_rounding_is_drawn_anew_unless_it_is_seeded():
    X = np.full((200, 1), 2)
    rounder = Rounder().fit(X)
    assert (rounder.transform(X) != rounder.transform(X)).any()
    seeded = Rounder(random_state=3).fit(X)
    np.testing.assert_array_equal(seeded.transform(X), seeded.transform(X))


def test_equal_categories_are_rounded_apart():
    X = pd.DataFrame({"a": pd.Categorical([2] * 200)})
    assert set(Rounder(random_state=0).fit_transform(X)["a"]) == {0, 5}


@METHODS
@pytest.mark.parametrize(
    ("values", "base", "dtype"),
    [
        (np.array([1, 127], "int8"), 50, "int64"),
        (np.array([1, 2], "uint64"), 5, "uint64"),
        ([1, 2], 2.5, "float64"),
        ([1.0, 2.0], 5, "float64"),
    ],
)
def test_whole_numbers_stay_whole_if_the_base_is(method, values, base, dtype):
    X = pd.DataFrame({"a": values})
    out = Rounder(base=base, method=method).fit_transform(X)
    assert out["a"].dtype == dtype


@METHODS
@pytest.mark.parametrize("kind", [pa.int64(), pa.uint64()])
def test_integers_at_the_end_of_their_type_become_the_last_multiple(method, kind):
    limits = np.iinfo(kind.to_pandas_dtype())
    column = pa.array([limits.max, limits.min, 2**60 + 5, None], kind)
    rounder = Rounder(base=1000, method=method)
    out = rounder.fit_transform(pa.table({"a": column}))["a"]
    assert out.type == kind
    last = limits.max // 1000 * 1000, -(-limits.min // 1000) * 1000
    assert out.to_pylist()[:2] == list(last)
    assert abs(out[2].as_py() - (2**60 + 5)) < 1000
    assert out[3].as_py() is None


@METHODS
@pytest.mark.parametrize("base", [0.1, 1e-20, 3.0, 1e308])
def test_floats_without_room_for_the_base_stay(method, base):
    X = np.array([[1.7e308], [-1.7e308], [1e300]])
    out = Rounder(base=base, method=method).fit_transform(X)
    if base < 1:
        np.testing.assert_array_equal(out, X)
    assert np.isfinite(out).all()


def test_zero_has_no_sign():
    out = Rounder(base=5, method="nearest").fit_transform([[-0.4], [-2.5], [2.4]])
    assert str(out.ravel().tolist()) == "[0.0, 0.0, 0.0]"


@METHODS
def test_long_columns_are_rounded_like_short_ones(method):
    X = np.random.default_rng(0).normal(scale=100, size=(100_001, 1))
    whole = X.astype(int)
    for table in (X, whole):
        rounder = Rounder(base=7, method=method, random_state=0).fit(table)
        out = rounder.transform(table)
        assert (np.abs(out - table) <= (3.5 if method == "nearest" else 7)).all()
        assert (out % 7 == 0).all()
        np.testing.assert_array_equal(rounder.transform(table[:9]), out[:9])


def test_digits_of_large_integers_are_kept():
    X = np.array([[2**60 + 1, 2**60 + 4]])
    out = Rounder(method="nearest").fit_transform(X)
    assert out.tolist() == [[2**60 - 1, 2**60 + 4]]


@METHODS
def test_infinite_and_missing_numbers_stay(method):
    X = np.array([[np.inf], [-np.inf], [np.nan]])
    np.testing.assert_array_equal(Rounder(method=method).fit_transform(X), X)


def test_bad_input_is_refused():
    with pytest.raises(ValueError, match=r"The 'base' parameter .* must be a float"):
        Rounder(base=0).fit([[1]])
    with pytest.raises(ColumnTypeError, match=r"Column 'a' .* Rounder needs numbers"):
        Rounder().fit(pd.DataFrame({"a": ["x"]}))


def test_a_base_that_is_set_later_counts_from_the_next_fit():
    rounder = Rounder(base=5, method="nearest").fit([[12]])
    rounder.set_params(base=10, method="random")
    assert rounder.transform([[12], [13]]).tolist() == [[10], [15]]
    assert rounder.set_params(method="nearest").fit_transform([[13]]).tolist() == [[10]]
