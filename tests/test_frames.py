"""The door to dataframes: any table in, the same kind of table out."""

import datetime as dt
import decimal

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from public_estimators import values_of
from scipy import sparse

from skanon._frames import map_column, map_values, read_column, read_frame
from skanon.exceptions import ColumnError, ColumnTypeError

NAIVE = dt.datetime(2024, 1, 1, 5)
ZONED = dt.datetime(2024, 1, 1, 5, tzinfo=dt.UTC)


def recoded(X, recode=lambda column: column, container="default"):
    """Send every column of a table to Arrow and back."""
    frame = read_frame(X, allow_empty=True)
    columns = [
        (name, i, map_values(frame.column(i), recode))
        for i, name in enumerate(frame.names)
    ]
    return frame.replaced(columns, container)


def kept(X, container="default"):
    """Pass every column through."""
    frame = read_frame(X)
    return frame.replaced([(n, i, None) for i, n in enumerate(frame.names)], container)


def length(column):
    return pc.utf8_length(column).cast(pa.int64())


def one_column(values, dtype=None):
    return pd.DataFrame({"a": pd.Series(values, dtype=dtype, index=[7, 7, 3])})


TEXT = ["x", None, "zü"]
INTEGERS = [1, None, 3]
INSTANTS = ["1800-01-01T00:00:00", None, "2024-02-29T23:59:59"]

#: Every pandas dtype whose values may be missing, and values for it.
WITH_MISSING = [
    (object, TEXT),
    ("str", TEXT),
    ("string[python]", TEXT),
    ("string[pyarrow]", TEXT),
    (pd.ArrowDtype(pa.string()), TEXT),
    (pd.ArrowDtype(pa.large_string()), TEXT),
    (pd.ArrowDtype(pa.dictionary(pa.int32(), pa.string())), TEXT),
    ("category", TEXT),
    ("Int8", INTEGERS),
    ("UInt32", INTEGERS),
    ("Int64", INTEGERS),
    (pd.ArrowDtype(pa.int16()), INTEGERS),
    ("float32", INTEGERS),
    ("float64", INTEGERS),
    ("Float64", INTEGERS),
    (pd.ArrowDtype(pa.float64()), INTEGERS),
    ("boolean", [True, None, False]),
    (pd.ArrowDtype(pa.bool_()), [True, None, False]),
    *[(f"datetime64[{unit}]", INSTANTS) for unit in ("s", "ms", "us")],
    ("datetime64[ns]", ["1970-01-01", None, "2024-02-29"]),
    ("datetime64[us, Europe/Zurich]", ["2024-03-31T12:00", None, "1950-01-01"]),
    (pd.ArrowDtype(pa.timestamp("ms", "UTC")), [dt.datetime(2024, 1, 1), None, None]),
    (pd.ArrowDtype(pa.date32()), [dt.date(1600, 1, 1), None, dt.date(9999, 12, 31)]),
    ("timedelta64[s]", [5, None, 7]),
]
WITHOUT_MISSING = [
    ("int8", [1, 2, 3]),
    ("uint64", [1, 2, 2**64 - 1]),
    ("int64", [1, 2, -(2**63)]),
    ("bool", [True, False, True]),
]


def made(values, dtype):
    if dtype == "str" and pd.Series(["a"]).dtype == object:
        pytest.skip("pandas 2 has no dtype of its own for str")
    return one_column(values, dtype)


@pytest.mark.parametrize(
    ("dtype", "values"), [*WITH_MISSING, *WITHOUT_MISSING], ids=str
)
def test_pandas_columns_return_as_they_came(dtype, values):
    X = made(values, dtype)
    before = X.copy(deep=True)
    pd.testing.assert_frame_equal(recoded(X), X)
    pd.testing.assert_frame_equal(kept(X), X)
    pd.testing.assert_frame_equal(X, before)


@pytest.mark.parametrize("dtype", [d for d, v in WITH_MISSING if v is TEXT], ids=str)
def test_text_made_of_text_keeps_its_pandas_dtype(dtype):
    X = made(TEXT, dtype)
    out = recoded(X, pc.utf8_upper)
    assert values_of(out) == [["X", None, "ZÜ"]]
    if dtype != "category":
        assert out["a"].dtype == X["a"].dtype
    else:
        categories = out["a"].cat.categories
        assert list(categories) == ["X", "ZÜ"]
        assert categories.dtype == X["a"].cat.categories.dtype


@pytest.mark.parametrize(
    ("dtype", "expected"),
    [
        (object, "Int64"),
        ("str", "Int64"),
        ("string[pyarrow]", "Int64"),
        (pd.ArrowDtype(pa.string()), pd.ArrowDtype(pa.int64())),
        ("category", "Int64"),
    ],
    ids=str,
)
def test_numbers_made_of_text_are_of_the_same_flavour(dtype, expected):
    out = recoded(made(TEXT, dtype), length)
    assert out["a"].dtype == expected
    assert values_of(out) == [[1, None, 2]]


@pytest.mark.parametrize("index", [[0, 1, 2], [5, 5, 6], ["b", "a", "c"]], ids=str)
@pytest.mark.parametrize("dtype", [object, "category", "string[pyarrow]"])
def test_rows_keep_their_labels(dtype, index):
    X = pd.DataFrame({"a": pd.Series(TEXT, dtype=dtype)}).set_axis(index)
    out = recoded(X, pc.utf8_upper)
    assert out.index.equals(X.index)
    assert values_of(out) == [["X", None, "ZÜ"]]


@pytest.mark.parametrize("ordered", [True, False])
def test_an_order_of_categories_is_kept(ordered):
    dtype = pd.CategoricalDtype(["b", "a"], ordered=ordered)
    X = one_column(["a", "b", None], dtype)
    frame = read_frame(X)
    pd.testing.assert_frame_equal(frame.replaced([("a", 0, frame.column(0))]), X)


def test_a_multi_index_and_the_name_of_the_columns_are_kept():
    index = pd.MultiIndex.from_tuples([("a", 1), ("a", 1), ("b", 2)], names=["k", "n"])
    X = pd.DataFrame({"a": TEXT}, index=index).rename_axis(columns="features")
    out = recoded(X)
    assert out.index.equals(index)
    assert out.index.names == ["k", "n"]
    assert out.columns.name == "features"


@pytest.mark.parametrize(
    "mark", [None, np.nan, pd.NA, pd.NaT], ids=["None", "nan", "NA", "NaT"]
)
def test_a_missing_object_keeps_its_mark(mark):
    out = recoded(one_column(["a", mark, "b"], object))
    assert out["a"].iloc[1] is mark
    assert out["a"].dtype == object


@pytest.mark.parametrize("n_distinct", [3, 30_000])
def test_many_texts_become_objects_with_their_marks_of_missing(n_distinct):
    values = np.array([f"value {i % n_distinct}" for i in range(30_000)], object)
    values[[5, 7]] = None, np.nan
    X = pd.DataFrame({"a": pd.Series(values, dtype=object)})
    frame = read_frame(X)
    out = frame.replaced([("a", 0, frame.column(0))])
    assert out["a"].dtype == object
    pd.testing.assert_frame_equal(out, X)
    assert out["a"][5] is None


@pytest.mark.parametrize("as_table", [pd.DataFrame, pd.DataFrame.to_numpy])
def test_objects_that_recur_are_recoded_once(as_table):
    """The values handed to the technique are counted."""
    texts = np.array(["xy", "y", None, np.nan, "".join(["x", "y"])], object)
    values = texts[np.arange(20_000) % 5]
    X = as_table(pd.DataFrame({"a": pd.Series(values, dtype=object)}))
    frame, sizes = read_frame(X), []

    def upper(column):
        sizes.append(len(column))
        return pc.utf8_upper(column)

    out = frame.replaced([(frame.names[0], 0, map_values(frame.categories(0), upper))])
    assert sizes == [3]
    out = np.asarray(out)[:, 0]
    assert out.dtype == object
    assert out[:10].tolist() == ["XY", "Y", None, out[3], "XY"] * 2
    assert out[3] is np.nan


def three_labels(column):
    """Recode to labels that are known before the column is."""
    labels = pa.array(["a", "b", "c"], pa.large_string())
    codes = pc.if_else(column.is_valid(), pc.utf8_length(column), None)
    return pa.DictionaryArray.from_arrays(pc.subtract(codes, 1).cast("int8"), labels)


def test_text_in_codes_is_text_where_its_column_is(frame):
    X = frame({"a": ["x", "yy", None, "xxx"]})
    out = recoded(X, three_labels)
    assert values_of(out) == [["a", "b", None, "c"]]
    before, after = (
        str(table.schema if isinstance(table, pa.Table) else table.dtypes)
        for table in (X, out)
    )
    assert after.replace("large_", "") == before.replace("large_", "")


@pytest.mark.parametrize("container", ["pandas", "polars"])
def test_text_in_codes_is_text_in_a_container_that_was_asked_for(frame, container):
    if container == "polars":
        pytest.importorskip("polars", reason="polars is not installed")
    out = recoded(frame({"a": ["x", "yy", None]}), three_labels, container)
    assert "categor" not in str(out.dtypes).lower()
    assert values_of(out) == [["a", "b", None]]


@pytest.mark.parametrize("values", [[2**63, None], [True, None], [b"x", None]])
def test_objects_of_any_type_keep_their_mark_of_missing_beside_text(values):
    X = pd.DataFrame({"a": pd.Series(values, dtype=object)})
    for table in (X, X.to_numpy()):
        frame = read_frame(table)
        out = frame.replaced([(frame.names[0], 0, pa.array(["text", None]))])
        assert np.asarray(out)[:, 0].tolist() == ["text", None]


def test_a_pandas_result_can_be_written_to_without_changing_the_input():
    X = pd.DataFrame({"a": [1, 2, 3], "b": ["x", "y", "z"]})
    for out in (recoded(X), kept(X)):
        out.loc[0, "a"] = 9
        out.loc[0, "b"] = "w"
        assert values_of(X) == [[1, 2, 3], ["x", "y", "z"]]
        assert values_of(out) == [[9, 2, 3], ["w", "y", "z"]]


def polars_columns():
    pl = pytest.importorskip("polars", reason="polars is not installed")
    return pl, {
        "text": pl.Series(TEXT),
        "category": pl.Series(TEXT, dtype=pl.Categorical),
        "enum": pl.Series(TEXT, dtype=pl.Enum(["zü", "x", "unused"])),
        "integer": pl.Series(INTEGERS, dtype=pl.Int16),
        "number": pl.Series([1.5, None, float("nan")]),
        "date": pl.Series([dt.date(1600, 1, 1), None, dt.date(9999, 1, 1)]),
        "instant": pl.Series([dt.datetime(2024, 1, 1), None, None]),
        "truth": pl.Series([True, None, False]),
        "nothing": pl.Series([None, None, None]),
    }


def test_polars_columns_return_as_they_came():
    pl, columns = polars_columns()
    X = pl.DataFrame(columns)
    assert kept(X).equals(X)
    out = recoded(X)
    assert out.columns == X.columns
    for name in ("text", "enum", "integer", "date", "instant", "truth"):
        assert out[name].dtype == X[name].dtype
    plain = [None if v != v else v for v in X["number"]]
    assert [None if v != v else v for v in out["number"]] == plain
    assert values_of(out.drop("number")) == values_of(X.drop("number"))


def test_polars_text_of_every_kind_stays_text():
    pl, columns = polars_columns()
    X = pl.DataFrame({name: columns[name] for name in ("text", "category", "enum")})
    assert values_of(recoded(X, pc.utf8_upper)) == [["X", None, "ZÜ"]] * 3


def test_a_polars_enum_stays_one_where_it_has_all_values():
    pl = pytest.importorskip("polars")
    kind = pl.Enum(["a", "b", "c"])
    X = pl.DataFrame({"a": pl.Series(["a", None, "b"], dtype=kind)})
    out = recoded(X, lambda column: pc.replace_substring(column, "a", "c"))
    assert out["a"].dtype == kind
    assert out["a"].to_list() == ["c", None, "b"]
    assert recoded(X, pc.utf8_upper)["a"].dtype == pl.Categorical


def test_chunks_of_a_pyarrow_table_are_read_as_one_column():
    chunked = pa.chunked_array([["x"], [], [None, "zü"]], pa.string())
    encoded = pa.chunked_array(
        [
            pa.array(["x"]).dictionary_encode(),
            pa.array([None, "zü"]).dictionary_encode(),
        ]
    )
    X = pa.table({"a": chunked, "b": encoded, "c": pa.chunked_array([TEXT])})
    out = recoded(X, pc.utf8_upper)
    assert isinstance(out, pa.Table)
    assert values_of(out) == [["X", None, "ZÜ"]] * 3
    assert out.column_names == ["a", "b", "c"]
    assert out.schema.field("a").type == pa.string()
    assert pa.types.is_dictionary(out.schema.field("b").type)


@pytest.mark.parametrize("kind", [pa.string(), pa.binary()], ids=str)
def test_chunks_of_more_bytes_than_one_array_counts_are_read(kind, monkeypatch):
    monkeypatch.setattr("skanon._frames._to_arrow.MAX_BYTES", 8)
    X = pa.table({"a": pa.chunked_array([["x" * 9], ["y", None]]).cast(kind)})
    column = read_frame(X).column(0)
    assert column.type == pa.large_string() or column.type == pa.large_binary()
    assert column.cast(kind).to_pylist() == X["a"].to_pylist()


@pytest.mark.parametrize(
    "kind",
    [pa.string(), pa.large_string(), pa.int8(), pa.float32(), pa.date64(), pa.bool_()],
    ids=str,
)
def test_pyarrow_columns_return_as_they_came(kind):
    X = pa.table({"a": pa.array([None, None], kind), "b": pa.nulls(2, kind)})
    assert recoded(X).equals(X)
    assert kept(X).equals(X)


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (TEXT, pa.string_view()),
        ([b"x", None], pa.binary_view()),
        ([np.float16(1.5), None], pa.float16()),
    ],
    ids=str,
)
def test_arrow_types_that_few_functions_know_are_read(values, kind):
    X = pa.table({"a": pa.array(values, kind)})
    assert values_of(recoded(X)) == [values]


@pytest.mark.parametrize(
    "array",
    [
        np.array([["x", "y"], ["z", None]], dtype=object),
        np.array([[1, 2], [3, 4]]),
        np.array([[1.5, np.nan], [3, 4]]),
        np.array([[1, 2], [3, 4]], dtype=np.uint8),
        np.array([[True, False], [False, True]]),
        np.array([["2024-01-01", "NaT"]], dtype="datetime64[ns]"),
    ],
    ids=lambda a: str(a.dtype),
)
def test_ndarrays_return_as_they_came(array):
    for out in (recoded(array), kept(array)):
        assert out.dtype == array.dtype
        assert values_of(out) == values_of(array)
        assert not np.shares_memory(out, array)


def test_text_of_an_ndarray_becomes_objects_that_no_width_cuts():
    out = recoded(np.array([["a", "b"]]), lambda c: pc.binary_repeat(c, 40))
    assert out.dtype == object
    assert out.tolist() == [["a" * 40, "b" * 40]]


def test_cells_of_nested_sequences_keep_their_types():
    frame = read_frame([["Ada", 1, np.nan, None], ["Bob", 2, 0.5, None]])
    kinds = [frame.column(i).type for i in range(4)]
    assert kinds == [pa.string(), pa.int64(), pa.float64(), pa.null()]
    assert frame.column(2).null_count == 1


def test_an_ndarray_of_numbers_stays_numeric_beside_missing_integers():
    X = np.array([[2**62 + 1.0, 1.0], [np.nan, 2.0]])
    big = pa.array([2**62 + 1, None])
    frame = read_frame(X)
    out = frame.replaced([("x0", 0, big), ("x1", 1, pa.array([1, 2]))])
    assert int(out[0, 0]) == 2**62 + 1
    assert np.isnan(out[1, 0].astype(float))
    assert read_frame(out).column(0).equals(big)


def test_dates_among_other_types_stay_dates_in_an_ndarray():
    X = np.array([["2024-01-01"], ["2024-01-02"]], dtype="datetime64[ns]")
    out = read_frame(X).replaced([("x0", 0, None), ("x1", 0, pa.array(["a", "b"]))])
    assert out[0].tolist() == [dt.datetime(2024, 1, 1), "a"]


@pytest.mark.parametrize("dtype", [">i4", ">f8", ">u2", ">M8[D]", ">U3", "<f4"])
def test_arrays_of_either_byte_order_are_read(dtype):
    X = np.array([["1970"], ["1971"]]).astype(dtype)
    column = read_frame(X).column(0)
    assert column.equals(read_frame(X.astype(X.dtype.newbyteorder("="))).column(0))
    assert column.to_pylist() == X[:, 0].tolist()


@pytest.mark.parametrize("unit", ["W", "D", "h", "m", "s", "ms", "us", "ns"])
def test_durations_of_every_unit_of_a_fixed_length_are_read(unit):
    X = np.array([[3_000], ["NaT"]], f"timedelta64[{unit}]")
    expected = X[0, 0].astype("timedelta64[us]").item()
    assert read_frame(X).column(0).to_pylist() == [expected, None]


@pytest.mark.parametrize("unit", ["[Y]", "[M]", ""])
def test_durations_of_no_fixed_length_are_refused(unit):
    with pytest.raises(ColumnTypeError, match=r"has dtype timedelta64.*, which no tec"):
        read_frame(np.array([[3]], f"timedelta64{unit}")).column(0)


def test_long_doubles_with_fractions_are_read_as_numbers():
    X = np.array([[1.5], [np.nan]], dtype=np.longdouble)
    assert read_frame(X).column(0).to_pylist() == [1.5, None]


@pytest.mark.parametrize("container", ["pandas", "polars"])
def test_output_in_a_kind_that_was_asked_for(frame, container):
    if container == "polars":
        pytest.importorskip("polars", reason="polars is not installed")
    X = frame({"a": TEXT, "b": [1, 2, 3]})
    out = recoded(X, container=container)
    assert type(out).__module__.startswith(container)
    assert list(out.columns) == ["a", "b"]
    assert values_of(out) == [TEXT, [1, 2, 3]]
    assert values_of(kept(X, container)) == [TEXT, [1, 2, 3]]


def test_empty_tables_stay_empty(frame):
    X = frame({"a": ["x"], "b": [1]})[:0] if frame.name != "pyarrow" else None
    X = pa.table({"a": pa.array([], pa.string())}) if X is None else X
    out = recoded(X)
    assert type(out) is type(X)
    assert out.shape == X.shape


def test_one_row(frame):
    assert values_of(recoded(frame({"a": ["x"], "b": [1]}))) == [["x"], [1]]


def test_a_column_of_missing_values_stays_missing(frame):
    X = frame({"a": [None, None], "b": ["x", "y"]})
    assert values_of(recoded(X))[0] == [None, None]


def test_column_names_that_are_all_integers_are_kept():
    X = pd.DataFrame([["a", "b"]], columns=[10, 20])
    assert list(recoded(X).columns) == [10, 20]


@pytest.mark.parametrize("ordered", [True, False])
def test_an_order_of_categories_is_read_and_written(ordered):
    categories = pd.Categorical(["x", None, "y"], ["y", "x", "z"], ordered=ordered)
    X = pd.DataFrame({"a": categories}, index=[7, 7, 3])
    frame = read_frame(X)
    pd.testing.assert_frame_equal(frame.replaced([("a", 0, frame.column(0))]), X)
    pd.testing.assert_frame_equal(kept(X), X)


def test_categories_that_become_equal_become_one():
    X = one_column(["x", "X", None], "category")
    out = recoded(X, pc.utf8_upper)
    assert list(out["a"].cat.categories) == ["X"]
    assert values_of(out) == [["X", "X", None]]


def test_a_categorical_column_is_recoded_once_for_each_category(frame):
    """The values handed to the technique are counted."""
    sizes = []

    def counting(column):
        sizes.append(len(column))
        return column

    values = ["x", "y", "x", None] * 50
    if frame.name == "polars":
        X = frame({"a": values})
        X = X.with_columns(X["a"].cast(__import__("polars").Categorical))
    elif frame.name == "pyarrow":
        X = pa.table({"a": pa.array(values).dictionary_encode()})
    else:
        X = frame({"a": values}).astype("category")
    assert values_of(recoded(X, counting)) == [values]
    assert sizes == [2]


def test_categories_of_a_type_with_a_name_of_its_own_are_read():
    ids = pa.array([b"0" * 16, b"1" * 16], pa.binary(16))
    if hasattr(pa, "uuid"):  # from pyarrow 18
        ids = pa.ExtensionArray.from_storage(pa.uuid(), ids)
    X = pa.table({"a": pa.DictionaryArray.from_arrays([1, 0, None], ids)})
    seen = []
    map_values(read_frame(X).column(0), lambda c: seen.extend(c.to_pylist()) or c)
    assert seen == [b"0" * 16, b"1" * 16]


def test_categories_that_are_text_views_are_read():
    views = pa.array(["x", "y"], pa.string_view())
    X = pa.table({"a": pa.DictionaryArray.from_arrays([1, 0, None], views)})
    assert read_frame(X).column(0).type.value_type == pa.large_string()
    assert values_of(recoded(X, pc.utf8_upper)) == [["Y", "X", None]]


def test_categories_without_rows_are_not_handed_over():
    X = pd.DataFrame({"a": pd.Categorical(["y", None], ["x", "y", "z"])})
    seen = []

    def noting(column):
        seen.extend(column.to_pylist())
        return column

    assert values_of(recoded(X, noting)) == [["y", None]]
    assert set(seen) <= {"y", None}


def test_labels_known_before_the_rows_are_the_categories():
    X = pd.DataFrame({"a": pd.Categorical(["yy", None], ["xxx", "yy", "z"])})
    assert list(recoded(X, three_labels)["a"].cat.categories) == ["a", "b", "c"]
    few = X[:1]
    assert list(recoded(few, three_labels)["a"].cat.categories) == ["a", "b", "c"]
    pd.testing.assert_frame_equal(
        recoded(few, three_labels), recoded(X, three_labels)[:1]
    )


def test_categories_without_rows_are_kept_if_wanted_and_not_refused():
    column = read_frame(one_column(["y", None, "y"], "category")).column(0)
    categories = pa.array(["x", "y", "z"])
    column = pa.DictionaryArray.from_arrays(column.indices.cast("int8"), categories)
    column = pc.if_else(column.is_valid(), pa.scalar(1), None)
    column = pa.DictionaryArray.from_arrays(column, categories)

    def refusing(values):
        if "z" in values.to_pylist():
            raise ValueError("z")
        return pc.utf8_upper(values)

    out = map_values(column, pc.utf8_upper, keep_unused=True)
    assert out.dictionary.to_pylist() == ["X", "Y", "Z"]
    out = map_values(column, refusing, keep_unused=True)
    assert out.dictionary.to_pylist() == ["Y"]
    assert out.to_pylist() == ["Y", None, "Y"]


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: pd.Series(["a"]), "single column"),
        (lambda: pa.chunked_array([["a"]]), "single column"),
        (lambda: np.array(["a", "b"]), "Expected 2D array, got 1D array"),
        (lambda: ["a", "b"], "Expected 2D array, got 1D array"),
        (lambda: np.zeros((2, 2, 2)), "dim 3"),
        (lambda: sparse.csr_matrix([[1, 0]]), "Sparse data was passed"),
        (lambda: np.array([[1 + 2j]]), "Complex data not supported"),
        (lambda: pd.DataFrame({"a": []}), "0 sample"),
        (lambda: pd.DataFrame(index=[0]), "0 feature"),
        (lambda: pa.RecordBatch.from_pydict({"a": [1]}), "RecordBatch"),
        (lambda: np.empty((0, 2)), "0 sample"),
    ],
)
def test_what_is_no_table_is_refused(make, message):
    with pytest.raises((TypeError, ValueError), match=message):
        read_frame(make())


@pytest.mark.parametrize(
    "make",
    [
        lambda: ["secret"],
        lambda: np.array(["secret"]),
        lambda: {"a": ["secret"]},
        lambda: [{"a": "secret"}],
        lambda: "secret",
        lambda: np.array([[7.25 + 2j]]),
        lambda: [[7.25 + 2j]],
    ],
)
def test_what_is_no_table_is_refused_without_quoting_it(make):
    message = r"got (1D|scalar) array instead \(shape=\(1?,?\)\)|Complex data not"
    with pytest.raises(ValueError, match=message) as caught:
        read_frame(make())
    assert "secret" not in str(caught.value)
    assert "7.25" not in str(caught.value)


def test_a_masked_array_is_refused_because_its_mask_would_be_lost():
    with pytest.raises(TypeError, match="masked array, whose mask would be lost"):
        read_frame(np.ma.MaskedArray([[1], [2]], mask=[[0], [1]]))


def test_polars_objects_are_refused_because_they_would_be_addresses():
    pl = pytest.importorskip("polars", reason="polars is not installed")
    X = pl.DataFrame({"a": pl.Series([object()], dtype=pl.Object)})
    with pytest.raises(ColumnTypeError, match="'a' has dtype Object, which no tech"):
        read_frame(X).column(0)


def test_polars_series_and_lazy_frames_are_refused():
    pl = pytest.importorskip("polars", reason="polars is not installed")
    with pytest.raises(TypeError, match="single column"):
        read_frame(pl.Series(["a"]))
    with pytest.raises(TypeError, match=r"collect\(\)"):
        read_frame(pl.LazyFrame({"a": ["a"]}))


def test_duplicate_column_names_are_refused():
    X = pd.DataFrame([[1, 2, 3]], columns=["a", "b", "a"])
    with pytest.raises(ColumnError, match="more than one column named 'a'"):
        read_frame(X)
    with pytest.raises(ColumnError, match="more than one column named 'a'"):
        read_frame(pa.table([[1], [2]], names=["a", "a"]))


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (["secret", 1], "mixes values of types int, str"),
        (["secret", np.nan, 1.5, None, pd.NA], "mixes values of types float, str"),
        (["secret", b"secret"], "mixes values of types bytes, str"),
        ([True, 7], "mixes values of types bool, int"),
        ([dt.date(2024, 1, 1), dt.datetime(2024, 1, 1, 5)], "types date, datetime"),
        ([dt.datetime(2024, 1, 1, 5), dt.date(2024, 1, 1)], "types date, datetime"),
        ([NAIVE, ZONED], "mixes times with and without a time zone"),
        ([ZONED, pd.NaT, NAIVE], "mixes times with and without a time zone"),
        ([{"secret": object()}], "has values of type dict"),
        ([object()], "has values of type object"),
        ([pd.Period("2024-01")], "has values of type Period"),
        ([2**64], "more than 64 bits"),
        ([-1, 2**63], "more than 64 bits"),
        (["secret\ud800"], "not valid Unicode"),
    ],
)
def test_objects_that_are_no_column_are_refused_by_their_types(values, message):
    column = np.empty(len(values), object)
    column[:] = values
    with pytest.raises(ColumnTypeError, match=message) as caught:
        read_frame(pd.DataFrame({"a": pd.Series(column, dtype=object)})).column(0)
    assert "Column 'a'" in str(caught.value)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("values", "zone"),
    [
        ([NAIVE, None, pd.NaT, float("nan")], None),
        ([ZONED, None, pd.NaT, float("nan")], "UTC"),
        ([np.datetime64("2024-01-01T05", "s"), None], None),
    ],
    ids=["naive", "zoned", "numpy"],
)
def test_times_as_objects_are_read_with_their_zone(values, zone):
    X = pd.DataFrame({"a": pd.Series(values, dtype=object)})
    column = read_frame(X).column(0)
    assert column.type.tz == zone
    assert column.null_count == len(values) - 1


@pytest.mark.parametrize(
    "values",
    [
        pd.period_range("2024", periods=2, freq="M"),
        np.array([1 + 2j, 3]),
    ],
    ids=["period", "complex"],
)
def test_dtypes_that_no_technique_reads_are_refused_by_name(values):
    X = pd.DataFrame({"a": values})
    with pytest.raises(
        ColumnTypeError, match=f"has dtype {X['a'].dtype}".replace("[", r"\[")
    ):
        read_frame(X).column(0)


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ([1, 2.5, None], pa.float64()),
        ([2**53 + 1, np.nan], pa.int64()),
        ([2**63, 2], pa.uint64()),
        ([decimal.Decimal("1.5"), None], pa.decimal128(2, 1)),
        ([dt.date(2024, 1, 1), pd.NaT, np.nan], pa.date32()),
        ([b"a", None], pa.binary()),
        ([dt.time(1, 2), None], pa.time64("us")),
        ([np.int8(1), None], pa.int8()),
        ([None, None], pa.null()),
    ],
    ids=str,
)
def test_objects_of_one_type_are_read_as_it(values, kind):
    X = pd.DataFrame({"a": pd.Series(values, dtype=object)})
    column = read_frame(X).column(0)
    assert column.type == kind
    assert column.null_count == sum(v is None or v != v for v in values)


def test_sparse_pandas_columns_are_read():
    X = pd.DataFrame({"a": pd.arrays.SparseArray([0, 1, 0])})
    assert values_of(recoded(X)) == [[0, 1, 0]]


@pytest.mark.parametrize(
    "make",
    [
        lambda values: pd.Series(values, name="a", index=[5, 5, 6]),
        pa.array,
        lambda values: pa.chunked_array([values[:1], values[1:]], pa.string()),
        lambda values: np.array(values, dtype=object),
        list,
    ],
    ids=["pandas", "array", "chunked", "numpy", "list"],
)
def test_single_columns_of_every_kind(make):
    column = make(TEXT)
    assert read_column(column).to_pylist() == TEXT
    out = map_column(column, pc.utf8_upper)
    assert values_of(np.asarray(out, dtype=object).reshape(-1, 1)) == [
        ["X", None, "ZÜ"]
    ]
    if isinstance(column, pd.Series):
        assert out.name == "a"
        assert out.index.equals(column.index)


@pytest.mark.parametrize(
    ("column", "message"),
    [
        (pd.DataFrame({"a": ["x"], "b": ["y"]}), r"shape=\(1, 2\).* Select the column"),
        (np.array([["x", "y"]]), r"got 2 \(shape=\(1, 2\)\)"),
        (np.array("x"), "got 0"),
        ({"x"}, "got set. .* of a set, make a list"),
        ("marker", "got str"),
        (np.ma.masked_array(["x"], [True]), "masked array"),
    ],
    ids=["table", "2D", "0D", "set", "text", "masked"],
)
def test_what_is_no_single_column_is_refused(column, message):
    with pytest.raises((TypeError, ValueError), match=message) as caught:
        read_column(column)
    assert "marker" not in str(caught.value)
