"""Make values coarser, so that more people share them."""

from skanon.generalization._date_generalizer import DateGeneralizer
from skanon.generalization._hierarchy_generalizer import HierarchyGeneralizer
from skanon.generalization._numeric_generalizer import NumericGeneralizer
from skanon.generalization._rare_category_grouper import RareCategoryGrouper
from skanon.generalization._rounder import Rounder
from skanon.generalization._top_bottom_coder import TopBottomCoder
from skanon.generalization._zip_code_generalizer import ZipCodeGeneralizer

__all__ = [
    "DateGeneralizer",
    "HierarchyGeneralizer",
    "NumericGeneralizer",
    "RareCategoryGrouper",
    "Rounder",
    "TopBottomCoder",
    "ZipCodeGeneralizer",
]
