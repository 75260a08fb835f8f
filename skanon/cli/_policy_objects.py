"""Parameters of a policy that are objects: hierarchies.

A table with one entry, named for a class method of ``Hierarchy``, stands for what
that method returns: ``hierarchies = { prefix = { lengths = [3, 2] } }``. Paths are
those of the policy's folder.
"""

from collections.abc import Callable, Mapping, Sequence
from inspect import signature
from pathlib import Path
from typing import Any

from skanon._messages import lacks_and_names, listed
from skanon.exceptions import PolicyError
from skanon.hierarchies import Hierarchy

__all__ = ["MAKERS", "check_hierarchies", "made"]

#: What a table with one entry may be named for.
MAKERS: Mapping[str, Callable[..., Any]] = {
    "dates": Hierarchy.dates,
    "from_csv": Hierarchy.from_csv,
    "from_dict": Hierarchy.from_dict,
    "from_tree": Hierarchy.from_tree,
    "geo_grid": Hierarchy.geo_grid,
    "h3_cells": Hierarchy.h3_cells,
    "intervals": Hierarchy.intervals,
    "order": Hierarchy.order,
    "prefix": Hierarchy.prefix,
    "redaction": Hierarchy.redaction,
}


def made(value: Any, where: str, folder: Path) -> Any:
    """Return a parameter's value, with objects in place of the tables for them.

    Parameters
    ----------
    value : object
        What the TOML file says.
    where : str
        The table of the policy, for messages.
    folder : Path
        What paths are relative to.

    Returns
    -------
    object
        The value for the estimator.

    Raises
    ------
    PolicyError
        If a table lacks an argument or has one too many.
    """
    if not isinstance(value, dict):
        return value
    if len(value) == 1:
        ((name, arguments),) = value.items()
        if name in MAKERS and isinstance(arguments, dict):
            return _called(name, arguments, where, folder)
    return {name: made(inner, where, folder) for name, inner in value.items()}


def check_hierarchies(value: Any, columns: Sequence[str], where: str) -> None:
    """Raise PolicyError unless it is a hierarchy, or one for each of the columns."""
    if isinstance(value, Hierarchy):
        return
    is_table = isinstance(value, dict) and len(value) > 0
    if not is_table or not all(isinstance(v, Hierarchy) for v in value.values()):
        raise PolicyError(
            f"{where}: 'hierarchies' must say what makes a hierarchy, as in "
            'hierarchies = { from_csv = { path = "cities.csv" } }, or that for each of '
            "the columns, as in { city = { from_csv = … } }. A hierarchy is made by "
            f"{', '.join(MAKERS)}."
        )
    lacking = [name for name in columns if name not in value]
    others = [name for name in value if name not in columns]
    if lacking or others:
        raise PolicyError(
            f"{where}: 'hierarchies' {lacks_and_names(lacking, others)}, but it must "
            f"have an entry for each of the columns {listed(columns)}, and for no "
            "other."
        )


def _called(name: str, arguments: dict[str, Any], where: str, folder: Path) -> Any:
    maker = MAKERS[name]
    allowed = list(signature(maker).parameters)
    try:
        signature(maker).bind(**arguments)
    except TypeError:
        raise PolicyError(
            f"{where}: {name!r} is given {list(arguments)}; it takes {allowed}."
        ) from None
    if isinstance(arguments.get("path"), str):
        arguments = {**arguments, "path": folder / arguments["path"]}
    try:
        return maker(**arguments)
    except Exception as error:
        error.add_note(f"in {where} of the policy")
        raise
