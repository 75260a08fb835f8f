"""One Arrow column to the caller's container and flavour of dtype."""

from collections.abc import Sequence
from types import ModuleType
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from skanon._arrow import decoded, is_coded, is_text, value_type
from skanon._frames._to_arrow import as_arrow

__all__ = ["common_dtype", "has_wide", "narrow", "numpy_values", "pandas_values"]

#: Up to here float64 holds every integer, and NaN beside them.
EXACT = 2**53

#: The ndarray dtype that holds both NaN and every 64-bit integer.
WIDE = np.dtype(np.longdouble if np.finfo(np.longdouble).nmant >= 63 else object)

#: Below so many rows, making each text anew takes no time.
FEW_ROWS = 20_000

#: How many rows show whether texts recur.
SAMPLE = 1024

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


def pandas_values(
    pandas: ModuleType, array: pa.Array, nullable: bool, source: Any = None
) -> Any:
    """Give Arrow values the flavour of dtype that the source column has.

    With ``nullable`` it is a dtype for missing values even where none is missing.
    """
    dtype = None if source is None else source.dtype
    kind = array.type
    if isinstance(dtype, pandas.ArrowDtype):
        is_text_in_codes = is_coded(kind) and not is_coded(dtype.pyarrow_dtype)
        values = decoded(array) if is_text_in_codes else array
        return pandas.arrays.ArrowExtensionArray(pa.chunked_array([values]))
    if is_coded(kind) and (dtype is None or _is_categorical(pandas, dtype)):
        return _pandas_categories(pandas, array, dtype)
    if pa.types.is_struct(kind):
        return _pandas_intervals(pandas, array)
    if is_text(value_type(kind)):
        return _pandas_text(pandas, array, source)
    if source is not None and _is_nullable(pandas, dtype):
        return _pandas_nullable(pandas, array)
    return _pandas_numpy(pandas, array, nullable)


def _pandas_categories(pandas: ModuleType, array: pa.Array, dtype: Any) -> Any:
    """Return a categorical whose categories have the dtype of the source's."""
    texts = array.dictionary
    is_own = dtype is not None and _is_categorical(pandas, dtype)
    kind: Any = dtype.categories.dtype if is_own else None
    is_text_kind = isinstance(kind, pandas.StringDtype)
    known = is_text_kind or (kind is not None and kind.kind == "O")
    if not known or not is_text(texts.type) or texts.null_count:
        return array.to_pandas().array
    values = kind.__from_arrow__(texts) if is_text_kind else _text_objects(texts)
    # By a dtype rather than by categories, which pandas would check again and again.
    categories = pandas.Index(values, dtype=values.dtype)
    dtype = pandas.CategoricalDtype(categories, ordered=array.type.ordered)
    codes = array.indices.fill_null(-1).to_numpy()
    return pandas.Categorical.from_codes(codes, dtype=dtype, validate=False)


def _pandas_text(pandas: ModuleType, array: pa.Array, source: Any) -> Any:
    dtype = None if source is None else source.dtype
    is_object = isinstance(dtype, np.dtype) and dtype.kind == "O"
    if not is_object and not isinstance(dtype, pandas.StringDtype):
        dtype = pandas.Series(["text"]).dtype  # object in pandas 2, str in pandas 3
    if isinstance(dtype, pandas.StringDtype):
        return dtype.__from_arrow__(decoded(array) if is_coded(array.type) else array)
    return _object_values(array, source.to_numpy() if is_object else None)


def _object_values(
    array: pa.Array, source: npt.NDArray[np.object_] | None
) -> npt.NDArray[np.object_]:
    """Return Python objects; a cell that was missing keeps its mark of missing."""
    values = _text_objects(array)
    if array.null_count:
        missing = array.is_null().to_numpy(zero_copy_only=False)
        values = values.copy()
        values[missing] = np.nan
        if source is not None and source.dtype == object:
            cells = source[missing]
            absent = as_arrow(cells, None).is_null(nan_is_null=True)
            values[missing] = np.where(absent, cells, np.nan)
    return values


def _text_objects(array: pa.Array) -> npt.NDArray[np.object_]:
    """Return Python objects; where few texts recur, each is made once and shared."""
    if not is_coded(array.type):
        if len(array) < FEW_ROWS or not _recurs(array):
            values: npt.NDArray[Any] = array.to_numpy(zero_copy_only=False)
            return values.astype(object, copy=False)
        array = array.dictionary_encode()
    texts = array.dictionary.to_numpy(zero_copy_only=False).astype(object)
    codes = array.indices
    if codes.null_count:
        texts, codes = np.append(texts, [None]), codes.fill_null(len(texts))
    shared: npt.NDArray[np.object_] = texts[codes.to_numpy()]
    return shared


def _recurs(array: pa.Array) -> bool:
    """Return whether the values of an even sample are mostly repetitions."""
    positions = np.linspace(0, len(array) - 1, SAMPLE, dtype=np.int64)
    return len(array.take(positions).unique()) <= SAMPLE // 4


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


def _pandas_numpy(pandas: ModuleType, array: pa.Array, nullable: bool = False) -> Any:
    kind = array.type
    nullable = nullable or array.null_count > 0
    if nullable and (_is_wide(kind) or pa.types.is_boolean(kind)):
        return _pandas_nullable(pandas, array)
    if nullable and pa.types.is_integer(kind):
        array = array.cast(pa.float64())
    if pa.types.is_timestamp(kind):
        return array.to_pandas().array
    return array.to_numpy(zero_copy_only=False, writable=True)


def _pandas_intervals(pandas: ModuleType, array: pa.Array) -> Any:
    left, right = (_pandas_numpy(pandas, array.field(i)) for i in (0, 1))
    intervals = pandas.arrays.IntervalArray.from_arrays(left, right, closed="left")
    if array.null_count:
        intervals[array.is_null().to_numpy(zero_copy_only=False)] = None
    return intervals


def narrow(array: pa.Array, source: pa.ChunkedArray) -> pa.Array:
    """Give text the caller's 32-bit offsets, if it had them and they suffice."""
    small = pa.types.is_string(source.type) and pa.types.is_large_string(array.type)
    return array.cast(pa.string()) if small and array.nbytes < 2**31 else array


def numpy_values(
    array: pa.Array, nullable: bool, wide: bool, source: npt.NDArray[Any]
) -> npt.NDArray[Any]:
    """Return Arrow values as an ndarray, of floats where they are ``nullable``.

    Integers that float64 does not hold are of a wider dtype, with ``wide`` all are.
    """
    kind = array.type
    nullable = nullable or array.null_count > 0
    if is_text(value_type(kind)):
        return _object_values(array, source)
    if is_coded(kind):
        return numpy_values(array.dictionary_decode(), nullable, wide, source)
    if nullable and (pa.types.is_integer(kind) or pa.types.is_boolean(kind)):
        return _float_values(array, wide)
    if pa.types.is_struct(kind):
        ends = [array.field(i).to_pylist() for i in range(kind.num_fields)]
        pairs = np.empty(len(array), object)
        pairs[:] = list(zip(*ends, strict=True))
        pairs[array.is_null().to_numpy(zero_copy_only=False)] = None
        return pairs
    values: npt.NDArray[Any] = array.to_numpy(zero_copy_only=False)
    return values


def _float_values(array: pa.Array, wide: bool) -> npt.NDArray[Any]:
    """Return whole numbers beside NaN, in a dtype that keeps all their digits."""
    missing = array.is_null().to_numpy(zero_copy_only=False)
    filled = array.fill_null(False if pa.types.is_boolean(array.type) else 0)
    integers = filled.to_numpy(zero_copy_only=False)
    dtype = WIDE if _need_digits([integers], wide) else np.dtype(np.float64)
    values: npt.NDArray[Any] = integers.astype(dtype)
    values[missing] = np.nan
    return values


def common_dtype(arrays: Sequence[npt.NDArray[Any]], wide: bool) -> np.dtype[Any]:
    """Return the dtype of the whole ndarray, in which no number loses digits."""
    dtypes = {values.dtype for values in arrays}
    if len(dtypes) == 1:
        (dtype,) = dtypes
        return np.dtype(object) if dtype.kind in "US" else dtype
    if any(dtype.kind not in "biuf" for dtype in dtypes):
        return np.dtype(object)
    common = np.result_type(*dtypes)
    if common.kind == "f" and _need_digits(arrays, wide):
        return WIDE
    return common


def _need_digits(arrays: Sequence[npt.NDArray[Any]], wide: bool) -> bool:
    """Return whether there are integers that must not become float64."""
    integers = [
        values
        for values in arrays
        if values.dtype.kind in "iu" and values.dtype.itemsize == 8
    ]
    return bool(integers) and (wide or any(map(has_wide, integers)))


def has_wide(integers: npt.NDArray[Any]) -> bool:
    """Return whether there are integers that float64 does not hold."""
    low, high = integers.min(initial=0), integers.max(initial=0)
    return int(low) < -EXACT or int(high) > EXACT


def _is_wide(kind: pa.DataType) -> bool:
    return bool(pa.types.is_integer(kind) and kind.bit_width == 64)
