"""Three-digit ZIP code areas, and in which of them too few people live."""

from dataclasses import dataclass
from os import PathLike

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

__all__ = ["ZIP3_TABLES", "Zip3Table", "read_zip3_table"]

#: Areas of at most so many people must not be told (45 CFR 164.514(b)(2)(i)(B)).
MOST_PEOPLE = 20_000


@dataclass(frozen=True)
class Zip3Table:
    """Areas that must not be told, or the only ones that may be.

    Attributes
    ----------
    areas : tuple of str
        Three digits each.
    are_restricted : bool
        Whether these areas are restricted, or all others are.
    """

    areas: tuple[str, ...]
    are_restricted: bool


#: The restricted areas by the census they were counted in. Those of 2000 are the list
#: in the guidance on de-identification of the US Department of Health and Human
#: Services (26 November 2012).
ZIP3_TABLES = {
    "census2000": Zip3Table(
        (
            *("036", "059", "063", "102", "203", "556", "692", "790", "821"),
            *("823", "830", "831", "878", "879", "884", "890", "893"),
        ),
        are_restricted=True,
    ),
}


def read_zip3_table(path: str | PathLike[str]) -> Zip3Table:
    """Read a CSV file of areas.

    Parameters
    ----------
    path : str or path
        A file with the header ``zip3,population`` and a line for each area, or with
        the header ``zip3`` and a line for each restricted area.

    Raises
    ------
    ValueError
        If the file has another form, or an area twice.
    """
    try:
        text = pyarrow.csv.ConvertOptions(column_types={"zip3": pa.string()})
        table = pyarrow.csv.read_csv(path, convert_options=text)
    except pa.ArrowInvalid:
        raise _malformed(path) from None
    if table.column_names not in (["zip3"], ["zip3", "population"]):
        raise _malformed(path)
    areas = table["zip3"]
    if not pc.all(pc.match_substring_regex(areas, "^[0-9]{3}$")).as_py():
        raise _malformed(path)
    _check_once(areas, path)
    if table.num_columns == 1:
        return Zip3Table(tuple(areas.to_pylist()), are_restricted=True)
    if not pa.types.is_integer(table["population"].type):
        raise _malformed(path)
    large = areas.filter(pc.greater(table["population"], MOST_PEOPLE))
    return Zip3Table(tuple(large.to_pylist()), are_restricted=False)


def _check_once(areas: pa.ChunkedArray, path: str | PathLike[str]) -> None:
    """Check that no area is listed twice, with two populations perhaps."""
    numbers = areas.cast(pa.int32()).to_numpy()
    _, firsts = np.unique(numbers, return_index=True)
    is_again = np.ones(len(numbers), bool)
    is_again[firsts] = False
    if is_again.any():
        raise ValueError(
            f"The table of ZIP code areas {str(path)!r} lists an area again in data "
            f"row {np.argmax(is_again) + 1}. Leave one row for each area."
        )


def _malformed(path: str | PathLike[str]) -> ValueError:
    return ValueError(
        f"The table of ZIP code areas {str(path)!r} is not a CSV file with the header "
        "'zip3,population', three digits and a whole number on each line, or with the "
        "header 'zip3' and the restricted areas alone."
    )
