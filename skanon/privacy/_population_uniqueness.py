"""Population uniqueness: few people that are alone in the population."""

from dataclasses import dataclass

import numpy as np

from skanon._groups import EquivalenceClasses
from skanon._uniqueness import (
    UNIQUENESS_MODELS,
    check_population,
    estimate_uniqueness,
    population_of,
)
from skanon._validation import check_word
from skanon.privacy._privacy_model import Numbers, check_number
from skanon.privacy._table_model import TableModel

__all__ = ["PopulationUniqueness"]

OWNER = "PopulationUniqueness"


@dataclass(frozen=True)
class PopulationUniqueness(TableModel):
    """Ask that few people of the population are alone in their class.

    The table is a sample. How many people are unique in the population is estimated
    from the class sizes of the sample.

    Parameters
    ----------
    threshold : float
        The greatest share of unique people in the population, in [0, 1].
    model : {"pitman", "zayatz", "snb", "dankar"}, default="dankar"
        The estimator; "dankar" chooses among the others by the sampling fraction.
    population_size : float, default=None
        The size of the population. Give either this or ``sampling_fraction``.
    sampling_fraction : float, default=None
        The records of the table per person of the population, in (0, 1].

    See Also
    --------
    SampleUniqueness : Bound the share of unique records of the table itself.
    KMap : Ask for the size of each class in the population.
    skanon.metrics.population_uniqueness : The estimate for a table.

    Notes
    -----
    An estimator that has no answer for a table counts as not satisfied. A missing
    value is a category of its own.

    **Protects against** finding many people, from an attacker who does not know who of
    the population is in the table.
    **Does not protect against** finding single ones, nor against an attacker who knows
    that a person is in the table.
    **Remembers** nothing of the data.

    References
    ----------
    F. K. Dankar, K. El Emam, A. Neisa, T. Roffey, "Estimating the re-identification
    risk of clinical data sets", BMC Medical Informatics and Decision Making 12 (66),
    2012.

    Examples
    --------
    >>> from skanon.metrics import equivalence_classes
    >>> from skanon.privacy import PopulationUniqueness
    >>> X = [["8001"]] * 30 + [["8004"]] * 30 + [["8005"]]
    >>> classes = equivalence_classes(X, quasi_identifiers=[0])
    >>> model = PopulationUniqueness(1e-5, model="zayatz", population_size=6100)
    >>> model.check(classes)
    array([ True,  True, False])
    """

    threshold: float
    model: str = "dankar"
    population_size: float | None = None
    sampling_fraction: float | None = None

    def __post_init__(self) -> None:
        check_number(self, "threshold", 0, 1)
        check_word(self.model, UNIQUENESS_MODELS, "model", OWNER)
        check_population(self.population_size, self.sampling_fraction, OWNER)

    @property
    def is_monotone(self) -> bool:
        """Whether a generalization of a table that satisfies it satisfies it too."""
        return self.model == "zayatz"

    def _reached(
        self, members: Numbers, sizes: Numbers, classes: EquivalenceClasses
    ) -> float:
        if not len(members):
            return 0.0
        found, counts = np.unique(members, return_counts=True)
        fraction = float(members.sum()) / self._population(classes)
        return estimate_uniqueness(found, counts, fraction, self.model)

    def _keeps(
        self, members: Numbers, sizes: Numbers, classes: EquivalenceClasses
    ) -> bool:
        return self._reached(members, sizes, classes) <= self.threshold

    def _population(self, classes: EquivalenceClasses) -> float:
        """Return the number of people; records that are suppressed stay among them."""
        return population_of(
            float(classes.n_records),
            self.population_size,
            self.sampling_fraction,
            OWNER,
        )
