"""Lines of a report for people."""

from typing import Any

import numpy as np

__all__ = ["aligned", "estimate", "reading_of_missing"]

#: How missing values were read, and how they can be.
READINGS = {
    "own_category": "a category of their own (missing='wildcard' lets them match all)",
    "wildcard": "they match all (missing='own_category' makes them a category)",
}


def aligned(rows: list[list[str]]) -> list[str]:
    """Set a table of text: the first column to the left, numbers to the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])])
        for row in rows
    ]


def estimate(share: float | None) -> str:
    """Write a share that may not be asked for, or have no estimate."""
    if share is None:
        return "not estimated"
    return "no estimate" if np.isnan(share) else f"{share:.4f}"


def reading_of_missing(n_incomplete: Any, missing: str) -> list[str]:
    """Say how missing quasi-identifiers were read; nothing where none is."""
    if not n_incomplete:
        return []
    s = "" if n_incomplete == 1 else "s"
    return [f"missing values in {n_incomplete:,} record{s}: {READINGS[missing]}"]
