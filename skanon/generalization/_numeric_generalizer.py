"""Coarser numbers: the interval that a number lies in."""

from collections.abc import Mapping, Sequence
from numbers import Integral, Real
from typing import Any, ClassVar, Self

import numpy as np
import pyarrow as pa

from skanon._base import ColumnwiseTransformer, Weights
from skanon._compat import Interval, StrOptions, fit_context
from skanon._intervals import (
    Edges,
    Numbers,
    check_edges,
    count_numbers,
    interval_bounds,
    interval_codes,
    interval_ends,
    interval_labels,
    midpoints,
    missing_numbers,
    read_numbers,
)
from skanon.generalization._cut_points import (
    kmeans_edges,
    quantile_edges,
    uniform_edges,
    width_edges,
)
from skanon.typing import ArrayLike, Table

__all__ = ["NumericGeneralizer"]

#: How many intervals are made if nobody says.
DEFAULT_BINS = 5


class NumericGeneralizer(ColumnwiseTransformer):
    """Replace numbers by the interval they lie in.

    The edges of the intervals are learned in :meth:`fit` and then frozen. The first
    and the last interval are open, so a later number beyond all that was seen falls
    into one of them and cannot be told from its neighbours.

    Parameters
    ----------
    width : float, default=None
        The width of the intervals; the edges are its multiples.
    n_bins : int, default=None
        How many intervals are made, the two open ones included; 5 if ``width`` and
        ``edges`` are None too. At most one of the three is given. There are fewer only
        where the column has too few distinct numbers, or "quantile" too many rows of
        one number.
    edges : list of float, default=None
        The edges themselves, in increasing order; n of them make n + 1 intervals.
    strategy : {"uniform", "quantile", "kmeans"}, default="uniform"
        Where ``n_bins`` puts the edges: "uniform" cuts the range of the column into
        intervals of nearly one width, "quantile" makes intervals that hold nearly
        equally many rows, "kmeans" cuts between clusters.
    limits : tuple of float, default=None
        The lowest and the highest number to reckon with, for ``width`` and
        "uniform", which then makes intervals of exactly one width. None takes them
        from the column.
    output : {"midpoint", "ordinal", "label", "bounds", "interval"}, \
            default="midpoint"
        What a number is replaced by, see Notes.
    columns : list of str or int, default=None
        The columns to work on; the others pass through. None takes all.

    Attributes
    ----------
    edges_ : list of ndarray
        The edges in each of the columns worked on.
    columns_ : list
        Names of the columns worked on.
    n_features_in_ : int
        Number of columns seen during :meth:`fit`.
    feature_names_in_ : ndarray of shape (n_features_in_,)
        Their names, if X has names that are all text.

    See Also
    --------
    TopBottomCoder : Make only the extremes coarser.
    HierarchyGeneralizer : Make values coarser level by level.
    DateGeneralizer : Make dates coarser.

    Notes
    -----
    An interval has its lower edge, not its upper one. What becomes of the number 21
    with the edges 10, 20 and 30, and of 35:

    ==========  ==========  ========  ===========================================
    output      21          35
    ==========  ==========  ========  ===========================================
    "midpoint"  25.0        35.0      float64
    "ordinal"   2           3         int32, from 0 for the first interval on
    "label"     "[20, 30)"  ">=30"    text
    "bounds"    20.0, 30.0  30.0, 40  two columns, ``name_lower`` and ``name_upper``
    "interval"  [20, 30)    [30, inf) pandas Interval; elsewhere a struct
    ==========  ==========  ========  ===========================================

    For a number, an open interval is drawn as wide as its neighbour.

    Edges of "uniform" are rounded, each by up to a tenth of the width, so that they
    do not tell the lowest and the highest number: ages from 17 to 94 are cut into five
    at 32, 48, 63 and 79. Edges of "quantile" and "kmeans" are the roundest numbers that
    divide the rows as wanted, so that an edge is a value of the column only where
    values lie close.

    **Protects against** finding somebody by an exact number, such as an income.
    **Does not protect against** being the only one in an interval, unless "quantile"
    fills it; nor against an edge that lies between two people whom one knows.
    **Remembers** the edges.

    Examples
    --------
    >>> from skanon import NumericGeneralizer
    >>> ages = [[23], [37], [61], [94]]
    >>> NumericGeneralizer(width=20, output="label").fit(ages).transform([[61], [110]])
    array([['[60, 80)'],
           ['>=80']], dtype=object)
    >>> NumericGeneralizer(n_bins=2, strategy="quantile").fit(ages).edges_
    [array([50.])]
    """

    _keeps_unused: ClassVar[bool] = True

    _parameter_constraints: ClassVar[dict[str, Any]] = {
        **ColumnwiseTransformer._parameter_constraints,
        "width": [Interval(Real, 0, None, closed="neither"), None],
        "n_bins": [Interval(Integral, 1, None, closed="left"), None],
        "edges": ["array-like", None],
        "strategy": [StrOptions({"uniform", "quantile", "kmeans"})],
        "limits": ["array-like", None],
        "output": [StrOptions({"midpoint", "ordinal", "label", "bounds", "interval"})],
    }

    def __init__(
        self,
        *,
        width: float | None = None,
        n_bins: int | None = None,
        edges: Sequence[float] | None = None,
        strategy: str = "uniform",
        limits: tuple[float, float] | None = None,
        output: str = "midpoint",
        columns: Sequence[str | int] | None = None,
    ) -> None:
        self.width = width
        self.n_bins = n_bins
        self.edges = edges
        self.strategy = strategy
        self.limits = limits
        self.output = output
        self.columns = columns

    @fit_context(prefer_skip_nested_validation=True)
    def fit(
        self, X: Table, y: ArrayLike = None, sample_weight: ArrayLike = None
    ) -> Self:
        """Learn the edges of each column.

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
            If a column is not one of numbers; so does :meth:`transform`.
        ValueError
            If parameters contradict each other, or ``width`` makes too many intervals.
        """
        return self._fit(X, sample_weight)

    def _start_fit(self, names: list[str]) -> None:
        owner = type(self).__name__
        given = {"width": self.width, "n_bins": self.n_bins, "edges": self.edges}
        named = [name for name, value in given.items() if value is not None]
        if len(named) > 1:
            raise ValueError(
                f"{owner} takes one of 'width', 'n_bins' and 'edges'; got "
                f"{' and '.join(map(repr, named))}."
            )
        self._limits = None
        if self.limits is not None:
            self._limits = check_edges(self.limits, what=f"The 'limits' of {owner}")
            if len(self._limits) != 2:
                raise ValueError(
                    f"The 'limits' of {owner} must be two numbers, the lowest and the "
                    f"highest; got {len(self._limits)}."
                )

    def _fit_column(
        self, column: pa.Array, name: str, weights: Weights
    ) -> dict[str, Any]:
        numbers = read_numbers(column, owner=type(self).__name__, name=name)
        if self.edges is not None:
            edges = check_edges(
                self.edges, what=f"The 'edges' of {type(self).__name__}"
            )
            return {"edges": edges, "output": self.output}
        values, counts = count_numbers(numbers, weights)
        try:
            edges = self._learned_edges(values, counts)
        except ValueError as error:
            raise ValueError(f"Column {name!r}: {error}") from None
        return {"edges": edges, "output": self.output}

    def _learned_edges(self, values: Numbers, counts: Numbers) -> Edges:
        if not len(values):
            return np.empty(0)
        low, high = (values[0], values[-1]) if self._limits is None else self._limits
        if self.width is not None:
            return width_edges(low, high, self.width)
        n_bins = DEFAULT_BINS if self.n_bins is None else self.n_bins
        if self.strategy == "quantile":
            return quantile_edges(values, counts, n_bins)
        if self.strategy == "kmeans":
            return kmeans_edges(values, counts, n_bins)
        return uniform_edges(low, high, n_bins, exact=self._limits is not None)

    def _finish_fit(self, states: list[dict[str, Any]]) -> list[dict[str, Any]]:
        self.edges_ = [state["edges"] for state in states]
        return states

    def _transform_column(
        self, column: pa.Array, name: str, state: Mapping[str, Any]
    ) -> pa.Array:
        numbers = read_numbers(column, owner=type(self).__name__, name=name)
        codes = interval_codes(numbers, state["edges"])
        rows = pa.array(codes, mask=missing_numbers(numbers))
        outputs = _outputs(state["edges"], state["output"])
        if state["output"] == "label":
            return pa.DictionaryArray.from_arrays(rows, outputs)
        return outputs.take(rows)

    def _suffixes(self) -> tuple[str, ...]:
        return ("_lower", "_upper") if self.output == "bounds" else ("",)


def _outputs(edges: Edges, output: str) -> pa.Array:
    """Return what each interval is replaced by."""
    if output == "label":
        return pa.array(interval_labels(edges), pa.large_string())
    if output == "ordinal":
        return pa.array(np.arange(len(edges) + 1, dtype=np.int32))
    if output == "midpoint":
        return pa.array(midpoints(*interval_bounds(edges)))
    ends = interval_bounds(edges) if output == "bounds" else interval_ends(edges)
    return pa.StructArray.from_arrays(list(map(pa.array, ends)), ["left", "right"])
