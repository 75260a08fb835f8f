"""A hierarchy from nothing but a column."""

from collections.abc import Iterator

import pyarrow as pa
import pyarrow.compute as pc

from skanon._base import Weights
from skanon._intervals import Edges, count_numbers, is_numeric, read_numbers
from skanon._value_text import as_text
from skanon.generalization._cut_points import quantile_edges
from skanon.hierarchies import Hierarchy

__all__ = ["learned_hierarchy"]

#: Intervals on level 1 of a column of numbers; each level above has half as many.
FINEST = 16

#: Levels of a column of dates.
PERIODS = ("month", "year", "decade")


def learned_hierarchy(column: pa.Array, weights: Weights) -> Hierarchy:
    """Make a hierarchy for the values of a column.

    Numbers lie in intervals that hold equally many rows, dates in periods; of all
    else, rare values are joined first.

    Raises
    ------
    ColumnTypeError
        If the values are bytes, lists or the like.
    """
    kind = column.type
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    if is_numeric(kind):
        numbers = read_numbers(column, owner="a hierarchy", name=None)
        values, counts = count_numbers(numbers, weights)
        levels = list(_halved(quantile_edges(values, counts, FINEST)))
        return Hierarchy.intervals(edges=levels or [0.0])
    if pa.types.is_date(kind) or pa.types.is_timestamp(kind):
        return Hierarchy.dates(PERIODS)
    if column.null_count == len(column):
        column, weights = pa.array([""]), None
    return Hierarchy.frequency(
        column, group_label=_unused_label(column), sample_weight=weights
    )


def _halved(edges: Edges) -> Iterator[Edges]:
    while len(edges):
        yield edges
        edges = edges[1::2]


def _unused_label(column: pa.Array) -> str:
    label, texts = "other", as_text(column.unique())
    while pc.index(texts, label).as_py() >= 0:
        label += "_"
    return label
