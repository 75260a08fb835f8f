"""The ways to make a hierarchy."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from os import PathLike
from typing import Any, Self

import pyarrow as pa

from skanon._frames import read_column, read_frame
from skanon._validation import check_weights
from skanon._value_text import as_text
from skanon.hierarchies._codes import Redaction, prefix_from_lengths
from skanon.hierarchies._cuts import cuts_from_edges
from skanon.hierarchies._dates import dates_from_levels
from skanon.hierarchies._files import read_levels
from skanon.hierarchies._grid import grid_from_decimals, grid_from_width
from skanon.hierarchies._grouping import listing_from_frequency, listing_from_order
from skanon.hierarchies._h3_cells import h3_cells_from_resolutions
from skanon.hierarchies._listing import (
    listing_from_dict,
    listing_from_levels,
    listing_from_tree,
)
from skanon.hierarchies._rules import Rule
from skanon.typing import ArrayLike, Table

__all__ = ["HierarchyMakers"]


class HierarchyMakers:
    """The class methods by which a hierarchy is made."""

    __slots__ = ()

    @classmethod
    @abstractmethod
    def _of(cls, rule: Rule) -> Self:
        """Return the hierarchy that has this rule."""

    @classmethod
    def from_frame(cls, X: Table) -> Self:
        """Make a hierarchy from a table with one row per value.

        Parameters
        ----------
        X : DataFrame, Table or array-like of shape (n_values, n_levels)
            The values in the first column and their labels on level 1, 2, … in the
            others. If the last column has one label only, that is the top and
            becomes ``"*"``; else the top is added.

        Returns
        -------
        Hierarchy
            The hierarchy; its labels are in the order of their appearance.

        Raises
        ------
        ValueError
            If a label is missing, a value is listed twice, or a level is not a
            coarsening of the one below.
        """
        frame = read_frame(X, allow_empty=True)
        columns = [as_text(frame.column(i)) for i in range(len(frame.names))]
        return cls._of(listing_from_levels(columns))

    @classmethod
    def from_csv(cls, path: str | PathLike[str], sep: str | None = None) -> Self:
        """Make a hierarchy from a CSV file in the form that ARX has.

        Parameters
        ----------
        path : str or path
            A file without header: one row per value, one column per level, see
            :meth:`from_frame`. A row that repeats an earlier one in all its columns
            counts once, as for ARX.
        sep : str, default=None
            What separates the columns, a single ASCII character; None takes ``;`` if
            the first line has one that is not in quotes, else ``,``.

        Returns
        -------
        Hierarchy
            The hierarchy.

        Raises
        ------
        ValueError
            If the file is no table in UTF-8, or no hierarchy: if it lists a value
            again with other labels, say.
        """
        levels = read_levels(path, sep)
        return cls._of(listing_from_levels(levels, may_repeat=True))

    @classmethod
    def from_dict(cls, mapping: Mapping[Any, Any]) -> Self:
        """Make a hierarchy from a mapping of each value to what stands above it.

        Parameters
        ----------
        mapping : dict
            From value to its label on level 1, or to the list of its labels from
            level 1 upward.

        Returns
        -------
        Hierarchy
            The hierarchy.
        """
        return cls._of(listing_from_dict(mapping))

    @classmethod
    def from_tree(cls, tree: Mapping[Any, Any]) -> Self:
        """Make a hierarchy from nested groups.

        Parameters
        ----------
        tree : dict
            From group to its groups, and so on; the innermost hold a list of values,
            or None for a group that is itself a value. A value that lies less deep
            than others is its own label on the lowest levels.

        Returns
        -------
        Hierarchy
            The hierarchy.
        """
        return cls._of(listing_from_tree(tree))

    @classmethod
    def intervals(
        cls,
        width: float | None = None,
        *,
        edges: Any = None,
        levels: int | Sequence[int] = 1,
        origin: float = 0.0,
    ) -> Self:
        """Make a hierarchy of numbers from intervals that grow.

        An interval has its lower edge, not its upper one: ``"[20, 25)"``.

        Parameters
        ----------
        width : float, default=None
            The width of the intervals of level 1, which go on without end: a number
            has a place if it lies within 2³¹ widths of 0 and of the origin.
        edges : list of float, or list of such lists, default=None
            The edges of level 1, in increasing order, or of each level. What lies
            below the first and from the last edge on are intervals of their own.
        levels : int or list of int, default=1
            How many levels have intervals, each joining two intervals of the level
            below; or how many the second, third … level joins.
        origin : float, default=0.0
            One of the edges, for ``width``.

        Returns
        -------
        Hierarchy
            The hierarchy.

        Raises
        ------
        ValueError
            If not exactly one of ``width`` and ``edges`` is given, or edges do not
            increase.
        """
        if (width is None) == (edges is None):
            raise ValueError("Give either the 'width' of intervals or their 'edges'.")
        if edges is None:
            return cls._of(grid_from_width(width, origin, levels))
        return cls._of(cuts_from_edges(edges, levels))

    @classmethod
    def dates(cls, levels: Sequence[str]) -> Self:
        """Make a hierarchy of dates from periods of the calendar.

        Parameters
        ----------
        levels : list of str
            The period of each level from 1 on, ever longer: ``["month", "year",
            "decade"]``, see :class:`~skanon.DateGeneralizer`. Nothing but the top
            can stand above "week", which may lie in two months and years.

        Returns
        -------
        Hierarchy
            The hierarchy, for dates, timestamps and ISO 8601 text; it has no place for
            what tells no date. Numbers are refused: they may be years or ages.
        """
        return cls._of(dates_from_levels(levels))

    @classmethod
    def geo_grid(cls, decimals: Sequence[int]) -> Self:
        """Make a hierarchy of coordinates from cells of a grid of decimal degrees.

        Use it for latitude and longitude alike. A cell of two decimals is 1.1 km
        high, and each decimal less makes it ten times as large.

        Parameters
        ----------
        decimals : list of int
            How many decimals each level keeps, falling: ``[2, 1, 0]``.

        Returns
        -------
        Hierarchy
            The hierarchy.
        """
        return cls._of(grid_from_decimals(decimals))

    @classmethod
    def h3_cells(cls, resolutions: Sequence[int]) -> Self:
        """Make a hierarchy of H3 cells from the larger cells that they lie in.

        H3 covers the earth with hexagons of 16 resolutions: one of resolution 9 has
        about 0.1 km², and each resolution less makes it seven times as large.

        Parameters
        ----------
        resolutions : list of int
            The resolution of each level, from 15 to 0 and falling: ``[7, 5]``.

        Returns
        -------
        Hierarchy
            The hierarchy, for ids of cells as h3 writes them: text such as
            ``"8928308280fffff"``, or integers of 64 bits. Its labels are text. It has
            no place for what is no cell, nor on any level for a cell that is larger
            than those of level 1.

        Raises
        ------
        MissingExtraError
            If h3 is not installed.
        ValueError
            If the resolutions do not fall, or are not from 15 to 0.

        Notes
        -----
        A cell is an area, not a number of people: in a town one of resolution 7 holds
        thousands, in the countryside perhaps a single house. So measure
        :func:`skanon.metrics.k_anonymity` after it.

        Seven hexagons do not quite fill a larger one: near its edge, a place may lie
        in the cell next to the one that its small cell belongs to.

        References
        ----------
        Uber Technologies, "H3: a hexagonal hierarchical geospatial indexing system",
        https://h3geo.org.

        Examples
        --------
        >>> from skanon.hierarchies import Hierarchy
        >>> cells = Hierarchy.h3_cells([7, 5])
        >>> cells.generalize(["8928308280fffff", "89283082807ffff"], level=1)
        array(['872830828ffffff', '872830828ffffff'], dtype=object)
        """
        return cls._of(h3_cells_from_resolutions(resolutions))

    @classmethod
    def prefix(cls, lengths: Sequence[int]) -> Self:
        """Make a hierarchy of codes from their first characters.

        Parameters
        ----------
        lengths : list of int
            How many characters each level keeps, falling: ``[3, 2]``.

        Returns
        -------
        Hierarchy
            The hierarchy; it has a place for every code.
        """
        return cls._of(prefix_from_lengths(lengths))

    @classmethod
    def redaction(
        cls, char: str = "*", from_end: bool = True, *, height: int = 5
    ) -> Self:
        """Make a hierarchy of codes that hides one more character on each level.

        Parameters
        ----------
        char : str, default="*"
            What stands for a hidden character.
        from_end : bool, default=True
            Whether the last character is hidden first, or the first.
        height : int, default=5
            The top level: the number of characters that the codes have.

        Returns
        -------
        Hierarchy
            The hierarchy; it has a place for every code.
        """
        return cls._of(Redaction(char, from_end, height))

    @classmethod
    def order(cls, labels: Any, group_sizes: Any) -> Self:
        """Make a hierarchy from values in order, by grouping neighbours.

        Parameters
        ----------
        labels : sequence
            The values in their order.
        group_sizes : list of int, or list of lists of int
            For each level from 1 on, how many groups of the level below make one
            group; or how many each of its groups takes, one after the other.

        Returns
        -------
        Hierarchy
            The hierarchy; a group is named for its first and last value,
            ``"low..high"``.
        """
        return cls._of(listing_from_order(read_column(labels), group_sizes))

    @classmethod
    def frequency(
        cls,
        X: Any,
        group_sizes: Sequence[int] | None = None,
        *,
        group_label: str = "other",
        sample_weight: ArrayLike = None,
    ) -> Self:
        """Make a hierarchy that joins rare values first.

        Parameters
        ----------
        X : Series, Array, ndarray or sequence of shape (n_samples,)
            A column; how often a value occurs in it decides its place.
        group_sizes : list of int, default=None
            For each level from 1 on, how many of the rarest values are in the group.
            None leaves a half, a quarter, an eighth … of the values to themselves.
        group_label : str, default="other"
            The name of the group.
        sample_weight : array-like of shape (n_samples,), default=None
            How often each row counts.

        Returns
        -------
        Hierarchy
            The hierarchy; among values that occur equally often, those later in
            the alphabet count as rarer.
        """
        column = read_column(X)
        weights = None
        if sample_weight is not None:
            weights = check_weights(sample_weight, len(column))
            column, weights = column.filter(pa.array(weights > 0)), weights[weights > 0]
        return cls._of(
            listing_from_frequency(column, weights, group_sizes, group_label)
        )
