"""The ``skanon`` command: keygen, anonymize, demo."""

from skanon.cli._main import main

__all__ = ["main"]
