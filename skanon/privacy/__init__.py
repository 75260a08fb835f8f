"""Privacy models: small objects that judge equivalence classes."""

from skanon.privacy._k_anonymity import KAnonymity
from skanon.privacy._privacy_model import PrivacyModel

__all__ = ["KAnonymity", "PrivacyModel"]
