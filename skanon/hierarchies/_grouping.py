"""Listed hierarchies from an order of the values, or from how often they occur."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from skanon._messages import shown
from skanon._value_text import as_text, count_values
from skanon.hierarchies._integers import integers_of, is_integer
from skanon.hierarchies._listing import Listing, listing_from_levels

__all__ = ["listing_from_frequency", "listing_from_order"]


def listing_from_order(labels: pa.Array, group_sizes: Any) -> Listing:
    """Group neighbours, level by level; a group is named for its first and last.

    Raises
    ------
    ValueError
        If sizes are not positive, or do not add up to the groups there are.
    """
    texts = as_text(labels)
    values = np.array(texts.to_pylist(), object)
    if not len(values):
        raise ValueError("The hierarchy lists no value; give at least one.")
    starts = np.arange(len(values))
    levels = [texts]
    for level, size in enumerate(_sizes_of_levels(group_sizes), start=1):
        starts = starts[_first_of_each_group(size, len(starts), level)]
        levels.append(_range_labels(values, starts))
    return listing_from_levels(levels)


def listing_from_frequency(
    values: pa.Array,
    weights: npt.NDArray[np.float64] | None,
    group_sizes: Any,
    group_label: str,
) -> Listing:
    """Join the rarest values into one group, which grows from level to level.

    Raises
    ------
    ValueError
        If sizes do not increase, or the group has no name of its own.
    """
    if not isinstance(group_label, str):
        raise ValueError(
            "'group_label' must be a text, the name of the group of rare values; got "
            f"{shown(group_label)}."
        )
    names = _by_falling_frequency(values, weights)
    if group_sizes is None:
        group_sizes = _growing_sizes(len(names))
    sizes = _checked_sizes(group_sizes, len(names))
    if sizes and group_label in names:
        raise ValueError(
            f"The column has the value {group_label!r}, so that this cannot be the "
            "name of the group of rare values. Choose another 'group_label'."
        )
    levels = [names.copy() for _ in range(len(sizes) + 1)]
    for level, size in zip(levels[1:], sizes, strict=True):
        level[len(names) - size :] = group_label
    return listing_from_levels([pa.array(level, pa.large_string()) for level in levels])


def _sizes_of_levels(group_sizes: Any) -> list[Any]:
    if is_integer(group_sizes):
        return [group_sizes]
    if not isinstance(group_sizes, Sequence | np.ndarray):
        raise ValueError(
            "'group_sizes' must be a list with the sizes of each level; got "
            f"{type(group_sizes).__name__}."
        )
    return list(group_sizes)


def _first_of_each_group(size: Any, n_groups: int, level: int) -> npt.NDArray[np.int64]:
    """Return which groups of the level below begin a group of this level."""
    sizes = integers_of(size)
    if not sizes or min(sizes) < 1:
        raise ValueError(
            f"'group_sizes' of level {level} must be a positive integer or a list of "
            "them."
        )
    if is_integer(size):
        return np.arange(0, n_groups, size)
    if sum(sizes) != n_groups:
        raise ValueError(
            f"'group_sizes' of level {level} add up to {sum(sizes)}, but there are "
            f"{n_groups} groups on level {level - 1}."
        )
    return np.cumsum([0, *sizes[:-1]])


def _range_labels(
    values: npt.NDArray[np.object_], starts: npt.NDArray[np.int64]
) -> pa.Array:
    """Name each group for its first and last value: ``"low..high"``."""
    last = np.append(starts[1:], len(values)) - 1
    names = [
        values[a] if a == b else f"{values[a]}..{values[b]}"
        for a, b in zip(starts, last, strict=True)
    ]
    labels = pa.array(names, pa.large_string())
    return labels.take(pa.array(np.repeat(np.arange(len(names)), last - starts + 1)))


def _by_falling_frequency(
    values: pa.Array, weights: npt.NDArray[np.float64] | None
) -> npt.NDArray[np.object_]:
    """Return the distinct values, the most frequent first; equals by their text."""
    texts, counts = count_values(values, weights)
    names = np.array(texts.to_pylist(), object)[counts > 0]
    counts = counts[counts > 0]
    if not len(names):
        raise ValueError("The column has no value to make a hierarchy of.")
    by_text = np.argsort(names, kind="stable")
    order = by_text[np.argsort(-counts[by_text], kind="stable")]
    ordered: npt.NDArray[np.object_] = names[order]
    return ordered


def _growing_sizes(n_values: int) -> list[int]:
    """Return groups that leave a half, a quarter … of the values to themselves."""
    kept = [n_values >> halving for halving in range(1, n_values.bit_length())]
    return [n_values - n for n in kept if n_values - n > 1]


def _checked_sizes(group_sizes: Any, n_values: int) -> list[int]:
    sizes = integers_of(group_sizes)
    is_none = isinstance(group_sizes, list) and not group_sizes
    if not (sizes or is_none) or not all(
        a < b for a, b in pairwise([0, *sizes, n_values + 1])
    ):
        raise ValueError(
            "'group_sizes' must be a list of integers, each above the one before and "
            f"none above the number of values, {n_values}; got {shown(group_sizes)}."
        )
    return sizes
