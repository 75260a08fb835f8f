"""Privacy models about the sizes of all classes together."""

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from skanon._groups import EquivalenceClasses
from skanon.privacy._privacy_model import Mask, Numbers, PrivacyModel

__all__ = ["TableModel"]


@dataclass(frozen=True)
class TableModel(PrivacyModel):
    """A promise about the table as a whole, which depends on class sizes alone.

    Where the table breaks it, the smallest classes are at fault: they are called
    unsatisfactory, in ascending order of size, until the others keep the promise.

    See Also
    --------
    PrivacyModel : What the models about single classes have.
    skanon.privacy.judge : What several models say together.

    Examples
    --------
    >>> from skanon.metrics import equivalence_classes
    >>> from skanon.privacy import AverageRisk
    >>> X = [["8001"], ["8001"], ["8004"]]
    >>> classes = equivalence_classes(X, quasi_identifiers=[0])
    >>> AverageRisk(0.5).reached(classes)
    0.666...
    >>> AverageRisk(0.5).check(classes)
    array([ True, False])
    """

    def reached(self, classes: EquivalenceClasses) -> float:
        """Return what the whole table reaches, in the terms of the threshold.

        Parameters
        ----------
        classes : EquivalenceClasses
            The classes of a table.

        Returns
        -------
        float
            The number that the threshold bounds; 0 for a table without records.
        """
        order = _ascending(classes.members > 0, classes.sizes)
        return self._reached(classes.members[order], classes.sizes[order], classes)

    def describe(self, classes: EquivalenceClasses) -> str:
        """Say what the whole table reaches, in numbers and without a value of it.

        Parameters
        ----------
        classes : EquivalenceClasses
            The classes of a table.

        Returns
        -------
        str
            A sentence without its full stop.
        """
        reached = self.reached(classes)
        if np.isnan(reached):
            return "there is no estimate for the table"
        return f"the table reaches {reached:.4g}"

    def check(
        self,
        classes: EquivalenceClasses,
        *,
        among: Mask | None = None,
        costs: Sequence[float] | Numbers | None = None,
    ) -> Mask:
        """Return which classes can stay, so that the table satisfies the model.

        Parameters
        ----------
        classes : EquivalenceClasses
            The classes of a table.
        among : ndarray of bool of shape (n_classes,), default=None
            The classes that are still there; None for all.
        costs : array-like of float of shape (n_classes,), default=None
            Which of equally large classes goes first: the one of least cost. Among
            equals, and with None, the one whose first row comes first goes first.

        Returns
        -------
        ndarray of bool of shape (n_classes,)
            True where a class can stay. The fewest smallest classes go, if the model
            is monotone in that; else few, found by bisection.

        Raises
        ------
        ValueError
            If the costs are not one number for each class.
        """
        stays = classes.members > 0
        is_whole = among is None or bool(among[stays].all())
        if is_whole and self._is_kept_by_matching(classes):
            return np.ones(len(stays), bool)
        if among is not None:
            stays &= among
        _check_costs(costs, classes)
        order = _ascending(stays, classes.first_rows, costs, classes.members)
        low, high = 0, len(order)
        members = classes.members[order]
        if self._is_kept(members, members, classes):
            high = 0  # bisection alone could miss that nothing has to go
        while low < high:
            middle = (low + high) // 2
            if self._is_kept(members[middle:], members[middle:], classes):
                high = middle
            else:
                low = middle + 1
        stays[order[:low]] = False
        return np.asarray(stays | (classes.members == 0))

    def _measure(self, classes: EquivalenceClasses) -> Numbers:
        return classes.members

    def _satisfied(self, classes: EquivalenceClasses) -> Mask:
        return self.check(classes)

    def _is_kept_by_matching(self, classes: EquivalenceClasses) -> bool:
        """Return whether missing values that match every value keep the promise.

        That is known of the whole table only: who goes may leave others with fewer to
        hide among. The members of their own class are left in any case.
        """
        if classes.sizes is classes.members:
            return False
        order = _ascending(classes.members > 0, classes.sizes)
        return self._is_kept(classes.members[order], classes.sizes[order], classes)

    def _is_kept(
        self, members: Numbers, sizes: Numbers, classes: EquivalenceClasses
    ) -> bool:
        return not len(members) or self._keeps(members, sizes, classes)

    @abstractmethod
    def _reached(
        self, members: Numbers, sizes: Numbers, classes: EquivalenceClasses
    ) -> float:
        """Return what classes of so many members and of these ascending sizes reach."""

    @abstractmethod
    def _keeps(
        self, members: Numbers, sizes: Numbers, classes: EquivalenceClasses
    ) -> bool:
        """Return whether such classes keep the promise."""


def _check_costs(
    costs: Sequence[float] | Numbers | None, classes: EquivalenceClasses
) -> None:
    if costs is not None and np.shape(costs) != (classes.n_classes,):
        raise ValueError(
            f"'costs' must be one number for each of the {classes.n_classes} classes; "
            f"got shape {np.shape(costs)}."
        )


def _ascending(among: Mask, *keys: Any) -> Numbers:
    """Return the positions of the classes by the last key, then by those before."""
    places = np.flatnonzero(among)
    given = [np.asarray(key)[places] for key in keys if key is not None]
    return places[np.lexsort(given)]
