"""What the base of the one-column techniques does for all of them."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

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
