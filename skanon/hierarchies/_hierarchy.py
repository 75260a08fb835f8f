"""The public face of all hierarchies: how values become coarser, level by level."""

import csv
from collections.abc import Mapping
from os import PathLike
from typing import Any, NoReturn, Self

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from skanon._frames import map_column, read_column, read_frame
from skanon.exceptions import UnknownValueError
from skanon.hierarchies._listing import (
    Listing,
    listing_from_dict,
    listing_from_levels,
    listing_from_tree,
)
from skanon.hierarchies._rules import TOP, Rule
from skanon.hierarchies._text import as_text
from skanon.typing import Table

__all__ = ["Hierarchy"]

#: The kinds of hierarchy, by the name that a pickle has for them.
RULES: dict[str, type[Rule]] = {rule.kind: rule for rule in (Listing,)}


class Hierarchy:
    """Levels by which the values of a column become coarser, step by step.

    Level 0 is the value itself, the top level is ``"*"``, and every level is a
    coarsening of the one below: values that share a label on one level share their
    labels on all levels above. A hierarchy is made by one of its ``from_…`` methods
    from a list of values. It cannot be changed.

    Values are compared by their text: 39, 39.0 and "39" are one value.

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
    def from_frame(cls, X: Table) -> Self:
        """Make a hierarchy from a table with one row per value.

        Parameters
        ----------
        X : DataFrame, Table or array-like of shape (n_values, n_levels)
            The values in the first column and their labels on level 1, 2, … in the
            others. If the last column has one label only, that is the top and
            becomes ``"*"``; else the top is added.

        Returns
        -------
        Hierarchy
            The hierarchy; its labels are in the order of their appearance.

        Raises
        ------
        ValueError
            If a label is missing, a value is listed twice, or a level is not a
            coarsening of the one below.
        """
        frame = read_frame(X, allow_empty=True)
        columns = [as_text(frame.column(i)) for i in range(len(frame.names))]
        return cls._of(listing_from_levels(columns))

    @classmethod
    def from_csv(cls, path: str | PathLike[str], *, sep: str | None = None) -> Self:
        """Make a hierarchy from a CSV file in the form that ARX has.

        Parameters
        ----------
        path : str or path
            A file without header: one row per value, one column per level, see
            :meth:`from_frame`.
        sep : str, default=None
            What separates the columns; None takes ``;`` if the first line has one,
            else ``,``.

        Returns
        -------
        Hierarchy
            The hierarchy.
        """
        return cls._of(listing_from_levels(_read_levels(path, sep)))

    @classmethod
    def from_dict(cls, mapping: Mapping[Any, Any]) -> Self:
        """Make a hierarchy from a mapping of each value to what stands above it.

        Parameters
        ----------
        mapping : dict
            From value to its label on level 1, or to the list of its labels from
            level 1 upward.

        Returns
        -------
        Hierarchy
            The hierarchy.
        """
        return cls._of(listing_from_dict(mapping))

    @classmethod
    def from_tree(cls, tree: Mapping[Any, Any]) -> Self:
        """Make a hierarchy from nested groups.

        Parameters
        ----------
        tree : dict
            From group to its groups, and so on; the innermost hold a list of values.
            A value that lies less deep than others is its own label on the
            lowest levels.

        Returns
        -------
        Hierarchy
            The hierarchy.
        """
        return cls._of(listing_from_tree(tree))

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
    def n_leaves(self) -> int:
        """The number of values that the hierarchy lists."""
        return len(self._listing().codes[0])

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

    def labels(self, level: int) -> list[str]:
        """Return the distinct labels of a level, in the order of their codes.

        Parameters
        ----------
        level : int
            From 0, the listed values, to ``height``.

        Returns
        -------
        list of str
            The labels.
        """
        labels: list[str] = self._listing().labels[self._checked(level)].to_pylist()
        return labels

    def codes(self, level: int) -> npt.NDArray[np.int32]:
        """Return for each listed value the code of its label on a level.

        Parameters
        ----------
        level : int
            From 0, the listed values, to ``height``.

        Returns
        -------
        ndarray of shape (n_leaves,)
            The position of each value's label in :meth:`labels`; read-only.
        """
        codes = self._listing().codes[self._checked(level)].view()
        codes.flags.writeable = False
        return codes

    def shares(self, level: int) -> npt.NDArray[np.float64]:
        """Return for each label of a level the share of the listed values below it.

        Parameters
        ----------
        level : int
            From 0, the listed values, to ``height``.

        Returns
        -------
        ndarray of shape (n_labels,)
            The shares, in the order of :meth:`labels`; their sum is one.
        """
        return np.bincount(self.codes(level)) / self.n_leaves

    def encode(self, column: Any) -> npt.NDArray[np.int32]:
        """Return the position of each value among the listed ones.

        ``codes(level)[encode(column)]`` is the code of each row on a level.

        Parameters
        ----------
        column : Series, Array, ndarray or sequence of shape (n_samples,)
            The values.

        Returns
        -------
        ndarray of shape (n_samples,)
            The positions; -1 for missing values and for those not listed.
        """
        found = self._listing().find(read_column(column)).fill_null(-1)
        positions: npt.NDArray[np.int32] = found.to_numpy(zero_copy_only=False)
        return positions

    def _checked(self, level: object) -> int:
        if isinstance(level, bool) or not isinstance(level, int | np.integer):
            raise TypeError(f"A level is an integer; got {type(level).__name__}.")
        if not 0 <= level <= self.height:
            raise ValueError(
                f"Level {level} is not a level of a hierarchy of height {self.height}; "
                f"choose one from 0, the value itself, to {self.height}, which is "
                f"{TOP!r}."
            )
        return int(level)

    def _listing(self) -> Listing:
        if isinstance(self._rule, Listing):
            return self._rule
        raise TypeError(
            f"A hierarchy of {self._rule.kind} lists no values; call its method "
            "for_values(column) first."
        )

    def _labels_of(self, column: pa.Array, level: int, handle_unknown: str) -> pa.Array:
        if handle_unknown not in ("error", "suppress"):
            raise ValueError(
                f"'handle_unknown' must be 'error' or 'suppress'; got "
                f"{handle_unknown!r}."
            )
        labels = _labels(self._rule, column, level)
        n_missing = pc.sum(column.is_null(nan_is_null=True)).as_py() or 0
        if labels.null_count > n_missing and handle_unknown == "error":
            raise UnknownValueError(
                f"{labels.null_count - n_missing} value(s) have no place in the "
                "hierarchy. Add them to it, or make them missing with "
                "handle_unknown='suppress'."
            )
        return labels

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


def _read_levels(path: str | PathLike[str], sep: str | None) -> list[pa.Array]:
    """Read the columns of a hierarchy file as text."""
    with open(path, encoding="utf-8-sig") as file:
        first = file.readline()
    sep = sep or (";" if ";" in first else ",")
    n_levels = len(next(csv.reader([first], delimiter=sep), []))
    names = [f"level {level}" for level in range(n_levels)]
    try:
        table = pyarrow.csv.read_csv(
            path,
            read_options=pyarrow.csv.ReadOptions(column_names=names),
            parse_options=pyarrow.csv.ParseOptions(delimiter=sep),
            convert_options=pyarrow.csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.large_string()),
                null_values=[""],
                strings_can_be_null=True,
            ),
        )
    except pa.ArrowInvalid:
        # Arrow's own message quotes the line.
        raise ValueError(
            f"The hierarchy file {str(path)!r} cannot be read as a table of "
            f"{n_levels} columns separated by {sep!r}: give each line the same number "
            "of columns, in UTF-8, or say what separates them with 'sep'."
        ) from None
    return [column.combine_chunks() for column in table.columns]


def _labels(rule: Rule, column: pa.Array, level: int) -> pa.Array:
    """Return the label of each value; missing where the value has no place."""
    if 0 < level < rule.height:
        return rule.labels_of(column, level)
    known = rule.knows(column)
    if level == 0:
        return pc.if_else(known, column, None)
    return pc.if_else(known, pa.scalar(TOP, pa.large_string()), None)


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
