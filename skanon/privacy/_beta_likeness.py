"""β-likeness: no value much more frequent in a class than in the table."""

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

__all__ = ["BetaLikeness"]


@dataclass(frozen=True)
class BetaLikeness(PrivacyModel):
    r"""Ask that no value is much more frequent in a class than in the whole table.

    The bound is relative, so that it is as strict for rare values as for others.

    Parameters
    ----------
    beta : float
        By what multiple of its share in the table the share of a value may grow;
        above 0. With 1, a value is at most twice as frequent.
    enhanced : bool, default=False
        Whether to bound the growth of a value with the share q also by -ln q, which
        is stricter for frequent values.
    sensitive : str, default=None
        The sensitive column; None is fine where there is only one.

    See Also
    --------
    DeltaDisclosure : Bound also what becomes rarer.
    TCloseness : Bound the distance between the distributions.
    skanon.metrics.beta_likeness : The beta that a table reaches.

    Notes
    -----
    A class satisfies it if :math:`(p_x - q_x) / q_x \le \beta` for each value x in
    the class, with its share p in the class and q in the whole table, suppressed
    records included; enhanced: :math:`\min(\beta, -\ln q_x)`.

    **Protects against** learning that a value, also a rare one, is likelier than usual.
    **Does not protect against** learning that a value is less likely than usual.
    **Remembers** nothing of the data.

    References
    ----------
    J. Cao, P. Karras, "Publishing microdata with a robust privacy guarantee",
    Proceedings of the VLDB Endowment 5 (11), 2012.

    Examples
    --------
    >>> from skanon.metrics import equivalence_classes
    >>> from skanon.privacy import BetaLikeness
    >>> X = [["8001", "flu"], ["8001", "gout"], ["8004", "flu"], ["8004", "flu"]]
    >>> classes = equivalence_classes(X, quasi_identifiers=[0], sensitive=1)
    >>> BetaLikeness(0.5).check(classes)
    array([False,  True])
    """

    beta: float
    enhanced: bool = False
    sensitive: Any = None

    def __post_init__(self) -> None:
        check_number(self, "beta", 0, above=True)

    def _measure(self, classes: EquivalenceClasses) -> Numbers:
        """Return the least beta; enhanced: infinity where no beta will do."""
        histogram = classes.histogram(self.sensitive)
        q = histogram.overall_shares[histogram.values]
        growth = (histogram.shares - q) / q
        if self.enhanced:
            growth = np.where(growth <= TOLERANCE - np.log(q), growth, np.inf)
        return histogram.max(growth)

    def _satisfied(self, classes: EquivalenceClasses) -> Mask:
        return self._measure(classes) <= self.beta + TOLERANCE
