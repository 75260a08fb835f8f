"""Population uniqueness from class sizes: the formulas, and what ARX computed."""

import json
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize, stats

from skanon._uniqueness import UNIQUENESS_MODELS, _pitman, _snb, estimate_uniqueness

SIZES = np.array([1, 2, 3, 4, 7, 20])
COUNTS = np.array([400, 120, 60, 30, 20, 10])


@pytest.fixture(scope="module")
def adult_histogram(
    shared: Path,
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    adult = pd.read_csv(shared / "arx" / "adult.csv", sep=";")
    sizes, counts = np.unique(adult.groupby(list(adult)).size(), return_counts=True)
    return sizes, counts


def test_uniqueness_equals_arx(
    shared: Path, adult_histogram: tuple[npt.ArrayLike, npt.ArrayLike]
) -> None:
    cases = json.loads((shared / "arx" / "cases.json").read_text())["risk_cases"]
    (case,) = [c for c in cases if c["id"].endswith("population_uniqueness")]
    for expected in case["expect_dankar"]:
        fraction = expected["sampling_fraction"]
        models = {
            "value": "dankar",
            "value_if_pitman": "pitman",
            "value_if_zayatz": "zayatz",
        }
        for key in expected.keys() & models.keys():
            value = estimate_uniqueness(*adult_histogram, fraction, models[key])
            assert value == pytest.approx(expected[key], rel=1e-9), (fraction, key)


def test_zayatz_is_its_formula() -> None:
    n, fraction = int(SIZES @ COUNTS), 0.2
    chances = COUNTS * stats.hypergeom.pmf(1, 5 * n, SIZES, n)
    expected = COUNTS[0] * chances[0] / chances.sum() / fraction / (5 * n)
    value = estimate_uniqueness(SIZES, COUNTS, fraction, "zayatz")
    assert value == pytest.approx(expected, rel=1e-9)


def test_pitman_solves_the_likelihood_equations() -> None:
    n, u = int(SIZES @ COUNTS), int(COUNTS.sum())
    start = _pitman._pitman_starts(SIZES * 1.0, COUNTS * 1.0)[0]
    solution = _pitman._solve_pitman(
        SIZES * 1.0, COUNTS * 1.0, _pitman._nodes(int(COUNTS.sum()) - 1), start
    )
    assert solution is not None
    theta, alpha = solution
    i, j = np.arange(1, u), np.arange(1, n)
    assert sum(1 / (theta + i * alpha)) == pytest.approx(sum(1 / (theta + j)))
    inner = [sum(1 / (np.arange(1, size) - alpha)) for size in SIZES]
    assert sum(i / (theta + i * alpha)) == pytest.approx(COUNTS @ inner)


@pytest.mark.parametrize(("theta", "alpha"), [(3.0, 0.6), (1e6, 0.1), (900, -1e-4)])
def test_long_sums_are_right_to_ten_digits(theta: float, alpha: float) -> None:
    n = 3_000_000
    (i, weight), terms = _pitman._nodes(n), np.arange(1.0, n + 1)
    for power in (1, 2):
        exact = ((terms / (theta + terms * alpha)) ** power).sum()
        assert weight @ (i / (theta + i * alpha)) ** power == pytest.approx(
            exact, 1e-10
        )


def test_pitman_recovers_the_parameters_of_its_own_process(
    rng: np.random.Generator,
) -> None:
    """A Chinese restaurant with theta = 50 and alpha = 0.6 is Pitman's population."""
    sizes = [1]
    for n in range(1, 20_000):
        new = rng.random() < (50 + 0.6 * len(sizes)) / (n + 50)
        if new:
            sizes.append(1)
        else:
            weights = np.cumsum(np.array(sizes) - 0.6)
            sizes[np.searchsorted(weights, rng.random() * weights[-1])] += 1
    population = np.repeat(np.arange(len(sizes)), sizes)
    sample = np.bincount(rng.choice(population, 2_000, replace=False))
    value = estimate_uniqueness(
        *np.unique(sample[sample > 0], return_counts=True), 0.1, "pitman"
    )
    true = sizes.count(1) / 20_000
    assert value == pytest.approx(true, rel=0.15)


@pytest.mark.parametrize("fraction", [0.05, 0.3, 0.9])
def test_snb_explains_the_classes_of_one_and_of_two(fraction: float) -> None:
    """The fit is checked by summing over the class sizes of the population."""
    classes = _snb._shlosser(SIZES * 1.0, COUNTS * 1.0, fraction)
    ratio = COUNTS[1] / COUNTS[0]

    def expected(beta: float, size: int) -> float:
        alpha = _snb._snb_alpha(beta, ratio, fraction)
        sums = np.arange(1, 4_000)
        chances = stats.nbinom.pmf(sums - 1, alpha, beta)
        return float(classes * chances @ stats.binom.pmf(size, sums, fraction))

    beta = optimize.brentq(lambda b: expected(b, 1) - COUNTS[0], 0.01, 0.9999)
    alpha = _snb._snb_alpha(beta, ratio, fraction)
    assert expected(beta, 2) == pytest.approx(COUNTS[1])
    uniques = classes * beta**alpha / np.floor(SIZES @ COUNTS / fraction + 1e-6)
    value = estimate_uniqueness(SIZES, COUNTS, fraction, "snb")
    assert value == pytest.approx(uniques, rel=1e-6)


def test_shlosser_is_its_formula() -> None:
    q, i, f = 0.25, SIZES, COUNTS
    again = sum(i * q**2 * (1 - q**2) ** (i - 1.0) * f)
    spread = sum((1 - q) ** i * ((1 + q) ** i - 1) * f)
    unseen, once = sum((1 - q) ** i * f), sum(i * q * (1 - q) ** (i - 1.0) * f)
    expected = sum(f) + f[0] * again / spread * (unseen / once) ** 2
    assert _snb._shlosser(SIZES * 1.0, COUNTS * 1.0, q) == pytest.approx(expected)


def test_dankar_uses_snb_where_it_explains_the_table(rng: np.random.Generator) -> None:
    population = 1 + rng.negative_binomial(2, 0.3, 40_000)
    sample = rng.binomial(population, 0.5)
    histogram = np.unique(sample[sample > 0], return_counts=True)
    value = {m: estimate_uniqueness(*histogram, 0.5, m) for m in UNIQUENESS_MODELS}
    assert value["snb"] < value["zayatz"]
    assert value["dankar"] == value["snb"]
    true = (population == 1).sum() / population.sum()
    assert value["snb"] == pytest.approx(true, rel=0.1)


def test_dankar_falls_back_where_pitman_has_no_estimate() -> None:
    singles = ([1], [50])
    assert np.isnan(estimate_uniqueness(*singles, 0.05, "pitman"))
    zayatz = estimate_uniqueness(*singles, 0.05, "zayatz")
    assert estimate_uniqueness(*singles, 0.05, "dankar") == zayatz


@pytest.mark.parametrize("model", UNIQUENESS_MODELS)
def test_a_sample_without_uniques_has_none_in_the_population(model: str) -> None:
    assert estimate_uniqueness([2, 5], [10, 3], 0.1, model) == 0


@pytest.mark.parametrize("model", ["zayatz", "snb", "dankar"])
def test_a_complete_sample_is_the_population(model: str) -> None:
    value = estimate_uniqueness(SIZES, COUNTS, 1.0, model)
    assert value == pytest.approx(COUNTS[0] / (SIZES @ COUNTS))


def test_one_record_says_nothing_of_the_parameters() -> None:
    """Any would be as likely, so no fit may be taken for an estimate."""
    assert np.isnan(estimate_uniqueness([1], [1], 0.1, "pitman"))
    by_zayatz = estimate_uniqueness([1], [1], 0.1, "zayatz")
    assert estimate_uniqueness([1], [1], 0.1, "dankar") == by_zayatz == 1


def test_large_populations_do_not_overflow() -> None:
    big = SIZES * np.array([1, 1, 1, 10**3, 10**6, 10**8])
    for model in UNIQUENESS_MODELS:
        value = estimate_uniqueness(big, COUNTS, 1e-3, model)
        assert np.isnan(value) or 0 <= value <= 1


@settings(deadline=None)
@given(
    histogram=st.dictionaries(
        st.integers(1, 10**5), st.integers(1, 5_000), min_size=1, max_size=8
    ),
    fraction=st.floats(1e-6, 1),
    model=st.sampled_from(list(UNIQUENESS_MODELS)),
)
def test_uniqueness_is_a_share_or_no_estimate(
    histogram: dict[int, int], fraction: float, model: str
) -> None:
    sizes = sorted(histogram)
    counts = [histogram[size] for size in sizes]
    value = estimate_uniqueness(sizes, counts, fraction, model)
    if model in ("zayatz", "dankar"):
        assert 0 <= value <= 1
    else:
        assert np.isnan(value) or 0 <= value <= 1
