"""Which fitted value gets which surrogate, when no two may share one."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

__all__ = ["assign_distinct", "rank"]

Numbers = npt.NDArray[np.uint64]
Places = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
Write = Callable[[Numbers], pa.Array]

#: Rounds of proposals before the rest is dealt out from what is left.
ROUNDS = 12

#: Surrogates looked at together when the rest is dealt out.
DEAL = 2**20


def rank(known: Numbers, numbers: Numbers) -> tuple[Places, Mask]:
    """Return where numbers stand among sorted known ones, and which are known."""
    if not len(known):
        return np.zeros(len(numbers), np.int64), np.zeros(len(numbers), np.bool_)
    places = np.minimum(np.searchsorted(known, numbers), len(known) - 1)
    return places, known[places] == numbers


def assign_distinct(
    macs: Numbers, values: pa.Array, size: int, write: Write
) -> Numbers | None:
    """Give each value a surrogate of its own.

    A value proposes one surrogate a round, drawn by its MAC; of the values that
    propose one text the first wins. So most values keep their surrogate when others
    come or go.

    Parameters
    ----------
    macs : ndarray of shape (n_values, 2), dtype uint64
        Two keyed numbers of each value.
    values : pyarrow.Array of shape (n_values,)
        The distinct values as text, null if they are none; no value gets itself.
    size : int
        The number of surrogates.
    write : callable
        Returns the surrogates of an array of numbers below ``size``.

    Returns
    -------
    ndarray of shape (n_values,), dtype uint64, or None
        The number of each value's surrogate; None if there are not enough.
    """
    slots = np.zeros(len(macs), np.uint64)
    rows = np.arange(len(macs))
    taken = write(slots[:0])
    start, step = macs[:, 0], macs[:, 1] | np.uint64(1)
    for turn in range(ROUNDS):
        proposals = (start[rows] + np.uint64(turn) * step[rows]) % np.uint64(size)
        texts = write(proposals)
        wins = _is_new(texts, taken) & ~_is_same(texts, values.take(pa.array(rows)))
        slots[rows[wins]] = proposals[wins]
        taken = pa.concat_arrays([taken, texts.filter(pa.array(wins))])
        rows = rows[~wins]
    slots[rows], n_dealt = _dealt(len(rows), taken, size, write)
    if n_dealt < len(rows):
        return None
    return _without_own(slots, values, write)


def _is_new(texts: pa.Array, taken: pa.Array) -> Mask:
    """Return which texts are not taken, and the first of their kind here."""
    new: Mask = ~pc.is_in(texts, value_set=taken).to_numpy(zero_copy_only=False)
    codes = texts.dictionary_encode().indices.to_numpy(zero_copy_only=False)
    first = np.zeros(len(texts), np.bool_)
    first[np.unique(codes, return_index=True)[1]] = True
    return new & first


def _is_same(texts: pa.Array, values: pa.Array) -> Mask:
    if texts.type != values.type:
        return np.zeros(len(texts), np.bool_)
    same = pc.equal(texts, values).fill_null(False)
    mask: Mask = same.to_numpy(zero_copy_only=False)
    return mask


def _dealt(n: int, taken: pa.Array, size: int, write: Write) -> tuple[Numbers, int]:
    """Return ``n`` numbers of surrogates that are not taken, and how many are found."""
    found: list[Numbers] = [np.zeros(0, np.uint64)]
    n_found = 0
    for start in range(0, size if n else 0, DEAL):
        numbers = np.arange(start, min(start + DEAL, size), dtype=np.uint64)
        texts = write(numbers)
        new = _is_new(texts, taken)
        found.append(numbers[new][: n - n_found])
        n_found += len(found[-1])
        if n_found == n:
            break
        taken = pa.concat_arrays([taken, texts.filter(pa.array(new))])
    slots = np.zeros(n, np.uint64)
    slots[:n_found] = np.concatenate(found)
    return slots, n_found


def _without_own(slots: Numbers, values: pa.Array, write: Write) -> Numbers | None:
    """Let a value that was dealt itself swap with its neighbour, whom that suits."""
    own = np.flatnonzero(_is_same(write(slots), values))
    if len(own) and len(slots) == 1:
        return None
    for row in own:
        other = row - 1
        slots[[row, other]] = slots[[other, row]]
    return slots
