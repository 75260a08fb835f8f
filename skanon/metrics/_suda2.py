"""SUDA2: which few columns already single out a record."""

from collections.abc import Iterator, Sequence
from itertools import combinations
from math import comb, prod
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from skanon._frames import read_frame
from skanon._groups import (
    EncodedColumn,
    EquivalenceClasses,
    encode_columns,
    group_encoded,
    pack_codes,
    rank_keys,
)
from skanon._validation import check_word
from skanon.metrics._reading import (
    check_fraction,
    check_mask,
    check_max_size,
    check_missing,
    check_quasi_identifiers,
    read_counts,
)
from skanon.metrics._suda_scores import SudaScores
from skanon.typing import ArrayLike, Table

__all__ = ["suda2"]

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

#: Columns that single out rows, as positions, and the rows.
MinimalUniques = tuple[tuple[int, ...], Integers]


def suda2(
    X: Table,
    *,
    quasi_identifiers: Sequence[Any],
    max_size: int | None = None,
    sampling_fraction: float = 0.01,
    scoring: Literal["elliot", "ihsn"] = "elliot",
    sample_weight: ArrayLike = None,
    missing: Literal["own_category", "wildcard"] = "own_category",
    suppressed: ArrayLike = None,
) -> SudaScores:
    """Score how special each record is: SUDA2 and DIS-SUDA.

    A *minimal sample unique* of a record is a set of columns in which no other record
    has its values, while in each smaller part of the set another one has. The fewer
    columns such a set has, and the more of them there are, the more special the
    record is, and the more likely unique in the population too.

    Parameters
    ----------
    X : DataFrame, Table or array-like of shape (n_samples, n_features)
        The table.
    quasi_identifiers : list of str or int
        The columns that may be combined. The work doubles with each.
    max_size : int, default=None
        The greatest size of a set to look for; None looks for all. With many columns
        3 or 4 find what is special.
    sampling_fraction : float, default=0.01
        Records of the table per person of the population, for the DIS score.
    scoring : {"elliot", "ihsn"}, default="elliot"
        What a set counts: the weights of Elliot et al. or those of the original
        IHSN software.
    sample_weight : array-like of shape (n_samples,), default=None
        How many records each row stands for.
    missing : {"own_category", "wildcard"}, default="own_category"
        Whether a missing value equals only missing ones, or every value.
    suppressed : array-like of bool of shape (n_samples,), default=None
        The suppressed records, which score 0 and are no record's double. None takes
        the rows in which every quasi-identifier is missing.

    Returns
    -------
    SudaScores
        ``score``, ``dis_score``, ``contribution``, ``n_uniques``,
        ``column_contribution`` and ``to_frame()``.

    Raises
    ------
    ColumnError
        If there are no quasi-identifiers, or one is not in X.
    ValueError
        If another parameter is out of its range.

    See Also
    --------
    quasi_identifier_ranking : Which columns identify, over the table as a whole.
    individual_risk : The risk of each record with survey weights.

    Notes
    -----
    With M columns a set of s of them adds Π_{j=s}^{m} (M - j) to the score, where m
    is the smaller of ``max_size`` and M - 1: (M - s)! without ``max_size``. The
    scoring "ihsn" adds (2^(M - s) - 1) / C(M, s).

    DIS-SUDA is 1 / (1 + P (1 - f) / (f · score^q · A)) with f the sampling fraction,
    P the number of records in classes of two, q = 1 + (8 - M) / 20, and A the sum of
    score^-q over all records that score.

    Sets are visited from small to large. A row that is unique in a part of a set is
    unique in the set, too, and no row's double; so it is left out there, and what is
    unique among the others is minimal. Rows are never visited one by one.

    References
    ----------
    M. J. Elliot, A. Manning, K. Mayes, J. Gurd, M. Bane, "SUDA: a program for
    detecting special uniques", Joint UNECE/Eurostat work session on statistical data
    confidentiality, 2005.
    A. M. Manning, D. J. Haglin, J. A. Keane, "A recursive search algorithm for
    statistical disclosure assessment", Data Min. Knowl. Disc. 16, 2008.

    Examples
    --------
    >>> import pandas as pd
    >>> from skanon.metrics import suda2
    >>> X = pd.DataFrame({"sex": list("ffmm"), "job": list("aaab")})
    >>> suda2(X, quasi_identifiers=["sex", "job"]).score
    array([0., 0., 1., 1.])
    """
    check_missing(missing, "suda2")
    fraction = check_fraction(sampling_fraction, "sampling_fraction", "suda2")
    frame = read_frame(X)
    positions = check_quasi_identifiers(quasi_identifiers, frame, "suda2")
    names = [frame.names[position] for position in positions]
    check_word(scoring, ("elliot", "ihsn"), "scoring", "suda2")
    most = len(names) if max_size is None else check_max_size(max_size, "suda2")
    weights = _set_weights(len(names), min(most, len(names)), scoring)
    columns = encode_columns(frame, positions)
    classes = group_encoded(
        columns,
        weights=read_counts(sample_weight, len(frame)),
        missing=missing,
        suppressed=check_mask(suppressed, len(frame), "suppressed", "suda2"),
    )
    found = _search(_Table(columns, classes, missing), len(weights))
    n_uniques, shares = _tally(found, classes.n_classes, len(weights), weights, names)
    score = n_uniques @ weights
    contribution = np.divide(
        shares, score[:, None], out=shares, where=score[:, None] > 0
    )
    total = score.sum()
    return SudaScores(
        columns=names,
        score=classes.to_rows(score, fill=0),
        dis_score=classes.to_rows(_dis_score(score, classes, fraction, names), fill=0),
        contribution=classes.to_rows(contribution, fill=0),
        n_uniques=classes.to_rows(n_uniques, fill=0),
        column_contribution=score @ contribution / (total if total else 1),
    )


def _set_weights(n_columns: int, max_size: int, scoring: str) -> Floats:
    """Return what a minimal unique set of 1, 2, … columns adds to the score."""
    sizes = range(1, max_size + 1)
    if scoring == "elliot":
        last = min(max_size, n_columns - 1)
        weights = [prod(n_columns - j for j in range(s, last + 1)) for s in sizes]
    else:
        weights = [(2 ** (n_columns - s) - 1) / comb(n_columns, s) for s in sizes]
    return np.array(weights, dtype=np.float64)


class _Table:
    """The distinct rows: first those that occur once, then their spoilers."""

    def __init__(
        self, columns: list[EncodedColumn], classes: EquivalenceClasses, missing: str
    ) -> None:
        is_candidate = classes.sizes <= 1
        self.n_candidates = int(is_candidate.sum())
        self.class_of = np.argsort(~is_candidate, kind="stable")
        self.has_wildcards = missing == "wildcard"
        rows = classes.first_rows[self.class_of]
        self.columns = [
            EncodedColumn(column.codes[rows], column.n_codes, column.missing)
            for column in columns
        ]
        # The keys of a set's beginnings: sets come in an order in which they recur.
        self._begun: list[tuple[int, Integers, int]] = []

    def uniques(self, subset: tuple[int, ...], candidates: Integers) -> Integers:
        """Return the candidates that are unique among each other and the spoilers."""
        columns = [self.columns[j] for j in subset]
        if self.has_wildcards and any(c.missing is not None for c in columns):
            spoilers = np.arange(self.n_candidates, len(self.class_of))
            alone = self._are_alone(columns, np.append(candidates, spoilers))
            return candidates[alone[: len(candidates)]]
        keys, bound = self._keys(subset)
        keys = np.concatenate([keys[candidates], keys[self.n_candidates :]])
        ranks, n_ranks = rank_keys(keys, bound)
        counts = np.bincount(ranks, minlength=n_ranks)
        counts[ranks[len(candidates) :]] += 1  # a spoiler is at least two records
        is_alone: Mask = counts[ranks[: len(candidates)]] == 1
        return candidates[is_alone]

    def _keys(self, subset: tuple[int, ...]) -> tuple[Integers, int]:
        """Pack the columns of a set, from where it parts from the set before."""
        begun = self._begun
        while begun and tuple(column for column, _, _ in begun) != subset[: len(begun)]:
            begun.pop()
        for j in subset[len(begun) :]:
            codes, radix = [self.columns[j].codes], [self.columns[j].n_codes]
            if begun:
                _, keys, bound = begun[-1]
                codes, radix = [keys, *codes], [bound, *radix]
            begun.append((j, *pack_codes(codes, radix)))
        _, keys, bound = begun[-1]
        return keys, bound

    def _are_alone(self, columns: list[EncodedColumn], rows: Integers) -> Mask:
        """Tell which rows match none but themselves, missing values matching all."""
        classes = group_encoded(
            [EncodedColumn(c.codes[rows], c.n_codes, c.missing) for c in columns],
            weights=np.where(rows < self.n_candidates, 1, 2),
            missing="wildcard",
            suppressed=np.zeros(len(rows), bool),
        )
        return np.asarray(classes.to_rows(classes.sizes, fill=0) == 1)


def _search(table: _Table, max_size: int) -> Iterator[MinimalUniques]:
    """Yield each set of columns with the classes that it singles out minimally.

    Of each set of the size before it is kept, as bits, which candidates are unique
    in it: minimally or not.
    """
    n = table.n_candidates
    before: dict[tuple[int, ...], Any] = {(): np.packbits(np.zeros(n, bool))}
    for size in range(1, max_size + 1):
        here = {}
        for subset in combinations(range(len(table.columns)), size):
            parts = [before[part] for part in combinations(subset, size - 1)]
            bits = np.bitwise_or.reduce(parts)
            unique = np.unpackbits(bits, count=n).view(bool)
            candidates = np.flatnonzero(~unique)
            if len(candidates):
                minimal = table.uniques(subset, candidates)
                unique[minimal] = True
                if len(minimal):
                    yield subset, table.class_of[minimal]
            here[subset] = np.packbits(unique)
        before = here


def _tally(
    found: Iterator[MinimalUniques],
    n_classes: int,
    max_size: int,
    weights: Floats,
    names: list[Any],
) -> tuple[Integers, Floats]:
    """Count each class's sets by size, and add up their weights by column."""
    # One array per size and per column: scattered rows are slow to write in a table.
    n_uniques = np.zeros((max_size, n_classes), np.int64)
    shares = np.zeros((len(names), n_classes))
    for subset, classes in found:
        n_uniques[len(subset) - 1][classes] += 1
        for column in subset:
            shares[column][classes] += weights[len(subset) - 1]
    return n_uniques.T, shares.T


def _dis_score(
    score: Floats, classes: EquivalenceClasses, fraction: float, names: list[Any]
) -> Floats:
    scores = score > 0
    power = score[scores] ** (1 + (8 - len(names)) / 20)
    in_pairs = classes.members[classes.sizes == 2].sum()
    wrong = in_pairs * (1 - fraction) / fraction
    dis_score = np.zeros(len(score))
    dis_score[scores] = 1 / (1 + wrong / (power * (1 / power).sum()))
    return dis_score
