"""What a hierarchy that lists its values can be asked."""

from abc import abstractmethod
from os import PathLike
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from skanon._frames import read_column
from skanon.hierarchies._files import write_levels
from skanon.hierarchies._listing import Listing
from skanon.hierarchies._rules import Rule
from skanon.hierarchies._tree_picture import draw_tree

__all__ = ["ListedValues"]


class ListedValues:
    """The values of a hierarchy one by one, and what stands above each.

    A hierarchy that has a rule for any value lists none; its ``for_values`` does.
    """

    __slots__ = ()

    _rule: Rule

    @abstractmethod
    def _checked(self, level: object) -> int:
        """Return a level that the hierarchy has."""

    @property
    def n_leaves(self) -> int:
        """The number of values that the hierarchy lists."""
        return len(self._listing().codes[0])

    def labels(self, level: int) -> list[str]:
        """Return the distinct labels of a level, in the order of their codes.

        Parameters
        ----------
        level : int
            From 0, the listed values, to ``height``.

        Returns
        -------
        list of str
            The labels.
        """
        labels: list[str] = self._listing().labels[self._checked(level)].to_pylist()
        return labels

    def codes(self, level: int) -> npt.NDArray[np.int32]:
        """Return for each listed value the code of its label on a level.

        Parameters
        ----------
        level : int
            From 0, the listed values, to ``height``.

        Returns
        -------
        ndarray of shape (n_leaves,)
            The position of each value's label in :meth:`labels`; read-only.
        """
        return self._listing().codes[self._checked(level)]

    def shares(self, level: int) -> npt.NDArray[np.float64]:
        """Return for each label of a level the share of the listed values below it.

        Parameters
        ----------
        level : int
            From 0, the listed values, to ``height``.

        Returns
        -------
        ndarray of shape (n_labels,)
            The shares, in the order of :meth:`labels`; their sum is one.
        """
        return np.bincount(self.codes(level)) / self.n_leaves

    def encode(self, column: Any) -> npt.NDArray[np.int32]:
        """Return the position of each value among the listed ones.

        ``codes(level)[encode(column)]`` is the code of each row on a level.

        Parameters
        ----------
        column : Series, Array, ndarray or sequence of shape (n_samples,)
            The values.

        Returns
        -------
        ndarray of shape (n_samples,)
            The positions; -1 for missing values and for those not listed.
        """
        found = self._listing().find(read_column(column)).fill_null(-1)
        positions: npt.NDArray[np.int32] = found.to_numpy(zero_copy_only=False)
        return positions

    def to_frame(self) -> Any:
        """Return the hierarchy as a table with one row per listed value.

        Returns
        -------
        pandas.DataFrame of shape (n_leaves, height + 1)
            The columns ``level_0`` to ``level_…``.
        """
        levels = self._listing().rows()
        names = [f"level_{level}" for level in range(len(levels))]
        return pa.table(levels, names=names).to_pandas()

    def to_csv(self, path: str | PathLike[str], sep: str = ";") -> None:
        """Write the hierarchy to a CSV file that :meth:`from_csv` and ARX read.

        Parameters
        ----------
        path : str or path
            The file; it is overwritten.
        sep : str, default=";"
            What separates the columns, a single ASCII character.
        """
        write_levels(self._listing().rows(), path, sep)

    def plot(self, *, ax: Any = None, max_labels: int = 60) -> Any:
        """Draw the hierarchy as a tree. The picture shows listed values.

        In axes that are given, letters are smaller and long labels shortened by "…"
        where there is little room.

        Parameters
        ----------
        ax : matplotlib Axes, default=None
            Where to draw; None makes a new figure that is large enough.
        max_labels : int, default=60
            Levels with more labels are left out, as are those with more than can be
            read in the axes given.

        Returns
        -------
        matplotlib Axes
            The axes drawn on.

        Raises
        ------
        MissingExtraError
            If matplotlib is not installed.
        """
        return draw_tree(self._listing(), ax, max_labels)

    def _listing(self) -> Listing:
        if isinstance(self._rule, Listing):
            return self._rule
        raise TypeError(
            "This hierarchy is made by a rule and lists no values. Its method "
            "for_values(column) makes one that does."
        )
