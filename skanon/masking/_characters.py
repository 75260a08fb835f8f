"""Text worked on character by character, a whole column at a time.

A column is laid flat: one array of characters (bytes where all are ASCII, code
points else), and where in it each text starts. What is done to a character
depends on the character and its place, so it is arithmetic on such arrays.
"""

import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from skanon._arrow import text_bytes, text_of_bytes
from skanon._crypto import encrypt_blocks, keyed_numbers

__all__ = ["KeptCharacters", "mask_text", "replace_text"]

Integers = npt.NDArray[np.int64]
Codes = npt.NDArray[np.unsignedinteger[Any]]
Mask = npt.NDArray[np.bool_]

#: Rows and bytes worked on at a time, so that scratch memory, many times as large,
#: does not grow with the table.
CHUNK = 16_384
CHUNK_BYTES = 2**20

#: Characters that one AES block makes: 16 bits each leave a bias below 0.1 %.
PER_BLOCK = 8

#: What replaces a character of each kind: the first of its range, and how many.
KEEP, UPPER, LOWER, DIGIT = range(4)
FIRST = np.array([0, ord("A"), ord("a"), ord("0")], np.uint32)
COUNT = np.array([1, 26, 26, 10], np.uint32)


@dataclass(frozen=True)
class KeptCharacters:
    """Which characters of a text stay readable."""

    first: int = 0
    last: int = 0
    chars: str = ""
    email_domain: bool = False


@dataclass(frozen=True)
class Flat:
    """A piece of a text column, laid flat."""

    codes: Codes
    starts: Integers
    lengths: Integers

    @property
    def places(self) -> Integers:
        """The place of each character in its own text."""
        return np.arange(len(self.codes)) - self.spread(self.starts)

    def spread(self, per_text: Integers) -> Integers:
        """Give each character a number of its text."""
        return np.repeat(per_text, self.lengths)


def mask_text(column: pa.Array, kept: KeptCharacters, mask_char: str) -> pa.Array:
    """Replace characters by ``mask_char``, except those that are kept.

    A text that is not longer than ``kept.first + kept.last`` is masked whole. If the
    e-mail domain is kept, this is said of the part before the "@", and a text
    without "@" is masked whole.
    """

    def mask(flat: Flat, _: pa.Array) -> Codes:
        masked = np.asarray(ord(mask_char), flat.codes.dtype)
        return np.where(_is_kept(flat, kept), flat.codes, masked)

    wide = not (mask_char.isascii() and kept.chars.isascii())
    return _mapped(column, mask, wide=wide)


def replace_text(column: pa.Array, key: bytes, *, name: str = "") -> pa.Array:
    """Replace letters by letters of their case and digits by digits, by a key.

    The MAC of the whole text seeds the draws, so that equal texts stay equal and
    one changed character changes all. Letters become ASCII letters, those without
    a case lower-case ones.
    """

    def replace(flat: Flat, piece: pa.Array) -> Codes:
        kinds = _kinds(flat.codes)
        seeds = keyed_numbers(piece, key, name=name, n_numbers=2)
        draws = _draws(seeds, flat, key)
        new = FIRST[kinds] + draws % COUNT[kinds]
        return np.where(kinds == KEEP, flat.codes, new).astype(flat.codes.dtype)

    return _mapped(column, replace)


def _is_kept(flat: Flat, kept: KeptCharacters) -> Mask:
    lengths = flat.lengths
    eligible = lengths > kept.first + kept.last
    if kept.email_domain:
        at = _last_at(flat)
        eligible = at > kept.first + kept.last
        lengths = np.where(at < 0, lengths, at)
    first = np.where(eligible, kept.first, 0)
    end = np.where(eligible, lengths - kept.last, lengths)
    mask: Mask = flat.places < flat.spread(first)
    mask |= flat.places >= flat.spread(end)
    if kept.chars:
        mask |= np.isin(flat.codes, [ord(char) for char in kept.chars])
    return mask


def _last_at(flat: Flat) -> Integers:
    """Return the place of the last "@" in each text; -1 if there is none."""
    places = np.full(len(flat.lengths), -1)
    at = np.flatnonzero(flat.codes == ord("@"))
    # Of texts that start at one place all but the last are empty.
    text = np.searchsorted(flat.starts, at, side="right") - 1
    np.maximum.at(places, text, at - flat.starts[text])
    return places


def _kinds(codes: Codes) -> npt.NDArray[np.uint8]:
    """Return the kind of each character, looked up once for each distinct one."""
    distinct = np.flatnonzero(np.bincount(codes, minlength=128))
    table = np.zeros(int(distinct[-1]) + 1 if len(distinct) else 1, np.uint8)
    table[distinct] = [_kind(chr(code)) for code in distinct]
    kinds: npt.NDArray[np.uint8] = table[codes]
    return kinds


def _kind(char: str) -> int:
    category = unicodedata.category(char)
    if category in ("Lu", "Lt"):
        return UPPER
    # A combining mark is part of a letter: kept, it would tell which.
    return {"L": LOWER, "M": LOWER, "N": DIGIT}.get(category[0], KEEP)


def _draws(
    seeds: npt.NDArray[np.uint64], flat: Flat, key: bytes
) -> npt.NDArray[np.uint16]:
    """Return 16 random bits for each character: AES in counter mode from a seed."""
    n_blocks = -(-flat.lengths // PER_BLOCK)
    begins = np.cumsum(n_blocks) - n_blocks
    counters = np.repeat(seeds, n_blocks, axis=0)
    places = np.arange(len(counters)) - np.repeat(begins, n_blocks)
    counters[:, 1] ^= places.astype(np.uint64)
    blocks = counters.astype(">u8").view(np.uint8)
    stream = encrypt_blocks(blocks, key).view(">u2").reshape(-1)
    draws: npt.NDArray[np.uint16] = stream[
        flat.spread(PER_BLOCK * begins) + flat.places
    ].astype(np.uint16)
    return draws


# -- flat and back ------------------------------------------------------------------


def _mapped(
    column: pa.Array, change: Callable[[Flat, pa.Array], Codes], *, wide: bool = False
) -> pa.Array:
    column = column.cast(pa.large_string())
    pieces = [
        _text(change(flat, piece), flat.lengths, piece)
        for piece, flat in _flat_pieces(column, wide)
    ]
    return pa.concat_arrays(pieces) if pieces else column


def _flat_pieces(column: pa.Array, wide: bool) -> Iterator[tuple[pa.Array, Flat]]:
    _, offsets = text_bytes(column)
    start = 0
    while start < len(column):
        full = np.searchsorted(offsets, offsets[start] + CHUNK_BYTES, side="right") - 1
        n_rows = min(max(int(full) - start, 1), CHUNK)
        piece = column.slice(start, n_rows)
        yield piece, _flat(piece, wide)
        start += n_rows


def _flat(piece: pa.Array, wide: bool) -> Flat:
    data, offsets = text_bytes(piece)
    if wide or data.max(initial=0) >= 0x80:
        begins = np.concatenate([[0], np.cumsum((data & 0xC0) != 0x80)])
        offsets = begins[offsets]
        points = data.tobytes().decode("utf-8").encode("utf-32-le")
        codes: Codes = np.frombuffer(points, np.uint32)
    else:
        codes = data
    return Flat(codes, offsets[:-1], np.diff(offsets))


def _text(codes: Codes, lengths: Integers, piece: pa.Array) -> pa.Array:
    """Make Arrow text of characters; missing where the piece is."""
    offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    data = codes
    if codes.dtype != np.uint8:
        text = codes.astype("<u4").tobytes().decode("utf-32-le").encode("utf-8")
        data = np.frombuffer(text, np.uint8)
        begins = np.flatnonzero((data & 0xC0) != 0x80)
        offsets = np.append(begins, len(data))[offsets].astype(np.int64)
    missing = None
    if piece.null_count:
        missing = piece.is_null().to_numpy(zero_copy_only=False)
    return text_of_bytes(data, offsets, missing)
