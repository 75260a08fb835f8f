"""A sample and the population that it was drawn from, grouped together."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from skanon._arrow import tried, type_name
from skanon._frames import Frame, read_frame
from skanon._groups import EquivalenceClasses, group_columns
from skanon.exceptions import ColumnTypeError
from skanon.metrics._reading import (
    check_mask,
    check_missing,
    check_quasi_identifiers,
    find_columns,
    read_counts,
)
from skanon.typing import ArrayLike, Table

__all__ = ["read_classes_in_population"]

Numbers = npt.NDArray[Any]

#: What adding up fractions of records may add to their sum, relatively.
ROUNDING = 1e-9


def read_classes_in_population(
    X: Table,
    population: Table,
    quasi_identifiers: Any,
    *,
    owner: str,
    sample_weight: ArrayLike = None,
    missing: str = "own_category",
    suppressed: ArrayLike = None,
) -> tuple[EquivalenceClasses, Numbers]:
    """Group a sample, and count each class's records in the population's table.

    Returns
    -------
    classes : EquivalenceClasses
        The classes of both tables together, the sample's rows first; the sample is
        their subset.
    population_sizes : ndarray of shape (n_classes,)
        How many records of the population match each class.

    Raises
    ------
    ColumnError
        If the population lacks a quasi-identifier.
    ValueError
        If it holds fewer records of a class than the sample.
    """
    check_missing(missing, owner)
    frame, around = read_frame(X), read_frame(population)
    positions = check_quasi_identifiers(quasi_identifiers, frame, owner)
    mask = check_mask(suppressed, len(frame), "suppressed", owner)
    weights = read_counts(sample_weight, len(frame))
    n_around = len(around)
    classes = group_columns(
        _columns_of_both(frame, around, positions),
        names=[frame.names[position] for position in positions],
        weights=None if weights is None else _padded(weights, n_around, 1),
        missing=missing,  # type: ignore[arg-type]
        suppressed=None if mask is None else _padded(mask, n_around, False),
        subset=_padded(np.ones(len(frame), bool), n_around, False),
    )
    # Whole numbers, for the population's rows have no weights.
    sizes = np.rint(classes.population_sizes - classes.sizes).astype(np.int64)
    _check_holds(sizes, classes)
    return classes, sizes


def _columns_of_both(
    frame: Frame, around: Frame, positions: Sequence[int]
) -> Iterator[pa.Array]:
    names = [frame.names[position] for position in positions]
    places = find_columns(names, around, "The population")
    for name, position, place in zip(names, positions, places, strict=True):
        yield _stacked(frame.column(position), around.column(place), name)


def _padded(row_values: Numbers, n_rows: int, value: Any) -> Numbers:
    """Put a value for each row of the population under the sample's."""
    return np.append(row_values, np.full(n_rows, value, row_values.dtype))


def _check_holds(sizes: Numbers, classes: EquivalenceClasses) -> None:
    """Raise ValueError unless the population holds the sample, up to rounding."""
    lacks = classes.sizes > sizes * (1 + ROUNDING)
    n_lacking = int(lacks[classes.members > 0].sum())
    if n_lacking:
        raise ValueError(
            f"The population holds fewer records than X in {n_lacking} classes of X. "
            "Give the whole population that X was taken from, X's records included, "
            "generalized as X is."
        )


def _stacked(sample: pa.Array, population: pa.Array, name: Any) -> pa.Array:
    """Put the population's values under the sample's, in one type."""
    parts = [_plain(sample), _plain(population)]
    if parts[0].type != parts[1].type:
        parts = _in_one_type(parts[0], parts[1], name)
    return pa.concat_arrays(parts)


def _plain(column: pa.Array) -> pa.Array:
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if isinstance(column, pa.ExtensionArray):
        column = column.storage
    return column


def _in_one_type(sample: pa.Array, population: pa.Array, name: Any) -> list[pa.Array]:
    """Cast the two to the type that holds both, as integers beside floats do."""
    chunks = [pa.chunked_array([part]) for part in (sample, population)]
    tables = [pa.table([chunk], names=["values"]) for chunk in chunks]
    joined = tried(pa.concat_tables, tables, promote_options="permissive")
    if joined is None:
        kinds = [type_name(part.type) for part in (sample, population)]
        raise ColumnTypeError(
            f"Column {name!r} has Arrow type {kinds[0]} in X and {kinds[1]} in the "
            "population, which do not agree. Convert one of them to the other's."
        )
    return list(joined.column(0).chunks)
