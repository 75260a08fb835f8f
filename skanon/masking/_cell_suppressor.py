"""Local suppression: single cells hidden, so that nobody stands alone."""

from collections.abc import Mapping, Sequence
from numbers import Integral, Real
from typing import Any, ClassVar, Self

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from sklearn.utils.validation import check_is_fitted

from skanon._arrow import missing_mask
from skanon._base import TableTransformer, Weights
from skanon._compat import Interval, fit_context
from skanon._frames import Frame, OutputColumn
from skanon._groups import group_codes
from skanon._messages import warn_of_privacy
from skanon._validation import by_place, check_k
from skanon._value_text import check_findable, count_values, find_values
from skanon.exceptions import ColumnError
from skanon.masking._local_suppression import cheapest_views, hide_cells
from skanon.masking._match_table import MatchTable
from skanon.masking._shown_rows import Codes, Integers, group_rows
from skanon.typing import ArrayLike, Table

__all__ = ["CellSuppressor"]

#: What is shown of a record is kept in the bits of one integer.
MOST_COLUMNS = 62


class CellSuppressor(TableTransformer):
    """Make single cells missing, so that at least k rows match each row.

    A missing cell matches every value. Of rows that too few others match, as few
    cells as can be found become missing; most rows stay as they are. This is called
    local suppression. No row loses a cell for the sake of others only.

    Parameters
    ----------
    k : int, default=5
        How many rows, itself included, must match each row in the columns worked on.
    importance : dict of str or int to float, default=None
        How much a cell of each column is worth, by its name or position: the
        sum over all cells made missing is kept small. Columns that are not named are
        worth 1.
    columns : list of str or int, default=None
        The quasi-identifiers: the columns to work on; the others pass through. None
        takes all.

    Attributes
    ----------
    n_suppressed_ : ndarray of shape (n_columns,)
        How many cells of the fitted table become missing in each of the columns worked
        on; with ``sample_weight``, how many cells of the rows that it stands for.
    columns_ : list
        Names of the columns worked on.
    n_features_in_ : int
        Number of columns seen during :meth:`fit`.
    feature_names_in_ : ndarray of shape (n_features_in_,)
        Their names, if X has names that are all text.

    See Also
    --------
    RareCategoryGrouper : Hide rare categories of each column by itself.
    HierarchyGeneralizer : Make values coarser, after which fewer cells are hidden.
    skanon.metrics.k_anonymity : Measure what is reached, with ``missing="wildcard"``.

    Notes
    -----
    The recoding is frozen: rows that are equal in the columns worked on lose the same
    cells, in whatever table they come. A row with a combination that was not fitted
    keeps as many cells as at least k rows of the fitted, suppressed table match;
    values that were not fitted match only missing cells. So each row of another
    table hides among k fitted rows, but other tables are not k-anonymous by
    themselves.

    The columns worked on get a dtype for missing values from every :meth:`transform`,
    that of a row that loses no cell too.

    A row of which all cells become missing is suppressed: it counts for no other, and
    :meth:`suppression_mask` tells which rows these are.

    Each row needs all the cells that it loses: if one of them were shown again, fewer
    than k rows would match the row. Without this rule fewer cells would do: a few
    almost empty rows match nearly every row, so that all others could stay as they
    are, and would be found as before.

    Which cells are fewest cannot be found in reasonable time (where rows must become
    equal it is NP-hard, as Meyerson and Williams show); this is a heuristic. In small
    tables it exchanges cells for fewer ones, until hardly more are missing than must
    be. That ends at some hundred to thousand combinations that occur fewer than k
    times; beyond there may be a good deal more. What comes out depends on the values
    and how often they occur, not on the order of rows. It is checked: :meth:`fit`
    warns should fewer than k rows match a row.

    How long :meth:`fit` takes depends on how many combinations occur fewer than k
    times, and grows fast with the number of columns. With many columns, make values
    coarser first: that takes less time, and fewer cells are lost.

    **Protects against** finding the one row that fits by what the table still shows:
    at least k rows agree wherever both of two rows show a cell.
    **Does not protect against** learning what all k rows share, such as one
    diagnosis. Nor against anybody who knows what a missing cell said, and leaves out
    the rows that say otherwise, or who takes the most complete one of the rows that
    fit: rows with missing cells count for many others. Values so coarse that each row
    has k equals, as of :class:`HierarchyGeneralizer`, hold against both.
    **Remembers** every combination of values in the columns worked on, and how often
    it occurs: a fitted object is as confidential as these columns.

    References
    ----------
    A. Meyerson, R. Williams: On the Complexity of Optimal K-Anonymity. PODS (2004).

    M. Templ, A. Kowarik, B. Meindl: Statistical Disclosure Control for Micro-Data Using
    the R Package sdcMicro. Journal of Statistical Software 67 (2015).

    Examples
    --------
    >>> import pandas as pd
    >>> from skanon import CellSuppressor
    >>> people = pd.DataFrame(
    ...     {"sex": ["f", "f", "f", "m"], "job": ["nurse", "nurse", "pilot", "pilot"]}
    ... )
    >>> CellSuppressor(k=2).fit_transform(people)
       sex    job
    0    f  nurse
    1    f  nurse
    2    f  pilot
    3  NaN  pilot
    """

    _parameter_constraints: ClassVar[dict[str, Any]] = {
        **TableTransformer._parameter_constraints,
        "k": [Interval(Integral, 1, None, closed="left")],
        "importance": [Mapping, None],
    }

    def __init__(
        self,
        *,
        k: int = 5,
        importance: Mapping[str | int, float] | None = None,
        columns: Sequence[str | int] | None = None,
    ) -> None:
        self.k = k
        self.importance = importance
        self.columns = columns

    @fit_context(prefer_skip_nested_validation=True)
    def fit(
        self, X: Table, y: ArrayLike = None, sample_weight: ArrayLike = None
    ) -> Self:
        """Find the cells that become missing.

        Parameters
        ----------
        X : DataFrame, Table or array-like of shape (n_samples, n_features)
            The table. Missing values are allowed, and match every value.
        y : None
            Ignored; present for scikit-learn's sake.
        sample_weight : array-like of shape (n_samples,), default=None
            How many records each row stands for; None counts each once.

        Returns
        -------
        self
            The fitted estimator.
        """
        frame, seen, weights = self._start(X, sample_weight)
        self._costs = self._worths(frame.names)
        columns = [self._column(frame, position) for position in self._positions]
        for column, name in zip(columns, self.columns_, strict=True):
            check_findable(column.type, name=str(name))
        if seen is not None:
            columns = [column.filter(seen) for column in columns]
        n_rows = len(frame) if seen is None else pc.sum(seen).as_py()
        check_k(self.k, n_rows, n_rows if weights is None else weights.sum())
        self._values = [sorted(count_values(c, None)[0].to_pylist()) for c in columns]
        table = _match_table(self._codes(columns), weights)
        n_shown = _count_shown(table)
        if columns:
            hide_cells(table, self.k, self._costs)
            self._warn_if_unsafe(table)
        lost = n_shown - _count_shown(table)
        self.n_suppressed_ = lost if weights is not None else lost.astype(np.int64)
        self._nullable = self._positions  # a later row may lose any cell
        self._record_codes = table.codes
        self._record_weights = table.weights
        self._record_cells = table.shown
        return self

    def suppression_mask(self, X: Table) -> npt.NDArray[np.bool_]:
        """Tell which rows :meth:`transform` turns missing in all columns worked on.

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
        frame = self._read(X, reset=False)
        was_missing, is_missing = np.ones((2, len(frame)), bool)
        hidden_cells = self._hidden_cells(frame)
        for position, hidden in zip(self._positions, hidden_cells, strict=True):
            missing = missing_mask(self._column(frame, position))
            was_missing &= missing
            is_missing &= missing | hidden
        return np.asarray(is_missing & ~was_missing)

    def _transform_frame(self, frame: Frame) -> list[OutputColumn]:
        hidden = zip(self._positions, self._hidden_cells(frame), strict=True)
        return frame.columns_with(
            {i: _without(self._column(frame, i), cells) for i, cells in hidden}
        )

    def _worths(self, names: list[Any]) -> npt.NDArray[np.float64]:
        """Return what a cell of each column is worth."""
        owner, n_columns = type(self).__name__, len(self._positions)
        if n_columns > MOST_COLUMNS:
            raise ColumnError(
                f"{owner} works on {MOST_COLUMNS} columns at most; got {n_columns}. "
                "Name the quasi-identifiers with 'columns'."
            )
        given = by_place(
            self.importance or {},
            self._positions,
            names,
            owner=owner,
            parameter="importance",
            chosen="columns worked on",
        )
        worths = [given.get(position, 1.0) for position in self._positions]
        if not all(isinstance(worth, Real) and 0 < worth < np.inf for worth in worths):
            raise ValueError(
                f"The 'importance' of a column in {owner} must be a positive number."
            )
        return np.array(worths, np.float64)

    def _codes(self, columns: Sequence[pa.Array]) -> Codes:
        """Return the code of each cell: 0 if missing, the last one if not fitted."""
        n_rows = len(columns[0]) if columns else 0
        codes = np.empty((n_rows, len(columns)), np.int64)
        for j, (column, values) in enumerate(zip(columns, self._values, strict=True)):
            found = find_values(column, pa.array(values, pa.large_string()))
            place = found.fill_null(len(values)).to_numpy() + 1
            codes[:, j] = np.where(missing_mask(column), 0, place)
        return codes

    def _hidden_cells(self, frame: Frame) -> list[npt.NDArray[np.bool_]]:
        """Return for each column worked on which of its cells become missing."""
        if not self._positions:
            return []
        codes = self._codes([self._column(frame, i) for i in self._positions])
        labels, _ = group_rows(list(codes.T))
        _, first = np.unique(labels, return_index=True)
        hidden = ~self._views(codes[first])
        bits = range(len(self._positions))
        return [(hidden >> j & 1).astype(bool)[labels] for j in bits]

    def _views(self, codes: Codes) -> Integers:
        """Return which cells of distinct rows are shown, as bits."""
        table = MatchTable(self._record_codes, self._record_weights, self._record_cells)
        n_fitted = len(table.weights)
        both = np.concatenate([table.codes, codes])
        labels, n_labels = group_rows(list(both.T))
        position = np.full(n_labels, -1)
        position[labels[:n_fitted]] = np.arange(n_fitted)
        fitted = position[labels[n_fitted:]]
        views: Integers = table.shown[fitted]
        is_new = fitted < 0
        if is_new.any():
            views[is_new] = cheapest_views(table, codes[is_new], self.k, self._costs)
        return views

    def _warn_if_unsafe(self, table: MatchTable) -> None:
        left = np.flatnonzero(table.shown)
        counts = table.count_own(left)
        n_unsafe = table.weights[left[counts < self.k]].sum()
        if n_unsafe:
            warn_of_privacy(
                f"{n_unsafe:g} row(s) are still matched by fewer than k={self.k} rows."
            )


def _match_table(codes: Codes, weights: Weights) -> MatchTable:
    """Return the distinct records of a table."""
    if not codes.size:
        return MatchTable(codes[:0], np.empty(0))
    sizes = [int(size) for size in codes.max(axis=0) + 1]
    classes = group_codes(list(codes.T), sizes, weights=weights)
    return MatchTable(codes[classes.first_rows], classes.members.astype(float))


def _count_shown(table: MatchTable) -> npt.NDArray[np.float64]:
    """Return how many cells are shown in each column."""
    bits = range(table.codes.shape[1])
    shown = [(table.shown >> j & 1) @ table.weights for j in bits]
    return np.array(shown, np.float64)


def _without(column: pa.Array, hidden: npt.NDArray[np.bool_]) -> pa.Array:
    """Make cells of a column missing."""
    if not hidden.any():
        return column
    mask = pa.array(hidden)
    if pa.types.is_dictionary(column.type):
        codes = pc.if_else(mask, None, column.indices)
        return pa.DictionaryArray.from_arrays(codes, column.dictionary)
    return pc.if_else(mask, None, column)
