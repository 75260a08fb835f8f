"""Make values coarser, so that more people share them."""

from skanon.generalization._date_generalizer import DateGeneralizer

__all__ = ["DateGeneralizer"]
