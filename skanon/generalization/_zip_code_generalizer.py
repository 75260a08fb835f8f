"""US ZIP codes reduced to the areas that the Safe Harbor rule allows."""

from collections.abc import Sequence
from os import PathLike
from typing import Any, ClassVar

import pyarrow as pa
import pyarrow.compute as pc

from skanon._arrow import is_text, value_type
from skanon._base import ColumnwiseTransformer, Weights
from skanon._compat import StrOptions
from skanon._value_text import as_text, check_findable
from skanon.exceptions import UnknownValueError
from skanon.generalization._zip3_tables import (
    ZIP3_TABLES,
    Zip3Table,
    read_zip3_table,
)

__all__ = ["ZipCodeGeneralizer"]

#: A ZIP code, which may have lost up to two zeros in front, or a ZIP+4 code.
PATTERN = r"^\s*(?:(?P<short>[0-9]{3,5})(?:-[0-9]{4})?|(?P<long>[0-9]{5})[0-9]{4})\s*$"

#: What stands for all restricted areas.
RESTRICTED = "000"


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

    See Also
    --------
    HierarchyGeneralizer : Make codes of any kind coarser, digit by digit.
    DateGeneralizer : Do with dates and ages what Safe Harbor asks for.

    Notes
    -----
    ``"02139"``, ``"02139-4307"`` and ``"021394307"`` are ZIP codes; so are 2139 and
    ``"2139"``, which lost a zero in front. The guidance asks to use more current
    figures than those of 2000 where the Bureau of the Census has published them.

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
        self._areas, self._are_restricted = list(table.areas), table.are_restricted
        self.n_restricted_ = len(table.areas) if table.are_restricted else None

    def _fit_column(
        self, column: pa.Array, name: str, weights: Weights
    ) -> dict[str, str]:
        check_findable(column.type, name=name)
        auto = "label" if is_text(value_type(column.type)) else "ordinal"
        return {"output": auto if self.output == "auto" else self.output}

    def _transform_column(
        self, column: pa.Array, name: str, state: dict[str, str]
    ) -> pa.Array:
        encoded = column.dictionary_encode()
        areas = self._zip3(encoded.dictionary)
        if state["output"] == "ordinal":
            areas = areas.cast(pa.int32())
        out = areas.take(encoded.indices)
        n_unknown = out.null_count - encoded.null_count
        if n_unknown and self.handle_unknown == "error":
            raise UnknownValueError(
                f"Column {name!r} has {n_unknown} value(s) that are no ZIP code. "
                "Correct them, or make them missing with handle_unknown='suppress'."
            )
        return out

    def _makes_missing(self, state: Any) -> bool:
        return self.handle_unknown == "suppress"

    def _zip3(self, values: pa.Array) -> pa.Array:
        """Return the area of each value, missing if it is no ZIP code."""
        parts = pc.extract_regex(as_text(values), PATTERN)
        short, long = (pc.struct_field(parts, name) for name in ("short", "long"))
        code = pc.if_else(pc.equal(short, ""), long, short)
        area = pc.utf8_slice_codeunits(pc.utf8_lpad(code, 5, "0"), 0, 3)
        listed = pc.is_in(area, pa.array(self._areas, area.type))
        told = pc.invert(listed) if self._are_restricted else listed
        return pc.if_else(pc.or_(told, area.is_null()), area, RESTRICTED)


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
