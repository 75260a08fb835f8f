"""What a data-protection officer asks first, in one object."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from skanon._frames import read_frame
from skanon._groups import EquivalenceClasses
from skanon._uniqueness import UNIQUENESS_MODELS, population_of
from skanon._validation import check_word
from skanon.metrics._attacker_risk import AttackerRisk
from skanon.metrics._column_options import names_as_given
from skanon.metrics._hiding_places import attack, read_hiding_places
from skanon.metrics._reading import check_fraction, check_quasi_identifiers, sum_by
from skanon.metrics._report_lines import aligned, estimate, reading_of_missing
from skanon.metrics._uniqueness import (
    uniqueness_in_population,
    uniqueness_in_sample,
)
from skanon.typing import ArrayLike, Table

__all__ = ["RiskSummary", "risk_summary"]

Numbers = npt.NDArray[Any]


@dataclass(frozen=True, eq=False, repr=False)
class RiskSummary:
    """The re-identification risk of a table.

    Shown as text, it is a small report; it holds counts and shares, no cell.

    Parameters
    ----------
    quasi_identifiers : list
        The names of the columns by which a person can be recognized; positions where
        they have none.
    n_records : int or float
        The records that are not suppressed.
    n_suppressed : int or float
        Those that are.
    class_sizes : ndarray of shape (n_sizes,)
        The sizes of classes that occur, ascending.
    class_counts : ndarray of shape (n_sizes,)
        How many classes have each size.
    prosecutor, journalist, marketer : AttackerRisk
        How far each kind of attacker would get.
    sample_uniqueness : float
        The share of records that are alone in their class.
    population_uniqueness : float or None
        The estimated share of the population that is alone; None if the sampling
        fraction is not known.
    threshold : float
        The risk of a record that is still acceptable.
    missing : {"own_category", "wildcard"}, default="own_category"
        What a missing quasi-identifier was taken to equal.
    n_incomplete : int or float, default=0
        The records that are not suppressed and lack a quasi-identifier.

    Attributes
    ----------
    n_classes : int
        The number of equivalence classes.
    smallest_class : int or float
        The records of the smallest: the k of k-anonymity; 0 if there is none.

    See Also
    --------
    risk_summary : Measure a table.
    skanon.plotting.RiskDisplay : Draw it.

    Examples
    --------
    >>> import pandas as pd
    >>> from skanon.metrics import risk_summary
    >>> X = pd.DataFrame({"sex": list("fffmm"), "town": ["Ulm"] * 4 + ["Bonn"]})
    >>> summary = risk_summary(X, quasi_identifiers=["sex", "town"])
    >>> summary.n_classes, summary.smallest_class
    (3, 1)
    """

    quasi_identifiers: list[Any]
    n_records: Any
    n_suppressed: Any
    class_sizes: Numbers
    class_counts: Numbers
    prosecutor: AttackerRisk
    journalist: AttackerRisk
    marketer: AttackerRisk
    sample_uniqueness: float
    population_uniqueness: float | None
    threshold: float
    missing: str = "own_category"
    n_incomplete: Any = 0

    @property
    def n_classes(self) -> int:
        """The number of equivalence classes."""
        return int(self.class_counts.sum())

    @property
    def smallest_class(self) -> Any:
        """The records of the smallest class; 0 if there is none."""
        return self.class_sizes[0].item() if len(self.class_sizes) else 0

    def to_frame(self, name: str = "risk") -> Any:
        """Return the numbers as a pandas table, one measure per row.

        Parameters
        ----------
        name : str, default="risk"
            The name of the column; "before" and "after" join two summaries.

        Returns
        -------
        DataFrame of shape (n_measures, 1)
            The measures; its index is named "measure".
        """
        import pandas as pd

        measures = {
            "records": self.n_records,
            "suppressed_records": self.n_suppressed,
            "classes": self.n_classes,
            "smallest_class": self.smallest_class,
            "sample_uniqueness": self.sample_uniqueness,
            "population_uniqueness": self.population_uniqueness,
        }
        for risk in self._attackers():
            for measure, value in self._measures(risk).items():
                measures[f"{risk.attacker}_{measure}"] = value
        values = pd.Series(measures, name=name, dtype="float64")
        return values.rename_axis("measure").to_frame()

    def _attackers(self) -> tuple[AttackerRisk, AttackerRisk, AttackerRisk]:
        return self.prosecutor, self.journalist, self.marketer

    def _measures(self, risk: AttackerRisk) -> dict[str, float]:
        return {
            "highest": risk.highest,
            "average": risk.average,
            "records_at_risk": risk.records_at_risk(self.threshold),
            "success_rate": risk.success_rate,
        }

    def __repr__(self) -> str:
        columns = ", ".join(map(str, self.quasi_identifiers))
        at_risk = f"at risk (> {self.threshold:g})"
        heading = ["", "highest", "average", at_risk, "success rate"]
        rows = [heading]
        for risk in self._attackers():
            numbers = [f"{value:.4f}" for value in self._measures(risk).values()]
            rows.append([risk.attacker, *numbers])
        return "\n".join(
            [
                f"{self.n_records:,} records in {self.n_classes:,} classes by {columns}"
                f" (suppressed: {self.n_suppressed:,})",
                *reading_of_missing(self.n_incomplete, self.missing),
                *aligned(rows),
                f"smallest class: {self.smallest_class:,}",
                f"unique in the table: {self.sample_uniqueness:.4f}",
                f"unique in the population: {estimate(self.population_uniqueness)}",
            ]
        )


def risk_summary(
    X: Table,
    *,
    quasi_identifiers: Sequence[Any],
    threshold: float = 0.2,
    sampling_fraction: float | None = None,
    uniqueness_model: Literal["pitman", "zayatz", "snb", "dankar"] = "dankar",
    population: Table = None,
    sampling_weight: ArrayLike = None,
    sample_weight: ArrayLike = None,
    missing: Literal["own_category", "wildcard"] = "own_category",
    suppressed: ArrayLike = None,
) -> RiskSummary:
    """Measure the re-identification risk of a table.

    Parameters
    ----------
    X : DataFrame, Table or array-like of shape (n_samples, n_features)
        The table.
    quasi_identifiers : list of str or int
        The columns that an attacker may know, by name or position.
    threshold : float, default=0.2
        The risk of a record that is still acceptable; 0.2 is a class of five.
    sampling_fraction : float, default=None
        Records of the table per person of the population, in (0, 1]; with it the
        uniqueness in the population is estimated.
    uniqueness_model : {"pitman", "zayatz", "snb", "dankar"}, default="dankar"
        The estimator of :func:`population_uniqueness`.
    population : DataFrame, Table or array-like, default=None
        The whole population, X's records included, with the same quasi-identifiers
        generalized alike, for the journalist and the marketer. Without it, and
        without ``sampling_weight``, the table counts as the population.
    sampling_weight : array-like of shape (n_samples,), default=None
        How many people of the population each record represents: the weight of a
        survey. Not to be confused with ``sample_weight``.
    sample_weight : array-like of shape (n_samples,), default=None
        How many records each row stands for. None counts each row once.
    missing : {"own_category", "wildcard"}, default="own_category"
        Whether a missing quasi-identifier equals only missing ones, or every value.
    suppressed : array-like of bool of shape (n_samples,), default=None
        The suppressed records, which are in no class. None takes the rows in which
        every quasi-identifier is missing, which is what record suppression leaves.

    Returns
    -------
    RiskSummary
        The risk from three kinds of attackers, uniqueness and class sizes. Printed,
        it is a report, which says how missing values were read where there are any;
        ``to_frame()`` gives a table.

    Raises
    ------
    ColumnError
        If there are no quasi-identifiers, or one is not in X.
    ValueError
        If a weight or another parameter is out of its range.
    TypeError
        If ``sampling_fraction`` is no number.

    See Also
    --------
    prosecutor_risk : One attacker alone.
    quasi_identifier_ranking : Which columns identify.
    suda2 : Which records are special.
    skanon.plotting.RiskDisplay : Draw it.

    Notes
    -----
    A low risk by these columns says nothing about others that an attacker may know
    in addition, nor about what a class has in common.

    References
    ----------
    K. El Emam, "Guide to the de-identification of personal health information",
    CRC Press, 2013.

    Examples
    --------
    >>> import pandas as pd
    >>> from skanon.metrics import risk_summary
    >>> X = pd.DataFrame({"sex": list("fffmm"), "town": ["Ulm"] * 4 + ["Bonn"]})
    >>> risk_summary(X, quasi_identifiers=["sex", "town"], threshold=0.5)
    5 records in 3 classes by sex, town (suppressed: 0)
                highest  average  at risk (> 0.5)  success rate
    prosecutor   1.0000   0.6000           0.4000        0.6000
    journalist   1.0000   0.6000           0.4000        0.6000
    marketer     1.0000   0.6000           0.4000        0.6000
    smallest class: 1
    unique in the table: 0.4000
    unique in the population: not estimated
    """
    check_fraction(threshold, "threshold", "risk_summary")
    check_word(uniqueness_model, UNIQUENESS_MODELS, "uniqueness_model", "risk_summary")
    frame = read_frame(X)
    places = check_quasi_identifiers(quasi_identifiers, frame, "risk_summary")
    classes, hiding = read_hiding_places(
        frame.native,
        quasi_identifiers,
        owner="risk_summary",
        population=population,
        sampling_weight=sampling_weight,
        sample_weight=sample_weight,
        missing=missing,
        suppressed=suppressed,
    )
    unique = None
    if sampling_fraction is not None:
        n_records = float(classes.n_records)
        people = population_of(n_records, None, sampling_fraction, "risk_summary")
        unique = uniqueness_in_population(classes, people, uniqueness_model)
    sizes, counts = _histogram(classes)
    return RiskSummary(
        quasi_identifiers=names_as_given(quasi_identifiers, places, frame),
        n_records=classes.members.sum().item(),
        n_suppressed=classes.n_suppressed,
        class_sizes=sizes,
        class_counts=counts,
        prosecutor=attack("prosecutor", classes, classes.sizes),
        journalist=attack("journalist", classes, hiding),
        marketer=attack("marketer", classes, hiding),
        sample_uniqueness=uniqueness_in_sample(classes),
        population_uniqueness=unique,
        threshold=float(threshold),
        missing=missing,
        n_incomplete=classes.n_incomplete,
    )


def _histogram(classes: EquivalenceClasses) -> tuple[Numbers, Numbers]:
    sizes = classes.sizes[classes.members > 0]
    return sum_by(sizes, np.ones(len(sizes), np.int64))
