"""Hierarchy files: one row per value, one column per level, no header."""

import csv
from os import PathLike

import pyarrow as pa
import pyarrow.csv

__all__ = ["read_levels", "write_levels"]


def read_levels(path: str | PathLike[str], sep: str | None) -> list[pa.Array]:
    """Read the columns of a hierarchy file as text; an empty cell is missing.

    Raises
    ------
    ValueError
        If the file is no table in UTF-8.
    """
    n_levels = 0
    try:
        with open(path, encoding="utf-8-sig") as file:
            first = file.readline()
        sep = sep or (";" if ";" in first else ",")
        n_levels = len(next(csv.reader([first], delimiter=sep), []))
        return _read_columns(path, sep, n_levels)
    except (pa.ArrowInvalid, UnicodeDecodeError):
        # Arrow's own message quotes the line.
        raise ValueError(
            f"The hierarchy file {str(path)!r} cannot be read as a table of "
            f"{n_levels} columns separated by {sep!r}: give each line the same number "
            "of columns, in UTF-8, or say what separates them with 'sep'."
        ) from None


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
    """Write the columns of a hierarchy; what needs quotes gets them."""
    table = pa.table(levels, names=[f"level {i}" for i in range(len(levels))])
    options = pyarrow.csv.WriteOptions(
        include_header=False, delimiter=sep, quoting_style="needed"
    )
    pyarrow.csv.write_csv(table, path, options)
