"""Value to coarser value: trees, intervals, calendars."""

from skanon.hierarchies._hierarchy import Hierarchy

__all__ = ["Hierarchy"]
