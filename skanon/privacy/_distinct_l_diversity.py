"""Distinct l-diversity: every class holds l different sensitive values."""

import math
from dataclasses import dataclass
from typing import Any, ClassVar

from skanon._groups import EquivalenceClasses
from skanon.privacy._privacy_model import (
    MOST_VALUES,
    Mask,
    Numbers,
    PrivacyModel,
    check_number,
)

__all__ = ["DistinctLDiversity"]


@dataclass(frozen=True)
class DistinctLDiversity(PrivacyModel):
    """Ask that every class has at least ``l`` different sensitive values.

    Who finds the class of a person then still has to choose between them.

    Parameters
    ----------
    l : int or float
        The least number of different values, rounded up; at least 1.
    sensitive : str, default=None
        The sensitive column; None is fine where there is only one.

    See Also
    --------
    EntropyLDiversity : Count frequent values more than rare ones.
    RecursiveLDiversity : Bound the most frequent value.
    skanon.metrics.l_diversity : The l that a table reaches.

    Notes
    -----
    **Protects against** learning a value that all records of a class share.
    **Does not protect against** good guesses: nine records of ten may share a value.
    **Remembers** nothing of the data.

    References
    ----------
    A. Machanavajjhala, D. Kifer, J. Gehrke, M. Venkitasubramaniam, "l-diversity:
    privacy beyond k-anonymity", ACM Transactions on Knowledge Discovery from Data
    1 (1), 2007.

    Examples
    --------
    >>> from skanon.metrics import equivalence_classes
    >>> from skanon.privacy import DistinctLDiversity
    >>> X = [["8001", "flu"], ["8001", "gout"], ["8004", "flu"], ["8004", "flu"]]
    >>> classes = equivalence_classes(X, quasi_identifiers=[0], sensitive=1)
    >>> DistinctLDiversity(2).check(classes)
    array([ True, False])
    """

    _is_monotone_with_suppression: ClassVar[bool] = True

    l: float  # noqa: E741 - the literature's own name
    sensitive: Any = None

    def __post_init__(self) -> None:
        check_number(self, "l", 1, MOST_VALUES)

    @property
    def min_class_size(self) -> int:
        """The size below which no class satisfies it: l, rounded up."""
        return math.ceil(self.l)

    def _measure(self, classes: EquivalenceClasses) -> Numbers:
        return classes.histogram(self.sensitive).n_distinct()

    def _satisfied(self, classes: EquivalenceClasses) -> Mask:
        return self._measure(classes) >= self.min_class_size
