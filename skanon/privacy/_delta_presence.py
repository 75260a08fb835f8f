"""δ-presence: how likely it is that somebody of the population is in the table."""

from dataclasses import dataclass

import numpy as np

from skanon._groups import EquivalenceClasses
from skanon.privacy._privacy_model import (
    TOLERANCE,
    Mask,
    Numbers,
    PrivacyModel,
    check_number,
)

__all__ = ["DeltaPresence"]


@dataclass(frozen=True)
class DeltaPresence(PrivacyModel):
    """Ask that nobody can tell well who of the population is in the table.

    Being in it may be the secret: a register of patients, for example.

    Parameters
    ----------
    delta_min : float
        The least share of a class's population that is in the table, in [0, 1].
    delta_max : float
        The greatest share, in [``delta_min``, 1].

    See Also
    --------
    KMap : Ask for the size of the class in the population.
    skanon.metrics.delta_presence : The bounds that a table reaches.

    Notes
    -----
    The classes must know the population: group the population's table and mark the
    rows that are published as the ``subset``. A class of the population without a
    record in the table has the share 0; if ``delta_min`` forbids that, no suppression
    helps, for there is nothing to suppress.

    **Protects against** learning that a person is in the table, or is not.
    **Does not protect against** learning more about who is known to be there.
    **Remembers** nothing of the data.

    References
    ----------
    M. E. Nergiz, M. Atzori, C. Clifton, "Hiding the presence of individuals from
    shared databases", ACM SIGMOD, 2007.

    Examples
    --------
    >>> from skanon.metrics import equivalence_classes
    >>> from skanon.privacy import DeltaPresence
    >>> population = [["8001"], ["8001"], ["8004"], ["8004"]]
    >>> published = [True, False, True, True]
    >>> classes = equivalence_classes(
    ...     population, quasi_identifiers=[0], subset=published
    ... )
    >>> DeltaPresence(0.2, 0.5).check(classes)
    array([ True, False])
    """

    delta_min: float
    delta_max: float

    def __post_init__(self) -> None:
        check_number(self, "delta_min", 0, 1)
        check_number(self, "delta_max", self.delta_min, 1)

    def check(self, classes: EquivalenceClasses) -> Mask:
        """Return which classes satisfy the model.

        Parameters
        ----------
        classes : EquivalenceClasses
            The classes of a population, the table being its subset.

        Returns
        -------
        ndarray of bool of shape (n_classes,)
            True where a class satisfies it; a class without records in the table
            satisfies it only if ``delta_min`` is 0.
        """
        return self._satisfied(classes)

    def _measure(self, classes: EquivalenceClasses) -> Numbers:
        return np.asarray(classes.sizes / classes.population_sizes)

    def _satisfied(self, classes: EquivalenceClasses) -> Mask:
        share = self._measure(classes)
        is_enough = share >= self.delta_min - TOLERANCE
        return np.asarray(is_enough & (share <= self.delta_max + TOLERANCE))
