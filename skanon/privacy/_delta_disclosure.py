"""δ-disclosure privacy: no value much more or less frequent than in the table."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from skanon._groups import EquivalenceClasses
from skanon.privacy._privacy_model import Mask, Numbers, PrivacyModel, check_number

__all__ = ["DeltaDisclosure"]


@dataclass(frozen=True)
class DeltaDisclosure(PrivacyModel):
    r"""Ask that the values of a class are about as frequent as in the whole table.

    The bound is relative, and holds for values that become rarer too.

    Parameters
    ----------
    delta : float
        The bound of the logarithm to base 2 of the ratio; above 0. With 1, a value is
        less than twice and more than half as frequent.
    sensitive : str, default=None
        The sensitive column; None is fine where there is only one.

    See Also
    --------
    BetaLikeness : Bound only what becomes more frequent.
    TCloseness : Bound the distance between the distributions.
    skanon.metrics.delta_disclosure : The delta that a table reaches.

    Notes
    -----
    A class satisfies it if :math:`|\log_2(p_x / q_x)| < \delta` for each value x in
    the class, with its share p in the class and q in the whole table, suppressed
    records included.

    **Protects against** learning that a value is likelier or less likely than usual.
    **Does not protect against** learning that a value is not there at all: only the
    values of a class are looked at, as by the authors.
    **Remembers** nothing of the data.

    References
    ----------
    J. Brickell, V. Shmatikov, "The cost of privacy: destruction of data-mining
    utility in anonymized data publishing", KDD, 2008.

    Examples
    --------
    >>> from skanon.metrics import equivalence_classes
    >>> from skanon.privacy import DeltaDisclosure
    >>> X = [["8001", "flu"], ["8001", "gout"], ["8004", "flu"], ["8004", "flu"]]
    >>> classes = equivalence_classes(X, quasi_identifiers=[0], sensitive=1)
    >>> DeltaDisclosure(1.5).check(classes)
    array([ True,  True])
    """

    _is_monotone: ClassVar[bool] = False

    delta: float
    sensitive: Any = None

    def __post_init__(self) -> None:
        check_number(self, "delta", 0, above=True)

    def _measure(self, classes: EquivalenceClasses) -> Numbers:
        histogram = classes.histogram(self.sensitive)
        ratio = histogram.shares / histogram.overall_shares[histogram.values]
        return histogram.max(np.abs(np.log2(ratio)))

    def _satisfied(self, classes: EquivalenceClasses) -> Mask:
        return self._measure(classes) < self.delta
