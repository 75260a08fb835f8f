"""Centroids that are left out, so that each other is the nearest of k records."""

import numpy as np
import pytest

from skanon.perturbation._safe_centroids import safe_centroids


def squared_distances(points, centroids):
    return ((points[:, np.newaxis] - centroids) ** 2).sum(axis=2)


def one_by_one(points, counts, centroids, k):
    """Leave out the centroid of the least price for its gain, again and again."""
    distances, kept = squared_distances(points, centroids), list(range(len(centroids)))
    while True:
        order = np.argsort(distances[:, kept], axis=1, kind="stable")
        first, second = order[:, 0], order[:, 1 % len(kept)]
        sizes = np.bincount(first, counts, len(kept))
        lacks = np.maximum(k - sizes, 0)
        if not lacks.any():
            return kept, sizes
        moved = np.zeros((len(kept), len(kept)))
        np.add.at(moved, (first, second), counts)
        gains = lacks + np.minimum(moved, lacks).sum(axis=1)
        near = np.sort(distances[:, kept], axis=1)
        prices = np.bincount(first, counts * (near[:, 1] - near[:, 0]), len(kept))
        with np.errstate(divide="ignore", invalid="ignore"):
            worth = np.where(gains > 0, prices / gains, np.inf)
        del kept[worth.argmin()]


def loss(points, counts, centroids):
    return (counts * squared_distances(points, centroids).min(axis=1)).sum()


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("k", [2, 5, 60])
def test_each_centroid_kept_is_the_nearest_of_k_records(seed, k):
    rng = np.random.default_rng(seed)
    points, counts = rng.lognormal(size=(300, 2)), rng.integers(1, 4, 300) / 2
    centroids = points[rng.permutation(300)[: 300 // k]]
    kept, sizes = safe_centroids(points, counts, centroids, k)
    nearest = squared_distances(points, centroids[kept]).argmin(axis=1)
    assert sizes.tolist() == np.bincount(nearest, counts).tolist()
    assert sizes.min() >= k


@pytest.mark.parametrize("seed", range(8))
def test_leaving_out_many_at_a_time_loses_what_one_by_one_loses(seed):
    rng = np.random.default_rng(seed)
    points, counts = rng.normal(size=(400, 3)), np.ones(400)
    centroids = points[rng.permutation(400)[:130]]
    kept, _ = safe_centroids(points, counts, centroids, 3)
    expected, _ = one_by_one(points, counts, centroids, 3)
    found, least = (loss(points, counts, centroids[c]) for c in (kept, expected))
    assert found == pytest.approx(least, rel=0.03)
    assert len(kept) == pytest.approx(len(expected), rel=0.03)


def test_a_neighbour_is_left_out_where_that_costs_less():
    points = np.array([[45.0], [49.0], [56.0], [79.0], [100.0]])
    centroids = np.array([[49.0], [60.0], [100.0]])  # the last is nearest to one row
    kept, sizes = safe_centroids(points, np.ones(5), centroids, 2)
    assert kept.tolist() == [0, 2]
    assert sizes.tolist() == [3, 2]


def test_of_equal_centroids_one_is_kept():
    points = np.array([[0.0], [1.0], [2.0], [9.0], [9.5]])
    centroids = np.array([[1.0], [1.0], [1.0], [9.0], [9.0]])
    kept, sizes = safe_centroids(points, np.ones(5), centroids, 2)
    assert centroids[kept].tolist() == [[1.0], [9.0]]
    assert sizes.tolist() == [3, 2]


def test_one_centroid_is_left_if_there_are_just_k_records():
    points = np.array([[0.0], [1.0], [9.0]])
    kept, sizes = safe_centroids(points, np.ones(3), points, 3)
    assert len(kept) == 1
    assert sizes.tolist() == [3]
