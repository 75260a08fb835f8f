"""The public face of all hierarchies: how values become coarser, level by level."""

from typing import Any, NoReturn, Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from skanon._arrow import count_missing
from skanon._frames import map_column, read_column
from skanon._messages import shown
from skanon._value_text import as_text
from skanon.exceptions import UnknownValueError
from skanon.hierarchies._codes import Prefix, Redaction
from skanon.hierarchies._cuts import Cuts
from skanon.hierarchies._dates import Dates
from skanon.hierarchies._grid import Grid
from skanon.hierarchies._h3_cells import H3Cells
from skanon.hierarchies._integers import is_integer
from skanon.hierarchies._listed_values import ListedValues
from skanon.hierarchies._listing import Listing, listing_from_levels
from skanon.hierarchies._makers import HierarchyMakers
from skanon.hierarchies._rules import TOP, BoundedRule, OrderedRule, Rule

__all__ = ["Hierarchy"]

#: The kinds of hierarchy, by the name that a pickle has for them.
RULES: dict[str, type[Rule]] = {
    rule.kind: rule for rule in (Listing, Cuts, Grid, Dates, H3Cells, Prefix, Redaction)
}


class Hierarchy(HierarchyMakers, ListedValues):
    """Levels by which the values of a column become coarser, step by step.

    Level 0 is the value itself, the top level is ``"*"``, and every level is a
    coarsening of the one below: values that share a label on one level share their
    labels on all levels above. A hierarchy cannot be changed.

    It either lists its values (:meth:`from_csv`, :meth:`from_frame`,
    :meth:`from_dict`, :meth:`from_tree`, :meth:`order`, :meth:`frequency`), or has a
    rule for any value: :meth:`intervals` and :meth:`geo_grid` for numbers,
    :meth:`dates`, :meth:`h3_cells`, :meth:`prefix` and :meth:`redaction` for codes.
    Listed values are compared by their text: 39, 39.0 and "39" are one value.

    See Also
    --------
    skanon.HierarchyGeneralizer : Apply hierarchies to the columns of a table.

    Examples
    --------
    >>> from skanon.hierarchies import Hierarchy
    >>> cities = Hierarchy.from_tree(
    ...     {"Europe": {"Germany": ["Berlin", "Bonn"]}, "Asia": {"Japan": ["Kobe"]}}
    ... )
    >>> cities
    Hierarchy(listed, height=3, n_labels=[3, 2, 2, 1])
    >>> cities.generalize(["Kobe", "Bonn"], level=1)
    array(['Japan', 'Germany'], dtype=object)
    """

    __slots__ = ("_rule",)

    _rule: Rule

    def __init__(self) -> None:
        raise TypeError(
            "A Hierarchy is made by one of its methods, such as Hierarchy.from_csv."
        )

    @classmethod
    def _of(cls, rule: Rule) -> Self:
        hierarchy = cls.__new__(cls)
        object.__setattr__(hierarchy, "_rule", rule)
        return hierarchy

    @property
    def height(self) -> int:
        """The top level, which is also the number of levels above the value."""
        return self._rule.height

    @property
    def is_numeric(self) -> bool:
        """Whether the labels are intervals of numbers."""
        return isinstance(self._rule, Cuts | Grid)

    @property
    def has_bounds(self) -> bool:
        """Whether the labels are intervals, of numbers or of dates."""
        return isinstance(self._rule, BoundedRule)

    @property
    def has_all_numbers(self) -> bool:
        """Whether any number has a place, however large."""
        return isinstance(self._rule, Cuts)

    @property
    def is_ordered(self) -> bool:
        """Whether the labels of a level have an order of their own."""
        return isinstance(self._rule, OrderedRule)

    def generalize(
        self, column: Any, level: int, *, handle_unknown: str = "error"
    ) -> Any:
        """Replace the values of a column by their labels on a level.

        Parameters
        ----------
        column : Series, Array, ndarray or sequence of shape (n_samples,)
            The values; of a categorical column only the categories are looked up.
        level : int
            From 0, the values as they are, to ``height``, which is ``"*"`` for all.
        handle_unknown : {"error", "suppress"}, default="error"
            What to do with values that the hierarchy lacks: raise an error, or make
            them missing.

        Returns
        -------
        Series, Array or ndarray of shape (n_samples,)
            A new column of the same kind, of text from level 1 on. Missing values
            stay missing.

        Raises
        ------
        UnknownValueError
            If the hierarchy lacks a value and ``handle_unknown="error"``.
        """
        level = self._checked(level)
        return map_column(column, lambda c: self._labels_of(c, level, handle_unknown))

    def recode(self, column: pa.Array, level: int) -> pa.Array:
        """Return the labels of an Arrow column, as it suits those who go on with it.

        Parameters
        ----------
        column : pyarrow.Array of shape (n_samples,)
            The values.
        level : int
            From 0 to ``height``.

        Returns
        -------
        pyarrow.Array of shape (n_samples,)
            Text, or a dictionary of all labels of the level if they can be listed, the
            same for any column; on level 0 the values as they are. Missing where a
            value has no place.
        """
        return _labels(self._rule, column, self._checked(level))

    def ordinals(self, column: Any, level: int) -> Any:
        """Replace values by integers that count the labels of a level in order.

        Listed values are in the order of the list, numbers in their own.

        Parameters
        ----------
        column : Series, Array, ndarray or sequence of shape (n_samples,)
            The values.
        level : int
            From 0 to ``height``. Numbers on level 0 stay as they are.

        Returns
        -------
        Series, Array or ndarray of shape (n_samples,)
            A new column of the same kind; missing where a value has no place.
        """
        level = self._checked(level)
        return map_column(column, lambda values: self._ordinals_of(values, level))

    def bounds(self, column: Any, level: int, *, finite: bool = False) -> Any:
        """Replace numbers or dates by the ends of their interval on a level.

        Parameters
        ----------
        column : Series, Array, ndarray or sequence of shape (n_samples,)
            The numbers or dates.
        level : int
            From 0 to ``height``. The interval of a number on level 0 is the number
            itself, and that of a date the day.
        finite : bool, default=False
            Whether open intervals of numbers get bounds that a model can read: as wide
            as the neighbouring interval, and 0 for ``"*"``. Else they are infinite. For
            dates ``"*"`` is the calendar, from 0001-01-01 to 9999-12-31T23:59:59.

        Returns
        -------
        tuple of ndarray of shape (n_samples,)
            Where the intervals begin, and where they end, as floats or as timestamps
            of seconds; NaN or NaT where missing.
        """
        level = self._checked(level)
        if not isinstance(self._rule, BoundedRule):
            raise TypeError(
                f"A hierarchy of kind {self._rule.kind!r} has no bounds; only those of "
                "numbers and of dates have."
            )
        return self._rule.bounds_of(read_column(column), level, finite=finite)

    def for_values(self, column: Any) -> Self:
        """Return a hierarchy that lists the values of a column.

        Parameters
        ----------
        column : Series, Array, ndarray or sequence of shape (n_samples,)
            The values.

        Returns
        -------
        Hierarchy
            The hierarchy, with its values in their order; itself if it lists values
            already.

        Raises
        ------
        UnknownValueError
            If the hierarchy lacks a value.
        """
        if isinstance(self._rule, Listing):
            return self
        values = read_column(column).unique().drop_null()
        values = values.take(pc.sort_indices(values))
        levels = [
            as_text(self._labels_of(values, level, "error"))
            for level in range(self.height + 1)
        ]
        return self._of(listing_from_levels(levels))

    def _checked(self, level: Any) -> int:
        if not is_integer(level):
            raise TypeError(f"A level is an integer; got {type(level).__name__}.")
        if not 0 <= level <= self.height:
            raise ValueError(
                f"Level {level} is not a level of a hierarchy of height {self.height}; "
                f"choose one from 0, the value itself, to {self.height}, which is "
                f"{TOP!r}."
            )
        return int(level)

    def _labels_of(self, column: pa.Array, level: int, handle_unknown: str) -> pa.Array:
        is_text = isinstance(handle_unknown, str)
        if not is_text or handle_unknown not in ("error", "suppress"):
            raise ValueError(
                "'handle_unknown' must be 'error' or 'suppress'; got "
                f"{shown(handle_unknown)}."
            )
        labels = _labels(self._rule, column, level)
        n_missing = count_missing(column)
        if labels.null_count > n_missing and handle_unknown == "error":
            raise UnknownValueError(
                f"{labels.null_count - n_missing} value(s) have no place in the "
                "hierarchy. Add them to it, or make them missing with "
                "handle_unknown='suppress'."
            )
        return labels

    def _ordinals_of(self, column: pa.Array, level: int) -> pa.Array:
        if not isinstance(self._rule, OrderedRule):
            raise TypeError(
                f"The labels of a hierarchy of kind {self._rule.kind!r} have no order "
                "of their own. Its method for_values(column) makes one that has."
            )
        if level < self.height:
            return self._rule.ordinals_of(column, level)
        known = self._rule.knows(column)
        return pc.if_else(known, pa.scalar(0, pa.int32()), None)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Hierarchy):
            return NotImplemented
        return self._rule is other._rule or _same(self._state(), other._state())

    def __hash__(self) -> int:
        return hash((self._rule.kind, self.height, self._rule.describe()))

    def __repr__(self) -> str:
        rule = self._rule
        return f"Hierarchy({rule.kind}, height={rule.height}, {rule.describe()})"

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError("A Hierarchy cannot be changed; make a new one.")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError("A Hierarchy cannot be changed; make a new one.")

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: object) -> Self:
        return self

    def __getstate__(self) -> dict[str, Any]:
        return self._state()

    def __setstate__(self, state: dict[str, Any]) -> None:
        rule = RULES[state["kind"]].from_state(state)
        object.__setattr__(self, "_rule", rule)

    def _state(self) -> dict[str, Any]:
        return {"kind": self._rule.kind, **self._rule.state()}


def _labels(rule: Rule, column: pa.Array, level: int) -> pa.Array:
    """Return the label of each value; missing where the value has no place."""
    if 0 < level < rule.height:
        return rule.labels_of(column, level)
    known = rule.knows(column)
    if level == 0:
        return pc.if_else(known, column, None)
    codes = pc.if_else(known, pa.scalar(0, pa.int32()), None)
    return pa.DictionaryArray.from_arrays(codes, pa.array([TOP], pa.large_string()))


def _same(left: Any, right: Any) -> bool:
    """Compare states: dicts and lists of plain values and arrays."""
    if isinstance(left, dict) and isinstance(right, dict):
        left, right = (sorted(state.items()) for state in (left, right))
    if isinstance(left, list | tuple) and isinstance(right, list | tuple):
        pairs = zip(left, right, strict=False)
        return len(left) == len(right) and all(_same(a, b) for a, b in pairs)
    if isinstance(left, np.ndarray) or isinstance(right, np.ndarray):
        return np.array_equal(left, right)
    return bool(left == right)
