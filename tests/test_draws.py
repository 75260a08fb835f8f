"""Random draws: uniform, normal, repeatable only from a seed."""

import os

import numpy as np
import pytest
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import ECB
from scipy import stats

from skanon._draws import Draws
from skanon._draws._distributions import ENDS, HEIGHTS, TAIL, _tail_numbers
from skanon._draws._keystream import open_keystream

N = 100_000


def test_draws_from_the_operating_system_never_repeat():
    assert not (Draws(None).bits(16) == Draws(None).bits(16)).any()


def test_the_keystream_is_aes_of_a_counter_under_a_key_of_the_system(monkeypatch):
    key = bytes(range(32))
    monkeypatch.setattr(os, "urandom", lambda n_bytes: key[:n_bytes])
    draw = open_keystream()
    drawn = b"".join(bytes(draw(n)) for n in (0, 5, 200_000, 11))
    counter = b"".join(i.to_bytes(16, "big") for i in range(len(drawn) // 16))
    blocks = Cipher(AES(key), ECB()).encryptor().update(counter)  # noqa: S305
    assert drawn == blocks


def test_draws_from_a_seed_repeat():
    first, second = Draws(3), Draws(3)
    assert (first.normal(99) == second.normal(99)).all()
    assert first.integer(0, 10**6) == second.integer(0, 10**6)


def test_a_random_state_goes_on_from_draw_to_draw():
    state = np.random.RandomState(3)
    assert Draws(state).uniform(1) != Draws(state).uniform(1)


def test_uniform_draws_are_uniform():
    draws = Draws(0).uniform(N)
    counts, _ = np.histogram(draws, bins=20, range=(0, 1))
    assert ((counts - N / 20) ** 2 / (N / 20)).sum() < 45  # chi2(19) beyond 0.999
    assert draws.min() > 0
    assert draws.max() < 1


def test_uniform_draws_cannot_reach_the_ends(monkeypatch):
    draws = Draws(None)
    for byte in (b"\x00", b"\xff"):
        monkeypatch.setattr(draws, "_source", lambda n, byte=byte: byte * n)
        assert 0 < draws.uniform(1)[0] < 1
        assert 2 <= draws.integer(2, 5) <= 5


@pytest.mark.parametrize("n", [0, 1, 2, 3, N])
def test_normal_draws_are_as_many_as_asked_for(n):
    assert Draws(0).normal(n).shape == (n,)


def test_normal_draws_are_normal():
    draws = Draws(0).normal(N)
    assert abs(draws.mean()) < 4 / np.sqrt(N)
    assert abs(draws.var() - 1) < 4 * np.sqrt(2 / N)
    for quantile, share in ((-1.959964, 0.025), (0.674490, 0.75), (3.090232, 0.999)):
        error = np.sqrt(share * (1 - share) / N)
        assert abs((draws < quantile).mean() - share) < 4 * error


def test_normal_draws_of_the_tail_are_normal():
    tail = _tail_numbers(Draws(0).bits, N)
    shares = stats.norm.sf(tail) / stats.norm.sf(TAIL)
    assert stats.kstest(shares, "uniform").pvalue > 0.001
    draws = Draws(0).normal(20 * N)
    assert stats.kstest(draws, "norm").pvalue > 0.001
    expected = 20 * N * stats.norm.sf(TAIL)
    for side in (draws, -draws):
        assert abs((side > TAIL).sum() - expected) < 4 * np.sqrt(expected)


def test_the_layers_of_the_bell_curve_have_one_area():
    areas = ENDS[:-1] * np.diff(HEIGHTS)
    tail = np.sqrt(2 * np.pi) * stats.norm.sf(TAIL)
    np.testing.assert_allclose(areas[1:], TAIL * HEIGHTS[1] + tail, rtol=1e-9)
    assert HEIGHTS[-1] == 1


def test_order_within_keeps_groups_together_and_mixes_each():
    groups = np.repeat([2, 0, 1], 1000)
    order = Draws(0).order_within(groups)
    assert (groups[order] == np.repeat([0, 1, 2], 1000)).all()
    assert sorted(order) == list(range(3000))
    assert (np.diff(order[:1000]) < 0).mean() == pytest.approx(0.5, abs=0.06)


def test_order_within_one_group_or_none_is_a_permutation():
    assert sorted(Draws(0).order_within(np.zeros(9, np.int64))) == list(range(9))
    assert len(Draws(0).order_within(np.zeros(0, np.int64))) == 0
