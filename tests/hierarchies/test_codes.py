"""Hierarchies of codes, and those from an order or from frequencies."""

import pickle

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from skanon.hierarchies import Hierarchy

RULES = [
    Hierarchy.prefix([4, 3, 1]),
    Hierarchy.redaction(),
    Hierarchy.redaction("#", from_end=False, height=3),
]


def test_a_prefix_keeps_the_first_characters():
    hierarchy = Hierarchy.prefix([3, 2])
    codes = ["02139", "1", None, "äöüß"]
    out = [hierarchy.generalize(pa.array(codes), i).to_pylist() for i in (1, 2, 3)]
    assert out == [
        ["021", "1", None, "äöü"],
        ["02", "1", None, "äö"],
        ["*", "*", None, "*"],
    ]


@pytest.mark.parametrize(
    ("from_end", "expected"),
    [(True, ["0213*", "021**", "*"]), (False, ["*2139", "**139", "*"])],
)
def test_redaction_hides_one_more_character_each_time(from_end, expected):
    hierarchy = Hierarchy.redaction(from_end=from_end)
    assert hierarchy.height == 5
    out = [hierarchy.generalize(["02139"], level)[0] for level in (1, 2, 5)]
    assert out == expected


def test_redaction_leaves_nothing_of_a_code_that_is_too_short():
    hierarchy = Hierarchy.redaction(char="x")
    assert hierarchy.generalize(["abc", "a", ""], 2).tolist() == ["axx", "xx", "xx"]


def test_redaction_is_the_hierarchy_that_arx_ships(shared):
    listed = Hierarchy.from_csv(shared / "arx" / "test2_hierarchy_ZIPCode.csv")
    for level in range(listed.height + 1):
        expected = listed.generalize(listed.labels(0), level)
        out = Hierarchy.redaction().generalize(listed.labels(0), level)
        assert out.tolist() == expected.tolist()


def test_numbers_are_codes_too():
    assert Hierarchy.prefix([2]).generalize([12345.0, 987], 1).tolist() == ["12", "98"]


@pytest.mark.parametrize("hierarchy", RULES, ids=repr)
@given(codes=st.lists(st.text("ab*#ä", max_size=6), max_size=12))
def test_every_level_of_a_rule_is_a_coarsening(hierarchy, codes):
    codes = np.array([*codes, "ab"], object)
    for level in range(hierarchy.height):
        lower, upper = (hierarchy.generalize(codes, i) for i in (level, level + 1))
        assert len(set(zip(lower, upper, strict=True))) == len(set(lower))


@pytest.mark.parametrize("hierarchy", RULES, ids=repr)
def test_a_rule_survives_pickling(hierarchy):
    assert pickle.loads(pickle.dumps(hierarchy)) == hierarchy
    assert hierarchy != Hierarchy.prefix([2])


def test_labels_of_codes_have_no_order_of_their_own():
    assert not RULES[0].is_ordered
    with pytest.raises(TypeError, match="'prefix' have no order of their own"):
        RULES[0].ordinals(["abc"], 1)
    listed = RULES[0].for_values(["bbb1", "aaaa"])
    assert listed.ordinals(["bbb2", "bbb1"], 1).tolist()[1] == 1


@pytest.mark.parametrize(
    "lengths", [[], [2, 3], [2, 2], [0], [1.5], ["a"], [True], None, "3"]
)
def test_bad_lengths_are_refused(lengths):
    with pytest.raises(ValueError, match="'lengths' must be a list of positive int"):
        Hierarchy.prefix(lengths)


def test_bad_redactions_are_refused():
    with pytest.raises(ValueError, match="'char' must be a single character"):
        Hierarchy.redaction("**")
    with pytest.raises(ValueError, match="'height' must be a positive integer; got 0"):
        Hierarchy.redaction(height=0)
    with pytest.raises(ValueError, match="'from_end' must be True or False; got 'no'"):
        Hierarchy.redaction(from_end="no")


def test_neighbours_in_an_order_are_grouped():
    hierarchy = Hierarchy.order(["none", "low", "mid", "high", "max"], [2, 2])
    assert hierarchy.labels(1) == ["none..low", "mid..high", "max"]
    assert hierarchy.labels(2) == ["none..high", "max"]
    assert hierarchy.labels(3) == ["*"]


def test_groups_of_an_order_can_have_sizes_of_their_own():
    hierarchy = Hierarchy.order([1, 2, 3, 4], [[1, 3]])
    assert hierarchy.labels(1) == ["1", "2..4"]
    assert hierarchy.ordinals([4, 1], 1).tolist() == [1, 0]


@pytest.mark.parametrize(
    ("sizes", "message"),
    [
        ([[1, 1]], "of level 1 add up to 2, but there are 4 groups on level 0"),
        ([2, [2, 1]], "of level 2 add up to 3, but there are 2 groups on level 1"),
        ([0], "of level 1 must be a positive integer or a list"),
        ([[5, -1]], "of level 1 must be a positive integer or a list"),
        (["a"], "of level 1 must be a positive integer or a list"),
        ([None], "of level 1 must be a positive integer or a list"),
        (["2"], "of level 1 must be a positive integer or a list"),
        (None, "'group_sizes' must be a list .*; got NoneType"),
    ],
)
def test_bad_group_sizes_are_refused(sizes, message):
    with pytest.raises(ValueError, match=message):
        Hierarchy.order(list("abcd"), sizes)


@pytest.mark.parametrize("label", [5, None, b"other", pd.Series(["other"])], ids=repr)
def test_the_name_of_a_group_is_a_text(label):
    with pytest.raises(ValueError, match=r"'group_label' must be a text, .*; got"):
        Hierarchy.frequency(list("aab"), [1], group_label=label)


LETTERS = [*"aaaa", *"bbb", *"cc", *"d", *"e", None]


def test_rare_values_are_joined_first():
    hierarchy = Hierarchy.frequency(LETTERS, [2, 4])
    out = [hierarchy.generalize(list("abcde"), i).tolist() for i in (1, 2, 3)]
    assert out == [
        ["a", "b", "c", "other", "other"],
        ["a", *["other"] * 4],
        ["*"] * 5,
    ]


def test_without_sizes_half_of_the_values_is_left_each_time():
    hierarchy = Hierarchy.frequency([*LETTERS, *"aaabbbfgh"])
    assert [len(hierarchy.labels(i)) for i in range(4)] == [8, 5, 3, 2]


def test_weights_are_repeated_rows():
    values = ["a", "b", "c", "d", None]
    weights = [0, 2, 1, 3, 2]
    repeated = np.repeat(np.array(values, object), weights)
    by_weights = Hierarchy.frequency(values, [1], sample_weight=weights)
    assert by_weights == Hierarchy.frequency(repeated, [1])
    assert by_weights.labels(1) == ["d", "b", "other"]


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"group_sizes": [3, 2]}, "each above the one before"),
        ({"group_sizes": [6]}, "none above the number of values, 5"),
        ({"group_sizes": [2], "group_label": "a"}, "has the value 'a', so that this"),
    ],
)
def test_bad_groups_of_rare_values_are_refused(parameters, message):
    with pytest.raises(ValueError, match=message):
        Hierarchy.frequency(LETTERS, **parameters)


def test_a_column_of_missing_values_has_no_frequencies():
    with pytest.raises(ValueError, match="no value to make a hierarchy of"):
        Hierarchy.frequency([None, None])
