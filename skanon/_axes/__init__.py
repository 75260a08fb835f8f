"""What every picture needs: axes, colours, and words that fit."""

from skanon._axes._figure import BLUE, GREY, ORANGE, axes_for
from skanon._axes._room import INCH, place_of, settle, slot_of
from skanon._axes._words import fitting_size, shortened, width_of

__all__ = [
    "BLUE",
    "GREY",
    "INCH",
    "ORANGE",
    "axes_for",
    "fitting_size",
    "place_of",
    "settle",
    "shortened",
    "slot_of",
    "width_of",
]
