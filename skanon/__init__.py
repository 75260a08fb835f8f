"""Data anonymization as scikit-learn estimators."""

import importlib
from types import ModuleType
from typing import TYPE_CHECKING

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

#: Rooms that are imported once somebody asks for them.
ROOMS = ("datasets", "metrics", "plotting", "privacy")


if TYPE_CHECKING:
    from skanon import datasets, metrics, plotting, privacy  # noqa: F401
else:

    def __getattr__(name: str) -> ModuleType:
        if name in ROOMS:
            return importlib.import_module(f"skanon.{name}")
        raise AttributeError(f"module 'skanon' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *ROOMS})
