"""Rows of columns → equivalence classes."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

import numpy.typing as npt
import pyarrow as pa

from skanon._groups._classes import EquivalenceClasses, Mask, Numbers
from skanon._groups._encoding import EncodedColumn, encode_column
from skanon._groups._keys import pack_codes
from skanon._groups._sensitive import SensitiveColumn

__all__ = ["all_missing", "group_codes", "group_columns", "group_encoded"]


def group_columns(
    columns: Iterable[pa.Array],
    *,
    names: Sequence[Any] | None = None,
    weights: Numbers | None = None,
    missing: Literal["own_category", "wildcard"] = "own_category",
    suppressed: Mask | None = None,
    subset: Mask | None = None,
    sensitive: Mapping[Any, SensitiveColumn] | None = None,
) -> EquivalenceClasses:
    """Group rows by the values of quasi-identifiers.

    Parameters
    ----------
    columns : iterable of pyarrow.Array of shape (n_rows,)
        The quasi-identifiers, at least one; of a generator one at a time is held.
    names : sequence, default=None
        Their names, for error messages.
    weights : ndarray of shape (n_rows,), default=None
        How many records each row stands for; pass it through :func:`as_counts`.
    missing : {"own_category", "wildcard"}, default="own_category"
        Whether a missing value equals only missing values, or every value.
    suppressed : ndarray of bool of shape (n_rows,), default=None
        The suppressed records. None takes the rows in which every quasi-identifier
        is missing, which is what record suppression leaves; give an all-False mask
        if such rows are ordinary records.
    subset : ndarray of bool of shape (n_rows,), default=None
        The rows of the research subset; None for all.
    sensitive : mapping of str to SensitiveColumn, default=None
        The sensitive columns, from :func:`encode_sensitive`.

    Returns
    -------
    EquivalenceClasses
        The classes.
    """
    return group_encoded(
        [
            encode_column(column, name=i if names is None else names[i], wide=True)
            for i, column in enumerate(columns)
        ],
        weights=weights,
        missing=missing,
        suppressed=suppressed,
        subset=subset,
        sensitive=sensitive,
    )


def group_encoded(
    columns: Sequence[EncodedColumn],
    *,
    missing: str = "own_category",
    suppressed: Mask | None = None,
    **options: Any,
) -> EquivalenceClasses:
    """Group rows by quasi-identifiers that are encoded already.

    Parameters
    ----------
    columns : sequence of EncodedColumn
        The quasi-identifiers; at least one.
    missing : {"own_category", "wildcard"}, default="own_category"
        As for :func:`group_columns`.
    suppressed : ndarray of bool of shape (n_rows,), default=None
        As for :func:`group_columns`.
    **options
        ``weights``, ``subset`` and ``sensitive`` as for :func:`group_columns`.

    Returns
    -------
    EquivalenceClasses
        The classes.
    """
    if suppressed is None:
        suppressed = all_missing(columns)
    keys, bound = pack_codes([c.codes for c in columns], [c.n_codes for c in columns])
    with_missing = [column for column in columns if column.missing is not None]
    return EquivalenceClasses(
        keys,
        bound,
        suppressed=suppressed,
        wildcards=columns if missing == "wildcard" and with_missing else None,
        with_missing=with_missing,
        **options,
    )


def group_codes(
    codes: Sequence[npt.NDArray[Any]], n_codes: Sequence[int], **options: Any
) -> EquivalenceClasses:
    """Group rows by columns of codes that are at hand, as in a lattice search.

    Parameters
    ----------
    codes : sequence of ndarray of int of shape (n_rows,)
        The columns' codes, 0 … ``n_codes`` - 1; the columns of a 2-D array are its
        ``codes.T``.
    n_codes : sequence of int
        How many codes each column may have.
    **options
        ``weights``, ``suppressed``, ``subset`` and ``sensitive`` as for
        :func:`group_columns`. No code counts as missing.

    Returns
    -------
    EquivalenceClasses
        The classes.
    """
    keys, bound = pack_codes(codes, n_codes)
    return EquivalenceClasses(keys, bound, **options)


def all_missing(columns: Sequence[EncodedColumn]) -> Mask | None:
    """Return the rows in which every quasi-identifier is missing; None for none."""
    if any(column.missing is None for column in columns):
        return None
    is_missing = columns[0].codes == columns[0].missing
    for column in columns[1:]:
        is_missing &= column.codes == column.missing
    return is_missing if is_missing.any() else None
