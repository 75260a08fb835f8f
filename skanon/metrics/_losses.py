"""What a recoding loses: the formulas of the utility metrics.

``gs_factor`` weighs two losses, that of generalized labels and that of suppressed
records: below 0.5 suppression counts less, above it generalization does.
"""

from typing import Any, Literal

import numpy as np

from skanon._validation import check_word
from skanon.metrics._recoding import Floats, Numbers, RecodedColumn, Recoding

__all__ = [
    "AGGREGATES",
    "Aggregate",
    "aggregate_values",
    "ambiguity_of",
    "average_class_size_of",
    "discernibility_of",
    "divergence_of",
    "entropies_of",
    "entropy_based_loss_of",
    "heights_of",
    "join_columns",
    "losses_of",
    "mean_shares_of",
    "precisions_of",
    "suppression_weights",
]

Aggregate = Literal["sum", "max", "arithmetic_mean", "geometric_mean", "rank"]

AGGREGATES = ("sum", "max", "arithmetic_mean", "geometric_mean", "rank")

#: Values per column are floored to this many parts of one, so that equal losses are
#: equal whatever the order in which they were added up.
PARTS = 1e10


def suppression_weights(gs_factor: float) -> tuple[float, float]:
    """Return the weights of generalization and of suppression."""
    generalization = 1.0 if gs_factor <= 0.5 else 1 - 2 * (gs_factor - 0.5)
    suppression = 2 * gs_factor if gs_factor < 0.5 else 1.0
    return generalization, suppression


def aggregate_values(values: Floats, weights: Floats | float, aggregate: str) -> Any:
    """Join the values of the columns to one, or to a list that can be compared."""
    weighted = values * weights
    if aggregate == "sum":
        return float(weighted.sum())
    if aggregate == "max":
        return float(max(0.0, weighted.max()))
    if aggregate == "arithmetic_mean":
        return float((values / len(values) * weights).sum())
    if aggregate == "geometric_mean":
        return float(np.prod((weighted + 1) ** (1 / len(values))) - 1)
    return sorted(weighted.tolist(), reverse=True)


def join_columns(
    values: Floats,
    recoding: Recoding,
    aggregate: str | None,
    owner: str,
) -> Any:
    """Join the values of the columns as a caller asks for; None gives a dict."""
    check_word(aggregate, (*AGGREGATES, None), "aggregate", owner)
    if aggregate is None:
        names = [column.original.name for column in recoding.columns]
        return dict(zip(names, values.tolist(), strict=True))
    return aggregate_values(values, recoding.column_weights, aggregate)


def heights_of(recoding: Recoding) -> Floats:
    """Return the mean level of each column."""
    return np.array([_mean_level(recoding, column) for column in recoding.columns])


def precisions_of(recoding: Recoding, gs_factor: float, *, monotonic: bool) -> Floats:
    """Return the height of each column relative to its hierarchy's."""
    generalization, suppression = suppression_weights(gs_factor)
    heights = np.array([max(c.original.height, 1) for c in recoding.columns])
    relative = heights_of(recoding) / heights
    if monotonic:
        return np.asarray(relative * generalization)
    n, n_suppressed = recoding.n_records, recoding.n_suppressed
    kept = (n - n_suppressed) * relative * generalization
    return np.asarray((kept + n_suppressed * suppression) / n)


def losses_of(recoding: Recoding, gs_factor: float) -> Floats:
    """Return for each column by how much its labels are larger than single values."""
    return _floored(
        np.array([_loss(recoding, column, gs_factor) for column in recoding.columns])
    )


def mean_shares_of(recoding: Recoding) -> Floats:
    """Return for each column the mean share that a record's label stands for."""
    shares = [recoding.kept_counts(c) @ c.shares for c in recoding.columns]
    return np.asarray((np.array(shares) + recoding.n_suppressed) / recoding.n_records)


def entropies_of(recoding: Recoding, gs_factor: float, variant: str) -> Floats:
    """Return for each column the bits that are lost.

    "monotonic" leaves out suppression; "normalized" is relative to the bits of the
    whole column.
    """
    generalization, suppression = suppression_weights(gs_factor)
    bits = np.array([column.entropy for column in recoding.columns]) * generalization
    if variant != "monotonic" and recoding.n_suppressed:
        bits += suppression * _suppressed_bits(recoding)
    bits = _floored(bits)
    if variant != "normalized":
        return bits
    whole = _floored(generalization * _whole_bits(recoding))
    return np.divide(bits, whole, out=np.zeros(len(bits)), where=whole > 0)


def discernibility_of(
    kept_members: Numbers, n_records: float, n_suppressed: float
) -> float:
    """Return the pairs of records that cannot be told apart.

    A suppressed record cannot be told from any other.
    """
    kept = (kept_members.astype(np.float64) ** 2).sum()
    return float(kept + n_records * n_suppressed)


def average_class_size_of(
    kept_members: Numbers, n_records: float, n_suppressed: float, gs_factor: float
) -> float:
    """Return records per class; the suppressed ones are one class more."""
    generalization, suppression = suppression_weights(gs_factor)
    n_classes = suppression * np.count_nonzero(kept_members)
    n_classes += generalization * (n_suppressed > 0)
    return float(n_records / n_classes) if n_classes else np.inf


def ambiguity_of(recoding: Recoding) -> float:
    """Return the number of original tuples that the records may stand for."""
    sizes = [c.original.n_leaves for c in recoding.columns]
    tuples = np.ones(recoding.classes.n_classes)
    for share, size in zip(recoding.class_shares(), sizes, strict=True):
        tuples *= share * size
    everything = float(np.prod(np.array(sizes, float)))
    return float(recoding.kept_members @ tuples + recoding.n_suppressed * everything)


def divergence_of(recoding: Recoding) -> float:
    """Return how far tuples spread evenly over their labels are from the original."""
    n = recoding.n_records
    sizes = [c.original.n_leaves for c in recoding.columns]
    log_n_tuples = np.zeros(recoding.classes.n_classes)
    for share, size in zip(recoding.class_shares(), sizes, strict=True):
        log_n_tuples += np.log2(share * size)
    members = recoding.kept_members
    members = np.where(members > 0, members, 1)  # a class of none has no record
    log_out = np.log2(members / n) - log_n_tuples
    log_of_rows = recoding.classes.to_rows(log_out, fill=0.0)
    if recoding.suppressed is not None and recoding.n_suppressed:
        everything = np.log2(np.array(sizes, float)).sum()
        log_of_rows[recoding.suppressed] = (
            np.log2(recoding.n_suppressed / n) - everything
        )
    share_in = recoding.original_sizes / n
    differences = share_in * (np.log2(share_in) - log_of_rows)
    if recoding.weights is not None:
        return float(differences @ recoding.weights)
    return float(differences.sum())


def entropy_based_loss_of(recoding: Recoding, gs_factor: float) -> float:
    """Return the records, each by the share of the tuples that it may stand for."""
    generalization, suppression = suppression_weights(gs_factor)
    log_shares = sum(np.log10(share) for share in recoding.class_shares())
    sizes = np.array([c.original.n_leaves for c in recoding.columns], float)
    log_tuples = np.log10(sizes).sum()
    per_class = np.clip(log_shares / log_tuples + 1, 0, 1) if log_tuples else 0.0
    kept = recoding.kept_members * generalization * per_class
    return float(kept.sum() + suppression * recoding.n_suppressed)


def _mean_level(recoding: Recoding, column: RecodedColumn) -> float:
    """Suppression is ignored: records of one level have that mean in any case."""
    if (column.levels == column.levels[0]).all():
        return float(column.levels[0])
    counts = recoding.kept_counts(column)
    return float(counts @ column.levels / counts.sum()) if counts.sum() else 0.0


def _loss(recoding: Recoding, column: RecodedColumn, gs_factor: float) -> float:
    generalization, suppression = suppression_weights(gs_factor)
    n = recoding.n_records
    lost = float(recoding.kept_counts(column) @ column.shares) * generalization
    if suppression == 1:
        lost += recoding.n_suppressed
    elif recoding.n_suppressed:
        counts = recoding.suppressed_counts(column)
        lost += float(counts @ (column.shares + suppression * (1 - column.shares)))
    least = generalization * n / column.original.n_leaves
    return max(0.0, (lost - least) / (n - least)) if n > least else 0.0


def _suppressed_bits(recoding: Recoding) -> Floats:
    bits = []
    for column in recoding.columns:
        counts = recoding.suppressed_counts(column)
        counts = counts[counts > 0]
        bits.append(-(counts @ np.log2(counts / recoding.n_suppressed)))
    return np.array(bits)


def _whole_bits(recoding: Recoding) -> Floats:
    """Return the bits that are lost where a whole column becomes one label."""
    bits = []
    for column in recoding.columns:
        counts = column.original.counts
        counts = counts[counts > 0]
        bits.append(-(counts @ np.log2(counts / recoding.n_records)))
    return np.array(bits)


def _floored(values: Floats) -> Floats:
    return np.asarray(np.floor(values * PARTS) / PARTS)
