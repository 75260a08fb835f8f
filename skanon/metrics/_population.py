"""A sample and the population that it was drawn from, grouped together."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from skanon._frames import Frame, read_frame
from skanon._groups import EquivalenceClasses, group_columns
from skanon.exceptions import ColumnError, ColumnTypeError
from skanon.metrics._reading import (
    check_mask,
    check_missing,
    check_quasi_identifiers,
    read_counts,
)
from skanon.typing import ArrayLike, Table

__all__ = ["read_classes_in_population"]

Numbers = npt.NDArray[Any]


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
    names = [frame.names[position] for position in positions]
    columns = [
        _stacked(frame.column(position), around.column(_place(around, name)), name)
        for name, position in zip(names, positions, strict=True)
    ]
    subset = np.arange(len(frame) + len(around)) < len(frame)
    mask = check_mask(suppressed, len(frame), "suppressed", owner)
    if mask is not None:
        mask = np.append(mask, np.zeros(len(around), bool))
    weights = read_counts(sample_weight, len(frame))
    if weights is not None:
        weights = np.append(weights, np.ones(len(around), weights.dtype))
    classes = group_columns(
        columns,
        names=names,
        weights=weights,
        missing=missing,  # type: ignore[arg-type]
        suppressed=mask,
        subset=subset,
    )
    # Whole numbers, for the population's rows have no weights.
    sizes = np.rint(classes.population_sizes - classes.sizes).astype(np.int64)
    n_lacking = int((sizes < classes.sizes)[classes.members > 0].sum())
    if n_lacking:
        raise ValueError(
            f"The population holds fewer records than X in {n_lacking} classes of X. "
            "Give the whole population that X was taken from, X's records included, "
            "generalized as X is."
        )
    return classes, sizes


def _place(population: Frame, name: Any) -> int:
    if name not in population.names:
        raise ColumnError(
            f"The population lacks the quasi-identifier {name!r}. It has the columns "
            f"{population.names}."
        )
    return population.names.index(name)


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
    try:
        tables = [pa.table([chunk], names=["values"]) for chunk in chunks]
        joined = pa.concat_tables(tables, promote_options="permissive")
        return list(joined.column(0).chunks)
    except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError):
        raise ColumnTypeError(
            f"Column {name!r} has type {sample.type} in X and {population.type} in the "
            "population. Convert one of them to the other's type."
        ) from None
