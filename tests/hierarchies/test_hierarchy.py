"""A hierarchy makes values coarser, level by level, and says what it refuses."""

import copy
import pickle

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from skanon.exceptions import UnknownValueError
from skanon.hierarchies import Hierarchy

CITIES = {
    "Berlin": ["Germany", "Europe"],
    "Bonn": ["Germany", "Europe"],
    "Paris": ["France", "Europe"],
    "Lima": ["Peru", "America"],
}


@pytest.fixture
def cities():
    return Hierarchy.from_dict(CITIES)


def test_the_top_is_added_above_several_labels(cities):
    assert cities.height == 3
    assert cities.labels(3) == ["*"]


def test_a_last_level_of_one_label_is_the_top():
    hierarchy = Hierarchy.from_dict({"a": ["x", "*****"], "b": ["y", "*****"]})
    assert hierarchy.height == 2
    assert hierarchy.labels(2) == ["*"]


@pytest.mark.parametrize(
    ("level", "expected"),
    [
        (0, ["Lima", None, "Berlin", "Lima"]),
        (1, ["Peru", None, "Germany", "Peru"]),
        (2, ["America", None, "Europe", "America"]),
        (3, ["*", None, "*", "*"]),
    ],
)
def test_values_become_the_labels_of_the_level(frame, cities, level, expected):
    table = frame({"city": ["Lima", None, "Berlin", "Lima"]})
    column = table["city"]
    out = cities.generalize(column, level)
    is_arrow = isinstance(column, pa.ChunkedArray)
    assert isinstance(out, pa.Array if is_arrow else type(column))
    assert frame.values({"city": out}, "city") == expected


def test_a_series_keeps_its_name_and_index(cities):
    column = pd.Series(["Lima", "Bonn"], index=[7, 7], name="city")
    out = cities.generalize(column, 1)
    assert out.name == "city"
    assert list(out.index) == [7, 7]


@pytest.mark.parametrize("name", ["home", ""])
def test_a_polars_series_keeps_its_name(cities, name):
    pl = pytest.importorskip("polars", reason="polars is not installed")
    out = cities.generalize(pl.Series(name, ["Lima"]), 1)
    assert (out.name, out.to_list()) == (name, ["Peru"])


def test_a_categorical_column_stays_categorical(cities):
    column = pd.Series(["Bonn", "Lima", "Berlin"], dtype="category")
    out = cities.generalize(column, 1)
    assert isinstance(out.dtype, pd.CategoricalDtype)
    assert out.tolist() == ["Germany", "Peru", "Germany"]


@pytest.mark.parametrize(
    "column",
    [
        np.array([2, 1, 2]),
        np.array([2.0, 1.0, 2.0]),
        ["2", "1", "2"],
        pa.array([2, 1, 2], pa.uint8()),
        pa.array(["2", "1", "2"]).dictionary_encode(),
    ],
)
def test_values_are_compared_by_their_text(column):
    hierarchy = Hierarchy.from_dict({1: "one", 2: "two"})
    assert list(map(str, hierarchy.generalize(column, 1))) == ["two", "one", "two"]
    assert hierarchy.encode(column).tolist() == [1, 0, 1]


def test_truth_values_and_fractions_are_found():
    hierarchy = Hierarchy.from_dict({True: "yes", False: "no", 0.5: "half"})
    assert hierarchy.generalize([True, False], 1).tolist() == ["yes", "no"]
    assert hierarchy.generalize([0.5], 1).tolist() == ["half"]


@pytest.mark.parametrize("level", [0, 1, 3])
def test_a_value_that_is_lacking_is_an_error(cities, level):
    with pytest.raises(
        UnknownValueError, match=r"^2 value\(s\) have no place"
    ) as caught:
        cities.generalize(["Oslo", "Bonn", "Rome", None], level)
    assert "Oslo" not in str(caught.value)


@pytest.mark.parametrize(("level", "bonn"), [(0, "Bonn"), (1, "Germany"), (3, "*")])
def test_a_value_that_is_lacking_can_be_suppressed(cities, level, bonn):
    out = cities.generalize(
        pa.array(["Oslo", "Bonn", None]), level, handle_unknown="suppress"
    )
    assert out.to_pylist() == [None, bonn, None]


@pytest.mark.parametrize("policy", ["ignore", None, pd.Series(["error"]), ["error"]])
def test_an_unknown_policy_is_refused(cities, policy):
    with pytest.raises(ValueError, match="must be 'error' or 'suppress'; got"):
        cities.generalize(["Bonn"], 1, handle_unknown=policy)


def test_codes_and_shares_say_where_each_listed_value_goes(cities):
    assert cities.n_leaves == 4
    assert cities.labels(1) == ["Germany", "France", "Peru"]
    assert cities.codes(1).tolist() == [0, 0, 1, 2]
    assert cities.shares(1).tolist() == [0.5, 0.25, 0.25]
    assert cities.encode(["Lima", None, "Oslo"]).tolist() == [3, -1, -1]
    assert cities.codes(2)[cities.encode(["Lima", "Bonn"])].tolist() == [1, 0]


def test_a_tree_is_filled_up_from_below():
    hierarchy = Hierarchy.from_tree(
        {"Europe": {"Germany": ["Berlin", "Bonn"]}, "Asia": ["Singapore"]}
    )
    out = [hierarchy.generalize(["Bonn", "Singapore"], i).tolist() for i in (1, 2, 3)]
    assert out == [["Germany", "Singapore"], ["Europe", "Asia"], ["*", "*"]]


def test_a_table_gives_the_hierarchy(frame):
    rows = [[city, *above] for city, above in CITIES.items()]
    columns = {f"{i}": list(c) for i, c in enumerate(zip(*rows, strict=True))}
    assert Hierarchy.from_frame(frame(columns)) == Hierarchy.from_dict(CITIES)


@pytest.mark.parametrize("sep", [";", ","])
def test_a_written_file_gives_the_hierarchy_back(cities, tmp_path, sep):
    path = tmp_path / "cities.csv"
    cities = Hierarchy.from_dict({**CITIES, 'a"; b,': ["", "x\ny"]})
    cities.to_csv(path, sep)
    assert Hierarchy.from_csv(path, sep) == cities


def test_what_separates_columns_is_not_looked_for_in_quotes(tmp_path):
    path = tmp_path / "streets.csv"
    path.write_text('"Main; Side\nStreet",Town\nBroadway,City\n')
    streets = Hierarchy.from_dict({"Main; Side\nStreet": "Town", "Broadway": "City"})
    assert Hierarchy.from_csv(path) == streets


def test_the_table_of_a_hierarchy_has_a_row_per_value(cities):
    table = cities.to_frame()
    assert list(table.columns) == ["level_0", "level_1", "level_2", "level_3"]
    assert table["level_1"].tolist() == ["Germany", "Germany", "France", "Peru"]
    assert Hierarchy.from_frame(table) == cities


@pytest.mark.parametrize("sep", [";", ","])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("end", ["", "\n"])
def test_a_csv_file_is_read(tmp_path, sep, newline, end):
    path = tmp_path / "cities.csv"
    rows = [sep.join([city, *above]) for city, above in CITIES.items()]
    path.write_text(newline.join(rows) + end, newline="")
    assert Hierarchy.from_csv(path) == Hierarchy.from_dict(CITIES)


def test_a_byte_order_mark_is_not_a_part_of_the_first_value(tmp_path):
    path = tmp_path / "cities.csv"
    path.write_text("Bonn;Germany\nLima;Peru\n", encoding="utf-8-sig")
    assert Hierarchy.from_csv(path).labels(0) == ["Bonn", "Lima"]


@pytest.mark.parametrize("content", ["", "Zürich;CH\n".encode("latin-1")])
def test_a_file_that_is_no_table_of_text_is_refused(tmp_path, content):
    path = tmp_path / "cities.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(ValueError, match=r"cities\.csv' cannot be read as a table"):
        Hierarchy.from_csv(path)


def test_a_malformed_csv_file_is_refused_without_quoting_it(tmp_path):
    path = tmp_path / "cities.csv"
    path.write_text("Secretville;A\nB;C;D\n")
    with pytest.raises(ValueError, match=r"as a table of 2 columns") as caught:
        Hierarchy.from_csv(path)
    assert "Secretville" not in str(caught.value)
    assert caught.value.__context__ is None  # Arrow's message quotes the line


@pytest.mark.parametrize("sep", ["", "||", '"', "\n", "\r", "\0", "§", 5, b";"])
def test_what_cannot_separate_columns_is_refused(cities, tmp_path, sep):
    path = tmp_path / "cities.csv"
    message = "'sep' must be a single ASCII character, such as ';' or ','"
    with pytest.raises(ValueError, match=message):
        cities.to_csv(path, sep)
    assert not path.exists()
    cities.to_csv(path)
    with pytest.raises(ValueError, match=message):
        Hierarchy.from_csv(path, sep)


@pytest.mark.parametrize("sep", ["\t", "|", " ", "\x1f"])
def test_any_other_character_may_separate_columns(cities, tmp_path, sep):
    path = tmp_path / "cities.csv"
    cities.to_csv(path, sep)
    assert Hierarchy.from_csv(path, sep) == cities


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (
            [["b", "x"], ["a", "x"], ["b", "x"], ["a", "x"]],
            r"2 value\(s\) of the hierarchy are listed again, the first in row 3",
        ),
        ([["a", "x"], [None, "y"]], "Level 0 .* 1 missing label.*, the first in row 2"),
        ([["a", None], ["b", "x"]], "Level 1 .* 1 missing label.*, the first in row 1"),
        (
            [["c", "y", "1"], ["a", "x", "1"], ["b", "x", "2"], ["d", "x", "2"]],
            r"Level 2 .* not a coarsening of level 1: 1 label.*, the first in row 2",
        ),
    ],
)
def test_a_table_that_is_no_hierarchy_is_refused(rows, message):
    with pytest.raises(ValueError, match=message):
        Hierarchy.from_frame(np.array(rows, object))


def test_a_repeated_row_of_a_file_counts_once(tmp_path):
    path = tmp_path / "cities.csv"
    rows = [";".join([city, *above]) for city, above in CITIES.items()]
    path.write_text("\n".join([*rows, rows[1], rows[3], rows[1]]))
    assert Hierarchy.from_csv(path) == Hierarchy.from_dict(CITIES)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (
            ["a;x", "a;x", "b;x", "b;y", "a;z"],
            r"2 value\(s\) .* again with other labels, the first in row 4",
        ),
        (["a;x", "a;x", "b;"], "Level 1 .* missing label.*, the first in row 3"),
        (
            ["a;x;1", "a;x;1", "b;x;2", "b;x;2"],
            "Level 2 .* not a coarsening of level 1: 1 label.*, the first in row 1",
        ),
    ],
)
def test_a_file_of_repeated_rows_that_is_no_hierarchy_is_refused(
    tmp_path, rows, message
):
    path = tmp_path / "cities.csv"
    path.write_text("\n".join(rows))
    with pytest.raises(ValueError, match=message):
        Hierarchy.from_csv(path)


def test_a_repeated_row_of_a_table_is_refused():
    with pytest.raises(ValueError, match=r"are listed again, the first in row 2"):
        Hierarchy.from_frame([["a", "x"], ["a", "x"]])


def test_no_values_are_refused():
    with pytest.raises(ValueError, match="lists no value"):
        Hierarchy.from_dict({})
    with pytest.raises(ValueError, match="lists no value"):
        Hierarchy.from_tree({})

    with pytest.raises(ValueError, match="lists no value"):
        Hierarchy.order([], [2])


@pytest.mark.parametrize(
    "tree",
    [
        {"Europe": 1},
        {"Europe": {"Germany": 2.5}},
        {"Germany": "Berlin"},
        {"Germany": pd.DataFrame({"Berlin": [1]})},
        {"Germany": pa.table({"Berlin": [1]})},
        {"Germany": np.array([["Berlin"]])},
    ],
)
def test_a_tree_whose_leaves_are_no_lists_is_refused(tree):
    with pytest.raises(
        TypeError, match=r"innermost groups .* of values; got [A-Za-z]+\."
    ):
        Hierarchy.from_tree(tree)


def test_the_values_of_a_tree_may_be_in_any_collection():
    expected = Hierarchy.from_tree({"Europe": ["Bonn", "Rome"]})
    values = ("Bonn", "Rome")
    for collection in (values, set(values), np.array(values), pd.Index(values)):
        assert Hierarchy.from_tree({"Europe": collection}) == expected


@pytest.mark.parametrize(
    "make",
    [
        lambda: Hierarchy.from_tree({"Europe": [{"Germany": ["Bonn"]}, "Rome"]}),
        lambda: Hierarchy.from_tree({"Europe": [["Bonn"], "Rome"]}),
        lambda: Hierarchy.from_dict({"Bonn": {"Germany": "Europe"}, "Rome": "Europe"}),
        lambda: Hierarchy.from_dict({"Bonn": {"Germany"}, "Rome": "Italy"}),
    ],
)
def test_a_collection_is_no_value_and_no_label(make):
    with pytest.raises(
        TypeError, match=r"are texts, numbers or dates; got (dict|list|set)\."
    ):
        make()


@pytest.mark.parametrize("tree", [["Bonn"], "Bonn", 7, pd.DataFrame({"Bonn": [1]})])
def test_what_is_no_dict_is_no_tree(tree):
    with pytest.raises(TypeError, match=r"'tree' must be a dict from group .*; got \w"):
        Hierarchy.from_tree(tree)


def test_a_list_is_no_mapping():
    with pytest.raises(TypeError, match=r"'mapping' must be a dict .* got list"):
        Hierarchy.from_dict([("Bonn", "Germany")])


def test_paths_of_unequal_length_are_refused():
    with pytest.raises(ValueError, match="from 1 to 2 labels above them"):
        Hierarchy.from_dict({"a": ["x", "y"], "b": "x"})


@pytest.mark.parametrize("level", [-1, 4])
def test_a_level_outside_the_hierarchy_is_refused(cities, level):
    with pytest.raises(ValueError, match=f"Level {level} is not a level .* height 3"):
        cities.generalize(["Bonn"], level)


def test_a_hierarchy_is_made_by_its_methods():
    with pytest.raises(TypeError, match=r"such as Hierarchy\.from_csv"):
        Hierarchy()


def test_a_level_is_an_integer(cities):
    with pytest.raises(TypeError, match="A level is an integer; got str"):
        cities.generalize(["Bonn"], "1")


def test_a_hierarchy_cannot_be_changed(cities):
    with pytest.raises(AttributeError, match="cannot be changed"):
        cities.height = 5
    with pytest.raises(AttributeError, match="cannot be changed"):
        del cities._rule
    with pytest.raises(ValueError, match="read-only"):
        cities.codes(1)[0] = 3


def test_what_a_hierarchy_was_made_of_does_not_change_it(cities):
    edges = np.array([1.0, 2.0])
    nested, flat = (Hierarchy.intervals(edges=e) for e in ([edges, [2.0]], edges))
    edges[0] = -9.0
    assert nested.generalize([0.5], 1).tolist() == ["<1"]
    assert flat.generalize([0.5], 1).tolist() == ["<1"]


def test_what_a_hierarchy_gives_to_a_pickle_does_not_change_it(cities):
    for hierarchy in (cities, pickle.loads(pickle.dumps(cities))):
        with pytest.raises(ValueError, match="read-only"):
            hierarchy.__getstate__()["codes"][1][0] = 3
    intervals = Hierarchy.intervals(edges=[1, 2])
    with pytest.raises(ValueError, match="read-only"):
        intervals.__getstate__()["edges"][0][0] = 3


def test_a_pickle_is_plain_and_gives_the_hierarchy_back(cities):
    back = pickle.loads(pickle.dumps(cities))
    assert back == cities
    assert hash(back) == hash(cities)
    assert back.generalize(["Bonn"], 1).tolist() == ["Germany"]
    state = cities.__getstate__()
    assert {type(value) for value in state["codes"]} == {np.ndarray}
    assert {type(value) for value in state["labels"]} == {list}


def test_a_copy_is_the_hierarchy_itself(cities):
    assert copy.deepcopy(cities) is cities
    assert copy.copy(cities) is cities


def test_hierarchies_are_equal_by_what_they_say(cities):
    assert cities == Hierarchy.from_dict(dict(CITIES))
    assert cities != Hierarchy.from_dict({**CITIES, "Oslo": ["Norway", "Europe"]})
    assert cities != "cities"


def test_the_repr_shows_no_value(cities):
    assert repr(cities) == "Hierarchy(listed, height=3, n_labels=[4, 3, 2, 1])"


@pytest.mark.parametrize(
    ("name", "n_labels"),
    [
        ("adult_hierarchy_age", [100, 20, 10, 5, 1]),
        ("adult_hierarchy_native-country", [41, 5, 1]),
        ("adult_hierarchy_sex", [2, 1]),
        ("test2_hierarchy_ZIPCode", None),
        ("test_hierarchy_zipcode", [10000, 1000, 100, 10, 1, 1]),
    ],
)
def test_the_hierarchies_of_arx_are_read(shared, name, n_labels):
    hierarchy = Hierarchy.from_csv(shared / "arx" / f"{name}.csv")
    sizes = [len(hierarchy.labels(level)) for level in range(hierarchy.height + 1)]
    assert n_labels is None or sizes == n_labels
    assert hierarchy.labels(hierarchy.height) == ["*"]
    assert all(np.isclose(hierarchy.shares(i).sum(), 1) for i in range(len(sizes)))


def test_every_hierarchy_of_arx_says_what_its_file_says(shared):
    paths = sorted((shared / "arx").glob("*_hierarchy_*.csv"))
    assert "fars_hierarchy_iage.csv" in [path.name for path in paths]
    for path in paths:
        rows = pd.read_csv(path, sep=";", header=None, dtype=str, keep_default_na=False)
        table = rows.drop_duplicates().set_index(0)
        assert table.index.is_unique
        values, hierarchy = rows[0], Hierarchy.from_csv(path)
        assert (hierarchy.n_leaves, hierarchy.height) == table.shape
        assert hierarchy.generalize(values, 0).tolist() == values.tolist()
        for level in range(1, hierarchy.height):
            expected = values.map(table[level].to_dict())
            assert hierarchy.generalize(values, level).tolist() == expected.tolist()
        assert set(hierarchy.generalize(values, hierarchy.height)) == {"*"}
