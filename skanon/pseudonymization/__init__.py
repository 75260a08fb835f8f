"""Replace identities by stable tokens."""

from skanon.pseudonymization._hash_pseudonymizer import HashPseudonymizer

__all__ = ["HashPseudonymizer"]
