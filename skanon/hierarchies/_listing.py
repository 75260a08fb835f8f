"""A hierarchy that lists its values: one row per value, one column per level."""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from skanon._arrow import tried
from skanon._value_text import as_text, find_values
from skanon.hierarchies._rules import TOP

__all__ = ["Listing", "listing_from_dict", "listing_from_levels", "listing_from_tree"]

#: The code of the label of each listed value, shape (n_leaves,).
Codes = npt.NDArray[np.int32]

#: Which rows, shape (n_rows,).
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Listing:
    """The labels of each level, and for each listed value which one is its own.

    Attributes
    ----------
    labels : tuple of Array
        Per level, from 0 to the top, its distinct labels in order of appearance.
    codes : tuple of ndarray of shape (n_leaves,)
        Per level, the label of each value as a position in ``labels``.
    """

    kind: ClassVar[str] = "listed"

    labels: tuple[pa.Array, ...]
    codes: tuple[Codes, ...]

    def __post_init__(self) -> None:
        for codes in self.codes:
            codes.flags.writeable = False

    @property
    def height(self) -> int:
        """The top level."""
        return len(self.labels) - 1

    def find(self, column: pa.Array) -> pa.Array:
        """Return the position of each value among the leaves, missing if absent."""
        return find_values(column, self.labels[0])

    def knows(self, column: pa.Array) -> pa.Array:
        """Return for each value whether it is listed."""
        return self.find(column).is_valid()

    def labels_of(self, column: pa.Array, level: int) -> pa.Array:
        """Return the label of each value; missing where it is not listed."""
        codes = self.ordinals_of(column, level)
        return pa.DictionaryArray.from_arrays(codes, self.labels[level])

    def ordinals_of(self, column: pa.Array, level: int) -> pa.Array:
        """Return the code of each value's label."""
        return pa.array(self.codes[level]).take(self.find(column))

    def rows(self) -> list[pa.Array]:
        """Return per level the label of each listed value."""
        return [
            labels.take(codes)
            for labels, codes in zip(self.labels, self.codes, strict=True)
        ]

    def describe(self) -> str:
        """Return the number of labels of each level."""
        return f"n_labels={[len(labels) for labels in self.labels]}"

    def state(self) -> dict[str, Any]:
        """Return labels as lists of text and codes as integer arrays."""
        return {
            "labels": [labels.to_pylist() for labels in self.labels],
            "codes": list(self.codes),
        }

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> Self:
        """Return the listing that ``state`` describes."""
        labels = tuple(pa.array(level, pa.large_string()) for level in state["labels"])
        return cls(labels, tuple(state["codes"]))


def listing_from_levels(
    levels: Sequence[pa.Array], *, may_repeat: bool = False
) -> Listing:
    """Build a listing from one column of text per level.

    With ``may_repeat``, a row that is an earlier one once more does not count.

    Raises
    ------
    ValueError
        If a label is missing, a value is listed twice, or a level is not a
        coarsening of the one below.
    """
    encoded = [_encoded(labels, level) for level, labels in enumerate(levels)]
    repeated = _repeated([codes for _, codes in encoded]) if may_repeat else None
    _check_values(encoded[0][1], repeated)
    for level in range(1, len(encoded) - 1):
        _check_coarsening(encoded[level][1], encoded[level + 1][1], level)
    if repeated is not None:
        encoded = [(labels, codes[~repeated]) for labels, codes in encoded]
    encoded = _topped(encoded)
    return Listing(*(tuple(part) for part in zip(*encoded, strict=True)))


def listing_from_dict(mapping: Mapping[Any, Any]) -> Listing:
    """Build a listing from value to label, or to its labels from level 1 upward."""
    if not isinstance(mapping, Mapping):
        raise TypeError(
            "'mapping' must be a dict from value to the labels above it; got "
            f"{type(mapping).__name__}."
        )
    rows = [(value, *_several(above)) for value, above in mapping.items()]
    lengths = sorted({len(row) - 1 for row in rows})
    if len(lengths) > 1:
        raise ValueError(
            f"The values of the hierarchy have from {lengths[0]} to {lengths[-1]} "
            "labels above them; give each value one label for every level."
        )
    return _listing_from_rows(rows)


def listing_from_tree(tree: Mapping[Any, Any]) -> Listing:
    """Build a listing from nested groups whose innermost collections are values.

    A value that lies less deep than others is its own label on the lowest levels.
    """
    if not isinstance(tree, Mapping):
        raise TypeError(
            "'tree' must be a dict from group to its groups, the innermost to lists of "
            f"values; got {type(tree).__name__}."
        )
    paths = list(_paths_to_values(tree, ()))
    depth = max((len(path) for path in paths), default=0)
    rows = [path[-1:] * (depth - len(path)) + path[::-1] for path in paths]
    return _listing_from_rows(rows)


def _encoded(labels: pa.Array, level: int) -> tuple[pa.Array, Codes]:
    """Return the distinct labels in order of appearance, and the code of each row."""
    if labels.null_count:
        row = pc.index(labels.is_null(), True).as_py() + 1
        raise ValueError(
            f"Level {level} of the hierarchy has {labels.null_count} missing label(s), "
            f"the first in row {row}; give every value a label on every level."
        )
    encoded = labels.dictionary_encode()
    return encoded.dictionary, encoded.indices.to_numpy().astype(np.int32)


def _repeated(levels: list[Codes]) -> Mask:
    """Return which rows have the value of an earlier row, and its labels too."""
    _, first = np.unique(levels[0], return_index=True)
    repeated = _are_again(levels[0])
    for codes in levels:
        repeated &= codes == codes[first[levels[0]]]
    return repeated


def _are_again(values: Codes) -> Mask:
    """Return which rows have a value that an earlier row has."""
    # Codes count values in order of appearance: each new one is the largest.
    are_again: Mask = np.diff(np.maximum.accumulate(values), prepend=-1) == 0
    return are_again


def _check_values(codes: Codes, repeated: Mask | None) -> None:
    if not len(codes):
        raise ValueError("The hierarchy lists no value; give at least one.")
    is_again = _are_again(codes)
    if repeated is not None:
        is_again &= ~repeated
    if is_again.any():
        others = "" if repeated is None else " with other labels"
        raise ValueError(
            f"{is_again.sum()} value(s) of the hierarchy are listed again{others}, the "
            f"first in row {is_again.argmax() + 1}; list each value once."
        )


def _check_coarsening(lower: Codes, upper: Codes, level: int) -> None:
    """Check that rows with one label on a level have one label on the next."""
    parent = np.empty(lower.max() + 1, np.int32)
    parent[lower] = upper
    is_split = parent[lower] != upper
    if is_split.any():
        raise ValueError(
            f"Level {level + 1} of the hierarchy is not a coarsening of level {level}: "
            f"{len(np.unique(lower[is_split]))} label(s) of level {level} have more "
            f"than one label above them, the first in row {is_split.argmax() + 1}. "
            "Values that share a label must share all labels above it."
        )


def _topped(
    levels: list[tuple[pa.Array, Codes]],
) -> list[tuple[pa.Array, Codes]]:
    """Give the hierarchy its top: the one label of the last level, or a new level."""
    has_root = len(levels) > 1 and len(levels[-1][0]) == 1
    n_leaves = len(levels[0][1])
    top = pa.array([TOP], pa.large_string()), np.zeros(n_leaves, np.int32)
    return [*(levels[:-1] if has_root else levels), top]


def _listing_from_rows(rows: list[tuple[Any, ...]]) -> Listing:
    columns = list(zip(*rows, strict=True)) or [()]
    return listing_from_levels([_text_array(column) for column in columns])


def _several(above: Any) -> tuple[Any, ...]:
    is_one = isinstance(above, str) or not isinstance(above, Sequence | np.ndarray)
    return (above,) if is_one else tuple(above)


def _paths_to_values(tree: Any, path: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    """Yield the way from the outermost group down to each value."""
    if isinstance(tree, Mapping) and tree:
        for name, branch in tree.items():
            yield from _paths_to_values(branch, (*path, name))
        return
    values = _values_of(tree)
    if path and not values:
        yield path
    yield from ((*path, value) for value in values)


def _values_of(group: Any) -> list[Any]:
    """Return the values of an innermost group; None is a group of nothing."""
    if group is None:
        return []
    is_table = len(getattr(group, "shape", (0,))) > 1
    if is_table or isinstance(group, str) or not isinstance(group, Iterable):
        raise TypeError(
            "The innermost groups of a tree must be lists of values; got "
            f"{type(group).__name__}."
        )
    return sorted(group, key=str) if isinstance(group, Set) else list(group)


def _text_array(values: Sequence[Any]) -> pa.Array:
    collections = {
        type(value).__name__
        for value in values
        if isinstance(value, Iterable) and not isinstance(value, str)
    }
    if collections:
        raise TypeError(
            "The values and labels of a hierarchy are texts, numbers or dates; got "
            f"{', '.join(sorted(collections))}."
        )
    array = tried(pa.array, list(values), from_pandas=True)
    if array is not None:
        return as_text(array)
    texts = [str(v) if v == v and v is not None else None for v in values]
    return pa.array(texts, pa.large_string())
