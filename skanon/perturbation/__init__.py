"""Perturbation: values that are near the truth, but not it."""

from skanon.perturbation._microaggregator import Microaggregator
from skanon.perturbation._noise_adder import NoiseAdder
from skanon.perturbation._pram import PRAM
from skanon.perturbation._rank_swapper import RankSwapper
from skanon.perturbation._shuffler import Shuffler

__all__ = ["PRAM", "Microaggregator", "NoiseAdder", "RankSwapper", "Shuffler"]
