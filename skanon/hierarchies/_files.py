"""Hierarchy files: one row per value, one column per level, no header."""

import csv
from contextlib import suppress
from os import PathLike
from typing import Any

import pyarrow as pa
import pyarrow.csv

from skanon._messages import shown

__all__ = ["read_levels", "write_levels"]

#: Characters that have another meaning in a CSV file.
NEVER = '"\r\n\0'


def read_levels(path: str | PathLike[str], sep: str | None) -> list[pa.Array]:
    """Read the columns of a hierarchy file as text; an empty cell is missing.

    Raises
    ------
    ValueError
        If the file is no table in UTF-8, or ``sep`` cannot separate columns.
    """
    chosen, n_levels = ";" if sep is None else _checked(sep), 0
    # Arrow's own message quotes the line, so it is no context of ours.
    with suppress(pa.ArrowInvalid, UnicodeDecodeError, csv.Error):
        n_levels = _count_columns(path, chosen)
        if sep is None and n_levels < 2:
            chosen, n_levels = ",", _count_columns(path, ",")
        return _read_columns(path, chosen, n_levels)
    raise ValueError(
        f"The hierarchy file {str(path)!r} cannot be read as a table of "
        f"{n_levels} columns separated by {chosen!r}: give each line the same "
        "number of columns, in UTF-8, or say what separates them with 'sep'."
    )


def _checked(sep: Any) -> str:
    """Return what separates columns, one byte in a file."""
    if not isinstance(sep, str) or len(sep) != 1 or ord(sep) > 127 or sep in NEVER:
        raise ValueError(
            "'sep' must be a single ASCII character, such as ';' or ',', but no quote "
            f"and no end of a line; got {shown(sep)}."
        )
    return sep


def _count_columns(path: str | PathLike[str], sep: str) -> int:
    """Return the number of columns of the first row; what is in quotes is one."""
    with open(path, encoding="utf-8-sig", newline="") as file:
        return len(next(csv.reader(file, delimiter=sep), []))


def _read_columns(path: str | PathLike[str], sep: str, n_levels: int) -> list[pa.Array]:
    names = [f"level {level}" for level in range(n_levels)]
    table = pyarrow.csv.read_csv(
        path,
        read_options=pyarrow.csv.ReadOptions(column_names=names),
        parse_options=pyarrow.csv.ParseOptions(delimiter=sep, newlines_in_values=True),
        convert_options=pyarrow.csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.large_string()),
            null_values=[""],
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
        ),
    )
    return [column.combine_chunks() for column in table.columns]


def write_levels(levels: list[pa.Array], path: str | PathLike[str], sep: str) -> None:
    """Write the columns of a hierarchy; what needs quotes gets them.

    Raises
    ------
    ValueError
        If ``sep`` cannot separate columns.
    """
    table = pa.table(levels, names=[f"level {i}" for i in range(len(levels))])
    options = pyarrow.csv.WriteOptions(
        include_header=False, delimiter=_checked(sep), quoting_style="needed"
    )
    pyarrow.csv.write_csv(table, path, options)
