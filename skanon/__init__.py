"""Data anonymization as scikit-learn estimators."""

from skanon._secrets import SecretKey
from skanon.pseudonymization import HashPseudonymizer

__all__ = ["HashPseudonymizer", "SecretKey", "__version__"]

__version__ = "0.1.0"
