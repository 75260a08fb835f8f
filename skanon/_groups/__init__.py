"""Quasi-identifiers → equivalence classes: the one place where rows are grouped.

Three steps, each usable alone:

1. ``encode_column`` turns an Arrow column into integer codes, small if it can, and
   ``encode_columns`` those of a table, several at once;
   ``encode_sensitive`` does so for a sensitive column and keeps its values.
2. ``group_columns`` (Arrow columns), ``group_encoded`` or ``group_codes`` (codes at
   hand, as in a lattice search) packs the codes of a row into one integer.
3. ``EquivalenceClasses`` counts equal integers: class sizes, class labels,
   histograms of sensitive columns. Everything is computed when first asked for,
   so that class sizes alone cost one sort.

The rules that everything above stands on:

- **Weights are counts.** A row of weight 3 is three records. A row of weight 0 is
  not there.
- **A suppressed record is in no class.** Its label is -1. It still counts as a
  record of the table, and in the overall distribution of sensitive values.
- **A missing value** is a category of its own, or with ``missing="wildcard"``
  matches every value.
- **A subset** (the research sample inside a population table) gives each class two
  sizes: ``sizes`` counts the subset's records, ``population_sizes`` all of them.
"""

from skanon._groups._classes import EquivalenceClasses
from skanon._groups._encoding import EncodedColumn, encode_column
from skanon._groups._frame_columns import encode_columns
from skanon._groups._grouping import (
    all_missing,
    group_codes,
    group_columns,
    group_encoded,
)
from skanon._groups._histogram import Histogram
from skanon._groups._keys import as_counts, pack_codes, rank_keys
from skanon._groups._sensitive import SensitiveColumn, encode_sensitive

__all__ = [
    "EncodedColumn",
    "EquivalenceClasses",
    "Histogram",
    "SensitiveColumn",
    "all_missing",
    "as_counts",
    "encode_column",
    "encode_columns",
    "encode_sensitive",
    "group_codes",
    "group_columns",
    "group_encoded",
    "pack_codes",
    "rank_keys",
]
