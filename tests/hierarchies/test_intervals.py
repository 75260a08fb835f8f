"""Hierarchies of numbers: intervals between edges, grids, coordinates."""

import pickle

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from skanon.exceptions import ColumnTypeError, UnknownValueError
from skanon.hierarchies import Hierarchy

AGES = Hierarchy.intervals(edges=[0, 18, 65, 90], levels=2)
DECADES = Hierarchy.intervals(width=5, levels=[2, 5])
EACH = pytest.mark.parametrize(
    "hierarchy",
    [AGES, DECADES, Hierarchy.geo_grid([2, 1, 0])],
    ids=["cuts", "grid", "geo"],
)


@pytest.mark.parametrize(
    ("level", "expected"),
    [
        (0, [-1, 0, 17.5, 18, 64, 90]),
        (1, ["<0", "[0, 18)", "[0, 18)", "[18, 65)", "[18, 65)", ">=90"]),
        (2, ["<0", "[0, 65)", "[0, 65)", "[0, 65)", "[0, 65)", ">=90"]),
        (3, ["*"] * 6),
    ],
)
def test_edges_make_intervals_that_are_joined(level, expected):
    assert AGES.generalize([-1, 0, 17.5, 18, 64, 90], level).tolist() == expected


def test_each_level_can_have_its_own_edges():
    hierarchy = Hierarchy.intervals(edges=[[0, 10, 20], [10]])
    assert hierarchy.height == 3
    assert hierarchy.generalize([5, 15], 2).tolist() == ["<10", ">=10"]


@pytest.mark.parametrize(
    ("level", "expected"),
    [(1, "[40, 45)"), (2, "[40, 50)"), (3, "[0, 50)"), (4, "*")],
)
def test_a_width_makes_a_grid_whose_cells_are_joined(level, expected):
    assert DECADES.generalize([42], level).tolist() == [expected]


def test_a_grid_has_no_end_and_a_chosen_origin():
    hierarchy = Hierarchy.intervals(10, origin=3)
    out = hierarchy.generalize([-8, 2, 3, 1_000_000], 1).tolist()
    assert out == ["[-17, -7)", "[-7, 3)", "[3, 13)", "[999993, 1000003)"]


@pytest.mark.parametrize("width", [0.1, 0.01, 0.3, 1e-5, 7.0])
def test_an_edge_belongs_to_the_interval_it_begins(width):
    hierarchy = Hierarchy.intervals(width=width)
    edges = np.array([round(k * width, 9) for k in range(-200, 200)])
    left, right = hierarchy.bounds(edges, 1)
    np.testing.assert_array_equal(left, edges)
    np.testing.assert_array_equal(right[:-1], edges[1:])
    np.testing.assert_array_equal(hierarchy.ordinals(edges, 1), range(-200, 200))


def test_intervals_may_be_as_narrow_and_wide_as_floats_are():
    narrow, wide = (Hierarchy.intervals(width=width) for width in (1e-30, 1e308))
    assert narrow.generalize([3.5e-30], 1).tolist() == ["[3e-30, 4e-30)"]
    assert wide.generalize([1.7e308], 1).tolist() == ["[1e+308, inf)"]
    far = Hierarchy.intervals(edges=[-1.7e308, 1.7e308])
    assert np.isfinite(far.bounds([0.0, 1.79e308], 1, finite=True)).all()


def test_labels_of_a_grid_read_as_people_write_them():
    hierarchy = Hierarchy.intervals(width=0.1)
    assert hierarchy.generalize([0.3, -0.05], 1).tolist() == ["[0.3, 0.4)", "[-0.1, 0)"]


def test_coordinates_lose_decimals():
    hierarchy = Hierarchy.geo_grid([2, 1, 0])
    out = [hierarchy.generalize([52.5163], level)[0] for level in (1, 2, 3, 4)]
    assert out == ["[52.51, 52.52)", "[52.5, 52.6)", "[52, 53)", "*"]


@EACH
@given(numbers=st.lists(st.floats(-1e4, 1e4), min_size=1, max_size=20))
def test_every_level_is_a_coarsening_that_keeps_the_order(hierarchy, numbers):
    numbers = np.sort(numbers)
    below = numbers
    for level in range(1, hierarchy.height + 1):
        codes = hierarchy.ordinals(numbers, level)
        assert (np.diff(codes) >= 0).all()
        assert len(set(zip(below, codes, strict=True))) == len(set(below))
        left, right = hierarchy.bounds(numbers, level)
        assert ((left <= numbers) & (numbers < right)).all()
        labels = hierarchy.generalize(numbers, level)
        assert len(set(zip(labels, codes, strict=True))) == len(set(labels))
        below = codes


@EACH
def test_missing_numbers_stay_missing(hierarchy):
    for level in range(hierarchy.height + 1):
        column = pa.array([None, 3.0])
        assert hierarchy.generalize(column, level).null_count == 1
        assert hierarchy.ordinals(column, level).null_count == 1
        for ends in hierarchy.bounds(column, level):
            assert np.isnan(ends).tolist() == [True, False]


@EACH
def test_bounds_can_be_finite(hierarchy):
    for level in range(hierarchy.height + 1):
        left, right = hierarchy.bounds([-5.0, 3.0, 500.0], level, finite=True)
        assert np.isfinite(left).all()
        assert np.isfinite(right).all()
        assert (left <= right).all()


def test_an_open_interval_is_drawn_as_wide_as_its_neighbour():
    left, right = AGES.bounds([-1, 95], 1, finite=True)
    assert left.tolist() == [-18, 90]
    assert right.tolist() == [0, 115]
    left, right = Hierarchy.intervals(edges=[18]).bounds([1, 20], 1, finite=True)
    assert left.tolist() == [0, 18]
    assert right.tolist() == [18, 36]


def test_infinity_has_a_place_between_edges_but_not_on_a_grid():
    assert AGES.generalize([np.inf], 1).tolist() == [">=90"]
    with pytest.raises(UnknownValueError, match=r"1 value\(s\) have no place"):
        DECADES.generalize([np.inf], 1)
    assert DECADES.ordinals(pa.array([np.inf]), 1).to_pylist() == [None]


@EACH
def test_it_survives_pickling(hierarchy):
    back = pickle.loads(pickle.dumps(hierarchy))
    assert back == hierarchy
    assert hash(back) == hash(hierarchy)
    assert hierarchy != Hierarchy.intervals(edges=[3])


@EACH
def test_its_values_can_be_listed(hierarchy):
    listed = hierarchy.for_values([40, 3, None, 3])
    assert listed.labels(0) == ["3", "40"]
    assert listed.height == hierarchy.height
    assert listed.for_values([1]) is listed
    for level in range(1, listed.height + 1):
        expected = hierarchy.generalize([3, 40], level).tolist()
        assert listed.generalize([3, 40], level).tolist() == expected


def test_without_a_list_there_are_no_codes():
    with pytest.raises(TypeError, match="lists no values"):
        DECADES.codes(1)


def test_text_is_refused():
    with pytest.raises(
        ColumnTypeError, match=r"has Arrow type .*string; a hierarchy of"
    ):
        AGES.generalize(["a"], 1)


def test_a_list_has_no_bounds():
    with pytest.raises(TypeError, match="A hierarchy of kind 'listed' has no bounds"):
        Hierarchy.from_dict({"a": "x"}).bounds(["a"], 1)


def test_the_repr_shows_the_parameters():
    assert repr(AGES) == "Hierarchy(intervals, height=3, edges=[0, 18, 65, 90])"
    percents = Hierarchy.intervals(edges=range(101))
    assert (
        repr(percents) == "Hierarchy(intervals, height=2, edges=[0, 1, ..., 99, 100])"
    )
    assert repr(DECADES) == "Hierarchy(grid, height=4, widths=[5, 10, 50])"


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({}, "Give either the 'width' of intervals or their 'edges'"),
        ({"width": 1, "edges": [1]}, "Give either the 'width'"),
        ({"width": 0}, "The width of intervals must be positive; got 0"),
        ({"width": "wide"}, "The width of intervals must be a finite number"),
        ({"width": True}, "The width of intervals must be a finite number; got True"),
        ({"width": 1, "origin": np.inf}, "The origin of intervals must be a finite"),
        ({"edges": [1, 3, 3]}, "must increase, but the edge at position 2 is not"),
        ({"edges": []}, "must be a list of finite numbers, at least one"),
        ({"edges": [0, np.nan]}, "must be a list of finite numbers"),
        ({"edges": "ab"}, "must be a list of finite numbers"),
        ({"edges": 5}, "must be a list of finite numbers"),
        ({"edges": [[1, 2], []]}, "The edges of level 2 must be a list of finite"),
        ({"edges": [[1, 2], [2]], "levels": 2}, "'levels' cannot be told as well"),
        ({"width": 1, "levels": None}, "'levels' must be the number of levels"),
        ({"width": 1, "levels": 2.0}, "'levels' must be the number .*; got 2.0"),
        ({"width": 1, "levels": "2"}, "'levels' must be the number .*; got '2'"),
        ({"edges": [[1, 2], [2, 1]]}, "The edges of level 2 must increase"),
        ({"edges": [[1, 2], [3]]}, "Level 2 .* not a coarsening of level 1: 1 of its"),
        ({"width": 1, "levels": 0}, "'levels' must be the number of levels"),
        ({"width": 1, "levels": [1]}, "or a list of integers from 2 on"),
    ],
)
def test_bad_intervals_are_refused(parameters, message):
    with pytest.raises(ValueError, match=message):
        Hierarchy.intervals(**parameters)


@pytest.mark.parametrize("level", [31, 32, 40])
def test_intervals_may_grow_beyond_all_that_the_grid_can_tell(level):
    doubled, far = Hierarchy.intervals(width=1, levels=level), 2**31 - 1
    below = [0, far >> level - 1, -1]
    assert doubled.ordinals([0, far, -1], level).tolist() == below
    left, right = doubled.bounds([0, far, -1], level)
    assert (right - left == 2.0 ** (level - 1)).all()
    assert (left <= [0, far, -1]).all()


def test_counts_may_be_integers_of_numpy():
    levels = Hierarchy.intervals(width=5, levels=np.int64(2))
    assert levels == Hierarchy.intervals(width=5, levels=2)
    assert Hierarchy.geo_grid(np.array([2, 0])) == Hierarchy.geo_grid([2, 0])
    back = pickle.loads(pickle.dumps(Hierarchy.prefix(np.array([3, 2]))))
    assert back == Hierarchy.prefix([3, 2]) != Hierarchy.prefix(3)
    assert repr(back) == "Hierarchy(prefix, height=3, lengths=[3, 2])"


@pytest.mark.parametrize("decimals", [[], [0, 1], [1, 1], [1.5], [True], None, "10"])
def test_bad_decimals_are_refused(decimals):
    with pytest.raises(ValueError, match="'decimals' must be a list of integers"):
        Hierarchy.geo_grid(decimals)
