"""Granularity: how fine the labels still are, as a quality and as a penalty."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import numpy as np
import pyarrow as pa

from skanon._frames import Frame, read_frame
from skanon._intervals import read_numbers
from skanon._validation import by_place, check_word
from skanon.hierarchies import Hierarchy
from skanon.metrics._column_options import check_hierarchies
from skanon.metrics._losses import mean_shares_of
from skanon.metrics._numeric_tables import check_finite
from skanon.metrics._read_recoding import read_anonymized, read_recoding
from skanon.metrics._reading import (
    check_mask,
    check_quasi_identifiers,
    read_counts,
)
from skanon.metrics._recoded_columns import compare, read_leaves
from skanon.metrics._recoding import Floats, Mask
from skanon.typing import ArrayLike, Table

__all__ = ["granularity", "ncp"]

MEANS = ("arithmetic_mean", "geometric_mean")


def granularity(
    X: Table,
    X_anonymized: Table | None = None,
    *,
    hierarchies: Mapping[Any, Hierarchy],
    levels: Mapping[Any, int] | None = None,
    suppressed: ArrayLike = None,
    aggregate: Literal["arithmetic_mean", "geometric_mean"] | None = "arithmetic_mean",
    sample_weight: ArrayLike = None,
) -> Any:
    """Return how fine the labels still are.

    Greater is better: 1 is the original, 0 has nothing left.

    Parameters
    ----------
    X : DataFrame, Table or array-like of shape (n_samples, n_features)
        The original table.
    X_anonymized : DataFrame, Table or array-like, default=None
        The anonymized table, row by row the same records. Give this or ``levels``.
    hierarchies : dict of column to Hierarchy
        The quasi-identifiers, by name or position, and how their values become
        coarser.
    levels : dict of column to int, default=None
        The level that each quasi-identifier was generalized to. None finds it out
        from ``X_anonymized``.
    suppressed : array-like of bool of shape (n_samples,), default=None
        The suppressed records. None takes the rows of ``X_anonymized`` in which every
        quasi-identifier is missing.
    aggregate : {"arithmetic_mean", "geometric_mean"} or None, \
default="arithmetic_mean"
        How the columns are joined; None gives a dict of each column's value.
    sample_weight : array-like of shape (n_samples,), default=None
        How many records each row stands for. None counts each row once.

    Returns
    -------
    float or dict
        What ``aggregate`` asks for.

    Raises
    ------
    ColumnError
        If a column that has a hierarchy is not in one of the tables.
    UnknownValueError
        If a hierarchy lacks a value, or has no level with a label for it.
    TypeError
        If ``hierarchies`` is no dict of hierarchies.
    ValueError
        If the tables have different numbers of rows, or if a weight or another
        parameter is out of its range.

    See Also
    --------
    loss : The same as a loss: 1 - granularity for each column.
    ncp : The normalized certainty penalty, also of intervals.

    Notes
    -----
    The value of a column is the mean share s of the values that a label stands for,
    scaled so that single values (1 / D) give 1 and everything (1) gives 0. As in the
    ARX software the mean over the columns is taken of the shares and of the two ends,
    and then scaled.

    References
    ----------
    V. S. Iyengar, "Transforming data to satisfy privacy constraints", KDD, 2002.

    Examples
    --------
    >>> from skanon.hierarchies import Hierarchy
    >>> from skanon.metrics import granularity
    >>> towns = Hierarchy.from_tree({"Rhine": ["Bonn", "Mainz"], "Ruhr": ["Essen"]})
    >>> X = [["Bonn"], ["Mainz"], ["Essen"]]
    >>> granularity(X, [["Rhine"], ["Rhine"], ["Ruhr"]], hierarchies={0: towns})
    0.666...
    """
    check_word(aggregate, (*MEANS, None), "aggregate", "granularity")
    recoding = read_recoding(
        X,
        X_anonymized,
        owner="granularity",
        hierarchies=hierarchies,
        levels=levels,
        suppressed=suppressed,
        sample_weight=sample_weight,
    )
    least = np.array([1 / column.original.n_leaves for column in recoding.columns])
    mean, most = mean_shares_of(recoding), np.ones(len(least))
    if aggregate is None:
        names = [column.original.name for column in recoding.columns]
        return dict(zip(names, _scaled(mean, least, most).tolist(), strict=True))
    ends = [_mean(values, aggregate) for values in (mean, least, most)]
    return float(_scaled(*map(np.array, ends)))


def ncp(
    X: Table,
    X_anonymized: Table,
    *,
    quasi_identifiers: Sequence[Any],
    hierarchies: Mapping[Any, Hierarchy] | None = None,
    suppressed: ArrayLike = None,
    sample_weight: ArrayLike = None,
) -> float:
    """Return the normalized certainty penalty of a table.

    Smaller is better: 0 is the original, 1 has nothing left.

    Parameters
    ----------
    X : DataFrame, Table or array-like of shape (n_samples, n_features)
        The original table.
    X_anonymized : DataFrame, Table or array-like
        The anonymized table, row by row the same records.
    quasi_identifiers : list of str or int
        The columns that an attacker may know, by name or position.
    hierarchies : dict of column to Hierarchy, default=None
        The hierarchies of those columns that have labels of one. A column without
        holds intervals of numbers or dates, or its numbers or dates as they were.
    suppressed : array-like of bool of shape (n_samples,), default=None
        The suppressed records. None takes the rows in which every quasi-identifier is
        missing.
    sample_weight : array-like of shape (n_samples,), default=None
        How many records each row stands for. None counts each row once.

    Returns
    -------
    float
        The mean over records and columns.

    Raises
    ------
    ColumnError
        If there are no quasi-identifiers, one is not in both tables, or a hierarchy is
        given for another column.
    ColumnTypeError
        If a column without a hierarchy holds neither numbers, dates or times, nor
        intervals of them.
    UnknownValueError
        If a hierarchy lacks a value, or has no level with a label for it.
    ValueError
        If the tables have different numbers of rows, an original number is infinite,
        or an interval does not contain the original value.

    See Also
    --------
    loss : Scale the shares of each column from single values.
    granularity : The same as a quality.

    Notes
    -----
    A label of a hierarchy has the penalty 0 if it stands for one value, else the share
    of the values that it stands for. An interval has its width, relative to the range
    of the column, of which an end may lie outside; a missing cell has 1.

    References
    ----------
    J. Xu, W. Wang, J. Pei, X. Wang, B. Shi, A. Fu, "Utility-based anonymization using
    local recoding", KDD, 2006.

    Examples
    --------
    >>> import pandas as pd
    >>> from skanon.metrics import ncp
    >>> X = pd.DataFrame({"age": [20, 30, 40, 60]})
    >>> groups = pd.DataFrame({"age": pd.cut(X["age"], [20, 40, 60], right=False)})
    >>> ncp(X, groups, quasi_identifiers=["age"])
    0.625
    """
    frame = read_frame(X)
    places = check_quasi_identifiers(quasi_identifiers, frame, "ncp")
    named = _hierarchies_by_place(hierarchies, places, frame)
    names = [frame.names[place] for place in places]
    mask = check_mask(suppressed, len(frame), "suppressed", "ncp")
    columns, mask = read_anonymized(X_anonymized, names, len(frame), mask, owner="ncp")
    weights = read_counts(sample_weight, len(frame))
    counts = np.ones(len(frame), bool) if weights is None else weights > 0
    penalties = np.zeros(len(frame))
    for place, column in zip(places, columns, strict=True):
        original, name = frame.column(place), frame.names[place]
        if place in named:
            penalty = _penalties_of_labels(original, column, named[place], name, mask)
        else:
            penalty = _penalties_of_intervals(original, column, name, counts)
        penalties += np.where(mask, 1.0, penalty)
    return float(np.average(penalties, weights=weights) / len(places))


def _scaled(mean: Floats, least: Floats, most: Floats) -> Floats:
    room = most - least
    lost = np.divide(mean - least, room, out=np.zeros_like(room), where=room > 0)
    return np.asarray(np.clip(1 - lost, 0, 1))


def _mean(values: Floats, aggregate: str) -> float:
    if aggregate == "arithmetic_mean":
        return float(values.mean())
    return float(np.exp(np.log(values + 1).mean()) - 1)


def _hierarchies_by_place(
    hierarchies: Mapping[Any, Hierarchy] | None, places: Sequence[int], frame: Frame
) -> dict[int, Hierarchy]:
    if hierarchies is None:
        return {}
    check_hierarchies(hierarchies, "ncp")
    return by_place(
        hierarchies, places, frame.names, owner="ncp", parameter="hierarchies"
    )


def _penalties_of_labels(
    original: pa.Array, column: pa.Array, hierarchy: Hierarchy, name: Any, mask: Mask
) -> Floats:
    recoded = compare(read_leaves(original, hierarchy, name), column, mask)
    single = 1 / recoded.original.n_leaves
    penalties = np.where(recoded.shares > single, recoded.shares, 0.0)
    return np.asarray(penalties[recoded.codes])


def _penalties_of_intervals(
    original: pa.Array, column: pa.Array, name: Any, counts: Mask
) -> Floats:
    values = _numbers(original, name)
    check_finite(values, name, "ncp")
    was_missing = np.isnan(values)
    known = values[counts & ~was_missing]
    low, high = known.min(initial=np.inf), known.max(initial=-np.inf)
    left, right = _ends(column, name)
    n_strange = int(((values < left) | (values > right)).sum())
    if n_strange:
        raise ValueError(
            f"Column {name!r} of the anonymized table has {n_strange} cells that do "
            "not contain the original value of their row. Its labels must be "
            "intervals around the values, or labels of a hierarchy that is given."
        )
    width = np.minimum(right, high) - np.maximum(left, low)
    penalties = width / (high - low) if high > low else 0.0 * values
    penalties = np.where(np.isnan(left) | np.isnan(right), 1.0, penalties)
    return np.where(was_missing, 0.0, penalties)


def _ends(column: pa.Array, name: Any) -> tuple[Floats, Floats]:
    """Return the ends of each interval; those of a number are itself."""
    if pa.types.is_dictionary(column.type):
        left, right = _ends(column.dictionary, name)
        codes = column.indices.fill_null(len(left)).to_numpy(zero_copy_only=False)
        return np.append(left, np.nan)[codes], np.append(right, np.nan)[codes]
    if isinstance(column, pa.ExtensionArray):
        column = column.storage
    if pa.types.is_struct(column.type) and column.type.num_fields == 2:
        left, right = column.flatten()
        return _numbers(left, name), _numbers(right, name)
    numbers = _numbers(column, name)
    return numbers, numbers


def _numbers(column: pa.Array, name: Any) -> Floats:
    """Return numbers, dates, times or durations as floats, NaN where missing."""
    is_time = pa.types.is_temporal(column.type)
    if is_time and not pa.types.is_interval(column.type):
        # The two tables may have two units. Rounding keeps what lies in an interval.
        kind = _in_microseconds(column.type)
        column = column.cast(kind, safe=False).view(pa.int64())
    return read_numbers(column, name=name, owner="ncp without a hierarchy")


def _in_microseconds(kind: pa.DataType) -> pa.DataType:
    if pa.types.is_duration(kind):
        return pa.duration("us")
    return pa.time64("us") if pa.types.is_time(kind) else pa.timestamp("us")
