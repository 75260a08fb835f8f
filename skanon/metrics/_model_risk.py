"""What a log-linear model says about the unique records of a sample."""

from collections.abc import Sequence
from math import prod
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from skanon._frames import read_frame
from skanon._groups import encode_columns, group_encoded
from skanon.metrics._log_linear import fitted_means
from skanon.metrics._reading import (
    check_fraction,
    check_mask,
    check_max_size,
    check_quasi_identifiers,
    read_counts,
    read_sampling_weight,
)
from skanon.typing import ArrayLike, Table

__all__ = ["ModelRisk", "model_risk"]

Floats = npt.NDArray[np.float64]

#: Where columns depend on each other, the combinations of their values are counted in
#: a table of at most so many cells.
MAX_CELLS = 10**7


class ModelRisk(NamedTuple):
    """What an attacker finds who links the unique records of a sample.

    All are numbers of records; divided by ``sample_uniques`` they are shares.

    Parameters
    ----------
    sample_uniques : int or float
        The records that are alone in their class of the sample.
    population_uniques : float
        How many of them are expected to be alone in the population too.
    correct_matches : float
        How many of them one expects to find by guessing among all who match.

    See Also
    --------
    model_risk : Estimate it.

    Examples
    --------
    >>> from skanon.metrics import model_risk
    >>> X = [["f", 20], ["f", 20], ["f", 30], ["m", 30]]
    >>> model_risk(X, quasi_identifiers=[0, 1], sampling_fraction=0.5).sample_uniques
    2
    """

    sample_uniques: Any
    population_uniques: float
    correct_matches: float


def model_risk(
    X: Table,
    *,
    quasi_identifiers: Sequence[Any],
    sampling_fraction: float | None = None,
    sampling_weight: ArrayLike = None,
    max_size: int = 1,
    sample_weight: ArrayLike = None,
    suppressed: ArrayLike = None,
) -> ModelRisk:
    """Estimate the risk of the sample's unique records by a log-linear model.

    The model learns from all records how frequent a combination of values is, also
    where the sample holds it once.

    Parameters
    ----------
    X : DataFrame, Table or array-like of shape (n_samples, n_features)
        The table: a sample of the population.
    quasi_identifiers : list of str or int
        The columns that an attacker may know, by name or position.
    sampling_fraction : float, default=None
        Records of the table per person of the population, in (0, 1].
    sampling_weight : array-like of shape (n_samples,), default=None
        How many people of the population each record represents; give either this or
        ``sampling_fraction``.
    max_size : int, default=1
        The greatest size of a set of columns that depend on each other: 1 takes them
        all as independent, 2 lets the columns of each pair depend on each other.
    sample_weight : array-like of shape (n_samples,), default=None
        How many records of the table each row stands for.
    suppressed : array-like of bool of shape (n_samples,), default=None
        The suppressed records, which do not count. None takes the rows in which
        every quasi-identifier is missing, which is what record suppression leaves.

    Returns
    -------
    ModelRisk
        ``sample_uniques``, ``population_uniques`` and ``correct_matches``: numbers of
        records.

    Raises
    ------
    ColumnError
        If there are no quasi-identifiers, or one is not in X.
    ValueError
        If a weight or another parameter is out of its range, or if the columns have
        too many combinations of values for a ``max_size`` above 1.

    See Also
    --------
    population_uniqueness : Estimated from class sizes alone.
    individual_risk : The risk of each record, from its own class alone.

    Notes
    -----
    The number of people with a combination of values is taken as Poisson with the
    mean λ, whose logarithm is a sum of terms of the columns, and of their
    interactions of up to ``max_size`` columns. It is fitted to the weighted counts of
    the sample. A record that is unique in the sample, and was drawn with the
    probability π, is unique in the population with the probability exp(-(1 - π) λ),
    and a guess among all who match it is right with the probability
    (1 - exp(-(1 - π) λ)) / ((1 - π) λ).
    A missing value is a category of its own. Where columns depend on each other more
    than ``max_size`` allows, the risk comes out too high; where the sample has too few
    records for so many terms, too low.

    References
    ----------
    C. J. Skinner, D. J. Holmes, "Estimating the re-identification risk per record in
    microdata", J. Off. Stat. 14(4), 1998.
    C. Skinner, N. Shlomo, "Assessing identification risk in survey microdata using
    log-linear models", JASA 103(483), 2008.

    Examples
    --------
    >>> from skanon.metrics import model_risk
    >>> X = [["f", 20], ["f", 20], ["f", 30], ["m", 30]]
    >>> risk = model_risk(X, quasi_identifiers=[0, 1], sampling_fraction=0.5)
    >>> round(risk.population_uniques, 3), round(risk.correct_matches, 3)
    (0.83, 1.305)
    """
    max_size = check_max_size(max_size, "model_risk")
    frame = read_frame(X)
    positions = check_quasi_identifiers(quasi_identifiers, frame, "model_risk")
    columns = encode_columns(frame, positions)
    counts = read_counts(sample_weight, len(frame))
    represented = _represented(sampling_fraction, sampling_weight, len(frame))
    classes = group_encoded(
        columns,
        weights=counts,
        suppressed=check_mask(suppressed, len(frame), "suppressed", "model_risk"),
    )
    kept = classes.labels >= 0
    codes = [np.unique(column.codes[kept], return_inverse=True) for column in columns]
    sizes = [len(values) for values, _ in codes]
    _check_cells(sizes, max_size)
    people = represented if counts is None else represented * counts
    means = fitted_means([code for _, code in codes], sizes, people[kept], max_size)
    is_unique = classes.to_rows(classes.sizes, fill=0)[kept] <= 1
    fraction = 1 / represented[kept][is_unique]
    return ModelRisk(
        int(is_unique.sum()),
        float(chance_unique(means[is_unique], fraction).sum()),
        float(chance_match(means[is_unique], fraction).sum()),
    )


def chance_unique(mean: Floats, fraction: Floats) -> Floats:
    """Return the chance that nobody else of the population matches."""
    return np.asarray(np.exp((fraction - 1) * mean))


def chance_match(mean: Floats, fraction: Floats) -> Floats:
    """Return the expected inverse of the number of people who match."""
    others = (1 - fraction) * mean
    chance = np.divide(-np.expm1(-others), others, where=others > 0, out=1 + 0 * others)
    return np.asarray(chance)


def _represented(
    sampling_fraction: object, sampling_weight: ArrayLike, n_rows: int
) -> Floats:
    """Return how many people each row represents."""
    if (sampling_fraction is None) == (sampling_weight is None):
        raise ValueError(
            "model_risk needs either 'sampling_fraction' or 'sampling_weight', to know "
            "how many people of the population a record represents."
        )
    if sampling_fraction is None:
        return read_sampling_weight(sampling_weight, n_rows)
    share = check_fraction(sampling_fraction, "sampling_fraction", "model_risk")
    return np.full(n_rows, 1 / share)


def _check_cells(sizes: list[int], max_size: int) -> None:
    if max_size > 1 and prod(sizes) > MAX_CELLS:
        raise ValueError(
            f"The columns given to model_risk have {prod(sizes):,} combinations of "
            f"values; with max_size={max_size} at most {MAX_CELLS:,} can be fitted. "
            "Take max_size=1, fewer columns or coarser values."
        )
