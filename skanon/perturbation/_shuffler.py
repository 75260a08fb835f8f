"""Shuffling: the values of a column change places within strata."""

from collections.abc import Sequence
from typing import Any, ClassVar, Self

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from skanon._arrow import missing_mask
from skanon._base import TableTransformer
from skanon._compat import fit_context
from skanon._draws import Draws
from skanon._frames import Frame, OutputColumn
from skanon._groups import group_columns
from skanon._messages import warn_of_privacy
from skanon._validation import check_columns
from skanon.exceptions import ColumnError
from skanon.typing import ArrayLike, Table

__all__ = ["Shuffler"]

Integers = npt.NDArray[np.integer[Any]]


class Shuffler(TableTransformer):
    """Exchange the values of a column among all rows, or all rows of a stratum.

    Each column is shuffled independently, so that it keeps exactly its values but
    tells nothing any more about the other columns; with ``strata`` it tells as much as
    the stratum does. All arrangements are as likely, also those in which a row keeps
    its value: if none did, the values of two rows could be sent back.

    Parameters
    ----------
    strata : list of str or int, default=None
        Columns whose combinations are the strata; they pass through. None makes the
        whole table one stratum.
    together : bool, default=False
        Whether all columns move together, so that they still tell about each other.
    columns : list of str or int, default=None
        The columns to work on; the others pass through. None takes all but the
        strata.
    random_state : int or RandomState, default=None
        None draws anew each time, keyed by the operating system's entropy. An int makes
        each :meth:`transform` draw the same, while a RandomState goes on: whoever
        knows or guesses either can send the values back to their rows. For tests only.

    Attributes
    ----------
    columns_ : list
        Names of the columns worked on.
    strata_ : list
        Names of the columns that make the strata.
    n_features_in_ : int
        Number of columns seen during :meth:`fit`.
    feature_names_in_ : ndarray of shape (n_features_in_,)
        Their names, if X has names that are all text.

    See Also
    --------
    RankSwapper : Exchange values among rows of nearly the same rank.

    Notes
    -----
    :meth:`transform` shuffles the table that it is given, and anew each time. A row
    that is alone in its stratum keeps its values, and a
    :class:`~skanon.exceptions.PrivacyWarning` says how many do. This is a technique for
    a table that is given away, not for rows that come one by one. :meth:`fit` only
    looks at the columns' names and types.

    Missing values stay where they are; with ``together``, rows exchange values with
    rows that lack the same columns.

    **Protects against** learning from a row which value of the column belongs to it,
    beyond what its stratum tells.
    **Does not protect against** learning what values a stratum has: in a stratum where
    all are alike, a row's value is certain; nor against recognising a person by a
    value that is unique.
    **Remembers** nothing of the data; a fitted object is safe to share.

    Examples
    --------
    >>> from skanon import Shuffler
    >>> import pandas as pd
    >>> X = pd.DataFrame({"sex": ["f", "f", "f", "m", "m"], "income": [1, 2, 3, 4, 5]})
    >>> Shuffler(strata=["sex"], random_state=4).fit_transform(X)
      sex  income
    0   f       2
    1   f       3
    2   f       1
    3   m       5
    4   m       4
    """

    _parameter_constraints: ClassVar[dict[str, Any]] = {
        **TableTransformer._parameter_constraints,
        "strata": "no_validation",
        "together": ["boolean"],
        "random_state": ["random_state"],
    }

    def __init__(
        self,
        *,
        strata: Sequence[str | int] | None = None,
        together: bool = False,
        columns: Sequence[str | int] | None = None,
        random_state: int | np.random.RandomState | None = None,
    ) -> None:
        self.strata = strata
        self.together = together
        self.columns = columns
        self.random_state = random_state

    @fit_context(prefer_skip_nested_validation=True)
    def fit(self, X: Table, y: ArrayLike = None) -> Self:
        """Choose the columns.

        Parameters
        ----------
        X : DataFrame, Table or array-like of shape (n_samples, n_features)
            The table.
        y : None
            Ignored; present for scikit-learn's sake.

        Returns
        -------
        self
            The fitted estimator.

        Raises
        ------
        ColumnError
            If a column is among both ``columns`` and ``strata``, or does not exist.
        ColumnTypeError
            If a column does not hold single values.
        """
        frame, _, _ = self._start(X, None)
        chosen = [] if self.strata is None else self.strata
        owner = type(self).__name__
        self._strata_positions = check_columns(
            chosen, frame.names, owner=owner, parameter="strata"
        )
        self.strata_ = [frame.names[i] for i in self._strata_positions]
        if self.columns is None:
            strata = set(self._strata_positions)
            self._positions = [i for i in self._positions if i not in strata]
            self.columns_ = [frame.names[i] for i in self._positions]
        both = [name for name in self.columns_ if name in self.strata_]
        if both:
            raise ColumnError(
                f"Column {both[0]!r} is among both 'columns' and 'strata' of {owner}; "
                "a column that is shuffled cannot say where."
            )
        for position in (*self._positions, *self._strata_positions):
            self._column(frame, position)  # refuses what cannot be read
        return self

    def _transform_frame(self, frame: Frame) -> list[OutputColumn]:
        columns = [self._column(frame, i) for i in self._positions]
        strata = [self._column(frame, i) for i in self._strata_positions]
        groups = _labels(strata, len(frame))
        if self.together:
            gaps = [pa.array(missing_mask(column)) for column in columns]
            groups = _labels([pa.array(groups), *gaps], len(frame))
        _warn_of_values_alone(columns, groups)
        draws = Draws(self.random_state)
        sources = _sources_together if self.together else _sources_apart
        rows = sources(groups, columns, draws)
        parts = zip(self._positions, columns, rows, strict=True)
        return frame.columns_with({i: column.take(at) for i, column, at in parts})

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.non_deterministic = True
        return tags


def _labels(columns: list[pa.Array], n_rows: int) -> Integers:
    """Return a number for each combination of values; missing is a value too."""
    if not columns:
        return np.zeros(n_rows, np.intp)
    return group_columns(columns, suppressed=np.zeros(n_rows, bool)).labels


def _sources_apart(
    groups: Integers, columns: list[pa.Array], draws: Draws
) -> list[pa.Array]:
    """Return for each column the row that each row gets its value from."""
    out = []
    for column in columns:
        present = np.flatnonzero(~missing_mask(column))
        sources = np.arange(len(column))
        sources[present] = present[draws.permute_within(groups[present])]
        out.append(pa.array(sources))
    return out


def _sources_together(
    groups: Integers, columns: list[pa.Array], draws: Draws
) -> list[pa.Array]:
    """Return the same rows for each column."""
    return [pa.array(draws.permute_within(groups))] * len(columns)


def _warn_of_values_alone(columns: list[pa.Array], groups: Integers) -> None:
    alone = 0
    for column in columns:
        sizes = np.bincount(groups[~missing_mask(column)])
        alone += int(np.count_nonzero(sizes == 1))
    if alone:
        warn_of_privacy(
            f"{alone} values stay as they are: no other row of their stratum has a "
            "value to exchange. Choose fewer or coarser 'strata', and transform "
            "tables, not single rows."
        )
