"""Coarser values, level by level: what a hierarchy says stands above them."""

from collections.abc import Mapping, Sequence
from functools import partial
from numbers import Integral
from typing import Any, ClassVar, Self

import pyarrow as pa
import pyarrow.compute as pc

from skanon._arrow import is_coded, is_text, value_type
from skanon._base import ColumnwiseTransformer, Weights
from skanon._compat import Interval, StrOptions, fit_context
from skanon._intervals import is_numeric, midpoints
from skanon.generalization._hierarchy_checks import (
    BOUNDED,
    check_fit,
    check_given,
    check_known,
    check_most_known,
    naming,
    per_column,
)
from skanon.generalization._learned_hierarchy import learned_hierarchy
from skanon.hierarchies import Hierarchy
from skanon.typing import ArrayLike, Table

__all__ = ["HierarchyGeneralizer"]


class HierarchyGeneralizer(ColumnwiseTransformer):
    """Replace values by what stands above them in a hierarchy.

    How far above is a parameter that a grid search can choose.

    Parameters
    ----------
    hierarchies : Hierarchy or dict of str to Hierarchy, default=None
        The hierarchy of all columns, or of each column by its name; with a dict, the
        columns that it does not name pass through. None learns one from each
        column: intervals that hold equally many rows for numbers, periods for
        dates, and for all else rare values joined first.
    level : int or dict of str to int, default=1
        The level of all columns, or of each column by its name: from 0, the values as
        they are, to the height of the hierarchy, where all are ``"*"``. In a learned
        hierarchy, all levels above its height are that.
    output : {"auto", "label", "ordinal", "midpoint", "bounds", "interval"}, \
            default="auto"
        What a value is replaced by: the text of its label; an integer that counts
        the labels in order; and in hierarchies of numbers or dates the middle of the
        interval, its two ends as columns ``name_lower`` and ``name_upper``, or a
        pandas Interval. "auto" is "label" in a hierarchy that is given; in a learned
        one it is "midpoint" for numbers, "label" for text, and "ordinal" for all
        else. Integers are of a dtype that holds missing values, where "suppress" may
        make some.
    handle_unknown : {"suppress", "error"}, default="suppress"
        What to do with values that the hierarchy lacks: make them missing, or raise
        an error.
    columns : list of str or int, default=None
        The columns to work on; the others pass through. None takes those that
        ``hierarchies`` names, or all.

    Attributes
    ----------
    hierarchies_ : list of Hierarchy
        The hierarchy of each of the columns worked on.
    levels_ : list of int
        Its level.
    columns_ : list
        Names of the columns worked on.
    n_features_in_ : int
        Number of columns seen during :meth:`fit`.
    feature_names_in_ : ndarray of shape (n_features_in_,)
        Their names, if X has names that are all text.

    See Also
    --------
    skanon.hierarchies.Hierarchy : How hierarchies are made.
    NumericGeneralizer : Replace numbers by intervals that are learned.
    DateGeneralizer : Replace dates by periods.

    Notes
    -----
    Codes of :meth:`Hierarchy.prefix <skanon.hierarchies.Hierarchy.prefix>`,
    :meth:`~skanon.hierarchies.Hierarchy.redaction` and
    :meth:`~skanon.hierarchies.Hierarchy.h3_cells` have no order of their own:
    "ordinal" counts the labels that occur in :meth:`fit` in alphabetical order, and
    takes others for unknown. For a number, an open interval is drawn as wide as its
    neighbour, and ``"*"`` is 0. The middle and the ends of periods are timestamps of
    seconds without a zone; on level 0 the period is the day, and ``"*"`` is the
    calendar from 0001-01-01 to 9999-12-31T23:59:59. The labels of a categorical column
    are a categorical of all labels of the level, in any part of a table, if the
    hierarchy lists them; else of those above the column's categories.

    **Protects against** finding somebody by an exact value; the higher the level,
    the more people share a label.
    **Does not protect against** being the only one below a label, which no
    hierarchy knows of: measure :func:`skanon.metrics.k_anonymity`.
    **Remembers** the hierarchies. One that is learned from text lists all values of
    its column.

    Examples
    --------
    >>> from skanon import HierarchyGeneralizer
    >>> from skanon.hierarchies import Hierarchy
    >>> regions = Hierarchy.from_tree(
    ...     {"Europe": {"Spain": ["Vigo"]}, "America": {"Peru": ["Lima", "Cusco"]}}
    ... )
    >>> generalizer = HierarchyGeneralizer(hierarchies=regions, level=2)
    >>> generalizer.fit_transform([["Lima"], ["Vigo"], ["Rome"]])
    array([['America'],
           ['Europe'],
           [nan]], dtype=object)
    >>> born = Hierarchy.dates(["month", "year"])
    >>> generalizer = HierarchyGeneralizer(hierarchies=born, output="bounds")
    >>> generalizer.fit_transform([["1990-05-03"], ["1931-11-30"]])
    array([['1990-05-01T00:00:00', '1990-06-01T00:00:00'],
           ['1931-11-01T00:00:00', '1931-12-01T00:00:00']],
          dtype='datetime64[s]')
    """

    _keeps_unused: ClassVar[bool] = True

    _parameter_constraints: ClassVar[dict[str, Any]] = {
        **ColumnwiseTransformer._parameter_constraints,
        "hierarchies": [Hierarchy, Mapping, None],
        "level": [Interval(Integral, 0, None, closed="left"), Mapping],
        "output": [StrOptions({"auto", "label", "ordinal", *BOUNDED})],
        "handle_unknown": [StrOptions({"suppress", "error"})],
    }

    def __init__(
        self,
        *,
        hierarchies: Hierarchy | Mapping[str, Hierarchy] | None = None,
        level: int | Mapping[str, int] = 1,
        output: str = "auto",
        handle_unknown: str = "suppress",
        columns: Sequence[str | int] | None = None,
    ) -> None:
        self.hierarchies = hierarchies
        self.level = level
        self.output = output
        self.handle_unknown = handle_unknown
        self.columns = columns

    @fit_context(prefer_skip_nested_validation=True)
    def fit(
        self, X: Table, y: ArrayLike = None, sample_weight: ArrayLike = None
    ) -> Self:
        """Fit a hierarchy and a level to each column.

        Parameters
        ----------
        X : DataFrame, Table or array-like of shape (n_samples, n_features)
            The table. Missing values are allowed.
        y : None
            Ignored; present for scikit-learn's sake.
        sample_weight : array-like of shape (n_samples,), default=None
            How often each row counts, where a hierarchy is learned or lacks values.

        Returns
        -------
        self
            The fitted estimator.

        Raises
        ------
        ColumnError
            If ``hierarchies`` or ``level`` lacks a column, or names another.
        ColumnTypeError
            If a hierarchy cannot read values of that type; so does :meth:`transform`.
        TypeError
            If something else than a :class:`~skanon.hierarchies.Hierarchy` is given.
        UnknownValueError
            If a hierarchy lacks all values of its column, or with
            ``handle_unknown="error"`` any; then so does :meth:`transform`.
        ValueError
            If a hierarchy has not the level or the output.

        Warns
        -----
        UserWarning
            If a hierarchy lacks most values of its column.
        """
        return self._fit(X, sample_weight)

    def _wanted_columns(self) -> Any:
        if self.columns is None and isinstance(self.hierarchies, Mapping):
            return list(self.hierarchies)
        return self.columns

    def _start_fit(self, names: list[str]) -> None:
        places = list(zip(self.columns_, self._positions, strict=True))
        owner = type(self).__name__
        self._given = per_column(self.hierarchies, "hierarchies", places, owner)
        self._wanted_levels = per_column(self.level, "level", places, owner)
        for name, hierarchy in self._given.items():
            check_given(hierarchy, self._wanted_levels[name], name)

    def _fit_column(
        self, column: pa.Array, name: str, weights: Weights
    ) -> dict[str, Any]:
        hierarchy, level = self._given[name], self._wanted_levels[name]
        with naming(name):
            if hierarchy is None:
                hierarchy = learned_hierarchy(column, weights)
                level = min(level, hierarchy.height)
            values = column.unique()
            if pa.types.is_dictionary(values.type):
                values = values.dictionary_decode()
            output = self.output
            if output == "auto":
                is_given = self._given[name] is not None
                output = "label" if is_given else _learned_output(values.type)
            check_fit(hierarchy, level, output, name)
            recode = partial(hierarchy.recode, level=level)
            labels = recode(values)
        if self.handle_unknown == "error":
            check_known(labels, values, name)
        check_most_known(labels, values, column, recode, weights, name)
        state = {"hierarchy": hierarchy, "level": level, "output": output}
        if output == "ordinal" and not hierarchy.is_ordered:
            state["labels"] = sorted(labels.unique().drop_null().to_pylist())
        return {**state, "handle_unknown": self.handle_unknown}

    def _finish_fit(self, states: list[dict[str, Any]]) -> list[dict[str, Any]]:
        self.hierarchies_ = [state["hierarchy"] for state in states]
        self.levels_ = [state["level"] for state in states]
        del self._given, self._wanted_levels
        return states

    def _transform_column(
        self, column: pa.Array, name: str, state: Mapping[str, Any]
    ) -> pa.Array:
        with naming(name):
            out = _recoded(column, state)
        if state["handle_unknown"] == "error":
            check_known(out, column, name)
        return out

    def _makes_missing(self, state: Mapping[str, Any]) -> bool:
        is_total = state["hierarchy"].has_all_numbers
        return state["handle_unknown"] == "suppress" and not is_total

    def _suffixes(self) -> tuple[str, ...]:
        return ("_lower", "_upper") if self.output == "bounds" else ("",)


def _learned_output(kind: pa.DataType) -> str:
    if is_text(kind):
        return "label"
    return "midpoint" if is_numeric(kind) else "ordinal"


def _recoded(column: pa.Array, state: Mapping[str, Any]) -> pa.Array:
    hierarchy, level, output = state["hierarchy"], state["level"], state["output"]
    if output in BOUNDED:
        return _bounded(hierarchy, level, column, output)
    if output == "ordinal" and hierarchy.is_ordered:
        return hierarchy.ordinals(column, level)
    labels = hierarchy.recode(column, level)
    if output == "label":
        return labels
    known = pa.array(state["labels"], value_type(labels.type))
    if not is_coded(labels.type):
        return pc.index_in(labels, value_set=known)
    return pc.index_in(labels.dictionary, value_set=known).take(labels.indices)


def _bounded(
    hierarchy: Hierarchy, level: int, column: pa.Array, output: str
) -> pa.Array:
    """Return the middle or the ends of the interval of each number or date."""
    left, right = hierarchy.bounds(column, level, finite=output != "interval")
    missing = left != left
    if output == "midpoint":
        is_numeric = hierarchy.is_numeric
        middle = midpoints(left, right) if is_numeric else left + (right - left) // 2
        return pa.array(middle, mask=missing)
    fields = [pa.array(end, mask=missing) for end in (left, right)]
    return pa.StructArray.from_arrays(fields, ["left", "right"], mask=pa.array(missing))
