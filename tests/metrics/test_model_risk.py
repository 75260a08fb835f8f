"""The risk of unique records by a log-linear model."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from skanon.exceptions import ColumnError
from skanon.metrics import model_risk
from skanon.metrics._log_linear import fitted_means
from skanon.metrics._model_risk import chance_match, chance_unique

PEOPLE = {"sex": ["f", "f", "f", "m"], "age": [20, 20, 30, 30]}
QIS = ["sex", "age"]


def test_independent_columns_by_hand() -> None:
    """Of 8 people 6 are f and 4 are 30: 3 are expected to be both, and 1 m and 30."""
    found = model_risk(
        pd.DataFrame(PEOPLE), quasi_identifiers=QIS, sampling_fraction=0.5
    )
    others = np.array([3, 1]) / 2
    assert found.sample_uniques == 2
    assert found.population_uniques == pytest.approx(np.exp(-others).sum())
    expected = ((1 - np.exp(-others)) / others).sum()
    assert found.correct_matches == pytest.approx(expected)


def test_all_kinds_of_table_give_the_same(frame: Any) -> None:
    options: dict[str, Any] = {"quasi_identifiers": QIS, "sampling_fraction": 0.1}
    expected = model_risk(pd.DataFrame(PEOPLE), **options)
    assert model_risk(frame(PEOPLE), **options) == expected


@pytest.mark.parametrize("max_size", [1, 2, 3])
def test_counts_are_records_and_weights_are_people(max_size: int) -> None:
    X = np.array([[0, 0, 1], [0, 1, 1], [1, 1, 0], [1, 0, 0], [9, 9, 9]])
    counts, weights = [3, 1, 1, 2, 0], np.array([10.0, 20.0, 5.0, 1.0, 7.0])
    options: dict[str, Any] = {"quasi_identifiers": [0, 1, 2], "max_size": max_size}
    short = model_risk(X, **options, sampling_weight=weights, sample_weight=counts)
    full = model_risk(
        np.repeat(X, counts, axis=0),
        **options,
        sampling_weight=np.repeat(weights, counts),
    )
    assert short == pytest.approx(full)
    assert short.sample_uniques == 2
    same = model_risk(X, **options, sampling_weight=[4] * 5)
    assert same == pytest.approx(model_risk(X, **options, sampling_fraction=0.25))


def test_a_census_has_the_risks_that_it_shows() -> None:
    found = model_risk(
        pd.DataFrame(PEOPLE), quasi_identifiers=QIS, sampling_fraction=1.0
    )
    assert found == (2, 2.0, 2.0)


def test_suppressed_records_do_not_count() -> None:
    X = pd.DataFrame({**PEOPLE, "age": [20, 20, 30, None]})
    X.loc[3, "sex"] = None
    options: dict[str, Any] = {"quasi_identifiers": QIS, "sampling_fraction": 0.1}
    assert model_risk(X, **options) == model_risk(X[:3], **options)
    for max_size in (1, 2):
        options["max_size"] = max_size
        nothing = model_risk(X, **options, suppressed=[True] * 4)
        assert nothing == (0, 0.0, 0.0)


@pytest.mark.parametrize(("max_size", "same"), [(1, 0.0), (2, 0.8)])
def test_the_uniques_of_a_population_are_estimated(max_size: int, same: float) -> None:
    """Columns are independent, or alike in pairs, as the model supposes."""
    rng = np.random.default_rng(0)
    shares = 1 / np.arange(1, 9)
    population = rng.choice(8, (40_000, 6), p=shares / shares.sum())
    alike = rng.random((40_000, 3)) < same
    population[:, 1::2] = np.where(alike, population[:, ::2], population[:, 1::2])
    drawn = rng.random(len(population)) < 0.1
    found = model_risk(
        population[drawn],
        quasi_identifiers=range(6),
        sampling_fraction=0.1,
        max_size=max_size,
    )
    _, label, sizes = np.unique(
        population, axis=0, return_inverse=True, return_counts=True
    )
    is_alone = np.bincount(label.ravel()[drawn], minlength=len(sizes)) == 1
    assert found.sample_uniques == is_alone.sum()
    truth = (is_alone & (sizes == 1)).sum()
    assert found.population_uniques == pytest.approx(truth, rel=0.15)
    matches = (1 / sizes[is_alone]).sum()
    assert found.correct_matches == pytest.approx(matches, rel=0.1)


def test_pairs_agree_with_the_counts_in_all_pairs() -> None:
    rng = np.random.default_rng(0)
    codes = rng.integers(0, 3, (3, 200))
    weights = rng.random(200)
    means = fitted_means(codes, [3, 3, 3], weights, max_size=2)
    place = np.ravel_multi_index(tuple(codes), (3, 3, 3))
    counts = np.bincount(place, weights, 27).reshape(3, 3, 3)
    fitted = np.zeros(27)
    fitted[place] = means
    assert len(np.unique(place)) == 27
    for axis in range(3):
        assert fitted.reshape(3, 3, 3).sum(axis) == pytest.approx(counts.sum(axis))
    assert fitted_means(codes, [3, 3, 3], weights, max_size=3) == pytest.approx(
        counts.ravel()[place]
    )


def test_chances_are_their_formulas() -> None:
    mean, fraction = np.array([0.0, 2.0, 40.0]), np.array([0.5, 0.5, 1.0])
    assert chance_unique(mean, fraction) == pytest.approx([1, np.exp(-1), 1])
    assert chance_match(mean, fraction) == pytest.approx([1, 1 - np.exp(-1), 1])


class TestBadInput:
    X = pd.DataFrame(PEOPLE)

    def test_no_quasi_identifiers_are_refused(self) -> None:
        with pytest.raises(ColumnError, match="model_risk needs quasi-identifiers"):
            model_risk(self.X, quasi_identifiers=[], sampling_fraction=0.1)

    @pytest.mark.parametrize(
        "sample", [{}, {"sampling_fraction": 0.1, "sampling_weight": [1] * 4}]
    )
    def test_just_one_of_fraction_and_weight_is_needed(self, sample: Any) -> None:
        with pytest.raises(ValueError, match="needs either 'sampling_fraction' or"):
            model_risk(self.X, quasi_identifiers=QIS, **sample)

    @pytest.mark.parametrize("max_size", [0, 1.5, None, True])
    def test_a_size_that_is_no_whole_number_from_one_is_refused(
        self, max_size: Any
    ) -> None:
        with pytest.raises(
            ValueError, match="'max_size' of model_risk must be a whole"
        ):
            model_risk(
                self.X, quasi_identifiers=QIS, sampling_fraction=1, max_size=max_size
            )

    def test_too_many_combinations_are_refused(self) -> None:
        X = np.arange(2_000 * 4).reshape(2_000, 4)
        options: dict[str, Any] = {
            "quasi_identifiers": [0, 1, 2, 3],
            "sampling_fraction": 0.1,
        }
        with pytest.raises(
            ValueError, match=r"16,000,000,000,000 combinations .* with"
        ):
            model_risk(X, **options, max_size=2)
        assert model_risk(X, **options).sample_uniques == 2_000
