"""One column: recoded on its categories, read or written by itself."""

from collections.abc import Callable
from typing import Any

import narwhals as nw
import numpy as np
import pyarrow as pa

from skanon._arrow import is_text
from skanon._frames._frame import Frame, read_frame
from skanon._frames._to_arrow import one_piece

__all__ = ["map_column", "map_values", "read_column"]

#: Rows that are likely to show all categories, before all rows are looked at.
FIRST_LOOK = 65_536


def map_values(column: pa.Array, recode: Callable[[pa.Array], pa.Array]) -> pa.Array:
    """Apply an element-by-element function to a column, or to its dictionary.

    A categorical column whose categories become text stays categorical. Where it has
    fewer rows than categories, the rows are less work.
    """
    if not pa.types.is_dictionary(column.type):
        return recode(column)
    if len(column) < len(column.dictionary):
        values = recode(column.dictionary_decode())
        return values.dictionary_encode() if is_text(values.type) else values
    column = _without_unused(column)
    values = recode(column.dictionary)
    if not is_text(values.type):
        return values.take(column.indices)
    # Categories that became equal must become one.
    merged = values.dictionary_encode()
    if len(merged.dictionary) == len(values):
        return pa.DictionaryArray.from_arrays(column.indices, merged.dictionary)
    codes = merged.indices.take(column.indices)
    return pa.DictionaryArray.from_arrays(codes, merged.dictionary)


def _without_unused(column: pa.DictionaryArray) -> pa.DictionaryArray:
    """Leave out categories that no row has; they may be unknown, or very many."""
    n_categories = len(column.dictionary)
    codes = column.indices.drop_null().to_numpy(zero_copy_only=False)
    for rows in (slice(0, FIRST_LOOK), slice(None)):
        used = np.bincount(codes[rows], minlength=n_categories) > 0
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
        return out.to_series().alias(column.name)
    return out[:, 0] if frame.container == "numpy" else one_piece(out.column(0))


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
