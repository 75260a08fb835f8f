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
    with pytest.raises(MissingExtraError, match=r"skanon\[plot\]"):
        Hierarchy.from_tree(TREE).plot()
