"""How far one kind of attacker would get."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from skanon.metrics._reading import check_fraction

__all__ = ["AttackerRisk"]

Numbers = npt.NDArray[Any]


@dataclass(frozen=True, eq=False, repr=False)
class AttackerRisk:
    """How far one kind of attacker would get.

    A record that hides among N records is found with probability 1 / N, and with
    certainty where fractions of weights leave less than one.

    Parameters
    ----------
    attacker : str
        "prosecutor", "journalist" or "marketer".
    sizes : ndarray of shape (n_sizes,)
        Among how many records a record hides: the sizes that occur, ascending.
    records : ndarray of shape (n_sizes,)
        How many records hide among so many.
    success_rate : float
        The share of records that the attacker finds when attacking all.

    Attributes
    ----------
    highest : float
        The risk of the record that is easiest to find; 0 if all are suppressed.
    lowest : float
        The risk of the record that is hardest to find.
    average : float
        The mean risk over the records.

    See Also
    --------
    prosecutor_risk : The attacker who knows that a person is in the table.
    risk_summary : All three attackers at once.

    Examples
    --------
    >>> from skanon.metrics import prosecutor_risk
    >>> table = {"age": ["<40", "<40", "<40", "40+"]}
    >>> import pandas as pd
    >>> risk = prosecutor_risk(pd.DataFrame(table), quasi_identifiers=["age"])
    >>> risk.highest, risk.average, risk.records_at_risk(0.5)
    (1.0, 0.5, 0.25)
    """

    attacker: str
    sizes: Numbers
    records: Numbers
    success_rate: float

    @property
    def highest(self) -> float:
        """The risk of the record that is easiest to find."""
        return float(self._risks.max(initial=0))

    @property
    def lowest(self) -> float:
        """The risk of the record that is hardest to find."""
        return float(self._risks.min()) if len(self.sizes) else 0.0

    @property
    def average(self) -> float:
        """The mean risk over the records."""
        if not len(self.sizes):
            return 0.0
        return float(self.records @ self._risks / self.records.sum())

    def records_at_risk(self, threshold: float = 0.2) -> float:
        """Return the share of records whose risk is above a threshold.

        Parameters
        ----------
        threshold : float, default=0.2
            The risk that is still acceptable, in (0, 1]; 0.2 is a class of five.

        Returns
        -------
        float
            The share of records with a risk strictly greater.
        """
        check_fraction(threshold, "threshold", "records_at_risk")
        if not len(self.sizes):
            return 0.0
        at_risk = self.records[self._risks > threshold].sum()
        return float(at_risk / self.records.sum())

    @property
    def _risks(self) -> Numbers:
        return np.asarray(1 / np.maximum(self.sizes, 1))

    def __repr__(self) -> str:
        return (
            f"AttackerRisk({self.attacker!r}, highest={self.highest:.4g}, "
            f"average={self.average:.4g}, success_rate={self.success_rate:.4g})"
        )
