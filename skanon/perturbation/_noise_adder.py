"""Noise: a random number is added to each value."""

from collections.abc import Sequence
from numbers import Real
from typing import Any, ClassVar, Self

import numpy as np
import pyarrow as pa

from skanon._base import TableTransformer
from skanon._compat import Interval, StrOptions, fit_context
from skanon._draws import Draws
from skanon._frames import Frame, OutputColumn
from skanon.perturbation._moments import correlations, moments
from skanon.perturbation._noise_warnings import (
    warn_of_constants,
    warn_of_limits,
    warn_of_new_values,
    warn_of_rounding,
)
from skanon.perturbation._numbers import (
    LARGEST,
    Floats,
    Unit,
    read_columns,
    units_of,
    write_columns,
)
from skanon.typing import ArrayLike, Table

__all__ = ["NoiseAdder"]


class NoiseAdder(TableTransformer):
    """Add normally distributed noise to each number.

    Each value moves by a random amount, so that none can be trusted, while means and
    (with ``method="correlated"``) covariances of many rows still can.

    Parameters
    ----------
    method : {"additive", "correlated"}, default="additive"
        "additive" adds independent noise to each column, which makes columns wider and
        hides how they go together: a variance grows by the factor 1 + ``scale``².
        "correlated" draws the noise of a row with the covariances of the columns, and
        draws the row towards the mean before, so that means, variances and covariances
        are kept, in expectation.
    scale : float, default=0.5
        The standard deviation of the noise, in those of each column as seen in
        :meth:`fit`. Above 0; with "correlated" at most 1, which leaves nothing of the
        row but its noise.
    columns : list of str or int, default=None
        The columns to work on, of numbers, dates or durations; the others pass
        through. None takes all.
    random_state : int or RandomState, default=None
        None draws anew each time, keyed by the operating system's entropy. An int makes
        each :meth:`transform` draw the same, while a RandomState goes on: whoever
        knows or guesses either can take the noise off again. For tests only.

    Attributes
    ----------
    columns_ : list
        Names of the columns worked on.
    noise_scale_ : ndarray of shape (n_columns,)
        The standard deviation of the noise of each column; that of dates in the
        unit that they were fitted in.
    n_features_in_ : int
        Number of columns seen during :meth:`fit`.
    feature_names_in_ : ndarray of shape (n_features_in_,)
        Their names, if X has names that are all text.

    See Also
    --------
    Microaggregator : Replace numbers by the average of a group.
    RankSwapper : Exchange values of nearly the same rank.
    PRAM : Replace categories at random.

    Notes
    -----
    A row x becomes x + s e ("additive"), or m + √(1 - s²) (x - m) + s e ("correlated"),
    where s is the scale, m the mean, and e is drawn anew for each row: with the
    variances of the columns, or with their covariances as well, taken from the fitted
    rows that have all columns.

    Whole numbers and dates without a time of day stay such: they are rounded after the
    noise is added, so noise that is small beside a whole number leaves many of them as
    they are; :meth:`fit` warns where that is most of them. What noise would take beyond
    the column's type becomes the type's last number: where many values are near its
    ends, as all booleans are, mean and variance are kept only roughly, of which
    :meth:`fit` warns too. Missing values stay missing.

    **Protects against** reading an exact value off a row.
    **Does not protect against** learning about what a value is; nor against
    averaging, if the same rows are given away several times or have many columns that
    tell the same; nor against recognising an outlier, who stays one. This is no
    differential privacy: noise here has no bound that holds for every row.
    **Remembers** the mean and standard deviation of each column; with "correlated"
    also the covariances.

    References
    ----------
    J. J. Kim: A method for limiting disclosure in microdata based on random noise and
    transformation. Proceedings of the Section on Survey Research Methods, American
    Statistical Association (1986).

    R. Brand: Microdata protection through noise addition. Inference Control in
    Statistical Databases (2002).

    Examples
    --------
    >>> from skanon import NoiseAdder
    >>> incomes = [[1500.0], [1900.0], [1700.0], [4000.0], [5000.0]]
    >>> NoiseAdder(scale=0.1, random_state=0).fit_transform(incomes).round()
    array([[1357.],
           [1829.],
           [1620.],
           [3954.],
           [4688.]])
    """

    _parameter_constraints: ClassVar[dict[str, Any]] = {
        **TableTransformer._parameter_constraints,
        "method": [StrOptions({"additive", "correlated"})],
        "scale": [Interval(Real, 0, None, closed="neither")],
        "random_state": ["random_state"],
    }

    def __init__(
        self,
        *,
        method: str = "additive",
        scale: float = 0.5,
        columns: Sequence[str | int] | None = None,
        random_state: int | np.random.RandomState | None = None,
    ) -> None:
        self.method = method
        self.scale = scale
        self.columns = columns
        self.random_state = random_state

    @fit_context(prefer_skip_nested_validation=True)
    def fit(
        self, X: Table, y: ArrayLike = None, sample_weight: ArrayLike = None
    ) -> Self:
        """Learn how wide each column is.

        Parameters
        ----------
        X : DataFrame, Table or array-like of shape (n_samples, n_features)
            The table. Missing values are allowed.
        y : None
            Ignored; present for scikit-learn's sake.
        sample_weight : array-like of shape (n_samples,), default=None
            How many records each row stands for; None counts each once.

        Returns
        -------
        self
            The fitted estimator.

        Raises
        ------
        ColumnTypeError
            If a column holds no numbers, dates or durations; then so does
            :meth:`transform`, also if it holds others than were fitted.
        ValueError
            If there are fewer than two rows, or with ``method="correlated"`` fewer
            than two without missing values; if ``scale`` is above 1 there; if a number
            is infinite or beyond 1e290.

        Warns
        -----
        PrivacyWarning
            If a column has one value in all rows and so gets no noise, or if rounding
            leaves most of its values as they are.
        UserWarning
            If noise takes values beyond what the type of a column holds.
        """
        _check_scale(self.scale, self.method)
        frame, seen, weights = self._start(X, sample_weight)
        values, kinds = self._numbers(frame)
        self._units = units_of(values, kinds)
        values = values if seen is None else values[np.asarray(seen)]
        counts = np.ones(len(values)) if weights is None else weights
        _check_size(len(values), counts.sum())
        self._center, deviations = moments(values, counts)
        self.noise_scale_ = _noise_scale(self.scale, deviations, self.columns_)
        self._correlations = _noise_correlations(values, counts, self.method)
        self._is_empty = np.asarray(np.isnan(values).all(axis=0))
        warn_of_constants(deviations, self._is_empty, self.columns_)
        steps = [per_day if are_days else 1 for _, per_day, are_days in self._units]
        warn_of_rounding(kinds, self.noise_scale_ / steps, self.columns_)
        widths = deviations
        if self.method == "additive":
            widths = np.hypot(deviations, self.noise_scale_)
        warn_of_limits(kinds, self._center, widths, self.columns_)
        return self

    def _transform_frame(self, frame: Frame) -> list[OutputColumn]:
        values, kinds = self._numbers(frame, self._units)
        warn_of_new_values(values, self._is_empty, self.columns_)
        noise = Draws(self.random_state).normal(values.size)
        noise = noise.reshape(values.shape, order="F")
        if self._correlations is not None:
            noise = noise @ _root(self._correlations)
            values -= self._center
            values *= np.sqrt(1.0 - self.scale**2)
            values += self._center
        noise *= self.noise_scale_
        noise += values
        return write_columns(frame, self._positions, noise, kinds, self._units)

    def _numbers(
        self, frame: Frame, units: Sequence[Unit] | None = None
    ) -> tuple[Floats, list[pa.DataType]]:
        owner = type(self).__name__
        return read_columns(frame, self._positions, owner=owner, units=units)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.non_deterministic = True
        return tags


def _check_scale(scale: float, method: str) -> None:
    if method == "correlated" and scale > 1:
        raise ValueError(
            f"scale={scale} is above 1, the whole of a row's variance, which "
            "method='correlated' keeps. Choose a smaller 'scale', or "
            "method='additive'."
        )


def _check_size(n_rows: int, n_records: float) -> None:
    if n_records < 2:
        raise ValueError(
            f"X has n_samples={n_rows}, too few to tell how large noise must be. Fit "
            "NoiseAdder on 2 rows at least."
        )


def _noise_scale(scale: float, deviations: Floats, names: list[Any]) -> Floats:
    with np.errstate(over="ignore"):
        noise_scale = scale * deviations
    too_large = np.flatnonzero(noise_scale > LARGEST)
    if len(too_large):
        raise ValueError(
            f"scale={scale} makes the noise of column {names[too_large[0]]!r} larger "
            f"than {LARGEST:g}. Choose a smaller 'scale'."
        )
    return noise_scale


def _noise_correlations(values: Floats, counts: Floats, method: str) -> Floats | None:
    """Return the correlations of the rows that have all columns; None if not needed.

    A column without any value counts as one of zeros.
    """
    if method == "additive":
        return None
    missing = np.isnan(values)
    if not missing.any():
        return correlations(values, counts)
    is_empty = missing.all(axis=0)
    complete = ~(missing & ~is_empty).any(axis=1)
    n_complete = counts[complete].sum()
    if n_complete < 2:
        raise ValueError(
            f"{n_complete:g} rows of X have no missing value; method='correlated' "
            "learns covariances from such rows. Fill in missing values first, or "
            "choose fewer 'columns'."
        )
    return correlations(np.where(is_empty, 0.0, values)[complete], counts[complete])


def _root(matrix: Floats) -> Floats:
    """Return R with RᵀR the matrix, which may be singular."""
    variances, directions = np.linalg.eigh(matrix)
    # What is left of a variance of 0 is rounding, which the root would magnify.
    variances[variances < len(matrix) * np.finfo(np.float64).eps * 2] = 0.0
    return np.asarray(np.sqrt(variances)[:, np.newaxis] * directions.T)
