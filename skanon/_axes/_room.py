"""How much room axes have in their figure, in points as for text."""

from typing import Any, NamedTuple

__all__ = ["INCH", "Slot", "settle", "size_of", "slot_of"]

#: Points of text in an inch.
INCH = 72

#: Points between words and what stands beside them.
PAD = 3

#: Words never take more than this share of what axes have.
MOST_FOR_WORDS = 0.7


class Slot(NamedTuple):
    """Where axes and their words may be, in points from the figure's lower left."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def width(self) -> float:
        """From left to right."""
        return self.right - self.left


def size_of(ax: Any) -> tuple[float, float]:
    """Return width and height of the axes."""
    box = ax.get_window_extent()
    scale = INCH / ax.figure.dpi
    return box.width * scale, box.height * scale


def slot_of(ax: Any) -> Slot:
    """Return the room up to the next axes on each side, or the edge of the figure."""
    figure = ax.figure.bbox
    left, bottom, right, top = figure.extents
    here = ax.get_window_extent()
    for other in ax.figure.axes:
        there = other.get_window_extent()
        if there.y0 < here.y1 and here.y0 < there.y1:
            left = max(left, there.x1) if there.x1 <= here.x0 else left
            right = min(right, there.x0) if there.x0 >= here.x1 else right
        if there.x0 < here.x1 and here.x0 < there.x1:
            bottom = max(bottom, there.y1) if there.y1 <= here.y0 else bottom
            top = min(top, there.y0) if there.y0 >= here.y1 else top
    scale = INCH / ax.figure.dpi
    sides = left - figure.x0, bottom - figure.y0, right - figure.x0, top - figure.y0
    return Slot(*(side * scale for side in sides))


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
    slot, scale = slot_of(ax), INCH / ax.figure.dpi
    here, words = ax.get_window_extent(), ax.get_tightbbox()
    x0, y0 = ax.figure.bbox.x0, ax.figure.bbox.y0
    left = max(0, slot.left + PAD - (words.x0 - x0) * scale)
    bottom = max(0, slot.bottom + PAD - (words.y0 - y0) * scale)
    right = max(0, (words.x1 - x0) * scale + PAD - slot.right)
    top = max(0, (words.y1 - y0) * scale + PAD - slot.top)
    if not any((left, bottom, right, top)):
        return
    width, height = here.width * scale, here.height * scale
    across = min(1, MOST_FOR_WORDS * width / max(left + right, PAD))
    upward = min(1, MOST_FOR_WORDS * height / max(bottom + top, PAD))
    full_width = ax.figure.bbox.width * scale
    full_height = ax.figure.bbox.height * scale
    ax.set_position(
        [
            ((here.x0 - x0) * scale + left * across) / full_width,
            ((here.y0 - y0) * scale + bottom * upward) / full_height,
            (width - (left + right) * across) / full_width,
            (height - (bottom + top) * upward) / full_height,
        ]
    )
    # set_position takes axes out of the layout, and so out of a tight bounding box.
    ax.set_in_layout(True)
