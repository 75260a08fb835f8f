"""What an error message may show of an argument that is not as it should be."""

from numbers import Real
from typing import Any

import numpy as np

__all__ = ["shown"]

#: A longer list of numbers is hardly somebody's choice, and may be a column.
MOST = 10


def shown(given: Any) -> str:
    """Return an argument as messages show it, or else the name of its type.

    A text, a number, a truth value or a short list of numbers is what somebody chose.
    All else may be a column in the wrong place, whose cells no message quotes.
    """
    if given is None or isinstance(given, str | Real | np.bool_):
        return repr(_plain(given))
    if type(given) in (list, tuple) and len(given) <= MOST:
        numbers = [_plain(number) for number in given if isinstance(number, Real)]
        if len(numbers) == len(given):
            return repr(type(given)(numbers))
    return type(given).__name__


def _plain(given: Any) -> Any:
    return given.item() if isinstance(given, np.generic) else given
