"""Dates in text that a ``strptime`` format describes."""

import re
from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from skanon._calendar._civil import days_from_civil

__all__ = ["check_format", "parse_format"]

#: Day numbers, and which of them are there.
Parsed: TypeAlias = tuple[npt.NDArray[np.int32], npt.NDArray[np.bool_]]

#: Values matched at a time, so that their parts do not pile up.
CHUNK = 131_072

MONTHS = (
    "january february march april may june july august september october november "
    "december"
).split()
SHORT_MONTHS = [month[:3] for month in MONTHS]
WEEKDAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
SHORT_WEEKDAYS = [weekday[:3] for weekday in WEEKDAYS]

#: The texts that each directive stands for, those of Python's ``strptime``. Only
#: those with a name matter for the date; the others must be there.
DIRECTIVES = {
    "Y": r"(?P<Y>[0-9]{4})",
    "y": r"(?P<y>[0-9]{2})",
    "m": r"(?P<m>1[0-2]|0[1-9]|[1-9])",
    "B": rf"(?P<B>{'|'.join(MONTHS)})",
    "b": rf"(?P<b>{'|'.join(SHORT_MONTHS)})",
    "d": r"(?P<d>3[01]|[12][0-9]|0[1-9]|[1-9]| [1-9])",
    "j": r"(?P<j>36[0-6]|3[0-5][0-9]|[12][0-9]{2}|0[1-9][0-9]|00[1-9]|[1-9][0-9]|0[1-9]"
    r"|[1-9])",
    "A": rf"(?:{'|'.join(WEEKDAYS)})",
    "a": rf"(?:{'|'.join(SHORT_WEEKDAYS)})",
    "H": r"(?:2[0-3]|[01][0-9]|[0-9])",
    "I": r"(?:1[0-2]|0[1-9]|[1-9])",
    "M": r"(?:[0-5][0-9]|[0-9])",
    "S": r"(?:6[01]|[0-5][0-9]|[0-9])",
    "f": r"(?:[0-9]{1,6})",
    "p": r"(?:am|pm)",
    "z": r"(?:z|[+-][0-9]{2}:?[0-5][0-9](?::?[0-5][0-9](?:\.[0-9]{1,6})?)?)",
    "%": "%",
}

#: Two-digit years from here on belong to the 20th century, as POSIX has it.
PIVOT = 69


def check_format(format: str) -> None:
    """Raise a ValueError for a format that tells no date or is not understood."""
    found = _directives(format)
    unknown = [f"%{letter}" for letter in found if letter not in DIRECTIVES]
    if unknown:
        known = " ".join(f"%{letter}" for letter in DIRECTIVES)
        raise ValueError(
            f"format={format!r} has {' '.join(unknown)}, which is not understood. "
            f"Write it with {known}."
        )
    if sum(letter in "Yy" for letter in found) != 1:
        raise ValueError(
            f"format={format!r} must have one year, as %Y (1990) or %y (90)."
        )
    if any(sum(letter in part for letter in found) > 1 for part in ("mBbj", "dj")):
        raise ValueError(f"format={format!r} tells a part of the date twice.")


def parse_format(column: pa.Array, format: str) -> Parsed:
    """Read dates written in a format.

    Parameters
    ----------
    column : pyarrow.Array of shape (n,)
        Text or large text without missing values.
    format : str
        A format that :func:`check_format` accepts. A month or day that it does
        not tell is the first.

    Returns
    -------
    days : ndarray of shape (n,), dtype int32
        The day numbers; those of unreadable texts mean nothing.
    readable : ndarray of shape (n,), dtype bool
        Which texts are such dates, from 0001-01-01 to 9999-12-31.
    """
    days, readable = np.zeros(len(column), np.int32), np.zeros(len(column), np.bool_)
    pattern = _pattern(format)
    for start in range(0, len(column), CHUNK):
        here = slice(start, start + CHUNK)
        days[here], readable[here] = _parse_chunk(column[here], pattern)
    return days, readable


def _parse_chunk(column: pa.Array, pattern: str) -> Parsed:
    encoded = column.dictionary_encode()  # dates repeat, and matching takes long
    codes = encoded.indices.to_numpy()
    parts = pc.extract_regex(encoded.dictionary, pattern)
    matches = parts.is_valid()
    days = np.zeros(len(parts), np.int32)
    readable = matches.to_numpy(zero_copy_only=False).copy()
    days[readable], readable[readable] = _dates(parts.filter(matches))
    return days.take(codes), readable.take(codes)


def _directives(format: str) -> list[str]:
    return re.findall(r"%(.?)", format, re.DOTALL)


def _pattern(format: str) -> str:
    pieces = re.split(r"(%.|\s+)", format)
    return "(?i)^" + "".join(map(_pattern_of_piece, pieces)) + "$"


def _pattern_of_piece(piece: str) -> str:
    if piece.startswith("%"):
        return DIRECTIVES[piece[1]]
    return r"\s+" if piece.isspace() else re.escape(piece)


def _dates(
    parts: pa.StructArray,
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.bool_]]:
    fields = {field.name: parts.field(field.name) for field in parts.type}
    one = np.ones(len(parts), np.int64)
    if "Y" in fields:
        year = _number(fields["Y"])
    else:
        year = 1900 + _number(fields["y"])
        year += 100 * (year < 1900 + PIVOT)
    if "j" in fields:
        month, day = one, _number(fields["j"])
    else:
        month = _month(fields, one)
        day = _number(fields["d"]) if "d" in fields else one
    days = days_from_civil(year, month, one) + day - 1
    if "j" in fields:
        stop = days_from_civil(year + 1, one, one)
    else:
        years, following = np.divmod(month, 12)
        stop = days_from_civil(year + years, following + 1, one)
    return days.astype(np.int32), (days < stop) & (year >= 1)


def _month(
    fields: dict[str, pa.Array], one: npt.NDArray[np.int64]
) -> npt.NDArray[np.int64]:
    if "m" in fields:
        return _number(fields["m"])
    for letter, names in (("B", MONTHS), ("b", SHORT_MONTHS)):
        if letter in fields:
            return _position(fields[letter], names) + 1
    return one


def _number(text: pa.Array) -> npt.NDArray[np.int64]:
    digits = pc.ascii_trim_whitespace(text)
    numbers: npt.NDArray[np.int64] = digits.cast(pa.int64()).to_numpy()
    return numbers


def _position(text: pa.Array, names: Sequence[str]) -> npt.NDArray[np.int64]:
    positions = pc.index_in(pc.ascii_lower(text), pa.array(names, text.type))
    numbers: npt.NDArray[np.int64] = positions.cast(pa.int64()).to_numpy()
    return numbers
