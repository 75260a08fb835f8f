"""What every public estimator promises: scikit-learn's checks, and our own.

Every estimator in ``skanon.__all__`` runs through all of it. One that has required
parameters, or works on other values than text, has an entry in the tables of
``public_estimators.py``.
"""

import copy
import html
import pickle

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from public_estimators import (
    ESTIMATORS,
    columns_of,
    rows_of,
    same,
    sample_of,
    values_of,
)
from sklearn.base import clone
from sklearn.utils import estimator_html_repr, get_tags
from sklearn.utils.estimator_checks import parametrize_with_checks
from sklearn.utils.validation import has_fit_parameter

from skanon.exceptions import ColumnTypeError

#: Estimators whose fit_transform does better than transform can, as scikit-learn's
#: TargetEncoder does, each with its reason. All others promise to give the same.
FITS_BETTER_THAN_IT_TRANSFORMS: dict[str, str] = {
    "Microaggregator": (
        "fit_transform gives each row the average of its own MDAV group; transform "
        "must not remember rows, so it gives the nearest average that k rows share. "
        "The other methods give the same: tests/perturbation runs all checks on them."
    ),
}

#: Checks that an estimator cannot pass, each with its reason. The aim is none.
EXPECTED_FAILED_CHECKS: dict[str, dict[str, str]] = {
    name: {
        "check_transformer_general": reason,
        "check_transformer_data_not_an_array": reason,
    }
    for name, reason in FITS_BETTER_THAN_IT_TRANSFORMS.items()
}

#: Estimators whose transform draws anew: there the rows of a table cannot be
#: transformed apart. All others promise that they can.
DRAWS_IN_TRANSFORM: dict[str, str] = {
    "NoiseAdder": "noise is drawn anew for each row of the table given",
    "PRAM": "a category is drawn anew for each row of the table given",
    "RankSwapper": "values are exchanged among the rows of the table given",
    "Rounder": "each number is rounded up or down by a draw of its own",
    "Shuffler": "values are exchanged among the rows of the table given",
}


def name_of(estimator):
    return type(estimator).__name__


def is_random(estimator):
    return name_of(estimator) in DRAWS_IN_TRANSFORM


@pytest.fixture(params=ESTIMATORS, ids=name_of)
def estimator(request):
    return clone(request.param)


@pytest.fixture(params=[e for e in ESTIMATORS if not is_random(e)], ids=name_of)
def deterministic(request):
    return clone(request.param)


@pytest.fixture(
    params=[
        e
        for e in ESTIMATORS
        if not is_random(e) and name_of(e) not in FITS_BETTER_THAN_IT_TRANSFORMS
    ],
    ids=name_of,
)
def consistent(request):
    return clone(request.param)


@pytest.fixture(
    params=[e for e in ESTIMATORS if has_fit_parameter(e, "sample_weight")], ids=name_of
)
def weighted(request):
    return clone(request.param)


@parametrize_with_checks(
    ESTIMATORS,
    expected_failed_checks=lambda e: EXPECTED_FAILED_CHECKS.get(name_of(e), {}),
)
@pytest.mark.filterwarnings("ignore::sklearn.exceptions.SkipTestWarning")
@pytest.mark.filterwarnings("ignore:.* holds no ZIP code:UserWarning")
def test_scikit_learn_checks(estimator, check):
    check(estimator)


def test_every_public_estimator_is_checked():
    names = {name_of(estimator) for estimator in ESTIMATORS}
    assert {"HashPseudonymizer"} <= names
    assert set(EXPECTED_FAILED_CHECKS) | set(DRAWS_IN_TRANSFORM) <= names


def test_only_estimators_that_draw_say_that_they_do(estimator):
    assert get_tags(estimator).non_deterministic == is_random(estimator)


def test_clones_have_equal_parameters_and_no_fitted_state(estimator):
    twin = clone(estimator.fit(sample_of(estimator)))
    assert repr(twin.get_params()) == repr(estimator.get_params())
    assert not [name for name in vars(twin) if name.endswith("_")]


def test_parameters_can_be_set_to_what_they_are(estimator):
    parameters = estimator.get_params()
    estimator.set_params(**parameters)
    for name, value in estimator.get_params().items():
        assert value is parameters[name]


def test_fit_leaves_parameters_alone(estimator):
    before = copy.copy(estimator.get_params())
    after = estimator.fit(sample_of(estimator)).get_params()
    assert all(after[name] is before[name] for name in before)


def test_feature_names_out_are_the_output_columns(estimator):
    out = estimator.fit_transform(sample_of(estimator))
    assert list(estimator.get_feature_names_out()) == list(out.columns)


def test_without_column_names_features_are_called_x0_and_so_on(estimator):
    estimator.fit(sample_of(estimator).to_numpy())
    names = [str(name) for name in estimator.get_feature_names_out()]
    assert names[0].startswith("x0")
    assert names[-1].startswith("x2")


def test_set_output_pandas_gives_pandas(estimator):
    X = sample_of(estimator)
    expected = clone(estimator).fit_transform(X)
    estimator.set_output(transform="pandas").fit(X)
    for table in (X, X.to_numpy()):
        out = (
            estimator.transform(table)
            if table is X
            else clone(estimator).set_output(transform="pandas").fit_transform(table)
        )
        assert isinstance(out, pd.DataFrame)
        assert out.shape == expected.shape
    assert list(estimator.transform(X).index) == list(X.index)


def test_set_output_polars_gives_polars(estimator):
    polars = pytest.importorskip("polars", reason="polars is not installed")
    X = sample_of(estimator)
    expected = clone(estimator).fit_transform(X)
    out = estimator.set_output(transform="polars").fit_transform(X)
    assert isinstance(out, polars.DataFrame)
    assert out.columns == list(expected.columns)


def test_html_repr_shows_the_estimator(estimator):
    for state in (estimator, estimator.fit(sample_of(estimator))):
        shown = html.unescape(estimator_html_repr(state))
        assert name_of(estimator) in shown
        assert "column_0" not in repr(state)


def test_pickle_keeps_what_transform_does(deterministic):
    X = sample_of(deterministic)
    expected = deterministic.fit(X).transform(X)
    loaded = pickle.loads(pickle.dumps(deterministic))
    assert same(loaded.transform(X), expected)


def test_input_is_never_changed(estimator):
    X = sample_of(estimator)
    before = X.copy(deep=True)
    estimator.fit(X)
    out = estimator.transform(X)
    pd.testing.assert_frame_equal(X, before)
    for i in range(out.shape[1]):
        out.iloc[:, i] = out.iloc[::-1, i].to_numpy()
    pd.testing.assert_frame_equal(X, before)


def test_input_array_is_never_changed(estimator):
    X = sample_of(estimator).to_numpy()
    before = X.copy()
    out = estimator.fit(X).transform(X)
    out[:] = 0
    assert same(X, before)


def test_missing_stays_missing(estimator):
    X = sample_of(estimator)
    estimator.fit(X)
    out = values_of(estimator.transform(X))
    for given, made in zip(values_of(X), out, strict=True):
        assert all(b is None for a, b in zip(given, made, strict=True) if a is None)


def test_fit_forgets_the_fit_before(deterministic):
    X = sample_of(deterministic)
    once = clone(deterministic).fit(X)
    twice = deterministic.fit(X.iloc[::-1]).fit(X)
    assert same(once.transform(X), twice.transform(X))


def test_fit_transform_is_fit_and_transform(consistent):
    X = sample_of(consistent)
    expected = clone(consistent).fit(X).transform(X)
    assert same(consistent.fit_transform(X), expected)


def test_transform_changes_nothing_in_the_estimator(deterministic):
    X = sample_of(deterministic)
    deterministic.fit(X)
    before = pickle.dumps(deterministic)
    deterministic.transform(X)
    assert pickle.dumps(deterministic) == before


@pytest.mark.parametrize(
    "rows",
    [[0], [5], list(range(7)), list(range(23, -1, -1)), [3, 3, 3], []],
    ids=["one", "with-missing", "batch", "reversed", "repeated", "none"],
)
def test_rows_are_transformed_as_in_the_whole_table(deterministic, frame, rows):
    X = frame(columns_of(deterministic))
    whole = deterministic.fit(X).transform(X)
    part = deterministic.transform(rows_of(X, rows))
    assert type(part) is type(X)
    assert same(part, rows_of(whole, rows))


def test_every_kind_of_table_gives_the_same_values(deterministic, frame):
    expected = clone(deterministic).fit_transform(sample_of(deterministic))
    X = frame(columns_of(deterministic))
    out = deterministic.fit_transform(X)
    assert type(out) is type(X)
    assert same(out, expected)


def test_array_in_array_out(deterministic):
    X = sample_of(deterministic).set_axis(["x0", "x1", "x2"], axis=1)
    expected = clone(deterministic).fit_transform(X)
    out = deterministic.fit_transform(X.to_numpy())
    assert isinstance(out, np.ndarray)
    assert same(out, expected)


@pytest.mark.parametrize("cell", [["x", "y"], {"key": "x"}], ids=["list", "struct"])
def test_columns_of_lists_or_the_like_are_refused(estimator, cell):
    X = pa.Table.from_pandas(sample_of(estimator), preserve_index=False)
    bad = X.set_column(1, "column_1", pa.array([cell] * len(X)))
    fitted = clone(estimator).fit(X)
    for action in (estimator.fit, fitted.transform):
        with pytest.raises(ColumnTypeError, match=r"'column_1' has (Arrow |d)type"):
            action(bad)


def test_index_and_column_order_are_kept(estimator):
    X = sample_of(estimator)[["column_2", "column_0", "column_1"]]
    out = estimator.fit(X).transform(X)
    assert out.index.equals(X.index)
    assert list(estimator.feature_names_in_) == list(X.columns)
    order = [str(name)[: len("column_0")] for name in out.columns]
    assert list(dict.fromkeys(order)) == list(X.columns)


def test_integer_weights_are_repeated_rows(weighted):
    X = sample_of(weighted)
    weights = np.arange(len(X)) % 3
    repeated = X.iloc[np.repeat(np.arange(len(X)), weights)]
    if is_random(weighted):
        weighted.set_params(random_state=0)
    by_rows = clone(weighted).fit(repeated)
    by_weights = weighted.fit(X, sample_weight=weights)
    assert same(by_weights.transform(X), by_rows.transform(X))
