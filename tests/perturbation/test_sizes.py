"""Numbers of any size that float64 has are perturbed alike, or refused."""

import numpy as np
import pandas as pd
import pytest

from skanon import Microaggregator


@pytest.mark.parametrize("exponent", [-900, -340, 340, 900])
def test_the_unit_of_numbers_does_not_matter(estimator, exponent, rng):
    """Powers of two change no digit, so results agree in all of them."""
    X, new = rng.normal(size=(90, 2)), rng.normal(size=(20, 2)) * 5
    expected = [estimator.fit_transform(X), estimator.transform(new)]
    factor = 2.0**exponent
    found = [estimator.fit_transform(X * factor), estimator.transform(new * factor)]
    for values, same in zip(found, expected, strict=True):
        np.testing.assert_array_equal(values, same * factor)


@pytest.mark.parametrize("method", ["mdav", "mondrian", "univariate"])
def test_rows_far_from_all_fitted_ones_get_a_group(method, rng):
    X = rng.normal(size=(90, 2)) * 1e-200
    microaggregator = Microaggregator(k=3, method=method).fit(X)
    out = microaggregator.transform([[1e280, -1e280], [0.0, 1e280]])
    assert (np.abs(out) < 1e-199).all()


@pytest.mark.parametrize("huge", [1e300, -1.7e308])
def test_numbers_too_large_to_add_up_are_refused(estimator, huge, rng):
    X = pd.DataFrame({"a": rng.normal(size=90)})
    estimator.fit(X)
    X.loc[[3, 5], "a"] = huge
    for method in (estimator.fit, estimator.transform):
        with pytest.raises(ValueError, match=r"'a' has 2 values beyond 1e\+290"):
            method(X)
