"""One column: recoded on its categories, read or written by itself."""

from collections.abc import Callable, Sequence
from typing import Any

import narwhals as nw
import numpy as np
import pyarrow as pa

from skanon._arrow import at_codes, is_coded, is_text
from skanon._frames._frame import Frame, read_frame
from skanon._frames._to_arrow import one_piece

__all__ = ["map_column", "map_values", "read_column"]

#: Rows that are likely to show all categories, before all rows are looked at.
FIRST_LOOK = 65_536


def map_values(
    column: pa.Array,
    recode: Callable[[pa.Array], pa.Array],
    *,
    keep_unused: bool = False,
) -> pa.Array:
    """Apply an element-by-element function to a column, or to its dictionary.

    A categorical column whose categories become text stays categorical. A function
    that knows all its labels returns them as a dictionary: they are then the
    categories, whatever the rows are.

    Parameters
    ----------
    column : pyarrow.Array of shape (n_samples,)
        The column.
    recode : callable
        From Arrow array to Arrow array of the same length.
    keep_unused : bool, default=False
        Whether categories that no row has are recoded too, so that each part of a
        table gets the same categories; those that ``recode`` refuses are left out.

    Returns
    -------
    pyarrow.Array of shape (n_samples,)
        The recoded column; one of codes is text unless ``column`` is categorical.
    """
    if not is_coded(column.type):
        return recode(column)
    if keep_unused:
        values = _tried(recode, column.dictionary)
        if values is not None:
            return at_codes(values, column.indices)
    if len(column) < len(column.dictionary):  # the rows are less work
        values = recode(column.dictionary_decode())
        is_whole = is_coded(values.type) or not is_text(values.type)
        return values if is_whole else values.dictionary_encode()
    column = _without_unused(column)
    return at_codes(recode(column.dictionary), column.indices)


def _tried(
    recode: Callable[[pa.Array], pa.Array], categories: pa.Array
) -> pa.Array | None:
    try:
        return recode(categories)
    except (TypeError, ValueError):  # of a category that may have no row
        return None


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

    Categories that no row has are recoded too, if ``recode`` does not refuse them.

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
    values = map_values(frame.categories(0), recode, keep_unused=True)
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
        return read_frame(pa.table({"column": column}), allow_empty=True)
    if nw.dependencies.is_into_series(column) and not isinstance(column, np.ndarray):
        return read_frame(column.to_frame(), allow_empty=True)
    table = _as_table(column)
    return read_frame(table, allow_empty=True)


def _as_table(column: Any) -> Any:
    """Return an ndarray or a sequence as a table of one column."""
    if isinstance(column, np.ma.MaskedArray):
        return column.reshape(-1, 1)  # which is refused by its name
    is_many = isinstance(column, Sequence) or hasattr(column, "__array__")
    if not is_many or isinstance(column, str | bytes):
        raise TypeError(
            f"A column is a Series, an Array, a 1D ndarray or a list; got "
            f"{type(column).__name__}. Of a table, select the column; of a set, make a "
            "list."
        )
    values = np.asarray(column)
    if values.ndim != 1:
        raise ValueError(
            f"A column has one dimension; got {values.ndim} (shape={values.shape}). "
            "Select the column of a table."
        )
    return values.reshape(-1, 1)
