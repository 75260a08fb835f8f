"""Hierarchies of H3 cells: ever larger hexagons, with ever fewer neighbours."""

import pickle
import sys

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from skanon import HierarchyGeneralizer
from skanon.exceptions import ColumnTypeError, MissingExtraError, UnknownValueError
from skanon.hierarchies import Hierarchy

#: A cell of resolution 9, one beside it, and the cells of resolution 7 and 5 above.
CELL, BESIDE = "8928308280fffff", "8928308280bffff"
ABOVE_7, ABOVE_5 = "872830828ffffff", "85283083fffffff"

#: An edge and a corner of a cell, its id in decimal, an id cut off, one of a base cell
#: that does not exist, and text of other kinds.
NO_CELLS = [
    "11928308280fffff",
    "229283082803ffff",
    str(int(CELL, 16)),
    CELL[:-1],
    "80fffffffffffff",
    "8928308280gffff",
    f" {CELL}",
    f"{CELL}\n",
    "8928308280_ffff",
    "f" * 20,
    "-1",
    "",
    "soon",
]


@pytest.fixture
def h3():
    return pytest.importorskip("h3", reason="h3 is not installed")


@pytest.fixture
def cells(h3):
    return Hierarchy.h3_cells([7, 5])


def cells_of(h3, rng, resolution, n_cells=200):
    """Draw cells from all over the earth, with the pentagons and some of their kin."""
    places = rng.uniform((-90, -180), (90, 180), (n_cells, 2))
    pentagons = list(h3.get_pentagons(resolution))
    kin = [near for cell in pentagons for near in h3.grid_disk(cell, 2)]
    drawn = [h3.latlng_to_cell(lat, lng, resolution) for lat, lng in places]
    return [*drawn, *pentagons, *kin]


@pytest.mark.parametrize(
    ("level", "label"), [(0, CELL), (1, ABOVE_7), (2, ABOVE_5), (3, "*")]
)
def test_a_cell_becomes_the_cell_that_it_lies_in(frame, cells, level, label):
    table = frame({"home": [CELL, None, CELL]})
    out = cells.generalize(table["home"], level)
    assert frame.values({"home": out}, "home") == [label, None, label]


@pytest.mark.parametrize("resolution", range(16))
def test_every_label_is_what_h3_says(h3, rng, resolution):
    drawn = cells_of(h3, rng, resolution)
    hierarchy = Hierarchy.h3_cells(range(resolution, -1, -1))
    for level in range(1, hierarchy.height):
        above = [h3.cell_to_parent(cell, resolution + 1 - level) for cell in drawn]
        assert hierarchy.generalize(drawn, level).tolist() == above


@pytest.mark.parametrize(
    "column",
    [
        np.array([int(CELL, 16)], np.uint64),
        [int(CELL, 16)],
        pd.Series([int(CELL, 16)], dtype="UInt64"),
        pd.Series([int(CELL, 16)], dtype=object),
        pd.Series([int(CELL, 16)], dtype="category"),
        pa.array([int(CELL, 16)], pa.uint64()),
        pd.Series([CELL], dtype="category"),
        [CELL.upper()],
    ],
    ids=["uint64", "int", "UInt64", "object", "category", "arrow", "text", "upper"],
)
def test_ids_are_read_in_every_form_they_have(cells, column):
    assert list(map(str, cells.generalize(column, 1))) == [ABOVE_7]
    assert list(cells.generalize(column, 0)) == list(column)


def test_missing_values_stay_missing_among_integers(cells):
    column = pd.Series([int(CELL, 16), None], dtype="UInt64")
    out = cells.generalize(column, 2)
    assert out[0] == ABOVE_5
    assert out.isna().tolist() == [False, True]


@pytest.mark.parametrize("kind", [pa.null(), pa.string(), pa.int64()], ids=str)
@pytest.mark.parametrize("n_rows", [0, 2])
def test_a_column_may_have_no_values(cells, kind, n_rows):
    column = pa.nulls(n_rows, kind)
    for level in range(4):
        assert cells.generalize(column, level).to_pylist() == [None] * n_rows
    if n_rows:
        soon = pa.array(["soon"] * n_rows)
        out = cells.generalize(soon, 1, handle_unknown="suppress")
        assert out.to_pylist() == [None] * n_rows


def test_a_part_of_a_column_is_read_alone(cells):
    column = pa.array(["soon", ABOVE_5, CELL, None, BESIDE])
    assert cells.generalize(column[2:], 1).to_pylist() == [ABOVE_7, None, ABOVE_7]
    coded = column.dictionary_encode()[2:]
    out = cells.generalize(coded, 1, handle_unknown="suppress")
    assert out.to_pylist() == [ABOVE_7, None, ABOVE_7]


def test_a_categorical_column_stays_categorical(cells):
    column = pd.Series([CELL, None, BESIDE, CELL], dtype="category")
    out = cells.generalize(column, 1)
    assert isinstance(out.dtype, pd.CategoricalDtype)
    assert out.cat.categories.tolist() == [ABOVE_7]
    assert out.isna().tolist() == [False, True, False, False]


@given(data=st.data())
def test_every_level_is_a_coarsening(data):
    h3 = pytest.importorskip("h3", reason="h3 is not installed")
    resolution = st.integers(0, 15)
    chosen = data.draw(st.lists(resolution, min_size=1, max_size=5, unique=True))
    hierarchy = Hierarchy.h3_cells(sorted(chosen, reverse=True))
    # Few places, so that cells of several sizes lie in each other.
    place = st.sampled_from([(0, 0), (52.5, 13.4), (58.4, 5.2), (-39.1, 122.3)])
    cell = st.builds(lambda at, size: h3.latlng_to_cell(*at, size), place, resolution)
    values = np.array([*data.draw(st.lists(cell, max_size=20)), "none"], object)
    below = None
    for level in range(hierarchy.height + 1):
        labels = hierarchy.generalize(values, level, handle_unknown="suppress")
        labels = ["" if pd.isna(label) else label for label in labels]
        if level > 0:
            assert len(set(zip(below, labels, strict=True))) == len(set(below))
        below = labels


@pytest.mark.parametrize("level", range(4))
def test_a_cell_larger_than_those_of_level_1_has_a_place_on_no_level(cells, level):
    column = [CELL, ABOVE_7, ABOVE_5]
    with pytest.raises(UnknownValueError, match=r"^1 value\(s\) have no place"):
        cells.generalize(column, level)
    out = cells.generalize(column, level, handle_unknown="suppress")
    assert pd.isna(out).tolist() == [False, False, True]


@pytest.mark.parametrize("level", range(4))
@pytest.mark.parametrize("value", NO_CELLS, ids=repr)
def test_what_is_no_cell_has_no_place(cells, value, level):
    with pytest.raises(UnknownValueError) as caught:
        cells.generalize([CELL, value], level)
    assert str(caught.value).startswith("1 value(s) have no place")
    out = cells.generalize([CELL, value], level, handle_unknown="suppress")
    assert pd.isna(out).tolist() == [False, True]


def test_integers_that_are_no_cells_have_no_place(cells):
    for numbers in (
        np.array([-1, 0, 7, -(2**63)]),
        np.array([2**64 - 1, int(CELL, 16) + 2**63], np.uint64),
        np.array([1], np.int8),
    ):
        with pytest.raises(UnknownValueError, match=rf"^{len(numbers)} value"):
            cells.generalize(numbers, 1)


def test_h3_decides_which_ids_are_cells(h3, cells, rng):
    """Ids with one bit turned over, of which some are cells and some are none."""
    drawn = np.array([int(cell, 16) for cell in cells_of(h3, rng, 9)], np.uint64)
    turned = drawn ^ (np.uint64(1) << rng.integers(64, size=len(drawn), dtype="u8"))
    texts = [f"{number:x}" for number in turned.tolist()]
    valid = [h3.is_valid_cell(t) and h3.get_resolution(t) >= 7 for t in texts]
    assert len(set(valid)) == 2
    for column in (turned, texts):
        out = cells.generalize(column, 1, handle_unknown="suppress")
        assert (~pd.isna(out)).tolist() == valid


@pytest.mark.parametrize(
    "column",
    [
        pd.Series([float(int(CELL, 16)), None]),
        pd.Series([float(int(CELL, 16))], dtype="category"),
        [True],
        [b"8928308280fffff"],
    ],
    ids=["float", "category", "bool", "bytes"],
)
def test_a_column_that_cannot_hold_ids_is_refused(cells, column):
    message = "^The column has Arrow type .*; a hierarchy of H3 cells needs their ids"
    with pytest.raises(ColumnTypeError, match=message):
        cells.generalize(column, 1)


def test_its_cells_can_be_listed(cells):
    listed = cells.for_values([CELL, BESIDE, None, CELL])
    assert listed.labels(0) == [BESIDE, CELL]
    assert listed.to_frame().to_numpy().tolist() == [
        [BESIDE, ABOVE_7, ABOVE_5, "*"],
        [CELL, ABOVE_7, ABOVE_5, "*"],
    ]
    with pytest.raises(UnknownValueError, match=r"^1 value\(s\) have no place"):
        cells.for_values([CELL, ABOVE_5])
    numbers = cells.for_values([int(CELL, 16)])
    assert numbers.generalize([int(CELL, 16)], 1).tolist() == [ABOVE_7]


def test_an_estimator_applies_it_to_a_table(frame, cells):
    table = frame({"home": [CELL, None, BESIDE], "age": [1, 2, 3]})
    generalizer = HierarchyGeneralizer(hierarchies={"home": cells}, level=1)
    out = generalizer.fit_transform(table)
    assert frame.values(out, "home") == [ABOVE_7, None, ABOVE_7]
    other = frame({"home": ["soon", CELL, ABOVE_5], "age": [1, 2, 3]})
    assert frame.values(generalizer.transform(other), "home") == [None, ABOVE_7, None]


def test_an_estimator_counts_its_labels_in_their_order(cells):
    table = pd.DataFrame({"home": [int(CELL, 16), int("87283080dffffff", 16)]})
    generalizer = HierarchyGeneralizer(hierarchies=cells, output="ordinal")
    assert generalizer.fit_transform(table)["home"].tolist() == [1, 0]
    with pytest.raises(ColumnTypeError, match=r"^Column 'home': The column has"):
        generalizer.fit(table.astype(float))


def test_it_survives_pickling_as_numbers(cells):
    assert pickle.loads(pickle.dumps(cells)) == cells
    assert cells.__getstate__() == {"kind": "h3", "resolutions": [7, 5]}


def test_it_is_known_by_its_resolutions(cells):
    same = Hierarchy.h3_cells(np.array([7, 5]))
    assert cells == same
    assert hash(cells) == hash(same)
    assert cells != Hierarchy.h3_cells([7])
    assert cells != Hierarchy.prefix([7, 5])
    assert repr(cells) == "Hierarchy(h3, height=3, resolutions=[7, 5])"


def test_labels_of_cells_have_no_order_of_their_own(cells):
    assert not cells.is_ordered
    assert not cells.is_numeric
    with pytest.raises(TypeError, match="'h3' have no order of their own"):
        cells.ordinals([CELL], 1)


@pytest.mark.parametrize(
    "resolutions",
    [[], [5, 7], [7, 7], [16], [3, -1], [7.5], ["7"], [True], None, "75"],
    ids=repr,
)
def test_bad_resolutions_are_refused(resolutions):
    with pytest.raises(ValueError, match="'resolutions' must be a list of integers"):
        Hierarchy.h3_cells(resolutions)


def test_without_h3_the_extra_is_named_when_it_is_made_and_when_it_is_used(
    monkeypatch,
):
    from_elsewhere = Hierarchy.__new__(Hierarchy)
    from_elsewhere.__setstate__({"kind": "h3", "resolutions": [7]})
    for name in ("h3", "h3.api"):
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(MissingExtraError, match=r"extra \[geo\]. Run: pip install h3"):
        Hierarchy.h3_cells([7])
    with pytest.raises(MissingExtraError, match=r"extra \[geo\]. Run: pip install h3"):
        from_elsewhere.generalize([CELL], 1)
