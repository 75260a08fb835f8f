"""The one door to dataframes: Arrow columns inside, the caller's table outside.

``read_frame`` looks at a pandas, polars or pyarrow table, at an ndarray or at
nested sequences. Its columns are read one at a time, as Arrow arrays in one
piece, without a copy where the container allows it; NaN and NaT count as
missing. ``Frame.replaced`` gives the same kind of table back, with some columns
replaced: same index, same column order, same flavour of dtype.

========================  =====================================================
column comes as           column goes out as
========================  =====================================================
pandas object, ``str``    text in the same dtype
pandas nullable           nullable
pandas Arrow-backed       Arrow-backed
pandas numpy, ndarray     numpy; integers with missing values become float64 if
                          they have 32 bits; else, so that no digit is lost,
                          nullable ``Int64`` (pandas), long double (ndarray) or,
                          where that has no 64 digits, Python objects
categorical               categorical where the result is text
polars, pyarrow           polars, pyarrow
========================  =====================================================
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import ModuleType
from typing import Any, TypeAlias

import narwhals as nw
import numpy as np
import numpy.typing as npt
import pyarrow as pa
from sklearn.utils import check_array

from skanon.exceptions import ColumnError, ColumnTypeError

__all__ = [
    "Frame",
    "OutputColumn",
    "map_column",
    "map_values",
    "read_column",
    "read_frame",
]

#: An output column: its name, the position of the input column it comes from, and
#: its values, or None for the input column as it is.
OutputColumn: TypeAlias = tuple[Any, int, pa.Array | None]

#: The ndarray dtype that holds both NaN and every 64-bit integer.
WIDE = np.dtype(np.longdouble if np.finfo(np.longdouble).nmant >= 63 else object)

#: The units of numpy's datetime64 that Arrow has too.
ARROW_UNITS = ("D", "s", "ms", "us", "ns")

#: The pandas dtype class of an Arrow type, by its name.
NULLABLE = {
    "int8": "Int8Dtype",
    "int16": "Int16Dtype",
    "int32": "Int32Dtype",
    "int64": "Int64Dtype",
    "uint8": "UInt8Dtype",
    "uint16": "UInt16Dtype",
    "uint32": "UInt32Dtype",
    "uint64": "UInt64Dtype",
    "float": "Float32Dtype",
    "double": "Float64Dtype",
    "bool": "BooleanDtype",
}


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
        name = self.names[position]
        try:
            return _one_piece(self._arrow(position))
        except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError):
            raise _mixed_types(name, self._objects(position)) from None

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

    def replaced(
        self,
        columns: Sequence[OutputColumn],
        container: str = "default",
    ) -> Any:
        """Build the output table.

        Parameters
        ----------
        columns : sequence of (name, position, array)
            The output columns in order: the name, the position of the input
            column it comes from, and the values; None keeps the input column.
        container : {"default", "pandas", "polars"}, default="default"
            What ``set_output`` asks for; "default" gives the caller's kind.

        Returns
        -------
        DataFrame, Table or ndarray
            A new table; no column of the caller's table was changed.
        """
        kind = self.container if container == "default" else container
        return BUILDERS[kind](self, columns)

    def _arrow(self, position: int) -> pa.Array | pa.ChunkedArray:
        source = self.source(position)
        if self.container == "polars":
            return source.to_arrow()
        if self.container == "pyarrow":
            return source
        if self.container == "numpy" and source.dtype.kind in "UM":
            source = _known_to_arrow(source)
        return pa.array(source, from_pandas=True)

    def _objects(self, position: int) -> list[Any]:
        return list(self.source(position))


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
        X = check_array(
            X,
            dtype=None,
            ensure_all_finite=False,
            ensure_min_samples=0 if allow_empty else 1,
        )
        return Frame(X, container, [f"x{i}" for i in range(X.shape[1])])
    names = list(X.column_names if container == "pyarrow" else X.columns)
    if len(set(names)) != len(names):
        raise _duplicate_names(names)
    _check_size(X.shape, allow_empty)
    return Frame(X, container, names)


def map_values(column: pa.Array, recode: Callable[[pa.Array], pa.Array]) -> pa.Array:
    """Apply an element-by-element function to a column, or to its dictionary.

    A categorical column whose categories become text stays categorical.
    """
    if not pa.types.is_dictionary(column.type):
        return recode(column)
    column = _without_unused(column)
    values = recode(column.dictionary)
    if not _is_text(values.type):
        return values.take(column.indices)
    # Categories that became equal must become one.
    merged = values.dictionary_encode()
    codes = merged.indices.take(column.indices)
    return pa.DictionaryArray.from_arrays(codes, merged.dictionary)


def _without_unused(column: pa.DictionaryArray) -> pa.DictionaryArray:
    """Leave out categories that no row has; they may be unknown, or very many."""
    codes = column.indices.drop_null().to_numpy(zero_copy_only=False)
    used = np.bincount(codes, minlength=len(column.dictionary)) > 0
    if used.all():
        return column
    new = pa.array(np.cumsum(used) - 1).take(column.indices)
    return pa.DictionaryArray.from_arrays(new, column.dictionary.filter(pa.array(used)))


def map_column(column: Any, recode: Callable[[pa.Array], pa.Array]) -> Any:
    """Apply an element-by-element function to a single column of any kind.

    Parameters
    ----------
    column : Series, Array, ndarray or sequence of shape (n_samples,)
        The column.
    recode : callable
        From Arrow array to Arrow array of the same length.

    Returns
    -------
    Series, Array or ndarray of shape (n_samples,)
        A new column of the kind that ``column`` is; an ndarray for a sequence.
    """
    frame = _one_column(column)
    values = map_values(frame.column(0), recode)
    out = frame.replaced([(frame.names[0], 0, values)])
    if frame.container == "pandas":
        return out.iloc[:, 0].rename(column.name)
    if frame.container == "polars":
        return out.to_series()
    return out[:, 0] if frame.container == "numpy" else _one_piece(out.column(0))


def read_column(column: Any) -> pa.Array:
    """Return a Series, Array, ndarray or sequence as an Arrow array in one piece."""
    return _one_column(column).column(0)


def _one_column(column: Any) -> Frame:
    """Return a table that has nothing but this column."""
    if isinstance(column, pa.Array | pa.ChunkedArray):
        table = pa.table({"column": column})
    elif nw.dependencies.is_into_series(column) and not isinstance(column, np.ndarray):
        table = column.to_frame()
    else:
        table = np.asarray(column).reshape(-1, 1)
    return read_frame(table, allow_empty=True)


def _container(X: Any) -> str:
    is_a = nw.dependencies
    if is_a.is_pandas_dataframe(X):
        return "pandas"
    if is_a.is_polars_dataframe(X):
        return "polars"
    if is_a.is_pyarrow_table(X):
        return "pyarrow"
    if is_a.is_polars_lazyframe(X):
        raise TypeError("X is a polars LazyFrame; call its collect() method first.")
    if is_a.is_into_series(X) and not isinstance(X, np.ndarray):
        raise TypeError(
            f"X is a single column ({type(X).__name__}); a table with columns is "
            "needed. Expected 2D array: select the column with double brackets, "
            "X[['name']], or call its to_frame() method."
        )
    return "numpy"


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


def _mixed_types(name: Any, values: list[Any]) -> ColumnTypeError:
    types = sorted({type(value).__name__ for value in values if value is not None})
    return ColumnTypeError(
        f"Column {name!r} mixes values of types {', '.join(types)}; each "
        "argument must be of one type, such as a string or a number. Convert the "
        "column, for example with X[name].astype(str)."
    )


def _known_to_arrow(source: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Return text as objects, and dates in units that Arrow has."""
    if source.dtype.kind == "U":
        return source.astype(object)
    unit, _ = np.datetime_data(source.dtype)
    if unit in ARROW_UNITS:
        return source
    return source.astype("datetime64[D]" if unit in "YMW" else "datetime64[s]")


def _one_piece(column: pa.Array | pa.ChunkedArray) -> pa.Array:
    if isinstance(column, pa.ChunkedArray):
        if column.num_chunks == 1:
            column = column.chunk(0)
        elif column.num_chunks == 0:
            column = pa.array([], column.type)
        elif pa.types.is_dictionary(column.type):
            column = pa.concat_arrays(column.unify_dictionaries().chunks)
        else:
            column = pa.concat_arrays(column.chunks)
    if isinstance(column, pa.ExtensionArray):
        column = column.storage
    if pa.types.is_string_view(column.type):
        column = column.cast(pa.large_string())
    return column


# -- the way out ------------------------------------------------------------------


def _build_pandas(frame: Frame, columns: Sequence[OutputColumn]) -> Any:
    pandas = _pandas_of(frame)
    index = frame.native.index if frame.container == "pandas" else None
    series = {
        i: _pandas_column(pandas, frame, position, array)
        for i, (_, position, array) in enumerate(columns)
    }
    out = pandas.DataFrame(series, index=index, copy=False)
    out.columns = _pandas_names(pandas, frame, [name for name, _, _ in columns])
    return out


def _pandas_of(frame: Frame) -> ModuleType:
    if frame.container == "pandas":
        namespace: ModuleType = nw.get_native_namespace(frame.native)
        return namespace
    return nw.Implementation.PANDAS.to_native_namespace()


def _pandas_names(pandas: ModuleType, frame: Frame, names: list[Any]) -> Any:
    if frame.container == "pandas" and names == frame.names:
        return frame.native.columns
    return names


def _pandas_column(
    pandas: ModuleType, frame: Frame, position: int, array: pa.Array | None
) -> Any:
    if frame.container == "pandas":
        source = frame.source(position)
        if array is None:
            return source.array if source.dtype.kind != "O" else source.to_numpy()
        return _pandas_values(pandas, array, source)
    return _pandas_values(pandas, frame.column(position) if array is None else array)


def _pandas_values(pandas: ModuleType, array: pa.Array, source: Any = None) -> Any:
    """Give Arrow values the flavour of dtype that the source column has."""
    dtype = None if source is None else source.dtype
    kind = array.type
    if isinstance(dtype, pandas.ArrowDtype):
        return pandas.arrays.ArrowExtensionArray(pa.chunked_array([array]))
    if pa.types.is_dictionary(kind):
        return array.to_pandas()
    if pa.types.is_struct(kind):
        return _pandas_intervals(pandas, array)
    if _is_text(kind):
        return _pandas_text(pandas, array, source)
    if source is not None and _is_nullable(pandas, dtype):
        return _pandas_nullable(pandas, array)
    return _pandas_numpy(pandas, array)


def _pandas_text(pandas: ModuleType, array: pa.Array, source: Any) -> Any:
    dtype = None if source is None else source.dtype
    if isinstance(dtype, pandas.StringDtype):
        return dtype.__from_arrow__(array)
    if dtype is not None and dtype.kind == "O" and not _is_categorical(pandas, dtype):
        return _object_values(array, source.to_numpy())
    default = pandas.Series(["text"]).dtype  # object in pandas 2, str in pandas 3
    if isinstance(default, pandas.StringDtype):
        return default.__from_arrow__(array)
    return _object_values(array, None)


def _object_values(
    array: pa.Array, source: npt.NDArray[np.object_] | None
) -> npt.NDArray[np.object_]:
    """Return Python objects; a cell that was missing keeps its mark of missing."""
    values: npt.NDArray[np.object_] = array.to_numpy(zero_copy_only=False)
    values = values.astype(object, copy=False)
    if array.null_count:
        missing = array.is_null().to_numpy(zero_copy_only=False)
        values = values.copy()
        values[missing] = np.nan
        if source is not None and source.dtype == object:
            was_missing = missing & pa.array(source, from_pandas=True).is_null(
                nan_is_null=True
            ).to_numpy(zero_copy_only=False)
            values[was_missing] = source[was_missing]
    return values


def _is_categorical(pandas: ModuleType, dtype: Any) -> bool:
    return isinstance(dtype, pandas.CategoricalDtype)


def _is_nullable(pandas: ModuleType, dtype: Any) -> bool:
    is_extension = isinstance(dtype, pandas.api.extensions.ExtensionDtype)
    return is_extension and getattr(dtype, "na_value", None) is pandas.NA


def _pandas_nullable(pandas: ModuleType, array: pa.Array) -> Any:
    dtype = NULLABLE.get(str(array.type))
    if dtype is None:
        return _pandas_numpy(pandas, array)
    return getattr(pandas, dtype)().__from_arrow__(array)


def _pandas_numpy(pandas: ModuleType, array: pa.Array) -> Any:
    kind = array.type
    if array.null_count and pa.types.is_boolean(kind):
        return pandas.BooleanDtype().__from_arrow__(array)
    if array.null_count and _is_wide(kind):
        return _pandas_nullable(pandas, array)
    if pa.types.is_timestamp(kind):
        return array.to_pandas().array
    return array.to_numpy(zero_copy_only=False, writable=True)


def _pandas_intervals(pandas: ModuleType, array: pa.Array) -> Any:
    left, right = (_pandas_numpy(pandas, array.field(i)) for i in (0, 1))
    intervals = pandas.arrays.IntervalArray.from_arrays(left, right, closed="left")
    if array.null_count:
        intervals[array.is_null().to_numpy(zero_copy_only=False)] = None
    return intervals


def _build_polars(frame: Frame, columns: Sequence[OutputColumn]) -> Any:
    polars = nw.Implementation.POLARS.to_native_namespace()
    series = []
    for name, position, array in columns:
        if array is None and frame.container == "polars":
            series.append(frame.source(position).alias(str(name)))
            continue
        values = frame.column(position) if array is None else array
        series.append(polars.Series(str(name), values))
    return polars.DataFrame(series)


def _build_pyarrow(frame: Frame, columns: Sequence[OutputColumn]) -> Any:
    arrays = [
        frame.source(position)
        if array is None
        else _narrow(array, frame.source(position))
        for _, position, array in columns
    ]
    return pa.table(arrays, names=[str(name) for name, _, _ in columns])


def _narrow(array: pa.Array, source: pa.ChunkedArray) -> pa.Array:
    """Give text the caller's 32-bit offsets, if it had them and they suffice."""
    small = pa.types.is_string(source.type) and pa.types.is_large_string(array.type)
    return array.cast(pa.string()) if small and array.nbytes < 2**31 else array


def _build_numpy(frame: Frame, columns: Sequence[OutputColumn]) -> npt.NDArray[Any]:
    arrays = [
        frame.source(position)
        if array is None
        else _numpy_values(array, frame.source(position))
        for _, position, array in columns
    ]
    dtype = _common_dtype(arrays)
    out = np.empty((len(frame), len(arrays)), dtype)
    for i, values in enumerate(arrays):
        out[:, i] = values
    return out


def _numpy_values(array: pa.Array, source: npt.NDArray[Any]) -> npt.NDArray[Any]:
    kind = array.type
    if pa.types.is_dictionary(kind):
        return _numpy_values(array.dictionary_decode(), source)
    if _is_text(kind):
        return _object_values(array, source)
    if array.null_count and (_is_wide(kind) or pa.types.is_boolean(kind)):
        return _wide_values(array)
    if pa.types.is_struct(kind):
        ends = [array.field(i).to_pylist() for i in range(kind.num_fields)]
        pairs = np.empty(len(array), object)
        pairs[:] = list(zip(*ends, strict=True))
        pairs[array.is_null().to_numpy(zero_copy_only=False)] = None
        return pairs
    values: npt.NDArray[Any] = array.to_numpy(zero_copy_only=False)
    return values


def _wide_values(array: pa.Array) -> npt.NDArray[Any]:
    """Return 64-bit integers beside NaN, in a dtype that keeps all their digits."""
    missing = array.is_null().to_numpy(zero_copy_only=False)
    filled = array.fill_null(False if pa.types.is_boolean(array.type) else 0)
    values: npt.NDArray[Any] = filled.to_numpy(zero_copy_only=False).astype(WIDE)
    values[missing] = np.nan
    return values


def _common_dtype(arrays: Sequence[npt.NDArray[Any]]) -> np.dtype[Any]:
    """Return the dtype of the whole ndarray; object where numbers would lose digits."""
    dtypes = {values.dtype for values in arrays}
    if len(dtypes) == 1:
        (dtype,) = dtypes
        return np.dtype(object) if dtype.kind in "US" else dtype
    if any(dtype.kind not in "biuf" for dtype in dtypes):
        return np.dtype(object)
    common = np.result_type(*dtypes)
    wide = any(dtype.kind in "iu" and dtype.itemsize == 8 for dtype in dtypes)
    return WIDE if wide and common.kind == "f" else common


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _is_wide(kind: pa.DataType) -> bool:
    return bool(pa.types.is_integer(kind) and kind.bit_width == 64)


BUILDERS: Mapping[str, Any] = {
    "pandas": _build_pandas,
    "polars": _build_polars,
    "pyarrow": _build_pyarrow,
    "numpy": _build_numpy,
}
