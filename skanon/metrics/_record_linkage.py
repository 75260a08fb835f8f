"""Finding the original of a masked record by its numbers."""

from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.spatial import KDTree

from skanon._validation import check_weights, check_word
from skanon.metrics._numeric_tables import read_numeric_tables, standard_deviation
from skanon.metrics._reading import check_fraction
from skanon.typing import ArrayLike, Table

__all__ = ["record_linkage_risk"]

Floats = npt.NDArray[np.float64]

#: Originals whose distances differ by less than this share are equally near.
SAME_DISTANCE = 1e-9

#: Distances are looked at in blocks of this many.
MAX_CELLS = 2**22


def record_linkage_risk(
    X: Table,
    X_masked: Table,
    *,
    columns: Any = None,
    method: str = "interval",
    tolerance: float = 0.05,
    sample_weight: ArrayLike = None,
) -> float:
    """Return the share of masked records that lead back to their originals.

    The attacker knows the original numbers and looks for them in the masked table.

    Parameters
    ----------
    X : DataFrame, Table or array-like of shape (n_samples, n_features)
        The original table.
    X_masked : DataFrame, Table or array-like of shape (n_samples, n_features)
        The masked table: the same rows in the same order, the same columns.
    columns : list of str or int, default=None
        The columns that the attacker knows, all numbers; None for all.
    method : {"interval", "nearest"}, default="interval"
        Whether an original has to lie within a distance in each column (known as
        dRisk), or to be the nearest of all.
    tolerance : float, default=0.05
        For "interval": the distance, in standard deviations of the masked column.
    sample_weight : array-like of shape (n_samples,), default=None
        How many records each row stands for.

    Returns
    -------
    float
        The share, in [0, 1].

    Raises
    ------
    ColumnError, ColumnTypeError
        If a column is not in both tables or holds no numbers.
    ValueError
        If the tables have different numbers of rows, or a parameter is out of range.

    See Also
    --------
    il1s : How far masking moved the numbers.
    prosecutor_risk : The risk from categories.

    Notes
    -----
    **interval**: the share of records with abs(x - x') ≤ tolerance · sd(x') in all
    columns. Cells missing in either table are passed over; a record with no other
    cell is not found.

    **nearest**: each masked record is linked to the original that is nearest after
    each column was divided by the originals' standard deviation; a record that ties
    with others counts as its share of them. Missing cells are not allowed.

    References
    ----------
    J. M. Mateo-Sanz, F. Sebé, J. Domingo-Ferrer, "Outlier protection in continuous
    microdata masking", Privacy in Statistical Databases, LNCS 3050, 2004.

    Examples
    --------
    >>> from skanon.metrics import record_linkage_risk
    >>> X = [[20.0], [40.0], [60.0], [80.0]]
    >>> X_masked = [[30.0], [30.0], [60.0], [80.0]]
    >>> record_linkage_risk(X, X_masked)
    0.5
    >>> record_linkage_risk(X, X_masked, method="nearest")
    0.75
    """
    check_word(method, ("interval", "nearest"), "method", "record_linkage_risk")
    x, masked = read_numeric_tables(X, X_masked, columns, owner="record_linkage_risk")
    counts = check_weights(sample_weight, len(x))
    if method == "interval":
        share = check_fraction(tolerance, "tolerance", "record_linkage_risk")
        chances = _in_reach(x, masked, counts, share)
    else:
        chances = _nearest(x, masked, counts)
    return float(chances @ counts / counts.sum())


def _in_reach(x: Floats, masked: Floats, counts: Floats, tolerance: float) -> Floats:
    reach = tolerance * standard_deviation(masked, counts)
    known = ~(np.isnan(x) | np.isnan(masked))
    with np.errstate(invalid="ignore"):
        # as two comparisons, since the difference may round past the reach
        inside = (x >= masked - reach) & (x <= masked + reach)
    found: Floats = ((inside | ~known).all(axis=1) & known.any(axis=1)).astype(float)
    return found


def _nearest(x: Floats, masked: Floats, counts: Floats) -> Floats:
    """Return the chance that each masked record is linked to its own original."""
    if np.isnan(x).any() or np.isnan(masked).any():
        raise ValueError(
            "method='nearest' of record_linkage_risk cannot measure the distance to "
            "missing values. Leave out their rows or columns, or use "
            "method='interval'."
        )
    is_here = counts > 0
    scale = standard_deviation(x, counts)
    scale[scale == 0] = 1
    originals, kept = x[is_here] / scale, counts[is_here]
    distinct, place = np.unique(originals, axis=0, return_inverse=True)
    records = np.bincount(place.ravel(), kept)
    tree, wanted = KDTree(distinct), masked[is_here] / scale
    nearest = tree.query(wanted)[0]
    limit = nearest * (1 + SAME_DISTANCE) + np.finfo(float).tiny
    own = np.sqrt(((wanted - originals) ** 2).sum(axis=1))
    linked = np.flatnonzero(own <= limit)
    chances = np.zeros(len(x))
    if not len(linked):
        return chances
    rivals = _rivals(tree, wanted[linked], limit[linked], records)
    chances[np.flatnonzero(is_here)[linked]] = 1 / rivals
    return chances


def _rivals(
    tree: KDTree, points: Floats, limit: Floats, records: npt.NDArray[Any]
) -> Floats:
    """Count the records at the points of the tree that are within the limit."""
    n_near = tree.query_ball_point(points, limit, return_length=True)
    n_most = int(n_near.max())
    rivals = np.empty(len(points))
    step = max(1, MAX_CELLS // n_most)
    for start in range(0, len(points), step):
        part = slice(start, start + step)
        _, place = tree.query(points[part], k=np.arange(1, n_most + 1))
        is_near = np.arange(n_most) < n_near[part, None]
        rivals[part] = np.where(is_near, records.take(place, mode="clip"), 0).sum(1)
    return rivals
