"""A picture of a hierarchy: its labels as a tree, the top at the left."""

from typing import Any

import numpy as np
import numpy.typing as npt

from skanon._axes import BLUE, GREY, axes_for
from skanon._messages import shown
from skanon.hierarchies._integers import is_integer
from skanon.hierarchies._listing import Listing

__all__ = ["draw_tree"]

#: Inches for a line of text, for the names of a level, and around the tree.
LINE, COLUMN, MARGIN = 0.22, 1.9, 0.9

Positions = npt.NDArray[np.float64]


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
    heights = _label_heights(listing, max_labels)
    n_lines = len(heights[min(heights)])
    ax = axes_for(
        ax,
        "Hierarchy",
        height=MARGIN + LINE * n_lines,
        width=MARGIN + COLUMN * len(heights),
    )
    for level in sorted(heights)[:-1]:
        _draw_branches(listing, level, heights, ax)
    for level, places in heights.items():
        _write_labels(listing, level, places, ax, is_outer=level == min(heights))
    _explain(listing, heights, ax)
    return ax


def _label_heights(listing: Listing, max_labels: int) -> dict[int, Positions]:
    """Return where the labels of each level that is drawn lie, from 0 downward."""
    sizes = [len(labels) for labels in listing.labels]
    is_drawn = [size <= max_labels for size in sizes[:-1]]
    if not any(is_drawn):
        raise ValueError(
            f"All levels below the top have more than max_labels={max_labels} labels. "
            "Draw more with 'max_labels'."
        )
    lowest = is_drawn.index(True)
    # Sorted by the labels from the top down, no branches cross.
    rows = np.lexsort(listing.codes)
    order = listing.codes[lowest][rows]
    first = np.sort(np.unique(order, return_index=True)[1])
    heights = {lowest: np.empty(sizes[lowest])}
    heights[lowest][order[first]] = np.arange(sizes[lowest])
    for level in range(lowest + 1, listing.height + 1):
        below = heights[level - 1][listing.codes[level - 1]]
        ends = np.full((2, sizes[level]), [[np.inf], [-np.inf]])
        np.minimum.at(ends[0], listing.codes[level], below)
        np.maximum.at(ends[1], listing.codes[level], below)
        heights[level] = ends.mean(axis=0)
    return heights


def _draw_branches(
    listing: Listing, level: int, heights: dict[int, Positions], ax: Any
) -> None:
    """Draw a line from each label of a level to the one above it."""
    pairs = np.stack([listing.codes[level], listing.codes[level + 1]])
    lower, upper = np.unique(pairs, axis=1)
    x, start, end = -level, heights[level][lower], heights[level + 1][upper]
    for y, y_above in zip(start, end, strict=True):
        bend = [x, x - 0.5, x - 0.5, x - 1]
        ax.plot(bend, [y, y, y_above, y_above], color=BLUE, linewidth=1, zorder=1)


def _write_labels(
    listing: Listing, level: int, places: Positions, ax: Any, *, is_outer: bool
) -> None:
    texts = listing.labels[level].to_pylist()
    for text, y in zip(texts, places, strict=True):
        ax.text(
            -level + (0.04 if is_outer else 0),
            y,
            text,
            ha="left" if is_outer else "center",
            va="center",
            fontsize=8,
            parse_math=False,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.5},
        )


def _explain(listing: Listing, heights: dict[int, Positions], ax: Any) -> None:
    """Say below each level which it is, and how many labels it has."""
    lowest = min(heights)
    names = [
        f"level {level}\n{len(listing.labels[level])} label(s)" for level in heights
    ]
    ax.set_xticks([-level for level in heights], names, color=GREY, fontsize=8)
    ax.tick_params(length=0)
    ax.set_yticks([])
    ax.set_xlim(-max(heights) - 0.4, -lowest + 0.8)
    ax.set_ylim(len(heights[lowest]) - 0.5, -0.5)
    ax.spines[:].set_visible(False)
    if lowest:
        left_out = len(listing.labels[0])
        ax.set_title(
            f"Levels below {lowest}, down to {left_out} values, are left out",
            fontsize=8,
            color=GREY,
        )
