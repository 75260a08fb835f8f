"""What every picture needs: axes, colours, and words that fit."""

from skanon._axes._figure import BLUE, GREY, ORANGE, axes_for
from skanon._axes._room import INCH, settle, size_of, slot_of
from skanon._axes._words import fitting_size, shortened, width_of

__all__ = [
    "BLUE",
    "GREY",
    "INCH",
    "ORANGE",
    "axes_for",
    "fitting_size",
    "settle",
    "shortened",
    "size_of",
    "slot_of",
    "width_of",
]
