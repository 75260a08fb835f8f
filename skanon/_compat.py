"""The one door to scikit-learn's private or experimental names."""

from typing import Any

from sklearn.base import _fit_context as fit_context
from sklearn.utils._param_validation import (
    Interval,
    InvalidParameterError,
    StrOptions,
    validate_parameter_constraints,
)
from sklearn.utils._set_output import _get_output_config

__all__ = [
    "Interval",
    "InvalidParameterError",
    "StrOptions",
    "fit_context",
    "output_container",
    "validate_parameter_constraints",
]


def output_container(estimator: Any) -> str:
    """Return what ``set_output`` asks for: "default", "pandas" or "polars"."""
    container: str = _get_output_config("transform", estimator)["dense"]
    return container
