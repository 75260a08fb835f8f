"""What a caller gives a metric, checked and read: tables, weights, thresholds."""

from collections.abc import Sequence
from numbers import Integral, Real
from typing import Any

import numpy as np
import numpy.typing as npt

from skanon._frames import Frame, read_frame
from skanon._groups import (
    EquivalenceClasses,
    SensitiveColumn,
    as_counts,
    encode_columns,
    encode_sensitive,
    group_encoded,
)
from skanon._messages import listed
from skanon._validation import as_numbers, check_columns, check_weights, check_word
from skanon.exceptions import ColumnError
from skanon.typing import ArrayLike, Table

__all__ = [
    "check_fraction",
    "check_mask",
    "check_max_size",
    "check_missing",
    "check_quasi_identifiers",
    "check_share",
    "find_columns",
    "greatest",
    "least",
    "read_classes",
    "read_classes_with_sensitive",
    "read_counts",
    "read_sampling_weight",
    "sum_by",
]

Numbers = npt.NDArray[Any]

#: Up to this many counters a histogram is counted in a table rather than sorted.
MAX_COUNTERS = 2**22


def read_classes(
    X: Table,
    quasi_identifiers: Any,
    *,
    owner: str,
    sensitive: Any = None,
    sample_weight: ArrayLike = None,
    missing: str = "own_category",
    suppressed: ArrayLike = None,
    subset: ArrayLike = None,
) -> EquivalenceClasses:
    """Group the rows of a table by its quasi-identifiers.

    Parameters
    ----------
    X : DataFrame, Table or ndarray of shape (n_samples, n_features)
        The table.
    quasi_identifiers : sequence of str or int
        The columns to group by; at least one.
    owner : str
        The metric, for error messages.
    sensitive : str, int or sequence of them, default=None
        The sensitive column or columns.
    sample_weight : array-like of shape (n_samples,), default=None
        How many records each row stands for.
    missing : {"own_category", "wildcard"}, default="own_category"
        What a missing value equals.
    suppressed : array-like of bool of shape (n_samples,), default=None
        The suppressed rows; None takes those whose quasi-identifiers are all missing.
    subset : array-like of bool of shape (n_samples,), default=None
        The rows of the research subset; None for all.

    Returns
    -------
    EquivalenceClasses
        The classes.
    """
    check_missing(missing, owner)
    frame = read_frame(X)
    positions = check_quasi_identifiers(quasi_identifiers, frame, owner)
    return group_encoded(
        encode_columns(frame, positions, wide=True),
        weights=read_counts(sample_weight, len(frame)),
        missing=missing,
        suppressed=check_mask(suppressed, len(frame), "suppressed", owner),
        subset=check_mask(subset, len(frame), "subset", owner),
        sensitive=_read_sensitive(frame, sensitive, positions, owner),
    )


def read_classes_with_sensitive(
    X: Table, quasi_identifiers: Any, sensitive: Any, *, owner: str, **options: Any
) -> EquivalenceClasses:
    """Group the rows of a table for a metric of one sensitive column.

    Raises
    ------
    ColumnError
        If there is not one sensitive column, or it is a quasi-identifier.
    """
    classes = read_classes(
        X, quasi_identifiers, owner=owner, sensitive=sensitive, **options
    )
    if len(classes.sensitive) != 1:
        raise ColumnError(
            f"{owner} needs one sensitive column, as in sensitive='disease'; got "
            f"{len(classes.sensitive) or 'none'}."
        )
    return classes


def least(numbers: Numbers, classes: EquivalenceClasses, *, empty: float) -> float:
    """Return the least number of a class that has records; ``empty`` without any."""
    numbers = numbers[classes.members > 0]
    return numbers.min().item() if len(numbers) else empty


def greatest(numbers: Numbers, classes: EquivalenceClasses) -> float:
    """Return the greatest number of a class that has records; 0 without any."""
    return float(numbers[classes.members > 0].max(initial=0))


def read_counts(sample_weight: ArrayLike, n_rows: int) -> Numbers | None:
    """Check counts of records; None stays None."""
    if sample_weight is None:
        return None
    return as_counts(check_weights(sample_weight, n_rows))


def read_sampling_weight(sampling_weight: ArrayLike, n_rows: int) -> Numbers:
    """Check survey weights: how many people of the population each record represents.

    Raises
    ------
    ValueError
        If they are not numbers, if their number is not that of the rows, or if a
        record represents less than itself.
    """
    weights = as_numbers(sampling_weight, "sampling_weight")
    if weights.shape != (n_rows,):
        raise ValueError(
            f"sampling_weight.shape == {weights.shape}, expected {(n_rows,)}: one "
            "weight for each row."
        )
    if not (np.isfinite(weights) & (weights >= 1)).all():
        n_bad = int((~(np.isfinite(weights) & (weights >= 1))).sum())
        raise ValueError(
            f"sampling_weight has {n_bad} weights that are missing, infinite or below "
            "1. A record represents at least itself; raise them to 1, or pass counts "
            "of records as sample_weight instead."
        )
    return weights


def check_fraction(value: Any, name: str, owner: str) -> float:
    """Return a number in (0, 1], or raise ValueError."""
    if not _is_real(value) or not 0 < value <= 1:
        raise ValueError(
            f"'{name}' of {owner} must be a number above 0 and at most 1; got "
            f"{value!r}."
        )
    return float(value)


def check_share(value: Any, name: str, owner: str) -> float:
    """Return a number in [0, 1], or raise ValueError."""
    if not _is_real(value) or not 0 <= value <= 1:
        raise ValueError(
            f"'{name}' of {owner} must be a number from 0 to 1; got {value!r}."
        )
    return float(value)


def check_max_size(value: Any, owner: str) -> int:
    """Return the greatest size of a set of columns, or raise ValueError."""
    is_whole = isinstance(value, Integral) and not isinstance(value, bool)
    if not is_whole or value < 1:
        raise ValueError(
            f"'max_size' of {owner} must be a whole number from 1 on; got {value!r}."
        )
    return int(value)


def sum_by(labels: Numbers, numbers: Numbers) -> tuple[Numbers, Numbers]:
    """Return the distinct labels, ascending, and the sum of the numbers of each."""
    highest = labels.max(initial=0)
    if labels.dtype.kind == "i" and highest < MAX_COUNTERS:
        occurs = np.zeros(highest + 1, bool)
        occurs[labels] = True
        distinct = np.flatnonzero(occurs)
        sums = np.bincount(labels, numbers)[distinct]
    else:
        distinct, ranks = np.unique(labels, return_inverse=True)
        sums = np.bincount(ranks, numbers, len(distinct))
    whole = numbers.dtype.kind == "i"
    return distinct, np.rint(sums).astype(np.int64) if whole else sums


def check_missing(missing: object, owner: str) -> None:
    """Raise ValueError unless ``missing`` is one of its two words."""
    check_word(missing, ("own_category", "wildcard"), "missing", owner)


def check_quasi_identifiers(
    quasi_identifiers: Any, frame: Frame, owner: str
) -> list[int]:
    """Return the positions of the quasi-identifiers.

    Raises
    ------
    ColumnError
        If none is given, or one is not in the table.
    """
    if isinstance(quasi_identifiers, str | Integral):
        raise ColumnError(
            f"'quasi_identifiers' of {owner} must be a list of column names or "
            f"positions; got one of them. Write [{quasi_identifiers!r}]."
        )
    positions = []
    if quasi_identifiers is not None:
        positions = check_columns(
            quasi_identifiers, frame.names, owner=owner, parameter="quasi_identifiers"
        )
    if not positions:
        raise ColumnError(
            f"{owner} needs quasi-identifiers: name the columns by which somebody "
            "could recognize a person, as in quasi_identifiers=['age', 'zip']."
        )
    return positions


def find_columns(names: Sequence[Any], frame: Frame, what: str) -> list[int]:
    """Return the positions of a table's columns in a second table.

    Raises
    ------
    ColumnError
        If the second table lacks one; ``what`` says which table that is.
    """
    lacking = [name for name in names if name not in frame.names]
    if lacking:
        raise ColumnError(
            f"{what} lacks the columns {listed(lacking)}. It has {listed(frame.names)}."
        )
    return [frame.names.index(name) for name in names]


def check_mask(
    mask: ArrayLike, n_rows: int, name: str, owner: str
) -> npt.NDArray[np.bool_] | None:
    """Return a mask of the rows as an array; None stays None.

    Raises
    ------
    ValueError
        If it is not one bool for each row.
    """
    if mask is None:
        return None
    array = np.asarray(mask)
    if array.shape != (n_rows,) or array.dtype != bool:
        raise ValueError(
            f"'{name}' of {owner} must be one bool for each of the {n_rows} rows; got "
            f"an array of {array.dtype} of shape {array.shape}."
        )
    return array


def _read_sensitive(
    frame: Frame, sensitive: Any, quasi_identifiers: Sequence[int], owner: str
) -> dict[Any, SensitiveColumn]:
    if sensitive is None:
        return {}
    is_one = isinstance(sensitive, str) or not hasattr(sensitive, "__len__")
    is_name = isinstance(sensitive, tuple) and sensitive in frame.names
    columns = [sensitive] if is_one or is_name else sensitive
    secrets = {}
    for position in check_columns(
        columns, frame.names, owner=owner, parameter="sensitive"
    ):
        name = frame.names[position]
        if position in quasi_identifiers:
            raise ColumnError(
                f"Column {name!r} is given to {owner} both as a quasi-identifier and "
                "as sensitive. Leave it out of one of them."
            )
        secrets[name] = encode_sensitive(frame.categories(position), name=name)
    return secrets


def _is_real(value: object) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool)
