"""Sets of columns, from the cheapest on."""

import heapq
import itertools
from collections.abc import Iterator

from skanon.masking._shown_rows import Integers, Numbers

__all__ = ["column_sets"]

#: Sets of columns that are tried; all there are of up to 11 columns.
MOST_SETS = 2048


def column_sets(costs: Numbers, order: Integers, always: int = 0) -> Iterator[int]:
    """Yield sets of columns, as bits, by cost; the last one is of all.

    Where there are very many sets, the rest of them is passed over: then the columns
    are added in order, one more each time.

    Parameters
    ----------
    costs : ndarray of shape (n_columns,)
        What each column costs.
    order : ndarray of int of shape (n_columns,)
        All columns; of those that cost the same, the first come first.
    always : int, default=0
        Columns that are in every set, as bits.
    """
    free = [j for j in order.tolist() if not always >> j & 1]
    free.sort(key=costs.__getitem__)
    sets = _subsets(free, costs[free].tolist())
    for chosen in itertools.islice(sets, MOST_SETS):
        yield always | chosen
    chosen = always
    for j in order.tolist():
        chosen |= 1 << j
        yield chosen


def _subsets(columns: list[int], costs: list[float]) -> Iterator[int]:
    """Yield all subsets of columns, which are in the order of their costs, by cost."""
    yield 0
    queue: list[tuple[float, tuple[int, ...]]] = [(c, (0,)) for c in costs[:1]]
    while queue:
        cost, chosen = heapq.heappop(queue)
        yield sum(1 << columns[i] for i in chosen)
        last = chosen[-1]
        if last + 1 < len(columns):
            step = costs[last + 1]
            heapq.heappush(queue, (cost + step, (*chosen, last + 1)))
            swapped = cost - costs[last] + step
            heapq.heappush(queue, (swapped, (*chosen[:-1], last + 1)))
