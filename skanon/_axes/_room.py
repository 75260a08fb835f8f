"""How much room axes have in their figure, in points as for text."""

from typing import Any, NamedTuple

__all__ = ["INCH", "Room", "place_of", "settle", "slot_of"]

#: Points of text in an inch.
INCH = 72

#: Points between words and the edge of the figure.
PAD = 3

#: Of their width and height, axes give at most this share to words.
MOST_FOR_WORDS = 0.7


class Room(NamedTuple):
    """A part of a figure, in points from its lower left."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def width(self) -> float:
        """From left to right."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """From bottom to top."""
        return self.top - self.bottom


def place_of(ax: Any) -> Room:
    """Return where the axes are, without their words."""
    return _room(ax, ax.get_window_extent())


def slot_of(ax: Any) -> Room:
    """Return the room up to the next axes on each side, or the edge of the figure."""
    here = place_of(ax)
    left, bottom, right, top = _room(ax, ax.figure.bbox)
    for other in ax.figure.axes:
        there = place_of(other)
        if there.bottom < here.top and here.bottom < there.top:
            left = max(left, there.right) if there.right <= here.left else left
            right = min(right, there.left) if there.left >= here.right else right
        if there.left < here.right and here.left < there.right:
            bottom = max(bottom, there.top) if there.top <= here.bottom else bottom
            top = min(top, there.bottom) if there.bottom >= here.top else top
    return Room(left, bottom, right, top)


def settle(ax: Any) -> None:
    """Give the axes the size at which their words stay in the figure.

    A figure with a layout engine has it at work; in others the axes become smaller,
    as they do to make room for a colour bar.
    """
    figure = ax.figure.canvas.figure
    engine = figure.get_layout_engine()
    if engine is not None:
        engine.execute(figure)
    else:
        _make_room(ax)


def _make_room(ax: Any) -> None:
    here, words, slot = place_of(ax), _room(ax, ax.get_tightbbox()), slot_of(ax)
    before = max(0, slot.left + PAD - words.left)
    after = max(0, words.right + PAD - slot.right)
    below = max(0, slot.bottom + PAD - words.bottom)
    above = max(0, words.top + PAD - slot.top)
    if not any((before, after, below, above)):
        return
    across = min(1, MOST_FOR_WORDS * here.width / max(before + after, PAD))
    upward = min(1, MOST_FOR_WORDS * here.height / max(below + above, PAD))
    whole = _room(ax, ax.figure.bbox)
    ax.set_position(
        [
            (here.left + before * across) / whole.width,
            (here.bottom + below * upward) / whole.height,
            (here.width - (before + after) * across) / whole.width,
            (here.height - (below + above) * upward) / whole.height,
        ]
    )
    # set_position takes axes out of the layout, and so out of a tight bounding box.
    ax.set_in_layout(True)


def _room(ax: Any, box: Any) -> Room:
    """Return a box of pixels as room in the figure of the axes."""
    figure, scale = ax.figure.bbox, INCH / ax.figure.dpi
    x0, y0, x1, y1 = box.extents
    return Room(
        float(x0 - figure.x0) * scale,
        float(y0 - figure.y0) * scale,
        float(x1 - figure.x0) * scale,
        float(y1 - figure.y0) * scale,
    )
