"""How large the population of a sample is, as a caller says it."""

from numbers import Real
from typing import Any

import numpy as np

from skanon._uniqueness._histogram import people_of

__all__ = ["check_population", "population_of"]


def check_population(population_size: Any, sampling_fraction: Any, owner: str) -> None:
    """Check that one of the two is given, and that it is possible.

    Raises
    ------
    ValueError
        If none or both are given, or the one is out of its range; TypeError if it is
        no number.
    """
    if (population_size is None) == (sampling_fraction is None):
        raise ValueError(
            f"{owner} needs either 'population_size' or 'sampling_fraction', to know "
            "how large a part of the population the table is."
        )
    if sampling_fraction is None:
        _check_number(population_size, "population_size", owner)
        if not 1 <= population_size < np.inf:
            raise ValueError(
                f"'population_size' of {owner} must be a finite number of at least 1; "
                f"got {population_size!r}."
            )
    else:
        _check_number(sampling_fraction, "sampling_fraction", owner)
        if not 0 < sampling_fraction <= 1:
            raise ValueError(
                f"'sampling_fraction' of {owner} must be a number above 0 and at most "
                f"1; got {sampling_fraction!r}."
            )


def population_of(
    n_records: float, population_size: Any, sampling_fraction: Any, owner: str
) -> float:
    """Return how many people the records of a table were sampled from.

    Raises
    ------
    ValueError
        If they are fewer than the records, or as :func:`check_population` does.
    """
    check_population(population_size, sampling_fraction, owner)
    if population_size is None:
        return people_of(n_records, float(sampling_fraction))
    if population_size < n_records:
        raise ValueError(
            f"'population_size' of {owner} is {population_size}, less than the "
            f"{n_records:g} records of the table."
        )
    return float(population_size)


def _check_number(value: object, name: str, owner: str) -> None:
    if isinstance(value, bool | np.bool_) or not isinstance(value, Real):
        raise TypeError(
            f"'{name}' of {owner} must be a number; got {type(value).__name__}."
        )
