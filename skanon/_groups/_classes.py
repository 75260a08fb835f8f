"""Equivalence classes: the rows that agree in all quasi-identifiers."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from skanon._groups._encoding import EncodedColumn
from skanon._groups._histogram import Histogram, add_up, count_pairs
from skanon._groups._keys import Integers, rank_keys, tally_keys
from skanon._groups._matching import make_matcher
from skanon._groups._pair_matcher import PairMatcher
from skanon._groups._pattern_matcher import PatternMatcher
from skanon._groups._sensitive import SensitiveColumn
from skanon.exceptions import ColumnError

__all__ = ["EquivalenceClasses", "Mask", "Numbers"]

Mask = npt.NDArray[np.bool_]
Numbers = npt.NDArray[Any]


class EquivalenceClasses:
    """Rows grouped by equal quasi-identifiers; made by :func:`group_columns`.

    Classes are numbered 0 … ``n_classes`` - 1 in a fixed order that does not depend
    on the weights. All attributes are computed when first read. Numbers of records
    are integers as long as all weights are whole.

    Attributes
    ----------
    n_rows : int
        The number of rows, whatever their weights.
    n_records : int or float
        The records of the table (of the subset): the weights summed, suppressed
        records included.
    n_suppressed : int or float
        Those of them that are suppressed.
    n_incomplete : int or float
        Those that are not, and lack a quasi-identifier.
    labels : ndarray of int of shape (n_rows,)
        The class of each row; -1 if it is suppressed or has weight 0.
    n_classes : int
        How many classes there are, those without a record in the subset included.
    members : ndarray of shape (n_classes,)
        How many records (of the subset) are in each class. Their sum is
        ``n_records - n_suppressed``.
    sizes : ndarray of shape (n_classes,)
        Among how many records (of the subset) a record of the class hides. The same
        as ``members``, but with ``missing="wildcard"`` all records that match count.
    population_sizes : ndarray of shape (n_classes,)
        As ``sizes``, in the whole table; the same without a subset.
    first_rows : ndarray of int of shape (n_classes,)
        The first row of each class.
    sensitive : mapping of str to SensitiveColumn
        The sensitive columns.
    """

    def __init__(
        self,
        keys: Integers,
        bound: int,
        *,
        weights: Numbers | None = None,
        suppressed: Mask | None = None,
        subset: Mask | None = None,
        sensitive: Mapping[Any, SensitiveColumn] | None = None,
        wildcards: Sequence[EncodedColumn] | None = None,
        with_missing: Sequence[EncodedColumn] = (),
    ) -> None:
        self.n_rows = len(keys)
        self.sensitive = dict(sensitive or {})
        self._weights = weights
        self._suppressed = suppressed
        self._subset = subset
        self._wildcards = wildcards
        self._with_missing = with_missing
        self._rows = self._grouped_rows()
        self._keys = keys if self._rows is None else keys[self._rows]
        self._bound = bound
        self._histograms: dict[Any, Histogram] = {}

    def _grouped_rows(self) -> Integers | None:
        """Return the rows that are in a class; None for all."""
        if self._suppressed is None and self._weights is None:
            return None
        is_in = np.ones(self.n_rows, bool)
        if self._suppressed is not None:
            is_in &= ~self._suppressed
        if self._weights is not None:
            is_in &= self._weights > 0
        return None if is_in.all() else np.flatnonzero(is_in)

    @cached_property
    def _ranked(self) -> tuple[Integers, int]:
        return rank_keys(self._keys, self._bound)

    @property
    def n_classes(self) -> int:
        """How many classes there are."""
        return len(self.members)

    @cached_property
    def labels(self) -> Integers:
        """The class of each row; -1 if it is in none."""
        ranks, _ = self._ranked
        if self._rows is None:
            return ranks
        labels = np.full(self.n_rows, -1, np.int64)
        labels[self._rows] = ranks
        return labels

    @cached_property
    def members(self) -> Numbers:
        """How many records of the subset are in each class."""
        if self._weights is None and self._subset is None:
            return tally_keys(self._keys, self._bound)
        return self._add_up(self._in_subset(self._weights))

    @cached_property
    def sizes(self) -> Numbers:
        """Among how many records of the subset a record of the class hides."""
        return self._matching(self.members)

    @cached_property
    def population_sizes(self) -> Numbers:
        """Among how many records of the whole table a record of the class hides."""
        if self._subset is None:
            return self.sizes
        return self._matching(self._add_up(self._weights))

    @cached_property
    def n_records(self) -> Any:
        """The records of the subset, suppressed ones included."""
        weights = self._in_subset(self._weights)
        return self.n_rows if weights is None else weights.sum().item()

    @property
    def n_suppressed(self) -> Any:
        """The suppressed records of the subset."""
        return self.n_records - self.members.sum().item()

    @property
    def n_incomplete(self) -> Any:
        """The records of the subset in classes that lack a quasi-identifier."""
        lacks = np.zeros(self.n_classes, bool)
        for column in self._with_missing:
            lacks |= column.codes[self.first_rows] == column.missing
        return self.members[lacks].sum().item()

    @cached_property
    def first_rows(self) -> Integers:
        """The first row of each class."""
        ranks, n_classes = self._ranked
        rows = np.arange(self.n_rows) if self._rows is None else self._rows
        first = np.empty(n_classes, np.int64)
        first[ranks[::-1]] = rows[::-1]
        return first

    def sum(self, row_numbers: Numbers, *, alpha: float = 1) -> Numbers:
        """Sum a number per row over the records among which a class hides.

        Rows outside the subset do not count. ``sample_weight`` is not multiplied in.
        With ``missing="wildcard"`` rows that lack a value where the class has one
        count ``alpha``-fold.
        """
        sums = self._add_up(self._in_subset(np.asarray(row_numbers)))
        return sums if self._matcher is None else self._matcher.sum(sums, alpha)

    def to_rows(self, class_values: Numbers, *, fill: Any) -> Numbers:
        """Give each row its class's values; rows in no class get ``fill``."""
        last = np.full((1, *class_values.shape[1:]), fill)
        values = np.concatenate([class_values, last])
        return np.asarray(values[self.labels])  # the label -1 reads the last one

    def sensitive_name(self, name: Any = None) -> Any:
        """Return the name of the sensitive column meant: the only one if None.

        Raises
        ------
        ColumnError
            If there is no such column, or None is not clear.
        """
        names = list(self.sensitive)
        if name is None and len(names) == 1:
            return names[0]
        if name in self.sensitive:
            return name
        if not names:
            raise ColumnError("A sensitive column is needed, and none is given.")
        if name is None:
            raise ColumnError(
                f"There are {len(names)} sensitive columns, {names}; say which one is "
                "meant with 'sensitive'."
            )
        raise ColumnError(
            f"{name!r} is not among the sensitive columns, which are {names}."
        )

    def histogram(self, name: Any = None) -> Histogram:
        """Count the values of a sensitive column in each class; cached.

        Parameters
        ----------
        name : str, default=None
            Which sensitive column; None is fine if there is only one.
        """
        name = self.sensitive_name(name)
        if name not in self._histograms:
            self._histograms[name] = self._histogram(self.sensitive[name])
        return self._histograms[name]

    def _histogram(self, column: SensitiveColumn) -> Histogram:
        ranks, n_classes = self._ranked
        codes, weights = column.codes, self._in_subset(self._weights)
        overall = add_up(codes, weights, column.n_codes)
        if self._rows is not None:
            codes = codes[self._rows]
            weights = None if weights is None else weights[self._rows]
        pairs = count_pairs(ranks, codes, weights, column.n_codes)
        if self._matcher is not None:
            pairs = self._matcher.join(*pairs, column.n_codes)
        classes, values, counts = pairs
        sizes = add_up(classes, counts, n_classes)
        return Histogram(classes, values, counts, sizes, overall)

    def _in_subset(self, row_numbers: Numbers | None) -> Numbers | None:
        """Set the rows outside the subset to 0; None stands for ones."""
        if self._subset is None:
            return row_numbers
        if row_numbers is None:
            return self._subset.astype(np.int64)
        return np.where(self._subset, row_numbers, 0)

    def _add_up(self, row_numbers: Numbers | None) -> Numbers:
        ranks, n_classes = self._ranked
        if row_numbers is not None and self._rows is not None:
            row_numbers = row_numbers[self._rows]
        return add_up(ranks, row_numbers, n_classes)

    @cached_property
    def _matcher(self) -> PatternMatcher | PairMatcher | None:
        if self._wildcards is None:
            return None
        rows = self.first_rows
        return make_matcher(
            [column.codes[rows] for column in self._wildcards],
            [column.n_codes for column in self._wildcards],
            [column.missing for column in self._wildcards],
        )

    def _matching(self, class_numbers: Numbers) -> Numbers:
        """Sum over all classes that match a class; those alone without wildcards."""
        if self._matcher is None:
            return class_numbers
        return self._matcher.sum(class_numbers)
