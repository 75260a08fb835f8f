"""Numbers, and the intervals that edges cut them into.

``m`` edges make ``m + 1`` intervals: what lies below the first edge, what lies
between two neighbours (the lower one included, the upper one not), and what lies at
or above the last. So every number has an interval, whatever its size.
"""

import math
from itertools import pairwise
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from skanon._arrow import is_text, type_name
from skanon.exceptions import ColumnTypeError

__all__ = [
    "Codes",
    "Edges",
    "Numbers",
    "check_edges",
    "count_numbers",
    "grid_cells",
    "grid_edges",
    "interval_bounds",
    "interval_codes",
    "interval_ends",
    "interval_labels",
    "is_numeric",
    "midpoints",
    "missing_numbers",
    "number_texts",
    "read_numbers",
]

Numbers: TypeAlias = npt.NDArray[np.float64]

#: Cut points in increasing order, shape (n_edges,).
Edges: TypeAlias = npt.NDArray[np.float64]

#: The number of the interval that each value lies in, shape (n_samples,).
Codes: TypeAlias = npt.NDArray[np.integer[Any]]

#: Up to so many edges, comparing all values with each is faster than any search.
FEW_EDGES = 48

#: How fine the table is that edges are looked up in, and how many may share a cell
#: before a binary search is faster.
CELLS_PER_EDGE = 8
MOST_PER_CELL = 6

#: Numbers looked up at a time, so that scratch memory stays in the cache.
CHUNK = 16_384

#: Below this, floats have all integers.
EXACT = 2.0**53

#: Up to so many, a power of ten is exact.
MOST_DECIMALS = 22

LARGEST = np.finfo(np.float64).max


def is_numeric(kind: pa.DataType) -> bool:
    """Return whether an Arrow type is one of numbers; truth values are none."""
    is_integer, is_float = pa.types.is_integer(kind), pa.types.is_floating(kind)
    return bool(is_integer or is_float or pa.types.is_decimal(kind))


def read_numbers(column: pa.Array, *, owner: str, name: str | None = None) -> Numbers:
    """Return a column as floats, NaN where missing.

    Raises
    ------
    ColumnTypeError
        If the column has a type that is not one of numbers.
    """
    kind = column.type
    if pa.types.is_dictionary(kind):
        return read_numbers(column.dictionary_decode(), name=name, owner=owner)
    if not is_numeric(kind) and not pa.types.is_null(kind):
        which = "The column" if name is None else f"Column {name!r}"
        how = ", as with pandas.to_numeric," if is_text(kind) else ""
        raise ColumnTypeError(
            f"{which} has Arrow type {type_name(kind)}; {owner} needs numbers. "
            f"Convert it{how} or leave it out."
        )
    numbers = (
        column if pa.types.is_float64(kind) else column.cast(pa.float64(), safe=False)
    )
    return np.asarray(numbers.to_numpy(zero_copy_only=False), np.float64)


def check_edges(edges: Any, *, what: str) -> Edges:
    """Return edges as an array of their own.

    Raises
    ------
    ValueError
        If they are not a list of finite numbers, each above the one before.
    """
    try:
        out = np.array(edges, np.float64)
    except (TypeError, ValueError):
        out = np.empty(0)
    if out.ndim != 1 or not len(out) or not np.isfinite(out).all():
        raise ValueError(f"{what} must be a list of finite numbers, at least one.")
    falls = np.flatnonzero(out[1:] <= out[:-1])
    if len(falls):
        raise ValueError(
            f"{what} must increase, but the edge at position {falls[0] + 1} is not "
            "above the one before it."
        )
    return out


def count_numbers(
    numbers: Numbers, weights: npt.NDArray[np.float64] | None
) -> tuple[Numbers, Numbers]:
    """Return the distinct finite numbers in order, and how often each occurs."""
    finite = np.isfinite(numbers)
    if not finite.all():
        numbers = numbers[finite]
        weights = None if weights is None else weights[finite]
    values, codes = np.unique(numbers, return_inverse=True)
    return values, np.bincount(codes, weights, len(values)).astype(np.float64)


def grid_cells(numbers: Numbers, width: float, origin: float = 0.0) -> Numbers:
    """Return the cell of a grid that each number lies in, counted from the origin."""
    cells = np.floor((numbers - origin) / width)
    # The division rounds: a number just beside an edge may be off by one.
    cells += numbers >= grid_edges(cells + 1, width, origin)
    cells -= numbers < grid_edges(cells, width, origin)
    return cells


def grid_edges(cells: npt.NDArray[Any], width: float, origin: float = 0.0) -> Numbers:
    """Return where cells of a grid begin: 0.3 for the third of width 0.1, not 0.30…04.

    Edges are rounded to about a hundred-millionth of the width, unless it is minute.
    """
    n_decimals = max(0, 8 - math.floor(math.log10(width)))
    with np.errstate(over="ignore"):
        edges: Numbers = origin + cells * width
        if n_decimals > MOST_DECIMALS:
            return edges
        scaled = edges * 10.0**n_decimals
    rounded = np.rint(scaled) / 10.0**n_decimals
    return np.where(np.abs(scaled) < EXACT, rounded, edges)


def interval_codes(numbers: Numbers, edges: Edges) -> Codes:
    """Return the interval of each number, from 0 to ``len(edges)``; NaN is in the 0th.

    The dtype is the smallest unsigned one, which keeps scratch memory small.
    """
    if len(edges) > FEW_EDGES:
        return _many_codes(numbers, edges)
    few = np.zeros(len(numbers), np.uint8)
    for edge in edges:
        few += numbers >= edge
    return few


def _many_codes(numbers: Numbers, edges: Edges) -> Codes:
    """Look up intervals in a table of even cells, each of which has few edges."""
    n_cells = CELLS_PER_EDGE * len(edges)
    with np.errstate(over="ignore"):
        scale = n_cells / (edges[-1] - edges[0])
    cell_of_edge = _cells(edges, edges[0], scale, n_cells)
    edges_per_cell = np.bincount(cell_of_edge, minlength=n_cells + 1)
    most = edges_per_cell.max()
    if most > MOST_PER_CELL:
        return np.where(np.isnan(numbers), 0, np.searchsorted(edges, numbers, "right"))
    before = (np.cumsum(edges_per_cell) - edges_per_cell).astype(np.int32)
    next_edge = np.append(edges, np.nan)
    codes = np.empty(len(numbers), np.int32)
    for start in range(0, len(numbers), CHUNK):
        part = numbers[start : start + CHUNK]
        code = before[_cells(part, edges[0], scale, n_cells)]
        for _ in range(most):
            code += part >= next_edge[code]
        codes[start : start + CHUNK] = code
    return codes


def _cells(
    numbers: Numbers, first: float, scale: float, n_cells: int
) -> npt.NDArray[np.int32]:
    """Return the cell of each number, which never falls as numbers rise."""
    with np.errstate(over="ignore", invalid="ignore"):
        cells = (numbers - first) * scale
    np.fmax(cells, 0.0, out=cells)
    np.fmin(cells, n_cells, out=cells)
    return cells.astype(np.int32)


def missing_numbers(numbers: Numbers) -> npt.NDArray[np.bool_] | None:
    """Return which numbers are missing; None if none is."""
    missing = np.isnan(numbers)
    return missing if missing.any() else None


def interval_ends(edges: Edges) -> tuple[Numbers, Numbers]:
    """Return where each interval begins and ends; the outermost are infinite."""
    return np.append(-np.inf, edges), np.append(edges, np.inf)


def interval_bounds(edges: Edges) -> tuple[Numbers, Numbers]:
    """Return finite bounds of each interval, for models that cannot read infinity.

    An open interval is drawn as wide as its neighbour; beside a single edge, as wide
    as that edge is far from zero.
    """
    if not len(edges):
        return np.zeros(1), np.zeros(1)
    alone = abs(edges[0]) or 1.0
    left, right = interval_ends(edges)
    with np.errstate(over="ignore"):
        gaps = np.diff(edges) if len(edges) > 1 else np.array([alone])
        left[0], right[-1] = edges[0] - gaps[0], edges[-1] + gaps[-1]
    return np.maximum(left, -LARGEST), np.minimum(right, LARGEST)


def midpoints(left: Numbers, right: Numbers) -> Numbers:
    """Return the middle between two numbers each, however far apart they are."""
    with np.errstate(over="ignore"):
        gaps = right - left
    return np.where(np.isinf(gaps), left / 2 + right / 2, left + gaps / 2)


def interval_labels(edges: Edges) -> list[str]:
    """Return the text of each interval: ``"<18"``, ``"[18, 65)"``, ``">=65"``."""
    if not len(edges):
        return ["*"]
    texts = number_texts(edges)
    inner = [f"[{a}, {b})" for a, b in pairwise(texts)]
    return [f"<{texts[0]}", *inner, f">={texts[-1]}"]


def number_texts(numbers: Numbers) -> list[str]:
    """Write numbers with 12 digits, or so many that different ones differ."""
    texts = [f"{number:.12g}" for number in numbers + 0.0]
    if len(set(texts)) < len(set(numbers.tolist())):
        return [f"{number:.17g}" for number in numbers + 0.0]
    return texts
