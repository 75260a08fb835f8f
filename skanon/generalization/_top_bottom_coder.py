"""Extreme numbers replaced by one number for each tail."""

from collections.abc import Sequence
from numbers import Integral, Real
from typing import Any, ClassVar, Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from skanon._base import ColumnwiseTransformer, Weights
from skanon._compat import Interval, StrOptions, fit_context
from skanon._intervals import Numbers, count_numbers, missing_numbers, read_numbers
from skanon._messages import shown, warn_of_privacy
from skanon.generalization._cut_points import round_number
from skanon.typing import ArrayLike, Table

__all__ = ["TopBottomCoder"]

#: The share of the rows below and above which the tails lie, if nobody says.
DEFAULT_QUANTILES = (0.05, 0.95)

#: How many fitted rows a tail holds if nobody says: a mean of two tells each of them
#: the other.
LEAST_ROWS = 3

#: Sums of weights, and shares such as 1 - 0.95 of them, are a little off.
ROUNDING = 1e-9


class TopBottomCoder(ColumnwiseTransformer):
    """Replace the numbers in the tails of a column by one number per tail.

    All numbers from a threshold on become the threshold itself, or the mean of the
    fitted rows there. So the oldest and the richest cannot be told apart.

    Parameters
    ----------
    top : float, default=None
        From this number on is the upper tail. None for no upper tail, unless
        ``quantiles`` says where.
    bottom : float, default=None
        Up to this number is the lower tail.
    quantiles : tuple of float, default=None
        Which shares of the fitted rows the tails begin at instead: (0.02, 0.9) puts at
        least 2 % of the rows in the lower and 10 % in the upper tail; None in place
        of a share for no such tail. (0.05, 0.95) if all three are None.
    replacement : {"threshold", "mean"}, default="threshold"
        What the numbers of a tail become.
    min_count : int, default=None
        How many fitted rows a tail holds at least. A threshold beyond which there are
        fewer is moved inward; where there is no row at all, it stays. None is 3 for
        ``quantiles``, and leaves ``top`` and ``bottom`` where they are.
    columns : list of str or int, default=None
        The columns to work on; the others pass through. None takes all.

    Attributes
    ----------
    thresholds_ : ndarray of shape (n_columns, 2)
        Where the tails of each of the columns worked on begin: the lower and the
        upper one; infinite for no tail.
    columns_ : list
        Names of the columns worked on.
    n_features_in_ : int
        Number of columns seen during :meth:`fit`.
    feature_names_in_ : ndarray of shape (n_features_in_,)
        Their names, if X has names that are all text.

    See Also
    --------
    NumericGeneralizer : Make all numbers coarser.
    RareCategoryGrouper : Do the same for rare categories.

    Notes
    -----
    :meth:`fit` warns if "mean" is that of one or two rows beyond a threshold that was
    given, unless ``min_count`` allows it.

    Whole numbers stay whole, if the threshold is. A column without any value in
    :meth:`fit` has no quantiles; all its later values become missing.

    **Protects against** finding somebody by an extreme number, such as the age of
    the oldest.
    **Does not protect against** finding somebody by a number between the
    thresholds; nor somebody who is alone beyond one that was given.
    **Remembers** the thresholds, and with "mean" the means of the tails. A threshold
    that is learned is the roundest number that divides the rows as wanted, so that it
    is a number of the column only where numbers lie close.

    Examples
    --------
    >>> from skanon import TopBottomCoder
    >>> ages = [[34], [52], [88], [91], [104]]
    >>> TopBottomCoder(top=90).fit(ages).transform([[34], [97]])
    array([[34],
           [90]])
    >>> TopBottomCoder(top=90, replacement="mean", min_count=3).fit_transform(ages)
    array([[34.        ],
           [52.        ],
           [94.33333333],
           [94.33333333],
           [94.33333333]])
    """

    _parameter_constraints: ClassVar[dict[str, Any]] = {
        **ColumnwiseTransformer._parameter_constraints,
        "top": [Real, None],
        "bottom": [Real, None],
        "quantiles": [list, tuple, None],
        "replacement": [StrOptions({"threshold", "mean"})],
        "min_count": [Interval(Integral, 1, None, closed="left"), None],
    }

    def __init__(
        self,
        *,
        top: float | None = None,
        bottom: float | None = None,
        quantiles: tuple[float | None, float | None] | None = None,
        replacement: str = "threshold",
        min_count: int | None = None,
        columns: Sequence[str | int] | None = None,
    ) -> None:
        self.top = top
        self.bottom = bottom
        self.quantiles = quantiles
        self.replacement = replacement
        self.min_count = min_count
        self.columns = columns

    @fit_context(prefer_skip_nested_validation=True)
    def fit(
        self, X: Table, y: ArrayLike = None, sample_weight: ArrayLike = None
    ) -> Self:
        """Learn where the tails of each column begin.

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
            If parameters contradict each other, or a column has too few rows for its
            tails.

        Warns
        -----
        PrivacyWarning
            If "mean" is that of one or two rows beyond a threshold that was given.
        """
        return self._fit(X, sample_weight)

    def _start_fit(self, names: list[str]) -> None:
        owner = type(self).__name__
        given = [end for end in (self.bottom, self.top) if end is not None]
        if given and self.quantiles is not None:
            raise ValueError(
                f"{owner} takes thresholds ('top', 'bottom') or 'quantiles', not both."
            )
        if not np.isfinite(given).all() or given != sorted(set(given)):
            raise ValueError(
                f"The thresholds of {owner} must be finite, 'bottom' below 'top'; got "
                f"bottom={self.bottom} and top={self.top}."
            )
        self._shares = (None, None) if given else _tail_shares(self.quantiles, owner)
        default = 0 if given else LEAST_ROWS
        self._least = default if self.min_count is None else self.min_count

    def _fit_column(
        self, column: pa.Array, name: str, weights: Weights
    ) -> dict[str, Any]:
        numbers = read_numbers(column, owner=type(self).__name__, name=name)
        values, counts = count_numbers(numbers, weights)
        low, high = self._shares
        bottom = None if self.bottom is None else -self.bottom
        # The lower tail is the upper one of the negative numbers.
        tails = (-values[::-1], counts[::-1]), (values, counts)
        try:
            lower = _start(*tails[0], bottom, low, self._least)
            upper = _start(*tails[1], self.top, high, self._least)
            _check_apart(-lower, upper, self._least)
        except ValueError as error:
            raise ValueError(f"Column {name!r} {error}") from None
        if -lower < upper:
            lower = lower if lower == bottom else _rounded(tails[0][0], lower)
            upper = upper if upper == self.top else _rounded(tails[1][0], upper)
        ends, means = [-lower, upper], None
        if self.replacement == "mean":
            means = [-_mean(*tails[0], lower), _mean(*tails[1], upper)]
            if self.min_count is None:
                _warn_of_few(*tails[0], lower, f"lower tail of column {name!r}")
                _warn_of_few(*tails[1], upper, f"upper tail of column {name!r}")
        return {"ends": ends, "means": means}

    def _finish_fit(self, states: list[dict[str, Any]]) -> list[Any]:
        ends = [state["ends"] for state in states]
        self.thresholds_ = np.array(ends, np.float64).reshape(-1, 2)
        del self._shares, self._least
        return states

    def _transform_column(
        self, column: pa.Array, name: str, state: dict[str, Any]
    ) -> pa.Array:
        ends, means = state["ends"], state["means"]
        if pa.types.is_integer(column.type) and means is None:
            kind = pa.uint64() if pa.types.is_uint64(column.type) else pa.int64()
            if _holds(kind, *ends):
                return _clipped(column.cast(kind), *ends)
        numbers = read_numbers(column, owner=type(self).__name__, name=name)
        if np.isnan(ends).any():
            return pa.nulls(len(column), pa.float64())
        out = np.clip(numbers, *ends)
        if means is not None:
            out[numbers <= ends[0]] = means[0]
            out[numbers >= ends[1]] = means[1]
        return pa.array(out, mask=missing_numbers(numbers))


def _tail_shares(quantiles: Any, owner: str) -> tuple[float | None, float | None]:
    """Return which share of the rows lies in the lower tail and in the upper one."""
    low, high = DEFAULT_QUANTILES if quantiles is None else _pair(quantiles, owner)
    given = [share for share in (low, high) if share is not None]
    in_range = all(
        isinstance(share, float | np.floating) and 0 < share < 1 for share in given
    )
    if not given or not in_range or given != sorted(set(given)):
        raise ValueError(
            f"The 'quantiles' of {owner} must be two shares between 0 and 1, the lower "
            f"one first, or None for one of them; got {shown(quantiles)}."
        )
    return low, None if high is None else 1 - high


def _pair(quantiles: Any, owner: str) -> tuple[Any, Any]:
    if len(quantiles) != 2:
        raise ValueError(
            f"The 'quantiles' of {owner} must be two, of the lower and the upper tail; "
            f"got {len(quantiles)}."
        )
    return quantiles[0], quantiles[1]


def _start(
    values: Numbers,
    counts: Numbers,
    threshold: float | None,
    share: float | None,
    min_count: int,
) -> float:
    """Return from which number on the upper tail is.

    Parameters
    ----------
    values, counts : ndarray of shape (n_values,)
        The distinct numbers in increasing order, and how often each occurs.
    threshold, share : float or None
        Where the tail is to begin, or how much it is to hold; None and None for no
        tail.
    min_count : int
        How many rows it holds at least, if any.
    """
    if threshold is not None:
        count = counts[values >= threshold].sum()
        if not 0 < count < min_count * (1 - ROUNDING):
            return float(threshold)
        return _reached(values, counts, min_count, min_count)
    if share is None:
        return np.inf
    if not len(values):
        return np.nan
    wanted = max(share * counts.sum(), min_count)
    return _reached(values, counts, wanted, min_count)


def _reached(values: Numbers, counts: Numbers, wanted: float, min_count: int) -> float:
    """Return the largest value that so many rows reach."""
    from_here = np.cumsum(counts[::-1])[::-1]
    enough = from_here >= wanted * (1 - ROUNDING)
    position = int(np.count_nonzero(enough)) - 1
    if position < 0:
        raise ValueError(
            f"has values in n_samples={from_here[0]:g} rows, fewer than "
            f"min_count={min_count}, which each tail must hold. Fit more rows or lower "
            "'min_count'."
        )
    return float(values[position])


def _rounded(values: Numbers, start: float) -> float:
    """Return a round number from which on there are the same values."""
    position = int(np.searchsorted(values, start))
    if position == 0 or not np.isfinite(start):
        return start
    return round_number(float(values[position - 1]), start)


def _mean(values: Numbers, counts: Numbers, start: float) -> float:
    """Return the mean of a tail; if no row is in it, where it begins."""
    beyond = values >= start
    if not beyond.any():
        return start
    return float(np.average(values[beyond], weights=counts[beyond]))


def _warn_of_few(values: Numbers, counts: Numbers, start: float, where: str) -> None:
    count = counts[values >= start].sum()
    if 0 < count < LEAST_ROWS * (1 - ROUNDING):
        warn_of_privacy(
            f"The {where} has {count:g} row(s), so few that their mean tells them. "
            "Ask for more rows by min_count, which moves the threshold inward, or use "
            "replacement='threshold'."
        )


def _check_apart(bottom: float, top: float, min_count: int) -> None:
    if bottom > top:
        raise ValueError(
            f"has too few rows for two tails of min_count={min_count} rows each: they "
            "overlap. Fit more rows or lower 'min_count'."
        )


def _holds(kind: pa.DataType, bottom: float, top: float) -> bool:
    """Return whether an integer type holds what numbers between thresholds become."""
    limits = np.iinfo(kind.to_pandas_dtype())
    are_whole = all(np.isinf(end) or float(end).is_integer() for end in (bottom, top))
    return are_whole and bottom <= limits.max and top >= limits.min


def _clipped(column: pa.Array, bottom: float, top: float) -> pa.Array:
    """Return integers between two numbers, without a detour that loses digits."""
    kind = column.type
    limits = np.iinfo(kind.to_pandas_dtype())
    if bottom > limits.min:
        end = pa.scalar(int(bottom), kind)
        column = pc.max_element_wise(column, end, skip_nulls=False)
    if top < limits.max:
        end = pa.scalar(int(top), kind)
        column = pc.min_element_wise(column, end, skip_nulls=False)
    return column
