"""t-closeness: sensitive values distributed in each class as in the whole table."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from skanon._arrow import type_name
from skanon._groups import EquivalenceClasses
from skanon._validation import check_word
from skanon.exceptions import ColumnTypeError
from skanon.privacy._distances import (
    equal_distances,
    hierarchical_distances,
    ordered_distances,
)
from skanon.privacy._privacy_model import (
    TOLERANCE,
    Mask,
    Numbers,
    PrivacyModel,
    check_number,
)

__all__ = ["TCloseness"]

DISTANCES = ("equal", "ordered", "hierarchical")


@dataclass(frozen=True)
class TCloseness(PrivacyModel):
    """Ask that sensitive values are distributed in each class as in the table.

    Finding the class of a person then tells little that was not known before.

    Parameters
    ----------
    t : float
        The greatest distance between the two distributions, in [0, 1].
    distance : {"equal", "ordered", "hierarchical"}, default="equal"
        How far one value is from another: all equally far; by their rank among the
        values; or by the height at which a hierarchy joins them.
    sensitive : str, default=None
        The sensitive column; None is fine where there is only one.
    order : sequence, default=None
        For ``distance="ordered"``: the values from the least to the greatest. None
        takes the order of numbers, dates or an ordered categorical; text has none. A
        missing value comes last, or where None stands.
    hierarchy : Hierarchy, default=None
        For ``distance="hierarchical"``: the hierarchy of the sensitive values.

    See Also
    --------
    DistinctLDiversity : Ask for different values only.
    BetaLikeness : Bound how much more frequent a value is than in the table.
    skanon.metrics.t_closeness : The t that a table reaches.

    Notes
    -----
    The distance is the earth mover's, between the shares p of a class and the shares
    q of the whole table, suppressed records included. Equal: half the sum of the
    differences. Ordered: the mean over the v - 1 steps between v values of the
    difference of the cumulative shares. Hierarchical: mass that moves within a node
    of level L of a hierarchy of height H costs L / H.

    **Protects against** learning much more about a class than about everybody.
    **Does not protect against** conclusions from the table as a whole.
    **Remembers** nothing of the data.

    References
    ----------
    N. Li, T. Li, S. Venkatasubramanian, "t-closeness: privacy beyond k-anonymity and
    l-diversity", IEEE International Conference on Data Engineering, 2007.

    Examples
    --------
    >>> from skanon.metrics import equivalence_classes
    >>> from skanon.privacy import TCloseness
    >>> X = [["8001", 1], ["8001", 1], ["8001", 2], ["8004", 3]]
    >>> classes = equivalence_classes(X, quasi_identifiers=[0], sensitive=1)
    >>> TCloseness(0.3, distance="ordered").check(classes)
    array([ True, False])
    """

    t: float
    distance: str = "equal"
    sensitive: Any = None
    order: Sequence[Any] | None = None
    hierarchy: Any = None

    def __post_init__(self) -> None:
        check_number(self, "t", 0, 1)
        check_word(self.distance, DISTANCES, "distance", "TCloseness")
        if (self.hierarchy is None) == (self.distance == "hierarchical"):
            raise ValueError(
                "TCloseness takes a 'hierarchy' if and only if its distance is "
                f"'hierarchical'; got the distance {self.distance!r} and "
                f"{'no' if self.hierarchy is None else 'a'} hierarchy."
            )
        if self.hierarchy is not None and not hasattr(self.hierarchy, "for_values"):
            raise TypeError(
                "'hierarchy' of TCloseness must be a Hierarchy; got "
                f"{type(self.hierarchy).__name__}."
            )
        if self.order is not None and self.distance != "ordered":
            raise ValueError(
                "TCloseness takes an 'order' only with distance='ordered'; got the "
                f"distance {self.distance!r}."
            )

    def __eq__(self, other: object) -> bool:
        return isinstance(other, TCloseness) and self._key() == other._key()

    def __hash__(self) -> int:
        return hash(self._key())

    def _key(self) -> tuple[Any, ...]:
        # An order may be an array, which has no truth value where it is compared.
        order = None if self.order is None else tuple(self.order)
        return self.t, self.distance, self.sensitive, order, self.hierarchy

    def _measure(self, classes: EquivalenceClasses) -> Numbers:
        histogram = classes.histogram(self.sensitive)
        if self.distance == "equal":
            return equal_distances(histogram)
        if self.distance == "ordered":
            return ordered_distances(histogram, self._ranks(classes))
        column = classes.sensitive[classes.sensitive_name(self.sensitive)]
        return hierarchical_distances(histogram, column, self.hierarchy)

    def _satisfied(self, classes: EquivalenceClasses) -> Mask:
        return np.asarray(self._measure(classes) <= self.t + TOLERANCE)

    def _ranks(self, classes: EquivalenceClasses) -> Numbers:
        column = classes.sensitive[classes.sensitive_name(self.sensitive)]
        if self.order is not None:
            return np.asarray(column.ranks(self.order))
        if not column.is_ordered:
            raise ColumnTypeError(
                f"Column {column.name!r} has Arrow type "
                f"{type_name(column.values.type)}, which has no order; "
                "distance='ordered' needs one. Say which value comes after which with "
                "'order', make the column an ordered categorical, or take "
                "distance='equal'."
            )
        return np.arange(column.n_codes)
