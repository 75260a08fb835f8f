"""Promises about a table, checked: for a user's own tests and pipelines."""

from collections.abc import Iterable, Sequence, Sized
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from skanon._groups import EquivalenceClasses
from skanon.exceptions import ColumnError, PrivacyError
from skanon.metrics._reading import check_fraction, check_share, read_classes
from skanon.metrics._report_lines import reading_of_missing
from skanon.privacy import (
    AverageRisk,
    DistinctLDiversity,
    KAnonymity,
    PrivacyModel,
    TableModel,
    TCloseness,
    check_models,
)
from skanon.typing import ArrayLike, Table

__all__ = ["assert_privacy"]

Mask = npt.NDArray[np.bool_]
Numbers = npt.NDArray[Any]

#: What is promised, in words, and the model that checks it.
Promise: TypeAlias = tuple[str, PrivacyModel]

#: What rounding may add: a risk of 1 / 5 is not above 0.2.
TOLERANCE = 1e-9


def assert_privacy(
    X: Table,
    *,
    quasi_identifiers: Sequence[Any],
    k: int | None = None,
    max_risk: float | None = None,
    average_risk: float | None = None,
    sensitive: Any = None,
    l: float | None = None,  # noqa: E741 - the literature's own name
    t: float | None = None,
    models: PrivacyModel | Iterable[PrivacyModel] = (),
    max_suppressed: float | None = None,
    sample_weight: ArrayLike = None,
    missing: Literal["own_category", "wildcard"] = "own_category",
    suppressed: ArrayLike = None,
    subset: ArrayLike = None,
) -> None:
    """Raise an error unless a table keeps all promises that are named.

    Parameters
    ----------
    X : DataFrame, Table or array-like of shape (n_samples, n_features)
        The table, as it is about to be published.
    quasi_identifiers : list of str or int
        The columns that an attacker may know, by name or position.
    k : int, default=None
        The least size of a class.
    max_risk : float, default=None
        The greatest risk of a record to be found, 1 / class size, in (0, 1].
    average_risk : float, default=None
        The greatest mean of that risk over the records, in (0, 1].
    sensitive : str, int or list, default=None
        The column or columns that an attacker must not learn. ``l`` and ``t`` are
        asked of each.
    l : int or float, default=None
        The least number of different sensitive values in a class.
    t : float, default=None
        The greatest distance of a class's sensitive values from the table's, values
        being equally far from each other.
    models : PrivacyModel or list of PrivacyModel, default=()
        Any other promises.
    max_suppressed : float, default=None
        The greatest share of suppressed records, in [0, 1].
    sample_weight : array-like of shape (n_samples,), default=None
        How many records each row stands for. None counts each row once.
    missing : {"own_category", "wildcard"}, default="own_category"
        Whether a missing quasi-identifier equals only missing ones, or every value.
    suppressed : array-like of bool of shape (n_samples,), default=None
        The suppressed records, which are in no class. None takes the rows in which
        every quasi-identifier is missing, which is what record suppression leaves.
    subset : array-like of bool of shape (n_samples,), default=None
        The rows that are published, if X is the population they were drawn from, for
        models such as :class:`~skanon.privacy.KMap`.

    Raises
    ------
    PrivacyError
        If the table breaks a promise. The message names each, and by how much, and
        says how missing values were read where there are any.
    ColumnError
        If there are no quasi-identifiers, a column is not in X, or a sensitive column
        is needed and not given, or is among the quasi-identifiers.
    TypeError
        If there is something else than models among the models.
    ValueError
        If there is no promise, or a weight or another parameter is out of its range.

    See Also
    --------
    skanon.privacy.judge : Which classes break which models.
    make_privacy_scorer : Measure instead of asserting.

    Examples
    --------
    >>> from skanon.metrics import assert_privacy
    >>> X = [["30-39", "flu"], ["30-39", "gout"], ["40-49", "flu"]]
    >>> assert_privacy(X, quasi_identifiers=[0], k=1, max_risk=1.0)
    >>> assert_privacy(X, quasi_identifiers=[0], sensitive=1, k=2)
    Traceback (most recent call last):
    ...
    skanon.exceptions.PrivacyError: The table breaks 1 of 1 promises:
    - k=2: 1 of 3 records are in 1 class(es) that break it; these reach 1.
    """
    classes = read_classes(
        X,
        quasi_identifiers,
        owner="assert_privacy",
        sensitive=sensitive,
        sample_weight=sample_weight,
        missing=missing,
        suppressed=suppressed,
        subset=subset,
    )
    promises = _promises(classes, k=k, max_risk=max_risk, average_risk=average_risk)
    promises += _promises_of_values(classes, l, t)
    promises += [(_name(model), model) for model in _listed(models)]
    checked = [_failure(name, model, classes) for name, model in promises]
    if max_suppressed is not None:
        checked.append(_too_many_suppressed(classes, max_suppressed))
    if not checked:
        raise ValueError(
            "assert_privacy is given no promise to check; name at least one, such as "
            "k=5."
        )
    failures = [failure for failure in checked if failure is not None]
    if failures:
        lines = [f"The table breaks {len(failures)} of {len(checked)} promises:"]
        lines += [f"- {failure}" for failure in failures]
        lines += reading_of_missing(classes.n_incomplete, missing)
        raise PrivacyError("\n".join(lines))


@dataclass(frozen=True)
class _HighestRisk(PrivacyModel):
    """A bound of the risk of each record."""

    max_risk: float

    def _measure(self, classes: EquivalenceClasses) -> Numbers:
        return np.asarray(1 / np.maximum(classes.sizes, 1))

    def _satisfied(self, classes: EquivalenceClasses) -> Mask:
        return np.asarray(self._measure(classes) <= self.max_risk + TOLERANCE)


def _promises(
    classes: EquivalenceClasses,
    *,
    k: int | None,
    max_risk: float | None,
    average_risk: float | None,
) -> list[Promise]:
    found: list[Promise] = []
    if k is not None:
        found.append((f"k={k}", KAnonymity(k)))
    if max_risk is not None:
        check_fraction(max_risk, "max_risk", "assert_privacy")
        found.append((f"max_risk={max_risk:g}", _HighestRisk(max_risk)))
    if average_risk is not None:
        check_fraction(average_risk, "average_risk", "assert_privacy")
        found.append((f"average_risk={average_risk:g}", AverageRisk(average_risk)))
    return found


def _promises_of_values(
    classes: EquivalenceClasses,
    l: float | None,  # noqa: E741 - the literature's own name
    t: float | None,
) -> list[Promise]:
    if l is None and t is None:
        return []
    if not classes.sensitive:
        raise ColumnError(
            "assert_privacy is asked for l or t and needs the sensitive column; name "
            "it with 'sensitive'."
        )
    found: list[Promise] = []
    for column in classes.sensitive:
        if l is not None:
            model: PrivacyModel = DistinctLDiversity(l, column)
            found.append((f"l={l:g} of column {column!r}", model))
        if t is not None:
            model = TCloseness(t, sensitive=column)
            found.append((f"t={t:g} of column {column!r}", model))
    return found


def _listed(models: PrivacyModel | Iterable[PrivacyModel]) -> list[PrivacyModel]:
    is_empty = isinstance(models, Sized) and not len(models)
    return [] if is_empty else check_models(models)


def _name(model: PrivacyModel) -> str:
    """Return the text of a model, without the categories that it puts in order."""
    if isinstance(model, TCloseness) and model.order is not None:
        model = replace(model, order=("…",))
    return repr(model)


def _failure(name: str, model: PrivacyModel, classes: EquivalenceClasses) -> str | None:
    """Return what is wrong, with numbers and no value of the table; None if nothing."""
    breaks = ~model.check(classes)
    if not breaks.any():
        return None
    if isinstance(model, TableModel):
        return f"{name}: {model.describe(classes)}."
    n_records, n_classes = classes.members[breaks].sum(), int(breaks.sum())
    reached = model.measure(classes)[breaks]
    low, high = (f"{value:.4g}" for value in (reached.min(), reached.max()))
    span = low if low == high else f"{low} to {high}"
    return (
        f"{name}: {n_records:g} of {classes.n_records:g} records are in {n_classes} "
        f"class(es) that break it; these reach {span}."
    )


def _too_many_suppressed(classes: EquivalenceClasses, limit: float) -> str | None:
    check_share(limit, "max_suppressed", "assert_privacy")
    n_suppressed, n_records = classes.n_suppressed, classes.n_records
    if n_suppressed <= limit * n_records + TOLERANCE:
        return None
    return (
        f"max_suppressed={limit:g}: {n_suppressed:g} of {n_records:g} records are "
        f"suppressed, a share of {n_suppressed / n_records:.4g}."
    )
