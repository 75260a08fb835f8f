"""US ZIP codes reduced to the areas that the Safe Harbor rule allows."""

from collections.abc import Sequence
from os import PathLike
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from skanon._arrow import count_missing, is_text, text_of_bytes, type_name, value_type
from skanon._base import ColumnwiseTransformer, Weights
from skanon._compat import StrOptions
from skanon._intervals import is_numeric
from skanon._messages import warn_of_mistake
from skanon.exceptions import ColumnTypeError, UnknownValueError
from skanon.generalization._zip3_tables import (
    ZIP3_TABLES,
    Zip3Table,
    read_zip3_table,
)
from skanon.generalization._zip_codes import (
    N_AREAS,
    UNKNOWN,
    Areas,
    area_numbers,
)

__all__ = ["ZipCodeGeneralizer"]

#: The three digits of each area, and what stands for all restricted ones.
AREA_TEXTS = np.array([f"{area:03d}" for area in range(N_AREAS)], "S3")


class ZipCodeGeneralizer(ColumnwiseTransformer):
    """Reduce US ZIP codes to their first three digits, as Safe Harbor allows.

    The first three digits of areas in which at most 20,000 people live become
    ``"000"``. Which areas these are is said by a table, which has a name and can be
    replaced by a newer one.

    Parameters
    ----------
    zip3_table : str or path, default="census2000"
        "census2000": the 17 restricted areas by the census of 2000, from the guidance
        of the US Department of Health and Human Services of 26 November 2012. Or a
        CSV file: with the header ``zip3,population``, where areas of up to 20,000
        people and those not listed are restricted, or with the header ``zip3`` and
        the restricted areas alone.
    output : {"auto", "label", "ordinal"}, default="auto"
        Three digits as text, or the number that they make. "auto" is "label" for text
        and "ordinal" for numbers. Numbers are floats, unless ``handle_unknown="error"``
        keeps any from becoming missing.
    handle_unknown : {"suppress", "error"}, default="suppress"
        What to do with values that are no ZIP code: make them missing, or raise an
        error.
    columns : list of str or int, default=None
        The columns to work on; the others pass through. None takes all.

    Attributes
    ----------
    n_restricted_ : int or None
        The number of restricted areas, None if all that the table does not list are.
    columns_ : list
        Names of the columns worked on.
    n_features_in_ : int
        Number of columns seen during :meth:`fit`.
    feature_names_in_ : ndarray of shape (n_features_in_,)
        Their names, if X has names that are all text.

    Raises
    ------
    ColumnTypeError
        If a column is not one of text or numbers.
    FileNotFoundError
        If ``zip3_table`` is neither a known name nor a file.
    UnknownValueError
        If :meth:`fit` finds no ZIP code in a column of text; with
        ``handle_unknown="error"``, if any value is none.
    ValueError
        If the file has another form, or an area twice.

    Warns
    -----
    UserWarning
        If :meth:`fit` finds no ZIP code in a column of numbers.

    See Also
    --------
    HierarchyGeneralizer : Make codes of any kind coarser, digit by digit.
    DateGeneralizer : Do with dates and ages what Safe Harbor asks for.

    Notes
    -----
    ``"02139"``, ``"02139-4307"`` and ``"021394307"`` are ZIP codes; so are 2139 and
    ``"2139"``, which lost a zero in front. :meth:`fit` refuses a column of text that
    holds none, and warns of such a column of numbers. A categorical column gets the
    areas of its own categories, as nothing of the training table is remembered.

    The guidance asks to use more current figures than those of 2000 where the Bureau of
    the Census has published them.

    **Protects against** finding somebody by the neighbourhood, as far as 45 CFR
    164.514(b)(2)(i)(B) asks for it.
    **Does not protect against** finding somebody by the area together with other
    columns. The rule is about 18 kinds of identifiers; this is one of them.
    **Remembers** the table, nothing of the data.

    References
    ----------
    Guidance Regarding Methods for De-identification of Protected Health Information
    in Accordance with the HIPAA Privacy Rule. US Department of Health and Human
    Services, Office for Civil Rights (2012).

    Examples
    --------
    >>> from skanon import ZipCodeGeneralizer
    >>> zips = [["02139-4307"], ["03601"], ["unknown"]]
    >>> ZipCodeGeneralizer().fit_transform(zips)
    array([['021'],
           ['000'],
           [nan]], dtype=object)
    >>> ZipCodeGeneralizer().fit_transform([[2139], [94110]])
    array([[ 21.],
           [941.]])
    """

    _keeps_unused: ClassVar[bool] = True

    _parameter_constraints: ClassVar[dict[str, Any]] = {
        **ColumnwiseTransformer._parameter_constraints,
        "zip3_table": [str, PathLike],
        "output": [StrOptions({"auto", "label", "ordinal"})],
        "handle_unknown": [StrOptions({"suppress", "error"})],
    }

    def __init__(
        self,
        *,
        zip3_table: str | PathLike[str] = "census2000",
        output: str = "auto",
        handle_unknown: str = "suppress",
        columns: Sequence[str | int] | None = None,
    ) -> None:
        self.zip3_table = zip3_table
        self.output = output
        self.handle_unknown = handle_unknown
        self.columns = columns

    def _start_fit(self, names: list[str]) -> None:
        table = _table(self.zip3_table)
        self._told_areas = _told_areas(table)
        self.n_restricted_ = len(table.areas) if table.are_restricted else None

    def _fit_column(
        self, column: pa.Array, name: str, weights: Weights
    ) -> dict[str, str]:
        _check_type(column, name)
        if pa.types.is_dictionary(column.type):
            column = column.unique().dictionary_decode()
        n_unknown, n_values = _count_unknown(area_numbers(column), column)
        if self.handle_unknown == "error":
            _check_known(n_unknown, name)
        if n_unknown == n_values > 0:
            _say_that_none_is_known(column, name)
        auto = "label" if is_text(column.type) else "ordinal"
        output = auto if self.output == "auto" else self.output
        return {"output": output, "handle_unknown": self.handle_unknown}

    def _transform_column(
        self, column: pa.Array, name: str, state: dict[str, str]
    ) -> pa.Array:
        _check_type(column, name)
        areas = area_numbers(column)
        if state["handle_unknown"] == "error":
            _check_known(_count_unknown(areas, column)[0], name)
        unknown = areas == UNKNOWN
        missing = unknown if unknown.any() else None
        if state["output"] == "ordinal":
            return pa.array(self._told_areas.take(areas), mask=missing)
        digits = AREA_TEXTS.take(self._told_areas).take(areas).view(np.uint8)
        offsets = np.arange(0, len(digits) + 1, AREA_TEXTS.itemsize)
        return text_of_bytes(digits, offsets, missing)

    def _makes_missing(self, state: Any) -> bool:
        return self.handle_unknown == "suppress"


def _table(name: str | PathLike[str]) -> Zip3Table:
    if isinstance(name, str) and name in ZIP3_TABLES:
        return ZIP3_TABLES[name]
    try:
        return read_zip3_table(name)
    except FileNotFoundError:
        known = ", ".join(map(repr, ZIP3_TABLES))
        raise FileNotFoundError(
            f"zip3_table={str(name)!r} is neither a known table ({known}) nor a file."
        ) from None


def _told_areas(table: Zip3Table) -> npt.NDArray[np.int32]:
    """Return what is told of each area: its number or, if it is restricted, 0."""
    is_listed = np.isin(np.arange(N_AREAS), [int(area) for area in table.areas])
    is_told = is_listed != table.are_restricted
    told = np.where(is_told, np.arange(N_AREAS), 0)
    return np.append(told, 0).astype(np.int32)  # the last one is UNKNOWN


def _check_type(column: pa.Array, name: str) -> None:
    """Check that a column is one of text or numbers, or has no values."""
    kind = value_type(column.type)
    if not (is_text(kind) or is_numeric(kind) or pa.types.is_null(kind)):
        raise ColumnTypeError(
            f"Column {name!r} has Arrow type {type_name(kind)}; ZipCodeGeneralizer "
            "needs text or numbers. Convert it or leave it out."
        )


def _count_unknown(areas: Areas, column: pa.Array) -> tuple[int, int]:
    """Return how many values are no ZIP code, and how many there are at all."""
    n_missing = count_missing(column)
    n_unknown = int(np.count_nonzero(areas == UNKNOWN)) - n_missing
    return n_unknown, len(column) - n_missing


def _check_known(n_unknown: int, name: str) -> None:
    if n_unknown:
        raise UnknownValueError(
            f"Column {name!r} has {n_unknown} value(s) that are no ZIP code. "
            "Correct them, or make them missing with handle_unknown='suppress'."
        )


def _say_that_none_is_known(column: pa.Array, name: str) -> None:
    """Refuse text; of numbers warn, since scikit-learn's tools fit any."""
    message = f"Column {name!r} holds no ZIP code, so that all of it becomes missing."
    if is_text(column.type):
        raise UnknownValueError(f"{message} Choose another column.")
    warn_of_mistake(f"{message} Is it the right column?")
