"""Measure a table: pure functions from a table to a number or a small result."""

from skanon.metrics._attackers import (
    AttackerRisk,
    journalist_risk,
    marketer_risk,
    prosecutor_risk,
)

__all__ = [
    "AttackerRisk",
    "journalist_risk",
    "marketer_risk",
    "prosecutor_risk",
]
