"""A column in the place of a parameter is refused, and none of its cells quoted."""

import traceback

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from skanon._messages import shown
from skanon.hierarchies import Hierarchy

#: Cells that no message may quote, as text and as a number.
MARKERS = ["Secretville", "271828"]

#: Each way to make a hierarchy, with a column in the place of a parameter.
MISPLACED = {
    "from_csv": lambda column: Hierarchy.from_csv(column),
    "from_csv-sep": lambda column: Hierarchy.from_csv("none.csv", sep=column),
    "from_dict": lambda column: Hierarchy.from_dict(column),
    "from_tree": lambda column: Hierarchy.from_tree(column),
    "intervals": lambda column: Hierarchy.intervals(column),
    "intervals-origin": lambda column: Hierarchy.intervals(5, origin=column),
    "intervals-levels": lambda column: Hierarchy.intervals(5, levels=column),
    "edges-levels": lambda column: Hierarchy.intervals(edges=[1, 2], levels=column),
    "edges": lambda column: Hierarchy.intervals(edges=column),
    "nested-edges": lambda column: Hierarchy.intervals(edges=[[1], column]),
    "dates": lambda column: Hierarchy.dates(column),
    "nested-dates": lambda column: Hierarchy.dates(["year", column]),
    "geo_grid": lambda column: Hierarchy.geo_grid(column),
    "h3_cells": lambda column: Hierarchy.h3_cells(column),
    "prefix": lambda column: Hierarchy.prefix(column),
    "redaction": lambda column: Hierarchy.redaction(column),
    "redaction-end": lambda column: Hierarchy.redaction("*", column),
    "redaction-height": lambda column: Hierarchy.redaction(height=column),
    "order": lambda column: Hierarchy.order(["a", "b"], column),
    "order-level": lambda column: Hierarchy.order(["a", "b"], [column]),
    "frequency": lambda column: Hierarchy.frequency(["a", "b"], column),
    "frequency-label": lambda column: Hierarchy.frequency(
        ["a", "b"], [1], group_label=column
    ),
    "level": lambda column: Hierarchy.prefix([1]).generalize(["a"], column),
    "handle_unknown": lambda column: Hierarchy.prefix([1]).generalize(
        ["a"], 1, handle_unknown=column
    ),
    "plot": lambda column: Hierarchy.from_dict({"a": "b"}).plot(max_labels=column),
    "to_csv": lambda column: Hierarchy.from_dict({"a": "b"}).to_csv(column),
    "to_csv-sep": lambda column: Hierarchy.from_dict({"a": "b"}).to_csv("", column),
}

TEXTS, NUMBERS = [*MARKERS, "a"], [271828.5, -0.5, 271828.0]

COLUMNS = {
    "texts": pd.Series(TEXTS, name="city"),
    "numbers": pd.Series(NUMBERS, name="age"),
    "categories": pd.Series(TEXTS, dtype="category"),
    "array": np.array(TEXTS),
    "floats": np.array(NUMBERS),
    "objects": np.array(TEXTS, object),
    "arrow": pa.chunked_array([TEXTS]),
    "list": TEXTS,
    "tuple": tuple(TEXTS),
    "table": pd.DataFrame({"city": TEXTS, "age": NUMBERS}),
}


@pytest.mark.parametrize("make", MISPLACED.values(), ids=MISPLACED)
@pytest.mark.parametrize("column", COLUMNS.values(), ids=COLUMNS)
def test_a_column_in_the_place_of_a_parameter_is_not_quoted(make, column):
    with pytest.raises((TypeError, ValueError), match=r"^[^\n]+$") as caught:
        make(column)
    message = "".join(traceback.format_exception(caught.value))
    assert "ambiguous" not in message
    assert not any(marker in message for marker in MARKERS)


def test_a_polars_column_is_not_quoted_either():
    pl = pytest.importorskip("polars", reason="polars is not installed")
    with pytest.raises(ValueError, match=r"such as \[3, 2\]; got Series\."):
        Hierarchy.prefix(pl.Series("city", TEXTS))


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("year", "'year'"),
        (0, "0"),
        (2.5, "2.5"),
        (True, "True"),
        (None, "None"),
        (np.int64(3), "3"),
        ([3, 2], "[3, 2]"),
        ((3, np.int64(2)), "(3, 2)"),
        ([], "[]"),
        (list(range(100)), "list"),
        (["Bonn"], "list"),
        ([[3, 2]], "list"),
        ({"Bonn": 1}, "dict"),
        (b"Bonn", "bytes"),
        (np.str_("Bonn"), "'Bonn'"),
        (np.array([3, 2]), "ndarray"),
        (pd.Series([3, 2]), "Series"),
        (pd.NaT, "NaTType"),
    ],
    ids=repr,
)
def test_a_message_shows_choices_and_names_the_type_of_all_else(given, expected):
    assert shown(given) == expected
