"""Integers, one or several, as people give them: alone, in a list, from numpy."""

from collections.abc import Iterable
from itertools import pairwise
from math import inf
from typing import Any

import numpy as np

from skanon._messages import shown

__all__ = ["falling_integers", "integers_of", "is_integer"]


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


def falling_integers(
    given: Any,
    parameter: str,
    example: list[int],
    *,
    kind: str = "integers",
    lowest: float = -inf,
    highest: float = inf,
) -> tuple[int, ...]:
    """Return the integers of a parameter that says how fine each level is.

    Raises
    ------
    ValueError
        If they are not integers within the limits, each below the one before.
    """
    integers = integers_of(given)
    within = [lowest <= number <= highest for number in integers]
    if not integers or not all(within) or not all(a > b for a, b in pairwise(integers)):
        raise ValueError(
            f"'{parameter}' must be a list of {kind}, each below the one before, such "
            f"as {example}; got {shown(given)}."
        )
    return tuple(integers)
