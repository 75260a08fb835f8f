import datetime

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from skanon.cli._tables import (
    CsvFormat,
    read_names,
    read_table,
    suffix_of,
    write_table,
)
from skanon.exceptions import TableFileError

MARKER = "Zaphod Beeblebrox"


def csv_table(path, content, **form):
    """Return the table of a CSV and the names in its first line."""
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    form = CsvFormat(**form)
    names = read_names(path, form)
    return read_table(path, names, form).to_pydict()


@pytest.fixture
def path(tmp_path):
    return tmp_path / "table.csv"


@pytest.mark.parametrize(
    "cell",
    ["01234", "1e5", "2024-01-02", "True", "NA", "null", "nan", "+1", " x ", "1_0"],
)
def test_a_csv_cell_is_the_text_that_is_written(path, cell):
    assert csv_table(path, f"a,b\n{cell},1\n") == {"a": [cell], "b": ["1"]}


def test_an_empty_field_is_missing_and_a_quoted_one_is_empty_text(path):
    assert csv_table(path, 'a,b\n,""\n"",\n') == {"a": [None, ""], "b": ["", None]}


def test_what_means_missing_can_be_said(path):
    found = csv_table(path, 'a,b\nNA,"NA"\n,?\n', missing=["NA", "?"])
    assert found == {"a": [None, ""], "b": ["NA", None]}


def test_quoted_fields_may_hold_delimiters_quotes_and_line_breaks(path):
    found = csv_table(path, 'a,"b, c"\n"x\ny","say ""hi"""\n')
    assert found == {"a": ["x\ny"], "b, c": ['say "hi"']}


def test_an_empty_line_of_a_single_column_is_a_row(path):
    assert csv_table(path, "a\nx\n\ny\n") == {"a": ["x", None, "y"]}


def test_delimiter_and_encoding_can_be_said(path):
    found = csv_table(
        path, "näme;b\nZoë;1\n".encode("latin-1"), delimiter=";", encoding="latin-1"
    )
    assert found == {"näme": ["Zoë"], "b": ["1"]}


def test_a_byte_order_mark_is_no_part_of_the_first_name(path):
    assert csv_table(path, "a,b\n1,2\n".encode("utf-8-sig")) == {"a": ["1"], "b": ["2"]}


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        (["1", "", " -20 "], [1, None, -20]),
        (["1", "2.5", ""], [1.0, 2.5, None]),
        (["1e3", ".5", "5."], [1000.0, 0.5, 5.0]),
        (["9007199254740993"], [9007199254740993]),
        (["", ""], [None, None]),
    ],
)
def test_numbers_are_read_as_such_where_the_policy_says_so(path, cells, values):
    rows = "".join(f"{cell},x\n" for cell in cells)
    assert csv_table(path, "n,b\n" + rows, numbers=["n"])["n"] == values


@pytest.mark.parametrize("cell", ["abc", "1,5", "nan", "inf", "0x10", "1 000"])
def test_what_is_no_number_is_counted_and_not_shown(path, cell):
    with pytest.raises(TableFileError, match="1 values of column 'n', which") as caught:
        csv_table(path, f'n,b\n1,x\n"{cell}",x\n', numbers=["n"])
    assert cell not in str(caught.value)


def test_integers_too_long_are_refused_instead_of_losing_digits(path):
    with pytest.raises(TableFileError, match="integers of more than 64 bits"):
        csv_table(path, "n\n12345678901234567890123\n", numbers=["n"])


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "is empty; its first line must name columns"),
        ("a,b\n", "has no rows"),
        ("a,a\n1,2\n", r"has more than one column named \['a'\]"),
        (
            f"a,b\n{MARKER},2,3\n1,2\n",
            r"1 rows of .* do not have 2 fields, .*; one has 3",
        ),
        (f"a,b\n{MARKER}\n", "do not have 2 fields"),
        (b"a,b\n\xff" + MARKER.encode() + b",1\n", "a character that its encoding"),
        (b"\xff,b\n1,2\n", "a character that its encoding does not have"),
    ],
)
def test_a_malformed_csv_says_what_is_wrong_without_its_cells(path, content, message):
    with pytest.raises(TableFileError, match=message) as caught:
        csv_table(path, content)
    assert MARKER not in str(caught.value)


def test_a_row_too_long_to_be_read_says_so(path, monkeypatch):
    monkeypatch.setattr("skanon.cli._tables.BLOCK_BYTES", 1 << 12)
    with pytest.raises(TableFileError, match="a row of more than 0 MiB") as caught:
        csv_table(path, f"a,b\n1,2\n{MARKER * 1000},2\n")
    assert MARKER not in str(caught.value)


def test_a_file_that_is_missing_or_no_parquet_file_says_so(tmp_path):
    form = CsvFormat()
    with pytest.raises(TableFileError, match="cannot be read: No such file"):
        read_names(tmp_path / "a.csv", form)
    with pytest.raises(TableFileError, match="cannot be read: No such file"):
        read_names(tmp_path / "a.parquet", form)
    (tmp_path / "a.parquet").write_text(MARKER)
    with pytest.raises(TableFileError, match="it is not a Parquet file"):
        read_names(tmp_path / "a.parquet", form)
    with pytest.raises(TableFileError, match=r"neither a \.csv nor a \.parquet file"):
        suffix_of(tmp_path / "a.xlsx")


def test_a_csv_read_is_the_csv_written(path):
    table = pa.table(
        {
            "text": ["01", 'x,"y"\n', None, "", "Zoë"],
            "number": [1, None, 3, 4, 5],
            "day": [datetime.date(1962, 3, 1), None, None, None, None],
        }
    )
    form = CsvFormat(delimiter=";", numbers=["number"])
    write_table(table, path, ".csv", form)
    found = read_table(path, read_names(path, form), form).to_pydict()
    assert found["text"] == ["01", 'x,"y"\n', None, "", "Zoë"]
    assert found["number"] == [1, None, 3, 4, 5]
    assert found["day"] == ["1962-03-01", None, None, None, None]


def test_parquet_keeps_types_and_order(tmp_path):
    table = pa.table(
        {
            "a.b": pa.array([1, None], pa.int8()),
            "when": pa.array([0, 1], pa.timestamp("ms", "Europe/Zurich")),
            "a": pa.array(["x", "x"]).dictionary_encode(),
            "nested": [[1], None],
        }
    )
    path = tmp_path / "table.parquet"
    write_table(table, path, ".parquet", CsvFormat())
    found = read_table(path, ["nested", "a.b", "when", "a"], CsvFormat())
    assert found.schema.equals(table.select(found.column_names).schema)
    assert found.to_pylist() == table.select(found.column_names).to_pylist()


def test_neither_metadata_nor_unused_categories_are_written(tmp_path):
    codes = pa.array([2, None, 0], pa.int8())
    column = pa.DictionaryArray.from_arrays(codes, ["c", MARKER, "a"], ordered=True)
    schema = pa.schema(
        [pa.field("x", column.type, metadata={"note": MARKER})],
        metadata={"source": MARKER},
    )
    path = tmp_path / "table.parquet"
    write_table(pa.table([column], schema=schema), path, ".parquet", CsvFormat())
    found = pq.read_table(path)
    assert found.column("x").to_pylist() == ["a", None, "c"]
    assert found.schema.field("x").type.ordered
    assert MARKER.encode() not in path.read_bytes()


@pytest.mark.parametrize(
    "column", [pa.array([[1]]), pa.array([b"\xff"]), pa.array([{"left": 1}])]
)
def test_what_a_csv_cannot_hold_is_refused(path, column):
    with pytest.raises(TableFileError, match=r"Column 'x' is of type .*, which a CSV"):
        write_table(pa.table({"x": column}), path, ".csv", CsvFormat())
