"""Random draws that protect someone: from the operating system, or from a seed."""

from skanon._draws._draws import Draws

__all__ = ["Draws"]
