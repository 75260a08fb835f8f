"""An original table of numbers and its masked copy, read side by side."""

from typing import Any

import numpy as np
import numpy.typing as npt

from skanon._frames import Frame, read_frame
from skanon._intervals import read_numbers
from skanon._validation import check_columns
from skanon.exceptions import ColumnError
from skanon.metrics._reading import find_columns
from skanon.typing import Table

__all__ = ["check_finite", "read_numeric_tables", "standard_deviation"]

Floats = npt.NDArray[np.float64]


def read_numeric_tables(
    X: Table, X_masked: Table, columns: Any, *, owner: str
) -> tuple[Floats, Floats]:
    """Return the columns of both tables as floats, missing cells as NaN.

    Raises
    ------
    ColumnError
        If one of the tables lacks a column.
    ColumnTypeError
        If a column holds no numbers.
    ValueError
        If the tables differ in their number of rows, or if a number is infinite.
    """
    frame, masked = read_frame(X), read_frame(X_masked)
    if len(frame) != len(masked):
        raise ValueError(
            f"X has {len(frame)} rows and X_masked {len(masked)}; {owner} compares "
            "them row by row."
        )
    positions = check_columns(columns, frame.names, owner=owner)
    if not positions:
        raise ColumnError(f"'columns' of {owner} names no column to compare.")
    names = [frame.names[position] for position in positions]
    return (
        _floats(frame, positions, owner),
        _floats(masked, find_columns(names, masked, "X_masked"), owner),
    )


def standard_deviation(values: Floats, counts: Floats) -> Floats:
    """Return the sample standard deviation of each column, missing cells left out.

    It is 0 where fewer than two records have a value.
    """
    weights = np.where(np.isnan(values), 0.0, counts[:, None])
    known = np.where(np.isnan(values), 0.0, values)
    n = weights.sum(axis=0)
    mean = (weights * known).sum(axis=0) / np.maximum(n, 1)
    squares = (weights * (known - mean) ** 2).sum(axis=0)
    freedom = np.where(n > 1, n - 1, 1)
    deviation: Floats = np.where(n > 1, np.sqrt(squares / freedom), 0.0)
    return deviation


def check_finite(numbers: Floats, name: Any, owner: str) -> None:
    """Raise ValueError if a column has infinite numbers, which have no distance."""
    n_infinite = int(np.isinf(numbers).sum())
    if n_infinite:
        raise ValueError(
            f"Column {name!r} has {n_infinite} infinite values; {owner} needs finite "
            "numbers. Make them missing first."
        )


def _floats(frame: Frame, positions: list[int], owner: str) -> Floats:
    values = np.empty((len(frame), len(positions)))
    for i, position in enumerate(positions):
        name = frame.names[position]
        values[:, i] = read_numbers(frame.column(position), name=name, owner=owner)
        check_finite(values[:, i], name, owner)
    return values
