"""Perturbation: values that are near the truth, but not it."""

from skanon.perturbation._microaggregator import Microaggregator

__all__ = ["Microaggregator"]
