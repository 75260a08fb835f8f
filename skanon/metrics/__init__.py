"""Measure a table: pure functions from a table to a number or a small result."""

from skanon.metrics._attackers import (
    AttackerRisk,
    journalist_risk,
    marketer_risk,
    prosecutor_risk,
)
from skanon.metrics._equivalence_classes import equivalence_classes
from skanon.metrics._k_anonymity import k_anonymity
from skanon.metrics._suda2 import SudaScores, suda2

__all__ = [
    "AttackerRisk",
    "SudaScores",
    "equivalence_classes",
    "journalist_risk",
    "k_anonymity",
    "marketer_risk",
    "prosecutor_risk",
    "suda2",
]
