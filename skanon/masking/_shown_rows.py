"""Rows of which some cells are shown, and which of them match: by pairs or by keys."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from skanon._groups import pack_codes, rank_keys

__all__ = [
    "Codes",
    "Integers",
    "Numbers",
    "ShownRows",
    "count_by_keys",
    "count_by_pairs",
    "group_rows",
    "present_cells",
]

Integers = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.float64]

#: The code of each row in each column, 0 where missing; shape (n_rows, n_columns).
Codes = npt.NDArray[np.int64]

#: Pairs of rows that are compared at once, for the sake of the processor's cache.
PAIRS_AT_ONCE = 2**15

#: Bits of a word that cells may use.
WORD_BITS = 63

#: Up to this many counters per key a table of counters is faster than a sort.
COUNTERS_PER_KEY = 2


class ShownRows:
    """The rows that differ in what is shown of them, and how much each weighs.

    Parameters
    ----------
    codes : ndarray of int of shape (n_rows, n_columns)
        The rows; 0 where a value is missing.
    views : ndarray of int of shape (n_rows,)
        Which cells of each are shown, as bits.
    weights : ndarray of shape (n_rows,), default=None
        How much each weighs; None if that does not matter.

    Attributes
    ----------
    labels : ndarray of int of shape (n_rows,)
        Which of the rows that differ each one is.
    cells : list of ndarray of int of shape (n_distinct,)
        For each column their codes, 0 where nothing is shown.
    views : ndarray of int of shape (n_distinct,)
        Which of their cells are shown.
    weights : ndarray of shape (n_distinct,)
        How much all that look like each weigh together.
    """

    def __init__(
        self, codes: Codes, views: Integers, weights: Numbers | None = None
    ) -> None:
        cells = [codes[:, j] * (views >> j & 1) for j in range(codes.shape[1])]
        self.labels, n_distinct = group_rows(cells)
        place = np.empty(n_distinct, np.int64)
        place[self.labels] = np.arange(len(codes))
        self.cells = [column[place] for column in cells]
        self.views = present_cells(np.column_stack(self.cells))
        self.weights = np.bincount(self.labels, weights, n_distinct).astype(float)

    @cached_property
    def by_view(self) -> dict[int, Integers]:
        """Return the rows of each view."""
        order = np.argsort(self.views, kind="stable")
        distinct, starts = np.unique(self.views[order], return_index=True)
        return dict(zip(distinct.tolist(), np.split(order, starts)[1:], strict=True))


def count_by_pairs(asked: ShownRows, given: ShownRows) -> Numbers:
    """Return how much the rows weigh that match each, by comparing all with all."""
    highest = [int(column.max(initial=0)) + 1 for column in given.cells]
    fields = _fields(highest)
    words = list(
        zip(_words(asked, fields, highest), _words(given, fields, highest), strict=True)
    )
    counts, n_given = np.zeros(len(asked.views)), len(given.views)
    step = PAIRS_AT_ONCE // max(n_given, 1) + 1
    for start in range(0, len(counts), step):
        part = slice(start, start + step)
        differs: Any = 0
        for (cells, mask), (their_cells, their_mask) in words:
            word = cells[part, np.newaxis] ^ their_cells
            word &= mask[part, np.newaxis]
            word &= their_mask
            differs |= word
        rows, others = np.divmod(np.flatnonzero(differs == 0), max(n_given, 1))
        counts[part] = np.bincount(rows, given.weights[others], len(counts[part]))
    return counts


def count_by_keys(asked: ShownRows, given: ShownRows) -> Numbers:
    """Return how much the rows weigh that match each, view by view."""
    counts = np.zeros(len(asked.views))
    for view, rows in asked.by_view.items():
        for their_view, others in given.by_view.items():
            columns = columns_of(view & their_view)
            weights = given.weights[others]
            if not columns:
                counts[rows] += weights.sum()
                continue
            both = [
                np.concatenate([asked.cells[j][rows], given.cells[j][others]])
                for j in columns
            ]
            counts[rows] += _sum_equal(*_pack(both), weights)
    return counts


def columns_of(view: int) -> list[int]:
    """Return the columns whose bits are set."""
    return [j for j in range(view.bit_length()) if view >> j & 1]


def present_cells(codes: Codes) -> Integers:
    """Return which cells of each row are not missing."""
    bits = np.arange(codes.shape[1])
    present: Integers = ((codes != 0) << bits).sum(axis=1)
    return present


def group_rows(columns: Sequence[Integers]) -> tuple[Integers, int]:
    """Return the group of each row by its codes, and how many groups there are."""
    return rank_keys(*_pack(columns))


def _fields(highest: Sequence[int]) -> list[list[tuple[int, int]]]:
    """Return which columns share a word: each with the bits that its codes need."""
    fields: list[list[tuple[int, int]]] = [[]]
    for j, code in enumerate(highest):
        n_bits = code.bit_length()
        if sum(used for _, used in fields[-1]) + n_bits > WORD_BITS:
            fields.append([])
        fields[-1].append((j, n_bits))
    return fields


def _words(
    rows: ShownRows, fields: list[list[tuple[int, int]]], highest: Sequence[int]
) -> list[tuple[Integers, Integers]]:
    """Return the cells of each row as words of bits, and which bits are shown."""
    words = []
    for columns in fields:
        cells, mask = np.zeros((2, len(rows.views)), np.int64)
        for j, n_bits in columns:
            cells = cells << n_bits | np.minimum(rows.cells[j], highest[j])
            mask = mask << n_bits | -(rows.views >> j & 1) & (1 << n_bits) - 1
        words.append((cells, mask))
    return words


def _pack(columns: Sequence[Integers]) -> tuple[Integers, int]:
    """Return one key per row for its codes, and a bound of the keys."""
    n_codes = [int(column.max(initial=0)) + 1 for column in columns]
    return pack_codes(columns, n_codes)


def _sum_equal(keys: Integers, bound: int, weights: Numbers) -> Numbers:
    """Return for each of the first keys the weights of the last ones that equal it."""
    asked, given = np.split(keys, [len(keys) - len(weights)])
    if bound <= COUNTERS_PER_KEY * len(keys):
        return _sums(given, weights, bound)[asked]
    # The shorter side is sorted, so that the longer one is looked up in it.
    if len(given) < len(asked):
        known, place = np.unique(given, return_inverse=True)
        return _sums(place, weights, len(known) + 1)[_find(known, asked)]
    known, place = np.unique(asked, return_inverse=True)
    return _sums(_find(known, given), weights, len(known) + 1)[place]


def _sums(places: Integers, weights: Numbers, n_places: int) -> Numbers:
    return np.bincount(places, weights, n_places).astype(np.float64, copy=False)


def _find(known: Integers, keys: Integers) -> Integers:
    """Return where each key is among sorted ones; if nowhere, how many there are."""
    if not len(known):
        return np.zeros(len(keys), np.int64)
    place = np.searchsorted(known, keys)
    is_known = known[np.minimum(place, len(known) - 1)] == keys
    return np.where(is_known, place, len(known))
