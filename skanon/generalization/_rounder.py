"""Numbers rounded to multiples of a base, at random or to the nearest."""

from collections.abc import Callable, Sequence
from numbers import Real
from typing import Any, ClassVar, Self, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from skanon._base import TableTransformer
from skanon._compat import Interval, StrOptions, fit_context
from skanon._draws import Draws
from skanon._frames import Frame, OutputColumn
from skanon._intervals import Numbers, grid_edges, missing_numbers, read_numbers
from skanon.typing import ArrayLike, Table

__all__ = ["Rounder"]

AnyNumbers: TypeAlias = npt.NDArray[Any]

#: Numbers rounded at a time, so that scratch memory stays in the cache.
CHUNK = 16_384

#: From here on floats are whole, and not each whole number is one.
EXACT = 2.0**53


class Rounder(TableTransformer):
    """Round numbers to multiples of a base.

    At random, a number becomes one of its two neighbours, the nearer one more often:
    in expectation it is the number itself, so that sums and means stay right.

    Parameters
    ----------
    base : float, default=5
        Numbers become multiples of it.
    method : {"random", "nearest"}, default="random"
        "random" draws anew for each number and in each :meth:`transform`; "nearest"
        gives the same multiple each time, halves go up.
    columns : list of str or int, default=None
        The columns to work on; the others pass through. None takes all.
    random_state : int or RandomState, default=None
        None draws anew each time, keyed by the operating system's entropy. A seed makes
        the draws repeatable; whoever guesses it can tell how each number was rounded:
        for tests only.

    Attributes
    ----------
    columns_ : list
        Names of the columns worked on.
    n_features_in_ : int
        Number of columns seen during :meth:`fit`.
    feature_names_in_ : ndarray of shape (n_features_in_,)
        Their names, if X has names that are all text.

    See Also
    --------
    NumericGeneralizer : Replace numbers by the interval they lie in.
    NoiseAdder : Add noise to numbers.

    Notes
    -----
    With r the rest of x above the multiple x - r, x becomes x - r + base with
    probability r / base, else x - r. The mean is x; the variance r (base - r) is at
    most base² / 4. Multiples stay as they are.

    Whole numbers stay whole, if the base is; where one of the two multiples is beyond
    their type, they become the other. Infinite numbers stay, and so do floats that are
    so large that they lie farther apart than the base.

    **Protects against** reading an exact number off a table, such as a small count.
    **Does not protect against** knowing the number up to the base, nor at random
    against averaging many transforms of one number: publish only one.
    **Remembers** nothing of the data.

    References
    ----------
    L. H. Cox: A constructive procedure for unbiased controlled rounding. Journal of
    the American Statistical Association 82 (1987).

    Examples
    --------
    >>> from skanon import Rounder
    >>> counts = [[3], [4], [12], [20]]
    >>> Rounder(base=5, method="nearest").fit_transform(counts)
    array([[ 5],
           [ 5],
           [10],
           [20]])
    >>> Rounder(base=5, random_state=0).fit_transform(counts)
    array([[ 5],
           [ 0],
           [10],
           [20]])
    """

    _parameter_constraints: ClassVar[dict[str, Any]] = {
        **TableTransformer._parameter_constraints,
        "base": [Interval(Real, 0, None, closed="neither")],
        "method": [StrOptions({"random", "nearest"})],
        "random_state": ["random_state"],
    }

    def __init__(
        self,
        *,
        base: float = 5,
        method: str = "random",
        columns: Sequence[str | int] | None = None,
        random_state: int | np.random.RandomState | None = None,
    ) -> None:
        self.base = base
        self.method = method
        self.columns = columns
        self.random_state = random_state

    @fit_context(prefer_skip_nested_validation=True)
    def fit(self, X: Table, y: ArrayLike = None) -> Self:
        """Check the columns; nothing is learned from their values.

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

        Raises
        ------
        ColumnTypeError
            If a column is not one of numbers; so does :meth:`transform`.
        """
        frame, _, _ = self._start(X, None)
        self._base, self._method = self.base, self.method
        for position, name in zip(self._positions, self.columns_, strict=True):
            _numeric(self._column(frame, position), str(name), type(self).__name__)
        return self

    def _transform_frame(self, frame: Frame) -> list[OutputColumn]:
        draws = Draws(self.random_state) if self._method == "random" else None
        rounded = {}
        for position in self._positions:
            column, name = self._column(frame, position), str(frame.names[position])
            column = _numeric(column, name, type(self).__name__)
            rounded[position] = _rounded(column, self._base, draws)
        return frame.columns_with(rounded)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.non_deterministic = self.method == "random"
        return tags


def _numeric(column: pa.Array, name: str, owner: str) -> pa.Array:
    """Return a column of numbers, not of categories."""
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    read_numbers(column.slice(0, 0), owner=owner, name=name)
    return column


def _rounded(column: pa.Array, base: float, draws: Draws | None) -> pa.Array:
    kind = pa.uint64() if pa.types.is_uint64(column.type) else pa.int64()
    is_whole = float(base).is_integer() and base <= np.iinfo(np.int64).max
    if pa.types.is_integer(column.type) and is_whole:
        values = column.cast(kind).fill_null(0).to_numpy()
        out = _by_chunks(_rounded_integers, values, int(base), draws)
        missing = None
        if column.null_count:
            missing = column.is_null().to_numpy(zero_copy_only=False)
        return pa.array(out, mask=missing)
    numbers = read_numbers(column, owner="Rounder")
    out = _by_chunks(_rounded_floats, numbers, base, draws)
    return pa.array(out, mask=missing_numbers(numbers))


def _by_chunks(
    function: Callable[..., AnyNumbers],
    values: AnyNumbers,
    base: float,
    draws: Draws | None,
) -> AnyNumbers:
    out = np.empty_like(values)
    for start in range(0, len(values), CHUNK):
        rows = slice(start, start + CHUNK)
        out[rows] = function(values[rows], base, draws)
    return out


def _rounded_integers(values: AnyNumbers, base: int, draws: Draws | None) -> AnyNumbers:
    rests = values - values // base * base
    gaps = base - rests
    if draws is None:
        up = rests >= gaps
    else:
        up = draws.uniform(len(values)) * base < rests
    limits = np.iinfo(values.dtype)
    up &= values <= limits.max - gaps
    up |= values < limits.min + rests
    return np.asarray(np.where(up, values + gaps, values - rests))


def _rounded_floats(numbers: Numbers, base: float, draws: Draws | None) -> Numbers:
    """Go to the nearest multiple, and from there perhaps on to the one beyond."""
    with np.errstate(over="ignore", invalid="ignore"):
        cells = np.rint(numbers / base) + 0.0
        multiples = grid_edges(cells, base)
        rests = numbers - multiples
        if draws is None:
            steps = (rests >= base / 2).astype(np.float64) - (rests < -base / 2)
        else:
            leaves = draws.uniform(len(numbers)) * base < np.abs(rests)
            steps = np.where(leaves, np.sign(rests), 0.0)
        moved = np.flatnonzero(steps)
        multiples[moved] = grid_edges(cells[moved] + steps[moved], base)
    # What is so large that floats lie farther apart than the base is left alone.
    has_room = (np.abs(cells) < EXACT) & np.isfinite(multiples)
    return np.where(has_room, multiples, numbers)
