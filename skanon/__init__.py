"""Data anonymization as scikit-learn estimators."""

from skanon._secrets import SecretKey
from skanon.generalization import (
    DateGeneralizer,
    HierarchyGeneralizer,
    NumericGeneralizer,
    RareCategoryGrouper,
    Rounder,
    TopBottomCoder,
    ZipCodeGeneralizer,
)
from skanon.masking import CellSuppressor, MaskingTransformer
from skanon.perturbation import (
    PRAM,
    Microaggregator,
    NoiseAdder,
    RankSwapper,
    Shuffler,
)
from skanon.pseudonymization import HashPseudonymizer

__all__ = [
    "PRAM",
    "CellSuppressor",
    "DateGeneralizer",
    "HashPseudonymizer",
    "HierarchyGeneralizer",
    "MaskingTransformer",
    "Microaggregator",
    "NoiseAdder",
    "NumericGeneralizer",
    "RankSwapper",
    "RareCategoryGrouper",
    "Rounder",
    "SecretKey",
    "Shuffler",
    "TopBottomCoder",
    "ZipCodeGeneralizer",
    "__version__",
]

__version__ = "0.1.0"
