"""Sample uniqueness: few records that are alone."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from skanon._groups import EquivalenceClasses
from skanon.privacy._privacy_model import TOLERANCE, Numbers, check_number
from skanon.privacy._table_model import TableModel

__all__ = ["SampleUniqueness"]


@dataclass(frozen=True)
class SampleUniqueness(TableModel):
    """Ask that few records are alone in their class.

    These are the records that are found with certainty.

    Parameters
    ----------
    threshold : float
        The greatest share of unique records, in [0, 1].

    See Also
    --------
    KAnonymity : Allow no unique record at all, with ``k=2``.
    PopulationUniqueness : Bound how many people are unique in the population.
    AverageRisk : Bound the mean risk.

    Notes
    -----
    **Protects against** finding many records by combining quasi-identifiers.
    **Does not protect against** finding single ones, nor pairs.
    **Remembers** nothing of the data.

    References
    ----------
    C. Skinner, C. Marsh, S. Openshaw, C. Wymer, "Disclosure control for census
    microdata", J. Off. Stat. 10(1), 1994.

    Examples
    --------
    >>> from skanon.metrics import equivalence_classes
    >>> from skanon.privacy import SampleUniqueness
    >>> X = [["8001"], ["8001"], ["8001"], ["8004"]]
    >>> classes = equivalence_classes(X, quasi_identifiers=[0])
    >>> SampleUniqueness(0.25).check(classes)
    array([ True,  True])
    >>> SampleUniqueness(0.1).check(classes)
    array([ True, False])
    """

    _is_monotone_with_suppression: ClassVar[bool] = True

    threshold: float

    def __post_init__(self) -> None:
        check_number(self, "threshold", 0, 1)

    def _reached(
        self, members: Numbers, sizes: Numbers, classes: EquivalenceClasses
    ) -> float:
        if not len(members):
            return 0.0
        n_unique = members[: np.searchsorted(sizes, 1, side="right")].sum()
        return float(n_unique / members.sum())

    def _keeps(
        self, members: Numbers, sizes: Numbers, classes: EquivalenceClasses
    ) -> bool:
        return self._reached(members, sizes, classes) <= self.threshold + TOLERANCE
