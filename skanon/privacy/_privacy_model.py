"""What every privacy model has: parameters, a measure and a verdict per class."""

from abc import ABC, abstractmethod
from dataclasses import dataclass, fields
from numbers import Integral, Real
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from skanon._groups import EquivalenceClasses

__all__ = ["MOST_VALUES", "TOLERANCE", "PrivacyModel", "check_number"]

Mask = npt.NDArray[np.bool_]
Numbers = npt.NDArray[Any]

#: What rounding may add to a measure: a value that equals its threshold satisfies it.
TOLERANCE = 1e-12

#: No column has so many different values; an infinite ``l`` has no whole number.
MOST_VALUES = 2**53


@dataclass(frozen=True)
class PrivacyModel(ABC):
    """A promise about equivalence classes.

    A model is its parameters: two models of one class with equal parameters are
    equal. It learns nothing, cannot be changed, and says of all classes of a table
    at once which of them satisfy it.

    See Also
    --------
    skanon.privacy.judge : What several models say together.
    skanon.metrics.equivalence_classes : Group the rows of a table.

    Examples
    --------
    >>> from skanon.metrics import equivalence_classes
    >>> from skanon.privacy import KAnonymity
    >>> classes = equivalence_classes([[1], [1], [2]], quasi_identifiers=[0])
    >>> KAnonymity(2).check(classes)
    array([ True, False])
    """

    _is_monotone: ClassVar[bool] = True
    _is_monotone_with_suppression: ClassVar[bool] = False

    @property
    def is_monotone(self) -> bool:
        """Whether a generalization of a table that satisfies it satisfies it too."""
        return self._is_monotone

    @property
    def is_monotone_with_suppression(self) -> bool:
        """Whether a generalization never needs more records to be suppressed."""
        return self._is_monotone_with_suppression

    @property
    def min_class_size(self) -> int:
        """The size below which no class satisfies it; 0 if it implies none."""
        return 0

    def measure(self, classes: EquivalenceClasses) -> Numbers:
        """Return what each class reaches, in the terms of the model's threshold.

        Parameters
        ----------
        classes : EquivalenceClasses
            The classes of a table.

        Returns
        -------
        ndarray of shape (n_classes,)
            One number per class.
        """
        return self._measure(classes)

    def check(self, classes: EquivalenceClasses) -> Mask:
        """Return which classes satisfy the model.

        Parameters
        ----------
        classes : EquivalenceClasses
            The classes of a table.

        Returns
        -------
        ndarray of bool of shape (n_classes,)
            True where a class satisfies it. A class without records breaks no
            promise about its records.
        """
        return np.asarray(self._satisfied(classes) | (classes.members == 0))

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """Return the parameters, as scikit-learn's ``clone`` wants them.

        Parameters
        ----------
        deep : bool, default=True
            Ignored: no parameter of a model has parameters of its own.

        Returns
        -------
        dict
            The parameters by their names.
        """
        return {field.name: getattr(self, field.name) for field in fields(self)}

    @abstractmethod
    def _measure(self, classes: EquivalenceClasses) -> Numbers:
        """Return what each class reaches."""

    @abstractmethod
    def _satisfied(self, classes: EquivalenceClasses) -> Mask:
        """Return which classes satisfy the model; empty ones do not matter."""


def check_number(
    model: object,
    name: str,
    low: float,
    high: float = np.inf,
    *,
    whole: bool = False,
    above: bool = False,
) -> None:
    """Check a model's parameter.

    Raises
    ------
    ValueError
        If it is not a number of at least ``low`` (greater than it if ``above``) and
        at most ``high``; TypeError if it is no number at all.
    """
    value = getattr(model, name)
    kind = Integral if whole else Real
    what = "an integer" if whole else "a number"
    owner = type(model).__name__
    if isinstance(value, bool | np.bool_) or not isinstance(value, kind):
        raise TypeError(
            f"'{name}' of {owner} must be {what}; got {type(value).__name__}."
        )
    number = float(value)
    if not (low < number if above else low <= number) or not number <= high:
        least = f"greater than {low:g}" if above else f"at least {low:g}"
        most = "" if high == np.inf else f" and at most {high:g}"
        raise ValueError(
            f"'{name}' of {owner} must be {what} {least}{most}; got {value!r}."
        )
