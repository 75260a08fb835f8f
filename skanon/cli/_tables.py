"""Tables as files: CSV and Parquet, told apart by the suffix.

Nothing is guessed. A CSV column is text, so that the ZIP code 01234 keeps its zero,
unless the policy lists it under ``numbers``. An empty field is missing, a quoted
empty field (``""``) is an empty text; both are written as they were read. A Parquet
column keeps its type. What is written holds the columns alone: no metadata of the
file read, and no category that occurs in no row.
"""

import csv
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from skanon._arrow import is_binary, type_name
from skanon.exceptions import TableFileError

__all__ = ["CsvFormat", "read_names", "read_table", "suffix_of", "write_table"]

SUFFIXES = (".csv", ".parquet")

#: A row must fit into a block; the default of 1 MiB is little for a row of texts.
BLOCK_BYTES = 1 << 24

INTEGER = r"^\s*-?\d+\s*$"
NUMBER = r"^\s*-?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?\s*$"


@dataclass(frozen=True)
class CsvFormat:
    """How a CSV is written.

    Attributes
    ----------
    delimiter : str
        What stands between two fields.
    encoding : str
        Encoding of the file read. Files are written in UTF-8.
    missing : sequence of str
        Unquoted fields that mean a missing value.
    numbers : sequence of str
        Columns that are numbers; all others are text.
    """

    delimiter: str = ","
    encoding: str = "utf-8"
    missing: Sequence[str] = field(default=("",))
    numbers: Sequence[str] = ()


def suffix_of(path: Path) -> str:
    """Return ``.csv`` or ``.parquet``.

    Raises
    ------
    TableFileError
        If the file has another suffix.
    """
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise TableFileError(
            f"{str(path)!r} is neither a .csv nor a .parquet file by its suffix. "
            "Rename it, or convert the table."
        )
    return suffix


def read_names(path: Path, form: CsvFormat) -> list[str]:
    """Return the names of the columns, which are all different."""
    try:
        if suffix_of(path) == ".parquet":
            with path.open("rb") as file:
                names = list(pq.read_schema(file).names)
        else:
            names = _header(path, form)
    except (pa.ArrowException, OSError, UnicodeError, csv.Error) as error:
        _raise_unreadable(path, error)
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise TableFileError(f"{str(path)!r} has more than one column named {twice}.")
    return names


def read_table(path: Path, names: Sequence[str], form: CsvFormat) -> pa.Table:
    """Return the columns ``names`` of the file, in this order.

    Raises
    ------
    TableFileError
        If the file cannot be read, has no rows, or a column of numbers holds
        something else.
    """
    try:
        read = _read_parquet if suffix_of(path) == ".parquet" else _read_csv
        table = read(path, list(names), form)
    except (pa.ArrowException, OSError, UnicodeError) as error:
        _raise_unreadable(path, error)
    if len(table) == 0:
        raise TableFileError(f"{str(path)!r} has no rows.")
    return table


def write_table(table: pa.Table, path: Path, suffix: str, form: CsvFormat) -> None:
    """Write a table without metadata and without categories that occur in no row.

    Raises
    ------
    TableFileError
        If a CSV cannot hold a column's type.
    """
    columns = [_compacted(column) for column in table.columns]
    table = pa.table(columns, names=table.column_names)
    if suffix == ".parquet":
        pq.write_table(table, path)
        return
    for name, kind in zip(table.column_names, table.schema.types, strict=True):
        if pa.types.is_nested(kind) or is_binary(kind):
            raise TableFileError(
                f"Column {name!r} is of type {type_name(kind)}, which a CSV cannot "
                "hold. Write a .parquet file, or choose another 'output' of its "
                "technique."
            )
    options = pa_csv.WriteOptions(delimiter=form.delimiter)
    pa_csv.write_csv(table, path, write_options=options)


def _header(path: Path, form: CsvFormat) -> list[str]:
    encoding = "utf-8-sig" if form.encoding == "utf-8" else form.encoding
    with path.open(encoding=encoding, newline="") as file:
        names = next(csv.reader(file, delimiter=form.delimiter), [])
    if not names:
        raise TableFileError(
            f"{str(path)!r} is empty; its first line must name columns."
        )
    return names


def _read_parquet(path: Path, names: list[str], form: CsvFormat) -> pa.Table:
    # A name with a dot also means a field of a nested column; hence select.
    return pq.ParquetFile(path).read(columns=names).select(names)


def _read_csv(path: Path, names: list[str], form: CsvFormat) -> pa.Table:
    n_fields = len(_header(path, form))
    wrong: list[int] = []

    def note(row: Any) -> str:
        wrong.append(row.actual_columns)
        return "skip"

    table = pa_csv.read_csv(
        path,
        read_options=pa_csv.ReadOptions(encoding=form.encoding, block_size=BLOCK_BYTES),
        parse_options=pa_csv.ParseOptions(
            delimiter=form.delimiter,
            newlines_in_values=True,
            # In a table of one column, an empty line is a missing value.
            ignore_empty_lines=n_fields > 1,
            invalid_row_handler=note,
        ),
        convert_options=pa_csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.large_string()),
            include_columns=names,
            null_values=list(form.missing),
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
        ),
    )
    if wrong:
        raise TableFileError(
            f"{len(wrong)} rows of {str(path)!r} do not have {n_fields} fields, as its "
            f"first line has; one has {wrong[0]}. Is {form.delimiter!r} the delimiter, "
            "and are fields that contain it quoted?"
        )
    columns = {
        name: _as_numbers(column, name) if name in form.numbers else column
        for name, column in zip(names, table.columns, strict=True)
    }
    return pa.table(columns)


def _as_numbers(column: pa.ChunkedArray, name: str) -> pa.ChunkedArray:
    text = column.drop_null()
    wrong = len(text) - _count(text, NUMBER)
    if wrong:
        raise TableFileError(
            f"{wrong} values of column {name!r}, which the policy lists in numbers of "
            "[csv], are not numbers. Name the text that means a missing value in "
            "missing of [csv], or treat the column as text."
        )
    kind = pa.int64() if _count(text, INTEGER) == len(text) else pa.float64()
    try:
        return pc.utf8_trim_whitespace(column).cast(kind)
    except pa.ArrowInvalid:
        raise TableFileError(
            f"Column {name!r}, which the policy lists in numbers of [csv], has "
            "integers of more than 64 bits. Treat it as text."
        ) from None


def _count(text: pa.ChunkedArray, pattern: str) -> int:
    found = pc.match_substring_regex(text, pattern)
    return int(pc.sum(found, min_count=0).as_py())


def _compacted(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return a categorical column with those categories only that occur."""
    kind = column.type
    if not pa.types.is_dictionary(kind) or column.num_chunks == 0:
        return column
    whole = pa.concat_arrays(column.unify_dictionaries().chunks)
    used = pc.unique(whole.indices.drop_null()).sort()
    codes = pc.index_in(whole.indices, value_set=used).cast(kind.index_type)
    categories = whole.dictionary.take(used)
    return pa.chunked_array(
        [pa.DictionaryArray.from_arrays(codes, categories, ordered=kind.ordered)]
    )


def _raise_unreadable(path: Path, error: Exception) -> NoReturn:
    """Say why in words of our own: those of a parser quote the text it stopped at."""
    if isinstance(error, OSError) and error.strerror:
        why = f"{error.strerror}."
    elif suffix_of(path) == ".parquet":
        why = "it is not a Parquet file, or a damaged one."
    else:
        why = (
            "a character that its encoding does not have (name another one under "
            "[csv] in the policy), a quote that is never closed, or a row of more than "
            f"{BLOCK_BYTES >> 20} MiB."
        )
    raise TableFileError(f"{str(path)!r} cannot be read: {why}") from error
