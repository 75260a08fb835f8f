"""p-sensitive k-anonymity: k records with p different values."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from skanon._groups import EquivalenceClasses
from skanon.privacy._privacy_model import Mask, Numbers, PrivacyModel, check_number

__all__ = ["PSensitiveKAnonymity"]


@dataclass(frozen=True)
class PSensitiveKAnonymity(PrivacyModel):
    """Ask for at least ``k`` records with ``p`` different sensitive values.

    It joins k-anonymity and distinct l-diversity.

    Parameters
    ----------
    p : int
        The least number of different values; at least 1.
    k : int
        The least size of a class; at least 1.
    sensitive : str, default=None
        The sensitive column; None is fine where there is only one.

    See Also
    --------
    DistinctLDiversity : Ask for the different values alone.
    KAnonymity : Ask for the size alone.
    AlphaKAnonymity : Bound the share of the most frequent value.

    Notes
    -----
    What it measures per class is the number of different values.

    **Protects against** telling which record is a person's, and against learning a
    value that all records of a class share.
    **Does not protect against** good guesses: nine records of ten may share a value.
    **Remembers** nothing of the data.

    References
    ----------
    T. M. Truta, B. Vinay, "Privacy protection: p-sensitive k-anonymity property",
    International Conference on Data Engineering Workshops, 2006.

    Examples
    --------
    >>> from skanon.metrics import equivalence_classes
    >>> from skanon.privacy import PSensitiveKAnonymity
    >>> X = [["8001", "flu"], ["8001", "gout"], ["8004", "flu"], ["8004", "flu"]]
    >>> classes = equivalence_classes(X, quasi_identifiers=[0], sensitive=1)
    >>> PSensitiveKAnonymity(p=2, k=2).check(classes)
    array([ True, False])
    """

    _is_monotone_with_suppression: ClassVar[bool] = True

    p: int
    k: int
    sensitive: Any = None

    def __post_init__(self) -> None:
        check_number(self, "p", 1, whole=True)
        check_number(self, "k", 1, whole=True)

    @property
    def min_class_size(self) -> int:
        """The size below which no class satisfies it: the greater of p and k."""
        return max(self.p, self.k)

    def _measure(self, classes: EquivalenceClasses) -> Numbers:
        return classes.histogram(self.sensitive).n_distinct()

    def _satisfied(self, classes: EquivalenceClasses) -> Mask:
        return np.asarray(
            (self._measure(classes) >= self.p) & (classes.sizes >= self.k)
        )
