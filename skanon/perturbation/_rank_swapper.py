"""Rank swapping: each value changes places with one of nearly the same rank."""

from collections.abc import Sequence
from numbers import Real
from typing import Any, ClassVar, Self

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from skanon._arrow import is_number, missing_mask
from skanon._base import TableTransformer
from skanon._compat import Interval, fit_context
from skanon._draws import Draws
from skanon._frames import Frame, OutputColumn
from skanon._messages import warn_of_privacy
from skanon.exceptions import ColumnTypeError
from skanon.typing import ArrayLike, Table

__all__ = ["RankSwapper"]

#: With neighbours alone, a value in three could not leave its row.
LEAST_DISTANCE = 2


class RankSwapper(TableTransformer):
    """Exchange the values of each column among rows of nearly the same rank.

    The values of a column are sorted, cut at random into runs of neighbours, and sent
    round in a random cycle within each run. So the column keeps exactly its values,
    in other rows; columns are swapped independently.

    Parameters
    ----------
    p : float, default=0.05
        How far a value may move: its rank changes by at most this share of the rows
        that have a value (and by 2 where that is less). From 0, not included, to 1.
    columns : list of str or int, default=None
        The columns to work on, of numbers, dates, ordered categories, or text, which
        is sorted by its characters; the others pass through. None takes all.
    random_state : int or RandomState, default=None
        None draws anew each time, keyed by the operating system's entropy. An int makes
        each :meth:`transform` draw the same, while a RandomState goes on: whoever
        knows or guesses either can send the values back to their rows. For tests only.

    Attributes
    ----------
    columns_ : list
        Names of the columns worked on.
    n_features_in_ : int
        Number of columns seen during :meth:`fit`.
    feature_names_in_ : ndarray of shape (n_features_in_,)
        Their names, if X has names that are all text.

    See Also
    --------
    Shuffler : Exchange values among all rows of a stratum.
    NoiseAdder : Add noise to each number.

    Notes
    -----
    :meth:`transform` swaps within the table that it is given, and anew each time: a row
    alone has nothing to swap with, keeps its values, and a
    :class:`~skanon.exceptions.PrivacyWarning` says so. This is a technique for a table
    that is given away, not for rows that come one by one. :meth:`fit` only looks at
    the columns' names and types.

    Missing values stay where they are.

    **Protects against** reading an exact value off its row, as each value comes from
    another row (though equal values may be exchanged).
    **Does not protect against** learning about what a value is: it is near to the one
    given; nor against recognising a row by several columns at once.
    **Remembers** nothing of the data; a fitted object is safe to share.

    References
    ----------
    R. Moore: Controlled data-swapping techniques for masking public use microdata
    sets. U.S. Bureau of the Census (1996).

    Examples
    --------
    >>> from skanon import RankSwapper
    >>> incomes = [[1500], [1900], [1700], [4000], [5000], [7000]]
    >>> RankSwapper(p=0.4, random_state=0).fit_transform(incomes)
    array([[1900],
           [1700],
           [1500],
           [7000],
           [4000],
           [5000]])
    """

    _parameter_constraints: ClassVar[dict[str, Any]] = {
        **TableTransformer._parameter_constraints,
        "p": [Interval(Real, 0, 1, closed="right")],
        "random_state": ["random_state"],
    }

    def __init__(
        self,
        *,
        p: float = 0.05,
        columns: Sequence[str | int] | None = None,
        random_state: int | np.random.RandomState | None = None,
    ) -> None:
        self.p = p
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
        ColumnTypeError
            If the values of a column have no order; then so does :meth:`transform`.
        """
        frame, _, _ = self._start(X, None)
        for position, name in zip(self._positions, self.columns_, strict=True):
            _order(self._column(frame, position).slice(0, 1), str(name))
        return self

    def _transform_frame(self, frame: Frame) -> list[OutputColumn]:
        draws = Draws(self.random_state)
        swapped = {
            i: _swapped(self._column(frame, i), str(frame.names[i]), self.p, draws)
            for i in self._positions
        }
        return frame.columns_with(swapped)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.non_deterministic = True
        return tags


def _swapped(column: pa.Array, name: str, p: float, draws: Draws) -> pa.Array:
    order = _order(column, name)
    n = len(order)
    if n == 1:
        warn_of_privacy(
            f"Column {name!r} has one value, which has nothing to be swapped with and "
            "stays as it is. Transform tables, not single rows."
        )
    runs = _runs(n, max(LEAST_DISTANCE, int(p * n)) + 1, draws)
    sources = np.arange(len(column))
    sources[order] = order[draws.cycle_within(runs)]
    return column.take(pa.array(sources))


def _order(column: pa.Array, name: str) -> npt.NDArray[np.intp]:
    """Return the rows that have a value, from the least to the greatest."""
    kind, present = column.type, ~missing_mask(column)
    rows = np.flatnonzero(present)
    values = column if present.all() else column.filter(pa.array(present))
    if is_number(kind):
        return rows[np.argsort(values.to_numpy())]
    is_ordered = pa.types.is_dictionary(kind) and kind.ordered
    try:
        order = pc.sort_indices(values.indices if is_ordered else values)
    except (pa.ArrowNotImplementedError, pa.ArrowTypeError):
        raise ColumnTypeError(
            f"Column {name!r} has Arrow type {kind}, whose values have no "
            "order. Leave it out of 'columns'."
        ) from None
    return np.asarray(rows[order.to_numpy()])


def _runs(n: int, longest: int, draws: Draws) -> npt.NDArray[np.intp]:
    """Cut ``n`` ranks into runs of at least 2, the first of a random length."""
    runs = np.zeros(n, np.intp)
    if n <= longest:
        return runs
    first = draws.integer(2, min(longest, n - 2))
    rest = n - first
    n_runs = -(-rest // longest)
    runs[first:] = 1 + np.arange(rest) * n_runs // rest
    return runs
