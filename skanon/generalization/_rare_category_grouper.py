"""Rare categories joined into one group, or made missing."""

from collections.abc import Mapping, Sequence
from numbers import Integral, Real
from typing import Any, ClassVar, Self

import pyarrow as pa
import pyarrow.compute as pc

from skanon._arrow import is_text, value_type
from skanon._base import ColumnwiseTransformer, Weights
from skanon._compat import Interval, fit_context
from skanon._messages import warn_of_privacy
from skanon._value_text import are_among, check_findable, count_values, find_values
from skanon.typing import ArrayLike, Table

__all__ = ["RareCategoryGrouper"]

#: The smallest count of a category that is kept, if nobody says.
DEFAULT_COUNT = 5

#: Sums of weights, and shares of them, are a little off.
ROUNDING = 1e-9


class RareCategoryGrouper(ColumnwiseTransformer):
    """Replace rare categories by one group.

    Which categories are frequent is learned in :meth:`fit`; all others are rare, also
    one that is seen for the first time later.

    Parameters
    ----------
    min_count : int, default=None
        How many fitted rows a category must have to be kept. 5 if both are None.
    min_frequency : float, default=None
        Which share of the fitted rows that are not missing it must have instead.
    group_label : str, default="other"
        What rare categories are replaced by; a category of that name joins the
        group. None makes them missing. In columns of anything but text they become
        missing, too; such a column gets a dtype that holds missing values.
    columns : list of str or int, default=None
        The columns to work on; the others pass through. None takes all.

    Attributes
    ----------
    n_kept_ : list of int
        How many categories are kept in each of the columns worked on.
    columns_ : list
        Names of the columns worked on.
    n_features_in_ : int
        Number of columns seen during :meth:`fit`.
    feature_names_in_ : ndarray of shape (n_features_in_,)
        Their names, if X has names that are all text.

    See Also
    --------
    HierarchyGeneralizer : Make categories coarser that belong together.
    TopBottomCoder : Do the same for extreme numbers.

    Notes
    -----
    :meth:`fit` warns if the group itself has fewer rows than a category must have.
    A categorical column of text has the kept categories and the group as its
    categories, in any part of a table.

    **Protects against** finding somebody by a category that few people share.
    **Does not protect against** finding somebody by several columns together:
    measure :func:`skanon.metrics.k_anonymity`.
    **Remembers** the frequent categories, not the rare ones.

    Examples
    --------
    >>> from skanon import RareCategoryGrouper
    >>> grouper = RareCategoryGrouper(min_count=2)
    >>> X = [["baker"], ["bishop"], ["baker"], ["queen"]]
    >>> grouper.fit(X).transform([["queen"], ["baker"], ["clown"]])
    array([['other'],
           ['baker'],
           ['other']], dtype=object)
    """

    _keeps_unused: ClassVar[bool] = True

    _parameter_constraints: ClassVar[dict[str, Any]] = {
        **ColumnwiseTransformer._parameter_constraints,
        "min_count": [Interval(Integral, 1, None, closed="left"), None],
        "min_frequency": [Interval(Real, 0, 1, closed="neither"), None],
        "group_label": [str, None],
    }

    def __init__(
        self,
        *,
        min_count: int | None = None,
        min_frequency: float | None = None,
        group_label: str | None = "other",
        columns: Sequence[str | int] | None = None,
    ) -> None:
        self.min_count = min_count
        self.min_frequency = min_frequency
        self.group_label = group_label
        self.columns = columns

    @fit_context(prefer_skip_nested_validation=True)
    def fit(
        self, X: Table, y: ArrayLike = None, sample_weight: ArrayLike = None
    ) -> Self:
        """Learn which categories of each column are frequent.

        Parameters
        ----------
        X : DataFrame, Table or array-like of shape (n_samples, n_features)
            The table. Missing values are allowed.
        y : None
            Ignored; present for scikit-learn's sake.
        sample_weight : array-like of shape (n_samples,), default=None
            How often each row counts.

        Returns
        -------
        self
            The fitted estimator.

        Raises
        ------
        ColumnTypeError
            If a column holds bytes, which have no text; so does :meth:`transform`.
        ValueError
            If both ``min_count`` and ``min_frequency`` are given.

        Warns
        -----
        PrivacyWarning
            If the group has fewer rows than a category must have.
        """
        return self._fit(X, sample_weight)

    def _start_fit(self, names: list[str]) -> None:
        if self.min_count is not None and self.min_frequency is not None:
            raise ValueError(
                f"{type(self).__name__} takes one of 'min_count' and 'min_frequency', "
                "not both."
            )

    def _fit_column(
        self, column: pa.Array, name: str, weights: Weights
    ) -> dict[str, Any]:
        check_findable(column.type, name=name)
        texts, counts = count_values(column, weights)
        least = self.min_count if self.min_count is not None else DEFAULT_COUNT
        if self.min_frequency is not None:
            least = self.min_frequency * counts.sum()
        is_rare = (counts < least * (1 - ROUNDING)) | (counts == 0)
        has_text = is_text(value_type(column.type))
        if has_text and self.group_label is not None:
            _warn_of_small_group(counts[is_rare].sum(), least, name)
        kept = texts.filter(pa.array(~is_rare)).to_pylist()
        return {"kept": kept, "group_label": self.group_label, "has_text": has_text}

    def _finish_fit(self, states: list[dict[str, Any]]) -> list[Any]:
        self.n_kept_ = [len(state["kept"]) for state in states]
        return states

    def _transform_column(
        self, column: pa.Array, name: str, state: Mapping[str, Any]
    ) -> pa.Array:
        check_findable(column.type, name=name)
        kept = pa.array(state["kept"], pa.large_string())
        if pa.types.is_null(column.type) and state["has_text"]:
            column = column.cast(pa.large_string())
        if is_text(column.type):
            return _grouped(column, kept, state["group_label"])
        return pc.if_else(are_among(column, kept), column, None)

    def _makes_missing(self, state: Any) -> bool:
        return True  # numbers that are rare


def _grouped(column: pa.Array, kept: pa.Array, label: str | None) -> pa.Array:
    """Return each text by its position among those that are kept and their group."""
    found = find_values(column, kept)
    if label is None:
        return pa.DictionaryArray.from_arrays(found, kept)
    group = pc.index(kept, label).as_py()
    if group < 0:
        group, kept = len(kept), pa.concat_arrays([kept, pa.array([label], kept.type)])
    codes = found.fill_null(group)
    if column.null_count:
        codes = pc.if_else(column.is_valid(), codes, None)
    return pa.DictionaryArray.from_arrays(codes, kept)


def _warn_of_small_group(count: float, least: float, name: str) -> None:
    if 0 < count < least * (1 - ROUNDING):
        warn_of_privacy(
            f"Column {name!r}: the group of rare categories has fewer rows than a "
            "category needs. Raise 'min_count' or 'min_frequency', or make rare ones "
            "missing with group_label=None."
        )
