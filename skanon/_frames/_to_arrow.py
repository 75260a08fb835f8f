"""One column of any container to Arrow."""

import ctypes
from collections.abc import Iterable
from typing import Any

import narwhals as nw
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from skanon.exceptions import ColumnTypeError

__all__ = ["as_arrow", "as_categories", "one_piece"]

#: Arrow's reading of Python objects is silent where it cuts a time off a date or
#: takes text for bytes, so the objects of these types are looked at.
CUT_TYPES = {pa.date32().id, pa.binary().id}

#: Types that few compute functions know, and the types that take their place.
KNOWN_AS = {
    pa.string_view(): pa.large_string(),
    pa.binary_view(): pa.large_binary(),
    pa.float16(): pa.float32(),
}

#: Types whose offsets have 32 bits, and what holds more bytes than they can count.
LARGE = {pa.string(): pa.large_string(), pa.binary(): pa.large_binary()}
MAX_BYTES = 2**31

#: Whether values recur is judged from about this many.
LOOKED_AT = 1024

#: Values that recur less often than this, on average, are not worth a dictionary.
RECUR = 4

MISSING_TYPES = {"NoneType", "NAType", "NaTType"}


def as_arrow(source: Any, name: Any) -> pa.Array:
    """Return a column as an Arrow array in one piece; NaN and NaT are missing.

    Parameters
    ----------
    source : Series, Array or ndarray of shape (n_samples,)
        The column in the caller's own type.
    name : object
        Its name, for error messages.

    Returns
    -------
    pyarrow.Array of shape (n_samples,)
        The column, without a copy where its container allows that.

    Raises
    ------
    ColumnTypeError
        If the values have no Arrow type, or not all the same.
    """
    if isinstance(source, pa.Array | pa.ChunkedArray):
        return one_piece(source)
    column, failure = _tried(source)
    if failure is not None:
        raise _unreadable(source, name, failure)
    if source.dtype == object:
        _check_objects(column, source, name)
    return column


def _check_objects(column: pa.Array, source: Any, name: Any) -> None:
    """Refuse what Arrow read in silence although it was not all of one type."""
    if column.type.id in CUT_TYPES:
        types = _types(source)
        if len(types) > 1:
            raise _mixed_types(name, types)
    if pa.types.is_timestamp(column.type):
        values = np.asarray(source)[column.is_valid().to_numpy(zero_copy_only=False)]
        zones = {getattr(value, "tzinfo", None) for value in values}
        if None in zones and len(zones) > 1:
            raise ColumnTypeError(
                f"Column {name!r} mixes times with and without a time zone, which "
                "cannot be compared. Give all of them a zone, or none."
            )


def _tried(source: Any) -> tuple[pa.Array, type[Exception] | None]:
    """Return the column, or the type of the error: its message quotes a cell.

    An error that is raised while another is handled keeps that one as its context.
    """
    try:
        return one_piece(_read(source)), None
    except (pa.ArrowException, OverflowError, UnicodeEncodeError) as error:
        return None, type(error)


def as_categories(source: Any, name: Any) -> pa.Array:
    """Return a column as an Arrow array; Python objects that recur, by their codes.

    Readers of files make an object once per distinct text. Where that is so, only the
    addresses of a column are looked at, and each object is read once.
    """
    kind = getattr(source, "dtype", None)
    if not isinstance(kind, np.dtype) or kind.kind != "O" or len(source) < LOOKED_AT:
        return as_arrow(source, name)
    values = source if isinstance(source, np.ndarray) else source.to_numpy()
    addresses = _addresses(values)
    if RECUR * _least_distinct(addresses) > len(values):
        return as_arrow(source, name)
    codes = pa.array(addresses).dictionary_encode().indices
    first = np.empty(pc.max(codes).as_py() + 1, np.int64)
    first[codes.to_numpy()[::-1]] = np.arange(len(values))[::-1]
    objects = as_arrow(values[first], name)
    if objects.null_count:  # a missing value has no code
        codes = pc.if_else(objects.is_valid().take(codes), codes, None)
    return pa.DictionaryArray.from_arrays(codes, objects)


def _addresses(values: npt.NDArray[Any]) -> npt.NDArray[np.intp]:
    """Return where the objects of an array are, which is what it holds."""
    holder = np.ascontiguousarray(values)
    words = (ctypes.c_ssize_t * len(holder)).from_address(holder.ctypes.data)
    return np.array(words, np.intp)  # a copy, since the holder may go


def _least_distinct(values: npt.NDArray[Any]) -> float:
    """Estimate from an even sample how many values differ, at the least.

    The estimate is that of A. Chao, Scandinavian Journal of Statistics 11 (1984).
    """
    sample = values[:: len(values) // LOOKED_AT + 1]
    _, counts = np.unique(sample, return_counts=True)
    once, twice = np.count_nonzero(counts == 1), np.count_nonzero(counts == 2)
    return float(len(counts) + once**2 / max(2 * int(twice), 1))


def one_piece(column: pa.Array | pa.ChunkedArray) -> pa.Array:
    """Return an array in one piece, of a type that compute functions know."""
    if isinstance(column, pa.ChunkedArray):
        if column.num_chunks == 1:
            column = column.chunk(0)
        elif column.num_chunks == 0:
            column = pa.array([], column.type)
        elif pa.types.is_dictionary(column.type):
            column = pa.concat_arrays(column.unify_dictionaries().chunks)
        else:
            column = pa.concat_arrays(_of_one_size(column).chunks)
    return _known(column)


def _of_one_size(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Give text and bytes the offsets that all of it needs once it is in one piece."""
    large = LARGE.get(column.type)
    return column if large is None or column.nbytes < MAX_BYTES else column.cast(large)


def _known(column: pa.Array) -> pa.Array:
    """Return the values in a type that compute functions know."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        categories = _known(column.dictionary)
        if categories.type == kind.value_type:
            return column
        return pa.DictionaryArray.from_arrays(
            column.indices, categories, ordered=kind.ordered
        )
    if isinstance(column, pa.ExtensionArray):  # only adds a name to another type
        column = column.storage
    if pa.types.is_run_end_encoded(column.type):
        column = pc.run_end_decode(column)
    if column.type in KNOWN_AS:
        column = _as_known(column, KNOWN_AS[column.type])
    return column


def _as_known(column: pa.Array, kind: pa.DataType) -> pa.Array:
    try:
        return column.cast(kind)
    except pa.ArrowNotImplementedError:  # views, before pyarrow 18
        return pa.array(column.to_pylist(), kind)


def _read(source: Any) -> pa.Array | pa.ChunkedArray:
    polars = nw.dependencies.get_polars()
    if polars is not None and isinstance(source, polars.Series):
        if source.dtype == polars.Object:  # it would give addresses in memory
            raise pa.ArrowNotImplementedError
        return source.to_arrow()
    kind = source.dtype
    if isinstance(kind, np.dtype):
        is_array = isinstance(source, np.ndarray)
        return _read_numpy(source if is_array else source.to_numpy())
    name = str(kind)
    if name.startswith("Sparse"):
        return _read_numpy(np.asarray(source))
    # The storage of periods are numbers that mean nothing without their unit.
    if name.startswith("period"):
        raise pa.ArrowNotImplementedError
    values = source.array
    if name == "category":
        return _from_categorical(values)
    # Some arrays give themselves to Arrow, which is faster than asking the Series.
    quick = hasattr(values, "__arrow_array__")
    return pa.array(values if quick else source, from_pandas=True)


def _from_categorical(values: Any) -> pa.DictionaryArray:
    """Read a pandas categorical, whose own way to Arrow looks at each code twice."""
    codes, categories = values.codes, one_piece(_read(values.categories))
    missing = codes < 0
    indices = pa.array(codes, mask=missing if missing.any() else None)
    return pa.DictionaryArray.from_arrays(indices, categories, ordered=values.ordered)


def _read_numpy(values: npt.NDArray[Any]) -> pa.Array:
    kind = values.dtype
    if not kind.isnative:
        values = values.astype(kind.newbyteorder("="))
    if kind.kind in "UMm":
        values = _known_to_arrow(values)
    elif kind.char == "g":
        return _from_long_doubles(values)
    elif kind.kind == "f":
        missing = np.isnan(values)
        return pa.array(values, mask=missing if missing.any() else None)
    try:
        return pa.array(values, from_pandas=True)
    except OverflowError:
        return pa.array(values, pa.uint64(), from_pandas=True)


def _known_to_arrow(source: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Return text as objects, dates and durations in units that Arrow has."""
    kind = source.dtype.kind
    if kind == "U":
        return source.astype(object)
    unit, _ = np.datetime_data(source.dtype)
    if kind == "M" and unit in "YMWD":
        return source.astype("datetime64[D]", copy=False)
    # Nobody knows how long a year or a month is that has no date.
    return source.astype(f"{kind}8[s]") if unit in ("W", "D", "h", "m") else source


def _from_long_doubles(values: npt.NDArray[Any]) -> pa.Array:
    """Read what :mod:`skanon` writes for 64-bit integers beside NaN, or floats."""
    missing = np.isnan(values)
    filled = np.where(missing, 0, values)
    whole = (np.floor(filled) == filled) & (filled >= -(2**63)) & (filled < 2**63)
    if whole.all():
        return pa.array(filled.astype(np.int64), mask=missing)
    return pa.array(values.astype(np.float64), from_pandas=True)


def _unreadable(source: Any, name: Any, error: type[Exception]) -> ColumnTypeError:
    if source.dtype != object:
        # In brackets stand the fields of a struct, which may be named for cells.
        kind = str(source.dtype).partition("(")[0]
        return ColumnTypeError(
            f"Column {name!r} has dtype {kind}, which no technique reads. "
            "Convert it to text, numbers or dates, or leave it out."
        )
    if issubclass(error, OverflowError):
        return ColumnTypeError(
            f"Column {name!r} has integers of more than 64 bits. Convert it to text, "
            "for example with X[name].astype(str)."
        )
    if issubclass(error, UnicodeEncodeError):
        return ColumnTypeError(
            f"Column {name!r} has text that is not valid Unicode (half a surrogate "
            "pair), which no encoding can write. Repair the text first."
        )
    return _mixed_types(name, _types(source))


def _mixed_types(name: Any, types: list[str]) -> ColumnTypeError:
    what = "mixes values of types" if len(types) > 1 else "has values of type"
    return ColumnTypeError(
        f"Column {name!r} {what} {', '.join(types)}; each argument must be of one "
        "type, such as a string or a number. Convert the column, for example with "
        "X[name].astype(str)."
    )


def _types(source: Iterable[Any]) -> list[str]:
    """Return the names of the types of Python objects, missing ones left out."""
    found = {type(value) for value in source if not _is_nan(value)}
    return sorted({type_.__name__ for type_ in found} - MISSING_TYPES)


def _is_nan(value: Any) -> bool:
    return isinstance(value, float) and value != value
