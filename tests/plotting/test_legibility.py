"""What displays say can be read, whatever the size of the figure and of the words."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from skanon.plotting import QuasiIdentifierDisplay, RiskDisplay

LONG_NAMES = [
    "patient_identifier_of_the_primary_residence_recorded_at_admission",
    "patient_municipality_of_the_primary_residence_recorded_at_admission",
    "patient_municipality_of_the_primary_workplace_recorded_at_admission",
    "patient_birth_date_of_the_primary_guardian_recorded_at_admission",
]
SINGLES = [(name,) for name in LONG_NAMES]
PAIRS = [(a, b) for i, a in enumerate(LONG_NAMES) for b in LONG_NAMES[i + 1 :]]
SIZES = np.array([1, 2, 3, 4, 5, 8, 15, 30, 70, 150, 400, 800, 5000, 20000])
COUNTS = np.array([50, 30, 20, 30, 20, 10, 10, 10, 5, 5, 3, 2, 1, 1])


def risk(sizes: Any, counts: Any, *thresholds: float, **options: Any) -> RiskDisplay:
    return RiskDisplay(
        class_sizes=sizes, class_counts=counts, thresholds=thresholds, **options
    )


def ranked(*sets: tuple[Any, ...], **options: Any) -> QuasiIdentifierDisplay:
    shares = np.linspace(1, 0, len(sets))
    return QuasiIdentifierDisplay(
        column_sets=sets, separation=shares, distinction=shares / 2, **options
    )


DISPLAYS: dict[str, Any] = {
    "one threshold": risk(SIZES, COUNTS, 0.2),
    "five thresholds": risk(
        SIZES, COUNTS, 0.05, 0.1, 0.2, 0.33, 0.5, name="a long name of a table " * 4
    ),
    "one bar": risk([1], [20_000], 1.0, name="before"),
    "large classes": risk([3_000_000], [4], 0.2),
    "no class": risk([], [], 0.2),
    "long names": ranked(*SINGLES, *PAIRS),
    "long sets": ranked(*SINGLES, tuple(LONG_NAMES[:3]), tuple(LONG_NAMES)),
    "many sets": ranked(*[(f"column {i}",) for i in range(80)], max_shown=70),
    "one set": ranked(("sex",)),
    "no set": ranked(),
    "signs of mathematics": ranked(("cost in $ and k$",), ("a_b^c",)),
}


@pytest.fixture(autouse=True)
def plt() -> Iterator[Any]:
    matplotlib = pytest.importorskip("matplotlib", reason="matplotlib is absent")
    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    yield plt
    plt.close("all")


def words_of(ax: Any) -> list[Any]:
    """Return the boxes of all that is written, after the figure was drawn."""
    ax.figure.canvas.draw()
    legend = ax.get_legend()
    low, high = sorted(ax.get_xlim())
    ticks = [label for label in ax.get_xticklabels() if low <= label._x <= high]
    texts = [ax.title, ax.xaxis.label, ax.yaxis.label, *ticks, *ax.get_yticklabels()]
    texts += legend.get_texts() if legend else []
    return [text.get_window_extent() for text in texts if text.get_text()]


@pytest.mark.parametrize("size", [(6.4, 4.8), (4, 3), None])
@pytest.mark.parametrize("layout", [None, "constrained"])
@pytest.mark.parametrize("key", DISPLAYS)
def test_no_word_leaves_the_figure(plt: Any, key: str, layout: Any, size: Any) -> None:
    ax = plt.subplots(figsize=size, layout=layout)[1] if size else None
    display = DISPLAYS[key].plot(ax=ax)
    whole = display.figure_.bbox
    for box in words_of(display.ax_):
        assert whole.x0 - 1 <= box.x0 < box.x1 <= whole.x1 + 1
        assert whole.y0 - 1 <= box.y0 < box.y1 <= whole.y1 + 1


@pytest.mark.parametrize("size", [(6.4, 4.8), (4, 3), None])
@pytest.mark.parametrize("key", [k for k in DISPLAYS if "set" in k or "names" in k])
def test_names_of_sets_are_below_each_other_and_differ(
    plt: Any, key: str, size: Any
) -> None:
    ax = plt.subplots(figsize=size)[1] if size else None
    display = DISPLAYS[key].plot(ax=ax)
    display.figure_.canvas.draw()
    labels = display.ax_.get_yticklabels()
    assert len({label.get_text() for label in labels}) == len(labels)
    boxes = [label.get_window_extent() for label in labels]
    for upper, lower in pairwise(boxes):
        assert upper.y0 > lower.y0
        assert lower.y1 - upper.y0 < 0.35 * upper.height  # below the letters


def test_axes_without_room_show_fewer_sets_and_say_so(plt: Any) -> None:
    display = DISPLAYS["many sets"]
    assert len(display.plot().bars_) == 70
    display.plot(ax=plt.subplots(figsize=(4, 3))[1])
    n_shown = len(display.bars_)
    assert 20 < n_shown < 50
    assert len(display.points_.get_xdata()) == n_shown
    words = f"{80 - n_shown} more sets of columns are not shown"
    assert display.ax_.get_xlabel() == words


@pytest.mark.parametrize("size", [(6.4, 4.8), (4, 3)])
def test_lines_and_bars_end_below_the_legend(plt: Any, size: Any) -> None:
    display = DISPLAYS["five thresholds"].plot(ax=plt.subplots(figsize=size)[1])
    display.figure_.canvas.draw()
    legend = display.ax_.get_legend().get_window_extent()
    for drawn in [*display.lines_, *display.bars_]:
        assert drawn.get_window_extent().y1 <= legend.y0 + 1


def test_a_wide_figure_holds_names_in_full(plt: Any) -> None:
    display = ranked(("x" * 50,), ("y" * 50,)).plot()
    names = [label.get_text() for label in display.ax_.get_yticklabels()]
    assert names == ["x" * 50, "y" * 50]
    assert display.figure_.get_figwidth() > 6.4
