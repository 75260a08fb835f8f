"""What the base of the one-column techniques does for all of them."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from sklearn.exceptions import NotFittedError

from conftest import as_values
from skanon import PRAM, HashPseudonymizer, NumericGeneralizer, RareCategoryGrouper
from skanon._base import ColumnwiseTransformer
from skanon._frames._from_arrow import WIDE
from skanon.exceptions import ColumnError


class Halves(ColumnwiseTransformer):
    """Make two columns of one: the quotient and the rest of a division by two."""

    def __init__(self, *, columns=None):
        self.columns = columns

    def _start_fit(self, names):
        pass

    def _fit_column(self, column, name, weights):
        return None

    def _transform_column(self, column, name, state):
        values = column.cast(pa.float64()).to_numpy(zero_copy_only=False)
        pairs = (pa.array(half, from_pandas=True) for half in np.divmod(values, 2))
        return pa.StructArray.from_arrays(list(pairs), ["half", "rest"])

    def _suffixes(self):
        return ("_half", "_rest")


def test_a_column_can_become_two(frame):
    X = frame({"a": [1.0, 4.0, None], "b": ["x", "y", "z"]})
    halves = Halves(columns=["a"]).fit(X)
    out = halves.transform(X)
    assert frame.values(out, "a_half") == [0, 2, None]
    assert frame.values(out, "a_rest") == [1, 0, None]
    assert frame.values(out, "b") == ["x", "y", "z"]
    assert list(halves.get_feature_names_out()) == ["a_half", "a_rest", "b"]


def test_a_categorical_column_can_become_two():
    X = pd.DataFrame({"a": pd.Categorical([4.0, 1.0, None])})
    out = Halves().fit_transform(X)
    assert out["a_half"].tolist()[:2] == [2, 0]
    assert out.isna().sum().tolist() == [1, 1]


@pytest.mark.parametrize("container", ["pandas", "polars"])
def test_set_output_names_both_columns(container):
    pytest.importorskip(container, reason=f"{container} is not installed")
    out = Halves().set_output(transform=container).fit_transform(np.array([[3], [4]]))
    assert list(out.columns) == ["x0_half", "x0_rest"]


def test_a_new_column_must_not_have_the_name_of_another():
    X = pd.DataFrame({"a": [1], "a_rest": [2]})
    with pytest.raises(ColumnError, match="the name 'a_rest', which X has already"):
        Halves(columns=["a"]).fit(X)


class Lengths(ColumnwiseTransformer):
    """Replace each text by its length, those of length zero perhaps by missing."""

    def __init__(self, *, kind="int32", skip_empty=False, columns=None):
        self.kind = kind
        self.skip_empty = skip_empty
        self.columns = columns

    def _start_fit(self, names):
        pass

    def _fit_column(self, column, name, weights):
        return None

    def _transform_column(self, column, name, state):
        lengths = pc.utf8_length(column.cast(pa.string()))
        if self.skip_empty:
            lengths = pc.if_else(pc.equal(lengths, 0), None, lengths)
        return lengths.cast(self.kind)

    def _makes_missing(self, state):
        return self.skip_empty


def dtypes(table):
    return list(table.dtypes) if hasattr(table, "dtypes") else [table.dtype]


@pytest.mark.parametrize("kind", ["int8", "int32", "int64", "uint64", "bool", "double"])
@pytest.mark.parametrize("as_table", [pd.DataFrame, np.array], ids=["pandas", "numpy"])
def test_batches_have_the_dtype_of_a_training_table_with_missing_values(as_table, kind):
    X = as_table(np.array([["Ada", "Bob", None]], dtype=object).T)
    lengths = Lengths(kind=kind).fit(X)
    whole = dtypes(lengths.transform(X))
    length = 1 if kind == "bool" else 3
    for rows in ([0], [2], [0, 1]):
        batch = X.iloc[rows] if as_table is pd.DataFrame else X[rows]
        out = lengths.transform(batch)
        assert dtypes(out) == whole
        expected = [None if row == 2 else length for row in rows]
        assert as_values(pd.DataFrame(out).iloc[:, 0]) == expected


@pytest.mark.parametrize("others", [[1.5, 2.5], [2, 3]], ids=["floats", "integers"])
def test_an_ndarray_of_small_integers_beside_floats_is_of_float64(others):
    X = np.array([[1, 2], others], dtype=np.int64).T
    out = NumericGeneralizer(edges=[2], columns=[1]).fit_transform(X)
    assert out.dtype == np.float64
    assert out[:, 0].tolist() == [1, 2]


def test_an_ndarray_of_large_integers_beside_floats_keeps_their_digits():
    X = np.array([[1, 2**62 + 1, -(2**63)], [1, 2, 3]]).T
    fitted = NumericGeneralizer(edges=[2], columns=[1]).fit(X)
    for rows in ([0, 1, 2], [0]):
        out = fitted.transform(X[rows])
        assert out.dtype == WIDE
        assert [int(value) for value in out[:, 0]] == X[rows, 0].tolist()
    later = NumericGeneralizer(edges=[2], columns=[1]).fit(X[:1]).transform(X)
    assert [int(value) for value in later[:, 0]] == X[:, 0].tolist()


def test_an_ndarray_of_tokens_beside_a_missing_value_is_of_one_dtype_in_any_part():
    X = np.array([["a", "b", None]], dtype=object).T
    fitted = HashPseudonymizer(output="int64").fit(X)
    assert {fitted.transform(part).dtype for part in (X, X[:1], X[2:])} == {WIDE}


@pytest.mark.parametrize("technique", [PRAM(), RareCategoryGrouper(min_count=1)])
def test_an_ndarray_of_integers_that_may_become_missing_is_of_float64(technique):
    X = np.array([[1], [2], [1], [2]])
    assert technique.fit(X).transform(X).dtype == np.float64
    assert technique.transform(np.array([[3]])).dtype == np.float64


def test_what_may_make_missing_values_has_a_dtype_for_them(frame):
    X = frame({"a": ["Ada", ""]})
    lengths = Lengths(skip_empty=True).fit(X)
    whole, part = lengths.transform(X), lengths.transform(X[:1])
    assert frame.values(whole, "a") == [3, None]
    assert frame.values(part, "a") == [3]
    if isinstance(X, pa.Table):
        assert part.schema == whole.schema
    else:
        assert dtypes(part) == dtypes(whole)


class Noting(ColumnwiseTransformer):
    """Change nothing, and note what is handed over."""

    def __init__(self, *, columns=None):
        self.columns = columns

    def fit(self, X, y=None, sample_weight=None):
        self.fitted_on = []
        return self._fit(X, sample_weight)

    def _start_fit(self, names):
        self.names = names

    def _fit_column(self, column, name, weights):
        weights = None if weights is None else weights.tolist()
        self.fitted_on.append((name, column.to_pylist(), weights))
        return len(self.fitted_on)

    def _transform_column(self, column, name, state):
        self.last = (name, column.to_pylist(), state)
        return (
            pc.utf8_upper(column) if pa.types.is_large_string(column.type) else column
        )


X3 = pd.DataFrame({"a": ["x", "y"], "b": ["y", "z"], "c": [1, 2]})


@pytest.mark.parametrize(
    ("columns", "names"),
    [
        (None, ["a", "b", "c"]),
        (["b"], ["b"]),
        (["c", "a"], ["c", "a"]),
        (("b", "a"), ["b", "a"]),
        ([1], ["b"]),
        ([-1, 0], ["c", "a"]),
        (np.array(["b", "c"]), ["b", "c"]),
        (np.array([2]), ["c"]),
        (pd.Index(["a"]), ["a"]),
        ([], []),
    ],
    ids=str,
)
def test_columns_are_chosen_by_name_or_position(columns, names):
    noting = Noting(columns=columns).fit(X3)
    assert noting.columns_ == names
    assert noting.names == names
    assert [name for name, _, _ in noting.fitted_on] == names
    out = noting.transform(X3)
    assert list(out.columns) == list(X3.columns)
    untouched = [name for name in X3 if name not in names]
    assert out[untouched].equals(X3[untouched])


def test_integer_names_come_before_positions():
    X = X3.set_axis([2, 0, 1], axis=1)
    assert Noting(columns=[0]).fit(X).fitted_on[0][:2] == ("0", ["y", "z"])


def test_each_column_is_transformed_with_what_was_learned_of_it():
    noting = Noting(columns=["c", "a"]).fit(X3)
    noting.transform(X3)
    assert noting.last == ("c", [1, 2], 1)


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ("a", "must be a list of column names or positions, or None for all; got str"),
        (3, "must be a list .* got int"),
        ({"a": 1}, "must be a list .* got dict"),
        (["a", "z"], r"column 'z', which X does not have. X has the columns \['a'"),
        ([3], "column 3, which X does not have"),
        ([-4], "column -4, which X does not have"),
        ([1.0], "column 1.0, which X does not have"),
        ([True], "column True, which X does not have"),
        ([None], "column None, which X does not have"),
        ([["a"]], r"column \['a'\], which X does not have"),
        (["a", 0], "names a column twice"),
    ],
    ids=str,
)
def test_columns_that_x_does_not_have_are_refused(columns, message):
    with pytest.raises(ColumnError, match=f"Noting.*{message}|of Noting {message}"):
        Noting(columns=columns).fit(X3)


def test_transform_wants_the_columns_of_fit_by_name_and_order(frame):
    X = frame({"a": ["x"], "b": ["y"]})
    noting = Noting().fit(X)
    with pytest.raises(ValueError, match="must be in the same order"):
        noting.transform(frame({"b": ["y"], "a": ["x"]}))
    with pytest.raises(ValueError, match="seen at fit time, yet now missing"):
        noting.transform(frame({"a": ["x"]}))
    with pytest.raises(ValueError, match="unseen at fit time"):
        noting.transform(frame({"a": ["x"], "b": ["y"], "c": ["z"]}))


def test_names_of_mixed_types_are_refused_as_in_scikit_learn():
    with pytest.raises(TypeError, match="Feature names are only supported if all"):
        Noting().fit(X3.set_axis(["a", 1, "c"], axis=1))


def test_names_that_are_all_integers_are_allowed_as_in_scikit_learn():
    noting = Noting(columns=[30]).fit(X3.set_axis([10, 30, 20], axis=1))
    assert noting.columns_ == [30]
    assert not hasattr(noting, "feature_names_in_")
    assert list(noting.get_feature_names_out()) == ["x0", "x1", "x2"]


def test_transform_before_fit_is_refused():
    with pytest.raises(NotFittedError, match="not fitted yet"):
        Noting().transform(X3)


def test_rows_of_weight_zero_are_not_there():
    noting = Noting(columns=["a", "b"]).fit(X3, sample_weight=[0, 2.5])
    assert noting.fitted_on == [("a", ["y"], [2.5]), ("b", ["z"], [2.5])]


def test_no_weights_are_handed_over_where_none_are_given():
    noting = Noting(columns=["a"]).fit(X3)
    assert noting.fitted_on == [("a", ["x", "y"], None)]


@pytest.mark.parametrize("as_weights", [list, np.array, pd.Series, pa.array, tuple])
def test_weights_of_any_kind_are_read(as_weights):
    noting = Noting(columns=["a"]).fit(X3, sample_weight=as_weights([1, 2]))
    assert noting.fitted_on[0][2] == [1.0, 2.0]


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        ([1.0], r"sample_weight.shape == \(1,\), expected \(2,\)"),
        ([[1.0, 2.0]], r"sample_weight.shape == \(1, 2\), expected \(2,\)"),
        (1.0, r"sample_weight.shape == \(\), expected \(2,\)"),
        ([1.0, -1.0], "negative, infinite or missing"),
        ([1.0, np.inf], "negative, infinite or missing"),
        ([1.0, np.nan], "negative, infinite or missing"),
        ([0, 0], "zero for all rows"),
        (["a", "b"], "dtype <U1; numbers are needed"),
    ],
    ids=str,
)
def test_bad_weights_are_refused(weights, message):
    with pytest.raises(ValueError, match=message):
        Noting().fit(X3, sample_weight=weights)


def test_a_categorical_column_is_transformed_on_its_categories():
    X = pd.DataFrame({"a": pd.Categorical(["x", "y", "x", None] * 1000)})
    noting = Noting().fit(X)
    out = noting.transform(X)
    assert sorted(noting.last[1]) == ["x", "y"]
    assert as_values(out["a"])[:4] == [
        *map(str, out["a"].cat.categories[[0, 1, 0]]),
        None,
    ]


def test_a_fitted_estimator_transforms_an_empty_table(frame):
    X = frame({"a": ["x", "y"]})
    empty = Noting().fit(X).transform(X[:0])
    assert type(empty) is type(X)
    assert empty.shape == (0, 1)


def test_of_many_columns_those_of_a_like_name_are_told():
    X = pd.DataFrame(np.ones((1, 800)), columns=[f"column {i}" for i in range(800)])
    X = X.rename(columns={"column 7": "income"})
    with pytest.raises(
        ColumnError, match=r"800 columns, such as \['income'\]"
    ) as caught:
        Noting(columns=["incom"]).fit(X)
    assert len(str(caught.value)) < 200
