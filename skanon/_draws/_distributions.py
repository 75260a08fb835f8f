"""Uniform and normal numbers made of random bits, a whole column at a time."""

import math
from collections.abc import Callable
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

__all__ = ["normal_numbers", "uniform_numbers"]

Floats: TypeAlias = npt.NDArray[np.float64]
Rows: TypeAlias = npt.NDArray[np.intp]

#: Draws so many integers of 64 random bits each.
DrawBits: TypeAlias = Callable[[int], npt.NDArray[np.uint64]]

#: How many are made at a time, so that scratch memory stays in the processor's cache.
CHUNK = 65_536

#: A double holds 52 bits and the half that keeps it away from 0 and 1.
SPARE_BITS = np.uint64(12)

#: Into how many layers of one area the bell curve exp(-x² / 2) is cut, and where the
#: lowest one ends and the tail, which counts to it, begins.
N_LAYERS = 256
TAIL = 3.6541528853610088

#: The bits that choose a layer, and those that no signed double holds.
LAYER_BITS = np.uint64(N_LAYERS - 1)
UNSIGNED_BITS = 11


def uniform_numbers(draw_bits: DrawBits, n: int) -> Floats:
    """Draw numbers uniformly from 0 to 1, neither included."""
    out = np.empty(n)
    for start in range(0, n, CHUNK):
        part = out[start : start + CHUNK]
        part[:] = draw_bits(len(part)) >> SPARE_BITS
        part += 0.5
        part *= 2.0**-52
    return out


def normal_numbers(draw_bits: DrawBits, n: int) -> Floats:
    """Draw numbers from the standard normal distribution, by the ziggurat method.

    A layer is chosen at random, and a place in it. Of a hundred places, 99 lie above
    the part of the next layer, hence under the curve, and are taken; the others are
    looked at, and drawn again if they lie above the curve.

    References
    ----------
    G. Marsaglia and W. W. Tsang: The ziggurat method for generating random variables.
    Journal of Statistical Software 5 (2000).

    J. A. Doornik: An improved ziggurat method to generate normal random samples.
    University of Oxford (2005).
    """
    out = np.empty(n)
    for start in range(0, n, CHUNK):
        part = out[start : start + CHUNK]
        part[:], again = _proposed(draw_bits, len(part))
        while len(again):
            part[again], rejected = _proposed(draw_bits, len(again))
            again = again[rejected]
    return out


def _proposed(draw_bits: DrawBits, n: int) -> tuple[Floats, Rows]:
    """Return numbers, and which of them must be drawn again."""
    bits = draw_bits(n)
    layers = (bits & LAYER_BITS).view(np.int64)
    numbers = (bits.view(np.int64) >> UNSIGNED_BITS) * STEPS.take(layers)
    doubtful = np.flatnonzero(np.abs(numbers) >= ENDS.take(layers + 1))
    accepted = _is_under_curve(numbers[doubtful], layers[doubtful], draw_bits)
    in_tail = doubtful[layers[doubtful] == 0]
    tail = _tail_numbers(draw_bits, len(in_tail))
    numbers[in_tail] = np.copysign(tail, numbers[in_tail])
    return numbers, doubtful[~accepted]


def _is_under_curve(
    numbers: Floats, layers: Rows, draw_bits: DrawBits
) -> npt.NDArray[np.bool_]:
    """Return which numbers lie under the curve at a random height of their layer.

    Those of the lowest layer always do: what is beyond its rectangle is the tail.
    """
    low, high = HEIGHTS.take(layers), HEIGHTS.take(layers + 1)
    heights = low + uniform_numbers(draw_bits, len(numbers)) * (high - low)
    return np.asarray((layers == 0) | (heights < np.exp(-(numbers**2) / 2)))


def _tail_numbers(draw_bits: DrawBits, n: int) -> Floats:
    """Draw normal numbers above ``TAIL``: exponential ones, of which some are taken."""
    beyond = -np.log(uniform_numbers(draw_bits, n)) / TAIL
    limits = -2.0 * np.log(uniform_numbers(draw_bits, n))
    numbers = TAIL + beyond
    again = np.flatnonzero(limits <= beyond**2)
    if len(again):
        numbers[again] = _tail_numbers(draw_bits, len(again))
    return numbers


def _layer_ends() -> Floats:
    """Return where each layer ends, from the lowest one on, and 0 for the peak.

    The lowest one ends where it would if it were a rectangle with the tail in it.
    """
    bottom = math.exp(-(TAIL**2) / 2)
    area = TAIL * bottom + math.sqrt(math.pi / 2) * math.erfc(TAIL / math.sqrt(2))
    ends = [area / bottom, TAIL]
    while len(ends) < N_LAYERS:
        height = area / ends[-1] + math.exp(-(ends[-1] ** 2) / 2)
        ends.append(math.sqrt(-2.0 * math.log(height)))
    return np.array([*ends, 0.0])


#: Where the layers end, how high the curve is there, and how far apart the numbers lie
#: that random bits choose from.
ENDS = _layer_ends()
HEIGHTS = np.exp(-(ENDS**2) / 2)
STEPS = ENDS[:-1] * 2.0 ** (UNSIGNED_BITS - 63)
