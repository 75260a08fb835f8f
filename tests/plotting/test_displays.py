"""The displays draw what was measured, by scikit-learn's conventions."""

import sys
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
import pytest

from skanon.exceptions import ColumnError, MissingExtraError
from skanon.metrics import quasi_identifier_ranking, risk_summary
from skanon.plotting import QuasiIdentifierDisplay, RiskDisplay

X = pd.DataFrame({"sex": ["f"] * 12 + ["m"] * 5 + ["x"] * 3, "age": [30, 41] * 10})
SUMMARY = risk_summary(X, quasi_identifiers=["sex"])
RANKING = quasi_identifier_ranking(X)

DISPLAYS: list[Any] = [
    lambda **options: RiskDisplay.from_summary(SUMMARY, **options),
    lambda **options: RiskDisplay.from_table(X, quasi_identifiers=["sex"], **options),
    lambda **options: QuasiIdentifierDisplay.from_ranking(RANKING, **options),
    lambda **options: QuasiIdentifierDisplay.from_table(X, **options),
]


@pytest.fixture(autouse=True)
def plt() -> Iterator[Any]:
    matplotlib = pytest.importorskip("matplotlib", reason="matplotlib is absent")
    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    yield plt
    plt.close("all")


@pytest.mark.parametrize("make", DISPLAYS)
def test_axes_that_are_given_are_drawn_on(make: Any, plt: Any) -> None:
    figure, ax = plt.subplots()
    display = make(ax=ax)
    assert display.ax_ is ax
    assert display.figure_ is figure
    assert plt.get_fignums() == [figure.number]


@pytest.mark.parametrize("make", DISPLAYS)
def test_without_axes_there_is_a_new_figure(make: Any, plt: Any) -> None:
    before = make()
    again = before.plot()
    assert again is before
    assert len(plt.get_fignums()) == 2
    assert before.figure_ is before.ax_.figure
    before.figure_.canvas.draw()


@pytest.mark.parametrize("make", DISPLAYS)
def test_plot_without_matplotlib_names_the_extra(
    make: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib.pyplot", None)
    with pytest.raises(
        MissingExtraError, match=r"extra \[plot\]. Run: pip install matplotlib"
    ):
        make()


def test_bars_are_shares_of_the_records() -> None:
    display = RiskDisplay.from_table(X, quasi_identifiers=["sex"])
    heights = [bar.get_height() for bar in display.bars_]
    names = [label.get_text() for label in display.ax_.get_xticklabels()]
    assert names == ["1", "2", "3", "4", "5\u20139", "10+"]
    assert heights == pytest.approx([0, 0, 0.15, 0, 0.25, 0.6])


def test_records_at_risk_stand_left_of_the_line_in_another_colour() -> None:
    display = RiskDisplay.from_summary(SUMMARY)
    (line,) = display.lines_
    assert line.get_xdata()[0] == 3.5  # between the bars of 4 and of 5
    colours = [bar.get_facecolor() for bar in display.bars_]
    assert len(set(colours[:4])) == len(set(colours[4:])) == 1
    assert colours[3] != colours[4]
    (words,) = display.ax_.get_legend().get_texts()
    assert words.get_text() == "risk > 0.2: 15.0% of records"


def test_no_threshold_runs_through_a_bar() -> None:
    thresholds = (0.05, 1 / 7, 0.33, 1.0)
    display = RiskDisplay.from_summary(SUMMARY, thresholds=thresholds)
    names = [label.get_text() for label in display.ax_.get_xticklabels()]
    assert names == [*"1234", "5\u20136", "7\u20139", "10\u201319", "20+"]
    places = sorted(line.get_xdata()[0] for line in display.lines_)
    assert places == [-0.5, 2.5, 4.5, 6.5]


def test_the_legend_tells_which_line_is_which_threshold() -> None:
    display = RiskDisplay.from_summary(SUMMARY, thresholds=(0.05, 1 / 7, 0.2, 0.5, 1))
    legend = display.ax_.get_legend()
    assert [text.get_text() for text in legend.get_texts()] == [
        "risk > 1: 0.0% of records",
        "risk > 0.5: 0.0% of records",
        "risk > 0.2: 15.0% of records",
        "risk > 0.143: 40.0% of records",
        "risk > 0.05: 100.0% of records",
    ]
    looks = [(line.get_color(), line.get_linestyle()) for line in display.lines_]
    samples = [(s.get_color(), s.get_linestyle()) for s in legend.get_lines()]
    assert samples == looks
    drawn = {(s.get_color(), str(s._dash_pattern)) for s in legend.get_lines()}
    assert len(drawn) == 5
    places = [line.get_xdata()[0] for line in display.lines_]
    assert places == sorted(places)


def test_lines_of_one_place_are_both_seen() -> None:
    display = RiskDisplay.from_summary(SUMMARY, thresholds=(0.25, 0.26, 0.33))
    places = [line.get_xdata()[0] for line in display.lines_]
    assert len(set(places)) == 3
    assert max(places) - min(places) < 0.2


def test_without_thresholds_there_is_no_legend() -> None:
    display = RiskDisplay.from_summary(SUMMARY, thresholds=())
    assert display.lines_ == []
    assert display.ax_.get_legend() is None


@pytest.mark.parametrize("size", [2, 3, 5, 7, 11, 49])
def test_a_class_of_the_size_that_a_threshold_means_is_not_at_risk(size: int) -> None:
    display = RiskDisplay(class_sizes=[size - 1, size], class_counts=[1, 1])
    at_risk = (size - 1) / (2 * size - 1)
    assert display.records_at_risk(1 / size) == pytest.approx(at_risk)


def test_counts_draw_what_their_records_draw() -> None:
    counted = pd.DataFrame({"sex": ["f", "m", "x"]})
    options: dict[str, Any] = {"quasi_identifiers": ["sex"]}
    short = RiskDisplay.from_table(counted, sample_weight=[12, 5, 3], **options)
    full = RiskDisplay.from_table(X, **options)
    for one, other in zip(short.bars_, full.bars_, strict=True):
        assert one.get_height() == other.get_height()


def test_overlapping_classes_are_drawn_by_their_records() -> None:
    """The last record matches all, so the others' classes hold it too."""
    gaps = pd.DataFrame({"sex": ["f", "f", "m", None], "age": [1, 1, 1, 1]})
    summary = risk_summary(
        gaps, quasi_identifiers=["sex", "age"], missing="wildcard", threshold=0.4
    )
    display = RiskDisplay.from_summary(summary)
    assert display.records_at_risk(0.4) == summary.prosecutor.records_at_risk(0.4)
    heights = [bar.get_height() for bar in display.bars_]
    assert heights == [0, 0.25, 0.5, 0.25]
    assert display.ax_.get_title() == "4 records in 3 classes"


def test_large_and_fractional_classes_have_bars() -> None:
    display = RiskDisplay(class_sizes=[0.5, 1, 3e6], class_counts=[2, 1, 4]).plot()
    names = [label.get_text() for label in display.ax_.get_xticklabels()]
    assert names[0] == "<1"
    assert names[-2:] == ["100,000\u2013999,999", "1,000,000+"]
    assert sum(bar.get_height() for bar in display.bars_) == pytest.approx(1)
    few = RiskDisplay(class_sizes=[0.25, 3.5], class_counts=[1, 0]).plot()
    assert few.bars_[0].get_height() == 1
    whole = RiskDisplay(class_sizes=[3.5], class_counts=[1])
    assert whole.records_at_risk(0.3) == 0  # as for the prosecutor


def test_a_table_suppressed_whole_can_be_drawn() -> None:
    table = pd.DataFrame({"sex": [None, None]})
    display = RiskDisplay.from_table(table, quasi_identifiers=["sex"])
    assert display.ax_.get_title() == "0 records in 0 classes"


def test_name_and_style_are_passed_on() -> None:
    display = RiskDisplay.from_summary(SUMMARY, name="before")
    assert display.ax_.get_title() == "before: 20 records in 3 classes"
    display.plot(name="after", color="black")
    assert display.ax_.get_title().startswith("after: ")
    assert {bar.get_facecolor() for bar in display.bars_} == {(0, 0, 0, 1)}


@pytest.mark.parametrize("threshold", [0, 1.5, -1, "0.2"])
def test_a_threshold_is_a_risk(threshold: float) -> None:
    with pytest.raises(ValueError, match="A threshold of RiskDisplay must be"):
        RiskDisplay.from_summary(SUMMARY, thresholds=[threshold])


def test_thresholds_are_a_list() -> None:
    with pytest.raises(ValueError, match=r"must be a list of risks, .*; got 0.2"):
        RiskDisplay.from_summary(SUMMARY, thresholds=0.2)


def test_bars_are_separation_and_points_distinction() -> None:
    display = QuasiIdentifierDisplay.from_ranking(RANKING)
    widths = [bar.get_width() for bar in display.bars_]
    assert widths == pytest.approx(RANKING.separation)
    assert display.points_.get_xdata() == pytest.approx(RANKING.distinction)
    names = [label.get_text() for label in display.ax_.get_yticklabels()]
    assert names == ["sex", "age", "sex + age"]
    bottom, top = display.ax_.get_ylim()
    assert bottom > top  # the first is on top


def test_what_is_not_shown_is_said() -> None:
    table = pd.DataFrame(np.arange(20).reshape(2, 10))
    display = QuasiIdentifierDisplay.from_table(table, max_shown=12)
    assert len(display.bars_) == 12
    assert display.ax_.get_xlabel() == "43 more sets of columns are not shown"
    assert QuasiIdentifierDisplay.from_ranking(RANKING).ax_.get_xlabel() == ""


def test_bad_columns_are_told_as_by_the_metrics() -> None:
    with pytest.raises(ColumnError, match="risk_summary needs quasi-identifiers"):
        RiskDisplay.from_table(X, quasi_identifiers=[])
    with pytest.raises(ColumnError, match="'zip', which X does not have"):
        QuasiIdentifierDisplay.from_table(X, columns=["zip"])
