"""What SUDA2 found, as one object."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["SudaScores"]

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False, repr=False)
class SudaScores:
    """What SUDA2 found.

    All arrays have one row per row of the table, whatever its weight.

    Parameters
    ----------
    columns : list
        The quasi-identifiers.
    score : ndarray of shape (n_samples,)
        The SUDA score: 0 for a record that no set of columns singles out, greater
        the fewer columns are needed and the more sets of them there are.
    dis_score : ndarray of shape (n_samples,)
        The score as a probability: that a match of the record is correct.
    contribution : ndarray of shape (n_samples, n_columns)
        The share of each record's score to which each column contributes.
    n_uniques : ndarray of int of shape (n_samples, max_size)
        How many minimal unique sets of 1, 2, … columns each record has.
    column_contribution : ndarray of shape (n_columns,)
        The share of all records' scores to which each column contributes.

    See Also
    --------
    suda2 : Compute the scores.

    Examples
    --------
    >>> import pandas as pd
    >>> from skanon.metrics import suda2
    >>> X = pd.DataFrame({"sex": list("ffmm"), "job": list("aaab")})
    >>> suda2(X, quasi_identifiers=["sex", "job"]).to_frame()
       score  dis_score  sex  job
    0    0.0       0.00  0.0  0.0
    1    0.0       0.00  0.0  0.0
    2    1.0       0.01  1.0  1.0
    3    1.0       0.01  0.0  1.0
    """

    columns: list[Any]
    score: Floats
    dis_score: Floats
    contribution: Floats
    n_uniques: Integers
    column_contribution: Floats

    def to_frame(self) -> Any:
        """Return the scores as a pandas table.

        Returns
        -------
        DataFrame of shape (n_samples, 2 + n_columns)
            ``score``, ``dis_score``, and the contribution of each column.
        """
        import pandas as pd

        frame = pd.DataFrame(self.contribution, columns=self.columns)
        frame.insert(0, "score", self.score, allow_duplicates=True)
        frame.insert(1, "dis_score", self.dis_score, allow_duplicates=True)
        return frame

    def __repr__(self) -> str:
        n_unique = int((self.score > 0).sum())
        shares = ", ".join(
            f"{name}: {share:.0%}"
            for name, share in zip(self.columns, self.column_contribution, strict=True)
        )
        return (
            f"SudaScores({n_unique:,} of {len(self.score):,} rows are unique; highest "
            f"score {self.score.max(initial=0):g}, highest DIS-SUDA "
            f"{self.dis_score.max(initial=0):.3g}; contributions {shares})"
        )
