"""The demo's pipeline: anonymize patients, then predict who comes back."""

from collections.abc import Callable, Sequence
from typing import Any

from sklearn.compose import ColumnTransformer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import get_scorer
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import OneHotEncoder

from skanon._secrets import SecretKey
from skanon.generalization import DateGeneralizer
from skanon.masking import MaskingTransformer
from skanon.metrics import k_anonymity
from skanon.pseudonymization import HashPseudonymizer
from skanon.typing import ArrayLike, Table

__all__ = [
    "FOLDS",
    "LEVELS",
    "QUASI_IDENTIFIERS",
    "make_pipeline",
    "search_level",
    "smallest_classes",
]

#: Levels of the birth date that are tried, from fine to coarse.
LEVELS = ("year", "5years", "decade", "century", "*")

#: What somebody may know of a patient, and look up in the anonymized table.
QUASI_IDENTIFIERS = ("birth_date", "sex", "city")

FOLDS = 3

#: The parameter of the pipeline that is searched.
LEVEL = "anonymize__birth_date__level"

#: A locale whose names are no patient's, so that a name found in a file is a leak and
#: not a coincidence.
LOCALE = "ga_IE"


def make_pipeline(key: SecretKey) -> Pipeline:
    """Make the pipeline of three steps: anonymize, select features, classify.

    The anonymized table keeps surrogates and tokens, by which its rows can be joined;
    the model does not see them. What no step names is dropped.

    Parameters
    ----------
    key : SecretKey
        The key of the surrogates and tokens.

    Returns
    -------
    Pipeline
        The pipeline, not fitted.
    """
    fake_name = MaskingTransformer(strategy="fake", locale=LOCALE, key=key)
    hidden_email = MaskingTransformer(keep_first=1, keep_email_domain=True)
    anonymize = ColumnTransformer(
        [
            ("name", fake_name, ["name"]),
            ("email", hidden_email, ["email"]),
            ("ids", HashPseudonymizer(key=key), ["client_id", "ssn"]),
            ("birth_date", DateGeneralizer(), ["birth_date"]),
            ("kept", "passthrough", ["sex", "city", "diagnosis"]),
        ],
        verbose_feature_names_out=False,
    )
    one_hot = OneHotEncoder(handle_unknown="ignore")
    features = ColumnTransformer(
        [("one_hot", one_hot, [*QUASI_IDENTIFIERS, "diagnosis"])]
    )
    return Pipeline(
        [
            ("anonymize", anonymize.set_output(transform="pandas")),
            ("features", features),
            ("classifier", LogisticRegression(solver="newton-cholesky")),
        ]
    )


def smallest_classes(X: Table) -> list[int]:
    """Return for each of the levels how few patients are alike in the worst case.

    Parameters
    ----------
    X : DataFrame
        The patients.

    Returns
    -------
    list of int
        The size of the smallest class of equal quasi-identifiers.
    """
    sizes = []
    for level in LEVELS:
        dates = DateGeneralizer(level=level, columns=["birth_date"])
        table = dates.fit_transform(X[list(QUASI_IDENTIFIERS)])
        sizes.append(int(k_anonymity(table, quasi_identifiers=QUASI_IDENTIFIERS)))
    return sizes


def search_level(
    pipeline: Pipeline,
    X: Table,
    y: ArrayLike,
    *,
    smallest: Sequence[int],
    k: int,
    step_done: Callable[[], None] = lambda: None,
) -> GridSearchCV:
    """Cross-validate each level, refit with the most accurate one that is private.

    Parameters
    ----------
    pipeline : Pipeline
        The pipeline of :func:`make_pipeline`.
    X : DataFrame
        The patients.
    y : array-like
        Who came back.
    smallest : sequence of int
        Size of the smallest class at each level.
    k : int
        Least size that is private enough; the coarsest level is taken if none is.
    step_done : callable
        Called after each score.

    Returns
    -------
    GridSearchCV
        The fitted search.
    """
    roc_auc = get_scorer("roc_auc")

    def score(estimator: Any, X: Table, y: ArrayLike) -> float:
        value = float(roc_auc(estimator, X, y))
        step_done()
        return value

    def best_private(results: dict[str, Any]) -> int:
        private = [i for i, size in enumerate(smallest) if size >= k]
        scores = results["mean_test_score"]
        return max(private or [len(LEVELS) - 1], key=lambda i: scores[i])

    search = GridSearchCV(
        pipeline,
        {LEVEL: list(LEVELS)},
        scoring=score,
        cv=FOLDS,
        refit=best_private,
        error_score="raise",
    )
    return search.fit(X, y)
