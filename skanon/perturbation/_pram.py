"""PRAM: categories are replaced at random, with probabilities that are known."""

from collections.abc import Sequence
from numbers import Real
from typing import Any, ClassVar, Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from skanon._arrow import is_coded, tried, value_type
from skanon._base import TableTransformer
from skanon._compat import Interval, StrOptions, fit_context
from skanon._draws import Draws
from skanon._frames import Frame, OutputColumn
from skanon._groups import encode_sensitive
from skanon._messages import warn_of_privacy
from skanon.exceptions import ColumnTypeError, UnknownValueError
from skanon.perturbation._moments import sum_by_group
from skanon.perturbation._numbers import Floats
from skanon.typing import ArrayLike, Table

__all__ = ["PRAM"]

#: The most categories of a column: their matrix takes 8 MB.
MOST_CATEGORIES = 1000


class PRAM(TableTransformer):
    """Replace each category by another one at random (post-randomisation).

    With the probabilities known, frequencies can still be estimated from the output;
    with ``invariant`` they need not be, for they stay the same in expectation.

    Parameters
    ----------
    pd : float, default=0.8
        The probability from 0 to 1 that a category is kept, in the first of the two
        steps described below; all others are as likely as each other.
    alpha : float, default=0.5
        How much is perturbed, from 0 to 1: the share of values that the matrix is
        applied to.
    invariant : bool, default=True
        Whether the frequencies of the fitted table stay the same in expectation.
    handle_unknown : {"suppress", "error"}, default="suppress"
        What becomes of a category that :meth:`fit` did not see: a missing value, or
        an :class:`~skanon.exceptions.UnknownValueError`.
    columns : list of str or int, default=None
        The columns to work on, each of at most 1000 categories of any type; the
        others pass through. None takes all.
    random_state : int or RandomState, default=None
        None draws anew each time, keyed by the operating system's entropy. An int makes
        each :meth:`transform` draw the same, while a RandomState goes on: whoever
        knows or guesses either learns which values were kept. For tests only.

    Attributes
    ----------
    columns_ : list
        Names of the columns worked on.
    transition_matrices_ : list of ndarray of shape (n_categories, n_categories)
        For each column the probability that a category (row) becomes another one
        (column); categories are in ascending order.
    n_features_in_ : int
        Number of columns seen during :meth:`fit`.
    feature_names_in_ : ndarray of shape (n_features_in_,)
        Their names, if X has names that are all text.

    See Also
    --------
    NoiseAdder : Add noise to each number.
    Shuffler : Exchange the values of a column.

    Notes
    -----
    Let P have ``pd`` on its diagonal and (1 - ``pd``) / (m - 1) elsewhere, for m
    categories, and t be their frequencies in the fitted table. With ``invariant``, a
    second step undoes what P does to t: Q, with Q_kj = P_jk t_j / Σ_i P_ik t_i, tells
    what a category k is likely to have come from, and R = P Q has t R = t. Without it,
    R = P. The matrix fitted is ``alpha`` R + (1 - ``alpha``) I.

    Each row of a table is drawn for itself, anew in each :meth:`transform`. Missing
    values stay missing, and are no category.

    **Protects against** being sure of a row's category: any may have come from another
    one, with a probability that ``transition_matrices_`` tells.
    **Does not protect against** guessing well: most values are kept, and rare
    categories that are kept are still rare; nor against averaging, if the same rows
    are given away several times.
    **Remembers** the categories of each column, of a categorical also those that no
    row has, and, with ``invariant``, how frequent they are.

    References
    ----------
    J. M. Gouweleeuw, P. Kooiman, L. C. R. J. Willenborg, P.-P. de Wolf: Post
    randomisation for statistical disclosure control. Journal of Official Statistics
    14 (1998).

    Examples
    --------
    >>> from skanon import PRAM
    >>> import pandas as pd
    >>> X = pd.DataFrame({"smoker": ["no", "no", "yes", "no", "yes"]})
    >>> pram = PRAM(pd=0.5, alpha=1.0, random_state=1).fit(X)
    >>> pram.transform(X)["smoker"].tolist()
    ['yes', 'yes', 'no', 'yes', 'no']
    >>> pram.transition_matrices_[0].round(2)
    array([[0.6, 0.4],
           [0.6, 0.4]])
    """

    _parameter_constraints: ClassVar[dict[str, Any]] = {
        **TableTransformer._parameter_constraints,
        "pd": [Interval(Real, 0, 1, closed="both")],
        "alpha": [Interval(Real, 0, 1, closed="both")],
        "invariant": ["boolean"],
        "handle_unknown": [StrOptions({"suppress", "error"})],
        "random_state": ["random_state"],
    }

    def __init__(
        self,
        *,
        pd: float = 0.8,
        alpha: float = 0.5,
        invariant: bool = True,
        handle_unknown: str = "suppress",
        columns: Sequence[str | int] | None = None,
        random_state: int | np.random.RandomState | None = None,
    ) -> None:
        self.pd = pd
        self.alpha = alpha
        self.invariant = invariant
        self.handle_unknown = handle_unknown
        self.columns = columns
        self.random_state = random_state

    @fit_context(prefer_skip_nested_validation=True)
    def fit(
        self, X: Table, y: ArrayLike = None, sample_weight: ArrayLike = None
    ) -> Self:
        """Learn the categories and how frequent they are.

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
            If a column holds values that cannot be compared, such as lists. So does
            :meth:`transform` where a column cannot hold the fitted categories.
        ValueError
            If a column has more than 1000 categories.

        Warns
        -----
        PrivacyWarning
            If ``pd`` or ``alpha`` keep every value, or a column has one category, which
            stays as it is.
        """
        frame, seen, weights = self._start(X, sample_weight)
        _warn_of_nothing(self.pd, self.alpha)
        self._fitted, self._labels, self.transition_matrices_ = [], [], []
        for position, name in zip(self._positions, self.columns_, strict=True):
            column = self._column(frame, position)
            column = column if seen is None else column.filter(seen)
            categories, frequencies = _categories(column, weights, str(name))
            self._fitted.append(categories.to_pylist())
            # A categorical keeps categories that no row has.
            labels = column.dictionary if is_coded(column.type) else categories
            self._labels.append(labels.to_pylist())
            if column.null_count or self.handle_unknown == "suppress":
                self._nullable.append(position)
            self.transition_matrices_.append(
                _transitions(frequencies, self.pd, self.alpha, self.invariant)
            )
        _warn_of_one_category(self.transition_matrices_, self.columns_)
        return self

    def _transform_frame(self, frame: Frame) -> list[OutputColumn]:
        draws = Draws(self.random_state)
        drawn = {}
        for i, categories, labels, matrix in zip(
            self._positions,
            self._fitted,
            self._labels,
            self.transition_matrices_,
            strict=True,
        ):
            column, name = self._column(frame, i), str(frame.names[i])
            values = _as_type(categories, column.type, name)
            codes = _codes(column, values, name, self.handle_unknown)
            drawn[i] = _drawn(codes, column, values, matrix, draws)
            if is_coded(drawn[i].type):
                labels = _as_type(labels, column.type, name)
                drawn[i] = _labelled(drawn[i], labels)
        return frame.columns_with(drawn)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.non_deterministic = True
        return tags


def _warn_of_nothing(pd: float, alpha: float) -> None:
    if pd == 1 or alpha == 0:
        warn_of_privacy(
            f"PRAM with pd={pd} and alpha={alpha} keeps every value. Choose 'pd' below "
            "1 and 'alpha' above 0."
        )


def _warn_of_one_category(matrices: list[Floats], names: list[Any]) -> None:
    parts = zip(matrices, names, strict=True)
    constant = [name for matrix, name in parts if len(matrix) == 1]
    if constant:
        warn_of_privacy(
            f"Columns {constant} have one category in all fitted rows; PRAM leaves "
            "them as they are."
        )


def _categories(
    column: pa.Array, weights: Floats | None, name: str
) -> tuple[pa.Array, Floats]:
    """Return the categories in ascending order, and how often each occurs."""
    encoded = encode_sensitive(column, name=name)
    counts = np.ones(len(column)) if weights is None else weights
    frequencies = sum_by_group(encoded.codes, counts, encoded.n_codes)
    n_categories = encoded.n_codes - encoded.values.null_count
    if n_categories > MOST_CATEGORIES:
        raise ValueError(
            f"Column {name!r} has {n_categories} categories; PRAM takes at most "
            f"{MOST_CATEGORIES}. Group rare ones first, or leave it out of 'columns'."
        )
    return encoded.values[:n_categories], frequencies[:n_categories]


def _transitions(
    frequencies: Floats, pd: float, alpha: float, invariant: bool
) -> Floats:
    """Return the probabilities of becoming a category (column) from another (row)."""
    m = len(frequencies)
    moves = np.full((m, m), (1.0 - pd) / max(m - 1, 1))
    np.fill_diagonal(moves, pd if m > 1 else 1.0)
    if invariant:
        joint = moves * frequencies[:, np.newaxis]
        moves = moves @ (joint / joint.sum(axis=0)).T
    return np.asarray(alpha * moves + (1.0 - alpha) * np.eye(m))


def _as_type(categories: list[Any], kind: pa.DataType, name: str) -> pa.Array:
    """Return the fitted categories in the type of the column at hand."""
    if pa.types.is_null(value_type(kind)):  # the categories of no row tell no type
        return pa.array(categories) if is_coded(kind) else pa.nulls(0)
    kind = value_type(kind)
    array = tried(pa.array, categories, kind)
    if array is None:
        raise ColumnTypeError(
            f"Column {name!r} has Arrow type {kind}, which cannot hold the categories "
            "seen in fit. Convert it to the type that it had there."
        )
    return array


def _codes(
    column: pa.Array, categories: pa.Array, name: str, handle_unknown: str
) -> pa.Array:
    """Return the place of each value among the categories, null if it has none."""
    if pa.types.is_null(value_type(column.type)):
        codes = pa.nulls(len(column), pa.int32())
    elif is_coded(column.type):
        places = pc.index_in(column.dictionary, value_set=categories)
        codes = places.take(column.indices)
    else:
        codes = pc.index_in(column, value_set=categories)
    n_unknown = codes.null_count - column.null_count
    if n_unknown and handle_unknown == "error":
        raise UnknownValueError(
            f"{n_unknown} values of column {name!r} were not seen in fit. Fit on a "
            "table that has them, or choose handle_unknown='suppress'."
        )
    return codes


def _drawn(
    codes: pa.Array, column: pa.Array, categories: pa.Array, moves: Floats, draws: Draws
) -> pa.Array:
    """Return a category for each code, drawn by the probabilities of its row."""
    m = len(categories)
    draw = draws.uniform(len(codes))
    if m == 0:
        return pa.nulls(len(column), column.type)
    old = codes.fill_null(0).to_numpy(zero_copy_only=False)
    # Row i of the matrix lies between i and i + 1, so that one search serves all.
    bounds = moves.cumsum(axis=1)
    bounds[:, -1] = 1.0
    bounds += np.arange(m)[:, np.newaxis]
    new = np.searchsorted(bounds.ravel(), old + draw) - old * m
    missing = np.asarray(codes.is_null())
    new = pa.array(np.clip(new, 0, m - 1).astype(np.int32), mask=missing)
    if not pa.types.is_dictionary(column.type):
        return categories.take(new)
    return pa.DictionaryArray.from_arrays(new, categories, ordered=column.type.ordered)


def _labelled(column: pa.DictionaryArray, labels: pa.Array) -> pa.DictionaryArray:
    """Return a categorical with all the categories that were fitted, in their order."""
    places = pc.index_in(column.dictionary, value_set=labels)
    codes = places.take(column.indices)
    return pa.DictionaryArray.from_arrays(codes, labels, ordered=column.type.ordered)
