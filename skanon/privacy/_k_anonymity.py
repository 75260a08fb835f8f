"""k-anonymity: every record hides among k."""

from dataclasses import dataclass
from typing import ClassVar

from skanon._groups import EquivalenceClasses
from skanon.privacy._privacy_model import Mask, Numbers, PrivacyModel, check_number

__all__ = ["KAnonymity"]


@dataclass(frozen=True)
class KAnonymity(PrivacyModel):
    """Ask that every class has at least ``k`` records.

    Who knows the quasi-identifiers of a person then finds at least ``k`` records
    that fit, and picks the right one with a chance of at most 1/k.

    Parameters
    ----------
    k : int
        The least size of a class; at least 1.

    See Also
    --------
    KMap : Ask for the size of the class in the population instead.
    skanon.metrics.k_anonymity : The k that a table reaches.

    Notes
    -----
    **Protects against** telling which record is a person's.
    **Does not protect against** learning what all records of a class have in common;
    add a model of l-diversity or t-closeness for that.
    **Remembers** nothing of the data.

    References
    ----------
    L. Sweeney, "k-anonymity: a model for protecting privacy", International Journal
    of Uncertainty, Fuzziness and Knowledge-Based Systems 10 (5), 2002.

    Examples
    --------
    >>> from skanon.metrics import equivalence_classes
    >>> from skanon.privacy import KAnonymity
    >>> X = [["30-39", "8001"], ["30-39", "8001"], ["40-49", "8001"]]
    >>> KAnonymity(2).check(equivalence_classes(X, quasi_identifiers=[0, 1]))
    array([ True, False])
    """

    _is_monotone_with_suppression: ClassVar[bool] = True

    k: int

    def __post_init__(self) -> None:
        check_number(self, "k", 1, whole=True)

    @property
    def min_class_size(self) -> int:
        """The size below which no class satisfies it: k."""
        return self.k

    def _measure(self, classes: EquivalenceClasses) -> Numbers:
        return classes.sizes

    def _satisfied(self, classes: EquivalenceClasses) -> Mask:
        return classes.sizes >= self.k
