"""Losses by the sizes of the classes alone."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from skanon._frames import read_frame
from skanon.metrics._losses import average_class_size_of, discernibility_of
from skanon.metrics._reading import check_share, read_classes
from skanon.typing import ArrayLike, Table

__all__ = ["average_class_size", "discernibility"]


def discernibility(
    X: Table,
    *,
    quasi_identifiers: Sequence[Any],
    monotonic: bool = False,
    suppressed: ArrayLike = None,
    sample_weight: ArrayLike = None,
) -> float:
    """Return the number of pairs of records that cannot be told apart.

    Smaller is better: the number of records is a table of unique records.

    Parameters
    ----------
    X : DataFrame, Table or array-like of shape (n_samples, n_features)
        The anonymized table.
    quasi_identifiers : list of str or int
        The columns that an attacker may know, by name or position.
    monotonic : bool, default=False
        Whether suppression is ignored: then all records count by their class.
    suppressed : array-like of bool of shape (n_samples,), default=None
        The suppressed records. None takes the rows in which every quasi-identifier is
        missing.
    sample_weight : array-like of shape (n_samples,), default=None
        How many records each row stands for. None counts each row once.

    Returns
    -------
    float
        The sum over the records of the size of their class; a suppressed record
        cannot be told from any record of the table.

    Raises
    ------
    ColumnError
        If there are no quasi-identifiers, or one is not in X.
    ValueError
        If a weight or another parameter is out of its range.

    See Also
    --------
    average_class_size : The mean size of the classes.
    loss : Look at the labels rather than at the classes.

    Notes
    -----
    With ``monotonic=True``, mark suppressed records but leave them their labels; rows
    of missing values make a class.

    References
    ----------
    R. J. Bayardo, R. Agrawal, "Data privacy through optimal k-anonymization",
    International Conference on Data Engineering, 2005.

    Examples
    --------
    >>> from skanon.metrics import discernibility
    >>> X = [["Bonn"], ["Bonn"], ["Mainz"], [None]]
    >>> discernibility(X, quasi_identifiers=[0])
    9.0
    """
    if monotonic:
        suppressed = np.zeros(len(read_frame(X)), bool)
    classes = read_classes(
        X,
        quasi_identifiers,
        owner="discernibility",
        suppressed=suppressed,
        sample_weight=sample_weight,
    )
    return discernibility_of(classes.members, classes.n_records, classes.n_suppressed)


def average_class_size(
    X: Table,
    *,
    quasi_identifiers: Sequence[Any],
    gs_factor: float = 0.5,
    suppressed: ArrayLike = None,
    sample_weight: ArrayLike = None,
) -> float:
    """Return the mean number of records in a class.

    Smaller is better: 1 is a table of unique records.

    Parameters
    ----------
    X : DataFrame, Table or array-like of shape (n_samples, n_features)
        The anonymized table.
    quasi_identifiers : list of str or int
        The columns that an attacker may know, by name or position.
    gs_factor : float, default=0.5
        Whether suppression (towards 0) or generalization (towards 1) weighs less, in
        [0, 1]; 0.5 takes both in full.
    suppressed : array-like of bool of shape (n_samples,), default=None
        The suppressed records. None takes the rows in which every quasi-identifier is
        missing.
    sample_weight : array-like of shape (n_samples,), default=None
        How many records each row stands for. None counts each row once.

    Returns
    -------
    float
        Records per class; the suppressed records are one class more.

    Raises
    ------
    ColumnError
        If there are no quasi-identifiers, or one is not in X.
    ValueError
        If a weight or another parameter is out of its range.

    See Also
    --------
    discernibility : Count large classes more.
    k_anonymity : The smallest size.

    Notes
    -----
    As in the ARX software, ``gs_factor`` weighs the classes the other way round than
    elsewhere: its weight of suppression multiplies the number of the classes, that of
    generalization the class of the suppressed.

    References
    ----------
    K. LeFevre, D. J. DeWitt, R. Ramakrishnan, "Mondrian multidimensional
    k-anonymity", International Conference on Data Engineering, 2006.

    Examples
    --------
    >>> from skanon.metrics import average_class_size
    >>> X = [["Bonn"], ["Bonn"], ["Mainz"], [None]]
    >>> average_class_size(X, quasi_identifiers=[0])
    1.333...
    """
    check_share(gs_factor, "gs_factor", "average_class_size")
    classes = read_classes(
        X,
        quasi_identifiers,
        owner="average_class_size",
        suppressed=suppressed,
        sample_weight=sample_weight,
    )
    return average_class_size_of(
        classes.members, classes.n_records, classes.n_suppressed, gs_factor
    )
