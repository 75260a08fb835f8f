"""What the tests of several techniques share."""

import pytest
from sklearn.base import clone

from skanon import Microaggregator, NoiseAdder

ESTIMATORS = {
    "noise": NoiseAdder(random_state=0),
    "correlated noise": NoiseAdder(method="correlated", random_state=0),
    "mdav": Microaggregator(k=3),
    "mondrian": Microaggregator(k=3, method="mondrian"),
    "univariate": Microaggregator(k=3, method="univariate"),
}


@pytest.fixture(params=ESTIMATORS.values(), ids=ESTIMATORS)
def estimator(request):
    """Each technique that works on numbers, dates and durations as such."""
    return clone(request.param)
