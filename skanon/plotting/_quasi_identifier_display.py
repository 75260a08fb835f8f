"""Which columns tell people apart."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from skanon._axes import BLUE, GREY, ORANGE, axes_for, settle
from skanon.metrics import QuasiIdentifierRanking, quasi_identifier_ranking
from skanon.plotting._set_names import (
    figure_width,
    n_legible,
    name_sets,
    point_size,
    write_legend,
)
from skanon.typing import ArrayLike, Table

__all__ = ["QuasiIdentifierDisplay"]

#: Fewer bars are drawn as if there were that many, so that they stay bars.
LEAST_BARS = 4


class QuasiIdentifierDisplay:
    """Columns, and sets of them, by how well they identify.

    For each set of columns a bar, the share of pairs of records that it tells apart,
    and a point, the number of distinct values that it has per record.

    It is recommended to use :meth:`from_table` or :meth:`from_ranking`. The drawing
    shows names of columns, no cell of the table; long names are shortened by "…" so
    that they stay different.

    Parameters
    ----------
    column_sets : list of tuple
        The names of the columns of each set.
    distinction : ndarray of shape (n_sets,)
        The number of distinct values per record.
    separation : ndarray of shape (n_sets,)
        The share of pairs of records that differ.
    max_shown : int, default=20
        How many sets are drawn at most: the first ones. In axes that are given and
        small, only as many are drawn as can be read.

    Attributes
    ----------
    ax_ : matplotlib Axes
        The axes that were drawn on.
    figure_ : matplotlib Figure
        The figure of the axes.
    bars_ : matplotlib BarContainer
        The bars of separation.
    points_ : matplotlib Line2D
        The points of distinction.

    See Also
    --------
    skanon.metrics.quasi_identifier_ranking : The numbers that it draws.
    RiskDisplay : The risk by the columns that were chosen.

    Examples
    --------
    >>> import pandas as pd
    >>> from skanon.plotting import QuasiIdentifierDisplay
    >>> X = pd.DataFrame({"sex": ["f", "f", "m"], "age": [30, 41, 41]})
    >>> display = QuasiIdentifierDisplay.from_table(X)
    >>> [label.get_text() for label in display.ax_.get_yticklabels()]
    ['sex', 'age', 'sex + age']
    """

    def __init__(
        self,
        *,
        column_sets: Sequence[tuple[Any, ...]],
        distinction: ArrayLike,
        separation: ArrayLike,
        max_shown: int = 20,
    ) -> None:
        self.column_sets = column_sets
        self.distinction = distinction
        self.separation = separation
        self.max_shown = max_shown

    @classmethod
    def from_ranking(
        cls, ranking: QuasiIdentifierRanking, *, max_shown: int = 20, ax: Any = None
    ) -> "QuasiIdentifierDisplay":
        """Draw what :func:`skanon.metrics.quasi_identifier_ranking` measured.

        Parameters
        ----------
        ranking : QuasiIdentifierRanking
            The numbers.
        max_shown : int, default=20
            How many sets are drawn at most: the first ones.
        ax : matplotlib Axes, default=None
            Where to draw; None makes a new figure.

        Returns
        -------
        QuasiIdentifierDisplay
            The display, drawn.

        Raises
        ------
        MissingExtraError
            If matplotlib is not installed.
        """
        display = cls(
            column_sets=ranking.column_sets,
            distinction=ranking.distinction,
            separation=ranking.separation,
            max_shown=max_shown,
        )
        return display.plot(ax=ax)

    @classmethod
    def from_table(
        cls,
        X: Table,
        *,
        columns: Sequence[Any] | None = None,
        max_size: int = 2,
        sample_weight: ArrayLike = None,
        max_shown: int = 20,
        ax: Any = None,
    ) -> "QuasiIdentifierDisplay":
        """Rank the columns of a table and draw the ranking.

        Parameters
        ----------
        X : DataFrame, Table or array-like of shape (n_samples, n_features)
            The table.
        columns : list of str or int, default=None
            The columns to rank; None for all.
        max_size : int, default=2
            The greatest size of a set of columns.
        sample_weight : array-like of shape (n_samples,), default=None
            How many records each row stands for. None counts each row once.
        max_shown : int, default=20
            How many sets are drawn at most: the first ones.
        ax : matplotlib Axes, default=None
            Where to draw; None makes a new figure.

        Returns
        -------
        QuasiIdentifierDisplay
            The display, drawn.

        Raises
        ------
        ColumnError
            If a column is not in X.
        ValueError
            If a weight or another parameter is out of its range.
        MissingExtraError
            If matplotlib is not installed.
        """
        ranking = quasi_identifier_ranking(
            X, columns=columns, max_size=max_size, sample_weight=sample_weight
        )
        return cls.from_ranking(ranking, max_shown=max_shown, ax=ax)

    def plot(self, ax: Any = None, **kwargs: Any) -> "QuasiIdentifierDisplay":
        """Draw the ranking, the most identifying at the top of each size.

        Parameters
        ----------
        ax : matplotlib Axes, default=None
            Where to draw; None makes a new figure.
        **kwargs : dict
            Passed to matplotlib's ``barh``.

        Returns
        -------
        QuasiIdentifierDisplay
            The display itself.

        Raises
        ------
        MissingExtraError
            If matplotlib is not installed.
        """
        sets = list(self.column_sets[: self.max_shown])
        is_new = ax is None
        self.ax_ = axes_for(ax, type(self).__name__)
        self.figure_ = self.ax_.figure
        if is_new:
            height = 1.3 + 0.25 * max(len(sets), 4)
            self.figure_.set_size_inches(figure_width(sets, self.ax_), height)
        sets = sets[: n_legible(self.ax_)]
        places = np.arange(len(sets))
        style = {"color": BLUE, "height": 0.7, "label": "pairs of records told apart"}
        self.bars_ = self.ax_.barh(
            places, np.asarray(self.separation)[: len(sets)], **{**style, **kwargs}
        )
        (self.points_,) = self.ax_.plot(
            np.asarray(self.distinction)[: len(sets)],
            places,
            "o",
            color=ORANGE,
            markersize=point_size(len(sets), self.ax_),
            label="distinct values per record",
            clip_on=False,
        )
        self._finish(sets)
        return self

    def _finish(self, sets: list[tuple[Any, ...]]) -> None:
        """Put the first set on top, and a line between sets of different sizes."""
        for i in np.flatnonzero(np.diff([len(columns) for columns in sets])):
            self.ax_.axhline(i + 0.5, color=GREY, linewidth=1, linestyle=":")
        beside = max(LEAST_BARS - len(sets), 0) / 2
        self.ax_.set_ylim(len(sets) - 0.4 + beside, -0.6 - beside)
        self.ax_.set_xlim(0, 1)
        self.ax_.xaxis.set_major_formatter("{x:.0%}")
        n_left = len(self.column_sets) - len(sets)
        if n_left > 0:
            text = f"{n_left:,} more sets of columns are not shown"
            self.ax_.set_xlabel(text, loc="right")
        for side in ("top", "right"):
            self.ax_.spines[side].set_visible(False)
        name_sets(sets, self.ax_)
        write_legend(self.ax_)
        settle(self.ax_)
