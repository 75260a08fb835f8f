"""Guarantees, as properties of random tables."""

import datetime as dt
import math
import unicodedata

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from public_estimators import ESTIMATORS, N_ROWS, rows_of, same, sample_of, values_of
from sklearn.base import clone
from sklearn.utils import get_tags
from sklearn.utils.validation import has_fit_parameter

from skanon import HashPseudonymizer, SecretKey

KEY = SecretKey(bytes(range(32)))

TEXTS = st.text(st.characters(codec="utf-8"))
INTEGERS = st.integers(-(2**63), 2**63 - 1)
FLOATS = st.floats(allow_nan=False)
DATES = st.dates()

#: Columns of one type each, some values missing.
COLUMNS = st.one_of(
    st.lists(values | st.none(), min_size=1, max_size=20)
    for values in (TEXTS, INTEGERS, FLOATS, DATES, st.booleans(), st.binary())
)

#: Positions of rows of a sample table, in any order and any number.
ROWS = st.lists(st.integers(0, N_ROWS - 1), max_size=40)


def deterministic(estimators):
    return [e for e in estimators if not get_tags(e).non_deterministic]


def name_of(estimator):
    return type(estimator).__name__


def table(values):
    return pd.DataFrame({"id": pd.Series(values, dtype=object)})


def tokens(values, **parameters):
    made = HashPseudonymizer(key=KEY, output="hex", **parameters)
    return values_of(made.fit_transform(table(values)))[0]


def meaning(value):
    """Return what two values must have in common to have one token."""
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    return value + 0.0 if isinstance(value, float) else value


@pytest.mark.parametrize("algorithm", ["aes-cmac", "hmac-sha256", "blake2b"])
@given(values=COLUMNS)
def test_values_are_equal_if_and_only_if_their_tokens_are(algorithm, values):
    made = tokens(values, algorithm=algorithm)
    assert [token is None for token in made] == [value is None for value in values]
    by_token = {}
    for value, token in zip(values, made, strict=True):
        by_token.setdefault(token, set()).add(meaning(value))
    assert all(len(same_token) == 1 for same_token in by_token.values())
    assert len(by_token) == len(set(map(meaning, values)))


@given(values=COLUMNS)
def test_tokens_do_not_depend_on_the_other_rows(values):
    fitted = HashPseudonymizer(key=KEY, output="hex").fit(table(values))
    whole = values_of(fitted.transform(table(values)))[0]
    for value, token in zip(values, whole, strict=True):
        assert values_of(fitted.transform(table([value])))[0] == [token]


@given(values=COLUMNS)
def test_tokens_do_not_depend_on_the_container(values):
    expected = tokens(values)
    column = pa.array(values)
    made = HashPseudonymizer(key=KEY, output="hex", domain="id")
    tables = [pa.table({"id": column}), pa.table({"id": column.dictionary_encode()})]
    tables.append(table(values).to_numpy())
    for X in tables:
        assert values_of(made.fit_transform(X))[0] == expected


@given(values=COLUMNS)
def test_tokens_do_not_depend_on_polars(values):
    polars = pytest.importorskip("polars", reason="polars is not installed")
    X = polars.DataFrame({"id": polars.Series(values, strict=False)})
    made = HashPseudonymizer(key=KEY, output="hex").fit_transform(X)
    assert values_of(made)[0] == tokens(values)


@given(st.integers(-(2**53), 2**53))
def test_a_whole_number_has_one_token(number):
    assert tokens([number]) == tokens([float(number)])


@given(DATES)
def test_a_date_is_its_midnight(date):
    midnight = dt.datetime.combine(date, dt.time())
    assert tokens([date]) == tokens([midnight])


@given(TEXTS, st.sampled_from(["aes-cmac", "hmac-sha256"]))
def test_a_shorter_token_is_the_beginning_of_a_longer_one(value, algorithm):
    short, long = (
        tokens([value], algorithm=algorithm, length=length)[0] for length in (64, 128)
    )
    assert long.startswith(short)


@given(st.binary(min_size=16, max_size=64), st.binary(min_size=16, max_size=64), TEXTS)
def test_other_keys_give_other_tokens(first, second, value):
    made = [
        values_of(HashPseudonymizer(key=SecretKey(key)).fit_transform(table([value])))
        for key in (first, second)
    ]
    # The key is what HKDF extracts from, so zeros at its end are not padding.
    assert (made[0] == made[1]) == (first == second)


@given(TEXTS, TEXTS, TEXTS)
def test_other_domains_give_other_tokens(value, first, second):
    made = [tokens([value], domain=domain) for domain in (first, second)]
    assert (made[0] == made[1]) == (first == second)


@pytest.mark.parametrize("estimator", deterministic(ESTIMATORS), ids=name_of)
@settings(max_examples=25)
@given(rows=ROWS)
def test_a_fitted_technique_is_a_function_of_the_row(estimator, rows):
    X = sample_of(estimator)
    fitted = clone(estimator).fit(X)
    part = fitted.transform(rows_of(X, rows))
    assert same(part, rows_of(fitted.transform(X), rows))
    assert list(part.index) == list(X.index[rows])


@pytest.mark.parametrize(
    "estimator",
    [e for e in deterministic(ESTIMATORS) if has_fit_parameter(e, "sample_weight")],
    ids=name_of,
)
@pytest.mark.filterwarnings("ignore::skanon.exceptions.PrivacyWarning")
@settings(max_examples=25)
@given(weights=st.lists(st.integers(0, 4), min_size=N_ROWS, max_size=N_ROWS))
def test_a_weight_counts_as_that_many_rows(estimator, weights):
    X = sample_of(estimator)
    weights[0] = 20  # enough rows for every technique to learn something
    by_weights = clone(estimator).fit(X, sample_weight=weights)
    by_rows = clone(estimator).fit(rows_of(X, np.repeat(range(N_ROWS), weights)))
    for one, other in zip(
        values_of(by_weights.transform(X)), values_of(by_rows.transform(X)), strict=True
    ):
        assert [a for a, b in zip(one, other, strict=True) if not agree(a, b)] == []


def agree(a, b):
    if isinstance(a, float) and isinstance(b, float):
        return math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-9)
    return a == b


@pytest.mark.parametrize("estimator", ESTIMATORS, ids=lambda e: type(e).__name__)
def test_without_columns_to_work_on_the_table_comes_back(estimator):
    X = sample_of(estimator)
    estimator = clone(estimator).set_params(columns=[])
    pd.testing.assert_frame_equal(estimator.fit_transform(X), X)
    pd.testing.assert_frame_equal(estimator.transform(X[:1]), X[:1])
    if hasattr(estimator, "suppression_mask"):
        assert not estimator.suppression_mask(X).any()


#: Whose categories are tokens or masked values: those of other rows are none of the
#: business of whoever gets a part of the table.
CATEGORIES_OF_ROWS = {"HashPseudonymizer", "MaskingTransformer"}


#: Whose categories are the values themselves, or what stands above them by a rule that
#: lists no labels: as many as a batch that is read anew has.
CATEGORIES_OF_BATCH = {
    "CellSuppressor",
    "DateGeneralizer",
    "RankSwapper",
    "Shuffler",
    "ZipCodeGeneralizer",
}


def whole_numbers(X):
    """Return numbers in place of all values, none missing."""
    return X.apply(lambda column: pd.factorize(column)[0] + 1).astype("int64")


#: The kinds of columns that a table can have, made of a sample table.
KINDS = {
    "as they are": lambda X: X,
    "nullable": lambda X: X.convert_dtypes(dtype_backend="numpy_nullable"),
    "arrow": lambda X: X.convert_dtypes(dtype_backend="pyarrow"),
    "object": lambda X: X.astype(object),
    "category": lambda X: X.astype("category"),
    "int64": whole_numbers,
    "category of int64": lambda X: whole_numbers(X).astype("category"),
}


def read_anew(X):
    """Return a table whose categories are those of its own rows."""
    categorical = X.select_dtypes("category").columns
    return X.assign(**{c: X[c].cat.remove_unused_categories() for c in categorical})


def each_output(estimator):
    """Yield the estimator with each of its outputs."""
    if "output" not in estimator.get_params():
        yield estimator
        return
    for output in sorted(estimator._parameter_constraints["output"][0].options):
        yield clone(estimator).set_params(output=output)


@pytest.mark.filterwarnings("ignore::skanon.exceptions.PrivacyWarning")
@pytest.mark.filterwarnings("ignore:.* holds no ZIP code:UserWarning")
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "estimator",
    [each for estimator in ESTIMATORS for each in each_output(estimator)],
    ids=lambda e: f"{name_of(e)}-{e.get_params().get('output', '')}",
)
def test_a_part_of_a_table_gets_the_dtypes_of_the_whole(estimator, kind):
    X = KINDS[kind](sample_of(estimator))
    if estimator.get_params().get("output") in ("midpoint", "bounds", "interval"):
        X = KINDS[kind](whole_numbers(sample_of(estimator)))
    fitted = clone(estimator).fit(X)
    whole = fitted.transform(X)
    for rows in ([0], [5], range(8, 14), []):
        part = fitted.transform(X.iloc[list(rows)])
        anew = fitted.transform(read_anew(X.iloc[list(rows)]))
        if name_of(estimator) in CATEGORIES_OF_ROWS | CATEGORIES_OF_BATCH:
            assert list(map(str, anew.dtypes)) == list(map(str, whole.dtypes))
        else:
            assert anew.dtypes.tolist() == whole.dtypes.tolist()
        if name_of(estimator) in CATEGORIES_OF_ROWS and "category" in kind:
            for column in part.select_dtypes("category"):
                assert set(part[column].cat.categories) == set(part[column].dropna())
        else:
            assert part.dtypes.tolist() == whole.dtypes.tolist()
