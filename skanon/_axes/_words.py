"""How wide words are drawn, and shorter ones that fit."""

import re
import warnings
from collections.abc import Callable, Sequence

__all__ = ["fitting_size", "shortened", "width_of"]

#: Stands for what is left out.
DOTS = "\u2026"

#: Widths are measured at this font size, in points; they grow with it.
MEASURED = 10

#: On a screen letters are set dot by dot, which makes lines wider by up to this factor.
ON_SCREEN = 1.03

#: What is kept before the first character that differs: the beginning of its word, or
#: of a long word some characters.
LONG_WORD, LEAD = 8, 2

#: How often short forms that are still alike are told apart.
ROUNDS = 2


def width_of(text: str, size: float = 1) -> float:
    """Return the width in points of text, its widest line, at a font size in points."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    font = FontProperties(size=MEASURED)
    with warnings.catch_warnings():
        # Drawing warns of letters that the font lacks, and once is enough.
        warnings.filterwarnings("ignore", "Glyph .* missing", UserWarning)
        widths = [
            text_to_path.get_text_width_height_descent(line, font, ismath=False)[0]
            for line in text.split("\n")
        ]
    return float(max(widths)) * size / MEASURED * ON_SCREEN


def fitting_size(text: str, room: float, size: float, least: float) -> float:
    """Return the font size, at most ``size`` and at least ``least``, that fits."""
    width = width_of(text, size)
    return size if width <= room else max(least, size * room / width)


def shortened(texts: Sequence[str], room: float) -> list[str]:
    """Shorten what is wider than ``room`` points at a font size of 1.

    The middle is left out. Where texts would then look alike though they differ, both
    ends are left out, and what stays is where they differ.
    """
    short = {text: _cut(text, room, _without_middle) for text in dict.fromkeys(texts)}
    for _ in range(ROUNDS):
        for alike in _groups(short):
            short |= {text: _where_it_differs(text, alike, room) for text in alike}
    return [short[text] for text in texts]


def _groups(short: dict[str, str]) -> list[list[str]]:
    """Return the texts whose short forms are the same, where these are several."""
    groups: dict[str, list[str]] = {}
    for text, form in short.items():
        groups.setdefault(form, []).append(text)
    return [texts for texts in groups.values() if len(texts) > 1]


def _where_it_differs(text: str, alike: list[str], room: float) -> str:
    n_shared = max(_n_shared(text, other) for other in alike if other != text)
    of_word = len(re.split(r"[\W_]", text[:n_shared])[-1])
    start = n_shared - (of_word if of_word < LONG_WORD else LEAD)
    return _cut(DOTS + text[start:], room, _without_end)


def _n_shared(one: str, other: str) -> int:
    """Return how many characters two texts share at the beginning."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((i for i, (a, b) in pairs if a != b), min(len(one), len(other)))


def _cut(text: str, room: float, cut: Callable[[str, int], str]) -> str:
    """Return the text, or as many of its characters as fit."""
    if width_of(text) <= room:
        return text
    fits, too_many = 1, len(text)
    while too_many - fits > 1:
        n_kept = (fits + too_many) // 2
        if width_of(cut(text, n_kept)) <= room:
            fits = n_kept
        else:
            too_many = n_kept
    return cut(text, fits)


def _without_middle(text: str, n_kept: int) -> str:
    tail = n_kept // 2
    return text[: n_kept - tail] + DOTS + text[len(text) - tail :]


def _without_end(text: str, n_kept: int) -> str:
    return text[:n_kept] + DOTS
