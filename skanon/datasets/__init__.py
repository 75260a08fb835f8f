"""Invented people, for docs, tests and benchmarks."""

from skanon.datasets._patients import make_patients

__all__ = ["make_patients"]
