"""(alpha, k)-anonymity: k records, and no value above a share of alpha."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from skanon._groups import EquivalenceClasses
from skanon.privacy._privacy_model import (
    TOLERANCE,
    Mask,
    Numbers,
    PrivacyModel,
    check_number,
)

__all__ = ["AlphaKAnonymity"]


@dataclass(frozen=True)
class AlphaKAnonymity(PrivacyModel):
    """Ask for at least ``k`` records, no value of which has more than a share.

    A class is then neither too small nor dominated by one value.

    Parameters
    ----------
    alpha : float
        The greatest share of a sensitive value in a class, in (0, 1].
    k : int
        The least size of a class; at least 1.
    sensitive : str, default=None
        The sensitive column; None is fine where there is only one.

    See Also
    --------
    KAnonymity : Ask for the size alone.
    PSensitiveKAnonymity : Count different values instead.
    skanon.metrics.alpha_k_anonymity : The alpha and the k that a table reaches.

    Notes
    -----
    This is the general model of the authors: each sensitive value is bounded. What
    it measures per class is the share of the most frequent value.

    **Protects against** telling which record is a person's, and against guessing the
    sensitive value with a chance above alpha.
    **Does not protect against** learning that one of a few similar values holds.
    **Remembers** nothing of the data.

    References
    ----------
    R. Wong, J. Li, A. Fu, K. Wang, "(alpha, k)-anonymity: an enhanced k-anonymity model
    for privacy preserving data publishing", KDD, 2006.

    Examples
    --------
    >>> from skanon.metrics import equivalence_classes
    >>> from skanon.privacy import AlphaKAnonymity
    >>> X = [["8001", "flu"], ["8001", "gout"], ["8004", "flu"], ["8004", "flu"]]
    >>> classes = equivalence_classes(X, quasi_identifiers=[0], sensitive=1)
    >>> AlphaKAnonymity(alpha=0.5, k=2).check(classes)
    array([ True, False])
    """

    alpha: float
    k: int
    sensitive: Any = None

    def __post_init__(self) -> None:
        check_number(self, "alpha", 0, 1, above=True)
        check_number(self, "k", 1, whole=True)

    @property
    def min_class_size(self) -> int:
        """The size below which no class satisfies it: k, or 1 / alpha."""
        return max(self.k, math.ceil(1 / self.alpha - TOLERANCE))

    def _measure(self, classes: EquivalenceClasses) -> Numbers:
        histogram = classes.histogram(self.sensitive)
        return histogram.max(histogram.shares)

    def _satisfied(self, classes: EquivalenceClasses) -> Mask:
        is_mixed = self._measure(classes) <= self.alpha + TOLERANCE
        return np.asarray(is_mixed & (classes.sizes >= self.k))
