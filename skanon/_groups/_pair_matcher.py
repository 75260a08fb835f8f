"""Which classes match which, by comparing each with each."""

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from skanon._groups._histogram import Numbers
from skanon._groups._keys import Integers

__all__ = ["PairMatcher"]

Mask = npt.NDArray[np.bool_]

#: So many pairs are compared at once.
MAX_PAIRS = 2**21


class PairMatcher:
    """Sums and histograms over all classes that match a class.

    It is made for few classes, whose patterns of missing values are about as many.

    Parameters
    ----------
    codes : sequence of ndarray of int of shape (n_classes,)
        The code of each class in each column.
    missing : sequence of (int or None)
        Each column's code for missing values.
    """

    def __init__(
        self, codes: Sequence[Integers], missing: Sequence[int | None]
    ) -> None:
        self.codes = codes
        self.gaps = [
            None if code is None else column == code
            for column, code in zip(codes, missing, strict=True)
        ]

    def sum(self, class_numbers: Numbers, alpha: float = 1) -> Numbers:
        """Sum a number per class over all classes that match a class.

        Those that lack a value where the class has one count ``alpha``-fold.
        """
        numbers = class_numbers.astype(np.float64)
        sums = np.zeros(len(numbers))
        for rows, matches, lacks in self._blocks():
            shares = matches.astype(np.float64)
            shares[matches & lacks] = alpha
            sums[rows] = shares @ numbers
        return _as_exact(sums, class_numbers) if alpha in (0, 1) else sums

    def join(
        self, classes: Integers, values: Integers, counts: Numbers, n_values: int
    ) -> tuple[Integers, Integers, Numbers]:
        """Sum sparse (class, value) counts over all classes that match a class."""
        shape = (len(self.codes[0]), n_values)
        table = csr_array((counts.astype(np.float64), (classes, values)), shape)
        parts = [(classes[:0], values[:0], counts[:0])]
        for rows, matches, _ in self._blocks():
            sums = csr_array(matches.astype(np.float64)) @ table
            sums.sum_duplicates()
            places = sums.tocoo()
            row, column = places.row.astype(np.int64), places.col.astype(np.int64)
            parts.append((row + rows.start, column, _as_exact(places.data, counts)))
        joined = [np.concatenate(part) for part in zip(*parts, strict=True)]
        return joined[0], joined[1], joined[2]

    def _blocks(self) -> Iterator[tuple[slice, Mask, Mask]]:
        """Yield classes, who matches each, and who lacks one of its values."""
        n_classes = len(self.codes[0])
        step = max(1, MAX_PAIRS // max(n_classes, 1))
        for start in range(0, n_classes, step):
            rows = slice(start, min(start + step, n_classes))
            matches = np.ones((rows.stop - start, n_classes), bool)
            lacks = np.zeros_like(matches)
            for column, gaps in zip(self.codes, self.gaps, strict=True):
                equal = column[rows, None] == column
                if gaps is not None:
                    equal |= gaps
                    equal |= gaps[rows, None]
                    lacks |= gaps & ~gaps[rows, None]
                matches &= equal
            yield rows, matches, lacks


def _as_exact(sums: Numbers, like: Numbers) -> Numbers:
    """Return sums of whole numbers as such."""
    return sums if like.dtype.kind == "f" else np.rint(sums).astype(like.dtype)
