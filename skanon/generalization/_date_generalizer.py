"""Coarser dates: the period a date lies in, or the age of who was born on it."""

import datetime as dt
from collections.abc import Sequence
from numbers import Integral
from typing import Any, ClassVar

import numpy as np
import pyarrow as pa

from skanon._base import ColumnwiseTransformer, Weights
from skanon._calendar import (
    LEVELS,
    UNITS,
    Integers,
    by_day,
    date_kind,
    period_column,
    read_days,
)
from skanon._compat import Interval, StrOptions
from skanon.generalization._ages import age_bands
from skanon.generalization._date_checks import (
    born_by,
    check_ages,
    check_counts,
    check_form,
    check_kind,
    reference_day,
)

__all__ = ["DateGeneralizer"]

OUTPUTS = ("ordinal", "timestamp", "label", "interval", "midpoint", "bounds")


class DateGeneralizer(ColumnwiseTransformer):
    """Replace dates by the period they lie in, or dates of birth by ages.

    Text, timestamps, dates and numbers of any container become numbers that a model
    can use, or labels that people can read. How coarse they are is a parameter that a
    grid search can choose.

    Parameters
    ----------
    level : {"day", "week", "month", "quarter", "half", "year", "5years", "decade", \
            "century", "*"}, default="year"
        How coarse the dates become. Weeks are those of ISO 8601, from Monday to
        Sunday. With ``reference_date``: "year", "5years" and "decade" of age, or "*".
    output : {"ordinal", "timestamp", "label", "interval", "midpoint", "bounds"}, \
            default="ordinal"
        What a period is replaced by, see Notes: a number that grows with time, its
        first day at midnight, its name, an interval, the moment halfway between its
        ends, or both ends as columns ``name_lower`` and ``name_upper``.
    reference_date : str or date, default=None
        Turns dates of birth into the completed years of age on this day, an ISO
        text or a date. None keeps dates.
    top_age : int, default=90
        With ``reference_date``: from this age on all are in one band, as the US
        Safe Harbor rule asks for. None for no such band.
    format : str, default=None
        How text is written, with the directives of ``strptime``: "%d.%m.%Y". It
        also reads numbers that are written dates: "%Y" for 1990. None reads ISO
        8601: "1990-05-03", also with a time and a zone behind it.
    unit : {"D", "s", "ms", "us", "ns"}, default=None
        What numbers count since 1970-01-01. None takes days, and refuses a column
        whose numbers all look like years (1990) or months (199005).
    errors : {"raise", "coerce"}, default="raise"
        Whether text that is no date, a date outside the years 1 to 9999, or a birth
        after ``reference_date`` is an error or becomes missing.
    columns : list of str or int, default=None
        The columns to work on; the others pass through. None takes all.

    Attributes
    ----------
    columns_ : list
        Names of the columns worked on.
    reference_date_ : str or None
        The day on which the ages hold, as ISO text.
    n_features_in_ : int
        Number of columns seen during :meth:`fit`.
    feature_names_in_ : ndarray of shape (n_features_in_,)
        Their names, if X has names that are all text.

    See Also
    --------
    HierarchyGeneralizer : Replace values by what stands above them in a hierarchy.
    NumericGeneralizer : Replace numbers by the interval they lie in.

    Notes
    -----
    The period of 1990-05-03 at each level:

    =======  =========  ============  ========================
    level    ordinal    label         interval, closed left
    =======  =========  ============  ========================
    day      19900503   "1990-05-03"  [1990-05-03, 1990-05-04)
    week     199018     "1990-W18"    [1990-04-30, 1990-05-07)
    month    199005     "1990-05"     [1990-05-01, 1990-06-01)
    quarter  19902      "1990-Q2"     [1990-04-01, 1990-07-01)
    half     19901      "1990-H1"     [1990-01-01, 1990-07-01)
    year     1990       "1990"        [1990-01-01, 1991-01-01)
    5years   1990       "1990-1994"   [1990-01-01, 1995-01-01)
    decade   1990       "1990s"       [1990-01-01, 2000-01-01)
    century  1900       "1900-1999"   [1900-01-01, 2000-01-01)
    "*"      0          "*"           all
    =======  =========  ============  ========================

    A timestamp is the left end; moments count seconds and have no zone, and the ends
    are cut to 0001-01-01 and 9999-12-31T23:59:59. An ordinal is an int32, not evenly
    spaced below the year. In pandas an interval is an Interval, elsewhere a struct.

    Ages have the lowest age of their band as ordinal, labels such as "35", "35-39",
    "90+", and intervals, midpoints and bounds of float64. For the last two, the open
    band is as wide as its neighbour, and "*" is 0.

    The date that counts is the local one: of the zone of the column, or as the text
    has it. Each level is a coarsening of the finer ones, but a week may lie in two
    months or years. Those born on 29 February turn older on 1 March in common years.

    Numbers are taken for days, as in Arrow's date32 and in R: counts of anything
    smaller, and dates written 19900503, then lie outside the years 1 to 9999 and are
    refused instead of misread. Two-digit years, %y, go from 1969 to 2068.

    **Protects against** finding somebody by an exact date, the day or month of birth
    foremost; at most levels many people share a period.
    **Does not protect against** being the only one in a period, as the oldest often
    are, against dates left in other columns, or against the overlap of two levels: a
    week and a month of one date, say. Ordinals and timestamps show what labels show.
    **Remembers** of each column whether it held text, dates or numbers, and whether
    any was missing; no date.

    Examples
    --------
    >>> from skanon import DateGeneralizer
    >>> births = [["1990-05-03"], ["1931-11-30"], [None]]
    >>> DateGeneralizer(level="quarter", output="label").fit_transform(births)
    array([['1990-Q2'],
           ['1931-Q4'],
           [None]], dtype=object)
    >>> DateGeneralizer(reference_date="2026-01-01").fit_transform(births)
    array([[35.],
           [90.],
           [nan]])
    """

    _keeps_unused: ClassVar[bool] = True

    _parameter_constraints: ClassVar[dict[str, Any]] = {
        **ColumnwiseTransformer._parameter_constraints,
        "level": [StrOptions(dict.fromkeys(LEVELS).keys())],
        "output": [StrOptions(dict.fromkeys(OUTPUTS).keys())],
        "reference_date": [str, dt.date, np.datetime64, None],
        "top_age": [Interval(Integral, 1, None, closed="left"), None],
        "format": [str, None],
        "unit": [StrOptions(UNITS.keys()), None],
        "errors": [StrOptions({"raise", "coerce"})],
    }

    def __init__(
        self,
        *,
        level: str = "year",
        output: str = "ordinal",
        reference_date: str | dt.date | np.datetime64 | None = None,
        top_age: int | None = 90,
        format: str | None = None,
        unit: str | None = None,
        errors: str = "raise",
        columns: Sequence[str | int] | None = None,
    ) -> None:
        self.level = level
        self.output = output
        self.reference_date = reference_date
        self.top_age = top_age
        self.format = format
        self.unit = unit
        self.errors = errors
        self.columns = columns

    def _start_fit(self, names: list[str]) -> None:
        owner = type(self).__name__
        check_form(self.format, self.unit, owner)
        keys = ("format", "unit", "errors", "level", "output", "top_age")
        self._settled = {key: getattr(self, key) for key in keys}
        self.reference_date_ = None
        if self.reference_date is not None:
            check_ages(self.level, self.output, owner)
            self._reference_day = reference_day(self.reference_date, owner)
            self.reference_date_ = str(np.datetime64(self._reference_day, "D"))

    def _fit_column(
        self, column: pa.Array, name: str, weights: Weights
    ) -> dict[str, str | None]:
        values = column.dictionary if pa.types.is_dictionary(column.type) else column
        self._read_days(values.slice(0, 0), name)
        kind = date_kind(values.type) if values.null_count < len(values) else None
        if kind == "number" and self.unit is None and self.format is None:
            check_counts(values, name, type(self).__name__)
        return {"kind": kind}

    def _transform_column(
        self, column: pa.Array, name: str, state: dict[str, str | None]
    ) -> pa.Array:
        check_kind(column, name, state["kind"], type(self).__name__)
        days, settled = self._read_days(column, name), self._settled
        if self.reference_date_ is None:
            return period_column(days, settled["level"], settled["output"])
        days = born_by(days, self._reference_day, name, settled["errors"])
        return by_day(days, self._age_bands)

    def _suffixes(self) -> tuple[str, ...]:
        return ("_lower", "_upper") if self.output == "bounds" else ("",)

    def _makes_missing(self, state: Any) -> bool:
        return self.errors == "coerce"

    def _age_bands(self, births: Integers) -> pa.Array:
        how = (self._settled[key] for key in ("level", "top_age", "output"))
        return age_bands(births, self._reference_day, *how)

    def _read_days(self, column: pa.Array, name: str) -> pa.Array:
        return read_days(
            column,
            name=name,
            owner=type(self).__name__,
            **{key: self._settled[key] for key in ("format", "unit", "errors")},
        )
