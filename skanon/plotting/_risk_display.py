"""In how large classes the records of a table hide."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from skanon._axes import BLUE, ORANGE, axes_for, settle
from skanon.metrics import AttackerRisk, RiskSummary, risk_summary
from skanon.plotting._risk_axes import draw_thresholds, name_bars, write_title
from skanon.plotting._size_bars import bar_edges, bar_names, safe_sizes
from skanon.typing import ArrayLike, Table

__all__ = ["RiskDisplay"]

Floats = npt.NDArray[np.float64]


class RiskDisplay:
    """Histogram of class sizes, with the records at risk.

    Each bar is the share of the table's records that hide in classes of a size. Those
    left of a threshold are found with a higher probability than it allows; the legend
    says which line that is, and how many they are.

    It is recommended to use :meth:`from_table` or :meth:`from_summary`. The drawing
    shows counts and sizes, no cell of the table.

    Parameters
    ----------
    class_sizes : ndarray of shape (n_sizes,)
        The sizes of classes that occur, ascending.
    class_counts : ndarray of shape (n_sizes,)
        How many classes have each size.
    records : ndarray of shape (n_sizes,), default=None
        How many records hide in classes of each size. None takes sizes times counts;
        with missing values as wildcards there are fewer, since classes overlap.
    thresholds : sequence of float, default=(0.2,)
        Risks of a record that are still acceptable; a line is drawn for each. Records
        above the lowest risk are drawn as being at risk.
    name : str, default=None
        What the table is called, for the title.

    Attributes
    ----------
    ax_ : matplotlib Axes
        The axes that were drawn on.
    figure_ : matplotlib Figure
        The figure of the axes.
    bars_ : matplotlib BarContainer
        The bars.
    lines_ : list of matplotlib Line2D
        The thresholds.

    See Also
    --------
    skanon.metrics.risk_summary : The numbers that it draws.
    QuasiIdentifierDisplay : Which columns identify.

    Examples
    --------
    >>> import pandas as pd
    >>> from skanon.plotting import RiskDisplay
    >>> X = pd.DataFrame({"sex": ["f"] * 6 + ["m"] * 3 + ["x"]})
    >>> display = RiskDisplay.from_table(X, quasi_identifiers=["sex"])
    >>> display.records_at_risk(0.2)
    0.4
    """

    def __init__(
        self,
        *,
        class_sizes: ArrayLike,
        class_counts: ArrayLike,
        records: ArrayLike = None,
        thresholds: Sequence[float] = (0.2,),
        name: str | None = None,
    ) -> None:
        self.class_sizes = class_sizes
        self.class_counts = class_counts
        self.records = records
        self.thresholds = thresholds
        self.name = name

    @classmethod
    def from_summary(
        cls,
        summary: RiskSummary,
        *,
        thresholds: Sequence[float] | None = None,
        name: str | None = None,
        ax: Any = None,
    ) -> "RiskDisplay":
        """Draw what :func:`skanon.metrics.risk_summary` measured.

        Parameters
        ----------
        summary : RiskSummary
            The numbers.
        thresholds : sequence of float, default=None
            Risks of a record that are still acceptable; None takes the summary's.
        name : str, default=None
            What the table is called, for the title.
        ax : matplotlib Axes, default=None
            Where to draw; None makes a new figure.

        Returns
        -------
        RiskDisplay
            The display, drawn.

        Raises
        ------
        ValueError
            If a threshold is not in (0, 1].
        MissingExtraError
            If matplotlib is not installed.
        """
        display = cls(
            class_sizes=summary.class_sizes,
            class_counts=summary.class_counts,
            records=summary.prosecutor.records,
            thresholds=(summary.threshold,) if thresholds is None else thresholds,
            name=name,
        )
        return display.plot(ax=ax)

    @classmethod
    def from_table(
        cls,
        X: Table,
        *,
        quasi_identifiers: Sequence[Any],
        thresholds: Sequence[float] = (0.2,),
        name: str | None = None,
        ax: Any = None,
        **options: Any,
    ) -> "RiskDisplay":
        """Measure a table and draw its risk.

        Parameters
        ----------
        X : DataFrame, Table or array-like of shape (n_samples, n_features)
            The table.
        quasi_identifiers : list of str or int
            The columns that an attacker may know, by name or position.
        thresholds : sequence of float, default=(0.2,)
            Risks of a record that are still acceptable.
        name : str, default=None
            What the table is called, for the title.
        ax : matplotlib Axes, default=None
            Where to draw; None makes a new figure.
        **options : dict
            ``sample_weight``, ``missing`` and ``suppressed`` of
            :func:`skanon.metrics.risk_summary`.

        Returns
        -------
        RiskDisplay
            The display, drawn.

        Raises
        ------
        ColumnError
            If there are no quasi-identifiers, or one is not in X.
        ValueError
            If a threshold is not in (0, 1], or an option is out of its range.
        MissingExtraError
            If matplotlib is not installed.
        """
        summary = risk_summary(X, quasi_identifiers=quasi_identifiers, **options)
        return cls.from_summary(summary, thresholds=thresholds, name=name, ax=ax)

    def plot(
        self, ax: Any = None, *, name: str | None = None, **kwargs: Any
    ) -> "RiskDisplay":
        """Draw the histogram.

        Parameters
        ----------
        ax : matplotlib Axes, default=None
            Where to draw; None makes a new figure.
        name : str, default=None
            What the table is called, for the title; None takes the display's name.
        **kwargs : dict
            Passed to matplotlib's ``bar``.

        Returns
        -------
        RiskDisplay
            The display itself.

        Raises
        ------
        ValueError
            If a threshold is not in (0, 1].
        MissingExtraError
            If matplotlib is not installed.
        """
        self.ax_ = axes_for(ax, type(self).__name__)
        self.figure_ = self.ax_.figure
        limits = safe_sizes(self.thresholds)
        edges = bar_edges(self._sizes, limits)
        shares = self._shares(edges)
        at_risk = edges < max(limits, default=0)
        style = {
            "color": np.where(at_risk, ORANGE, BLUE),
            "edgecolor": "white",
            "width": 0.9,
        }
        self.bars_ = self.ax_.bar(np.arange(len(edges)), shares, **{**style, **kwargs})
        self._label(edges, self.name if name is None else name)
        settle(self.ax_)
        self._draw_thresholds(limits, edges, float(shares.max()) or 1)
        settle(self.ax_)
        return self

    def records_at_risk(self, threshold: float) -> float:
        """Return the share of records whose risk is above a threshold.

        Parameters
        ----------
        threshold : float
            The risk that is still acceptable.

        Returns
        -------
        float
            The share of records in smaller classes.

        Raises
        ------
        ValueError
            If the threshold is not in (0, 1].
        """
        risk = AttackerRisk("prosecutor", self._sizes, self._records, np.nan)
        return risk.records_at_risk(threshold)

    @property
    def _sizes(self) -> Floats:
        return np.asarray(self.class_sizes, dtype=np.float64)

    @property
    def _records(self) -> Floats:
        if self.records is not None:
            return np.asarray(self.records, dtype=np.float64)
        return self._sizes * np.asarray(self.class_counts, dtype=np.float64)

    def _shares(self, edges: Floats) -> Floats:
        """Return the share of the records in each bar."""
        records = self._records
        bars = np.searchsorted(edges, self._sizes, side="right") - 1
        sums = np.bincount(bars, records, len(edges))
        return np.asarray(sums / (records.sum() or 1))

    def _label(self, edges: Floats, name: str | None) -> None:
        n_records, n_classes = self._records.sum(), np.sum(self.class_counts)
        title = f"{n_records:,.0f} records in {n_classes:,.0f} classes"
        name_bars(self.ax_, bar_names(edges))
        write_title(self.ax_, name, title)
        self.ax_.set(xlabel="records in the class", ylabel="share of all records")
        self.ax_.yaxis.set_major_formatter("{x:.0%}")
        for side in ("top", "right"):
            self.ax_.spines[side].set_visible(False)

    def _draw_thresholds(self, limits: list[int], edges: Floats, peak: float) -> None:
        """Draw a line for each threshold, and say what stands left of it."""
        order = np.argsort(limits, kind="stable")
        places = [np.searchsorted(edges, limits[i]) - 0.5 for i in order]
        names = []
        for risk in [self.thresholds[i] for i in order]:
            share = self.records_at_risk(risk)
            names.append(f"risk > {risk:.3g}: {share:.1%} of records")
        self.lines_ = draw_thresholds(self.ax_, places, names, peak)
        self.ax_.set_yticks([y for y in self.ax_.get_yticks() if y <= 1])
