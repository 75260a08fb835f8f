"""Entropy l-diversity: sensitive values as uncertain as l equally frequent ones."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from skanon._groups import EquivalenceClasses
from skanon.privacy._privacy_model import (
    MOST_VALUES,
    TOLERANCE,
    Mask,
    Numbers,
    PrivacyModel,
    check_number,
)

__all__ = ["EntropyLDiversity"]


@dataclass(frozen=True)
class EntropyLDiversity(PrivacyModel):
    r"""Ask that sensitive values are as uncertain as ``l`` equally frequent ones.

    A class of ten values of which one is common counts as a class of few.

    Parameters
    ----------
    l : int or float
        The least effective number of values; at least 1.
    sensitive : str, default=None
        The sensitive column; None is fine where there is only one.

    See Also
    --------
    DistinctLDiversity : Count the values, however rare.
    RecursiveLDiversity : Bound the most frequent value.
    skanon.metrics.l_diversity : The l that a table reaches.

    Notes
    -----
    A class satisfies it if the entropy :math:`-\sum_x p_x \ln p_x` of the
    sensitive values is at least :math:`\ln l`.

    **Protects against** learning a value that nearly all records of a class share.
    **Does not protect against** learning that one of a few similar values holds.
    **Remembers** nothing of the data.

    References
    ----------
    A. Machanavajjhala, D. Kifer, J. Gehrke, M. Venkitasubramaniam, "l-diversity:
    privacy beyond k-anonymity", ACM Transactions on Knowledge Discovery from Data
    1 (1), 2007.

    Examples
    --------
    >>> from skanon.metrics import equivalence_classes
    >>> from skanon.privacy import EntropyLDiversity
    >>> X = [["8001", "flu"], ["8001", "gout"], ["8001", "flu"]]
    >>> classes = equivalence_classes(X, quasi_identifiers=[0], sensitive=1)
    >>> EntropyLDiversity(2).measure(classes).round(2)
    array([1.89])
    """

    l: float  # noqa: E741 - the literature's own name
    sensitive: Any = None

    def __post_init__(self) -> None:
        check_number(self, "l", 1, MOST_VALUES)

    @property
    def min_class_size(self) -> int:
        """The size below which no class satisfies it: l, rounded up."""
        return math.ceil(self.l)

    def _measure(self, classes: EquivalenceClasses) -> Numbers:
        histogram = classes.histogram(self.sensitive)
        shares = histogram.shares
        return np.exp(histogram.sum(-shares * np.log(shares)))

    def _satisfied(self, classes: EquivalenceClasses) -> Mask:
        return self._measure(classes) >= self.l * (1 - TOLERANCE)
