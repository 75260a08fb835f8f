"""Several columns of codes → one integer per row → ranks and counts."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["Integers", "as_counts", "pack_codes", "rank_keys", "tally_keys"]

Integers = npt.NDArray[np.signedinteger[Any]]

#: Keys stay below this bound, so that none overflows an int64.
MAX_BOUND = 2**62

#: Floats below this bound are exact where they are whole.
MAX_WHOLE = 2**53

#: Up to this many counters per row a table of counters is faster than a sort.
COUNTERS_PER_ROW = 2

#: A table of counters this small stays in the processor's cache whatever the rows.
MIN_COUNTERS = 2**14


def as_counts(weights: npt.NDArray[np.float64] | None) -> npt.NDArray[Any] | None:
    """Return whole weights as int64, so that sums stay exact and print as integers.

    Weights whose sum no float holds exactly stay floats.
    """
    if weights is None or weights.sum() >= MAX_WHOLE:
        return weights
    whole = weights.astype(np.int64)
    return whole if (whole == weights).all() else weights


def pack_codes(
    columns: Sequence[npt.NDArray[Any]], n_codes: Sequence[int]
) -> tuple[Integers, int]:
    """Pack each row's codes into one integer, as digits of a mixed radix.

    Parameters
    ----------
    columns : sequence of ndarray of int of shape (n_rows,)
        The codes of each column: 0 … ``n_codes`` - 1.
    n_codes : sequence of int
        How many codes each column may have.

    Returns
    -------
    keys : ndarray of int32 or int64 of shape (n_rows,)
        Equal for two rows if and only if all their codes are equal, and in the
        lexicographic order of the codes as long as nothing had to be recoded.
    bound : int
        All keys lie below it.
    """
    keys, bound = _first_digit(columns[0], n_codes)
    for codes, radix in zip(columns[1:], n_codes[1:], strict=True):
        if bound * radix >= MAX_BOUND:
            keys, bound = rank_keys(keys, bound)
        if bound * radix >= MAX_BOUND:
            codes, radix = rank_keys(codes, radix)
        keys *= radix
        np.add(keys, codes, out=keys, casting="unsafe")
        bound *= radix
    return keys, bound


def rank_keys(keys: Integers, bound: int) -> tuple[Integers, int]:
    """Return each key's rank among the distinct keys, and how many are distinct."""
    if bound <= _max_counters(len(keys)):
        present = np.zeros(bound, bool)
        present[keys] = True
        ranks = np.cumsum(present, dtype=np.int64)
        return (ranks - 1)[keys], int(ranks[-1]) if bound else 0
    order = np.argsort(keys)
    ordered = keys[order]
    steps = np.zeros(len(keys), np.int64)
    np.cumsum(ordered[1:] != ordered[:-1], out=steps[1:])
    ranks = np.empty(len(keys), np.int64)
    ranks[order] = steps
    return ranks, int(steps[-1]) + 1 if len(keys) else 0


def tally_keys(keys: Integers, bound: int) -> npt.NDArray[np.int64]:
    """Return how often each distinct key occurs, in ascending order of the keys."""
    if bound <= _max_counters(len(keys)):
        counters = np.bincount(keys, minlength=bound)
        return counters[counters > 0]
    ordered = np.sort(keys)
    starts = np.flatnonzero(ordered[1:] != ordered[:-1]) + 1
    return np.diff(starts, prepend=0, append=len(keys)) if len(keys) else starts


def _first_digit(
    codes: npt.NDArray[Any], n_codes: Sequence[int]
) -> tuple[Integers, int]:
    bound = 1
    for radix in n_codes:
        bound *= max(int(radix), 1)
    dtype = np.int32 if bound < 2**31 else np.int64
    return codes.astype(dtype), int(n_codes[0])


def _max_counters(n_rows: int) -> int:
    return max(COUNTERS_PER_ROW * n_rows, MIN_COUNTERS)
