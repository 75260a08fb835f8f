"""Recursive (c, l)-diversity: the most frequent value is not too frequent."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from skanon._groups import EquivalenceClasses, Histogram
from skanon.privacy._privacy_model import (
    MOST_VALUES,
    TOLERANCE,
    Mask,
    Numbers,
    PrivacyModel,
    check_number,
)

__all__ = ["RecursiveLDiversity"]


@dataclass(frozen=True)
class RecursiveLDiversity(PrivacyModel):
    r"""Ask that the most frequent value is rarer than ``c`` times the tail.

    The tail are the values from the l-th most frequent one on.

    Parameters
    ----------
    c : float
        How often the most frequent value may occur, as a multiple of the tail; above
        0.
    l : int or float
        From which rank on the values are the tail, rounded up; at least 1.
    sensitive : str, default=None
        The sensitive column; None is fine where there is only one.

    See Also
    --------
    DistinctLDiversity : Count the values, however rare.
    EntropyLDiversity : Bound the uncertainty.
    skanon.metrics.l_diversity : The l that a table reaches.

    Notes
    -----
    With the counts :math:`r_1 \ge r_2 \ge \dots` of the sensitive values of a
    class, it asks for :math:`r_1 < c \sum_{i \ge l} r_i`.

    **Protects against** learning the frequent value of a class, also from somebody
    who can rule out l - 2 of the others.
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
    >>> from skanon.privacy import RecursiveLDiversity
    >>> X = [["8001", "flu"], ["8001", "gout"], ["8001", "flu"]]
    >>> classes = equivalence_classes(X, quasi_identifiers=[0], sensitive=1)
    >>> RecursiveLDiversity(c=3, l=2).check(classes)
    array([ True])
    >>> RecursiveLDiversity(c=2, l=2).check(classes)
    array([False])
    """

    c: float
    l: float  # noqa: E741 - the literature's own name
    sensitive: Any = None

    def __post_init__(self) -> None:
        check_number(self, "c", 0, above=True)
        check_number(self, "l", 1, MOST_VALUES)

    @property
    def min_class_size(self) -> int:
        """The size below which no class satisfies it: l, rounded up."""
        return math.ceil(self.l)

    def _measure(self, classes: EquivalenceClasses) -> Numbers:
        """Return the greatest l that each class reaches with this c; 0 for none."""
        return _greatest_l(classes.histogram(self.sensitive), self.c)

    def _satisfied(self, classes: EquivalenceClasses) -> Mask:
        return self._measure(classes) >= self.min_class_size


def _greatest_l(histogram: Histogram, c: float) -> Numbers:
    order = np.lexsort((-histogram.counts, histogram.classes))
    classes, counts = histogram.classes[order], histogram.counts[order]
    up_to = np.cumsum(counts) - counts  # of all counts before, in this order
    ends = np.cumsum(histogram.class_sizes)
    tails = ends[classes] - up_to
    is_first = np.diff(classes, prepend=-1) > 0
    most = counts[is_first][np.cumsum(is_first) - 1]
    # The tails only get smaller, so the ranks that hold are the first ones.
    is_rarer = most < c * tails * (1 - TOLERANCE)  # what equals the bound is not
    return np.bincount(classes, is_rarer, len(histogram.class_sizes))
