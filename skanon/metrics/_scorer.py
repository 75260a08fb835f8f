"""A metric of privacy as a scorer, to search for settings under a promise."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from numbers import Real
from typing import Any

from sklearn.base import BaseEstimator

from skanon._frames import read_frame
from skanon.typing import Table

__all__ = ["PrivacyScorer", "make_privacy_scorer"]

#: The metrics of this room, and attributes of a result, of which less is more privacy.
SMALLER_IS_BETTER = frozenset(
    {
        "beta_likeness",
        "delta_disclosure",
        "journalist_risk",
        "marketer_risk",
        "model_risk",
        "population_uniqueness",
        "prosecutor_risk",
        "sample_uniqueness",
        "t_closeness",
    }
)


@dataclass(frozen=True)
class PrivacyScorer:
    """A scorer that anonymizes a table and measures it.

    It is made by :func:`make_privacy_scorer`, and called by scikit-learn.

    Parameters
    ----------
    metric : callable
        Called with the anonymized table and the options.
    sign : {1, -1}
        What the metric is multiplied by, so that greater is better.
    steps : str, int or None
        Up to which step of a pipeline the table is transformed.
    attribute : str or None
        Which number of the metric's result counts; None if that is a number itself.
    options : dict
        Keyword arguments of the metric.

    See Also
    --------
    make_privacy_scorer : Make one.

    Examples
    --------
    >>> from skanon.metrics import k_anonymity, make_privacy_scorer
    >>> make_privacy_scorer(k_anonymity, quasi_identifiers=["age"])
    make_privacy_scorer(k_anonymity, quasi_identifiers=['age'])
    """

    metric: Callable[..., Any]
    sign: int
    steps: str | int | None
    attribute: str | None
    options: dict[str, Any] = field(hash=False)

    def __call__(self, estimator: Any, X: Table, y: Any = None) -> float:
        """Anonymize a table by the steps of an estimator, and measure it.

        Parameters
        ----------
        estimator : estimator
            A fitted transformer, a fitted pipeline that begins with some, or a fitted
            search for the best of these.
        X : DataFrame, Table or array-like of shape (n_samples, n_features)
            The table.
        y : array-like, default=None
            Ignored.

        Returns
        -------
        float
            The metric, with the sign that makes greater values better. Where it is
            infinite, as k is if all records are suppressed, the number of rows stands
            for it, since searches cannot reckon with infinity.
        """
        table = _anonymized(estimator, X, self.steps)
        value = self._number(self.metric(table, **self.options))
        if math.isinf(value):
            value = len(read_frame(table))
        return self.sign * float(value)

    def _number(self, result: Any) -> Any:
        number = result
        if self.attribute is not None:
            number = getattr(result, self.attribute, None)
        if isinstance(number, Real):
            return number
        what = "" if self.attribute is None else f", whose {self.attribute!r} is none"
        raise TypeError(
            f"A privacy scorer needs one number; {_name(self.metric)} returned "
            f"{type(result).__name__}{what}. Name a number of the result with "
            "'attribute', or wrap the metric in a function that returns what is meant."
        )

    def __repr__(self) -> str:
        options = {**self.options, "attribute": self.attribute, "steps": self.steps}
        said = [
            f", {key}={_shown(value)}"
            for key, value in options.items()
            if value is not None
        ]
        return f"make_privacy_scorer({_name(self.metric)}{''.join(said)})"


def make_privacy_scorer(
    metric: Callable[..., Any],
    *,
    quasi_identifiers: Sequence[Any],
    sensitive: Any = None,
    attribute: str | None = None,
    steps: str | int | None = None,
    greater_is_better: bool | None = None,
    **options: Any,
) -> PrivacyScorer:
    """Make a scorer that measures the privacy of what an estimator makes of a table.

    Use it beside scorers of utility, as in
    ``GridSearchCV(pipeline, grid, scoring={"k": …, "accuracy": "accuracy"},
    refit=…)``.

    Parameters
    ----------
    metric : callable
        A metric of this room that measures the privacy of one table, such as
        :func:`k_anonymity`, or a function like it, which takes a table and
        ``quasi_identifiers``, and returns a number, or a result that has one as an
        attribute.
    quasi_identifiers : list of str or int
        The columns that an attacker may know, by name or position in the anonymized
        table.
    sensitive : str or int, default=None
        The column that an attacker must not learn, for the metrics that need it.
    attribute : str, default=None
        Which number of the result counts, for the metrics that return several:
        "highest", "average" or "success_rate" of :func:`prosecutor_risk` and its like,
        "correct_matches" of :func:`model_risk`. None takes the result itself.
    steps : str or int, default=None
        Up to which step of a pipeline the table is transformed before it is measured:
        the name of the last one, or their number. None takes all up to the last one
        that is skanon's, or that holds an estimator of skanon's: what comes after,
        such as an encoder, changes no record's privacy.
    greater_is_better : bool, default=None
        Whether a greater value of the metric is more privacy. If not, the scorer gives
        the negative value. None knows it of the metrics of this room: less is better
        for t, delta, beta, uniqueness, and the risks of attackers or of a model. It
        takes more for better for any other.
    **options
        Further keyword arguments of the metric.

    Returns
    -------
    PrivacyScorer
        A function of an estimator, a table and, ignored, a target. Greater is better.

    Raises
    ------
    TypeError
        If the metric is no function. The scorer raises it too, if the metric returns
        no number and ``attribute`` names none of its result, or if the estimator has
        nothing that transforms.

    See Also
    --------
    assert_privacy : Raise an error where a table breaks a promise.

    Notes
    -----
    Of this room it takes k, l, t, β, δ, and the uniqueness in the sample and in the
    population; with ``population``, generalized as the table will be, the k of
    :func:`k_map`; and with ``attribute`` the risk from prosecutor, journalist and
    marketer, and :func:`model_risk`. What gives a pair, such as
    :func:`alpha_k_anonymity`, or a number for each record, such as
    :func:`individual_risk` and :func:`suda2`, needs a function around it that makes
    one number of them. Most losses compare two tables and cannot be scorers;
    :func:`discernibility` and :func:`average_class_size` can, if
    ``greater_is_better=False``.

    In cross-validation a fold is a part of the table, and measured alone. Classes of a
    part are no larger than those of the whole. So if one recoding is applied to the
    folds and to the whole table, *the smallest k over the folds never exceeds the k of
    the table*, and likewise the distinct l: a promise that holds in every fold holds
    for the table. The reverse is not true, and a small fold may reach a small k only.
    For t-closeness, β-likeness and δ-disclosure there is no such bound, since each
    fold is compared with its own distribution. And where each split fits a recoding
    of its own, the folds speak of those, not of the one that is refitted: measure that
    on the whole table before it is published.

    Examples
    --------
    >>> import pandas as pd
    >>> from sklearn.preprocessing import FunctionTransformer
    >>> from skanon.metrics import k_anonymity, make_privacy_scorer
    >>> X = pd.DataFrame({"age": [31, 34, 47, 42]})
    >>> decades = FunctionTransformer(lambda X: X // 10 * 10).fit(X)
    >>> scorer = make_privacy_scorer(k_anonymity, quasi_identifiers=["age"])
    >>> scorer(decades, X)
    2.0
    """
    if not callable(metric):
        raise TypeError(
            f"'metric' of make_privacy_scorer must be a function such as k_anonymity; "
            f"got {type(metric).__name__}."
        )
    if greater_is_better is None:
        greater_is_better = not {_name(metric), attribute} & SMALLER_IS_BETTER
    chosen = {"quasi_identifiers": quasi_identifiers}
    if sensitive is not None:
        chosen["sensitive"] = sensitive
    sign = 1 if greater_is_better else -1
    return PrivacyScorer(metric, sign, steps, attribute, {**chosen, **options})


def _anonymized(estimator: Any, X: Table, steps: str | int | None) -> Table:
    estimator = getattr(estimator, "best_estimator_", estimator)  # of a search
    if not isinstance(getattr(estimator, "steps", None), list):  # no pipeline
        if not hasattr(estimator, "transform"):
            raise TypeError(
                f"A privacy scorer measures what a transformer makes of a table; "
                f"{type(estimator).__name__} has no method transform. Put the "
                "anonymizing steps before it in a Pipeline."
            )
        return estimator.transform(X)
    for _, step in estimator.steps[: _n_steps(estimator, steps)]:
        if step is not None and step != "passthrough":
            X = step.transform(X)
    return X


def _n_steps(pipeline: Any, steps: str | int | None) -> int:
    names = [name for name, _ in pipeline.steps]
    if steps is None:
        ours = [i for i, (_, step) in enumerate(pipeline.steps) if _is_ours(step)]
        if not ours:
            raise ValueError(
                f"None of the steps {names} of the pipeline is skanon's. Say with "
                "'steps' which is the last one that anonymizes."
            )
        return ours[-1] + 1
    if isinstance(steps, str) and steps in names:
        return names.index(steps) + 1
    if isinstance(steps, int) and 0 < steps <= len(names):
        return steps
    raise ValueError(
        f"'steps' of a privacy scorer must be one of the pipeline's steps {names}, or "
        f"how many of them are applied; got {steps!r}."
    )


def _is_ours(step: Any) -> bool:
    """Return whether a transformer is skanon's or holds one that is."""
    if not hasattr(step, "transform"):
        return False
    parts = [step, *step.get_params(deep=True).values()]
    parts += [part for pair in getattr(step, "transformers_", []) for part in pair]
    return any(
        isinstance(part, BaseEstimator)
        and type(part).__module__.partition(".")[0] == __name__.partition(".")[0]
        for part in parts
    )


def _name(metric: Callable[..., Any]) -> str:
    while isinstance(metric, partial):
        metric = metric.func
    return getattr(metric, "__name__", type(metric).__name__)


def _shown(option: Any) -> str:
    """Return an option as text, but of a table or an array no cell."""
    return f"<{type(option).__name__}>" if hasattr(option, "shape") else repr(option)
