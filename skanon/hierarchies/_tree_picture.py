"""A picture of a hierarchy: its labels as a tree, the top at the left."""

from typing import Any

import numpy as np

from skanon._axes import (
    BLUE,
    GREY,
    INCH,
    axes_for,
    fitting_size,
    place_of,
    settle,
    slot_of,
)
from skanon._messages import shown
from skanon.hierarchies._integers import is_integer
from skanon.hierarchies._listing import Listing
from skanon.hierarchies._tree_layout import (
    FONT,
    LEAST_LINE,
    Column,
    Positions,
    columns_of,
    fit_columns,
    level_heights,
)

__all__ = ["draw_tree"]

#: Inches of a new figure: for a line of text, between two levels, around the tree.
LINE, GAP, MARGIN = 0.22, 0.6, 0.9

#: Inches that a new figure is wide.
LEAST_WIDTH, GREATEST_WIDTH = 4, 12

#: Points between a label and the lines beside it.
PAD = 4


def draw_tree(listing: Listing, ax: Any, max_labels: int) -> Any:
    """Draw the levels that have few enough labels; return the axes.

    Raises
    ------
    TypeError
        If ``max_labels`` is no integer.
    ValueError
        If no level below the top has few enough.
    """
    if not is_integer(max_labels):
        raise TypeError(f"'max_labels' must be an integer; got {shown(max_labels)}.")
    lowest = _lowest_level(listing, max_labels)
    is_new = ax is None
    ax = axes_for(ax, "Hierarchy")
    if is_new:
        ax.figure.set_size_inches(_figure_size(columns_of(listing, lowest)))
    lowest = _settle(listing, lowest, ax)
    columns, places = columns_of(listing, lowest), level_heights(listing, lowest)
    room = place_of(ax)
    size, gap = fit_columns(columns, room.width, room.height / len(places[lowest]))
    for level in range(lowest, listing.height):
        _draw_branches(listing, level, places, columns, size, gap, ax)
    for level, column in columns.items():
        _write_labels(column, places[level], size, ax)
    _write_headings(columns, size, ax)
    ax.set_xlim(0, room.width)
    ax.set_ylim(len(places[lowest]) - 0.5, -0.5)
    return ax


def _lowest_level(listing: Listing, max_labels: int) -> int:
    sizes = [len(labels) for labels in listing.labels[:-1]]
    if min(sizes) > max_labels:
        raise ValueError(
            f"All levels below the top have more than max_labels={max_labels} labels. "
            "Draw more with 'max_labels'."
        )
    return next(level for level, size in enumerate(sizes) if size <= max_labels)


def _figure_size(columns: dict[int, Column]) -> tuple[float, float]:
    """Return the inches across and upward at which no label is too wide."""
    words = sum(column.width(FONT) for column in columns.values()) / INCH
    width = round(MARGIN + words + GAP * (len(columns) - 1), 1)
    n_lines = max(len(column.labels) for column in columns.values())
    width = min(max(width, LEAST_WIDTH), GREATEST_WIDTH)
    return width, MARGIN + LINE * n_lines


def _settle(listing: Listing, lowest: int, ax: Any) -> int:
    """Give the axes their size; return the lowest level whose labels can be read."""
    ax.spines[:].set_visible(False)
    ax.tick_params(length=0)
    ax.set_yticks([])
    ax.set_xticks([0.5], ["level\nlabels"], fontsize=FONT)
    _say_what_is_left_out(listing, lowest, ax)
    settle(ax)
    n_lines = place_of(ax).height / LEAST_LINE
    below_top = range(lowest, listing.height)
    legible = [level for level in below_top if len(listing.labels[level]) <= n_lines]
    found = legible[0] if legible else below_top[-1]
    if found > lowest:
        _say_what_is_left_out(listing, found, ax)
        settle(ax)
    return found


def _say_what_is_left_out(listing: Listing, lowest: int, ax: Any) -> None:
    if lowest:
        n_values = len(listing.labels[0])
        title = f"Levels below {lowest}, down to {n_values} values, are left out"
        size = fitting_size(title, slot_of(ax).width, FONT, LEAST_LINE)
        ax.set_title(title, fontsize=size, color=GREY)


def _draw_branches(
    listing: Listing,
    level: int,
    places: dict[int, Positions],
    columns: dict[int, Column],
    size: float,
    gap: float,
    ax: Any,
) -> None:
    """Draw a line from each label of a level to the one above it."""
    pairs = np.stack([listing.codes[level], listing.codes[level + 1]])
    lower, upper = np.unique(pairs, axis=1)
    here, above = columns[level], columns[level + 1]
    starts = above.left + above.widths[upper] * size + PAD
    y_here, y_above = places[level][lower], places[level + 1][upper]
    bend, end = here.left - gap / 2, here.left - PAD
    for x, y, y_start in zip(starts, y_here, y_above, strict=True):
        ax.plot([end, bend, bend, x], [y, y, y_start, y_start], color=BLUE, linewidth=1)


def _write_labels(column: Column, places: Positions, size: float, ax: Any) -> None:
    for text, y in zip(column.labels, places, strict=True):
        ax.text(
            column.left,
            y,
            text,
            ha="left",
            va="center_baseline",
            fontsize=size,
            parse_math=False,
        )


def _write_headings(columns: dict[int, Column], size: float, ax: Any) -> None:
    """Say below each level which it is, and how many labels it has."""
    ax.set_xticks(
        [column.left for column in columns.values()],
        [column.heading for column in columns.values()],
        color=GREY,
        fontsize=size,
        ha="left",
    )
