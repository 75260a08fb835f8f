"""The names of sets of columns, beside their bars, and what the bars mean."""

from collections.abc import Sequence
from typing import Any

from skanon._axes import INCH, place_of, shortened, slot_of, width_of

__all__ = ["figure_width", "n_legible", "name_sets", "point_size", "write_legend"]

#: Between the names of a set.
PLUS = " + "

#: Points of text that can still be read, and what of a line letters take.
LEAST_FONT, LINE_SHARE = 5, 0.85

#: What of their slot the axes leave to the names.
NAMES_SHARE = 0.5

#: Inches of a new figure: across, and for the bars beside the names.
LEAST_WIDTH, GREATEST_WIDTH, BARS = 6.4, 10, 4.5

#: Points across a point that is drawn.
GREATEST_POINT = 6

#: What a legend takes beside its words, by its font size.
SAMPLES = 7


def figure_width(sets: Sequence[tuple[Any, ...]], ax: Any) -> float:
    """Return the inches at which the names have room beside the bars."""
    size = ax.yaxis.label.get_fontsize()
    names = max((width_of(_joined(columns), size) for columns in sets), default=0)
    width = round(names / INCH + BARS, 1)
    return min(max(width, LEAST_WIDTH), GREATEST_WIDTH)


def n_legible(ax: Any) -> int:
    """Return how many lines of text fit into the axes."""
    return max(int(place_of(ax).height * LINE_SHARE / LEAST_FONT), 1)


def name_sets(sets: Sequence[tuple[Any, ...]], ax: Any) -> None:
    """Write the names beside the bars, long ones shortened."""
    n_lines = max(len(sets), 1)
    size = ax.yaxis.label.get_fontsize()
    size = min(size, place_of(ax).height / n_lines * LINE_SHARE)
    room = slot_of(ax).width * NAMES_SHARE / size
    labels = {columns: _joined(columns) for columns in sets}
    for n_columns in {len(columns) for columns in sets}:
        alike = [columns for columns in sets if len(columns) == n_columns]
        if max(width_of(labels[columns]) for columns in alike) > room:
            room_for_names = room - width_of(PLUS) * (n_columns - 1)
            labels |= _short(alike, room_for_names / n_columns)
    ax.set_yticks(
        range(len(sets)),
        [labels[columns] for columns in sets],
        fontsize=size,
        parse_math=False,
    )


def point_size(n_lines: int, ax: Any) -> float:
    """Return the size of points of which two lines have two."""
    return min(GREATEST_POINT, place_of(ax).height / max(n_lines, 1) * LINE_SHARE)


def write_legend(ax: Any) -> None:
    """Say above the axes what bars and points mean, as large as there is room."""
    handles, labels = ax.get_legend_handles_labels()
    size = float(ax.xaxis.label.get_fontsize())
    full = sum(width_of(label, size) for label in labels) + SAMPLES * size
    # It may reach farther to the left than the axes, as the names do.
    room = place_of(ax).right - slot_of(ax).left
    ax.legend(
        handles,
        labels,
        loc="lower right",
        bbox_to_anchor=(1, 1),
        ncols=2,
        fontsize=min(size, size * room / full),
        frameon=False,
        borderpad=0,
        handlelength=1.5,
        columnspacing=1.5,
    )


def _joined(columns: tuple[Any, ...]) -> str:
    return PLUS.join(map(str, columns))


def _short(sets: Sequence[tuple[Any, ...]], room: float) -> dict[tuple[Any, ...], str]:
    """Join the names of each set, each shortened to the room at a font size of 1."""
    names = list(dict.fromkeys(str(name) for columns in sets for name in columns))
    short = dict(zip(names, shortened(names, room), strict=True))
    return {
        columns: PLUS.join(short[str(name)] for name in columns) for columns in sets
    }
