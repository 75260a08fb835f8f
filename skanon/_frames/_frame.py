"""A table seen as Arrow columns, and the way back to the caller's kind of table."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import ModuleType
from typing import Any, TypeAlias

import narwhals as nw
import numpy as np
import numpy.typing as npt
import pyarrow as pa
from sklearn.utils import check_array

from skanon._arrow import decoded, is_coded
from skanon._frames._from_arrow import (
    common_dtype,
    has_wide,
    narrow,
    numpy_values,
    pandas_values,
)
from skanon._frames._to_arrow import as_arrow, as_categories
from skanon.exceptions import ColumnError

__all__ = ["Frame", "OutputColumn", "read_frame"]

#: An output column: its name, the position of the input column it comes from, and
#: its values, or None for the input column as it is.
OutputColumn: TypeAlias = tuple[Any, int, pa.Array | None]


#: The types of dtypes that all containers have for categorical columns. Narwhals knows
#: them as well, but looking at a single row would take a fifth longer with it.
CATEGORICAL = {"CategoricalDtype", "Categorical", "Enum", "DictionaryType"}


@dataclass(frozen=True)
class Frame:
    """A table seen as Arrow columns.

    Attributes
    ----------
    native : DataFrame, Table or ndarray
        The caller's table; nested sequences have become an ndarray.
    container : {"pandas", "polars", "pyarrow", "numpy"}
        What kind of table it is.
    names : list
        The names of the columns; ``x0``, ``x1`` … if the table has none.
    """

    native: Any
    container: str
    names: list[Any]

    def __len__(self) -> int:
        return int(self.native.shape[0])

    def column(self, position: int) -> pa.Array:
        """Return a column as an Arrow array in one piece."""
        return as_arrow(self.source(position), self.names[position])

    def categories(self, position: int) -> pa.Array:
        """Return a column to compare rows by: recurring objects as a dictionary."""
        return as_categories(self.source(position), self.names[position])

    @cached_property
    def _series(self) -> list[Any]:
        # One walk over a pandas table costs less than an indexing per column.
        return [series for _, series in self.native.items()]

    def source(self, position: int) -> Any:
        """Return a column in the caller's own type."""
        if self.container == "pandas":
            return self._series[position]
        if self.container == "polars":
            return self.native.to_series(position)
        if self.container == "pyarrow":
            return self.native.column(position)
        return self.native[:, position]

    def columns_with(self, arrays: Mapping[int, pa.Array]) -> list[OutputColumn]:
        """Return all columns for the output, some with new values, by position."""
        return [(name, i, arrays.get(i)) for i, name in enumerate(self.names)]

    def replaced(
        self,
        columns: Sequence[OutputColumn],
        container: str = "default",
        nullable: Sequence[int] = (),
        wide: bool = False,
    ) -> Any:
        """Build the output table.

        Parameters
        ----------
        columns : sequence of (name, position, array)
            The output columns in order: the name, the position of the input
            column it comes from, and the values; None keeps the input column. Values
            in codes are text, unless the input column is categorical.
        container : {"default", "pandas", "polars"}, default="default"
            What ``set_output`` asks for; "default" gives the caller's kind.
        nullable : sequence of int, default=()
            The positions of columns that get a dtype for missing values, also where
            none is missing.
        wide : bool, default=False
            Whether 64-bit integers in an ndarray of floats get a dtype that keeps all
            their digits, also where float64 would do.

        Returns
        -------
        DataFrame, Table or ndarray
            A new table; no column of the caller's table was changed.
        """
        kind = self.container if container == "default" else container
        columns = [
            (name, position, self._uncoded(array, position, kind))
            for name, position, array in columns
        ]
        if kind == "numpy":
            return _build_numpy(self, columns, nullable, wide)
        return BUILDERS[kind](self, columns, nullable)

    def has_wide_integers(self) -> bool:
        """Return whether an ndarray holds integers that float64 does not."""
        dtype = self.native.dtype if self.container == "numpy" else np.dtype(object)
        return dtype.kind in "iu" and dtype.itemsize == 8 and has_wide(self.native)

    def _uncoded(
        self, array: pa.Array | None, position: int, container: str
    ) -> pa.Array | None:
        """Return text that came as codes as such, unless its column is categorical."""
        if array is None or not is_coded(array.type) or self._is_categorical(position):
            return array
        # Rows may share Python objects, so that pandas and NumPy need no text.
        is_theirs = container == self.container and container in ("pandas", "numpy")
        return array if is_theirs else decoded(array)

    def _is_categorical(self, position: int) -> bool:
        source = self.source(position)
        kind = source.type if self.container == "pyarrow" else source.dtype
        return type(getattr(kind, "pyarrow_dtype", kind)).__name__ in CATEGORICAL


def read_frame(X: Any, *, allow_empty: bool = False) -> Frame:
    """Read a table.

    Parameters
    ----------
    X : DataFrame, Table, ndarray or nested sequences of shape (n_samples, n_features)
        The table.
    allow_empty : bool, default=False
        Whether a table without rows is fine.

    Returns
    -------
    Frame
        The table as Arrow columns.

    Raises
    ------
    ColumnError
        If two columns have one name.
    ValueError
        If X is not two-dimensional, complex, or empty.
    TypeError
        If X is lazy, sparse or a single column.
    """
    container = _container(X)
    if container == "numpy":
        X = _as_ndarray(X, allow_empty)
        return Frame(X, container, [f"x{i}" for i in range(X.shape[1])])
    names = list(X.column_names if container == "pyarrow" else X.columns)
    if len(set(names)) != len(names):
        raise _duplicate_names(names)
    _check_size(X.shape, allow_empty)
    return Frame(X, container, names)


def _container(X: Any) -> str:
    is_a = nw.dependencies
    if is_a.is_pandas_dataframe(X):
        return "pandas"
    if is_a.is_polars_dataframe(X):
        return "polars"
    if is_a.is_pyarrow_table(X):
        return "pyarrow"
    if isinstance(X, pa.RecordBatch):
        raise TypeError("X is a RecordBatch; pass pyarrow.Table.from_batches([X]).")
    if is_a.is_polars_lazyframe(X):
        raise TypeError("X is a polars LazyFrame; call its collect() method first.")
    if is_a.is_into_series(X) and not isinstance(X, np.ndarray):
        raise TypeError(
            f"X is a single column ({type(X).__name__}); a table with columns is "
            "needed. Expected 2D array: select the column with double brackets, "
            "X[['name']], or call its to_frame() method."
        )
    return "numpy"


def _as_ndarray(X: Any, allow_empty: bool) -> npt.NDArray[Any]:
    """Return nested sequences as an array in which each cell keeps its own type."""
    if isinstance(X, np.ma.MaskedArray):
        raise TypeError(
            "X is a masked array, whose mask would be lost. Fill it with what means "
            "missing, for example X.astype(object).filled(None)."
        )
    if not hasattr(X, "dtype"):
        array = np.asarray(X)
        X = np.asarray(X, dtype=object) if array.dtype.kind in "US" else array
    _check_quietly(X)
    checks = {"ensure_all_finite": False, "ensure_min_samples": int(not allow_empty)}
    checked: npt.NDArray[Any] = check_array(X, dtype=None, **checks)
    return checked


def _check_quietly(X: Any) -> None:
    """Raise what scikit-learn raises about an array, but quote none of its cells."""
    n_dimensions = getattr(X, "ndim", 2)
    if n_dimensions < 2:
        found = "1D" if n_dimensions else "scalar"
        raise ValueError(
            f"Expected 2D array, got {found} array instead (shape={X.shape}). Reshape "
            "your data: X.reshape(-1, 1) is a table of a single column, "
            "X.reshape(1, -1) of a single row."
        )
    if getattr(X.dtype, "kind", "") == "c":
        raise ValueError("Complex data not supported.")


def _check_size(shape: tuple[int, int], allow_empty: bool) -> None:
    for count, what, needed in (
        (shape[1], "feature", True),
        (shape[0], "sample", not allow_empty),
    ):
        if needed and count == 0:
            raise ValueError(
                f"Found array with 0 {what}(s) (shape={shape}) while a minimum of 1 "
                "is required."
            )


def _duplicate_names(names: list[Any]) -> ColumnError:
    twice = sorted({str(name) for name in names if names.count(name) > 1})
    return ColumnError(
        f"X has more than one column named {', '.join(map(repr, twice))}. Rename "
        "them, so that each column can be told by its name."
    )


def _build_pandas(
    frame: Frame, columns: Sequence[OutputColumn], nullable: Sequence[int]
) -> Any:
    pandas = _pandas()
    if frame.container == "pandas":
        index = frame.native.index
    else:
        index = pandas.RangeIndex(len(frame))
    data = {
        i: _pandas_column(pandas, frame, position, array, position in nullable)
        for i, (_, position, array) in enumerate(columns)
    }
    for i, values in data.items():
        if values.dtype == object:  # else pandas 3 makes text of it
            data[i] = pandas.Series(values, index, dtype=object, copy=False)
    out = pandas.DataFrame(data, index, copy=False)
    out.columns = _pandas_names(pandas, frame, [name for name, _, _ in columns])
    return out


def _pandas() -> ModuleType:
    # Cheaper than narwhals' way, where pandas is there already.
    return (
        nw.dependencies.get_pandas() or nw.Implementation.PANDAS.to_native_namespace()
    )


def _pandas_names(pandas: ModuleType, frame: Frame, names: list[Any]) -> Any:
    if frame.container == "pandas" and names == frame.names:
        return frame.native.columns
    return names


def _pandas_column(
    pandas: ModuleType,
    frame: Frame,
    position: int,
    array: pa.Array | None,
    nullable: bool,
) -> Any:
    if frame.container == "pandas":
        source = frame.source(position)
        if array is None:
            is_numpy = isinstance(source.dtype, np.dtype)
            return source.to_numpy(copy=True) if is_numpy else source.array.copy()
        return pandas_values(pandas, array, nullable, source)
    values = frame.column(position) if array is None else array
    return pandas_values(pandas, values, nullable)


def _build_polars(
    frame: Frame, columns: Sequence[OutputColumn], nullable: Sequence[int]
) -> Any:
    polars = nw.Implementation.POLARS.to_native_namespace()
    series = []
    for name, position, array in columns:
        if array is None and frame.container == "polars":
            series.append(frame.source(position).alias(str(name)))
            continue
        values = frame.column(position) if array is None else array
        out = polars.Series(str(name), values)
        if frame.container == "polars" and is_coded(values.type):
            kind = frame.source(position).dtype
            # An Enum stays one, if it has all the values.
            if isinstance(kind, polars.Enum) and _are_among(values, kind.categories):
                out = out.cast(kind)
        series.append(out)
    return polars.DataFrame(series)


def _are_among(column: pa.DictionaryArray, categories: Iterable[str]) -> bool:
    return set(column.dictionary.to_pylist()) <= set(categories)


def _build_pyarrow(
    frame: Frame, columns: Sequence[OutputColumn], nullable: Sequence[int]
) -> Any:
    arrays = [
        frame.source(position)
        if array is None
        else narrow(array, frame.source(position))
        for _, position, array in columns
    ]
    return pa.table(arrays, names=[str(name) for name, _, _ in columns])


def _build_numpy(
    frame: Frame, columns: Sequence[OutputColumn], nullable: Sequence[int], wide: bool
) -> npt.NDArray[Any]:
    arrays = [
        frame.source(position)
        if array is None
        else numpy_values(array, position in nullable, wide, frame.source(position))
        for _, position, array in columns
    ]
    dtype = common_dtype(arrays, wide)
    out = np.empty((len(frame), len(arrays)), dtype)
    for i, values in enumerate(arrays):
        kind = values.dtype.kind
        if kind in "mM" and dtype.kind == "O":  # nanoseconds would become integers
            values = values.astype(f"{kind}8[us]")
        out[:, i] = values
    return out


BUILDERS: Mapping[str, Any] = {
    "pandas": _build_pandas,
    "polars": _build_polars,
    "pyarrow": _build_pyarrow,
}
