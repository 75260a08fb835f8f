"""From a table of any kind to its equivalence classes."""

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from skanon._frames import Frame, read_frame
from skanon._groups import (
    EquivalenceClasses,
    SensitiveColumn,
    as_counts,
    encode_sensitive,
    group_columns,
)
from skanon._validation import check_columns, check_weights
from skanon.exceptions import ColumnError
from skanon.typing import ArrayLike, Table

__all__ = [
    "check_mask",
    "check_quasi_identifiers",
    "equivalence_classes",
    "group_table",
]

Mask = npt.NDArray[np.bool_]


def equivalence_classes(
    X: Table,
    *,
    quasi_identifiers: Sequence[Any],
    sensitive: Any = None,
    sample_weight: ArrayLike = None,
    missing: Literal["own_category", "wildcard"] = "own_category",
    suppressed: ArrayLike = None,
    subset: ArrayLike = None,
) -> EquivalenceClasses:
    """Group the rows of a table that agree in all quasi-identifiers.

    The privacy models of :mod:`skanon.privacy` judge what this returns. For a single
    number there is a function of its own, such as :func:`k_anonymity`.

    Parameters
    ----------
    X : DataFrame, Table or array-like of shape (n_samples, n_features)
        The table.
    quasi_identifiers : list of str or int
        The columns that an attacker may know, by name or position.
    sensitive : str, int or list, default=None
        The column or columns that an attacker must not learn.
    sample_weight : array-like of shape (n_samples,), default=None
        How many records each row stands for. None counts each row once.
    missing : {"own_category", "wildcard"}, default="own_category"
        Whether a missing quasi-identifier equals only missing ones, or every value.
    suppressed : array-like of bool of shape (n_samples,), default=None
        The suppressed records, which are in no class. None takes the rows in which
        every quasi-identifier is missing, which is what record suppression leaves.
    subset : array-like of bool of shape (n_samples,), default=None
        The rows that are published, if X is the population they were drawn from.

    Returns
    -------
    EquivalenceClasses
        The classes: ``labels`` of the rows, ``sizes``, ``members``, and more.

    Raises
    ------
    ColumnError
        If there are no quasi-identifiers, a column is not in X, or a sensitive
        column is among the quasi-identifiers.

    See Also
    --------
    k_anonymity : The size of the smallest class.

    Examples
    --------
    >>> from skanon.metrics import equivalence_classes
    >>> X = [["30-39", "8001"], ["40-49", "8001"], ["30-39", "8001"]]
    >>> classes = equivalence_classes(X, quasi_identifiers=[0, 1])
    >>> classes.labels
    array([0, 1, 0])
    >>> classes.sizes
    array([2, 1])
    """
    return group_table(
        X,
        quasi_identifiers,
        sensitive=sensitive,
        sample_weight=sample_weight,
        missing=missing,
        suppressed=suppressed,
        subset=subset,
        owner="equivalence_classes",
    )


def group_table(
    X: Table,
    quasi_identifiers: Sequence[Any],
    *,
    owner: str,
    sensitive: Any = None,
    sample_weight: ArrayLike = None,
    missing: Literal["own_category", "wildcard"] = "own_category",
    suppressed: ArrayLike = None,
    subset: ArrayLike = None,
) -> EquivalenceClasses:
    """Check the arguments of a metric, its ``owner``, and group the rows."""
    frame = read_frame(X)
    positions = check_quasi_identifiers(quasi_identifiers, frame.names, owner=owner)
    secrets = _sensitive_columns(frame, sensitive, positions, owner)
    if missing not in ("own_category", "wildcard"):
        raise ValueError(
            f"'missing' of {owner} must be 'own_category' or 'wildcard'; got "
            f"{missing!r}."
        )
    weights = None
    if sample_weight is not None:
        weights = as_counts(check_weights(sample_weight, len(frame)))
    return group_columns(
        [frame.column(position) for position in positions],
        names=[frame.names[position] for position in positions],
        weights=weights,
        missing=missing,
        suppressed=check_mask(suppressed, len(frame), name="suppressed", owner=owner),
        subset=check_mask(subset, len(frame), name="subset", owner=owner),
        sensitive=secrets,
    )


def check_quasi_identifiers(
    quasi_identifiers: object, names: Sequence[Any], *, owner: str
) -> list[int]:
    """Return the positions of the quasi-identifiers.

    Raises
    ------
    ColumnError
        If there are none, or one is not in the table.
    """
    if isinstance(quasi_identifiers, str) or (
        not isinstance(quasi_identifiers, Sequence | np.ndarray)
        and quasi_identifiers is not None
    ):
        raise ColumnError(
            f"'quasi_identifiers' of {owner} must be a list of columns; got "
            f"{type(quasi_identifiers).__name__}."
        )
    if quasi_identifiers is None or not len(quasi_identifiers):
        raise ColumnError(
            f"{owner} needs quasi-identifiers: list the columns that an attacker may "
            f"know. X has the columns {list(names)}."
        )
    return check_columns(quasi_identifiers, names, owner=owner)


def check_mask(mask: ArrayLike, n_rows: int, *, name: str, owner: str) -> Mask | None:
    """Return a mask of the rows as an array; None if it is None.

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


def _sensitive_columns(
    frame: Frame, sensitive: Any, positions: Sequence[int], owner: str
) -> dict[Any, SensitiveColumn]:
    if sensitive is None:
        return {}
    several = isinstance(sensitive, Sequence) and not isinstance(sensitive, str)
    wanted = list(sensitive) if several else [sensitive]
    secrets = {}
    for position in check_columns(wanted, frame.names, owner=owner):
        name = frame.names[position]
        if position in positions:
            raise ColumnError(
                f"Column {name!r} is given to {owner} both as a quasi-identifier and "
                "as sensitive. Leave it out of the quasi-identifiers."
            )
        secrets[name] = encode_sensitive(frame.column(position), name=name)
    return secrets
