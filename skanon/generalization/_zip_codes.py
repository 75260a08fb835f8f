"""US ZIP codes of a whole column, read as the number of their area."""

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from skanon._arrow import is_number, is_text, text_bytes
from skanon._value_text import as_text
from skanon.typing import Bytes1D

__all__ = ["N_AREAS", "UNKNOWN", "Areas", "area_numbers"]

#: Areas are what the first three of five digits say.
N_AREAS = 1_000

#: The number of what is no ZIP code, or missing.
UNKNOWN = N_AREAS

#: The area of each value, shape (n_values,).
Areas: TypeAlias = npt.NDArray[np.uint16]

#: The lengths of a ZIP code, which may have lost up to two zeros in front, and of one
#: with a hyphen and four digits behind; a full one may have these without the hyphen.
SHORT = range(3, 6)
LONG = range(8, 11)
WITHOUT_HYPHEN = 9

#: Rows read at a time, so that scratch memory stays in the cache.
CHUNK = 65_536

ZERO, HYPHEN = np.frombuffer(b"0-", np.uint8)


def area_numbers(column: pa.Array) -> Areas:
    """Return the area that the ZIP code of each value lies in.

    Parameters
    ----------
    column : pyarrow.Array of shape (n_values,)
        Text such as ``"02139"``, ``"2139"``, ``"02139-4307"`` or ``"021394307"``, with
        blanks around it or not, or the numbers that such digits make.

    Returns
    -------
    ndarray of shape (n_values,)
        Numbers below ``N_AREAS``; ``UNKNOWN`` for anything else.
    """
    is_known = is_number(column.type) or is_text(column.type)
    values = column if is_known else as_text(column)
    areas = np.empty(len(values), np.uint16)
    for start in range(0, len(values), CHUNK):
        areas[start : start + CHUNK] = _areas(values.slice(start, CHUNK))
    return areas


def _areas(values: pa.Array) -> Areas:
    if is_number(values.type):
        areas = _areas_of_numbers(values.fill_null(0).to_numpy())
    else:
        areas = _areas_of_texts(values)
        is_odd = areas == UNKNOWN
        if values.null_count:
            is_odd &= values.is_valid().to_numpy(zero_copy_only=False)
        odd = np.flatnonzero(is_odd)
        if len(odd):
            trimmed = pc.utf8_trim_whitespace(values.take(pa.array(odd)))
            areas[odd] = _areas_of_texts(trimmed)
    if values.null_count:
        areas[values.is_null().to_numpy(zero_copy_only=False)] = UNKNOWN
    return areas


def _areas_of_numbers(numbers: npt.NDArray[Any]) -> Areas:
    short = (numbers >= 10**2) & (numbers < 10**5)
    long = (numbers >= 10**8) & (numbers < 10**9)
    known = short | long
    if numbers.dtype.kind == "f":
        known &= numbers == np.floor(numbers)
    whole = np.where(known, numbers, 0).astype(np.int32)
    areas = np.where(long, whole // 10**6, whole // 10**2)
    return np.where(known, areas, UNKNOWN).astype(np.uint16)


def _areas_of_texts(texts: pa.Array) -> Areas:
    """Read the texts of one length at a time: their i-th characters are a column."""
    data, offsets = text_bytes(texts)
    lengths = np.diff(offsets)
    areas = np.full(len(lengths), UNKNOWN, np.uint16)
    for length in (*SHORT, *LONG):
        rows = np.flatnonzero(lengths == length)
        if not len(rows):
            continue
        if len(rows) * length == len(data):  # the others are empty
            characters = list(data.reshape(-1, length).T)
        else:
            starts = offsets[rows]
            characters = [data.take(starts + i) for i in range(length)]
        found = _areas_of_characters(characters)
        if len(rows) == len(areas):
            return found
        areas[rows] = found
    return areas


def _areas_of_characters(characters: Sequence[Bytes1D]) -> Areas:
    """Return the areas of texts of one length, whose i-th characters are given."""
    length = len(characters)
    if length in SHORT:
        return _areas_of_digits(characters, length)
    n_first = length - 5
    digits = [*characters[:n_first], *characters[n_first + 1 :]]
    with_hyphen = _areas_of_digits(digits, n_first)
    without: Areas | int = UNKNOWN
    if length == WITHOUT_HYPHEN:
        without = _areas_of_digits(characters, 5)
    return np.where(characters[n_first] == HYPHEN, with_hyphen, without)


def _areas_of_digits(characters: Sequence[Bytes1D], n_first: int) -> Areas:
    """Return the areas of ZIP codes of ``n_first`` digits before the last four."""
    areas = np.zeros(len(characters[0]), np.uint16)
    largest = np.zeros(len(areas), np.uint8)
    for i, character in enumerate(characters):
        digit = character - ZERO  # what is below "0" wraps around
        np.maximum(largest, digit, out=largest)
        if i < n_first - 2:
            areas *= 10
            areas += digit
    areas[largest > 9] = UNKNOWN
    return areas
