"""Mondrian: cells of near rows, made by halving the table again and again."""

from typing import Any

import numpy as np
import numpy.typing as npt

from skanon.perturbation._numbers import Floats

__all__ = ["Tree", "cell_of", "mondrian"]

Integers = npt.NDArray[np.intp]

#: The nodes of a tree, a value per node in each array: the ``column`` asked for (-1:
#: none, the node is a cell), the greatest value (``bound``) that goes to the left
#: ``child``, while the right one is the next node; and the number of the ``cell``.
Tree = dict[str, npt.NDArray[Any]]


def mondrian(points: Floats, counts: Floats, k: int) -> Tree:
    """Cut the table into cells, across the widest column and at its median.

    Each cell is cut across the column in which it is widest, as near to the median as
    equal values allow; where that would leave fewer than ``k`` records on a side,
    across the next widest; where none can be cut, it stays. All cells of a level are
    cut at once.

    Time grows as n log² n, memory as the table.

    Parameters
    ----------
    points : ndarray of shape (n_rows, n_columns)
        Distinct rows, in units in which widths can be compared.
    counts : ndarray of shape (n_rows,)
        How many records each stands for; together at least ``k``.
    k : int
        The fewest records of a cell.

    Returns
    -------
    dict of ndarray
        The cuts, for :func:`cell_of`.

    References
    ----------
    K. LeFevre, D. DeWitt, R. Ramakrishnan: Mondrian multidimensional k-anonymity.
    International Conference on Data Engineering (2006).
    """
    nodes = np.zeros(len(points), np.intp)
    ranks = points.argsort(axis=0).argsort(axis=0)
    first, size = 0, 1
    levels = []
    while size:
        rows = np.flatnonzero(nodes >= first)
        cells = nodes[rows] - first
        column, bound = _cuts(points, ranks, counts, rows, cells, size, k)
        is_cut = column >= 0
        child = first + size + 2 * (is_cut.cumsum() - 1)
        levels.append((column, bound, child))
        rows, cells = rows[is_cut[cells]], cells[is_cut[cells]]
        nodes[rows] = child[cells] + (points[rows, column[cells]] > bound[cells])
        first, size = first + size, 2 * int(is_cut.sum())
    column, bound, child = (np.concatenate(part) for part in zip(*levels, strict=True))
    cell = (column < 0).cumsum() - 1
    return {"column": column, "bound": bound, "child": child, "cell": cell}


def cell_of(tree: Tree, points: Floats) -> Integers:
    """Return the cell of each row, those included that the tree was not made of."""
    nodes = np.zeros(len(points), np.intp)
    rows = np.arange(len(points))
    while True:
        rows = rows[tree["column"][nodes[rows]] >= 0]
        if not len(rows):
            return tree["cell"][nodes]
        here = nodes[rows]
        is_right = points[rows, tree["column"][here]] > tree["bound"][here]
        nodes[rows] = tree["child"][here] + is_right


def _cuts(
    points: Floats,
    ranks: Integers,
    counts: Floats,
    rows: Integers,
    cells: Integers,
    n_cells: int,
    k: int,
) -> tuple[Integers, Floats]:
    """Return the column and the bound of the cut of each cell; -1 if it stays."""
    order = np.argsort(cells)
    rows, cells = rows[order], cells[order]
    starts = np.searchsorted(cells, np.arange(n_cells))
    widths = np.maximum.reduceat(points[rows], starts)
    widths -= np.minimum.reduceat(points[rows], starts)
    widest_first = np.argsort(-widths, axis=1, kind="stable")
    columns, bounds = np.full(n_cells, -1), np.full(n_cells, np.nan)
    for choice in widest_first.T:
        uncut = (columns < 0)[cells]
        rows, cells = rows[uncut], cells[uncut]
        column = choice[cells]
        # One sort by cell and value, of whole numbers.
        order = np.argsort(cells * len(points) + ranks[rows, column])
        row = rows[order]
        found, bound = _median_cuts(
            points[row, column[order]], counts[row], cells[order], k
        )
        columns[found], bounds[found] = choice[found], bound
    return columns, bounds


def _median_cuts(
    values: Floats, counts: Floats, cells: Integers, k: int
) -> tuple[Integers, Floats]:
    """Return the cells that can be cut, and where: as near to the median as can be.

    Values are sorted, cell by cell.
    """
    totals = np.bincount(cells, counts)
    left = counts.cumsum() - (totals.cumsum() - totals)[cells]
    right = totals[cells] - left
    places = np.flatnonzero((left >= k) & (right >= k))
    places = places[values[places] < values[places + 1]]
    found, starts, sizes = np.unique(
        cells[places], return_index=True, return_counts=True
    )
    if not len(found):
        return found, values[:0]
    imbalance = np.abs(left - right)[places]
    least = np.repeat(np.minimum.reduceat(imbalance, starts), sizes)
    places = places[imbalance == least]
    _, starts = np.unique(cells[places], return_index=True)
    low, high = values[places[starts]], values[places[starts] + 1]
    middle = low + (high - low) / 2
    return found, np.where(middle < high, middle, low)
