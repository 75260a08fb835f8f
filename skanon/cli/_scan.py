"""Search bytes for thousands of secrets at once."""

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from numpy.lib.stride_tricks import sliding_window_view

__all__ = ["ENCODINGS", "find_texts"]

#: How Python, numpy and Arrow hold text in memory.
ENCODINGS = ("utf-8", "utf-16-le", "utf-32-le")

Words = npt.NDArray[np.uint64]

#: Bytes of a text that are compared first; they fit into one integer.
WINDOW = 8

#: Positions looked at together, so that scratch memory does not grow with the file.
CHUNK = 1 << 20

#: Size of the table of hashes, of which few are taken even by a million texts.
TABLE_BITS = 25

#: An odd number with its bits well mixed (2**64 / golden ratio), to hash by.
MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)


def find_texts(
    data: bytes, texts: pa.Array, encodings: Sequence[str] = ENCODINGS
) -> set[str]:
    """Return those texts that are somewhere in the data.

    Parameters
    ----------
    data : bytes
        The data.
    texts : Array
        What to search for; missing and empty texts are left out.
    encodings : sequence of str
        How the texts may be written.

    Returns
    -------
    set of str
        The texts found.
    """
    sought = [text for text in pc.unique(texts).to_pylist() if text]
    return {
        text.decode(encoding)
        for encoding in encodings
        for text in _found(data, [text.encode(encoding) for text in sought])
    }


def _found(data: bytes, texts: list[bytes]) -> Iterator[bytes]:
    if not texts:
        return
    width = min(WINDOW, *map(len, texts))
    starts = b"".join(text[:width] for text in texts)
    rows = np.frombuffer(starts, np.uint8).reshape(-1, width)
    positions = _candidates(data, np.unique(_words(rows)), width)
    by_start: dict[bytes, list[bytes]] = {data[i : i + width]: [] for i in positions}
    for text in texts:
        if text[:width] in by_start:
            by_start[text[:width]].append(text)
    for i in positions:
        for text in by_start[data[i : i + width]]:
            if data.startswith(text, i):
                yield text


def _candidates(data: bytes, sought: Words, width: int) -> list[int]:
    """Return where in the data one of the sought words stands."""
    is_taken = np.zeros(1 << TABLE_BITS, np.bool_)
    is_taken[_hashes(sought)] = True
    positions: list[int] = []
    for start in range(0, len(data) - width + 1, CHUNK):
        piece = np.frombuffer(data[start : start + CHUNK + width - 1], np.uint8)
        words = _words(sliding_window_view(piece, width))
        hits = np.flatnonzero(is_taken[_hashes(words)])
        hits = hits[np.isin(words[hits], sought)]
        positions.extend((start + hits).tolist())
    return positions


def _words(rows: npt.NDArray[np.uint8]) -> Words:
    """Return each row of at most 8 bytes as one integer."""
    padded = np.zeros((len(rows), WINDOW), np.uint8)
    padded[:, : rows.shape[1]] = rows
    return padded.view(np.uint64)[:, 0]


def _hashes(words: Words) -> Words:
    return (words * MULTIPLIER) >> np.uint64(64 - TABLE_BITS)
