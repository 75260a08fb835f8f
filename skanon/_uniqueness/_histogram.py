"""What the estimators read off a histogram of class sizes."""

import numpy as np
import numpy.typing as npt

__all__ = ["class_count", "population_size"]

Floats = npt.NDArray[np.float64]

#: Where the population size is worked out as n / fraction, this much of a record is
#: rounding.
ROUNDING = 1e-6


def population_size(sizes: Floats, counts: Floats, fraction: float) -> float:
    """Return the number of people, from the records and the sampling fraction."""
    return float(np.floor(counts @ sizes / fraction + ROUNDING))


def class_count(sizes: Floats, counts: Floats, size: int) -> float:
    """Return how many classes have the size."""
    return float(counts[sizes == size].sum())
