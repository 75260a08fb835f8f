"""What several privacy models say together."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from skanon._groups import EquivalenceClasses
from skanon.privacy._privacy_model import Mask, Numbers, PrivacyModel
from skanon.privacy._table_model import TableModel

__all__ = ["Judgement", "check_models", "judge"]


@dataclass(frozen=True, eq=False)
class Judgement:
    """Which classes of a table can be published; made by :func:`judge`.

    It says too how many records publishing only those would cost.

    Parameters
    ----------
    satisfied : ndarray of bool of shape (n_classes,)
        Where a class satisfies all models.
    n_violating : int or float
        How many records are in the other classes, and so would be suppressed.
    is_repairable : bool
        Whether the models hold once those are suppressed. It is False where a class
        of the population without records in the table breaks a
        :class:`DeltaPresence`.

    See Also
    --------
    judge : Make one.

    Examples
    --------
    >>> from skanon.metrics import equivalence_classes
    >>> from skanon.privacy import KAnonymity, judge
    >>> classes = equivalence_classes([[1], [1], [2]], quasi_identifiers=[0])
    >>> judge(KAnonymity(2), classes).n_violating
    1
    """

    satisfied: Mask
    n_violating: Any
    is_repairable: bool


def judge(
    models: PrivacyModel | Iterable[PrivacyModel],
    classes: EquivalenceClasses,
    *,
    costs: Sequence[float] | Numbers | None = None,
) -> Judgement:
    """Return which classes satisfy all models.

    Models about single classes come first; those about the table as a whole judge
    what is left.

    Parameters
    ----------
    models : PrivacyModel or list of PrivacyModel
        The models.
    classes : EquivalenceClasses
        The classes of a table.
    costs : array-like of float of shape (n_classes,), default=None
        Which of equally large classes goes first where a model about the whole table
        has the choice: the one of least cost.

    Returns
    -------
    Judgement
        The verdict per class, and what it costs.

    Raises
    ------
    TypeError
        If there is something else among the models; ValueError if there is none, or
        if the costs are not one number for each class.

    See Also
    --------
    skanon.metrics.assert_privacy : Raise an error where a table breaks a promise.

    Examples
    --------
    >>> from skanon.metrics import equivalence_classes
    >>> from skanon.privacy import DistinctLDiversity, KAnonymity, judge
    >>> X = [["8001", "flu"], ["8001", "gout"], ["8004", "flu"], ["8004", "flu"]]
    >>> classes = equivalence_classes(X, quasi_identifiers=[0], sensitive=1)
    >>> judge([KAnonymity(2), DistinctLDiversity(2)], classes).satisfied
    array([ True, False])
    """
    models = check_models(models)
    of_tables = [model for model in models if isinstance(model, TableModel)]
    satisfied = np.ones(classes.n_classes, bool)
    for model in models:
        if not isinstance(model, TableModel):
            satisfied &= model.check(classes)
    is_empty = classes.members == 0
    # A model that implies a size takes a class without records out of all question.
    implies_size = any(model.min_class_size for model in models)
    is_repairable = implies_size or bool(satisfied[is_empty].all())
    for table_model in of_tables:
        satisfied &= table_model.check(classes, among=satisfied, costs=costs)
    n_violating = classes.members[~satisfied].sum().item()
    return Judgement(satisfied, n_violating, is_repairable)


def check_models(models: object) -> list[PrivacyModel]:
    """Return privacy models as a list.

    Parameters
    ----------
    models : PrivacyModel or iterable of PrivacyModel
        What a caller gives: one model or several.

    Returns
    -------
    list of PrivacyModel
        The models.

    Raises
    ------
    TypeError
        If there is something else among them.
    ValueError
        If there are none.

    See Also
    --------
    judge : What the models say of a table.

    Examples
    --------
    >>> from skanon.privacy import KAnonymity, check_models
    >>> check_models(KAnonymity(5))
    [KAnonymity(k=5)]
    """
    found = [models] if isinstance(models, PrivacyModel) else models
    if not isinstance(found, Iterable):
        raise TypeError(
            "Privacy models are given as a list, such as [KAnonymity(5)]; got "
            f"{type(models).__name__}."
        )
    found = list(found)
    for model in found:
        if not isinstance(model, PrivacyModel):
            raise TypeError(
                "Privacy models are objects such as KAnonymity(5); got "
                f"{getattr(model, '__name__', type(model).__name__)} in the list."
            )
    if not found:
        raise ValueError("The list of privacy models is empty; give at least one.")
    return found
