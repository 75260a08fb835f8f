"""A hierarchy is drawn as a tree."""

import sys

import numpy as np
import pytest

from skanon.exceptions import MissingExtraError
from skanon.hierarchies import Hierarchy

TREE = {"Europe": {"Spain": ["Vigo"]}, "Asia": {"Japan": ["Kobe", "$Ube$"]}}


@pytest.fixture
def plt():
    matplotlib = pytest.importorskip("matplotlib", reason="matplotlib is absent")
    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    yield plt
    plt.close("all")


LONG = {
    "An inner label that is longer than is usual for a tree": {
        "another one, nearly as long": ["a", "b"],
        "short": ["a leaf with a description that no line of a picture holds", "c"],
    },
    "x": {"y": [f"leaf number {i} of those below y, first" for i in range(14)]},
}


def boxes_of(artists):
    return [artist.get_window_extent() for artist in artists]


def shared_area(one, other):
    width = min(one.x1, other.x1) - max(one.x0, other.x0)
    height = min(one.y1, other.y1) - max(one.y0, other.y0)
    return max(width, 0) * max(height, 0)


def places(ax):
    return {text.get_text(): text.get_position()[1] for text in ax.texts}


def test_each_label_is_written_between_those_below_it(plt):
    ax = Hierarchy.from_tree(TREE).plot()
    ax.figure.canvas.draw()
    where = places(ax)
    assert set(where) == {
        "*",
        "Europe",
        "Asia",
        "Spain",
        "Japan",
        "Vigo",
        "Kobe",
        "$Ube$",
    }
    assert where["Japan"] == where["Asia"] == (where["Kobe"] + where["$Ube$"]) / 2
    assert where["*"] == (where["Europe"] + where["Asia"]) / 2
    assert len(ax.lines) == 3 + 2 + 2


def test_no_branches_cross_whatever_the_order_of_the_list(plt):
    ax = Hierarchy.from_dict({"a": "x", "b": "y", "c": "x", "d": "y"}).plot()
    where = places(ax)
    assert abs(where["a"] - where["c"]) == abs(where["b"] - where["d"]) == 1


def test_axes_that_are_given_are_drawn_on(plt):
    _, ax = plt.subplots()
    assert Hierarchy.from_tree(TREE).plot(ax=ax) is ax


@pytest.mark.parametrize("size", [(6.4, 4.8), (4, 3)])
@pytest.mark.parametrize("layout", [None, "constrained", "tight"])
@pytest.mark.parametrize("tree", [TREE, LONG])
def test_no_words_overlap_or_leave_the_figure(plt, tree, layout, size):
    figure, ax = plt.subplots(figsize=size, layout=layout)
    Hierarchy.from_tree(tree).plot(ax=ax)
    figure.canvas.draw()
    words = boxes_of([*ax.texts, *ax.get_xticklabels()])
    for i, box in enumerate(words):
        assert all(shared_area(box, other) == 0 for other in words[:i])
        assert figure.bbox.x0 <= box.x0 < box.x1 <= figure.bbox.x1
        assert figure.bbox.y0 <= box.y0 < box.y1 <= figure.bbox.y1


def test_no_line_runs_through_a_label(plt):
    figure, ax = plt.subplots()
    Hierarchy.from_tree(LONG).plot(ax=ax)
    figure.canvas.draw()
    paths = [line.get_path().transformed(ax.transData) for line in ax.lines]
    for box in boxes_of(ax.texts):
        assert not any(path.intersects_bbox(box, filled=False) for path in paths)


def test_labels_are_written_in_full_where_there_is_no_figure_yet(plt):
    ax = Hierarchy.from_tree(LONG).plot()
    assert set(LONG) <= {text.get_text() for text in ax.texts}
    right = max(box.x1 for box in boxes_of(ax.texts))
    assert right <= ax.figure.bbox.x1


def test_labels_that_are_shortened_stay_different(plt):
    _, ax = plt.subplots(figsize=(4, 3))
    Hierarchy.from_tree(LONG).plot(ax=ax)
    leaves = [text.get_text() for text in ax.texts][-18:]
    assert len(set(leaves)) == 18
    assert sum("\u2026" in leaf for leaf in leaves) == 15


def test_levels_say_how_many_labels_they_have(plt):
    ax = Hierarchy.from_tree(TREE).plot()
    headings = [label.get_text().split("\n") for label in ax.get_xticklabels()]
    assert headings == [
        ["level 3", "1 label"],
        ["level 2", "2 labels"],
        ["level 1", "2 labels"],
        ["level 0", "3 labels"],
    ]


def test_levels_whose_labels_cannot_be_read_are_left_out(plt):
    hierarchy = Hierarchy.intervals(width=1, levels=[10]).for_values(np.arange(50))
    _, ax = plt.subplots(figsize=(4, 3))
    hierarchy.plot(ax=ax)
    assert len(ax.texts) == 5 + 1
    assert ax.get_title() == "Levels below 2, down to 50 values, are left out"
    _, ax = plt.subplots(figsize=(4, 3))
    Hierarchy.from_dict({f"value {i}": "all" for i in range(50)}).plot(ax=ax)
    assert len(ax.texts) == 50 + 1  # nothing else to draw


def test_levels_with_many_labels_are_left_out(plt):
    hierarchy = Hierarchy.intervals(width=1, levels=[10]).for_values(np.arange(50))
    ax = hierarchy.plot(max_labels=20)
    assert len(ax.texts) == 5 + 1
    assert ax.get_title() == "Levels below 2, down to 50 values, are left out"
    for too_few in (3, 0):
        with pytest.raises(ValueError, match=f"more than max_labels={too_few} labels"):
            hierarchy.plot(max_labels=too_few)


def test_a_hierarchy_without_a_list_cannot_be_drawn():
    with pytest.raises(TypeError, match=r"for_values\(column\) makes one that does"):
        Hierarchy.prefix([2]).plot()


def test_without_matplotlib_the_error_names_the_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib.pyplot", None)
    with pytest.raises(MissingExtraError, match=r"extra \[plot\]"):
        Hierarchy.from_tree(TREE).plot()
