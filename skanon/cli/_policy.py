"""A policy: what happens to each column of a table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from inspect import signature
from pathlib import Path
from typing import Any

from skanon import generalization, masking, perturbation, pseudonymization
from skanon._messages import MOST_NAMES, listed
from skanon._secrets import SecretKey
from skanon.cli._tables import CsvFormat
from skanon.exceptions import PolicyError

__all__ = ["TECHNIQUES", "Policy", "Step"]

#: The rooms whose estimators a policy may name.
ROOMS = (masking, pseudonymization, generalization, perturbation)

#: Each technique by its name.
TECHNIQUES: Mapping[str, type[Any]] = {
    name: getattr(room, name)
    for room in ROOMS
    for name in room.__all__
    if hasattr(getattr(room, name), "fit_transform")
}


@dataclass(frozen=True)
class Step:
    """One estimator and the columns that it works on.

    Attributes
    ----------
    where : str
        The table of the policy, for messages.
    columns : list of str
        Names of columns.
    technique : type
        The estimator's class.
    parameters : dict
        Its parameters, without the key.
    key : SecretKey or None
        The key, if it takes one and the policy has one.
    """

    where: str
    columns: list[str]
    technique: type[Any]
    parameters: dict[str, Any]
    key: SecretKey | None

    @property
    def takes_key(self) -> bool:
        """Whether the estimator has a parameter ``key``."""
        return "key" in signature(self.technique).parameters

    def make_estimator(self, run_key: SecretKey) -> Any:
        """Return the estimator; ``run_key`` is its key if the policy has none."""
        key = {"key": self.key or run_key} if self.takes_key else {}
        return self.technique(**self.parameters, **key)


@dataclass(frozen=True)
class Policy:
    """What happens to each column of a table.

    Attributes
    ----------
    path : Path
        The file it was read from.
    keep : list of str
        Columns that stay as they are.
    drop : list of str
        Columns that are not read.
    steps : list of Step
        What happens to the others.
    csv : CsvFormat
        How CSV files are written.
    """

    path: Path
    keep: list[str]
    drop: list[str]
    steps: list[Step]
    csv: CsvFormat

    def check_columns(self, names: Sequence[str]) -> None:
        """Raise unless the policy and the table name the same columns.

        Raises
        ------
        PolicyError
            If a column is missing in the table, or named nowhere in the policy.
        """
        treated = [name for step in self.steps for name in step.columns]
        named = [*self.keep, *self.drop, *treated]
        missing = [name for name in (*named, *self.csv.numbers) if name not in names]
        if not set(named) & set(names):
            raise PolicyError(
                f"Policy {str(self.path)!r} names {len(named)} columns, of which none "
                f"is among the {len(names)} of the table. Does the table's first line "
                f"name its columns, and is {self.csv.delimiter!r} its delimiter?"
            )
        unnamed = [name for name in names if name not in named]
        if missing:
            raise PolicyError(
                f"Policy {str(self.path)!r} names columns {listed(missing)}, which the "
                f"table does not have.{_those_left(unnamed, missing)}"
            )
        if unnamed:
            raise PolicyError(
                f"Policy {str(self.path)!r} says nothing about columns "
                f"{listed(unnamed)}. Give each a technique, or list it under 'keep' or "
                "'drop'."
            )


def _those_left(unnamed: Sequence[str], missing: Sequence[str]) -> str:
    """Return which columns may be meant by those that are missing, the likest first."""
    if not unnamed:
        return ""
    alike = [
        like
        for name in missing[:MOST_NAMES]
        for like in get_close_matches(name, unnamed, n=1)
    ]
    left = list(dict.fromkeys([*alike, *unnamed]))
    return f" The table's columns that the policy does not name are {listed(left)}."
