"""The words and lines around a histogram of class sizes."""

from collections.abc import Sequence
from itertools import cycle
from typing import Any

import numpy as np

from skanon._axes import GREY, fitting_size, place_of, shortened, slot_of, width_of

__all__ = ["draw_thresholds", "name_bars", "write_title"]

#: Lines that can be told apart by colour and, in a grey print, by their dashes. The
#: colours are dark ones of the palette of Okabe and Ito.
LINES = [
    {"color": color, "linestyle": dashes}
    for color, dashes in zip(
        cycle([GREY, "#0072B2", "#009E73", "#CC79A7"]),
        ["--", "-", ":", "-.", (0, (8, 3)), (0, (1, 3))],
        strict=False,
    )
]

#: Points of text that can still be read.
LEAST_FONT = 6

#: What a line of a legend takes: its height and its sample, by its font size.
LINE, SAMPLE = 1.5, 3.5

#: The legend takes at most this part of the axes.
MOST_FOR_LEGEND = 0.6

#: Aslant, names stand this much closer, by their font size.
ASLANT = 1.9

#: What of its slot a title takes: the axes are not in the middle of it.
TITLE_SHARE = 0.8

#: Lines of one place stand beside each other, this part of a bar apart.
BESIDE = 0.08


def draw_thresholds(
    ax: Any, places: list[float], names: list[str], peak: float
) -> list[Any]:
    """Draw a vertical line for each threshold, and above the bars what they mean.

    ``peak`` is the height of the highest bar.
    """
    size, legend = _legend_size(ax, names)
    ax.set_ylim(0, peak * 1.05 / (1 - legend))
    lines: list[Any] = []
    for place, name, style in zip(places, names, cycle(LINES), strict=False):
        x = place + BESIDE * places[: len(lines)].count(place)
        line = ax.axvline(x, ymax=1 - legend, linewidth=1.5, label=name, **style)
        lines.append(line)
    if lines:
        ax.legend(
            handles=lines,
            loc="upper right",
            fontsize=size,
            frameon=False,
            borderpad=0,
            borderaxespad=0.2,
        )
    return lines


def _legend_size(ax: Any, names: Sequence[str]) -> tuple[float, float]:
    """Return the font size of the legend, and what part of the axes it takes."""
    if not names:
        return LEAST_FONT, 0
    room = place_of(ax)
    full = float(ax.xaxis.label.get_fontsize())
    longest = max(names, key=width_of)
    size = fitting_size(longest, max(room.width - SAMPLE * full, 1), full, LEAST_FONT)
    n_lines = len(names) + 0.5
    highest = MOST_FOR_LEGEND * room.height
    size = min(size, max(highest / (n_lines * LINE), LEAST_FONT))
    return size, min(n_lines * LINE * size, highest) / room.height


def name_bars(ax: Any, names: Sequence[str]) -> None:
    """Write the names below the bars, aslant where they have no room side by side."""
    ax.set_xticks(np.arange(len(names)), names)
    labels = ax.get_xticklabels()
    size = labels[0].get_fontsize()
    room = place_of(ax).width / len(names)
    if max(width_of(name, size) for name in names) > 0.9 * room:
        size = max(min(size, room / ASLANT), LEAST_FONT)
        for label in labels:
            label.set(rotation=40, ha="right", rotation_mode="anchor", fontsize=size)


def write_title(ax: Any, name: str | None, title: str) -> None:
    """Write the title, after the name if there is room, otherwise below it."""
    size = ax.title.get_fontsize()
    room = slot_of(ax).width * TITLE_SHARE
    if name is not None:
        line = f"{name}: {title}"
        fits = width_of(line, size) <= room
        title = line if fits else f"{shortened([name], room / size)[0]}\n{title}"
    size = fitting_size(title, room, size, LEAST_FONT)
    ax.set_title(title, fontsize=size, parse_math=False)
