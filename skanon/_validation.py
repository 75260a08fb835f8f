"""Checks that two rooms need."""

import difflib
from collections.abc import Collection, Mapping, Sequence
from numbers import Integral
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from skanon._compat import InvalidParameterError, validate_parameter_constraints
from skanon._messages import MOST_NAMES, listed, shown
from skanon.exceptions import ColumnError
from skanon.typing import ArrayLike

__all__ = [
    "as_numbers",
    "by_place",
    "check_columns",
    "check_domains",
    "check_k",
    "check_parameters",
    "check_weights",
    "check_word",
]


Value = TypeVar("Value")

#: Where a table has too many columns to list, so many that have a like name are told.
MOST_ALIKE = 3


def by_place(
    given: Mapping[Any, Value],
    places: Sequence[int],
    names: Sequence[Any],
    *,
    owner: str,
    parameter: str,
    chosen: str = "quasi-identifiers",
) -> dict[int, Value]:
    """Return what is given for some of the chosen columns, by their positions.

    ``places`` are those of all chosen columns, ``names`` those of all columns. A name
    goes before a position, where columns are named by integers.

    Raises
    ------
    ColumnError
        If something is given for a column that is not chosen.
    """
    found = check_columns(list(given), names, owner=owner, parameter=parameter)
    strange = [
        key for key, place in zip(given, found, strict=True) if place not in places
    ]
    if strange:
        raise ColumnError(
            f"'{parameter}' of {owner} names {listed(strange)}, which are not among "
            f"the {chosen} {listed([names[place] for place in places])}."
        )
    return dict(zip(found, given.values(), strict=True))


def check_columns(
    columns: object, names: Sequence[Any], *, owner: str, parameter: str = "columns"
) -> list[int]:
    """Return the positions of the chosen columns.

    Parameters
    ----------
    columns : sequence of str or int, or None
        Names of columns, or positions; None chooses all.
    names : sequence
        The table's column names.
    owner : str
        The estimator or metric, for the error message.
    parameter : str, default="columns"
        The parameter that names them, for the error message.

    Returns
    -------
    list of int
        The positions, in the order of ``columns``.

    Raises
    ------
    ColumnError
        If a column does not exist or is given twice.
    """
    if columns is None:
        return list(range(len(names)))
    if hasattr(columns, "tolist") and _is_listing(columns):
        columns = columns.tolist()
    if isinstance(columns, str) or not isinstance(columns, Sequence):
        or_none = ", or None for all" if parameter == "columns" else ""
        raise ColumnError(
            f"'{parameter}' of {owner} must be a list of column names or positions"
            f"{or_none}; got {type(columns).__name__}."
        )
    positions = [_position(column, names, owner) for column in columns]
    if len(set(positions)) != len(positions):
        raise ColumnError(f"'{parameter}' of {owner} names a column twice.")
    return positions


def check_domains(domain: object, names: Sequence[str], *, owner: str) -> list[str]:
    """Return the domain of each column: its own name where none is given.

    A name that is no text, such as an integer, counts as the text that it is shown as.

    Raises
    ------
    ColumnError
        If a mapping names a column that is not among ``names``.
    """
    if domain is None:
        return list(names)
    if isinstance(domain, Mapping):
        given = {str(name): str(value) for name, value in domain.items()}
        unknown = [name for name in given if name not in names]
        if unknown:
            raise ColumnError(
                f"'domain' of {owner} names {listed(unknown)}, which are not among its "
                f"columns {listed(names)}."
            )
        return [given.get(name, name) for name in names]
    return [str(domain)] * len(names)


def check_k(k: int, n_rows: int, n_records: float) -> None:
    """Check that rows, which stand for so many records, are at least ``k`` records.

    Raises
    ------
    ValueError
        If they are fewer.
    """
    if n_records < k:
        counted = "" if n_records == n_rows else f" that stand for {n_records:g}"
        raise ValueError(
            f"k={k} is larger than the table: X has n_samples={n_rows} row(s){counted}."
            " Choose a smaller 'k'."
        )


def check_parameters(
    parameters: Mapping[str, Any], constraints: Mapping[str, Any], *, owner: str
) -> None:
    """Check parameters as scikit-learn does, whose own message would show any cell.

    Raises
    ------
    InvalidParameterError
        If one satisfies none of its constraints.
    """
    for name, value in parameters.items():
        complaint = _complaint({name: value}, constraints, owner)
        if complaint is not None:
            got = f"Got {shown(value)} instead."
            raise InvalidParameterError(
                complaint.replace(f"Got {value!r} instead.", got)
            )


def check_weights(sample_weight: ArrayLike, n_samples: int) -> npt.NDArray[np.float64]:
    """Return the weights of the rows as an array; ones if None.

    Raises
    ------
    ValueError
        If they are not numbers, if their number is not that of the rows, or if one
        is negative or not finite.
    """
    if sample_weight is None:
        return np.ones(n_samples)
    weights = as_numbers(sample_weight, "sample_weight")
    if weights.shape != (n_samples,):
        raise ValueError(
            f"sample_weight.shape == {weights.shape}, expected {(n_samples,)}: one "
            "weight for each row."
        )
    if not np.isfinite(weights).all() or (weights < 0).any():
        raise ValueError("sample_weight has negative, infinite or missing weights.")
    if n_samples and not weights.any():
        raise ValueError(
            "sample_weight is zero for all rows; at least one sample must have a "
            "non-zero weight."
        )
    return weights


def check_word(value: object, words: Collection[Any], name: str, owner: str) -> None:
    """Check that a parameter is one of a few words, of which None may be one.

    Raises
    ------
    ValueError
        If it is something else.
    """
    is_word = value is None or isinstance(value, str)
    if not is_word or value not in words:
        got = repr(value) if is_word else type(value).__name__
        raise ValueError(
            f"'{name}' of {owner} must be one of {', '.join(map(repr, words))}; got "
            f"{got}."
        )


def as_numbers(values: ArrayLike, name: str) -> npt.NDArray[np.float64]:
    """Return an array of floats, or raise ValueError without quoting a value."""
    floats = _as_floats(values)
    if floats is None:
        raise ValueError(
            f"{name} has dtype {np.asarray(values).dtype}; numbers are needed, one "
            "for each row."
        )
    return floats


def _as_floats(values: ArrayLike) -> npt.NDArray[np.float64] | None:
    """Return values as floats, None if they are none: numpy's own error quotes one."""
    try:
        return np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError):
        return None


def _complaint(
    parameter: dict[str, Any], constraints: Mapping[str, Any], owner: str
) -> str | None:
    """Return what scikit-learn has to say against a parameter, None if nothing."""
    try:
        validate_parameter_constraints(constraints, parameter, owner)
    except InvalidParameterError as error:
        return str(error)
    return None


def _is_listing(columns: Any) -> bool:
    """Tell an ndarray of names, or an Index such as X.columns, from a table's cells."""
    return columns.ndim == 1 and not hasattr(columns, "iloc")


def _position(column: object, names: Sequence[Any], owner: str) -> int:
    if getattr(column, "shape", ()) != ():
        raise ColumnError(
            f"{owner} is given a {type(column).__name__} in place of a column; give "
            "the name or the position of the column."
        )
    if not isinstance(column, bool):
        if column in names:
            return list(names).index(column)
        if isinstance(column, Integral) and -len(names) <= int(column) < len(names):
            return int(column) % len(names)
    raise ColumnError(
        f"{owner} is told to work on column {column!r}, which X does not have. X has "
        f"{_some_of(names, column)}."
    )


def _some_of(names: Sequence[Any], wanted: object) -> str:
    """Return the names of all columns, or where they are many, of those most alike."""
    if len(names) <= MOST_NAMES:
        return f"the columns {list(names)}"
    alike = difflib.get_close_matches(str(wanted), list(map(str, names)), MOST_ALIKE)
    such_as = f", such as {alike}" if alike else ""
    return f"{len(names)} columns{such_as}"
