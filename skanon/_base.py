"""The bases of the techniques: of all, and of those that work column by column."""

from abc import abstractmethod
from typing import Any, ClassVar, Self, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from sklearn.base import BaseEstimator, OneToOneFeatureMixin, TransformerMixin
from sklearn.utils.validation import check_is_fitted, validate_data

from skanon._arrow import type_name, value_type
from skanon._compat import fit_context, output_container
from skanon._frames import Frame, OutputColumn, map_values, read_frame
from skanon._validation import check_columns, check_parameters, check_weights
from skanon.exceptions import ColumnError, ColumnTypeError
from skanon.typing import ArrayLike, Table

__all__ = ["ColumnwiseTransformer", "TableTransformer", "Weights"]

#: How often each row counts, shape (n_samples,); None if each counts once.
Weights: TypeAlias = npt.NDArray[np.float64] | None


class TableTransformer(OneToOneFeatureMixin, TransformerMixin, BaseEstimator):
    """What every technique needs: a table read, its columns chosen, rows weighted.

    A technique that works on columns together stands on this alone: its ``fit``
    begins with ``_start``, and it says what ``_transform_frame`` makes of a table.
    Columns whose positions are in ``_nullable`` get a dtype for missing values.
    """

    columns: Any

    _parameter_constraints: ClassVar[dict[str, Any]] = {"columns": "no_validation"}

    #: Whether integers that it makes use all of 64 bits.
    _makes_wide_integers: ClassVar[bool] = False

    def transform(self, X: Table) -> Any:
        """Apply the technique to a table.

        Parameters
        ----------
        X : DataFrame, Table or array-like of shape (n_samples, n_features)
            A table with the columns seen in :meth:`fit`; it is not changed.

        Returns
        -------
        DataFrame, Table or ndarray of shape (n_samples, n_features)
            A new table of the kind that X is, or that ``set_output`` asks for, with
            X's index and column order. Missing values stay missing.

        Raises
        ------
        NotFittedError
            If the estimator is not fitted.
        ValueError
            If X has other columns than the table in :meth:`fit`.
        ColumnTypeError
            If a column to work on has a type that the technique cannot work on.
        """
        check_is_fitted(self)
        frame = self._read(X, reset=False)
        return self._written(frame, self._transform_frame(frame))

    def _validate_params(self) -> None:
        """Check the parameters; scikit-learn calls this before ``fit``."""
        check_parameters(
            self.get_params(deep=False),
            self._parameter_constraints,
            owner=type(self).__name__,
        )

    def _start(
        self, X: Table, sample_weight: ArrayLike
    ) -> tuple[Frame, pa.Array | None, Weights]:
        """Begin ``fit``: read X, choose the columns to work on.

        Returns
        -------
        frame : Frame
            The table.
        seen : pyarrow.BooleanArray or None
            Which rows count at all; None if all do.
        weights : ndarray or None
            How often each of those counts; None if each counts once.
        """
        frame = self._read(X, reset=True)
        owner = type(self).__name__
        wanted = self._wanted_columns()
        self._positions = check_columns(wanted, frame.names, owner=owner)
        self.columns_ = [frame.names[i] for i in self._positions]
        self._nullable: list[int] = []
        self._wide = self._makes_wide_integers or frame.has_wide_integers()
        return frame, *_seen_rows(sample_weight, len(frame))

    def _wanted_columns(self) -> Any:
        """Return the columns to work on, None for all."""
        return self.columns

    def _read(self, X: Table, *, reset: bool) -> Frame:
        frame = read_frame(X, allow_empty=not reset)
        validate_data(self, frame.native, reset=reset, skip_check_array=True)
        return frame

    @abstractmethod
    def _transform_frame(self, frame: Frame) -> list[OutputColumn]:
        """Return the output columns."""

    def _written(self, frame: Frame, columns: list[OutputColumn]) -> Any:
        """Return the output table, of the kind that is asked for."""
        container = output_container(self)
        return frame.replaced(columns, container, self._nullable, self._wide)

    def _column(self, frame: Frame, position: int) -> pa.Array:
        """Return a column to work on, which has a single value in each cell."""
        return self._single_valued(frame.column(position), frame.names[position])

    def _recurring(self, frame: Frame, position: int) -> pa.Array:
        """Return such a column with recurring objects as a dictionary."""
        return self._single_valued(frame.categories(position), frame.names[position])

    def _single_valued(self, column: pa.Array, name: Any) -> pa.Array:
        if pa.types.is_nested(value_type(column.type)):
            raise ColumnTypeError(
                f"Column {name!r} has Arrow type {type_name(value_type(column.type))}; "
                f"{type(self).__name__} works on single values. Give each part of a "
                "cell a column or a row of its own, or leave the column out."
            )
        return column

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        tags.transformer_tags.preserves_dtype = []
        return tags


class ColumnwiseTransformer(TableTransformer):
    """Learn per column in ``fit``, map Arrow column to Arrow column in ``transform``.

    A subclass has the parameter ``columns`` and says three things:

    ``_start_fit(names)``
        check what depends on other parameters; resolve what all columns share.
    ``_fit_column(column, name, weights)``
        what is learned from a column: plain dicts, lists, numbers, arrays, or None.
        Rows of weight zero are not in ``column``; ``weights`` is None if all count
        once.
    ``_transform_column(column, name, state)``
        the recoding. It must be element by element, because a categorical column
        is transformed on its dictionary. Text of few labels that are known before
        the rows are is best returned as a dictionary of them.

    Where ``_suffixes()`` names more than one output column for each column worked
    on, ``_transform_column`` returns a struct with one field for each.

    What must not stay in a fitted object, such as a key, ``_start_transform()`` adds
    to the states of the columns, once for each ``transform``.

    A column where missing values were seen in ``fit``, or ``_makes_missing(state)``,
    gets a dtype that holds missing values from every ``transform``: that of a single
    row is that of the training table. With ``_keeps_unused``, a categorical column
    keeps the categories of rows that are not in the table at hand.

    A technique that learns from the rows also takes ``sample_weight`` in ``fit``.
    """

    #: Whether categories that no row has are recoded too: not where that would hand
    #: over the tokens of somebody else.
    _keeps_unused: ClassVar[bool] = False

    @fit_context(prefer_skip_nested_validation=True)
    def fit(self, X: Table, y: ArrayLike = None) -> Self:
        """Learn what the technique remembers of each column.

        Parameters
        ----------
        X : DataFrame, Table or array-like of shape (n_samples, n_features)
            The table. Missing values are allowed.
        y : None
            Ignored; present for scikit-learn's sake.

        Returns
        -------
        self
            The fitted estimator.
        """
        return self._fit(X, None)

    def get_feature_names_out(
        self, input_features: ArrayLike = None
    ) -> npt.NDArray[np.object_]:
        """Return the names of the output columns.

        Parameters
        ----------
        input_features : array-like of str, default=None
            The names of the input columns; None takes those seen in :meth:`fit`.

        Returns
        -------
        ndarray of str
            A column that becomes several gives each its own suffix.
        """
        names = super().get_feature_names_out(input_features)
        worked_on = set(self._positions)
        out = [
            part
            for i, name in enumerate(names)
            for part in (self._names_out(name) if i in worked_on else [name])
        ]
        return np.array(out, dtype=object)

    def _fit(self, X: Table, sample_weight: ArrayLike) -> Self:
        frame, seen, weights = self._start(X, sample_weight)
        self._endings = self._suffixes()
        self._check_names_out(frame.names)
        self._start_fit([str(name) for name in self.columns_])
        states = []
        for position, name in zip(self._positions, self.columns_, strict=True):
            column = self._recurring(frame, position)
            column = column if seen is None else column.filter(seen)
            state = self._fit_column(column, str(name), weights)
            if column.null_count or self._makes_missing(state):
                self._nullable.append(position)
            states.append(state)
        self._states = self._finish_fit(states)
        return self

    def _check_names_out(self, names: list[Any]) -> None:
        """Refuse an output column that would have the name of another."""
        if self._endings == ("",):
            return
        worked_on = set(self.columns_)
        taken = {name for name in names if name not in worked_on}
        parts = [part for name in self.columns_ for part in self._names_out(name)]
        taken &= set(parts)
        if taken:
            raise ColumnError(
                f"{type(self).__name__} would make a column of the name "
                f"{sorted(map(str, taken))[0]!r}, which X has already. Rename the "
                "column of X, or choose another 'output'."
            )

    def _transform_frame(self, frame: Frame) -> list[OutputColumn]:
        states = dict(zip(self._positions, self._start_transform(), strict=True))
        return [
            part
            for i, name in enumerate(frame.names)
            for part in (
                self._apply(frame, i, states[i]) if i in states else [(name, i, None)]
            )
        ]

    def _apply(self, frame: Frame, position: int, state: Any) -> list[OutputColumn]:
        column, name = self._recurring(frame, position), frame.names[position]
        out = map_values(
            column,
            lambda values: self._transform_column(values, str(name), state),
            keep_unused=self._keeps_unused,
        )
        names = self._names_out(name)
        if len(names) == 1:
            return [(names[0], position, out)]
        return [
            (part, position, pc.struct_field(out, i)) for i, part in enumerate(names)
        ]

    def _names_out(self, name: Any) -> list[Any]:
        if self._endings == ("",):
            return [name]
        return [f"{name}{end}" for end in self._endings]

    def _suffixes(self) -> tuple[str, ...]:
        """Return what is put behind a column's name, once for each output column."""
        return ("",)

    def _makes_missing(self, state: Any) -> bool:
        """Return whether values of a column that are there may become missing."""
        return False

    @abstractmethod
    def _start_fit(self, names: list[str]) -> None:
        """Check parameters against each other, resolve what all columns share."""

    @abstractmethod
    def _fit_column(self, column: pa.Array, name: str, weights: Weights) -> Any:
        """Return what is learned from one column."""

    def _finish_fit(self, states: list[Any]) -> list[Any]:
        """Return what is kept of each column, once all columns were seen."""
        return states

    def _start_transform(self) -> list[Any]:
        """Return what was learned of each column, with what lives as long as a call."""
        return self._states

    @abstractmethod
    def _transform_column(self, column: pa.Array, name: str, state: Any) -> pa.Array:
        """Return the recoded column."""


def _seen_rows(
    sample_weight: ArrayLike, n_samples: int
) -> tuple[pa.Array | None, Weights]:
    """Return which rows count at all, and how often; weight zero is a row not there."""
    if sample_weight is None:
        return None, None
    weights = check_weights(sample_weight, n_samples)
    seen = weights > 0
    return (None, weights) if seen.all() else (pa.array(seen), weights[seen])
