"""Which classes match which, by their patterns of missing values.

For each pattern, and for each set of columns that it shares with others, the classes
are grouped on those columns, and sums or histograms of the groups are looked up.
"""

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from skanon._groups._histogram import Numbers, add_up, count_pairs
from skanon._groups._keys import Integers, pack_codes, rank_keys

__all__ = ["PatternMatcher"]

Mask = npt.NDArray[np.bool_]

#: A set of classes, and the group of each class on the columns that are shared.
Group = tuple[Mask, Mask, Integers, int]


class PatternMatcher:
    """Sums and histograms over all classes that match a class.

    It is made for many classes of few patterns.

    Parameters
    ----------
    codes : sequence of ndarray of int of shape (n_classes,)
        The code of each class in each column.
    n_codes : sequence of int
        How many codes each column has.
    missing : sequence of (int or None)
        Each column's code for missing values.
    """

    def __init__(
        self,
        codes: Sequence[Integers],
        n_codes: Sequence[int],
        missing: Sequence[int | None],
    ) -> None:
        self.codes = codes
        self.n_codes = n_codes
        present = [
            np.ones(len(column), bool) if code is None else column != code
            for column, code in zip(codes, missing, strict=True)
        ]
        self.patterns, self.pattern_of = np.unique(
            np.column_stack(present), axis=0, return_inverse=True
        )

    def sum(self, class_numbers: Numbers, alpha: float = 1) -> Numbers:
        """Sum a number per class over all classes that match a class.

        Those that lack a value where the class has one count ``alpha``-fold.
        """
        dtype = class_numbers.dtype if alpha in (0, 1) else np.float64
        out = np.zeros(len(class_numbers), dtype)
        for these, others, labels, n_labels in self._shared():
            sums = add_up(labels[others], class_numbers[others], n_labels)
            share = 1 if self._has_all(these, others) else alpha
            out[these] += (share * sums[labels[these]]).astype(dtype)
        return out

    def join(
        self, classes: Integers, values: Integers, counts: Numbers, n_values: int
    ) -> tuple[Integers, Integers, Numbers]:
        """Sum sparse (class, value) counts over all classes that match a class."""
        parts = [(classes[:0], values[:0], counts[:0])]
        for these, others, labels, n_labels in self._shared():
            is_other = others[classes]
            grouped = count_pairs(
                labels[classes[is_other]],
                values[is_other],
                counts[is_other],
                n_values,
            )
            parts.append(_look_up(np.flatnonzero(these), labels, grouped, n_labels))
        joined = [np.concatenate(part) for part in zip(*parts, strict=True)]
        return count_pairs(joined[0], joined[1], joined[2], n_values)

    def _shared(self) -> Iterator[Group]:
        """Yield (classes of a pattern, the others of like overlap, groups)."""
        n_classes = len(self.pattern_of)
        memory: dict[bytes, tuple[Integers, int]] = {}
        for i, pattern in enumerate(self.patterns):
            overlaps, overlap_of = np.unique(
                self.patterns & pattern, axis=0, return_inverse=True
            )
            for j, overlap in enumerate(overlaps):
                key = overlap.tobytes()
                if key not in memory:
                    memory[key] = self._group_on(np.flatnonzero(overlap), n_classes)
                others = (overlap_of.ravel() == j)[self.pattern_of.ravel()]
                yield self.pattern_of.ravel() == i, others, *memory[key]

    def _has_all(self, these: Mask, others: Mask) -> bool:
        """Tell whether the others have a value wherever these have one."""
        pattern, other = (
            self.patterns[self.pattern_of.ravel()[np.argmax(mask)]]
            for mask in (these, others)
        )
        return bool(other[pattern].all())

    def _group_on(self, columns: Integers, n_classes: int) -> tuple[Integers, int]:
        if not len(columns):
            return np.zeros(n_classes, np.int64), 1
        keys, bound = pack_codes(
            [self.codes[j] for j in columns], [self.n_codes[j] for j in columns]
        )
        return rank_keys(keys, bound)


def _look_up(
    classes: Integers,
    labels: Integers,
    grouped: tuple[Integers, Integers, Numbers],
    n_labels: int,
) -> tuple[Integers, Integers, Numbers]:
    """Give each class the (value, count) pairs of its group."""
    groups, values, counts = grouped
    lengths = np.bincount(groups, minlength=n_labels)
    starts = np.cumsum(lengths) - lengths
    wanted = labels[classes]
    repeats = lengths[wanted]
    ends = np.cumsum(repeats)
    within = np.arange(ends[-1] if len(ends) else 0) - np.repeat(
        ends - repeats, repeats
    )
    pairs = np.repeat(starts[wanted], repeats) + within
    return np.repeat(classes, repeats), values[pairs], counts[pairs]
