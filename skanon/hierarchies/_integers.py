"""Integers, one or several, as people give them: alone, in a list, from numpy."""

from collections.abc import Iterable
from typing import Any

import numpy as np

__all__ = ["integers_of", "is_integer"]


def is_integer(given: Any) -> bool:
    """Return whether it is one integer; truth values are none."""
    return isinstance(given, int | np.integer) and not isinstance(given, bool)


def integers_of(given: Any) -> list[int]:
    """Return one integer or several as a list; nothing if it is anything else."""
    several = [given] if is_integer(given) else given
    if not isinstance(several, Iterable):
        return []
    listed = list(several)
    return [int(n) for n in listed] if all(map(is_integer, listed)) else []
