"""How many records of a table are unique in the population it was sampled from.

Four published estimators. Each reads only the class sizes of the sample (as a
histogram: sizes and how many classes have them) and the sampling fraction.
"""

from skanon._uniqueness._estimate import UNIQUENESS_MODELS, estimate_uniqueness
from skanon._uniqueness._population import check_population, population_of

__all__ = [
    "UNIQUENESS_MODELS",
    "check_population",
    "estimate_uniqueness",
    "population_of",
]
