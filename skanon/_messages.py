"""What the message of an error shows, and which line a warning names."""

import inspect
import warnings
from collections.abc import Sequence
from numbers import Real
from types import FrameType
from typing import Any

import numpy as np

from skanon.exceptions import PrivacyWarning

__all__ = [
    "MOST_NAMES",
    "lacks_and_names",
    "listed",
    "shown",
    "warn_of_mistake",
    "warn_of_privacy",
]

#: Of more names of columns, a message lists so many.
MOST_NAMES = 12

#: Longer lists of numbers are taken for a column.
MOST_NUMBERS = 10

#: What may stand between the code of a user and ours: pipelines and their workers.
BETWEEN = frozenset({"joblib", "sklearn", "skanon"})


def shown(given: Any) -> str:
    """Return how a message shows what was given for a parameter.

    A text, a number, a truth value or a short list of numbers is what somebody chose.
    All else may be a column in the wrong place, whose cells no message quotes: its
    type is named.
    """
    if given is None or isinstance(given, str | Real | np.bool_):
        return repr(_plain(given))
    if type(given) in (list, tuple) and len(given) <= MOST_NUMBERS:
        numbers = [_plain(number) for number in given if isinstance(number, Real)]
        if len(numbers) == len(given):
            return repr(type(given)(numbers))
    return type(given).__name__


def listed(names: Sequence[Any]) -> str:
    """Return names of columns as a list, or the first of many and how many more."""
    first, n_more = list(names[:MOST_NAMES]), len(names) - MOST_NAMES
    return f"{first} and {n_more} more" if n_more > 0 else f"{first}"


def lacks_and_names(lacking: Sequence[Any], others: Sequence[Any]) -> str:
    """Return what is wrong with a mapping that must have a key for each column."""
    wrong = (("lacks", lacking), ("names", others))
    return " and ".join(f"{verb} {listed(names)}" for verb, names in wrong if names)


def warn_of_privacy(message: str) -> None:
    """Issue a ``PrivacyWarning`` at the line that called skanon or scikit-learn."""
    warnings.warn(message, PrivacyWarning, stacklevel=_levels_to_caller())


def warn_of_mistake(message: str) -> None:
    """Issue a ``UserWarning``, of what is hardly meant, at the line that called."""
    warnings.warn(message, UserWarning, stacklevel=_levels_to_caller())


def _plain(given: Any) -> Any:
    return given.item() if isinstance(given, np.generic) else given


def _levels_to_caller() -> int:
    """Return which frame above the one that asks is the first that is not ours."""
    frame, level = _above(inspect.currentframe()), 1
    while frame is not None and _package(frame) in BETWEEN:
        frame, level = _above(frame), level + 1
    return level


def _above(frame: FrameType | None) -> FrameType | None:
    return None if frame is None else frame.f_back


def _package(frame: FrameType) -> str:
    return str(frame.f_globals.get("__name__", "")).partition(".")[0]
