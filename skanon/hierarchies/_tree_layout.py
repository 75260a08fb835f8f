"""Where the labels of a tree stand so that each can be read."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from skanon._axes import shortened, width_of
from skanon.hierarchies._listing import Listing

__all__ = ["FONT", "LEAST_LINE", "Column", "columns_of", "fit_columns", "level_heights"]

#: Points of text: as large as it is written if there is room, and the least size at
#: which no label is shortened yet.
FONT, LEAST_FONT = 8, 6

#: The points of a line in which letters can be read, and what of it they take.
LEAST_LINE, LINE_SHARE = 5.5, 0.9

#: The points between two levels, for the lines.
GAP = 16

Positions = npt.NDArray[np.float64]


@dataclass
class Column:
    """A level of the tree as it is written, one below the other.

    Attributes
    ----------
    heading : str
        What is written below the level.
    labels : list of str
        The labels.
    widths : ndarray of shape (n_labels,)
        The widths of the labels in points, at a font size of 1.
    left : float
        Where the labels begin, in points.
    """

    heading: str
    labels: list[str]
    widths: Positions
    left: float = 0

    def width(self, size: float) -> float:
        """Return the points that the level takes at a font size."""
        heading = width_of(self.heading, min(FONT, size))
        return max(float(self.widths.max()) * size, heading)


def level_heights(listing: Listing, lowest: int) -> dict[int, Positions]:
    """Return where the labels of the levels from the lowest on lie, from 0 downward."""
    # Sorted by the labels from the top down, no branches cross.
    rows = np.lexsort(listing.codes)
    order = listing.codes[lowest][rows]
    first = np.sort(np.unique(order, return_index=True)[1])
    sizes = [len(labels) for labels in listing.labels]
    heights = {lowest: np.empty(sizes[lowest])}
    heights[lowest][order[first]] = np.arange(sizes[lowest])
    for level in range(lowest + 1, listing.height + 1):
        below = heights[level - 1][listing.codes[level - 1]]
        ends = np.full((2, sizes[level]), [[np.inf], [-np.inf]])
        np.minimum.at(ends[0], listing.codes[level], below)
        np.maximum.at(ends[1], listing.codes[level], below)
        heights[level] = ends.mean(axis=0)
    return heights


def columns_of(listing: Listing, lowest: int) -> dict[int, Column]:
    """Return the levels as they are written where there is room, the top first."""
    columns = {}
    for level in range(listing.height, lowest - 1, -1):
        labels = listing.labels[level].to_pylist()
        plural = "" if len(labels) == 1 else "s"
        heading = f"level {level}\n{len(labels):,} label{plural}"
        columns[level] = Column(heading, labels, _widths(labels))
    return columns


def fit_columns(
    columns: dict[int, Column], room: float, line: float
) -> tuple[float, float]:
    """Place the levels in the room; return the font size and the gap between them.

    Where they are too wide, the letters become smaller, and then the widest labels
    shorter.
    """
    size = min(line * LINE_SHARE, FONT)
    n_gaps = len(columns) - 1
    gap = min(GAP, room / (3 * n_gaps))
    room_for_words = room - gap * n_gaps
    at_full_size = sum(column.width(size) for column in columns.values())
    least = min(size, LEAST_FONT)
    size = float(np.clip(size * room_for_words / at_full_size, least, size))
    widths = np.array([column.width(size) for column in columns.values()])
    widest = _widest_that_fit(widths, room_for_words)
    for column in columns.values():
        if column.width(size) > widest:
            column.labels = shortened(column.labels, widest / size)
            column.widths = _widths(column.labels)
    widths = np.minimum(widths, widest)
    gap = (room - widths.sum()) / n_gaps
    lefts = np.cumsum([0, *(widths[:-1] + gap)])
    for column, left in zip(columns.values(), lefts, strict=True):
        column.left = float(left)
    return size, gap


def _widths(labels: list[str]) -> Positions:
    return np.array([width_of(label) for label in labels])


def _widest_that_fit(widths: Positions, room: float) -> float:
    """Return the width at which, if none is wider, all together fit."""
    ascending = np.sort(widths)
    n_left = np.arange(len(widths), 0, -1)
    before = np.cumsum(ascending) - ascending
    # The first that is wider than its part of what narrower ones leave.
    parts = (room - before) / n_left
    is_too_wide = ascending > parts
    return float(parts[is_too_wide][0] if is_too_wide.any() else ascending[-1])
