"""The TOML file in which a policy is written.

.. code-block:: toml

    keep = ["diagnosis"]              # columns that stay as they are
    drop = ["ssn"]                    # columns that are not even read

    [key]                             # the key of all techniques that take one
    env = "SKANON_KEY"                # or: file = "skanon.key", beside the policy

    [columns.birth_date]              # one column
    technique = "DateGeneralizer"     # an estimator of skanon, and its parameters
    level = "year"

    [columns.zip_code]                # a hierarchy, by a class method of Hierarchy
    technique = "HierarchyGeneralizer"
    hierarchies = { prefix = { lengths = [3, 2] } }
    level = 1

    [[groups]]                        # some columns by one estimator
    columns = ["home_phone", "work_phone"]
    technique = "HashPseudonymizer"
    domain = "phone"
    key = { env = "PHONE_KEY" }       # a key of its own

    [csv]                             # how CSV files are written
    delimiter = ";"
    encoding = "latin-1"              # of the input; output is UTF-8
    missing = ["", "NA"]              # unquoted fields that mean: missing
    numbers = ["income"]              # all other columns are read as text

A column that is named nowhere is an error, and so is one that is named twice.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from inspect import signature
from pathlib import Path
from typing import Any

from skanon._secrets import SecretKey
from skanon.cli._policy import TECHNIQUES, Policy, Step
from skanon.cli._policy_objects import check_hierarchies, made
from skanon.cli._tables import CsvFormat
from skanon.exceptions import KeyTypeError, PolicyError

__all__ = ["read_policy"]

SECTIONS = ("keep", "drop", "key", "columns", "groups", "csv")

#: What stands in the table of a step beside the estimator's parameters.
STEP_WORDS = ("technique", "columns", "key")

CSV_WORDS = ("delimiter", "encoding", "missing", "numbers")


def read_policy(path: Path) -> Policy:
    """Read a policy and check it as far as that is possible without a table.

    Raises
    ------
    PolicyError
        If the file cannot be read, is malformed, names what skanon does not have,
        or names a column twice.
    """
    try:
        return _policy(path, _parsed(path))
    except PolicyError as error:
        raise PolicyError(f"Policy {str(path)!r}: {error}") from None


def _parsed(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise PolicyError(f"the file cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise PolicyError("the file is not UTF-8 text.") from None
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        # The message may quote the text, which may be a key; the place does not.
        place = re.search(r"at (line \d+, column \d+|end of document)", str(error))
        where = place[1] if place else "an unknown place"
        raise PolicyError(f"the file is not valid TOML; look at {where}.") from None


def _policy(path: Path, found: dict[str, Any]) -> Policy:
    _check_words(found, SECTIONS, "the file")
    key = _key(found["key"], path, "[key]") if "key" in found else None
    steps = [
        _step(table, where, names, path, key)
        for table, where, names in [*_single_columns(found), *_groups(found)]
    ]
    keep, drop = (_texts(found.get(word, []), word) for word in ("keep", "drop"))
    _check_once(
        [(keep, "keep"), (drop, "drop"), *((s.columns, s.where) for s in steps)]
    )
    if not steps and not keep:
        raise PolicyError("no column would be left; name some under [columns] or keep.")
    return Policy(path, keep, drop, steps, _csv(_table(found, "csv")))


def _single_columns(found: Mapping[str, Any]) -> list[tuple[Any, str, list[str]]]:
    columns = _table(found, "columns")
    for name, table in columns.items():
        if isinstance(table, dict) and "columns" in table:
            raise PolicyError(
                f"[columns.{name}] is about one column and has no 'columns'. For some "
                "columns at once write [[groups]]."
            )
    return [(table, f"[columns.{name}]", [name]) for name, table in columns.items()]


def _groups(found: Mapping[str, Any]) -> list[tuple[Any, str, list[str]]]:
    groups = found.get("groups", [])
    if not isinstance(groups, list):
        raise PolicyError("'groups' must be written as [[groups]].")
    steps = []
    for i, table in enumerate(groups, 1):
        where = f"[[groups]] number {i}"
        names = table.get("columns") if isinstance(table, dict) else None
        if not names:
            raise PolicyError(f"{where} must list its 'columns'.")
        steps.append((table, where, _texts(names, f"'columns' of {where}")))
    return steps


def _step(
    table: Any, where: str, columns: list[str], path: Path, key: SecretKey | None
) -> Step:
    technique = _technique(table, where)
    parameters = {
        name: made(value, where, path.parent)
        for name, value in table.items()
        if name not in STEP_WORDS
    }
    if "hierarchies" in parameters:
        check_hierarchies(parameters["hierarchies"], columns, where)
    allowed = [name for name in signature(technique).parameters if name != "columns"]
    unknown = [name for name in table if name not in (*STEP_WORDS, *allowed)]
    if "key" in table and "key" not in allowed:
        unknown.append("key")
    if unknown:
        moved = [name for name in unknown if name in ("keep", "drop")]
        hint = f" Put {moved} above the first table of the file." if moved else ""
        raise PolicyError(
            f"{where}: {technique.__name__} has no parameters {unknown}; it has "
            f"{allowed}.{hint}"
        )
    if "key" in table:
        key = _key(table["key"], path, where)
    return Step(
        where, columns, technique, parameters, key if "key" in allowed else None
    )


def _technique(table: Any, where: str) -> type[Any]:
    name = table.get("technique") if isinstance(table, dict) else None
    if not isinstance(name, str):
        raise PolicyError(
            f"{where} must name a 'technique', one of {sorted(TECHNIQUES)}. (A column "
            'name with a dot needs quotes: [columns."a.b"].)'
        )
    if name not in TECHNIQUES:
        raise PolicyError(
            f"{where}: there is no technique {name!r}; there are {sorted(TECHNIQUES)}."
        )
    return TECHNIQUES[name]


def _key(table: Any, path: Path, where: str) -> SecretKey:
    """Return the key that a policy refers to; what it wrote is never shown."""
    if not isinstance(table, dict) or sorted(table) not in (["env"], ["file"]):
        raise PolicyError(
            f'the key of {where} must be {{ env = "NAME" }} or {{ file = "PATH" }}. '
            "A policy never holds a key itself."
        )
    (kind, place), *_ = table.items()
    if not isinstance(place, str):
        raise PolicyError(f"{kind!r} in the key of {where} must be text.")
    if kind == "file":
        # A home folder is found when the key is read, and is in no other folder.
        in_home = place.startswith("~")
        return SecretKey.from_file(place if in_home else path.parent / place)
    try:
        return SecretKey.from_env(place)
    except KeyTypeError:
        raise PolicyError(
            f"'env' in the key of {where} must be the NAME of an environment variable, "
            "not the key itself."
        ) from None


def _csv(table: Mapping[str, Any]) -> CsvFormat:
    _check_words(table, CSV_WORDS, "[csv]")
    lists: dict[str, Any] = {
        word: _texts(table[word], f"{word!r} of [csv]")
        for word in ("missing", "numbers")
        if word in table
    }
    texts = {word: table[word] for word in ("delimiter", "encoding") if word in table}
    if not _is_delimiter(texts.get("delimiter", ",")):
        raise PolicyError(
            "'delimiter' of [csv] must be one character of ASCII, such as ';'."
        )
    try:
        "".encode(texts.get("encoding", "utf-8"))
    except (LookupError, TypeError, ValueError):
        raise PolicyError(
            "'encoding' of [csv] is unknown; an example is 'latin-1'."
        ) from None
    return CsvFormat(**texts, **lists)


def _is_delimiter(found: object) -> bool:
    if not isinstance(found, str) or len(found) != 1:
        return False
    return found.isascii() and found not in '"\r\n\0'


def _check_words(table: Mapping[str, Any], allowed: Sequence[str], where: str) -> None:
    unknown = [word for word in table if word not in allowed]
    if unknown:
        raise PolicyError(f"{where} has {unknown}, but may only have {list(allowed)}.")


def _check_once(named: Sequence[tuple[Sequence[str], str]]) -> None:
    places: dict[str, list[str]] = {}
    for columns, where in named:
        for name in columns:
            places.setdefault(name, []).append(where)
    for name, found in places.items():
        if len(found) > 1:
            raise PolicyError(
                f"column {name!r} is named {len(found)} times: {' and '.join(found)}."
            )


def _table(found: Mapping[str, Any], word: str) -> dict[str, Any]:
    table = found.get(word, {})
    if not isinstance(table, dict):
        raise PolicyError(f"{word!r} must be a table, written as [{word}].")
    return table


def _texts(values: Any, where: str) -> list[str]:
    if not isinstance(values, list) or not all(isinstance(v, str) for v in values):
        raise PolicyError(f"{where} must be a list of texts.")
    return values
