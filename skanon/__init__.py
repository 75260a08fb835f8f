"""Data anonymization as scikit-learn estimators."""

from skanon._secrets import SecretKey
from skanon.generalization import (
    DateGeneralizer,
    HierarchyGeneralizer,
    NumericGeneralizer,
)
from skanon.masking import MaskingTransformer
from skanon.perturbation import Microaggregator
from skanon.pseudonymization import HashPseudonymizer

__all__ = [
    "DateGeneralizer",
    "HashPseudonymizer",
    "HierarchyGeneralizer",
    "MaskingTransformer",
    "Microaggregator",
    "NumericGeneralizer",
    "SecretKey",
    "__version__",
]

__version__ = "0.1.0"
