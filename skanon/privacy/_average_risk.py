"""Average re-identification risk: large classes on the average."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from skanon._groups import EquivalenceClasses
from skanon.privacy._privacy_model import TOLERANCE, Numbers, check_number
from skanon.privacy._table_model import TableModel

__all__ = ["AverageRisk"]

#: A highest risk this close above 1 / t, relatively, still counts as 1 / t.
RISK_TOLERANCE = 0.01


@dataclass(frozen=True)
class AverageRisk(TableModel):
    """Ask that the risk of re-identification is low on the average.

    Large classes make up for small ones.

    Parameters
    ----------
    threshold : float
        The greatest mean over the records of 1 / class size, in (0, 1].
    highest_risk : float, default=None
        What counts as a risky record, in (0, 1]: one whose risk is greater. None
        bounds the mean only.
    records_at_risk : float, default=0.0
        The greatest share of risky records, in [0, 1].

    See Also
    --------
    KAnonymity : Bound the risk of each record.
    SampleUniqueness : Bound the share of unique records.
    skanon.metrics.prosecutor_risk : The risks of a table.

    Notes
    -----
    The mean over the records of 1 / class size is the number of classes per record.

    **Protects against** finding many records, and if ``highest_risk`` is given,
    against finding those few that are easy.
    **Does not protect against** finding single records: some classes may be small.
    **Remembers** nothing of the data.

    References
    ----------
    K. El Emam, "Guide to the De-Identification of Personal Health Information", CRC
    Press, 2013.

    Examples
    --------
    >>> from skanon.metrics import equivalence_classes
    >>> from skanon.privacy import AverageRisk
    >>> X = [["8001"], ["8001"], ["8001"], ["8004"]]
    >>> classes = equivalence_classes(X, quasi_identifiers=[0])
    >>> AverageRisk(0.5).check(classes)
    array([ True,  True])
    >>> AverageRisk(0.5, highest_risk=0.34).check(classes)
    array([ True, False])
    """

    _is_monotone_with_suppression: ClassVar[bool] = True

    threshold: float
    highest_risk: float | None = None
    records_at_risk: float = 0.0

    def __post_init__(self) -> None:
        check_number(self, "threshold", 0, 1, above=True)
        check_number(self, "records_at_risk", 0, 1)
        if self.highest_risk is not None:
            check_number(self, "highest_risk", 0, 1, above=True)

    def describe(self, classes: EquivalenceClasses) -> str:
        """Say what the whole table reaches, in numbers and without a value of it.

        Parameters
        ----------
        classes : EquivalenceClasses
            The classes of a table.

        Returns
        -------
        str
            A sentence without its full stop.
        """
        said = super().describe(classes)
        if self.highest_risk is None:
            return said
        order = np.argsort(classes.sizes)
        share = self._share_at_risk(classes.members[order], classes.sizes[order])
        return f"{said}, with a share of {share:.4g} of its records at a higher risk"

    def _reached(
        self, members: Numbers, sizes: Numbers, classes: EquivalenceClasses
    ) -> float:
        if not len(members):
            return 0.0
        risks = 1 / np.maximum(sizes, 1)  # a part of a record is found as a whole one
        return float(members @ risks / members.sum())

    def _keeps(
        self, members: Numbers, sizes: Numbers, classes: EquivalenceClasses
    ) -> bool:
        if self._reached(members, sizes, classes) > self.threshold + TOLERANCE:
            return False
        return self._share_at_risk(members, sizes) <= self.records_at_risk + TOLERANCE

    def _share_at_risk(self, members: Numbers, sizes: Numbers) -> float:
        """Return the share of records in small classes, of ascending sizes."""
        if self.highest_risk is None or not members.any():
            return 0.0
        safe_size = _safe_size(self.highest_risk)
        n_risky = members[: np.searchsorted(sizes, safe_size)].sum()
        return float(n_risky / members.sum())


def _safe_size(highest_risk: float) -> int:
    """Return the least size of a class without risk; 1 / 0.3333 is meant to be 3."""
    size = int(1 / highest_risk)
    is_above = 1 / size - highest_risk >= RISK_TOLERANCE * highest_risk
    return size + 1 if is_above else size
