"""Which columns identify."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
import numpy.typing as npt

from skanon._frames import read_frame
from skanon._groups import EncodedColumn, all_missing, encode_columns, group_codes
from skanon._validation import check_columns
from skanon.exceptions import ColumnError
from skanon.metrics._reading import check_max_size, read_counts
from skanon.typing import ArrayLike, Table

__all__ = ["QuasiIdentifierRanking", "quasi_identifier_ranking"]

Floats = npt.NDArray[np.float64]

#: A printed ranking shows this many sets of columns.
SHOWN = 10


@dataclass(frozen=True, eq=False, repr=False)
class QuasiIdentifierRanking:
    """How well sets of columns tell records apart.

    Single columns come first, then pairs, and so on; among sets of one size those of
    the greatest separation.

    Parameters
    ----------
    column_sets : list of tuple
        The names of the columns of each set.
    distinction : ndarray of shape (n_sets,)
        The number of distinct values per record: 1 if each record has its own, 0 if
        there is no record.
    separation : ndarray of shape (n_sets,)
        The share of pairs of records that differ in at least one of the columns; 1
        for a single record, 0 if there is none.

    See Also
    --------
    quasi_identifier_ranking : Measure a table.
    skanon.plotting.QuasiIdentifierDisplay : Draw it.

    Examples
    --------
    >>> from skanon.metrics import quasi_identifier_ranking
    >>> X = [["f", 20], ["f", 31], ["m", 42], ["m", 20]]
    >>> quasi_identifier_ranking(X).column_sets
    [('x1',), ('x0',), ('x0', 'x1')]
    """

    column_sets: list[tuple[Any, ...]]
    distinction: Floats
    separation: Floats

    def to_frame(self) -> Any:
        """Return the ranking as a pandas table, one set of columns per row.

        Returns
        -------
        DataFrame of shape (n_sets, 4)
            ``columns``, ``n_columns``, ``distinction`` and ``separation``.
        """
        import pandas as pd

        return pd.DataFrame(
            {
                "columns": pd.Series(self.column_sets, dtype=object),
                "n_columns": [len(names) for names in self.column_sets],
                "distinction": self.distinction,
                "separation": self.separation,
            }
        )

    def __repr__(self) -> str:
        names = [" + ".join(map(str, columns)) for columns in self.column_sets]
        width = max([len(name) for name in names[:SHOWN]], default=0)
        lines = [
            f"{name.ljust(width)}  {distinction:11.4f}  {separation:10.4f}"
            for name, distinction, separation in zip(
                names, self.distinction, self.separation, strict=True
            )
        ]
        left = len(lines) - SHOWN
        more = [f"… and {left:,} more sets of columns"] if left > 0 else []
        heading = f"{'columns'.ljust(width)}  distinction  separation"
        return "\n".join([heading, *lines[:SHOWN], *more])


def quasi_identifier_ranking(
    X: Table,
    *,
    columns: Sequence[Any] | None = None,
    max_size: int = 2,
    sample_weight: ArrayLike = None,
) -> QuasiIdentifierRanking:
    """Rank columns, and sets of them, by how well they tell records apart.

    The columns at the top are those to treat as quasi-identifiers, if an attacker
    can know them.

    Parameters
    ----------
    X : DataFrame, Table or array-like of shape (n_samples, n_features)
        The table. Rows without a value in any of the columns do not count.
    columns : list of str or int, default=None
        The columns to rank; None for all.
    max_size : int, default=2
        The greatest size of a set of columns.
    sample_weight : array-like of shape (n_samples,), default=None
        How many records each row stands for. None counts each row once.

    Returns
    -------
    QuasiIdentifierRanking
        ``column_sets``, ``distinction`` and ``separation``. Printed, it shows the
        first sets; ``to_frame()`` gives all.

    Raises
    ------
    ColumnError
        If a column is not in X.
    ValueError
        If a weight or another parameter is out of its range.

    See Also
    --------
    risk_summary : The risk by the columns that were chosen.
    suda2 : Which columns single out which record.
    skanon.plotting.QuasiIdentifierDisplay : Draw it.

    Notes
    -----
    With n records in u classes of f each, distinction is u / n, and separation is
    1 - Σ f (f - 1) / (n (n - 1)). A missing value is a category of its own.

    References
    ----------
    R. Motwani, Y. Xu, "Efficient algorithms for masking and finding
    quasi-identifiers", Proceedings of VLDB, 2007.

    Examples
    --------
    >>> from skanon.metrics import quasi_identifier_ranking
    >>> X = [["f", 20], ["f", 31], ["m", 42], ["m", 20]]
    >>> quasi_identifier_ranking(X)
    columns  distinction  separation
    x1            0.7500      0.8333
    x0            0.5000      0.6667
    x0 + x1       1.0000      1.0000
    """
    frame = read_frame(X)
    owner = "quasi_identifier_ranking"
    positions = check_columns(columns, frame.names, owner=owner)
    if not positions:
        raise ColumnError(
            f"'columns' of {owner} names no column; there is nothing to rank."
        )
    names = [frame.names[position] for position in positions]
    encoded = encode_columns(frame, positions)
    options = {
        "weights": read_counts(sample_weight, len(frame)),
        "suppressed": all_missing(encoded),
    }
    sizes = range(1, min(check_max_size(max_size, owner), len(names)) + 1)
    sets = [s for size in sizes for s in combinations(range(len(names)), size)]
    numbers = np.array([_tell_apart([encoded[j] for j in s], **options) for s in sets])
    order = sorted(
        range(len(sets)),
        key=lambda i: (len(sets[i]), -numbers[i][1], -numbers[i][0], sets[i]),
    )
    return QuasiIdentifierRanking(
        [tuple(names[j] for j in sets[i]) for i in order],
        numbers[order, 0],
        numbers[order, 1],
    )


def _tell_apart(columns: list[EncodedColumn], **options: Any) -> tuple[float, float]:
    """Return distinction and separation of a set of columns."""
    codes, n_codes = [c.codes for c in columns], [c.n_codes for c in columns]
    sizes = group_codes(codes, n_codes, **options).members.astype(np.float64)
    n = sizes.sum()
    if n <= 1:
        return (1.0, 1.0) if n else (0.0, 0.0)
    others = np.maximum(sizes - 1, 0)  # a part of a record is alone as a whole one is
    return min(len(sizes) / n, 1.0), float(1 - (sizes / n) @ (others / (n - 1)))
