"""Microaggregation: rows become the average of a group of at least k like rows."""

from collections.abc import Sequence
from numbers import Integral
from typing import Any, ClassVar, Self

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from sklearn.utils.validation import check_is_fitted

from skanon._base import TableTransformer
from skanon._compat import Interval, StrOptions, fit_context
from skanon._frames import Frame, OutputColumn
from skanon._validation import check_k
from skanon.perturbation._aggregation import AGGREGATES
from skanon.perturbation._numbers import (
    Floats,
    Unit,
    read_columns,
    units_of,
    write_columns,
)
from skanon.perturbation._row_groups import learn_row_groups, recode_rows
from skanon.perturbation._value_groups import learn_value_groups, recode_values
from skanon.typing import ArrayLike, Table

__all__ = ["Microaggregator"]


class Microaggregator(TableTransformer):
    """Replace the numbers of each row by the average of a group of like rows.

    Groups of at least ``k`` rows are formed so that rows of a group are near to each
    other, in units of each column's standard deviation; then each row gets the
    average of its group. New rows get the average of the group they fall into.

    Parameters
    ----------
    k : int, default=5
        The fewest rows of a group, at least 2.
    method : {"mdav", "univariate", "mondrian"}, default="mdav"
        How groups are formed. "mdav" starts from the outside of the table, with
        groups of ``k`` rows and little loss, in a time that grows as n² / k.
        "mondrian" halves the table again and again, with groups of ``k`` to 2 ``k``
        rows, in n log² n. Both group the columns together. "univariate" groups each
        column for itself, with the least sum of squared differences (hardly more, from
        2048 distinct values or 128 ``k`` on), in n log n + n k: **this does not make
        rows alike**.
    aggregate : {"mean", "median", "mode"}, default="mean"
        The average that stands for a group, column by column. The median of an even
        number of rows is the middle between two; a mode is a value that some row has,
        the least of several.
    columns : list of str or int, default=None
        The columns to work on, of numbers, dates or durations; the others pass
        through. None takes all.

    Attributes
    ----------
    columns_ : list
        Names of the columns worked on.
    centroids_ : ndarray of shape (n_groups, n_columns) or list of ndarray
        The averages that :meth:`transform` gives to rows, NaN in a column that the
        group's rows lack; with "univariate" those of each column. Dates are numbers
        since 1970, in the unit that they were fitted in.
    counts_ : ndarray of shape (n_groups,) or list of ndarray
        How many fitted rows :meth:`transform` gives each of them, at least ``k``.
    n_features_in_ : int
        Number of columns seen during :meth:`fit`.
    feature_names_in_ : ndarray of shape (n_features_in_,)
        Their names, if X has names that are all text.

    See Also
    --------
    NoiseAdder : Add noise to each number.
    RankSwapper : Swap numbers of nearly the same rank.

    Notes
    -----
    With "mdav", ``fit_transform(X)`` gives each row the average of its own group, which
    loses less, while ``transform(X)`` gives each row, new or not, the nearest of
    ``centroids_``: those averages that are the nearest one of at least ``k`` fitted
    rows. So both make the fitted table k-anonymous, and no fitted row need be
    remembered; but ``fit(X).transform(X)`` is coarser than ``fit_transform(X)``. The
    other two methods remember where a group ends, and give the same both ways.

    Equal rows are in one group, so a table of distinct rows with ``sample_weight``
    gives the same groups as the full table.

    Missing values stay missing. "mdav" and "mondrian" form groups of rows that lack the
    same columns; a row whose missing columns are those of fewer than ``k`` fitted rows
    becomes missing as a whole, see :meth:`suppression_mask`. "univariate" turns a
    column missing that has fewer than ``k`` values.

    Whole numbers and dates without a time of day stay such: their average is rounded.
    Where rows lack columns in :meth:`fit`, whole numbers are of a dtype that holds
    missing values.

    **Protects against** singling out a row of the fitted table by the columns worked
    on, if these are all quasi-identifiers: with "mdav" and "mondrian" each
    combination of their values occurs at least ``k`` times (k-anonymity), that of
    rows that are missing as a whole excepted.
    **Does not protect against** learning what the rows of a group have in common,
    nor against recognising a row by columns that passed through; with "univariate"
    not against singling out a row by several columns.
    **Remembers** averages of at least ``k`` rows and how many rows have them, the
    mean and standard deviation of each column; with "univariate" and "mondrian" also
    the bounds between groups, each the middle between two values of the table.

    References
    ----------
    J. Domingo-Ferrer, V. Torra: Ordinal, continuous and heterogeneous k-anonymity
    through microaggregation. Data Mining and Knowledge Discovery 11 (2005).

    S. L. Hansen, S. Mukherjee: A polynomial algorithm for optimal univariate
    microaggregation. IEEE Transactions on Knowledge and Data Engineering 15 (2003).

    Examples
    --------
    >>> from skanon import Microaggregator
    >>> ages_and_incomes = [[21, 1500], [23, 1900], [24, 1700], [61, 4000], [65, 5000]]
    >>> microaggregator = Microaggregator(k=2)
    >>> microaggregator.fit_transform(ages_and_incomes)
    array([[  23, 1700],
           [  23, 1700],
           [  23, 1700],
           [  63, 4500],
           [  63, 4500]])
    >>> microaggregator.transform([[90, 9000]])
    array([[  63, 4500]])
    """

    _parameter_constraints: ClassVar[dict[str, Any]] = {
        **TableTransformer._parameter_constraints,
        "k": [Interval(Integral, 2, None, closed="left")],
        "method": [StrOptions({"mdav", "univariate", "mondrian"})],
        "aggregate": [StrOptions(set(AGGREGATES))],
    }

    def __init__(
        self,
        *,
        k: int = 5,
        method: str = "mdav",
        aggregate: str = "mean",
        columns: Sequence[str | int] | None = None,
    ) -> None:
        self.k = k
        self.method = method
        self.aggregate = aggregate
        self.columns = columns

    @fit_context(prefer_skip_nested_validation=True)
    def fit(
        self, X: Table, y: ArrayLike = None, sample_weight: ArrayLike = None
    ) -> Self:
        """Form groups and learn their averages.

        Parameters
        ----------
        X : DataFrame, Table or array-like of shape (n_samples, n_features)
            The table. Missing values are allowed.
        y : None
            Ignored; present for scikit-learn's sake.
        sample_weight : array-like of shape (n_samples,), default=None
            How many records each row stands for; None counts each once.

        Returns
        -------
        self
            The fitted estimator.

        Raises
        ------
        ColumnTypeError
            If a column holds no numbers, dates or durations; then so does
            :meth:`transform`, also if it holds others than were fitted.
        ValueError
            If ``k`` is larger than the table; if with "mdav" or "mondrian" no ``k``
            rows lack the same columns; if a number is infinite or beyond 1e290.
        """
        self._learn(X, sample_weight)
        return self

    @fit_context(prefer_skip_nested_validation=True)
    def fit_transform(
        self, X: Table, y: ArrayLike = None, sample_weight: ArrayLike = None
    ) -> Any:
        """Form groups and give each row the average of its own group.

        Parameters
        ----------
        X : DataFrame, Table or array-like of shape (n_samples, n_features)
            The table; it is not changed.
        y : None
            Ignored; present for scikit-learn's sake.
        sample_weight : array-like of shape (n_samples,), default=None
            How many records each row stands for; a row of weight 0 is transformed
            like a new one. None counts each once.

        Returns
        -------
        DataFrame, Table or ndarray of shape (n_samples, n_features)
            A new table, as :meth:`transform` returns it.

        Raises
        ------
        ColumnTypeError, ValueError
            As :meth:`fit` does.
        """
        frame, values, kinds, own = self._learn(X, sample_weight)
        averages = self._averages(values) if own is None else own
        columns = write_columns(frame, self._positions, averages, kinds, self._units)
        return self._written(frame, columns)

    def suppression_mask(self, X: Table) -> npt.NDArray[np.bool_]:
        """Tell which rows :meth:`transform` turns missing as a whole.

        Parameters
        ----------
        X : DataFrame, Table or array-like of shape (n_samples, n_features)
            A table with the columns seen in :meth:`fit`.

        Returns
        -------
        ndarray of bool of shape (n_samples,)
            True for a row that had a value in the columns worked on and has none left.
        """
        check_is_fitted(self)
        values, _ = self._numbers(self._read(X, reset=False), self._units)
        lost = np.isnan(self._averages(values)).all(axis=1)
        return np.asarray(lost & ~np.isnan(values).all(axis=1))

    def _learn(
        self, X: Table, sample_weight: ArrayLike
    ) -> tuple[Frame, Floats, list[pa.DataType], Floats | None]:
        """Learn, and return the averages of the rows' own groups if these differ."""
        frame, seen, weights = self._start(X, sample_weight)
        values, kinds = self._numbers(frame)
        self._units = units_of(values, kinds)
        is_seen = np.ones(len(frame), bool) if seen is None else np.asarray(seen)
        counts = np.ones(int(is_seen.sum())) if weights is None else weights
        check_k(self.k, len(counts), counts.sum())
        self._nullable = self._columns_with_gaps(values[is_seen])
        own = None
        if self.method == "univariate":
            self._groups = learn_value_groups(
                values[is_seen], counts, self.k, self.aggregate
            )
        else:
            self._groups, averages = learn_row_groups(
                values[is_seen], counts, self.k, self.method, self.aggregate
            )
            if self.method == "mdav":
                own = np.empty_like(values)
                own[is_seen] = averages
                own[~is_seen] = self._averages(values[~is_seen])
        self.centroids_ = self._groups["centroids"]
        self.counts_ = self._groups["counts"]
        return frame, values, kinds, own

    def _numbers(
        self, frame: Frame, units: Sequence[Unit] | None = None
    ) -> tuple[Floats, list[pa.DataType]]:
        owner = type(self).__name__
        return read_columns(frame, self._positions, owner=owner, units=units)

    def _columns_with_gaps(self, values: Floats) -> list[int]:
        """Return the columns that need a dtype for missing values."""
        has_gaps = [bool(np.isnan(column).any()) for column in values.T]
        if self.method != "univariate" and any(has_gaps):
            return self._positions  # rows may be suppressed as a whole
        return [i for i, gaps in zip(self._positions, has_gaps, strict=True) if gaps]

    def _averages(self, values: Floats) -> Floats:
        recode = recode_values if self.method == "univariate" else recode_rows
        return recode(self._groups, values)

    def _transform_frame(self, frame: Frame) -> list[OutputColumn]:
        values, kinds = self._numbers(frame, self._units)
        averages = self._averages(values)
        return write_columns(frame, self._positions, averages, kinds, self._units)
