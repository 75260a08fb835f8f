"""What the base of the one-column techniques does for all of them."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from conftest import as_values
from skanon._base import ColumnwiseTransformer
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

    def _makes_missing(self):
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
