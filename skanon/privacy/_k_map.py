"""k-map: every record hides among k of the population."""

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from scipy.special import gammaln, pdtr

from skanon._groups import EquivalenceClasses
from skanon._validation import check_word
from skanon.privacy._privacy_model import (
    Mask,
    Numbers,
    PrivacyModel,
    check_number,
)

__all__ = ["KMap"]

ESTIMATORS = ("poisson", "zero_truncated_poisson")


@dataclass(frozen=True)
class KMap(PrivacyModel):
    r"""Ask that every record fits at least ``k`` people of the population.

    The population is a table of which the published rows are the ``subset``, or it is
    known by its size alone and estimated.

    Parameters
    ----------
    k : int
        The least number of people that a record fits; at least 1.
    population_size : int, default=None
        The size of the population. None takes the population's table.
    significance_level : float, default=0.05
        The chance that a class that is called large enough is not, in [0, 1]; used
        with ``population_size``.
    estimator : {"poisson", "zero_truncated_poisson"}, default="poisson"
        How class sizes in the sample and the population are related; used with
        ``population_size``.

    See Also
    --------
    KAnonymity : Count the records of the table itself.
    DeltaPresence : Bound the share of the population that is in the table.
    skanon.metrics.k_map : The k that a table reaches.

    Notes
    -----
    With ``population_size`` N, a class of k people is expected to have
    :math:`\lambda = k n / N` of the n records of the table. A class is called large
    enough if its size in the table would be a surprise for that expectation:
    k'-anonymity is asked for, where k' is 2 more than the least count c for which
    :math:`P(\mathrm{Poisson}(\lambda) \le c) \ge 1 - \alpha`, or 1 more with the
    zero-truncated distribution, and at most k. These are the rules of the ARX
    software, of which the first is stricter by one than the test needs.

    **Protects against** telling whose record it is, from an attacker who does not know
    who of the population is in the table.
    **Does not protect against** one who knows that a person is in the table.
    **Remembers** nothing of the data.

    References
    ----------
    K. El Emam, F. K. Dankar, "Protecting privacy using k-anonymity", Journal of the
    American Medical Informatics Association 15 (5), 2008.

    Examples
    --------
    >>> from skanon.metrics import equivalence_classes
    >>> from skanon.privacy import KMap
    >>> population = [["8001"], ["8001"], ["8004"]]
    >>> published = [True, False, True]
    >>> classes = equivalence_classes(
    ...     population, quasi_identifiers=[0], subset=published
    ... )
    >>> KMap(2).check(classes)
    array([ True, False])
    """

    _is_monotone_with_suppression: ClassVar[bool] = True

    k: int
    population_size: int | None = None
    significance_level: float = 0.05
    estimator: str = "poisson"

    def __post_init__(self) -> None:
        check_number(self, "k", 1, whole=True)
        if self.population_size is not None:
            check_number(self, "population_size", 1, whole=True)
        check_number(self, "significance_level", 0, 1)
        check_word(self.estimator, ESTIMATORS, "estimator", "KMap")

    def estimated_k(self, n_records: float) -> int:
        """Return the size that a class of the table must have.

        Parameters
        ----------
        n_records : int or float
            The records of the table.

        Returns
        -------
        int
            The k' of the notes; 1 if the population's table is used.
        """
        if self.population_size is None or not n_records:
            return 1
        if self.population_size < n_records:
            raise ValueError(
                f"'population_size' of KMap is {self.population_size}, less than the "
                f"{n_records:g} records of the table."
            )
        expected = self.k * n_records / self.population_size
        most = min(self.k, math.ceil(n_records))  # so no more are needed
        counts = np.arange(1, most + 1)
        if self.estimator == "poisson":
            chances = pdtr(counts - 1, expected)
        else:
            logs = counts * np.log(expected) - expected - gammaln(counts + 1)
            chances = np.cumsum(np.exp(logs)) / -np.expm1(-expected)
        enough = int(np.searchsorted(chances, 1 - self.significance_level))
        return int(min(enough + 2, n_records, self.k))

    def _measure(self, classes: EquivalenceClasses) -> Numbers:
        """Return the population sizes; if they are estimated, the table's sizes."""
        if self.population_size is None:
            return classes.population_sizes
        return classes.sizes

    def _satisfied(self, classes: EquivalenceClasses) -> Mask:
        if self.population_size is None:
            return classes.population_sizes >= self.k
        return classes.sizes >= self.estimated_k(classes.n_records)
