"""Noise: of the size asked for, unpredictable, and kind to covariances if asked."""

import warnings
from datetime import date

import numpy as np
import pandas as pd
import pytest

from skanon import NoiseAdder
from skanon._draws import Draws
from skanon.exceptions import ColumnTypeError, PrivacyWarning

N = 40_000


@pytest.fixture
def correlated_table(rng):
    covariance = [[4.0, 3.0, 0.0], [3.0, 9.0, -1.0], [0.0, -1.0, 1.0]]
    return rng.multivariate_normal([10.0, -5.0, 100.0], covariance, N)


def covariance_error(X):
    """Return the standard error of each estimated covariance of normal columns."""
    covariance = np.cov(X.T)
    variances = np.diag(covariance)
    return np.sqrt((np.outer(variances, variances) + covariance**2) / len(X))


@pytest.mark.parametrize("scale", [0.1, 1.0, 3.0])
def test_additive_noise_has_the_size_asked_for(correlated_table, scale):
    X = correlated_table
    adder = NoiseAdder(scale=scale, random_state=0)
    noise = adder.fit_transform(X) - X
    np.testing.assert_allclose(adder.noise_scale_, scale * X.std(axis=0))
    expected = np.diag(adder.noise_scale_**2)
    assert (np.abs(np.cov(noise.T) - expected) < 4 * covariance_error(noise)).all()
    error = adder.noise_scale_ / np.sqrt(N)
    assert (np.abs(noise.mean(axis=0)) < 4 * error).all()


@pytest.mark.parametrize("scale", [0.2, 0.7, 1.0])
def test_correlated_noise_keeps_means_and_covariances(correlated_table, scale):
    X = correlated_table
    adder = NoiseAdder(method="correlated", scale=scale, random_state=0)
    out = adder.fit_transform(X)
    difference = np.cov(out.T) - np.cov(X.T)
    assert (np.abs(difference) < 4 * covariance_error(X)).all()
    shift = np.abs(out.mean(axis=0) - X.mean(axis=0))
    assert (shift < 4 * adder.noise_scale_ / np.sqrt(N)).all()
    left = [np.corrcoef(X[:, i], out[:, i])[0, 1] for i in range(3)]
    assert left == pytest.approx([np.sqrt(1 - scale**2)] * 3, abs=0.02)


def test_correlated_noise_follows_the_formula(rng):
    X = rng.normal(size=(50, 2)) @ [[1.0, 0.5], [0.0, 2.0]] + 7
    out = NoiseAdder(method="correlated", scale=0.6, random_state=5).fit_transform(X)
    noise = (out - X.mean(axis=0) - 0.8 * (X - X.mean(axis=0))) / 0.6
    white = Draws(5).normal(X.size).reshape(X.shape, order="F")
    mixing = np.linalg.lstsq(white, noise, rcond=None)[0]
    np.testing.assert_allclose(white @ mixing, noise, atol=1e-9)
    np.testing.assert_allclose(mixing.T @ mixing, np.cov(X.T, ddof=0))


def test_columns_that_are_equal_stay_so_under_correlated_noise(rng):
    x = rng.normal(size=100)
    X = np.column_stack([x, 3 * x + 1])
    out = NoiseAdder(method="correlated").fit_transform(X)
    np.testing.assert_allclose(out[:, 1], 3 * out[:, 0] + 1)
    assert np.abs(out - X).max() > 0.1


@pytest.mark.parametrize("method", ["additive", "correlated"])
def test_noise_is_new_each_time_without_a_seed_and_the_same_with_one(method, rng):
    X = rng.normal(size=(30, 2))
    adder = NoiseAdder(method=method).fit(X)
    assert not (adder.transform(X) == adder.transform(X)).any()
    adder = NoiseAdder(method=method, random_state=1).fit(X)
    np.testing.assert_array_equal(adder.transform(X), adder.transform(X))


@pytest.mark.parametrize("method", ["additive", "correlated"])
def test_weighted_rows_are_repeated_rows(method, rng):
    X, weights = rng.normal(size=(40, 3)), rng.integers(0, 4, 40)
    X[3, 1] = np.nan
    weighted = NoiseAdder(method=method, random_state=0).fit(X, sample_weight=weights)
    repeated = NoiseAdder(method=method, random_state=0).fit(np.repeat(X, weights, 0))
    np.testing.assert_allclose(weighted.noise_scale_, repeated.noise_scale_)
    np.testing.assert_allclose(weighted.transform(X), repeated.transform(X))


def test_numbers_and_dates_keep_their_kind(frame):
    X = frame(
        {
            "income": [1000, 2000, 3000, 4000],
            "born": [date(1950, 1, 1), date(1960, 1, 1), None, date(1990, 1, 1)],
            "name": ["a", "b", "c", "d"],
        }
    )
    adder = NoiseAdder(columns=["income", "born"], random_state=0)
    out = adder.fit_transform(X)
    incomes = frame.values(out, "income")
    assert [type(i) for i in incomes] == [type(i) for i in frame.values(X, "income")]
    assert set(incomes).isdisjoint({1000, 2000, 3000, 4000})
    days = frame.values(out, "born")
    assert days[2] is None
    assert pd.Timestamp("1900") < pd.Timestamp(days[0]) < pd.Timestamp("2050")
    assert frame.values(out, "name") == ["a", "b", "c", "d"]


@pytest.mark.parametrize("method", ["additive", "correlated"])
def test_a_column_of_nothing_stays_so(method, rng):
    X = np.column_stack([rng.normal(size=9), np.full(9, np.nan)])
    out = NoiseAdder(method=method).fit_transform(X)
    assert np.isnan(out[:, 1]).all()
    assert not np.isnan(out[:, 0]).any()


def test_values_in_a_column_that_had_none_are_warned_of():
    X = pd.DataFrame({"a": [np.nan] * 3, "b": [1.0, 2.0, 3.0]})
    adder = NoiseAdder().fit(X)
    adder.transform(X)
    with pytest.warns(PrivacyWarning, match=r"\['a'\] had no value in fit.*no noise"):
        out = adder.transform(X.assign(a=5.0))
    assert out["a"].tolist() == [5.0] * 3


def test_rounding_that_leaves_most_values_is_warned_of():
    X = pd.DataFrame({"children": [0, 1, 2, 1] * 9, "income": [1e3, 2e3, 3e3, 4e3] * 9})
    with pytest.warns(
        PrivacyWarning, match="'children' has Arrow type int64.*rounding"
    ):
        NoiseAdder(scale=0.5).fit(X)
    NoiseAdder(scale=2.0).fit(X)
    NoiseAdder(scale=0.5).fit(X.astype(float))


@pytest.mark.parametrize("method", ["additive", "correlated"])
@pytest.mark.parametrize("kind", ["uint8", "int8", "bool"])
def test_noise_that_leaves_the_type_of_its_column_is_warned_of(kind, method, rng):
    X = pd.DataFrame({"n": rng.integers(0, 100, 500).astype(kind)})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PrivacyWarning)  # booleans round as well
        with pytest.warns(UserWarning, match=r"'n' has Arrow type \w+, whose.*to "):
            adder = NoiseAdder(method=method, scale=1.0).fit(X)
    out = adder.transform(X)["n"]
    assert out.dtype == kind
    NoiseAdder(method=method, scale=1.0).fit(X.astype(float))


def test_noise_within_the_type_of_its_column_is_not_warned_of(rng):
    X = pd.DataFrame({"n": rng.normal(100, 10, 500).round().astype("uint8")})
    NoiseAdder(scale=0.5).fit(X)
    NoiseAdder(method="correlated", scale=1.0).fit(X)
    with pytest.warns(UserWarning, match="from 0 to 255"):
        NoiseAdder(scale=6.0).fit(X)


def test_noise_makes_no_number_infinite():
    X = pd.DataFrame({"a": np.float32([-3e38, 0, 3e38] * 99)})
    with pytest.warns(UserWarning, match="'a' has Arrow type float, whose"):
        out = NoiseAdder(random_state=0).fit_transform(X)["a"]
    assert out.dtype == "float32"
    assert np.isfinite(out).all()
    with pytest.raises(ValueError, match="noise of column 'a' larger than 1e"):
        NoiseAdder(scale=1e280).fit(X)


def test_a_constant_column_is_warned_of():
    X = pd.DataFrame({"a": [0.1] * 5, "b": [1.0, 2.0, 3.0, 4.0, 5.0]})
    with pytest.warns(PrivacyWarning, match=r"\['a'\] have one value"):
        adder = NoiseAdder().fit(X)
    assert adder.transform(X)["a"].tolist() == X["a"].tolist()


@pytest.mark.parametrize("scale", [0, -1, "1"])
def test_a_scale_that_is_not_above_0_is_refused(scale):
    with pytest.raises(ValueError, match="'scale' parameter"):
        NoiseAdder(scale=scale).fit([[1.0], [2.0]])


def test_correlated_noise_of_more_than_all_variance_is_refused():
    with pytest.raises(ValueError, match=r"scale=1\.5 is above 1"):
        NoiseAdder(method="correlated", scale=1.5).fit([[1.0], [2.0]])


def test_one_row_is_refused():
    with pytest.raises(ValueError, match="n_samples=1, too few"):
        NoiseAdder().fit([[1.0]])


def test_correlated_noise_needs_rows_without_gaps():
    X = [[1.0, np.nan], [np.nan, 1.0], [2.0, 2.0]]
    with pytest.raises(ValueError, match=r"^1 rows of X have no missing value"):
        NoiseAdder(method="correlated").fit(X)


def test_text_is_refused_without_quoting_it():
    with pytest.raises(ColumnTypeError, match="'name' has Arrow type") as info:
        NoiseAdder().fit(pd.DataFrame({"name": ["marker"] * 3}))
    assert "marker" not in str(info.value)
