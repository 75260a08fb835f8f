"""What the estimators read off a histogram of class sizes."""

import numpy as np
import numpy.typing as npt

__all__ = ["class_count", "people_of", "population_size"]

Floats = npt.NDArray[np.float64]

#: Where the population size is worked out as n / fraction, this much of a record is
#: rounding.
ROUNDING = 1e-6


def people_of(n_records: float, fraction: float) -> float:
    """Return the number of people, from the records and the sampling fraction."""
    return float(np.floor(n_records / fraction + ROUNDING))


def population_size(sizes: Floats, counts: Floats, fraction: float) -> float:
    """Return the number of people, from the class sizes and the sampling fraction."""
    return people_of(float(counts @ sizes), fraction)


def class_count(sizes: Floats, counts: Floats, size: int) -> float:
    """Return how many classes have the size."""
    return float(counts[sizes == size].sum())
