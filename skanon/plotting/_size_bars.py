"""Which class sizes the bars of a histogram stand for."""

from collections.abc import Iterable, Sequence
from numbers import Real
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["bar_edges", "bar_names", "safe_sizes"]

Floats = npt.NDArray[np.float64]

#: Where the bars of class sizes begin: each small size has its own.
EDGES = [1, 2, 3, 4, 5, 10, 20, 50, 100, 200, 500]

#: Larger classes are drawn as one bar per power of ten.
DECADES = 10.0 ** np.arange(3, 16)

#: Between the least and the greatest size of a bar.
DASH = "\u2013"


def safe_sizes(thresholds: object) -> list[int]:
    """Return the size of the smallest class whose risk is not above each threshold.

    Raises
    ------
    ValueError
        If a threshold is not in (0, 1].
    """
    if not isinstance(thresholds, Iterable) or isinstance(thresholds, str):
        raise ValueError(
            "'thresholds' of RiskDisplay must be a list of risks, as in [0.2]; got "
            f"{thresholds!r}."
        )
    return [_safe_size(risk) for risk in thresholds]


def bar_edges(sizes: Floats, limits: Sequence[int]) -> Floats:
    """Return the least class size of each bar; bars beyond the greatest are left out.

    A limit never lies within a bar.
    """
    highest = max(sizes.max(initial=1), *limits, 1)
    edges = np.unique([*EDGES, *DECADES, *limits]).astype(np.float64)
    least = sizes.min(initial=1)
    first = [least] if least < 1 else []
    return np.array([*first, *edges[edges <= highest]])


def bar_names(edges: Floats) -> list[str]:
    """Name each bar by the sizes in it."""
    names = [
        _name(low, high) for low, high in zip(edges[:-1], edges[1:] - 1, strict=True)
    ]
    return [*names, f"{edges[-1]:,.0f}+"]


def _name(low: float, high: float) -> str:
    if low < 1:
        return "<1"
    return f"{low:,.0f}" if low == high else f"{low:,.0f}{DASH}{high:,.0f}"


def _safe_size(risk: Any) -> int:
    is_risk = isinstance(risk, Real) and 0 < float(risk) <= 1
    if not is_risk:
        raise ValueError(
            f"A threshold of RiskDisplay must be above 0 and at most 1; got {risk!r}."
        )
    size = int(1 / risk)
    return size if 1 / size <= risk else size + 1
