"""Every error and warning that skanon raises."""

import pickle

__all__ = [
    "ColumnError",
    "ColumnTypeError",
    "DateParseError",
    "KeyMismatchError",
    "KeyNotFoundError",
    "KeyPicklingError",
    "KeyTypeError",
    "KeyValueError",
    "MissingExtraError",
    "OutputExistsError",
    "PolicyError",
    "PoolTooSmallError",
    "PrivacyError",
    "PrivacyWarning",
    "TableFileError",
    "UnknownValueError",
]


class ColumnError(ValueError):
    """A column is missing, duplicated or in the wrong place."""


class ColumnTypeError(TypeError):
    """A column has a type that the technique cannot work on."""


class DateParseError(ValueError):
    """Some values of a column are not dates that can be used."""


class KeyTypeError(TypeError):
    """A key was given as something else than a ``SecretKey``."""


class KeyValueError(ValueError):
    """A key was found but cannot be used: malformed or too short."""


class KeyNotFoundError(LookupError):
    """The place that a key refers to holds no key."""


class KeyMismatchError(ValueError):
    """The key at hand is not the key that the object was fitted with."""


class KeyPicklingError(pickle.PicklingError, TypeError):
    """A key held in memory was about to be written into a pickle."""


class MissingExtraError(ImportError):
    """An optional package is needed that is not installed."""


class OutputExistsError(FileExistsError):
    """A file would be overwritten without having been told to."""


class PolicyError(ValueError):
    """A policy file cannot be read or does not fit the table."""


class PoolTooSmallError(ValueError):
    """A pool holds fewer surrogates than distinct surrogates are asked for."""


class PrivacyError(AssertionError):
    """A table breaks a promise of privacy that was asserted."""


class TableFileError(ValueError):
    """A file cannot be read as a table, or a table cannot be written to it."""


class UnknownValueError(ValueError):
    """A table holds values that were not seen in ``fit``."""


class PrivacyWarning(UserWarning):
    """A protection is weaker than it looks."""
